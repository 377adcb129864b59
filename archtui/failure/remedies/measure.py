"""How well a design does, journey by journey: what remedies are compared by."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from archtui.failure.analysis import Run
from archtui.failure.availability.reuse import Analysis, analysis_of
from archtui.failure.goal import EXACT
from archtui.failure.interface import Fails
from archtui.failure.report import Status
from archtui.failure.scenarios import zones_of
from archtui.model.component import Journey
from archtui.world.condition import HEALTHY, Condition, condition_for
from archtui.world.world import World

HOUR = 3600.0
"""Seconds after a failure that are looked at."""


@dataclass(frozen=True, slots=True)
class Measure:
    """How one journey does."""

    status: Status
    """With nothing broken."""
    unavailability: float | None
    """The share of time in which it is down and does not come back by itself; None: not known, or it has none."""
    lost: float
    """Seconds' worth of requests that fail in the first hour, over all single failures of a machine or a zone."""

    def worse_than(self, other: Measure) -> bool:
        """Whether the journey holds worse, or is available less."""
        if other.status is Status.UP and self.status is not Status.UP:
            return True
        if other.unavailability is None:
            return False
        return self.unavailability is None or self.unavailability > other.unavailability * (1 + EXACT)


@dataclass(frozen=True)
class Measured:
    """A design with the measure of each of its journeys by name."""

    analysis: Analysis
    journeys: dict[str, Measure]

    @property
    def world(self) -> World:
        """The design."""
        return self.analysis.world


def measured(world: World, before: Measured | None = None, made: Analysis | None = None) -> Measured:
    """Return how the journeys of ``world`` do; what an edit since ``before`` leaves alone is not done again.

    ``made`` is the analysis of ``world``, where there is one.
    """
    analysis = made or analysis_of(world, before.analysis if before else None, disruptions=False)
    found = {
        journey.name: before.journeys[journey.name]
        if before is not None and journey.name in analysis.reused
        else _measure(analysis, journey)
        for journey in world.blueprint.journeys
    }
    return Measured(analysis, found)


def _measure(analysis: Analysis, journey: Journey) -> Measure:
    figures = analysis.kept[journey.name].figures
    status = analysis.observer.sight(journey, HEALTHY).status
    lost = sum(_lost(analysis, journey, condition) for condition in _failures(analysis, journey))
    return Measure(status, figures.unavailability, lost)


def _failures(analysis: Analysis, journey: Journey) -> Iterator[Condition]:
    """Yield every single failure of a zone, and of a machine that the journey hangs on."""
    figures, world = analysis.kept[journey.name].figures, analysis.world
    if figures.structure is None:
        return
    for zone in zones_of(world):
        yield Condition(zones=frozenset({zone}))
    for item in figures.assumptions:
        component = world.components.get(item.event)
        fails = component.kind.behaviour(Fails) if component else None
        if fails is not None and not fails.managed:
            yield condition_for(world, (item.event,))


def _lost(analysis: Analysis, journey: Journey, condition: Condition) -> float:
    run = Run(analysis.observer, journey, condition, analysis.observer.plan(condition))
    course = [*run.latest, (HOUR, run.latest[-1][1])]
    return sum(
        max(0.0, run.before.share - sight.share) * max(0.0, min(end, HOUR) - start)
        for (start, sight), (end, _) in pairwise(course)
    )
