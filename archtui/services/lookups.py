"""Questions that the rules of several families ask of a world: where things are, what their filters admit.

They answer from the configuration alone and are cautious: what cannot be decided counts as admitted
or as unknown (None), so that a rule built on them does not raise a false alarm.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, TypeVar

from archtui.model.component import Component, Link
from archtui.model.fields import Properties, port_range
from archtui.services.vpc.properties import (
    EgressRule,
    IngressRule,
    InternetGatewayProperties,
    NatGatewayProperties,
    PrefixListProperties,
    RouteTableProperties,
    SecurityGroupProperties,
    SubnetProperties,
)
from archtui.world.world import World

P = TypeVar("P", bound=Properties)
Character = Literal["public", "private", "isolated"]
"""What its routes make of a subnet: a way to an internet gateway, to a NAT gateway, or neither."""
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

EVERYWHERE = ("0.0.0.0/0", "::/0")


def as_kind(world: World, name: str | None, model: type[P]) -> P | None:
    """Return the properties of component ``name`` if they are of ``model``, else None."""
    component = world.components.get(name) if name else None
    return component.properties if component and isinstance(component.properties, model) else None


def each(world: World, model: type[P]) -> Iterator[tuple[Component, P]]:
    """Yield every component that ``model`` (or a subclass of it) describes, with its properties."""
    for kind in world.registry:
        if issubclass(kind.properties, model):
            for component in world.of_kind(kind.name):
                if isinstance(component.properties, model):
                    yield component, component.properties


def is_written(world: World, name: str, key: str) -> bool:
    """Say whether the author wrote property ``key`` of ``name`` (a filled-in default does not count)."""
    component = world.blueprint.components.get(name)
    return component is not None and key in component.raw


def links_to(world: World, name: str) -> tuple[Link, ...]:
    """Return the links that end at ``name``, in the document's order."""
    return world.part(_links_by_target).get(name, ())


def _links_by_target(world: World) -> dict[str, tuple[Link, ...]]:
    found: dict[str, list[Link]] = {}
    for link in world.links:
        found.setdefault(link.target, []).append(link)
    return {target: tuple(links) for target, links in found.items()}


def zones_of(world: World, subnets: Iterable[str]) -> tuple[str, ...]:
    """Return the availability zones of ``subnets``, sorted, once each."""
    return tuple(sorted({zone for name in subnets if name in world.components for zone in world.placement(name).zones}))


def route_table_of(world: World, subnet: str) -> Component | None:
    """Return the route table that serves ``subnet``: its own, or the VPC's main table."""
    properties = as_kind(world, subnet, SubnetProperties)
    if properties is None:
        return None
    if properties.route_table:
        return world.components.get(properties.route_table)
    for component, table in each(world, RouteTableProperties):
        if table.main and table.vpc == properties.vpc:
            return component
    return None


def character_of(world: World, subnet: str) -> Character | None:
    """Return what its routes make of ``subnet``; None where the design does not say enough.

    A route table, or the target of a default route, that is not modelled may lead to the internet or not.
    """
    properties = as_kind(world, subnet, SubnetProperties)
    if properties is None:
        return None
    component = route_table_of(world, subnet)
    table = component.properties if component else None
    if component and component.kind.stands_in:
        return None
    found: Character | None = "isolated"
    if isinstance(table, RouteTableProperties):
        for route in table.routes:
            gateway = as_kind(world, route.via, InternetGatewayProperties)
            if gateway and gateway.vpc == properties.vpc and route.state == "active":
                return "public"
            if as_kind(world, route.via, NatGatewayProperties):
                found = "private"
            elif route.to in ("0.0.0.0/0", "::/0") and _is_unknown(world, route.via) and found == "isolated":
                found = None
    return found


def _is_unknown(world: World, name: str) -> bool:
    return name in world.components and world.components[name].kind.stands_in


def is_public(world: World, subnet: str) -> bool:
    """Say whether ``subnet`` has a route to an internet gateway of its VPC."""
    return character_of(world, subnet) == "public"


def is_closed(world: World, subnet: str) -> bool:
    """Say whether ``subnet`` is known to have no route to an internet gateway of its VPC."""
    return character_of(world, subnet) in ("private", "isolated")


@dataclass(frozen=True, slots=True)
class Peer:
    """The other end of a connection as a security group sees it."""

    groups: tuple[str, ...]
    """Its security groups."""
    subnets: tuple[str, ...]
    """The subnets its addresses are in; none: its addresses are not known."""


def covers(rule: IngressRule | EgressRule, protocol: str, port: int) -> bool:
    """Say whether ``rule`` is about ``protocol`` and ``port``."""
    if rule.protocol not in ("all", protocol):
        return False
    if rule.protocol == "all" or rule.ports is None:
        return True
    low, high = port_range(rule.ports)
    return low <= port <= high


def admits(world: World, groups: Iterable[str], peer: Peer, port: int, protocol: str = "tcp") -> bool:
    """Say whether ``groups`` let ``peer`` in on ``port``; where a rule cannot be decided, it counts as letting in."""
    for name in groups:
        group = as_kind(world, name, SecurityGroupProperties)
        if group is None:
            return True
        if any(covers(rule, protocol, port) and names_peer(world, name, rule.source, peer) for rule in group.ingress):
            return True
    return False


def open_to_everyone(world: World, groups: Iterable[str], port: int) -> tuple[tuple[str, int], ...]:
    """Return the rules (group, index) of ``groups`` that let any address in on TCP ``port``."""
    found: list[tuple[str, int]] = []
    for name in groups:
        group = as_kind(world, name, SecurityGroupProperties)
        if group:
            for index, rule in enumerate(group.ingress):
                if rule.source in (*EVERYWHERE, "any") and covers(rule, "tcp", port):
                    found.append((name, index))
    return tuple(found)


def names_peer(world: World, group: str, source: str, peer: Peer) -> bool:
    """Say whether ``source`` of a rule of ``group`` means ``peer``; what cannot be decided counts as meaning it."""
    if source == "any":
        return True
    if source == "self":
        return group in peer.groups
    if "/" in source:
        return _holds_one_of(world, (source,), peer)
    prefixes = as_kind(world, source, PrefixListProperties)
    if prefixes is not None:
        return not prefixes.cidrs or _holds_one_of(world, prefixes.cidrs, peer)
    return source in peer.groups


def _holds_one_of(world: World, blocks: Iterable[str], peer: Peer) -> bool:
    homes = [properties.cidr for name in peer.subnets if (properties := as_kind(world, name, SubnetProperties))]
    return not homes or any(overlap(block, home) for block in blocks for home in homes)


@lru_cache(maxsize=4096)
def network(block: str) -> Network:
    """Return ``block`` as a network."""
    return ipaddress.ip_network(block)


def overlap(one: str, other: str) -> bool:
    """Say whether two blocks have an address in common."""
    a, b = network(one), network(other)
    return a.version == b.version and a.overlaps(b)
