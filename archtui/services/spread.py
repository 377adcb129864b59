"""Edits that spread something over a second availability zone: the quick fixes of several rules."""

from __future__ import annotations

import ipaddress
from collections.abc import Collection, Iterable
from copy import deepcopy
from dataclasses import dataclass

from archtui.model.component import Json
from archtui.model.edits import Edit, add_component, append_to, join, unused_id
from archtui.model.operations import Insert, value_at
from archtui.services.lookups import as_kind, character_of, each, overlap, zones_of
from archtui.services.vpc.properties import SubnetProperties, VpcProperties
from archtui.world.world import World

_LETTERS = "abcdef"
_OWN = ("private_ip", "ipv6_addresses", "public_ip", "label")
"""Properties of an instance that a second one cannot share."""


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A subnet in another zone: its id, and the edits that make it (none if it exists)."""

    subnet: str
    edits: tuple[Edit, ...] = ()


def subnet_elsewhere(world: World, like: str, taken: Collection[str], spare: Collection[str] = ()) -> Elsewhere | None:
    """Return a subnet of the same VPC and character as ``like`` in a zone that is not in ``taken``.

    An existing one is preferred, unless it is in ``spare``; otherwise one is made beside it with the
    same route table and the next free block. None where ``like`` is not in the document or the VPC has
    no room.
    """
    model = as_kind(world, like, SubnetProperties)
    if model is None or like not in world.blueprint.components:
        return None
    character = character_of(world, like)
    for component, subnet in each(world, SubnetProperties):
        if component.implicit or subnet.vpc != model.vpc or component.id in spare:
            continue
        zones = zones_of(world, (component.id,))
        if not set(zones) & set(taken) and character_of(world, component.id) == character and subnet.role == model.role:
            return Elsewhere(component.id)
    return _new_subnet(world, like, model, taken)


def _new_subnet(world: World, like: str, model: SubnetProperties, taken: Collection[str]) -> Elsewhere | None:
    region = world.placement(like).region
    letter = next((letter for letter in _LETTERS if f"{region}{letter}" not in taken), None)
    block = free_block(world, model.vpc, like)
    if letter is None or block is None:
        return None
    written = world.blueprint.components[like].raw
    body: dict[str, Json] = {"vpc": model.vpc, "az": letter if len(model.az) == 1 else f"{region}{letter}"}
    body["cidr"] = block
    body |= {key: deepcopy(written[key]) for key in ("route_table", "nacl", "map_public_ip", "role") if key in written}
    stem = like[: -len(model.az)] if len(model.az) == 1 and like.endswith(f"-{model.az}") else f"{like}-"
    name = unused_id(world.components, f"{stem}{letter}")
    return Elsewhere(name, (add_component(name, "subnet", body),))


def free_block(world: World, vpc: str, like: str) -> str | None:
    """Return the next free block of ``vpc`` that is as large as the subnet ``like``; None where it is full."""
    home = as_kind(world, vpc, VpcProperties)
    model = as_kind(world, like, SubnetProperties)
    if home is None or model is None:
        return None
    used = [subnet.cidr for _, subnet in each(world, SubnetProperties) if subnet.vpc == vpc]
    size = ipaddress.ip_network(model.cidr).prefixlen
    for whole in (home.cidr, *home.secondary_cidrs):
        room = ipaddress.ip_network(whole)
        if room.prefixlen > size:
            continue
        for candidate in room.subnets(new_prefix=size):
            if not any(overlap(str(candidate), block) for block in used):
                return str(candidate)
    return None


def add_zone(world: World, name: str, subnets: Iterable[str]) -> tuple[Edit, ...]:
    """Return the edit that gives component ``name`` a subnet in one more zone; none where that cannot be done."""
    here = tuple(subnets)
    if not here:
        return ()
    found = subnet_elsewhere(world, here[0], zones_of(world, here))
    if found is None:
        return ()
    edits = (*found.edits, append_to(world.blueprint, name, ("subnets",), found.subnet))
    return (join(f"spread {name} to {found.subnet}", edits),)


def twin_instance(world: World, name: str) -> tuple[str, tuple[Edit, ...]] | None:
    """Return the id and the edits of an instance like ``name`` in another zone; None where that cannot be done."""
    component = world.blueprint.components.get(name)
    if component is None or "network_interfaces" in component.raw:
        return None
    body = {key: deepcopy(value) for key, value in component.raw.items() if key not in _OWN}
    if isinstance(component.raw.get("public_ip"), bool):
        body["public_ip"] = component.raw["public_ip"]
    twin = unused_id(world.components, f"{name.rstrip('0123456789').rstrip('-')}-2")
    taken = world.placement(name).zones
    subnet = component.raw.get("subnet")
    before: tuple[Edit, ...] = ()
    if isinstance(subnet, str):
        found = subnet_elsewhere(world, subnet, taken)
        if found is None:
            return None
        body["subnet"] = found.subnet
        before = found.edits
    else:
        region = world.placement(name).region
        body["az"] = next(letter for letter in ("b", "a") if f"{region}{letter}" not in taken)
    links = tuple(_copied_links(world, name, twin))
    word = str(value_at(world.blueprint.data, ("components", name, "kind")))
    return twin, (*before, add_component(twin, word, body), *links)


def _copied_links(world: World, name: str, twin: str) -> Iterable[Edit]:
    written = world.blueprint.data.get("links")
    if not isinstance(written, list):
        return
    place = len(written)
    for link in written:
        if isinstance(link, dict) and link.get("from") == name:
            yield Edit(f"link {twin} to {link.get('to')}", (Insert(("links", place), {**link, "from": twin}),))
            place += 1
