"""Auto Scaling groups: hooks, warm pools, spot instances taken away, placement groups that bind them."""

from __future__ import annotations

import pytest

from archtui.failure.interface import Fails, Mechanism, Situation
from archtui.formats.blueprint_file import loads
from archtui.services import registry
from archtui.services.ec2.properties import Ec2InstanceProperties
from archtui.world.compiler import compile_world
from archtui.world.condition import TargetError, condition_for
from archtui.world.world import World
from tests.proves import proves

GUIDE = "EC2 Auto Scaling User Guide"


def world_of(settings: str, template: str = "", more: str = "") -> World:
    return compile_world(
        loads(
            f"""
blueprint: Scaling
region: eu-west-1
components:
  vpc: {{kind: vpc, cidr: 10.0.0.0/16}}
  app-a: {{kind: subnet, vpc: vpc, az: a, cidr: 10.0.1.0/24}}
  app-b: {{kind: subnet, vpc: vpc, az: b, cidr: 10.0.2.0/24}}
  lt: {{kind: launch_template, boot_time: 200{template}}}
  web: {{kind: asg, launch_template: lt, subnets: [app-a, app-b], min: 4, max: 8, {settings}}}
{more}""",
            registry(),
        ).blueprint
    )


def mechanism(world: World, *down: str) -> Mechanism:
    component = world.components["web"]
    fails = component.kind.behaviour(Fails)
    assert fails is not None
    (found,) = fails.mechanisms(component, Situation(world, condition_for(world, down)))
    return found


def seconds(world: World, *down: str) -> float:
    found = mechanism(world, *down).seconds
    assert found is not None
    return found.max


@proves(
    "A launching hook adds the time it holds an instance, at most its heartbeat timeout where it then continues.",
    area="Auto Scaling",
    source=f"{GUIDE}, 'Amazon EC2 Auto Scaling lifecycle hooks'",
)
@pytest.mark.parametrize(
    ("hook", "took"),
    [
        ("{transition: launching, takes: 90}", 60 + 200 + 90),
        ("{transition: terminating, takes: 90}", 60 + 200),
        ("{transition: launching, takes: 900, heartbeat_timeout: 300, default_result: CONTINUE}", 60 + 200 + 300),
        ("{transition: launching}", 60 + 200),
    ],
)
def test_a_launching_hook_holds_new_instances(hook: str, took: float) -> None:
    assert seconds(world_of(f"lifecycle_hooks: [{hook}]"), "web:1") == took


@proves(
    "A launching hook that times out with ABANDON terminates the instance: none comes into service.",
    area="Auto Scaling",
    source=f"{GUIDE}, 'How lifecycle hooks work'",
)
def test_a_hook_that_nobody_answers_abandons_every_instance() -> None:
    world = world_of("lifecycle_hooks: [{transition: launching, takes: 900, heartbeat_timeout: 300}]")
    assert "abandons each new instance" in mechanism(world, "web:1").hindered


@proves(
    "An instance of the warm pool serves sooner than one that is launched.",
    area="Auto Scaling",
    source=f"{GUIDE}, 'Decrease latency for applications with long boot times using warm pools'",
)
def test_a_warm_pool_spares_the_boot_as_long_as_it_holds_enough() -> None:
    world = world_of("warm_pool: {min_size: 1, start_time: 25}")
    assert (seconds(world, "web:1"), seconds(world, "web:1", "web:2")) == (85, 260)


def spot(world: World) -> list[str]:
    found = []
    for component in world.of_kind("ec2_instance"):
        assert isinstance(component.properties, Ec2InstanceProperties)
        if component.properties.purchasing == "spot":
            found.append(component.id)
    return found


@proves(
    "In a group that mixes, the base and its share of the rest are on-demand, the others spot instances.",
    area="Auto Scaling",
    source=f"{GUIDE}, 'Auto Scaling groups with multiple instance types and purchase options'",
)
@pytest.mark.parametrize(
    ("mixed", "count"),
    [
        ("{on_demand_base: 1, on_demand_percentage: 0}", 3),
        ("{on_demand_percentage: 50}", 2),
        ("{on_demand_base: 1, on_demand_percentage: 50}", 1),
        ("{}", 0),
        ("{on_demand_base: 9, on_demand_percentage: 0}", 0),
    ],
)
def test_a_mixed_group_shares_out_spot_instances(mixed: str, count: int) -> None:
    assert len(spot(world_of(f"mixed_instances: {mixed}"))) == count


@proves(
    "AWS takes spot instances back with two minutes' notice; with capacity rebalancing others are started then.",
    area="Auto Scaling",
    source="EC2 User Guide, 'Spot Instance interruption notices'; " + f"{GUIDE}, 'Use Capacity Rebalancing'",
)
def test_capacity_rebalancing_uses_the_notice() -> None:
    mixed = "mixed_instances: {on_demand_base: 2, on_demand_percentage: 0}"
    plain, ready = world_of(mixed), world_of(f"{mixed}, capacity_rebalance: true")
    assert condition_for(plain, ("interrupted:web",)).down == {"web:3", "web:4"}
    assert (seconds(plain, "interrupted:web"), seconds(ready, "interrupted:web")) == (260, 80)
    assert seconds(ready, "web:3") == 260, "a failure gives no notice"
    assert seconds(ready, "interrupted:web:3") == 80


def test_what_has_no_spot_instance_is_not_interrupted() -> None:
    world = world_of("desired: 2", more="  box: {kind: ec2, subnet: app-a}\n")
    for name in ("web", "box"):
        with pytest.raises(TargetError, match="no spot instance"):
            condition_for(world, (f"interrupted:{name}",))


def test_a_group_in_a_cluster_placement_group_cannot_leave_its_zone() -> None:
    world = world_of("placement_group: near", more="  near: {kind: placement_group}\n")
    assert "bound to eu-west-1a" in mechanism(world, "az:eu-west-1a").hindered
    apart = world_of("placement_group: near", more="  near: {kind: placement_group, strategy: spread}\n")
    assert not mechanism(apart, "az:eu-west-1a").hindered


@proves(
    "A lost rack takes one instance of a spread group, and all of a cluster group.",
    area="Placement",
    source="EC2 User Guide, 'Placement strategies'",
)
@pytest.mark.parametrize(("strategy", "lost"), [("spread", 1), ("partition", 1), ("cluster", 4)])
def test_a_lost_rack(strategy: str, lost: int) -> None:
    world = world_of("placement_group: pg", more=f"  pg: {{kind: placement_group, strategy: {strategy}}}\n")
    rack = "rack:pg/1a" if strategy == "partition" else "rack:pg/1"
    assert len(condition_for(world, (rack,)).down) == lost
