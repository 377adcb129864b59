"""Laying out what components contributed: tables in winning order, target groups, addresses."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal

from archtui.network.addresses import (
    Address,
    address_text,
    is_address,
    parse_address,
)
from archtui.network.model import (
    LOCAL,
    Interface,
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


def route_table(name: str, component: str, vpc: Vpc, routes: Iterable[Route]) -> RouteTable:
    """Return a table with the VPC's local routes, its rows in the order in which they win."""
    local = tuple(Route(block, LOCAL, "local", True, component, ()) for block in vpc.blocks)
    rows = sorted(
        (*local, *routes),
        key=lambda row: (-row.block.prefix, _ORIGINS[row.origin], row.block.first, row.path, row.target),
    )
    return RouteTable(name, component, tuple(rows))


def node_group(
    spec: GroupSpec,
    interfaces: Mapping[str, Interface],
    of_component: Mapping[str, list[str]],
    subnets: Mapping[str, Subnet],
) -> NodeGroup:
    """Find the interface of each target: a component's primary one (each member's of a group), or the one
    that has the registered address."""
    found: list[NodeTarget] = []
    for target in spec.targets:
        health: Literal["healthy", "unhealthy", "undecided"] = "undecided"
        if target.healthy or target.unhealthy:
            health = "healthy" if target.healthy else "unhealthy"
        if is_address(target.target):
            address = parse_address(target.target)
            holder = next((item for item in interfaces.values() if address in item.addresses), None)
            zone = target.zone or (subnets[holder.subnet].zone if holder else "all")
            name, component = (holder.id, holder.component) if holder else ("", target.target)
            found.append(NodeTarget(name, address, target.port, zone, health, component))
            continue
        machines: dict[str, Interface] = {}
        for name in of_component.get(target.target, ()):
            machines.setdefault(interfaces[name].machine, interfaces[name])
        for interface in machines.values():
            if interface.addresses:
                zone = subnets[interface.subnet].zone
                found.append(
                    NodeTarget(interface.id, interface.addresses[0], target.port, zone, health, interface.component)
                )
    return NodeGroup(spec.id, tuple(found), spec.preserves_client, spec.missing)


def allocate_private(
    specs: list[InterfaceSpec], subnets: Mapping[str, Subnet], problems: list[str]
) -> dict[str, tuple[Address, ...]]:
    """Give each interface its addresses: those written first, then the next free ones of each subnet."""
    found: dict[str, tuple[Address, ...]] = {}
    taken: dict[str, set[Address]] = {}
    for spec in specs:
        if spec.addresses:
            found[spec.id] = spec.addresses
            taken.setdefault(subnets[spec.subnet].vpc, set()).update(spec.addresses)
    following: dict[str, Address] = {}
    for spec in specs:
        if spec.addresses:
            continue
        subnet = subnets[spec.subnet]
        used = taken.setdefault(subnet.vpc, set())
        number = following.get(subnet.id, subnet.block.first + _RESERVED_FIRST)
        while number in used:
            number += 1
        if number > subnet.block.last - _RESERVED_LAST:
            problems.append(f"subnet {subnet.id} ({subnet.block.text}) has no free address for {spec.component}")
            found[spec.id] = ()
            continue
        used.add(number)
        following[subnet.id] = number + 1
        found[spec.id] = (number,)
    for spec in specs:
        block = subnets[spec.subnet].block
        for address in spec.addresses:
            if address not in block and address < 1 << 128:
                problems.append(f"{spec.component} has {address_text(address)}, outside its subnet {spec.subnet}")
    return found
