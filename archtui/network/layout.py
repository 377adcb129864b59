"""Laying out what components contributed: tables in winning order, target groups, addresses."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from archtui.network.addresses import (
    PUBLIC_POOL,
    Address,
    Block,
    address_text,
    first_v6,
    is_address,
    is_v6,
    parse_address,
)
from archtui.network.model import (
    LOCAL,
    Gateway,
    Interface,
    NatGateway,
    NodeGroup,
    NodeTarget,
    Route,
    RouteTable,
    Subnet,
    Vpc,
)
from archtui.network.specs import GroupSpec, InterfaceSpec

_ORIGINS = {"local": 0, "static": 1, "propagated": 2}
_RESERVED_FIRST, _RESERVED_LAST = 4, 1
"""AWS keeps the first four addresses and the last of each subnet (VPC User Guide, 'Subnet CIDR blocks')."""


def route_table(
    name: str, component: str, vpc: Vpc, routes: Iterable[Route], doubts: tuple[tuple[str, str], ...] = ()
) -> RouteTable:
    """Return a table with the VPC's local routes, its rows in the order in which they win.

    A propagated row inside the VPC's own range stands behind the local one although it is more specific (Site-to-Site
    VPN guide, 'Route tables and route priority').
    """
    local = tuple(Route(block, LOCAL, "local", True, component, ()) for block in vpc.blocks)

    def prefix(row: Route) -> int:
        if row.origin == "propagated":
            return next((block.prefix for block in vpc.blocks if block.covers(row.block)), row.block.prefix)
        return row.block.prefix

    rows = sorted(
        (*local, *routes),
        key=lambda row: (-prefix(row), _ORIGINS[row.origin], row.block.first, row.path, row.target),
    )
    return RouteTable(name, component, tuple(rows), doubts)


def node_group(spec: GroupSpec, layout: Layout, subnets: Mapping[str, Subnet]) -> NodeGroup:
    """Find the interface of each target: a component's primary one (each member's of a group), or the one
    that has the registered address, in the group's own VPC before any other."""
    interfaces = layout.interfaces
    found: list[NodeTarget] = []
    for target in spec.targets:
        health: Literal["healthy", "unhealthy", "undecided"] = "undecided"
        if target.healthy or target.unhealthy:
            health = "healthy" if target.healthy else "unhealthy"
        if is_address(target.target):
            address = parse_address(target.target)
            held = layout.by_private.get((spec.vpc, address)) or next(iter(layout.by_address.get(address, ())), "")
            holder = interfaces.get(held)
            zone = target.zone or (subnets[holder.subnet].zone if holder else "all")
            name, component = (holder.id, holder.component) if holder else ("", target.target)
            found.append(NodeTarget(name, address, target.port, zone, health, component))
            continue
        machines: dict[str, Interface] = {}
        for name in layout.of_component.get(target.target, ()):
            machines.setdefault(interfaces[name].machine, interfaces[name])
        for interface in machines.values():
            address_of = first_v6(interface.addresses) if spec.ipv6 else next(iter(interface.addresses), None)
            if address_of is not None:
                zone = subnets[interface.subnet].zone
                found.append(NodeTarget(interface.id, address_of, target.port, zone, health, interface.component))
    return NodeGroup(
        spec.id,
        tuple(found),
        spec.preserves_client,
        spec.missing,
        spec.cross_zone,
        spec.assumed,
        spec.unread,
        spec.refused,
    )


@dataclass(frozen=True, slots=True)
class Layout:
    """The interfaces with their addresses and everything found by them."""

    inputs: tuple[object, ...]
    """What all of it follows from; equal inputs give an equal layout."""
    interfaces: Mapping[str, Interface]
    by_private: Mapping[tuple[str, Address], str]
    by_address: Mapping[Address, tuple[str, ...]]
    by_public: Mapping[Address, str]
    idle_publics: Mapping[Address, str]
    of_component: Mapping[str, tuple[str, ...]]
    members: Mapping[str, Mapping[Address, tuple[str, ...]]]
    groups: tuple[tuple[str, str], ...]
    """The security groups that interfaces name, each with the VPC of the first that does."""
    problems: tuple[str, ...]


