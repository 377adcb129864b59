"""Racks: which instances share one, by their placement group."""

from __future__ import annotations

import pytest

from archtui.formats.blueprint_file import loads
from archtui.services import registry
from archtui.world.compiler import compile_world
from archtui.world.racks import rack_of, racks
from archtui.world.world import World
from tests.proves import proves

GUIDE = "EC2 User Guide, 'Placement strategies'"


def world_of(components: str) -> World:
    return compile_world(loads(f"blueprint: Racks\nregion: eu-west-1\ncomponents:\n{components}", registry()).blueprint)


def instances(count: int, more: str, zones: str = "a") -> str:
    return "".join(
        f"  node-{n + 1}: {{kind: ec2_instance, az: {zones[n % len(zones)]}, {more}}}\n" for n in range(count)
    )


@proves("Each instance of a spread placement group stands on a rack of its own.", area="Placement", source=GUIDE)
def test_a_spread_group_gives_each_instance_a_rack() -> None:
    world = world_of("  apart: {kind: placement_group, strategy: spread}\n" + instances(3, "placement_group: apart"))
    assert racks(world) == {"apart/1": ("node-1",), "apart/2": ("node-2",), "apart/3": ("node-3",)}
    assert rack_of(world, "node-2") == "apart/2"


@proves(
    "Partitions share no rack, and instances that name none are spread evenly over them.",
    area="Placement",
    source=GUIDE,
)
def test_a_partition_is_a_rack_of_its_zone() -> None:
    text = "  parts: {kind: placement_group, strategy: partition, partitions: 3}\n"
    world = world_of(
        text + instances(4, "placement_group: parts") + "  own: {kind: ec2, placement_group: parts, partition: 3}\n"
    )
    assert racks(world) == {"parts/1": ("node-1", "node-3"), "parts/2": ("node-2", "node-4"), "parts/3": ("own",)}


def test_partitions_of_one_number_in_two_zones_are_two_racks() -> None:
    text = "  parts: {kind: placement_group, strategy: partition, partitions: 2}\n"
    world = world_of(text + instances(3, "placement_group: parts, partition: 1", "ab"))
    assert racks(world) == {"parts/1a": ("node-1", "node-3"), "parts/1b": ("node-2",)}


def test_a_cluster_stands_or_falls_together() -> None:
    world = world_of("  near: {kind: placement_group}\n" + instances(3, "placement_group: near"))
    assert racks(world) == {"near/1": ("node-1", "node-2", "node-3")}


def test_of_an_instance_in_no_group_nothing_is_said() -> None:
    world = world_of(
        "  near: {kind: placement_group}\n" + instances(1, "placement_group: near") + "  other: {kind: ec2}\n"
    )
    assert rack_of(world, "other") is None
    assert not racks(world_of("  other: {kind: ec2}\n"))


def test_a_terminated_instance_stands_on_no_rack() -> None:
    world = world_of(
        "  near: {kind: placement_group}\n  gone: {kind: ec2, az: a, placement_group: near, state: stopped}\n"
    )
    assert not racks(world)


@pytest.mark.parametrize(
    ("strategy", "desired", "started", "zones"),
    [("spread", 20, 14, 2), ("spread", 3, 3, 2), ("partition", 20, 20, 2), ("cluster", 4, 4, 1)],
)
@proves(
    "A spread placement group takes seven running instances for each zone, a cluster group those of one zone.",
    area="Placement",
    source=GUIDE,
)
def test_what_an_auto_scaling_group_can_start(strategy: str, desired: int, started: int, zones: int) -> None:
    world = world_of(f"""\
  vpc: {{kind: vpc, cidr: 10.0.0.0/16}}
  app-a: {{kind: subnet, vpc: vpc, az: a, cidr: 10.0.1.0/24}}
  app-b: {{kind: subnet, vpc: vpc, az: b, cidr: 10.0.2.0/24}}
  placed: {{kind: placement_group, strategy: {strategy}}}
  template: {{kind: launch_template, placement_group: placed}}
  nodes: {{kind: asg, launch_template: template, subnets: [app-a, app-b], min: {desired}, max: {desired}}}
""")
    members = [component.id for component in world.of_kind("ec2_instance")]
    assert len(members) == started
    assert len({zone for name in members for zone in world.placement(name).zones}) == zones
    assert sum(len(found) for found in racks(world).values()) == started
