"""What makes clients leave a dead endpoint, and sooner."""

from __future__ import annotations

from collections.abc import Iterator

from archtui.failure.interface import properties_as
from archtui.failure.remedies.interface import Cost, Hardens, Remedy
from archtui.model.component import Component
from archtui.model.edits import set_property
from archtui.services.route53.edits import watch
from archtui.services.route53.lookups import ttl_of
from archtui.services.route53.properties import HealthCheckProperties, RecordProperties
from archtui.world.world import World

_SHORT = 60
"""Seconds: the TTL that Route 53 recommends for records with a health check (guide: failover records)."""


class RecordHardens(Hardens):
    """A health check and a short TTL, where another record could answer."""

    def remedies(self, component: Component, world: World) -> tuple[Remedy, ...]:
        return tuple(self._remedies(component, world))

    @staticmethod
    def _remedies(component: Component, world: World) -> Iterator[Remedy]:
        record = properties_as(component, RecordProperties)
        if record.policy == "simple":
            return
        if record.health_check is None and not (record.alias and record.evaluate_target_health):
            why = "Route 53 leaves a record out of its answers only when it can tell that what it names is down."
            for edit in watch(world, component.id):
                yield Remedy("route53.health_check", component.id, edit, Cost.LOW, why)
        if record.alias is None and ttl_of(record) > _SHORT:
            edit = set_property(component.id, ("ttl",), _SHORT)
            why = "Clients keep an answer for its TTL; with a shorter one they move sooner."
            yield Remedy("route53.ttl", component.id, edit, Cost.NONE, why)


class HealthCheckHardens(Hardens):
    """Fast checks: every 10 seconds instead of every 30."""

    def remedies(self, component: Component, world: World) -> tuple[Remedy, ...]:
        check = properties_as(component, HealthCheckProperties)
        if check.interval <= 10 or check.children:
            return ()
        edit = set_property(component.id, ("interval",), 10)
        why = "Fast checks (every 10 s) find a dead endpoint in a third of the time."
        return (Remedy("route53.fast_check", component.id, edit, Cost.LOW, why),)