def lay_out(
    inputs: tuple[object, ...],
    interfaces: Mapping[str, Interface],
    specs: Mapping[str, InterfaceSpec],
    fleets: Mapping[str, tuple[str, ...]],
    idle: Mapping[Address, str],
    problems: Iterable[str],
) -> Layout:
    """Index the interfaces; ``idle`` are public addresses that stand for nothing unless an interface has them,
    ``fleets`` the components that are their members."""
    by_private: dict[tuple[str, Address], str] = {}
    by_address: dict[Address, list[str]] = {}
    by_public: dict[Address, str] = {}
    of_component: dict[str, list[str]] = {}
    members: dict[str, dict[Address, list[str]]] = {}
    groups: dict[str, str] = {}
    for interface in interfaces.values():
        of_component.setdefault(interface.component, []).append(interface.id)
        if interface.machine != interface.component:
            of_component.setdefault(interface.machine, []).append(interface.id)
        for group in interface.groups or ():
            groups.setdefault(group, interface.vpc)
        for address in interface.addresses:
            by_private.setdefault((interface.vpc, address), interface.id)
            by_address.setdefault(address, []).append(interface.id)
            for group in interface.groups or ():
                members.setdefault(group, {}).setdefault(address, []).append(interface.vpc)
        for public in interface.publics.values():
            by_public.setdefault(public, interface.id)
    ordered = {
        name: tuple(sorted(found, key=lambda item: (bool(specs[item].standby), specs[item].rank, item)))
        if len(found) > 1
        else tuple(found)
        for name, found in of_component.items()
    }
    together = {
        name: tuple(ordered[member][0] for member in members_of if member in ordered)
        for name, members_of in fleets.items()
        if name not in ordered
    }
    return Layout(
        inputs,
        interfaces,
        by_private,
        {address: tuple(names) for address, names in by_address.items()},
        by_public,
        {address: name for address, name in idle.items() if address not in by_public},
        {**ordered, **together},
        {group: {address: tuple(vpcs) for address, vpcs in found.items()} for group, found in members.items()},
        tuple(groups.items()),
        tuple(problems),
    )


def allocate_private(
    specs: list[InterfaceSpec], subnets: Mapping[str, Subnet], problems: list[str]
) -> dict[str, tuple[Address, ...]]:
    """Give each interface its addresses: those written first, then the next free ones of each subnet.

    AWS chooses IPv6 addresses at random in the /64; here they are the next free ones too, so that a design has
    the same at each run.
    """
    found: dict[str, tuple[Address, ...]] = {}
    taken: dict[str, set[Address]] = {}
    for spec in specs:
        found[spec.id] = tuple(sorted(spec.addresses, key=is_v6))
        if spec.addresses:
            taken.setdefault(subnets[spec.subnet].vpc, set()).update(spec.addresses)
    following: dict[tuple[str, Block], Address] = {}

    def give(spec: InterfaceSpec, block: Block) -> tuple[Address, ...]:
        used = taken.setdefault(subnets[spec.subnet].vpc, set())
        number = following.get((spec.subnet, block), block.first + _RESERVED_FIRST)
        while number in used:
            number += 1
        if number > block.last - _RESERVED_LAST:
            problems.append(f"subnet {spec.subnet} ({block.text}) has no free address for {spec.component}")
            return ()
        used.add(number)
        following[spec.subnet, block] = number + 1
        return (number,)

    for spec in specs:
        subnet = subnets[spec.subnet]
        written = found[spec.id]
        if subnet.block is not subnet.block6 and (not written or is_v6(written[0])):
            found[spec.id] = (*give(spec, subnet.block), *written)
        for _ in range(spec.further):
            found[spec.id] = (*found[spec.id], *give(spec, subnet.block))
        for _ in range(spec.ipv6 if subnet.block6 is not None else 0):
            found[spec.id] = (*found[spec.id], *give(spec, subnet.block6 or subnet.block))
        for address in spec.addresses:
            if address not in subnet and (not is_v6(address) or subnet.block6 is not None):
                problems.append(f"{spec.component} has {address_text(address)}, outside its subnet {spec.subnet}")
    return found


def with_publics(gateways: Mapping[str, Gateway], taken: set[Address]) -> dict[str, Gateway]:
    """Give each zone of a regional NAT gateway that has no public address one, from the end of the pool."""
    found = dict(gateways)
    used = set(taken)
    for gateway in gateways.values():
        used.update(*(gateway.zones.values() if isinstance(gateway, NatGateway) else ()))
    free = (number for number in range(PUBLIC_POOL.last - 1, PUBLIC_POOL.first, -1) if number not in used)
    for name, gateway in gateways.items():
        if isinstance(gateway, NatGateway) and gateway.vpc:
            zones = {zone: publics or (next(free),) for zone, publics in gateway.zones.items()}
            found[name] = replace(gateway, zones=zones)
    return found
