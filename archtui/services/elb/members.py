"""Who is registered in a target group, and where each target is."""

from __future__ import annotations

from dataclasses import dataclass

from archtui.model.component import Component
from archtui.network.addresses import is_address
from archtui.services.elb.properties import Target, TargetGroupProperties, TargetType
from archtui.services.elb.registration import target_refusal
from archtui.trace.interface import HasMembers, Registers, Walk
from archtui.trace.message import Endpoint

DEFAULT_PORTS = {"HTTP": 80, "HTTPS": 443}


@dataclass(frozen=True)
class Member:
    """One target as the balancer sees it: where it is, on which port, and how it is registered."""

    endpoint: Endpoint
    port: int
    target: Target | None
    """None: an Auto Scaling group registered it."""
    path: tuple[str | int, ...]

    @property
    def label(self) -> str:
        """The member as a person reads it: ``web-1 (10.0.10.4):8080``."""
        return f"{self.endpoint}:{self.port}" if self.endpoint.address else str(self.endpoint)


def group_properties(group: Component) -> TargetGroupProperties:
    """Return the properties of a target group."""
    if not isinstance(group.properties, TargetGroupProperties):
        raise TypeError(f"{group.id} is no target group")
    return group.properties


def group_port(properties: TargetGroupProperties) -> int:
    """Return the port of targets that name none."""
    return properties.port or DEFAULT_PORTS.get(properties.protocol, 80)


def members(group: Component, near: Endpoint, walk: Walk) -> tuple[Member, ...]:
    """Return the registered targets with their addresses, in the order of registration; not what AWS refuses."""
    properties = group_properties(group)
    port = group_port(properties)
    found: dict[tuple[str, str, int], Member] = {}
    for index, target in enumerate(properties.targets):
        if target_refusal(group, target.id, walk.world):
            continue
        for endpoint in _endpoints(target.id, properties.target_type, near, walk):
            member = Member(endpoint, target.port or port, target, ("targets", index))
            found.setdefault((endpoint.component, endpoint.address, member.port), member)
    for edge in walk.world.referrers(group.id):
        owner = walk.world.components[edge.source]
        registers = owner.kind.behaviour(Registers)
        refused = target_refusal(group, owner.id, walk.world)
        if registers and group.id in registers.registers_in(owner) and not refused:
            for endpoint in _endpoints(owner.id, properties.target_type, near, walk):
                found.setdefault((endpoint.component, endpoint.address, port), Member(endpoint, port, None, ()))
    return tuple(found.values())


def _endpoints(target: str, kind: TargetType, near: Endpoint, walk: Walk) -> tuple[Endpoint, ...]:
    if is_address(target):
        return (walk.owner(target, near),)
    component = walk.world.components.get(target)
    if component is None:
        return ()
    if kind == "lambda":
        return (Endpoint(component.id),)
    if kind == "alb":
        return walk.interfaces(target)
    several = component.kind.behaviour(HasMembers)
    return several.members(component, walk) if several else walk.interfaces(target)[:1]
