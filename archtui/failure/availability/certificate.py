"""What one trace that gets through relies on: as long as what it met works, the journey works."""

from __future__ import annotations

from collections.abc import Iterator

from archtui.failure.availability.priors import CONTROL_PLANE, TAKEOVER
from archtui.failure.availability.voids import Events, Void, all_of_these, one_of
from archtui.failure.goal import Goal
from archtui.failure.interface import Fails
from archtui.failure.needs import can_fail, failing_with
from archtui.failure.observe import Observer
from archtui.trace.result import Made, Stage
from archtui.world.condition import Condition


class Certificate:
    """What one trace relies on."""

    def __init__(self, observer: Observer, goal: frozenset[str], condition: Condition, broken: Events) -> None:
        self.observer = observer
        self.world = observer.world
        self.goal = Goal(goal)
        self.broken = broken
        self.condition = condition
        self.events: dict[str, None] = {}
        self._parts: dict[str, tuple[str, ...]] = {}
        self._voided: dict[tuple[int, bool], Void] = {}
        self._recovered = self._what_recovered()

    def _what_recovered(self) -> frozenset[str]:
        """Return the components that work only because something took their place."""
        plan = self.observer.plan(self.condition)
        return frozenset(
            item.component
            for item in plan.mechanisms
            if item.restores
            and item.id in self.condition.recovered
            and (fails := self.world.components[item.component].kind.behaviour(Fails)) is not None
            and (item.component in self.condition.down or fails.pair_level(self.world.components[item.component]))
        )

    def relied_on(self, root: Stage) -> Void:
        """Return what would void the certificate of a whole trace: its ways, and what its recovery needed."""
        planes = dict.fromkeys(
            f"{CONTROL_PLANE}{plane}"
            for item in self.observer.plan(self.condition).mechanisms
            if item.id in self.condition.recovered
            for plane in item.control_planes
            if f"{CONTROL_PLANE}{plane}" not in self.broken
        )
        found = one_of((self.voided(root), Void(frozenset(planes))))
        self.events.update(planes)
        return found

    def voided(self, stage: Stage, wanted: bool = True) -> Void:
        """Return what would stop requests from ``stage`` on, on all ways that this trace shows to work.

        ``wanted``: also what would keep them from the goal.
        """
        key = (id(stage), wanted)
        if key not in self._voided:
            names = [hop.component for hop in (*stage.forward, *stage.back)]
            events = frozenset(event for name in dict.fromkeys((*names, stage.at)) for event in self._events_of(name))
            parts = [Void(events)]
            for alternatives in self.goal.needed_by(stage, wanted):
                parts.append(all_of_these(one_of(self._stopped(*call) for call in calls) for calls in alternatives))
            self._voided[key] = one_of(parts)
        return self._voided[key]

    def _stopped(self, made: Made, wanted: bool) -> Void:
        """Return what would stop every way of a call."""
        stages, left = self.goal.ways(made, wanted)
        return all_of_these(self.voided(stage, left) for stage in stages)

    def _events_of(self, name: str) -> tuple[str, ...]:
        if name not in self._parts:
            found = tuple(event for event in dict.fromkeys(self._needs(name)) if event not in self.broken)
            self._parts[name] = found
            self.events.update(dict.fromkeys(found))
        return self._parts[name]

    def _needs(self, name: str) -> Iterator[str]:
        component = self.world.components.get(name)
        if component is None:
            return
        if can_fail(self.world, name):
            yield from failing_with(self.world, name)
            if name in self._recovered:
                yield name + TAKEOVER
        if component.kind.scope in ("global", "edge", "on_prem"):
            return
        place = self.world.placement(name)
        if len(place.zones) == 1:
            yield f"az:{place.zones[0]}"
        if place.region:
            yield f"region:{place.region}"
