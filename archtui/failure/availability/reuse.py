"""Analysing again after an edit: what the edit cannot concern is kept.

A journey's figures hang on what its traces met, healthy and under every failure tried, on what
decided their steps and on what those refer to: its footprint. An edit that changes nothing of the
footprint, adds nothing that refers to it, and leaves the healthy trace as it was, leaves the figures
as they were. An availability that is written down, or a promise, changes figures and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from archtui.failure.availability.disruptions import Disruptions
from archtui.failure.availability.report import JourneyResilience, figures_of, figures_with
from archtui.failure.availability.structure import priced
from archtui.failure.observe import Observer, met_by
from archtui.failure.scenarios import regions_of, zones_of
from archtui.model.component import Component, Edge, Journey
from archtui.trace.result import Trace
from archtui.world.condition import HEALTHY
from archtui.world.world import World


@dataclass(frozen=True)
class Kept:
    """One journey's figures with what they hang on."""

    journey: Journey
    figures: JourneyResilience
    trace: Trace | None
    """The healthy trace."""
    footprint: frozenset[str]


@dataclass(frozen=True)
class Analysis:
    """The figures of every journey of one world, to be carried over to the next."""

    world: World
    order: int | None
    disruptions: bool
    kept: dict[str, Kept]
    """By journey, in the document's order."""
    observer: Observer = field(repr=False)
    reused: frozenset[str] = frozenset()
    """The journeys whose figures were carried over."""

    @property
    def journeys(self) -> tuple[JourneyResilience, ...]:
        """The figures in the document's order."""
        return tuple(item.figures for item in self.kept.values())

    @property
    def footprint(self) -> frozenset[str]:
        """What the journeys that have figures hang on in some way."""
        return frozenset().union(*(item.footprint for item in self.kept.values() if item.figures.structure is not None))


def analysis_of(
    world: World, before: Analysis | None = None, *, order: int | None = None, disruptions: bool = True
) -> Analysis:
    """Return the figures of ``world``, those of ``before`` kept where the change between the two leaves them alone."""
    observer = Observer(world)
    played = Disruptions(world, observer) if disruptions else None
    usable = before is not None and (before.order, before.disruptions) == (order, disruptions)
    concerned = _concerned(before.world, world) if usable and before is not None else None
    kept: dict[str, Kept] = {}
    reused: set[str] = set()
    for journey in world.blueprint.journeys:
        old = before.kept.get(journey.name) if before is not None else None
        if old is not None and concerned is not None and _asks(old.journey) == _asks(journey):
            trace = observer.trace(journey, HEALTHY) if concerned else old.trace
            if not concerned & old.footprint and trace == old.trace:
                kept[journey.name] = _priced(world, old, journey, order, played)
                reused.add(journey.name)
                continue
        trace = observer.trace(journey, HEALTHY)
        figures = figures_of(world, journey, order, observer, played)
        kept[journey.name] = Kept(journey, figures, trace, _footprint(world, journey, observer))
    return Analysis(world, order, disruptions, kept, observer, frozenset(reused))


def _asks(journey: Journey) -> Journey:
    """Return ``journey`` without what is promised of it, which changes nothing of what it hangs on."""
    return journey.model_copy(update={"slo": None, "rto": None, "rpo": None, "description": ""})


def _priced(world: World, old: Kept, journey: Journey, order: int | None, played: Disruptions | None) -> Kept:
    """Return what is kept of a journey, worked out anew where a figure or a promise has changed."""
    structure = old.figures.structure
    if structure is None:
        return replace(old, journey=journey)
    now = priced(world, structure)
    if now is structure and journey == old.journey:
        return old
    seconds = old.figures.disruptions
    if played is not None and journey != old.journey:
        seconds = played.of(journey, [item.event for item in now.priors])
    return replace(old, journey=journey, figures=figures_with(journey, now, order, seconds))


def _concerned(old: World, new: World) -> frozenset[str] | None:
    """Return what the difference of two worlds may concern; None: everything."""
    if zones_of(old) != zones_of(new) or regions_of(old) != regions_of(new):
        return None
    if any(old.blueprint.data.get(key) != new.blueprint.data.get(key) for key in ("region", "account")):
        return None
    found: set[str] = set()
    for name in (*old.components, *(name for name in new.components if name not in old.components)):
        was, is_ = old.components.get(name), new.components.get(name)
        if was is is_ or was == is_ or (was is not None and is_ is not None and _silent(was, is_)):
            continue
        found.add(name)
        same = frozenset(was.edges) & frozenset(is_.edges) if was is not None and is_ is not None else frozenset()
        for world, component in ((old, was), (new, is_)):
            if component is not None:
                found.update(_touched(world, component, same))
    for link in set(old.links) ^ set(new.links):
        found.update((link.source, link.target))
    return frozenset(found)


def _silent(was: Component, is_: Component) -> bool:
    """Whether two states of a component differ in nothing that a request could notice: a name, an availability."""
    unheard = {"label": "", "availability": None}
    return was.kind is is_.kind and was.properties.model_copy(update=unheard) == is_.properties.model_copy(
        update=unheard
    )


def _touched(world: World, component: Component, same: frozenset[Edge]) -> Iterator[str]:
    """Yield what ``component`` refers to and did not or will not; that it is put into a place concerns no place.

    What changes the way through a place is seen in the healthy trace.
    """
    place = world.placement(component.id)
    around = {place.vpc, *place.subnets}
    for edge in component.edges:
        target = world.components.get(edge.target)
        inside = edge.role == "in" and edge.target in around and target is not None and target.kind.container
        if edge not in same and not inside:
            yield edge.target


def _footprint(world: World, journey: Journey, observer: Observer) -> frozenset[str]:
    """Return what the traces of ``journey`` met, what decided their steps, and all that those refer to."""
    todo = {journey.source, journey.to or "", journey.reaches or ""}
    for trace in observer.traces(journey):
        todo |= met_by(trace)
        for stage in trace.root.different_stages():
            steps = (step for hop in (*stage.forward, *stage.back) for step in hop.steps)
            todo.update(step.decided_by.component for step in steps if step.decided_by)
    found: set[str] = set()
    while todo:
        name = todo.pop()
        if name in found or name not in world.components:
            continue
        found.add(name)
        todo.update(edge.target for edge in world.components[name].edges)
    return frozenset(found)
