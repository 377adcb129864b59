"""Connecting: for every pair that is offered, what was asked for works after the edit, and stays valid."""

from __future__ import annotations

import pytest

from archtui.formats.blueprint_file import loads
from archtui.model.connect import Connects, Proposal, Refusal, connect, connectable
from archtui.model.errors import EditError
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
  lb: {kind: alb, subnets: [public-a, public-b], security_groups: [lb-sg]}
  lb-sg: {kind: security_group, vpc: vpc, egress: []}
  web: {kind: ec2, subnet: app-a, security_groups: [web-sg]}
  web-sg: {kind: security_group, vpc: vpc, egress: [{port: 443, to: 10.0.0.0/8}]}
  front: {kind: ec2, subnet: public-a}
  api: {kind: ec2, subnet: app-b, listens: [{port: 8080}]}
  fleet: {kind: asg, subnets: [app-a, app-b], launch_template: template, min: 2, max: 4}
  template: {kind: launch_template, listens: [{port: 8080}]}
  db: {kind: rds, engine: postgres, subnets: [app-a, app-b]}
  db-2: {kind: rds, engine: mysql, subnets: [app-a, app-b]}
  nat: {kind: nat_gateway, subnet: public-a}
  eip: {kind: elastic_ip}
  zone: {kind: hosted_zone, name: example.com}
  www: {kind: record, zone: zone, name: www, values: [192.0.2.1]}
  cert: {kind: certificate, domain: example.com}
  acl: {kind: network_acl, vpc: vpc}
  loose: {kind: security_group, vpc: vpc, ingress: [{port: 22, from: 10.0.0.0/8}]}
  other: {kind: vpc, cidr: 10.1.0.0/16}
  other-a: {kind: subnet, vpc: other, az: a, cidr: 10.1.0.0/24}
  far: {kind: ec2, subnet: other-a}
  clash: {kind: vpc, cidr: 10.0.128.0/17}
  spare-gw: {kind: internet_gateway}
