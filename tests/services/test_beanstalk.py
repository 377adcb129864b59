"""Elastic Beanstalk: what an environment expands to, how it is asked, how a worker gets its messages."""

from __future__ import annotations

import pytest

from archtui.formats.blueprint_file import loads
from archtui.services import registry
from archtui.trace.request import Request
from archtui.trace.result import Trace
from archtui.trace.walker import trace
from archtui.world.compiler import compile_world
from archtui.world.condition import condition_for
from archtui.world.steps import Verdict
from archtui.world.world import World
from tests.proves import proves

GUIDE = "Elastic Beanstalk Developer Guide"
NETWORK = """
blueprint: Beanstalk
region: eu-west-1
components:
  vpc: {kind: vpc, cidr: 10.0.0.0/16, dns_hostnames: true}
  igw: {kind: internet_gateway, vpc: vpc}
  public: {kind: route_table, vpc: vpc, routes: [{to: 0.0.0.0/0, via: igw}]}
  public-a: {kind: subnet, vpc: vpc, az: a, cidr: 10.0.0.0/24, route_table: public, map_public_ip: true}
  public-b: {kind: subnet, vpc: vpc, az: b, cidr: 10.0.1.0/24, route_table: public, map_public_ip: true}
"""
NAME = "http://shop.eu-west-1.elasticbeanstalk.com/"


def world_of(settings: str, more: str = "") -> World:
    text = f"{NETWORK}  shop: {{kind: elastic_beanstalk, subnets: [public-a, public-b], {settings}}}\n{more}"
    return compile_world(loads(text, registry()).blueprint)


def parts(world: World) -> dict[str, str]:
    return {c.id.partition(":")[2]: c.kind.name for c in world.components.values() if c.id.startswith("shop:")}


@proves(
    "A load-balanced environment is an Application Load Balancer before an Auto Scaling group.",
    area="Beanstalk",
    source=f"{GUIDE}, 'Load-balanced, scalable environment'",
)
def test_a_load_balanced_environment_is_its_balancer_and_group() -> None:
    world = world_of("min: 2")
    assert parts(world) == {
        "sg": "security_group",
        "lb-sg": "security_group",
        "template": "launch_template",
        "tg": "target_group",
        "lb": "application_load_balancer",
        "asg": "auto_scaling_group",
        "asg:1": "ec2_instance",
        "asg:2": "ec2_instance",
    }
    for target in ("shop", NAME):
        request = (
            Request.make("internet", target) if "://" in target else Request.make("internet", target, protocol="http")
        )
        found = trace(world, request)
        assert (found.verdict, found.status) == (Verdict.REACHABLE, 200)
        assert found.reaches("shop:asg") is Verdict.REACHABLE
    direct = trace(world, Request.make("internet", "shop:asg:1", protocol="http", port=80))
    assert direct.verdict is Verdict.BLOCKED


@proves(
    "A single-instance environment is one instance with an Elastic IP, without a balancer.",
    area="Beanstalk",
    source=f"{GUIDE}, 'Single-instance environment'",
)
def test_a_single_instance_has_an_elastic_ip() -> None:
    world = world_of("environment_type: single_instance")
    assert {"instance", "eip", "asg"} <= set(parts(world))
    assert "lb" not in parts(world)
    found = trace(world, Request.make("internet", NAME))
    assert (found.verdict, found.status) == (Verdict.REACHABLE, 200)
    down = condition_for(world, ("shop:instance",))
    assert trace(world, Request.make("internet", NAME), down).status == 200
    assert (
        trace(
            world, Request.make("internet", NAME), condition_for(world, ("control-plane:ec2", "shop:instance"))
        ).status
        is None
    )


def sent(world: World) -> Trace:
    queue = "shop:queue" if "shop:queue" in world.components else "jobs"
    return trace(world, Request.make("sender", queue, protocol="https", port=443))


SENDER = "  sender: {kind: ec2, subnet: public-a}\n"


@proves(
    "In a worker environment a daemon takes messages from a queue and posts them to the application on its instance.",
    area="Beanstalk",
    source=f"{GUIDE}, 'Elastic Beanstalk worker environments'",
)
@pytest.mark.parametrize("kind", ["load_balanced", "single_instance"])
def test_a_workers_daemon_posts_messages_to_its_instance(kind: str) -> None:
    program = "listens: [{port: 80, paths: {/jobs: 200}}], http_path: /jobs"
    world = world_of(f"tier: worker, environment_type: {kind}, {program}", SENDER)
    found = sent(world)
    assert found.verdict is Verdict.REACHABLE
    stages = [stage for later in found.afterwards for stage in later.stage.all_stages()]
    said = [step.message for stage in stages for hop in stage.forward for step in hop.steps]
    assert any("posts the message to http://localhost/jobs" in text for text in said)
    assert any("serves /jobs on port 80 with 200" in text for text in said)
    assert not any(later.stage.verdict is Verdict.BLOCKED for later in found.afterwards)


def test_a_message_the_application_refuses_comes_to_the_dead_letter_queue() -> None:
    program = "listens: [{port: 80, paths: {/other: 200}}], http_path: /jobs"
    found = sent(world_of(f"tier: worker, {program}", SENDER))
    met = {hop.component for later in found.afterwards for stage in later.stage.all_stages() for hop in stage.forward}
    assert "shop:dead-letters" in met
    assert any(later.stage.verdict is Verdict.BLOCKED for later in found.afterwards)


def test_a_worker_takes_from_the_queue_it_names_and_answers_no_requests() -> None:
    world = world_of("tier: worker, queue: jobs", f"{SENDER}  jobs: {{kind: sqs}}\n")
    assert "queue" not in parts(world)
    assert sent(world).verdict is Verdict.REACHABLE
    refused = trace(world, Request.make("internet", "shop", protocol="http", port=80))
    assert [blocker.code for blocker in refused.blockers] == ["NO_BALANCER_MADE"]


def test_a_lost_zone_moves_its_instances() -> None:
    world = world_of("min: 1")
    found = trace(world, Request.make("internet", NAME), condition_for(world, ("az:eu-west-1a",)))
    assert (found.verdict, found.status) == (Verdict.REACHABLE, 200)
