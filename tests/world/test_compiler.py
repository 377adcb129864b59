"""The compiler: complete, repeatable, and the same after an edit as from scratch."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archtui.model.blueprint import Blueprint
from archtui.model.component import Json
from archtui.model.edits import add_component, remove_component, rename_component, set_property
from archtui.model.errors import EditError, InputError
from archtui.model.operations import Operation, Remove, Set
from archtui.services import registry
from archtui.world.compiler import compile_world
from archtui.world.world import World
from tests.generators import design

BASE: dict[str, Json] = {
    "blueprint": "A bit of everything",
    "region": "eu-west-1",
    "components": {
        "vpc": {"kind": "vpc", "cidr": "10.0.0.0/16"},
        "igw": {"kind": "internet_gateway", "vpc": "vpc"},
        "public": {"kind": "route_table", "vpc": "vpc", "routes": [{"to": "0.0.0.0/0", "via": "igw"}]},
        "sub-a": {"kind": "subnet", "vpc": "vpc", "az": "a", "cidr": "10.0.0.0/24", "route_table": "public"},
        "sub-b": {"kind": "subnet", "vpc": "vpc", "az": "b", "cidr": "10.0.1.0/24"},
        "sg": {"kind": "security_group", "vpc": "vpc", "ingress": [{"port": 80, "from": "0.0.0.0/0"}]},
        "web": {"kind": "ec2", "subnet": "sub-a", "security_groups": ["sg"]},
        "lost": {"kind": "ec2"},
        "lt": {"kind": "launch_template", "instance_type": "m5.large"},
        "asg": {"kind": "asg", "subnets": ["sub-a", "sub-b"], "launch_template": "lt", "desired": 2, "max": 4},
        "tg": {"kind": "target_group", "targets": ["asg", "web"]},
        "lb": {"kind": "alb", "subnets": ["sub-a", "sub-b"], "listeners": [{"port": 80, "forward": "tg"}]},
        "db": {"kind": "rds", "engine": "postgres", "multi_az": True},
        "zone": {"kind": "hosted_zone", "name": "example.com"},
        "www": {"kind": "record", "zone": "zone", "name": "www", "alias": "lb"},
        "tgw": {"kind": "tgw"},
        "att": {"kind": "tgw_attachment", "transit_gateway": "tgw", "vpc": "vpc", "subnets": ["sub-a"]},
    },
    "links": [{"from": "asg", "to": "db", "port": 5432}],
}


def built(data: dict[str, Json]) -> Blueprint:
    return Blueprint.build(data, registry())


def shown(world: World) -> list[tuple[object, ...]]:
    """Everything an engine can see of a world."""
    return [
        (c.id, c.kind.name, c.implicit, dict(c.raw), c.properties, world.placement(c.id))
        for c in world.components.values()
    ] + [(link,) for link in world.links]


def test_nothing_compiles_to_the_internet_and_the_home_region() -> None:
    world = compile_world(built({"blueprint": "Empty", "region": "eu-west-1"}))
    assert sorted(world.components) == ["internet", "region:eu-west-1"]
    assert world.links == ()


def test_document_order_comes_first_then_the_implicit_by_id() -> None:
    blueprint = built(BASE)
    ids = list(compile_world(blueprint).components)
    written = len(blueprint.components)
    assert ids[:written] == list(blueprint.components)
    assert ids[written:] == sorted(ids[written:])


def test_every_reference_of_a_world_leads_to_a_component() -> None:
    world = compile_world(built(BASE))
    dangling = [edge for c in world.components.values() for edge in c.edges if edge.target not in world.components]
    assert dangling == []


def test_compiling_twice_gives_the_same() -> None:
    assert shown(compile_world(built(BASE))) == shown(compile_world(built(BASE)))


NAMES = ("vpc", "sub-a", "sub-b", "sg", "web", "lost", "asg", "tg", "lb", "db", "lt", "www", "att", "new", "other")
VALUES: tuple[tuple[tuple[str | int, ...], tuple[Json, ...]], ...] = (
    (("subnet",), ("sub-a", "sub-b")),
    (("subnets",), (["sub-a"], ["sub-a", "sub-b"], [])),
    (("az",), ("a", "b", "c", "d")),
    (("desired",), (0, 1, 3)),
    (("instance_type",), ("t3.small", "m5.xlarge")),
    (("vpc",), ("vpc", "other", "new")),
    (("region",), ("eu-west-1", "us-east-1")),
    (("default",), (True, False)),
    (("main",), (True, False)),
    (("map_public_ip",), (True, False)),
    (("targets",), (["asg"], ["web"], [], ["lost", "asg"])),
    (("target_groups",), (["tg"], [])),
    (("security_groups",), (["sg"], [])),
    (("multi_az",), (True, False)),
    (("name",), ("@", "shop", "www.example.com")),
    (("route_table",), ("public", "new")),
    (("label",), ("A", "B")),
)
BODIES: tuple[Json, ...] = (
    {"kind": "ec2"},
    {"kind": "ec2", "az": "d", "launch_template": "lt"},
    {"kind": "vpc", "cidr": "10.9.0.0/16"},
    {"kind": "vpc", "cidr": "172.31.0.0/16", "default": True},
    {"kind": "subnet", "vpc": "vpc", "az": "c", "cidr": "10.0.7.0/24"},
    {"kind": "route_table", "vpc": "vpc", "main": True},
    {"kind": "security_group"},
    {"kind": "asg", "target_groups": ["tg"], "desired": 2},
    {"kind": "availability_zone", "name": "eu-west-1a", "inside": "new"},
    {"kind": "region", "name": "eu-west-1"},
    {"kind": "nlb", "listeners": [{"port": 443, "forward": "tg"}]},
)

name_of = st.sampled_from(NAMES)
edit_of = st.one_of(
    st.tuples(st.just("set"), name_of, st.sampled_from([(path, value) for path, values in VALUES for value in values])),
    st.tuples(st.just("clear"), name_of, st.sampled_from([path for path, _ in VALUES])),
    st.tuples(st.just("add"), name_of, st.sampled_from(BODIES)),
    st.tuples(st.just("remove"), name_of, st.none()),
    st.tuples(st.just("rename"), name_of, name_of),
    st.tuples(st.just("region"), st.just(""), st.sampled_from(["eu-west-1", "us-east-1"])),
    st.tuples(st.just("link"), name_of, name_of),
)


def operations(blueprint: Blueprint, edit: tuple[str, str, object]) -> tuple[Operation, ...]:
    what, name, value = edit
    if what == "set" and isinstance(value, tuple):
        return set_property(name, value[0], value[1]).operations
    if what == "clear" and isinstance(value, tuple):
        return (Remove(("components", name, *value)),)
    if what == "add" and isinstance(value, dict):
        kind = str(value["kind"])
        return add_component(name, kind, {k: v for k, v in value.items() if k != "kind"}).operations
    if what == "remove":
        return remove_component(blueprint, name).operations
    if what == "rename":
        return rename_component(blueprint, name, str(value)).operations
    if what == "region":
        return (Set(("region",), str(value)),)
    return (Set(("links",), [{"from": name, "to": str(value)}]),)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(edit_of, min_size=1, max_size=8))
def test_after_any_edits_the_world_is_the_one_compiled_from_scratch(edits: list[tuple[str, str, object]]) -> None:
    blueprint = built(BASE)
    world = compile_world(blueprint)
    for edit in edits:
        try:
            blueprint, _ = blueprint.edited(operations(blueprint, edit))
        except (EditError, InputError):
            continue
        world = compile_world(blueprint, world)
        assert shown(world) == shown(compile_world(blueprint))


def test_an_edit_leaves_the_objects_alone_that_it_does_not_change() -> None:
    blueprint = built(design(200, seed=3))
    world = compile_world(blueprint)
    edited, _ = blueprint.edited((Set(("components", "v0-t0-i0", "instance_type"), "m5.large"),))
    after = compile_world(edited, world)
    changed = [name for name, component in after.components.items() if world.components[name] is not component]
    assert changed == ["v0-t0-i0"]


def test_a_change_spreads_as_far_as_it_matters() -> None:
    blueprint = built(design(200, seed=3))
    world = compile_world(blueprint)
    edited, _ = blueprint.edited((Set(("components", "v0-app-a", "map_public_ip"), True),))
    after = compile_world(edited, world)
    changed = {name for name, component in after.components.items() if world.components[name] is not component}
    inside = {c.id for c in after.of_kind("ec2_instance") if "v0-app-a" in after.placement(c.id).subnets}
    assert changed == {"v0-app-a", *inside}


@pytest.mark.parametrize("seed", [1, 2])
def test_a_generated_design_is_the_same_for_the_same_seed_and_valid(seed: int) -> None:
    assert design(300, seed) == design(300, seed)
    assert design(300, seed) != design(300, seed + 7)
    assert 300 <= len(built(design(300, seed)).components) < 340
