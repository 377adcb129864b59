"""Edits that spread things over a second zone."""

from __future__ import annotations

from ipaddress import ip_network

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archtui.services.examples import NETWORK
from archtui.services.lookups import character_of, zones_of
from archtui.services.spread import add_zone, free_block, subnet_elsewhere, twin_instance
from archtui.world.compiler import compile_world
from tests.check.designs import world_of

LONE = NETWORK.replace("  app-b: {kind: subnet, vpc: vpc, az: b, cidr: 10.0.11.0/24, route_table: inside}\n", "")


def test_an_existing_subnet_of_the_same_character_is_preferred() -> None:
    found = subnet_elsewhere(world_of(NETWORK), "app-a", ("us-east-1a",))
    assert found is not None
    assert (found.subnet, found.edits) == ("app-b", ())


def test_otherwise_one_is_made_beside_it() -> None:
    world = world_of(LONE + "  lb: {kind: alb, scheme: internal, subnets: [app-a]}\n")
    (edit,) = add_zone(world, "lb", ("app-a",))
    blueprint, _ = world.blueprint.edited(edit.operations)
    after = compile_world(blueprint)
    assert zones_of(after, ("app-a", "app-b")) == ("us-east-1a", "us-east-1b")
    assert character_of(after, "app-b") == character_of(after, "app-a") == "isolated"
    assert after.components["lb"].properties.model_dump()["subnets"] == ("app-a", "app-b")


def test_a_full_vpc_has_no_room() -> None:
    world = world_of(
        "components:\n  vpc: {kind: vpc, cidr: 10.0.0.0/24}\n"
        "  all: {kind: subnet, vpc: vpc, az: a, cidr: 10.0.0.0/24}\n"
    )
    assert free_block(world, "vpc", "all") is None
    assert subnet_elsewhere(world, "all", ("us-east-1a",)) is None


@settings(max_examples=25, deadline=None)
@given(st.sets(st.integers(0, 15), min_size=1, max_size=16), st.sampled_from([20, 22, 24]))
def test_a_free_block_is_free(taken: set[int], size: int) -> None:
    lines = [f"  s{n}: {{kind: subnet, vpc: vpc, az: a, cidr: 10.0.{16 * n}.0/{size}}}\n" for n in sorted(taken)]
    world = world_of("components:\n  vpc: {kind: vpc, cidr: 10.0.0.0/16}\n" + "".join(lines))
    block = free_block(world, "vpc", f"s{min(taken)}")
    if block is None:
        assert size == 20
        assert len(taken) == 16
    else:
        new = ip_network(block)
        assert new.prefixlen == size
        assert not any(new.overlaps(ip_network(f"10.0.{16 * n}.0/{size}")) for n in taken)


@pytest.mark.parametrize("place", ["subnet: app-a", "az: a"])
def test_a_twin_stands_in_another_zone_and_calls_the_same(place: str) -> None:
    world = world_of(
        NETWORK
        + f"  web-1: {{kind: ec2, {place}, label: first}}\n  db: {{kind: rds}}\nlinks: [{{from: web-1, to: db}}]\n"
    )
    found = twin_instance(world, "web-1")
    assert found is not None
    twin, edits = found
    blueprint, _ = world.blueprint.edited(tuple(operation for edit in edits for operation in edit.operations))
    after = compile_world(blueprint)
    assert twin == "web-2"
    assert after.placement(twin).zones == ("us-east-1b",)
    assert [link.target for link in after.links_from(twin)] == ["db"]
    assert "label" not in after.blueprint.components[twin].raw
