"""The world's indexes, and the conditions engines look at it under."""

from __future__ import annotations

import re

import pytest

from archtui.model.blueprint import Blueprint
from archtui.model.component import Json
from archtui.services import registry
from archtui.world.compiler import compile_world
from archtui.world.condition import HEALTHY, TargetError, condition_for
from archtui.world.world import World, explicit

SHOP: dict[str, Json] = {
    "blueprint": "Shop",
    "region": "eu-west-1",
    "components": {
        "vpc": {"kind": "vpc", "cidr": "10.0.0.0/16"},
        "a": {"kind": "subnet", "vpc": "vpc", "az": "a", "cidr": "10.0.0.0/24"},
        "b": {"kind": "subnet", "vpc": "vpc", "az": "b", "cidr": "10.0.1.0/24"},
        "web": {"kind": "ec2", "subnet": "a"},
        "lb": {"kind": "alb", "subnets": ["a", "b"]},
        "db": {"kind": "rds", "subnets": ["a", "b"], "multi_az": True},
        "one": {"kind": "rds", "subnets": ["a", "b"], "az": "b"},
        "zone": {"kind": "hosted_zone", "name": "example.com"},
        "far": {"kind": "vpc", "cidr": "10.1.0.0/16", "region": "us-east-1"},
        "there": {"kind": "subnet", "vpc": "far", "az": "a", "cidr": "10.1.0.0/24"},
        "us": {"kind": "region", "name": "us-east-1"},
        "us-a": {"kind": "availability_zone", "name": "us-east-1a", "inside": "us"},
        "copy": {"kind": "ec2", "subnet": "there"},
    },
    "links": [{"from": "web", "to": "db", "port": 3306}],
}


@pytest.fixture(scope="module")
def world() -> World:
    return compile_world(Blueprint.build(SHOP, registry()))


def test_containment_goes_through_everything_in_between(world: World) -> None:
    assert world.contains("vpc", "web")
    assert world.contains("us", "us-a")
    assert not world.contains("vpc", "copy")
    assert not world.contains("web", "vpc")


def test_who_names_whom(world: World) -> None:
    naming = {(edge.source, edge.role) for edge in world.referrers("a")}
    assert {("web", "in"), ("lb", "in"), ("db", "in")} <= naming
    assert world.referrers("nobody") == ()
    assert [link.target for link in world.links_from("web")] == ["db"]


def test_the_graph_has_every_component_edge_and_link(world: World) -> None:
    assert set(world.graph.nodes) == set(world.components)
    assert world.graph.get_edge_data("web", "db")[0]["role"] == "link"
    assert world.graph.number_of_edges() == sum(len(c.edges) for c in world.components.values()) + 1


def test_a_part_is_made_once(world: World) -> None:
    made: list[World] = []

    def part(of: World) -> int:
        made.append(of)
        return len(of.components)

    assert world.part(part) == world.part(part) == len(world.components)
    assert made == [world]


def test_the_author_wrote_what_is_explicit(world: World) -> None:
    assert {c.id for c in explicit(world.components.values())} == set(SHOP["components"])  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("target", "down", "up"),
    [
        ("web", {"web"}, {"lb", "db"}),
        ("az:eu-west-1a", {"web", "a"}, {"lb", "db", "one", "b", "copy", "zone"}),
        ("az:eu-west-1b", {"one", "b"}, {"web", "lb", "db"}),
        ("region:eu-west-1", {"web", "lb", "db", "one", "vpc"}, {"copy", "far", "zone", "internet"}),
        ("us-a", {"copy", "there", "us-a"}, {"web", "far"}),
        ("us", {"copy", "far", "us-a"}, {"web", "vpc", "zone"}),
        ("service:ec2", {"web", "copy"}, {"lb"}),
    ],
)
def test_what_a_target_takes_down(world: World, target: str, down: set[str], up: set[str]) -> None:
    condition = condition_for(world, (target,))
    assert not condition.is_healthy
    assert {name for name in down | up if condition.is_down(world, name)} == down


def test_both_zones_take_down_what_is_spread_over_them(world: World) -> None:
    condition = condition_for(world, ("az:eu-west-1a", "az:eu-west-1b"))
    assert all(condition.is_down(world, name) for name in ("lb", "db", "one", "web"))


def test_a_link_is_named_by_its_ends(world: World) -> None:
    assert condition_for(world, ("link:web->db",)).links == frozenset({("web", "db")})


@pytest.mark.parametrize(
    ("target", "said"),
    [
        ("wbe", "did you mean 'web'?"),
        ("az:eu-west-1z", "did you mean"),
        ("region:mars", "this design has"),
        ("link:web->zone", "there is no link"),
        ("service:nonsense", "unknown service"),
    ],
)
def test_a_target_that_is_nothing_is_refused_with_a_remedy(world: World, target: str, said: str) -> None:
    with pytest.raises(TargetError, match=re.escape(said)):
        condition_for(world, (target,))


def test_nothing_is_down_in_health(world: World) -> None:
    assert HEALTHY.is_healthy
    assert not any(HEALTHY.is_down(world, name) for name in world.components)
