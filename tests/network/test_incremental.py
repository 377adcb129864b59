"""A network compiled after an edit is the one compiled from scratch; what moves no interface lays nothing out."""

from __future__ import annotations

from dataclasses import fields

import pytest

from archtui.model.component import Json
from archtui.model.operations import Operation, Remove, Set
from archtui.network.engine import network_of
from archtui.network.model import Network
from archtui.world.compiler import compile_world
from archtui.world.world import World
from tests.network.designs import Parts, two_subnets, world


def _design() -> Parts:
    return two_subnets(
        list={"kind": "prefix_list", "cidrs": ["9.9.9.0/24"]},
        listed={"kind": "security_group", "vpc": "v", "ingress": [{"port": 22, "from": "list"}]},
        idle={"kind": "elastic_ip", "address": "198.51.100.99"},
        box={"kind": "ec2", "subnet": "sa", "security_groups": ["listed"], "source_dest_check": False},
        plain={"kind": "ec2", "subnet": "sb", "security_groups": [], "public_ip": True},
        someone={"kind": "client", "address": "198.18.0.200"},
    )


def _edited(before: World, *operations: Operation) -> World:
    return compile_world(before.blueprint.edited(operations)[0], before)


def _tables(network: Network) -> dict[str, object]:
    return {field.name: getattr(network, field.name) for field in fields(network) if field.name != "cache"}


def _set(*path: str | int, value: Json) -> Set:
    return Set(("components", *path), value)


EDITS: tuple[Operation, ...] = (
    _set("a", "instance_type", value="m5.large"),
    _set("sg", "ingress", value=[{"port": 22, "from": "9.0.0.0/8"}]),
    _set("list", "cidrs", value=["9.9.8.0/24"]),
    _set("b", "private_ip", value="10.0.1.20"),
    _set("b", "security_groups", value=["listed"]),
    _set("priv", "routes", value=[{"to": "0.0.0.0/0", "via": "box"}]),
    _set("idle", "address", value="198.51.100.98"),
    _set("someone", "address", value="198.18.0.1"),
    _set("idle", "attached_to", value="b"),
    _set("idle", "attached_to", value="a"),
    _set("eip", "address", value="198.51.100.8"),
    _set("sa", "map_public_ip", value=True),
    _set("new", value={"kind": "ec2", "subnet": "sb"}),
    _set("mine", value={"kind": "security_group", "vpc": "v", "default": True}),
    Remove(("components", "plain")),
    _set("v", "secondary_cidrs", value=["10.9.0.0/16"]),
)


@pytest.mark.parametrize("edit", EDITS, ids=str)
def test_after_an_edit_the_network_is_the_one_from_scratch(edit: Operation) -> None:
    before = world(_design())
    first = _tables(network_of(before))
    after = _edited(before, edit)
    assert _tables(network_of(after)) == _tables(network_of(compile_world(after.blueprint)))
    assert _tables(network_of(before)) == first


def test_edits_after_each_other_give_the_network_from_scratch() -> None:
    here = world(_design())
    for edit in EDITS:
        network_of(here)
        here = _edited(here, edit)
        assert _tables(network_of(here)) == _tables(network_of(compile_world(here.blueprint)))


@pytest.mark.parametrize(("edit", "moves"), list(zip(EDITS[:4], (False, False, False, True), strict=True)))
def test_what_moves_no_interface_lays_nothing_out_again(edit: Operation, moves: bool) -> None:
    before = world(_design())
    earlier = network_of(before).interfaces
    assert (network_of(_edited(before, edit)).interfaces is not earlier) is moves
