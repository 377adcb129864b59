"""Journeys as a graph: where they begin, what they come to, what they survive."""

from __future__ import annotations

from functools import partial
from operator import contains

import pytest

from archtui.services.graph.paths import entrances, lost_with, paths, promised, reachable_from, survives
from archtui.world.world import World
from tests.check.designs import world_of

SHOP = """\
region: eu-west-1
components:
  zone: {kind: hosted_zone, name: example.com}
  inside: {kind: hosted_zone, name: example.com, private: true, vpcs: [vpc]}
  vpc: {kind: vpc, cidr: 10.0.0.0/16}
  shop: {kind: record, zone: zone, name: '*', alias: lb}
  other: {kind: record, zone: inside, name: shop, values: [192.0.2.1]}
  lb: {kind: alb, listeners: [{port: 80, forward: web}]}
  web: {kind: target_group, targets: [web-1, web-2]}
  web-1: {kind: ec2, az: a}
  web-2: {kind: ec2, az: b}
  cache: {kind: ec2, az: c, runs: cache}
  mail: {kind: ec2, az: a}
  db: {kind: rds, multi_az: true}
links:
  - {from: web-1, to: db}
  - {from: web-2, to: db}
  - {from: web-1, to: cache}
  - {from: web-2, to: cache}
  - {from: web-1, to: mail, dependency: soft}
  - {from: web-2, to: mail, dependency: soft}
journeys:
  - {name: Visit, from: internet, request: GET http://shop.example.com/, reaches: db, slo: 99.9%}
  - {name: Unpromised, from: internet, request: GET http://shop.example.com/, reaches: db}
"""


@pytest.fixture(scope="module")
def world() -> World:
    return world_of(SHOP)


def test_a_stranger_is_answered_by_the_public_zone(world: World) -> None:
    assert entrances(world, world.blueprint.journeys[0]) == ("shop",)


def test_requests_come_to_everything_that_is_handed_on(world: World) -> None:
    assert reachable_from(world, ("shop",)) == ("shop", "lb", "web", "web-1", "web-2", "db", "cache", "mail")


def test_only_promises_are_held_against_failures(world: World) -> None:
    assert [journey.name for journey in promised(world)] == ["Visit"]


@pytest.mark.parametrize(
    ("lost", "holds"),
    [
        ((), True),
        (("web-1",), True),
        (("web-1", "web-2"), False),
        (("cache",), False),
        (("mail",), True),
        (("lb",), False),
        (("db",), False),
    ],
    ids=lambda value: ",".join(value) if isinstance(value, tuple) else "",
)
def test_what_it_survives(world: World, lost: tuple[str, ...], holds: bool) -> None:
    """One of several targets may go, a soft dependency may go, a hard one may not."""
    assert survives(world, world.blueprint.journeys[0], partial(contains, lost)) is holds


@pytest.mark.parametrize(("zone", "holds"), [("eu-west-1a", True), ("eu-west-1b", True), ("eu-west-1c", False)])
def test_zones(world: World, zone: str, holds: bool) -> None:
    assert survives(world, world.blueprint.journeys[0], lost_with(world, zone)) is holds


def test_a_circle_of_links_does_not_keep_itself_alive() -> None:
    world = world_of(
        "components:\n  a: {kind: ec2}\n  b: {kind: ec2}\n  c: {kind: ec2}\n"
        "links: [{from: a, to: b}, {from: b, to: a}, {from: b, to: c}]\n"
        "journeys: [{name: J, from: internet, to: a, reaches: b}]\n"
    )
    assert survives(world, world.blueprint.journeys[0], lambda _: False)
    assert not survives(world, world.blueprint.journeys[0], "c".__eq__)


def test_an_auto_scaling_group_stands_for_its_instances() -> None:
    world = world_of(
        "components:\n  lb: {kind: alb, listeners: [{port: 80, forward: web}]}\n  web: {kind: target_group}\n"
        "  lt: {kind: launch_template}\n"
        "  asg: {kind: asg, launch_template: lt, min: 2, max: 2, target_groups: [web]}\n  db: {kind: rds}\n"
        "links: [{from: asg, to: db}]\njourneys: [{name: J, from: internet, to: lb, reaches: db}]\n"
    )
    journey = world.blueprint.journeys[0]
    instances = tuple(paths(world).owner)
    assert len(instances) == 2
    assert survives(world, journey, partial(contains, instances[:1]))
    assert not survives(world, journey, partial(contains, instances))


def test_addresses_lead_to_their_components_and_strangers_out_of_the_design() -> None:
    world = world_of(
        "components:\n  zone: {kind: hosted_zone, name: example.com}\n"
        "  here: {kind: record, zone: zone, name: here, values: [eip]}\n"
        "  there: {kind: record, zone: zone, name: there, values: [192.0.2.9]}\n"
        "  eip: {kind: elastic_ip, attached_to: box}\n  box: {kind: ec2}\n"
    )
    assert reachable_from(world, ("here",)) == ("here", "eip", "box")
    assert paths(world).open_ended == {"there"}
