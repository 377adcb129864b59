"""The links that virtual interfaces are: one for each gateway they lead to."""

from __future__ import annotations

from collections.abc import Iterator

from archtui.model.component import Component
from archtui.network.addresses import Block, parse_address
from archtui.network.model import Uplink
from archtui.services.direct_connect import properties as p
from archtui.services.lookups import as_kind, each
from archtui.services.on_prem.sites import far_end, stated
from archtui.world.world import World


def lines_of(name: str, world: World) -> tuple[tuple[str, p.DirectConnectConnectionProperties], ...]:
    """Return the connections that a virtual interface on ``name`` runs over: the one, or those of the group."""
    single = as_kind(world, name, p.DirectConnectConnectionProperties)
    if single is not None:
        return ((name, single),)
    return tuple(
        (component.id, found)
        for component, found in each(world, p.DirectConnectConnectionProperties)
        if found.lag == name
    )


def _needed(name: str, line: p.DirectConnectConnectionProperties) -> tuple[str, ...]:
    return tuple(part for part in (name, line.location, line.site) if part)


def _state(properties: p.VirtualInterfaceProperties, world: World) -> str:
    if properties.state != "available":
        return f"it is {properties.state}"
    if properties.bgp == "down":
        return "its BGP session is down"
    group = as_kind(world, properties.connection, p.DirectConnectLagProperties)
    if group is not None and group.state != "available":
        return f"{properties.connection} is {group.state}"
    lines = lines_of(properties.connection, world)
    if not lines:
        return f"{properties.connection} has no connection"
    working = sum(line.state == "available" for _, line in lines)
    if working < minimum_of(properties.connection, world):
        return (
            f"{lines[0][0]} is {lines[0][1].state}"
            if len(lines) == 1
            else f"too few connections of {properties.connection} work"
        )
    return ""


def minimum_of(name: str, world: World) -> int:
    """Return how many connections of a line must work."""
    group = as_kind(world, name, p.DirectConnectLagProperties)
    return max(group.minimum_links, 1) if group else 1


def mechanism_of(name: str, properties: p.VirtualInterfaceProperties) -> str:
    """Return the mechanism that notices a dead virtual interface, as ``Condition.recovered`` names it."""
    return f"direct_connect.{'bfd' if properties.bfd else 'bgp'}:{name}"


def _uplink(
    component: Component,
    properties: p.VirtualInterfaceProperties,
    world: World,
    gateway: str,
    attachment: str = "",
    through: str = "",
    offered: tuple[Block, ...] | None = None,
) -> Uplink:
    name = component.id
    lines = lines_of(properties.connection, world)
    site = next((line.site for _, line in lines if line.site), None)
    end = far_end(world, site, name)
    told = stated(properties.learnt_routes)
    several = as_kind(world, properties.connection, p.DirectConnectLagProperties) is not None
    parts = [name, properties.connection, *([through] if through else [])]
    if len(lines) == 1 and not several:
        parts = [name, *_needed(*lines[0]), *([through] if through else [])]
    public = properties.customer_address if isinstance(properties, p.PublicVirtualInterfaceProperties) else None
    return Uplink(
        name,
        name,
        gateway,
        attachment,
        tuple(part for part in (through, properties.connection) if part),
        "direct_connect",
        end.site,
        end.missing,
        told if told is not None else end.blocks,
        offered,
        1 + properties.prepend,
        properties.med or 0,
        tuple(part for part in parts if part in world.components),
        tuple(_needed(*line) for line in lines) if several else (),
        minimum_of(properties.connection, world),
        mechanism_of(name, properties),
        _state(properties, world),
        parse_address(public) if public else None,
    )


def _interfaces(world: World) -> Iterator[tuple[Component, p.VirtualInterfaceProperties, str]]:
    """Yield the private and transit virtual interfaces with the gateway each ends at."""
    for private, found in each(world, p.PrivateVirtualInterfaceProperties):
        yield private, found, found.gateway or ""
    for transit, given in each(world, p.TransitVirtualInterfaceProperties):
        yield transit, given, given.gateway or ""


def uplinks_to(gateway: str, world: World) -> Iterator[Uplink]:
    """Yield the links of a virtual private gateway: virtual interfaces that end there, or at a Direct Connect gateway
    that is associated with it."""
    for component, properties, end in _interfaces(world):
        if end == gateway:
            yield _uplink(component, properties, world, gateway)
    for hub, found in each(world, p.DirectConnectGatewayProperties):
        for association in found.associations:
            if association.gateway == gateway:
                yield from _through(hub.id, found, association, world, "")


def uplinks_by(hub: str, gateway: str, attachment: str, world: World) -> tuple[Uplink, ...]:
    """Return the links that the attachment of a Direct Connect gateway to a transit gateway stands for."""
    found = as_kind(world, hub, p.DirectConnectGatewayProperties)
    if found is None:
        return ()
    association = next(
        (item for item in found.associations if item.gateway == gateway), p.GatewayAssociation(gateway=gateway)
    )
    return tuple(_through(hub, found, association, world, attachment))


def _through(
    hub: str,
    found: p.DirectConnectGatewayProperties,
    association: p.GatewayAssociation,
    world: World,
    attachment: str,
) -> Iterator[Uplink]:
    if found.state != "available":
        return
    offered = stated(association.allowed_prefixes)
    if attachment and offered is None:
        offered = ()
    for component, properties, end in _interfaces(world):
        fits = isinstance(properties, p.TransitVirtualInterfaceProperties) == bool(attachment)
        if end == hub and fits:
            yield _uplink(component, properties, world, association.gateway, attachment, hub, offered)


def public_uplinks(world: World) -> Iterator[Uplink]:
    """Yield the links of public virtual interfaces."""
    for component, properties in each(world, p.PublicVirtualInterfaceProperties):
        yield _uplink(component, properties, world, "")
