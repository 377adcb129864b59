"""Analysing again after an edit: what the edit cannot concern is kept.

A journey's figures hang on what its traces met, healthy and under every failure tried, on what
decided their steps and on what those refer to: its footprint. An edit that changes nothing of the
footprint, adds nothing that refers to it, and leaves the healthy trace as it was, leaves the figures
as they were.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from archtui.failure.availability.disruptions import Disruptions
from archtui.failure.availability.report import JourneyResilience, figures_of
from archtui.failure.observe import Observer, met_by
from archtui.failure.scenarios import regions_of, zones_of
from archtui.model.component import Component, Journey
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
        trace = observer.trace(journey, HEALTHY)
        if old is not None and old.journey == journey and _still_holds(old, concerned, trace):
            kept[journey.name] = old
            reused.add(journey.name)
            continue
        figures = figures_of(world, journey, order, observer, played)
        kept[journey.name] = Kept(journey, figures, trace, _footprint(world, journey, observer))
    return Analysis(world, order, disruptions, kept, observer, frozenset(reused))


def _still_holds(old: Kept, concerned: frozenset[str] | None, trace: Trace | None) -> bool:
    return concerned is not None and not concerned & old.footprint and trace == old.trace


def _concerned(old: World, new: World) -> frozenset[str] | None:
    """Return what the difference of two worlds may concern; None: everything."""
    if zones_of(old) != zones_of(new) or regions_of(old) != regions_of(new):
        return None
    found: set[str] = set()
    for name in (*old.components, *(name for name in new.components if name not in old.components)):
        was, is_ = old.components.get(name), new.components.get(name)
        if was is is_ or was == is_:
            continue
        found.add(name)
        for world, component in ((old, was), (new, is_)):
            if component is not None:
                found.update(_touched(world, component, stays=was is not None and is_ is not None))
    for link in set(old.links) ^ set(new.links):
        found.update((link.source, link.target))
    return frozenset(found)


def _touched(world: World, component: Component, stays: bool) -> Iterator[str]:
    """Yield what ``component`` refers to: what stays where it is concerns no place that it is in."""
    for edge in component.edges:
        target = world.components.get(edge.target)
        if target is None or not (stays and target.kind.container):
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
