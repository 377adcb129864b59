"""Single points of failure: what a journey cannot do without.

A journey's healthy trace is a tree: calls follow each other (all are needed, unless soft), and each
call goes one of several ways (any will do); where the goal lies in what the request sets off, that is
needed too. From it a graph is made in which every way from the
start to the end is one way to serve the request; what dominates the end is on all of them. That is
necessary but not enough: a standby or another zone may take over. So each candidate is taken away
and the request traced again, with everything come to rest that recovers by itself; it is a single
point of failure if the journey is down then. Zones and regions are tried the same way.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from archtui.failure.dominators import dominators_of, immediate_dominators
from archtui.failure.goal import Asked, Goal, Requirement
from archtui.failure.interface import Fails
from archtui.failure.needs import failing_with
from archtui.failure.observe import Observer
from archtui.failure.report import Sight, Status
from archtui.failure.scenarios import regions_of, zones_of
from archtui.failure.timeline import at_moment
from archtui.model.component import Journey, Json
from archtui.trace.result import Stage
from archtui.world.condition import HEALTHY, Condition
from archtui.world.world import World

Level = Literal["component", "zone", "region"]


@dataclass(frozen=True, slots=True)
class SinglePoint:
    """Something without which a journey is down, and stays so until someone acts."""

    component: str
    """The component, or ``az:ZONE`` or ``region:REGION``: a target for :func:`archtui.failure.analyse`."""
    level: Level
    managed: bool
    """Whether AWS runs it redundantly over its zones: it is one thing, but not one machine."""
    why: str
    chain: tuple[str, ...]
    """What every way goes through, from the start to this component; empty for zones and regions."""

    def to_json(self) -> dict[str, Json]:
        """Return the point as plain data."""
        return {
            "id": self.component,
            "level": self.level,
            "managed": self.managed,
            "why": self.why,
            "chain": list(self.chain),
        }


def single_points(world: World, journey: Journey, observer: Observer | None = None) -> tuple[SinglePoint, ...]:
    """Return the single points of failure of ``journey``, in the order a request meets them, then zones and regions.

    A journey that is to be blocked, or does not hold with nothing broken, has none.
    """
    look = observer or Observer(world)
    trace = look.trace(journey, HEALTHY)
    if trace is None or journey.blocked or look.sight(journey, HEALTHY).status in (Status.DOWN, Status.UNKNOWN):
        return ()
    forced = common_way(trace.root, world, Goal(look.goal(journey, HEALTHY)))
    found: list[SinglePoint] = []
    for position, name in enumerate(forced):
        component = world.components.get(name)
        fails = component.kind.behaviour(Fails) if component else None
        if component is None or fails is None:
            continue
        if without(look, journey, Condition(down=frozenset({name}))).status is Status.DOWN:
            found.append(
                SinglePoint(name, "component", fails.managed, _why(world, name, fails), forced[: position + 1])
            )
    for zone in zones_of(world):
        sight = without(look, journey, Condition(zones=frozenset({zone})))
        if sight.status is Status.DOWN:
            why = f"Without availability zone {zone} the journey is down: {sight.why}"
            found.append(SinglePoint(f"az:{zone}", "zone", False, why, ()))
    for region in regions_of(world):
        sight = without(look, journey, Condition(regions=frozenset({region})))
        if sight.status is Status.DOWN:
            why = f"Without region {region} the journey is down: {sight.why}"
            found.append(SinglePoint(f"region:{region}", "region", False, why, ()))
    return tuple(found)


def without(observer: Observer, journey: Journey, condition: Condition) -> Sight:
    """Return how ``journey`` is under ``condition`` when all that recovers by itself has done so."""
    return observer.sight(journey, at_moment(condition, observer.plan(condition).at_rest))


def design_single_points(world: World) -> dict[str, tuple[SinglePoint, ...]]:
    """Return the single points of failure of every journey by its name."""
    observer = Observer(world)
    return {journey.name: single_points(world, journey, observer) for journey in world.blueprint.journeys}


def _why(world: World, name: str, fails: Fails) -> str:
    title = world.components[name].kind.title
    if not fails.managed:
        return f"Every request needs {name} ({title}) and nothing takes its place."
    zones = world.placement(name).zones
    where = f" in {len(zones)} zones" if len(zones) > 1 else ""
    return f"Every request needs {name} ({title}); AWS runs it redundantly{where}, so it is not one machine."


def common_way(root: Stage, world: World, goal: Goal) -> tuple[str, ...]:
    """Return what every request below ``root`` that succeeds and meets ``goal`` cannot do without, in order, once each.

    That is what it visits and can fail by itself, with what fails together with that
    (:func:`archtui.failure.needs.failing_with`).
    """
    graph = _Graph(world, goal)
    end = graph.stage(root, 0, wanted=True)
    chain = dominators_of(end, immediate_dominators(graph.successors))
    return tuple(dict.fromkeys(graph.names[node] for node in chain if graph.names[node]))


class _Graph:
    """The ways of a trace as a graph; a node is one visit to a component, or a nameless junction."""

    def __init__(self, world: World, goal: Goal) -> None:
        self.world = world
        self.goal = goal
        self.names = [""]
        self.successors: list[list[int]] = [[]]
        self._needed: dict[tuple[int, bool], frozenset[str]] = {}

    def add(self, name: str, *before: int) -> int:
        self.names.append(name)
        self.successors.append([])
        node = len(self.names) - 1
        for earlier in before:
            self.successors[earlier].append(node)
        return node

    def line(self, names: Sequence[str], start: int) -> int:
        for name in names:
            start = self.add(name, start)
        return start

    def visits(self, stage: Stage, forward: bool) -> list[str]:
        """Return what a stage visits that can fail, with what that depends on."""
        names = [hop.component for hop in (stage.forward if forward else stage.back)]
        if forward and stage.at:
            names.append(stage.at)
        return list(dict.fromkeys(found for name in names for found in failing_with(self.world, name)))

    def stage(self, stage: Stage, start: int, wanted: bool) -> int:
        """Add the ways of ``stage`` after ``start``, if ``wanted`` those to the goal, and return where they end."""
        here = self.line(self.visits(stage, forward=True), start)
        for alternatives in self.goal.needed_by(stage, wanted):
            here = self.side_by_side(alternatives, here)
        return self.line(self.visits(stage, forward=False), here)

    def side_by_side(self, alternatives: Requirement, start: int) -> int:
        """Add calls of which one alternative is enough, and their ways, of which one is.

        What all of them visit stands before they part: visits to one component in several ways are
        several nodes, of which none would dominate.
        """
        if len(alternatives) == 1:
            for call in alternatives[0]:
                start = self.call(call, start)
            return start
        shared = frozenset.intersection(*(self.needed_by_all(calls) for calls in alternatives))
        start = self.line(sorted(shared), start)
        ends = []
        for calls in alternatives:
            here = start
            for call in calls:
                here = self.call(call, here)
            ends.append(here)
        return self.add("", *ends)

    def call(self, call: Asked, start: int) -> int:
        """Add the ways of a call after ``start``."""
        stages, left = self.goal.ways(*call)
        if len(stages) == 1:
            return self.stage(stages[0], start, left)
        shared = self.needed_by_all([call])
        if shared:
            start = self.line([name for name in self.in_order(stages[0]) if name in shared], start)
        return self.add("", *(self.stage(stage, start, left) for stage in stages)) if stages else start

    def needed_by_all(self, calls: Iterable[Asked]) -> frozenset[str]:
        """Return what every way of one of ``calls`` visits, whichever ways are taken."""
        found: frozenset[str] = frozenset()
        for call in calls:
            stages, left = self.goal.ways(*call)
            if stages:
                found |= frozenset.intersection(*(self.needed(stage, left) for stage in stages))
        return found

    def needed(self, stage: Stage, wanted: bool) -> frozenset[str]:
        """Return what every succeeding way from ``stage`` on visits."""
        key = (id(stage), wanted)
        if key not in self._needed:
            found = frozenset((*self.visits(stage, forward=True), *self.visits(stage, forward=False)))
            for alternatives in self.goal.needed_by(stage, wanted):
                found |= frozenset.intersection(*map(self.needed_by_all, alternatives))
            self._needed[key] = found
        return self._needed[key]

    def in_order(self, stage: Stage) -> list[str]:
        """Return what requests from ``stage`` on visit, there first, once each."""
        stages = list(_all_below(stage))
        return list(dict.fromkeys(name for way in (True, False) for each in stages for name in self.visits(each, way)))


def _all_below(stage: Stage) -> Iterator[Stage]:
    """Yield ``stage`` and all that carry traffic below it, once each."""
    seen: set[int] = set()
    todo = [stage]
    while todo:
        here = todo.pop()
        if id(here) not in seen:
            seen.add(id(here))
            yield here
            todo += [way.stage for made in reversed(here.calls) for way in reversed(made.ways) if way.weight > 0]
