"""Connecting and placing names and the edge: what was asked for works after the edit; what cannot be is refused."""

from __future__ import annotations

from typing import Any

import pytest

from archtui.model.connect import Proposal, Refusal, connect
from archtui.model.placing import Placing
from archtui.services import registry
from archtui.world.compiler import compile_world
from archtui.world.steps import Verdict
from archtui.world.world import World
from tests.services.edge.test_resolver import addresses, hybrid, lookup
from tests.trace.shop import ask, design


def joined(world: World, source: str, target: str) -> World:
    answer = connect(world, source, target)
    assert isinstance(answer, Proposal), answer
    return compile_world(world.blueprint.edited(answer.edit.operations)[0])


SITE: dict[str, Any] = {
    "vpc": {"kind": "vpc", "cidr": "10.0.0.0/16"},
    "igw": {"kind": "internet_gateway", "vpc": "vpc"},
    "rt": {"kind": "route_table", "vpc": "vpc", "main": True, "routes": [{"to": "0.0.0.0/0", "via": "igw"}]},
    "net": {"kind": "subnet", "vpc": "vpc", "az": "a", "cidr": "10.0.0.0/24"},
    "sg": {"kind": "security_group", "vpc": "vpc", "ingress": [{"port": 80, "from": "any"}]},
    "web": {"kind": "ec2", "subnet": "net", "security_groups": ["sg"], "public_ip": True}
    | {"listens": [{"port": 80, "protocol": "http"}]},
    "zone": {"kind": "hosted_zone", "name": "example.com", "name_servers": ["ns-1.awsdns-01.com"]},
    "inner": {"kind": "hosted_zone", "name": "corp.example", "private": True},
    "policy": {"kind": "traffic_policy", "zone": "zone", "name": "www"},
    "domain": {"kind": "registered_domain", "name": "example.com"},
    "other": {"kind": "registered_domain", "name": "example.org", "name_servers": ["zone"]},
    "check": {"kind": "health_check"},
    "isp": {"kind": "dns_resolver"},
    "reader": {"kind": "client"},
}


def test_a_domain_a_policy_and_a_client_are_joined_until_a_request_gets_through() -> None:
    world = design(SITE)
    url = "http://www.example.com/"
    assert ask(world, "reader", url).verdict is Verdict.BLOCKED
    world = joined(world, "domain", "zone")
    assert ask(world, "reader", url).blockers[0].code == "DNS_RECORD_EMPTY"
    world = joined(world, "policy", "web")
    world = joined(world, "reader", "isp")
    assert ask(world, "reader", url).verdict is Verdict.REACHABLE
    assert world.components["reader"].raw["resolver"] == "isp"
    world = joined(joined(world, "check", "web"), "inner", "vpc")
    assert world.components["check"].raw["target"] == "web"
    assert world.components["inner"].raw["vpcs"] == ["vpc"]


@pytest.mark.parametrize(
    ("source", "target", "reason"),
    [
        ("zone", "vpc", "is public"),
        ("other", "zone", "is the zone of example.com"),
        ("domain", "inner", "is private"),
        ("internet", "isp", "no resolver of its own"),
    ],
)
def test_what_is_refused(source: str, target: str, reason: str) -> None:
    answer = connect(design(SITE), source, target)
    assert isinstance(answer, Refusal)
    assert reason in answer.reason


def test_a_rule_is_joined_to_its_endpoint_server_and_vpc() -> None:
    world = hybrid(
        rule={"endpoint": None, "targets": [], "vpcs": []}, hq={"names": {"crm.corp.example": "192.168.7.7"}}
    )
    assert lookup(world, "web", "crm.corp.example").verdict is Verdict.UNKNOWN
    for target in ("out", "desk", "v"):
        world = joined(world, "rule", target)
    assert addresses(lookup(world, "web", "crm.corp.example")) == ["192.168.7.7"]
    assert isinstance(connect(world, "rule", "in"), Refusal)
    again = connect(world, "rule", "v")
    assert isinstance(again, Proposal)
    assert not again.edit.operations


@pytest.mark.parametrize(
    ("kind", "needs"),
    [
        ("resolver_rule", {"domain": "corp.example"}),
        ("resolver_endpoint", {"direction": "outbound"}),
        ("registered_domain", {"name": ""}),
        ("traffic_policy", {"name": "www"}),
        ("dns_resolver", {}),
    ],
)
def test_what_a_new_component_needs(kind: str, needs: dict[str, str]) -> None:
    world = design(SITE)
    found = {need.name: need.suggestion for need in Placing(world, registry().kinds[kind]).needs()}
    found = {name: value for name, value in found.items() if name not in ("zone", "vpc")}
    assert found == needs
