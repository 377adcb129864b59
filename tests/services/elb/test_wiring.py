"""Network Load Balancers placed and connected by keys, as Application Load Balancers are."""

from __future__ import annotations

import pytest

from archtui.formats.blueprint_file import loads
from archtui.model.connect import Proposal, Refusal, connect
from archtui.model.placing import Placing
from archtui.services import registry
from archtui.trace.request import Request
from archtui.trace.walker import trace
from archtui.world.compiler import compile_world
from archtui.world.steps import Verdict
from archtui.world.world import World

NETWORK = """
region: eu-west-1
components:
  vpc: {kind: vpc, cidr: 10.0.0.0/16}
  igw: {kind: internet_gateway, vpc: vpc}
  public: {kind: route_table, vpc: vpc, routes: [{to: 0.0.0.0/0, via: igw}]}
  public-a: {kind: subnet, vpc: vpc, az: a, cidr: 10.0.0.0/24, route_table: public}
  public-b: {kind: subnet, vpc: vpc, az: b, cidr: 10.0.1.0/24, route_table: public}
  app-a: {kind: subnet, vpc: vpc, az: a, cidr: 10.0.10.0/24}
  app-b: {kind: subnet, vpc: vpc, az: b, cidr: 10.0.11.0/24}
  lb: {kind: nlb, subnets: [public-a, public-b]}
  pages: {kind: alb, scheme: internal, subnets: [app-a, app-b]}
  empty: {kind: alb, scheme: internal, subnets: [app-a, app-b]}
  web: {kind: ec2, subnet: app-a}
  api: {kind: ec2, subnet: app-b, listens: [{port: 8080}]}
  fleet: {kind: asg, subnets: [app-a, app-b], launch_template: template, min: 2, max: 4}
  template: {kind: launch_template, listens: [{port: 8080}]}
  zone: {kind: hosted_zone, name: example.com}
  cert: {kind: certificate, domain: example.com}
  eip: {kind: elastic_ip}
  fn: {kind: lambda_function}
"""


def design() -> World:
    return compile_world(loads(NETWORK, registry()).blueprint)


def after(world: World, *pairs: tuple[str, str]) -> World:
    """Make the connections one after the other; a second time there is nothing left to do."""
    for source, target in pairs:
        answer = connect(world, source, target)
        assert isinstance(answer, Proposal), answer
        blueprint, _ = world.blueprint.edited(answer.edit.operations)
        world = compile_world(blueprint, world)
        again = connect(world, source, target)
        assert isinstance(again, Proposal)
        assert not again.edit.operations, f"{source} to {target} is done: {again.sentence}"
    return world


@pytest.mark.parametrize(
    ("pairs", "url", "reaches"),
    [
        ([("lb", "web"), ("internet", "lb")], "http://lb/", "web"),
        ([("lb", "api"), ("internet", "lb")], "http://lb/", "api"),
        ([("lb", "fleet"), ("internet", "lb")], "http://lb/", "fleet"),
        ([("pages", "web"), ("lb", "pages"), ("internet", "lb")], "http://lb/", "web"),
        ([("lb", "web"), ("internet", "lb"), ("zone", "lb")], "http://example.com/", "web"),
        ([("lb", "web"), ("zone", "lb"), ("cert", "lb"), ("internet", "lb")], "https://example.com/", "web"),
        ([("eip", "lb"), ("lb", "web"), ("internet", "lb")], "http://lb/", "web"),
    ],
    ids=["instance", "another port", "scaling group", "balancer", "name", "certificate", "address"],
)
def test_what_was_asked_for_works(pairs: list[tuple[str, str]], url: str, reaches: str) -> None:
    world = after(design(), *pairs)
    found = trace(world, Request.make("internet", url))
    assert found.verdict is Verdict.REACHABLE, found.sentence
    assert found.reaches(reaches) is Verdict.REACHABLE


def test_a_certificate_makes_a_tls_listener() -> None:
    world = after(design(), ("lb", "web"), ("cert", "lb"))
    listeners = getattr(world.components["lb"].properties, "listeners", ())
    assert [(item.port, item.protocol) for item in listeners] == [(80, "TCP"), (443, "TLS")]


@pytest.mark.parametrize(
    ("source", "target", "reason"),
    [("lb", "empty", "no listener"), ("lb", "fn", "function takes none"), ("internet", "lb", "no listener")],
)
def test_what_is_refused_says_why(source: str, target: str, reason: str) -> None:
    answer = connect(design(), source, target)
    assert isinstance(answer, Refusal)
    assert reason in answer.reason


def test_a_new_one_stands_in_a_subnet_of_each_zone() -> None:
    world = compile_world(loads(NETWORK, registry()).blueprint)
    assert Placing(world, registry()["nlb"], "public-a").properties == {"subnets": ["public-a", "public-b"]}
