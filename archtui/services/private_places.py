"""Edits that take a store off the internet: close its subnets, or move it to closed ones."""

from __future__ import annotations

from archtui.model.component import Json
from archtui.model.edits import Edit, add_component, join, set_property, unused_id
from archtui.model.fields import Properties
from archtui.services.lookups import as_kind, character_of, each, is_public, route_table_of, zones_of
from archtui.services.vpc.properties import SubnetProperties
from archtui.world.world import World


def off_the_internet(world: World, name: str, subnets: tuple[str, ...], model: type[Properties]) -> tuple[Edit, ...]:
    """Return the edit after which none of the ``subnets`` of ``name`` has an internet route; none where none is known.

    Subnets in which nothing but components described by ``model`` stand are closed; otherwise ``name`` moves to
    other subnets of its VPC.
    """
    public = [item for item in subnets if is_public(world, item)]
    shared = [
        edge.source
        for item in public
        for edge in world.referrers(item)
        if edge.role == "in" and as_kind(world, edge.source, model) is None
    ]
    if not shared and all(item in world.blueprint.components for item in public):
        return (_close(world, public),)
    return _move(world, name, subnets)


def _close(world: World, subnets: list[str]) -> Edit:
    """Give ``subnets`` a route table without any way out, an existing one if there is one."""
    vpc = as_kind(world, subnets[0], SubnetProperties)
    closed = [
        table.id
        for component, subnet in each(world, SubnetProperties)
        if vpc
        and subnet.vpc == vpc.vpc
        and character_of(world, component.id) == "isolated"
        and (table := route_table_of(world, component.id))
        and not table.implicit
    ]
    unused = [
        component.id
        for component in world.of_kind("route_table")
        if not component.implicit and vpc and component.raw.get("vpc") == vpc.vpc and not component.raw.get("routes")
    ]
    table_id = next(iter(closed + unused), None)
    edits: list[Edit] = []
    if table_id is None:
        table_id = unused_id(world.components, "isolated")
        edits.append(add_component(table_id, "route_table", {"vpc": vpc.vpc if vpc else ""}))
    edits += [set_property(item, ("route_table",), table_id) for item in subnets]
    return join(f"close {', '.join(subnets)} to the internet", edits)


def _move(world: World, name: str, subnets: tuple[str, ...]) -> tuple[Edit, ...]:
    home = as_kind(world, subnets[0], SubnetProperties)
    rank = {"isolated": 0, "private": 1}
    rooms: dict[tuple[str, ...], tuple[int, str]] = {}
    for component, subnet in each(world, SubnetProperties):
        character = character_of(world, component.id)
        if home and subnet.vpc == home.vpc and not component.implicit and character in rank:
            zones = zones_of(world, (component.id,))
            found = (rank[character], component.id)
            rooms[zones] = min(rooms.get(zones, found), found)
    if len(rooms) < 2:
        return ()
    chosen: Json = [subnet for _, (_, subnet) in sorted(rooms.items())]
    return (set_property(name, ("subnets",), chosen),)


__all__ = ["off_the_internet"]
