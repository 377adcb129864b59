"""What tasks and pods have in common: their properties, where they are started, what they register.

A service keeps equal members running. A member has an interface and an address of its own (``awsvpc`` tasks, pods),
or it shares its host's and publishes ports there (``bridge`` and ``host`` tasks, node ports).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, TypeAlias

from pydantic import BeforeValidator, Field

from archtui.model.component import Component, Json
from archtui.model.fields import Duration, Part, Port, Properties, Reference
from archtui.services.ec2.properties import AutoScalingGroupProperties, Ec2InstanceProperties, Service
from archtui.services.members import MemberProperties, SuppliesTargets
from archtui.services.references import SecurityGroupRef, SubnetIn, TargetGroupTarget
from archtui.services.vpc.defaults import places
from archtui.world.expand import Draft

MemberRef = Annotated[str, Reference(("ecs_task", "k8s_pod"), "uses")]
DYNAMIC_PORTS = range(32768, 61000)
"""Where Docker takes host ports from (Amazon ECS Developer Guide, "Port mappings": the default ephemeral range)."""


class PublishedPort(Part):
    """A port of the host that leads to a port of the container."""

    host_port: Port
    """The port of the host."""
    port: Port
    """The port of the container."""


class ContainerProperties(MemberProperties):
    """One running copy: a task or a pod."""

    published: tuple[PublishedPort, ...] = ()
    """The ports of its host that lead to it."""
    listens: tuple[Service, ...] | None = None
    """The programs in it; left out: not stated, a connection that arrives is taken to be answered."""


class Registration(Part):
    """A target group in which each member is registered."""

    target_group: TargetGroupTarget
    """The target group."""
    container_port: Port | None = None
    """The port of the container; left out: the first it listens on."""


def _registrations(value: object) -> object:
    if isinstance(value, str):
        value = (value,)
    if isinstance(value, list | tuple):
        return tuple({"target_group": item} if isinstance(item, str) else item for item in value)
    return value


Registrations: TypeAlias = Annotated[
    tuple[Registration, ...],
    BeforeValidator(_registrations, json_schema_input_type=str | tuple[str | Registration, ...]),
]
"""A target group, or a list of ``{target_group, container_port}``."""


class FleetProperties(Properties):
    """Keeps equal members running."""

    desired: Annotated[int, Field(ge=0)] = 1
    """How many it keeps running."""
    subnets: tuple[SubnetIn, ...] = ()
    """Where they run; left out: the default VPC's subnets, or those of its hosts."""
    security_groups: tuple[SecurityGroupRef, ...] = ()
    """The groups of their interfaces; left out: the VPC's default group."""
    load_balancers: Registrations = ()
    """The target groups in which each member is registered."""
    start_time: Duration = 60.0
    """Seconds from the decision to start a member until it serves: image pull and start."""
    members: tuple[MemberRef, ...] = ()
    """The members, where they are components of their own; left out: the compiler adds as many as it keeps."""
    needed: Annotated[int, Field(ge=0)] | None = None
    """How many the load needs; left out: not stated."""


class SuppliesMembers(SuppliesTargets):
    """Registers members by their own addresses, or by their host and the port they publish there."""

    def supplied(self, component: Component, group: str, draft: Draft) -> tuple[dict[str, Json], ...]:
        fleet = component.properties
        if not isinstance(fleet, FleetProperties):
            return ()
        found: list[dict[str, Json]] = []
        for registration in fleet.load_balancers:
            if registration.target_group != group:
                continue
            for name in fleet.members:
                member = draft.get(name)
                target = _target(member, registration.container_port) if member else None
                if target and target not in found:
                    found.append(target)
        return tuple(found)


def _target(member: Component, wanted: int | None) -> dict[str, Json] | None:
    properties = member.properties
    if not isinstance(properties, ContainerProperties):
        return None
    port = wanted or (properties.listens[0].port if properties.listens else None)
    if properties.host is None:
        return {"id": member.id, "port": port} if port else {"id": member.id}
    there = next((item.host_port for item in properties.published if port in (None, item.port)), None)
    return {"id": properties.host, "port": there} if there else None


@dataclass(frozen=True, slots=True)
class Host:
    """An instance that can run members."""

    id: str
    subnet: str


def hosts_behind(draft: Draft, names: Sequence[str]) -> tuple[Host, ...]:
    """Return the instances that ``names`` (instances and Auto Scaling groups) stand for."""
    found: dict[str, Host] = {}
    for name in names:
        component = draft.get(name)
        properties = component.properties if component else None
        members = properties.instances if isinstance(properties, AutoScalingGroupProperties) else (name,)
        for member in members:
            machine = draft.get(member)
            if machine and isinstance(machine.properties, Ec2InstanceProperties) and machine.properties.subnet:
                found[member] = Host(member, machine.properties.subnet)
    return tuple(found.values())


def place_on_hosts(draft: Draft, hosts: Sequence[Host], count: int, fixed: Sequence[int]) -> list[Host]:
    """Return a host for each member that finds one, spread over zones and then over the hosts of a zone.

    Two members with one ``fixed`` host port cannot share a host: the scheduler leaves the second unplaced (Amazon ECS
    Developer Guide, "Service event messages": "already using a port required by your task").
    """
    subnets = [host.subnet for host in hosts]
    order: list[Host] = []
    left = list(hosts)
    for subnet in places(draft, list(dict.fromkeys(subnets)), len(hosts) * max(1, len(set(subnets)))):
        host = next((item for item in left if item.subnet == subnet), None)
        if host:
            order.append(host)
            left.remove(host)
    if not order:
        return []
    if fixed:
        free = [host for host in order if not any(port in _taken(draft, host.id) for port in fixed)]
        return free[:count]
    return [order[index % len(order)] for index in range(count)]


def dynamic_port(draft: Draft, host: str, also: set[int]) -> int:
    """Return the next dynamic port of ``host`` that no member there has and that is not in ``also``."""
    taken = _taken(draft, host) | also
    return next(port for port in DYNAMIC_PORTS if port not in taken)


def _taken(draft: Draft, host: str) -> set[int]:
    found: set[int] = set()
    for kind in ("ecs_task", "k8s_pod"):
        for member in draft.referrers(host, kind):
            if isinstance(member.properties, ContainerProperties):
                found |= {item.host_port for item in member.properties.published}
    return found


__all__ = [
    "DYNAMIC_PORTS",
    "ContainerProperties",
    "FleetProperties",
    "Host",
    "MemberRef",
    "PublishedPort",
    "Registration",
    "SuppliesMembers",
    "dynamic_port",
    "hosts_behind",
    "place_on_hosts",
]
