"""How failures are written: what each form breaks, and what is refused with its reason."""

from __future__ import annotations

import re

import pytest

from archtui.formats.blueprint_file import loads
from archtui.services import registry
from archtui.world.compiler import compile_world
from archtui.world.condition import HEALTHY, Condition, TargetError, condition_for
from archtui.world.targets import FORMS, parse_target
from archtui.world.world import World

TEXT = """blueprint: everything that may go wrong
region: eu-west-1
components:
  vpc: {kind: vpc, cidr: 10.0.0.0/16}
  net-a: {kind: subnet, vpc: vpc, az: a, cidr: 10.0.0.0/24}
  net-b: {kind: subnet, vpc: vpc, az: b, cidr: 10.0.1.0/24}
  sg: {kind: security_group, vpc: vpc}
  racks: {kind: placement_group, strategy: partition, partitions: 2}
  pair: {kind: placement_group, strategy: cluster}
  web-1: {kind: ec2, subnet: net-a, placement_group: racks, partition: 1}
  web-2: {kind: ec2, subnet: net-b, placement_group: racks, partition: 2}
  lone: {kind: ec2, subnet: net-a, placement_group: pair}
  spot: {kind: ec2, subnet: net-b, purchasing: spot}
  lb: {kind: alb, subnets: [net-a, net-b], security_groups: [sg], listeners: [{port: 80, forward: web}]}
  web: {kind: target_group, vpc: vpc, port: 80, targets: [web-1, web-2]}
  cert: {kind: certificate, domain: example.com}
  db: {kind: rds, engine: postgres, multi_az: true, subnets: [net-a, net-b], security_groups: [sg]}
  rep: {kind: rds, engine: postgres, subnets: [net-b], security_groups: [sg], replica_of: db}
  orders: {kind: dynamodb_table}
  work: {kind: lambda_function}
links:
  - {from: web-1, to: db, port: 5432}
journeys: []
"""


@pytest.fixture(scope="module")
def world() -> World:
    return compile_world(loads(TEXT, registry()).blueprint)


@pytest.mark.parametrize(
    ("target", "condition"),
    [
        ("web-1", Condition(down=frozenset({"web-1"}))),
        ("lb/eu-west-1a", Condition(parts=frozenset({("lb", "eu-west-1a")}))),
        ("az:eu-west-1a", Condition(zones=frozenset({"eu-west-1a"}))),
        ("region:eu-west-1", Condition(regions=frozenset({"eu-west-1"}))),
        ("rack:racks/2", Condition(down=frozenset({"web-2"}))),
        ("rack:pair", Condition(down=frozenset({"lone"}))),
        ("link:web-1->db", Condition(links=frozenset({("web-1", "db")}))),
        ("service:lambda", Condition(down=frozenset({"work"}), services=frozenset({"lambda_function"}))),
        ("control-plane:ec2", Condition(control_planes=frozenset({"ec2"}))),
        ("control-plane:route53", Condition(control_planes=frozenset({"route53"}))),
        ("slow:db=2s", Condition(slow=frozenset({("db", 2.0)}))),
        ("slow:db=250ms", Condition(slow=frozenset({("db", 0.25)}))),
        ("throttle:orders=50%", Condition(throttled=frozenset({("orders", 0.5)}))),
        ("throttle:orders=0.25", Condition(throttled=frozenset({("orders", 0.25)}))),
        ("expired:cert", Condition(down=frozenset({"cert"}))),
        ("lag:rep=5m", Condition(lags=frozenset({("rep", 300.0)}))),
        ("quota:lambda-concurrency", Condition(quotas=frozenset({"lambda-concurrency"}))),
        ("interrupted:spot", Condition(down=frozenset({"spot"}), interrupted=frozenset({"spot"}))),
        ("unhealthy:web", Condition(judged=frozenset({("web", False)}))),
        ("unhealthy:web-1", Condition(judged=frozenset({("web-1", False)}))),
        ("healthy:web", Condition(judged=frozenset({("web", True)}))),
    ],
)
def test_what_each_form_breaks(world: World, target: str, condition: Condition) -> None:
    found = condition_for(world, (target,))
    assert found == condition
    assert not found.is_healthy
    assert parse_target(target).sentence.endswith(".")


def test_every_form_is_tried_above(world: World) -> None:
    tried = set()
    for mark in test_what_each_form_breaks.pytestmark:  # type: ignore[attr-defined]
        tried |= {parse_target(case[0]).verb for case in mark.args[1]}
    assert tried == FORMS.keys()
    assert condition_for(world, ()) == HEALTHY


@pytest.mark.parametrize("share", ["50%", "0.5"])
def test_a_share_is_told_in_per_cent_however_it_is_written(share: str) -> None:
    assert parse_target(f"throttle:orders={share}").sentence == "50 % of the calls of orders are throttled."


@pytest.mark.parametrize(
    ("targets", "said"),
    [
        (("web-9",), "did you mean 'web-"),
        (("sg/eu-west-1a/x",), "has nothing in"),
        (("web-1/eu-west-1b",), "it is in eu-west-1a"),
        (("rack:racks",), "write one of racks/1, racks/2"),
        (("rack:db/1",), "there is no rack 'db/1'"),
        (("slow:db=fast",), "is no figure; write seconds, as in slow:db=2s"),
        (("slow:db",), "slow:db: the figure is missing; write seconds, as in slow:db=2s"),
        (("slow:db=0",), "nothing is slower by 0"),
        (("throttle:orders=150%",), "up to 100 %"),
        (("throttle:db=50%",), "AWS throttles no RDS DB instance"),
        (("expired:db",), "is no certificate; this design has cert"),
        (("lag:db=30",), "db has no copy"),
        (("lag:web-1=30",), "is no replica"),
        (("quota:lambda-concurency",), "did you mean 'lambda-concurrency'?"),
        (("control-plane:ec3",), "did you mean 'ec2'?"),
        (("unhealthy:sg",), "no health check looks at sg"),
        (("slow:db=1s", "slow:db=2s"), "contradict each other"),
        (("throttle:orders=10%", "throttle:orders=20%"), "contradict each other"),
        (("unhealthy:web", "healthy:web"), "one check cannot say both"),
        (("db", "slow:db=1s"), "db is down, so it cannot be slow"),
        (("az:eu-west-1a", "slow:web-1=1s"), "web-1 is down, so it cannot be slow"),
        (("region:eu-west-1", "throttle:orders=5%"), "orders is down, so it cannot be throttled"),
        (("rep", "lag:rep=5"), "rep is down, so it cannot be behind"),
        (("lb", "lb/eu-west-1a"), "lb is down, so it cannot lose one zone more"),
    ],
)
def test_what_cannot_be_is_refused_in_one_line(world: World, targets: tuple[str, ...], said: str) -> None:
    with pytest.raises(TargetError, match=re.escape(said)) as caught:
        condition_for(world, targets)
    assert "\n" not in str(caught.value)


def test_losing_its_part_in_every_zone_takes_a_component_down(world: World) -> None:
    both = condition_for(world, ("lb/eu-west-1a", "lb/eu-west-1b"))
    assert both.is_down(world, "lb")
    assert not condition_for(world, ("lb/eu-west-1a",)).is_down(world, "lb")
    assert not both.is_down(world, "db")
