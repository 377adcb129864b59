"""A component that is not modelled may stand in for any other: what depends on it is then not decided."""

from __future__ import annotations

import pytest

from archtui.check.runner import check
from archtui.failure import analyse
from archtui.formats.gallery import load_gallery
from archtui.model.component import Json
from archtui.model.operations import Set
from archtui.services import registry, rules
from archtui.trace.request import Request
from archtui.trace.walker import trace
from archtui.world.compiler import compile_world
from archtui.world.world import World
from tests.check.designs import world_of

DESIGNS = ("three-tier", "two-regions", "wordpress-5-multi-az")


def one_of_each_kind() -> list[tuple[str, str]]:
    found: dict[str, tuple[str, str]] = {}
    for design in DESIGNS:
        for component in load_gallery(design, registry()).blueprint.components.values():
            found.setdefault(component.kind.name, (design, component.id))
    return [*found.values()]


def without(design: str, component: str) -> World:
    """Return the design with an unmodelled resource in place of ``component``."""
    file = load_gallery(design, registry())
    stand_in: Json = {"kind": "unmodelled_resource", "type": "it is not described"}
    return compile_world(file.blueprint.edited((Set(("components", component), stand_in),))[0])


@pytest.mark.parametrize(("design", "component"), one_of_each_kind())
def test_every_engine_answers_whatever_is_not_modelled(design: str, component: str) -> None:
    world = without(design, component)
    assert {journey.name for journey in check(world, rules()).journeys} == {
        one.name for one in world.blueprint.journeys
    }
    assert analyse(world, (component,)).to_json()["timeline"]
    for source, target in (("internet", component), (component, "internet")):
        assert trace(world, Request.make(source, target, port=443)).to_json()["verdict"] != "reachable"


@pytest.mark.parametrize("component", ["cert", "web", "lb", "zone"])
def test_a_request_that_needs_it_is_not_decided(component: str) -> None:
    world = without("three-tier", component)
    found = trace(world, Request.make("internet", "https://shop.example.com/"))
    assert str(found.verdict) == "unknown"
    assert any(component in missing for missing in found.missing)


LISTENER = """\
components:
  vpc: {kind: vpc, cidr: 10.0.0.0/16}
  igw: {kind: internet_gateway, vpc: vpc}
  public: {kind: route_table, vpc: vpc, routes: [{to: 0.0.0.0/0, via: igw}]}
  a: {kind: subnet, vpc: vpc, az: a, cidr: 10.0.0.0/24, route_table: public}
  open: {kind: security_group, vpc: vpc, ingress: [{port: 80, from: any}]}
  group: {kind: unmodelled_resource, type: target group}
  lb: {kind: nlb, subnets: [a], security_groups: [open], listeners: [{port: 80, protocol: TCP, forward: group}]}
"""


def test_a_network_load_balancer_does_not_guess_its_targets() -> None:
    world = world_of(LISTENER)
    found = trace(world, Request.make("internet", "lb", protocol="tcp", port=80))
    assert str(found.verdict) == "unknown"
    assert any("group" in missing for missing in found.missing)


@pytest.mark.parametrize("component", ["igw", "public"])
def test_a_subnet_with_an_unknown_way_out_is_not_called_closed(component: str) -> None:
    def rules_of(world: World) -> set[str]:
        return {finding.rule for finding in check(world, rules(), select=("NET001", "NET004", "ELB003")).findings}

    assert not rules_of(without("three-tier", component))