"""


def design(text: str = NETWORK) -> World:
    return compile_world(loads(text, registry()).blueprint)


def after(world: World, *pairs: tuple[str, str]) -> World:
    """Make the connections one after the other."""
    for source, target in pairs:
        answer = connect(world, source, target)
        assert isinstance(answer, Proposal), answer
        assert answer.sentence
        blueprint, _ = world.blueprint.edited(answer.edit.operations)
        world = compile_world(blueprint, world)
        again = connect(world, source, target)
        assert isinstance(again, Proposal)
        assert not again.edit.operations, f"{source} to {target} is done: {again.sentence}"
    return world


@pytest.mark.parametrize(
    ("pairs", "source", "target", "reaches"),
    [
        ([("lb", "web"), ("internet", "lb")], "internet", "http://lb/", "web"),
        ([("lb", "api"), ("internet", "lb")], "internet", "http://lb/", "api"),
        ([("lb", "web"), ("lb", "api"), ("internet", "lb")], "internet", "http://lb/", "api"),
        ([("lb", "fleet"), ("internet", "lb")], "internet", "http://lb/", "fleet"),
        ([("lb", "web"), ("internet", "lb"), ("zone", "lb")], "internet", "http://example.com/", "web"),
        ([("lb", "web"), ("internet", "lb"), ("www", "lb")], "internet", "http://www.example.com/", "web"),
        (
            [("lb", "web"), ("internet", "lb"), ("zone", "lb"), ("cert", "lb"), ("internet", "lb")],
            "internet",
            "https://example.com/",
            "web",
        ),
        ([("web", "db")], "web", "db", "db"),
        ([("web", "db-2")], "web", "db-2", "db-2"),
        ([("fleet", "db")], "fleet", "db", "db"),
        ([("web", "api")], "web", "api", "api"),
        ([("web", "fleet")], "web", "fleet", "fleet"),
        ([("internet", "front")], "internet", "http://front/", "front"),
        ([("internet", "front"), ("zone", "front")], "internet", "http://example.com/", "front"),
        ([("internet", "web")], "internet", "http://web/", "web"),
        ([("www", "front"), ("internet", "front")], "internet", "http://www.example.com/", "front"),
        ([("app-a", "nat"), ("web", "internet")], "web", "tcp://198.51.100.7:443", "internet"),
        ([("api", "internet")], "api", "tcp://198.51.100.7:443", "internet"),
        ([("front", "internet")], "front", "tcp://198.51.100.7:443", "internet"),
        ([("app-a", "igw"), ("web", "internet")], "web", "tcp://198.51.100.7:443", "internet"),
        ([("public", "app-b"), ("api", "internet")], "api", "tcp://198.51.100.7:443", "internet"),
        ([("app-b", "public"), ("eip", "api")], "api", "tcp://198.51.100.7:443", "internet"),
        ([("eip", "nat"), ("app-b", "nat")], "api", "tcp://198.51.100.7:443", "internet"),
        ([("vpc", "other"), ("web", "far")], "web", "far", "far"),
        ([("vpc", "other"), ("far", "db")], "far", "db", "db"),
        ([("other", "vpc"), ("far", "web")], "far", "web", "web"),
        ([("loose", "api")], "front", "tcp://10.0.11.4:22", None),
        ([("loose", "fleet"), ("loose", "db")], "front", "fleet", None),
        ([("spare-gw", "other")], "far", "far", None),
        ([("acl", "app-b")], "api", "api", None),
    ],
)
def test_what_is_offered_works(pairs: list[tuple[str, str]], source: str, target: str, reaches: str | None) -> None:
    world = after(design(), *pairs)
    if reaches is None:
        return
    port = next((link.port for link in world.links_from(source) if link.target == target), None)
    if port is None and target in world.components:
        port = 80
    found = trace(world, Request.make(source, target, port=port))
    assert found.verdict is Verdict.REACHABLE, (found.sentence, [b.message for b in found.blockers])
    assert found.reaches(reaches) is Verdict.REACHABLE


def test_without_the_edit_it_does_not_work() -> None:
    found = trace(design(), Request.make("web", "db", port=5432))
    assert found.verdict is Verdict.BLOCKED


@pytest.mark.parametrize(
    ("source", "target", "reason", "usual"),
    [
        ("internet", "db", "what attackers look for", "load balancer"),
        ("internet", "nat", "takes none from outside", "load balancer"),
        ("internet", "fleet", "come and go", "load balancer before fleet"),
        ("internet", "public-a", "does not connect to a subnet", "internet gateway"),
        ("internet", "lb", "has no listener", "Connect lb to its targets"),
        ("lb", "db", "speaks HTTP", "application"),
        ("db", "web", "opens no connections", "Connect web to db"),
        ("db", "db-2", "different engines", "one engine"),
        ("public-a", "nat", "stands in public-a itself", "private subnets"),
        ("app-a", "app-b", "reach each other already", "VPCs"),
        ("vpc", "clash", "overlap", "another block"),
        ("web", "far", "VPCs do not see each other", "Connect vpc to other"),
        ("other-a", "nat", "other", "same VPC"),
        ("other-a", "igw", "one VPC", "gateway of other"),
        ("spare-gw", "vpc", "has the internet gateway igw", "Use igw"),
        ("eip", "lb", "takes no Elastic IP", "alias record"),
        ("cert", "lb", "forwards nowhere", "target first"),
        ("zone", "db", "name of its own", "instances to db"),
        ("igw", "public-a", "does not connect to", "connect public-a to igw"),
        ("www", "vpc", "a Record does not connect to a VPC", "application_load_balancer"),
        ("web", "web", "one thing", ""),
    ],
)
def test_an_impossible_pair_is_refused_with_the_usual_way_round(
    source: str, target: str, reason: str, usual: str
) -> None:
    answer = connect(design(), source, target)
    assert isinstance(answer, Refusal), answer
    assert reason in answer.reason
    assert usual in answer.usual_way_round


def test_four_components_and_nothing_else_are_connected_in_the_default_vpc() -> None:
    text = """
components:
  zone: {kind: hosted_zone, name: example.com}
  lb: {kind: alb}
  web: {kind: ec2}
  db: {kind: rds, engine: postgres}
"""
    world = after(design(text), ("zone", "lb"), ("lb", "web"), ("internet", "lb"), ("web", "db"))
    found = trace(world, Request.make("internet", "http://example.com/"))
    assert found.reaches("db") is Verdict.REACHABLE, found.sentence


def test_two_addresses_are_not_given_to_one_thing_twice() -> None:
    world = after(design(), ("eip", "front"))
    answer = connect(world, "eip", "nat")
    assert isinstance(answer, Refusal)
    assert "belongs to front" in answer.reason


def test_an_unknown_id_is_an_error() -> None:
    with pytest.raises(EditError):
        connect(design(), "nobody", "web")


def test_every_kind_says_what_it_connects_to() -> None:
    kinds = {kind.name for kind in registry()}
    for kind, connects in registry().with_behaviour(Connects):
        assert set(connects.ways()) <= kinds, kind.name
    assert "db_instance" in connectable(design(), "web")


@pytest.mark.parametrize("source", ["lb", "web", "fleet", "internet", "zone", "www", "app-a", "vpc", "public", "eip"])
def test_every_answer_is_valid_whatever_the_pair(source: str) -> None:
    world = design()
    for target in world.blueprint.components:
        answer = connect(world, source, target)
        if isinstance(answer, Proposal):
            blueprint, _ = world.blueprint.edited(answer.edit.operations)
            compile_world(blueprint, world)
        else:
            assert answer.reason.endswith(".")


def test_a_sentence_that_starts_with_an_id_leaves_it_as_it_is() -> None:
    world = compile_world(loads(NETWORK, registry()).blueprint)
    proposal = connect(world, "api", "db-2")
    assert isinstance(proposal, Proposal)
    assert "api talks to db-2" in proposal.sentence
    assert "Api" not in proposal.sentence
