"""What the rules ask about routes and gateways."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from dataclasses import dataclass

from archtui.model.component import Component
from archtui.services.actors.properties import ClientProperties, InternetProperties
from archtui.services.lookups import as_kind, each, is_public, network, overlap, route_table_of
from archtui.services.vpc.properties import (
    InternetGatewayProperties,
    NatGatewayProperties,
    Route,
    RouteTableProperties,
    SubnetProperties,
    VpcPeeringConnectionProperties,
    VpcProperties,
)
from archtui.world.world import World

_NOT_PUBLIC = tuple(
    ipaddress.ip_network(block)
    for block in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "169.254.0.0/16", "127.0.0.0/8")
)


@dataclass(frozen=True, slots=True)
class Row:
    """A route with the table it stands in."""

    table: Component
    index: int
    route: Route


def blocks_of(world: World, vpc: str) -> tuple[str, ...]:
    """Return the IPv4 blocks of ``vpc``."""
    properties = as_kind(world, vpc, VpcProperties)
    return (properties.cidr, *properties.secondary_cidrs) if properties else ()


def within(inner: str, outer: str) -> bool:
    """Say whether every address of block ``inner`` is in block ``outer``."""
    a, b = network(inner), network(outer)
    if isinstance(a, ipaddress.IPv4Network) and isinstance(b, ipaddress.IPv4Network):
        return a.subnet_of(b)
    return isinstance(a, ipaddress.IPv6Network) and isinstance(b, ipaddress.IPv6Network) and a.subnet_of(b)


def is_default(block: str) -> bool:
    """Say whether ``block`` is all addresses, or one half of them."""
    return "/" in block and network(block).prefixlen <= 1


def rows_of(table: Component) -> Iterator[Row]:
    """Yield the routes of ``table`` that name a block."""
    if isinstance(table.properties, RouteTableProperties):
        for index, route in enumerate(table.properties.routes):
            if "/" in route.to:
                yield Row(table, index, route)


def all_rows(world: World) -> Iterator[Row]:
    """Yield every route of every route table the author wrote."""
    for table, _ in each(world, RouteTableProperties):
        if not table.implicit:
            yield from rows_of(table)


def default_row(world: World, subnet: str, version: int = 4) -> Row | None:
    """Return the route by which packets from ``subnet`` leave for the internet of an IP version; None: none."""
    table = route_table_of(world, subnet)
    if table is None:
        return None
    wide = [row for row in rows_of(table) if is_default(row.route.to) and network(row.route.to).version == version]
    return wide[0] if wide else None


def subnets_of(world: World, vpc: str) -> tuple[Component, ...]:
    """Return the subnets of ``vpc``, those of the document first."""
    return tuple(component for component, subnet in each(world, SubnetProperties) if subnet.vpc == vpc)


def served_by(world: World, table: str) -> tuple[str, ...]:
    """Return the subnets that follow route table ``table``."""
    return tuple(
        component.id
        for component, _ in each(world, SubnetProperties)
        if (found := route_table_of(world, component.id)) and found.id == table
    )


def gateway_of(world: World, vpc: str) -> str | None:
    """Return the internet gateway attached to ``vpc``."""
    found = (item.id for item, gateway in each(world, InternetGatewayProperties) if gateway.vpc == vpc)
    return next(found, None)


def nats_of(world: World, vpc: str) -> tuple[tuple[Component, NatGatewayProperties], ...]:
    """Return the public NAT gateways of ``vpc`` that work."""
    return tuple(
        (component, nat)
        for component, nat in each(world, NatGatewayProperties)
        if nat.connectivity == "public" and nat.state == "available" and world.placement(component.id).vpc == vpc
    )


def goes_out(world: World, nat: NatGatewayProperties) -> bool:
    """Whether a public NAT gateway has a way to the internet: a regional one by itself, a zonal one by its subnet."""
    return nat.availability_mode == "regional" or (nat.subnet is not None and is_public(world, nat.subnet))


def peers_of(world: World, vpc: str) -> tuple[tuple[str, str], ...]:
    """Return (peering, VPC at its other end) for the active peerings of ``vpc``."""
    found: list[tuple[str, str]] = []
    for component, peering in each(world, VpcPeeringConnectionProperties):
        if peering.status == "active" and vpc in (peering.requester, peering.accepter):
            found.append((component.id, peering.accepter if peering.requester == vpc else peering.requester))
    return tuple(found)


def other_side(world: World, peering: str, vpc: str) -> str | None:
    """Return the VPC at the other end of ``peering``; None where ``vpc`` is no end of it."""
    properties = as_kind(world, peering, VpcPeeringConnectionProperties)
    if properties is None or vpc not in (properties.requester, properties.accepter):
        return None
    return properties.accepter if properties.requester == vpc else properties.requester


def overlaps_any(block: str, blocks: tuple[str, ...]) -> bool:
    """Say whether ``block`` has an address in common with one of ``blocks``."""
    return any(overlap(block, other) for other in blocks)


def is_outside(world: World, name: str | None) -> bool:
    """Say whether ``name`` is the internet or a client outside AWS."""
    return as_kind(world, name, InternetProperties) is not None or as_kind(world, name, ClientProperties) is not None


def is_public_address(world: World, text: str) -> bool:
    """Say whether ``text`` is an IPv4 address that neither a VPC of the design nor any private network owns."""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return False
    if address.version != 4 or any(address in block for block in _NOT_PUBLIC):
        return False
    homes = (block for component, _ in each(world, VpcProperties) for block in blocks_of(world, component.id))
    return not any(address in network(block) for block in homes)


def wants_internet(world: World) -> dict[str, str]:
    """Return the components that open connections to the internet, with the reason in words.

    Links and journeys say so; nothing else is taken for a wish.
    """
    found: dict[str, str] = {}
    for link in world.links:
        if link.target == "internet" or is_outside(world, link.target):
            found.setdefault(link.source, f"it has a link to {link.target}")
    for journey in world.blueprint.journeys:
        if journey.blocked or is_outside(world, journey.source) or journey.source not in world.components:
            continue
        if (
            journey.reaches == "internet"
            or is_outside(world, journey.reaches)
            or is_public_address(world, journey.to or "")
        ):
            found.setdefault(journey.source, f"the journey {journey.name!r} needs it")
    return found
