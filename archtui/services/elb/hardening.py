"""What makes balancers and their targets fail less, or a dead target be noticed sooner."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from archtui.failure.interface import properties_as
from archtui.failure.remedies.interface import Cost, Hardens, Remedy
from archtui.model.component import Component, Json
from archtui.model.edits import Edit, set_property
from archtui.services.elb.edits import register_twin
from archtui.services.elb.properties import (
    LoadBalancerProperties,
    NetworkLoadBalancerProperties,
    TargetGroupProperties,
)
from archtui.services.lookups import zones_of
from archtui.services.spread import add_zone
from archtui.world.world import World

_FAST_INTERVAL = 10.0
"""Seconds between checks that still leave a target time for a pause; AWS allows 5 to 300."""


class BalancerHardens(Hardens):
    """A node in one more zone; targets of all zones."""

    def remedies(self, component: Component, world: World) -> tuple[Remedy, ...]:
        return tuple(self._remedies(component, world))

    @staticmethod
    def _remedies(component: Component, world: World) -> Iterator[Remedy]:
        balancer = properties_as(component, LoadBalancerProperties)
        if len(zones_of(world, balancer.subnets)) < 2:
            why = "A balancer has a node in each of its zones; with two, it outlives the loss of one."
            for edit in add_zone(world, component.id, balancer.subnets):
                yield Remedy("elb.zone", component.id, edit, Cost.LOW, why)
        crosses = balancer.cross_zone
        if crosses is None:
            crosses = not isinstance(balancer, NetworkLoadBalancerProperties)
        if not crosses:
            edit = set_property(component.id, ("cross_zone",), True)
            why = "Each node sends to the targets of all zones, so a zone without healthy targets still answers."
            yield Remedy("elb.cross_zone", component.id, edit, Cost.NONE, why)


class TargetGroupHardens(Hardens):
    """Another target in another zone; a health check, and a quick one."""

    def remedies(self, component: Component, world: World) -> tuple[Remedy, ...]:
        return tuple(self._remedies(component, world))

    @staticmethod
    def _remedies(component: Component, world: World) -> Iterator[Remedy]:
        group = properties_as(component, TargetGroupProperties)
        sole = len(zones_of(world, (target.id for target in group.targets if target.id in world.components))) < 2
        for target in group.targets[:1] if sole else ():
            why = "With another server in another zone, requests go on when one of them or its zone is lost."
            for edit in register_twin(world, component.id, target.id):
                yield Remedy("target_group.twin", component.id, edit, Cost.MEDIUM, why)
        check = group.health_check
        if not check.enabled and group.target_type == "lambda":
            return
        if not check.enabled:
            edit = _checked(world, component.id, f"switch the health check of {component.id} on", enabled=True)
            why = "Only a health check takes a dead target out of rotation."
            yield Remedy("target_group.health_check", component.id, edit, Cost.NONE, why)
        elif check.interval * check.unhealthy_threshold > _FAST_INTERVAL * 2:
            label = f"check the targets of {component.id} every {_FAST_INTERVAL:g} s"
            faster: dict[str, Json] = {"interval": f"{_FAST_INTERVAL:g}s"}
            if check.unhealthy_threshold > 2:
                faster["unhealthy_threshold"] = 2
            edit = _checked(world, component.id, label, **faster)
            why = "A dead target leaves the rotation after interval times threshold; until then it gets its share."
            yield Remedy("target_group.fast_check", component.id, edit, Cost.NONE, why)


def _checked(world: World, group: str, label: str, **settings: Json) -> Edit:
    """Return the edit that changes ``settings`` of a group's health check."""
    written = world.blueprint.components[group].raw.get("health_check")
    check = (written if isinstance(written, dict) else {}) | settings
    return replace(set_property(group, ("health_check",), check), label=label)
