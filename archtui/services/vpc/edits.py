"""Edits that give subnets a way out: the quick fixes of several rules."""

from __future__ import annotations

from collections.abc import Sequence

from archtui.model.component import Json
from archtui.model.edits import Edit, add_component, append_to, join, set_property, unused_id
from archtui.services.lookups import as_kind, is_public, route_table_of, zones_of
from archtui.services.vpc.lookups import default_row, gateway_of, goes_out, nats_of, served_by, subnets_of
from archtui.services.vpc.properties import SubnetProperties
from archtui.world.world import World

DEFAULT = "0.0.0.0/0"


DEFAULT_6 = "::/0"


def route_out(world: World, subnets: Sequence[str], target: str, stem: str, to: str = DEFAULT) -> Edit:
    """Return the edit that sends what leaves ``subnets`` for the internet to ``target``.

    Their route table is changed where it serves nobody else; otherwise they get a table of their own
    with the same rows. ``subnets`` share one table.
    """
    table = route_table_of(world, subnets[0])
    row = default_row(world, subnets[0], 4 if to == DEFAULT else 6)
    if table and table.id in world.blueprint.components and set(served_by(world, table.id)) <= set(subnets):
        if row:
            return set_property(table.id, ("routes", row.index, "via"), target)
        return append_to(world.blueprint, table.id, ("routes",), {"to": to, "via": target})
    vpc = world.placement(subnets[0]).vpc
    source = world.blueprint.components.get(table.id) if table else None
    written = source.raw.get("routes") if source else None
    kept = [item for item in written if isinstance(item, dict)] if isinstance(written, list) else []
    rows: list[Json] = [item for item in kept if not row or item.get("to") != row.route.to]
    name = unused_id(world.components, stem)
    body: dict[str, Json] = {"vpc": vpc, "routes": [*rows, {"to": to, "via": target}]}
    edits = [add_component(name, "route_table", body)]
    edits += [set_property(subnet, ("route_table",), name) for subnet in subnets]
    return join(f"give {', '.join(subnets)} the route table {name}", edits)


def own_nat(world: World, zone: str, subnets: Sequence[str]) -> Edit | None:
    """Return the edit that sends ``subnets`` of ``zone`` out by a NAT gateway of that zone.

    One that stands there is used; otherwise one is made in a public subnet of the zone. None where
    the zone has no public subnet or a subnet is not in the document.
    """
    if not subnets or any(name not in world.blueprint.components for name in subnets):
        return None
    vpc = world.placement(subnets[0]).vpc
    if vpc is None:
        return None
    letter = zone[-1]
    edits: list[Edit] = []
    working = [nat for nat, p in nats_of(world, vpc) if world.placement(nat.id).zones == (zone,) and goes_out(world, p)]
    if working:
        target = working[0].id
    else:
        homes = [item.id for item in subnets_of(world, vpc) if world.placement(item.id).zones == (zone,)]
        home = next((name for name in homes if is_public(world, name)), None)
        if home is None:
            return None
        target, address = unused_id(world.components, f"nat-{letter}"), unused_id(world.components, f"eip-{letter}")
        edits += [
            add_component(address, "elastic_ip"),
            add_component(target, "nat_gateway", {"subnet": home, "elastic_ip": address}),
        ]
    by_table: dict[str, list[str]] = {}
    for name in subnets:
        table = route_table_of(world, name)
        by_table.setdefault(table.id if table else "", []).append(name)
    taken: list[Edit] = [route_out(world, members, target, f"private-{letter}") for members in by_table.values()]
    return join(f"send {', '.join(subnets)} out by {target}", [*edits, *taken])


def sent_out_by(world: World, nat: str) -> tuple[str, ...]:
    """Return the subnets whose default route ends at the gateway ``nat``."""
    vpc = world.placement(nat).vpc
    rows = ((subnet.id, default_row(world, subnet.id)) for subnet in (subnets_of(world, vpc) if vpc else ()))
    return tuple(name for name, row in rows if row and row.route.via == nat)


def nat_of_each_zone(world: World, nat: str) -> Edit | None:
    """Return the edit that gives each zone served by ``nat`` a gateway of its own; None where that cannot be done."""
    served = sent_out_by(world, nat)
    zones = [zone for zone in zones_of(world, served) if zone not in world.placement(nat).zones]
    keeps = any(zone in world.placement(nat).zones for zone in zones_of(world, served))
    made: list[Edit] = []
    for zone in zones if keeps else zones[1:]:
        edit = own_nat(world, zone, [name for name in served if zones_of(world, (name,)) == (zone,)])
        if edit is None:
            return None
        made.append(edit)
    return join(f"give each zone served by {nat} a NAT gateway of its own", made) if made else None


def make_public(world: World, subnet: str) -> Edit | None:
    """Return the edit that gives ``subnet`` a route to its VPC's internet gateway; None where it is not written."""
    properties = as_kind(world, subnet, SubnetProperties)
    if properties is None or subnet not in world.blueprint.components:
        return None
    public = [item.id for item in subnets_of(world, properties.vpc) if is_public(world, item.id)]
    tables = [table.id for name in public if (table := route_table_of(world, name)) and not table.implicit]
    if tables:
        return set_property(subnet, ("route_table",), tables[0])
    gateway = gateway_of(world, properties.vpc)
    if gateway:
        return route_out(world, [subnet], gateway, "public")
    name = unused_id(world.components, "igw")
    made = add_component(name, "internet_gateway", {"vpc": properties.vpc})
    return join(f"give {subnet} an internet gateway", (made, route_out(world, [subnet], name, "public")))
