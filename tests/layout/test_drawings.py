"""Drawings of known designs, read as text."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from archtui.formats.yaml_text import read_yaml
from archtui.layout import DesignEdge, DesignView, Options, lay_out, view_of
from archtui.layout.navigate import find, neighbour, reading_order
from archtui.layout.paint import text_of
from archtui.model.blueprint import Blueprint
from archtui.model.component import Json
from archtui.services import registry
from archtui.world.compiler import compile_world
from archtui.world.world import World
from tests.layout.designs import sized

HERE = Path(__file__).parent
THREE_TIER = HERE.parents[1] / "blueprints" / "three-tier.yaml"


@pytest.fixture(scope="module")
def three_tier() -> World:
    return compile_world(Blueprint.build(read_yaml(THREE_TIER.read_text("utf-8")), registry()))


def world(**components: Json) -> World:
    return compile_world(
        Blueprint.build({"blueprint": "x", "version": 1, "region": "eu-west-1", "components": components}, registry())
    )


@pytest.mark.parametrize("width", [80, 120, 200])
def test_three_tier_looks_as_it_did(three_tier: World, width: int) -> None:
    """To accept a better look: write the text to the golden file and read it."""
    golden = HERE / "golden" / f"three-tier-{width}.txt"
    layout = lay_out(three_tier, Options(width=width))
    assert text_of(layout) == golden.read_text("utf-8")
    assert layout.width <= width


def test_zones_are_columns_and_tiers_are_rows(three_tier: World) -> None:
    frames = lay_out(three_tier, Options()).frames
    for a, b in (("public-a", "public-b"), ("app-a", "app-b"), ("data-a", "data-b")):
        assert frames[a].rect.y == frames[b].rect.y
        assert frames[a].rect.right < frames[b].rect.x
        assert frames[a].parent == "vpc/eu-west-1a"
        assert frames[b].parent == "vpc/eu-west-1b"
    assert frames["public-a"].rect.bottom < frames["app-a"].rect.y < frames["data-a"].rect.y
    assert frames["vpc/eu-west-1a"].target == "az:eu-west-1a"
    assert frames["region:eu-west-1"].target == "region:eu-west-1"


def test_what_spans_zones_stands_between_them_at_its_tier(three_tier: World) -> None:
    layout = lay_out(three_tier, Options())
    for name, subnet in (("lb", "public-a"), ("web", "app-a"), ("db", "data-a")):
        box, row = layout.nodes[name].rect, layout.frames[subnet].rect
        assert row.y <= box.y < row.bottom
        assert layout.frames["vpc/eu-west-1a"].rect.right <= box.x
        assert box.right <= layout.frames["vpc/eu-west-1b"].rect.x
    assert {node.frame for node in layout.nodes.values() if node.shadow and node.component == "db"} == {
        "data-a",
        "data-b",
    }


def test_the_gateway_stands_on_the_border_and_the_way_in_is_straight(three_tier: World) -> None:
    layout = lay_out(three_tier, Options())
    assert layout.nodes["igw"].rect.y == layout.frames["vpc"].rect.y
    into = next(route for route in layout.routes if route.source == "igw")
    assert into.target == "lb"
    assert len(into.points) == 2


def test_settings_fold_into_one_strip_and_open(three_tier: World) -> None:
    folded = lay_out(three_tier, Options())
    assert folded.shown("web-sg") == "settings:vpc"
    assert folded.shown("eip-a") == "settings:vpc"
    opened = lay_out(three_tier, Options(unfolded=frozenset({"settings:vpc"})))
    assert opened.shown("web-sg") == "web-sg"
    assert opened.nodes["web-sg"].frame == "settings:vpc"


@pytest.mark.parametrize(
    ("frame", "inside", "edge"),
    [
        ("app-a", "web-1", ("web", "app-a")),
        ("vpc/eu-west-1b", "web-2", ("web", "vpc/eu-west-1b")),
        ("vpc", "db", ("internet", "vpc")),
        ("region:eu-west-1", "lb", ("shop", "region:eu-west-1")),
    ],
)
def test_a_folded_frame_is_one_node_with_its_edges(
    three_tier: World, frame: str, inside: str, edge: tuple[str, str]
) -> None:
    layout = lay_out(three_tier, Options(folded=frozenset({frame})))
    assert frame in layout.nodes
    assert frame not in layout.frames
    assert layout.shown(inside) == frame
    assert edge in {(route.source, route.target) for route in layout.routes}


def test_routes_are_drawn_on_request(three_tier: World) -> None:
    layout = lay_out(three_tier, Options(show=frozenset({"routes"})))
    ways = {(route.source, route.target) for route in layout.routes if route.style == "route"}
    assert ways == {("app-a", "nat-a"), ("app-b", "nat-b"), ("public-a", "igw"), ("public-b", "igw")}
    assert not [route for route in lay_out(three_tier, Options()).routes if route.style == "route"]


def test_nothing_at_all() -> None:
    layout = lay_out(world(), Options())
    assert (layout.nodes, layout.frames, layout.routes) == ({}, {}, ())


def test_a_lone_instance_is_drawn_where_aws_would_put_it() -> None:
    layout = lay_out(world(a={"kind": "ec2"}), Options())
    assert layout.frames[layout.nodes["a"].frame].kind == "subnet"
    assert len([frame for frame in layout.frames.values() if frame.kind == "subnet"]) == 1


def test_a_peering_stands_between_its_vpcs() -> None:
    layout = lay_out(
        world(
            v={"kind": "vpc", "cidr": "10.0.0.0/16"},
            w={"kind": "vpc", "cidr": "10.1.0.0/16"},
            p={"kind": "peering", "requester": "v", "accepter": "w"},
        )
    )
    assert layout.nodes["p"].frame == "region:eu-west-1"
    assert {(route.source, route.target) for route in layout.routes} == {("p", "v"), ("p", "w")}
    assert "═" in text_of(layout)


def test_a_public_subnet_is_told_by_its_route() -> None:
    components: dict[str, Json] = {
        "v": {"kind": "vpc", "cidr": "10.0.0.0/16"},
        "g": {"kind": "igw", "vpc": "v"},
        "rt": {"kind": "route_table", "vpc": "v", "routes": [{"to": "0.0.0.0/0", "via": "g"}]},
        "back": {"kind": "subnet", "vpc": "v", "az": "a", "cidr": "10.0.1.0/24"},
        "front": {"kind": "subnet", "vpc": "v", "az": "a", "cidr": "10.0.0.0/24", "route_table": "rt"},
    }
    frames = lay_out(world(**components)).frames
    assert frames["front"].rect.y < frames["back"].rect.y


def test_ascii_has_no_other_characters(three_tier: World) -> None:
    text = text_of(lay_out(three_tier, Options()), ascii_only=True)
    assert text.isascii()
    assert text.count("\n") == text_of(lay_out(three_tier, Options())).count("\n")


def test_edges_of_different_nets_cross_without_a_joint() -> None:
    text = text_of(lay_out(sized(300), Options(width=120)))
    assert "─│─" in text


def test_an_edge_changes_only_what_it_must() -> None:
    view = sized(60)
    more = replace(view, edges=(*view.edges, DesignEdge("i1-0", "i1-1", "link")))
    before, after = lay_out(view), lay_out(DesignView(more.nodes, more.edges))
    assert len(after.routes) == len(before.routes) + 1
    assert list(before.nodes) == list(after.nodes)


@pytest.mark.parametrize(
    ("start", "direction", "end"),
    [
        ("web", "left", "web-1"),
        ("web", "right", "web-2"),
        ("web", "up", "lb"),
        ("web", "down", "db"),
        ("lb", "up", "igw"),
        ("igw", "up", "internet"),
        ("nat-a", "down", "web-1"),
        ("nat-a", "left", None),
        ("app-a", "down", "data-a"),
        ("vpc/eu-west-1a", "right", "web"),
    ],
)
def test_moving(three_tier: World, start: str, direction: str, end: str | None) -> None:
    assert neighbour(lay_out(three_tier, Options()), start, direction) == end  # type: ignore[arg-type]


def test_every_node_can_be_reached_by_moving(three_tier: World) -> None:
    layout = lay_out(three_tier, Options())
    seen, stack = set(), [reading_order(layout)[0]]
    while stack:
        name = stack.pop()
        if name not in seen:
            seen.add(name)
            stack += [n for d in ("left", "right", "up", "down") if (n := neighbour(layout, name, d))]  # type: ignore[arg-type]
    assert seen == set(reading_order(layout))


def test_finding(three_tier: World) -> None:
    layout = lay_out(three_tier, Options())
    assert find(layout, "WEB") == ["web-1", "web", "web-2"]
    assert find(layout, "example")[0] in ("zone", "shop")
    assert find(layout, "10.0.20") == ["data-a"]
    assert find(layout, "nothing like it") == []


def test_the_view_names_tiers_and_words(three_tier: World) -> None:
    view = view_of(three_tier)
    assert [view.nodes[name].depiction.tier for name in ("public-a", "app-a", "data-a")] == [0, 1, 2]
    assert view.nodes["web-sg"].place == "setting"
    assert view.nodes["shop"].label == "shop.example.com"
