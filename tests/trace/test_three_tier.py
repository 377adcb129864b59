"""The three-tier shop: its journeys hold, and each planted fault is found with component and code."""

from __future__ import annotations

from typing import Any

import pytest

from archtui.trace.fixes import find_fixes
from archtui.trace.request import Request
from archtui.trace.walker import trace
from archtui.world.compiler import compile_world
from archtui.world.steps import Verdict
from tests.proves import proves
from tests.trace.shop import URL, Components, ask, codes, put, shop, steps, warned

SHOP = shop()
OUT = ("web-1", "198.51.100.20")


@pytest.mark.parametrize("journey", SHOP.blueprint.journeys, ids=lambda journey: journey.name)
def test_every_journey_of_the_shop_holds(journey: Any) -> None:
    found = trace(SHOP, Request.parse_journey(journey))
    assert found.holds(journey), found.sentence


def test_the_request_goes_by_name_balancer_server_and_database_and_back() -> None:
    found = ask(SHOP)
    there = [hop.component for hop in found.forward]
    assert [name for name in there if name in {"internet", "zone", "shop", "lb", "web", "web-1", "db"}] == [
        "internet", "zone", "shop", "lb", "internet", "lb", "web", "lb", "web-1", "db", "web-1", "db",
    ]  # fmt: skip
    back = [hop.component for hop in found.back]
    assert [name for name in back if name in {"internet", "lb", "web-1", "db"}] == ["db", "web-1", "lb", "internet"]
    assert found.status == 200
    assert found.share == 1.0


def test_every_node_and_every_target_has_its_branch() -> None:
    found = ask(SHOP)
    assert len(found.paths) == 4
    assert {path.weight for path in found.paths} == {0.25}


@proves(
    "An Application Load Balancer opens a connection of its own to the target.",
    area="Load balancers",
    source="ALB guide, 'How Elastic Load Balancing works'",
)
def test_the_balancer_opens_a_connection_of_its_own() -> None:
    step = next(step for step in steps(ask(SHOP), "lb", "target"))
    assert step.code == "REMAP_EPHEMERAL_PORT"
    assert step.before["scheme"] == "https"
    assert step.after["scheme"] == "http"
    assert step.after["port"] == 8080
    headers = step.after["headers"]
    assert isinstance(headers, dict)
    assert headers["X-Forwarded-Proto"] == "https"


def _acl(components: Components) -> None:
    components["edge"] = {
        "kind": "network_acl",
        "vpc": "vpc",
        "ingress": [
            {"rule": 100, "protocol": "tcp", "port": 443, "from": "0.0.0.0/0"},
            {"rule": 110, "protocol": "tcp", "port": "1024-65535", "from": "10.0.0.0/16"},
        ],
        "egress": [{"rule": 100, "protocol": "tcp", "port": 8080, "to": "10.0.0.0/16"}],
    }
    components["public-a"]["nacl"] = components["public-b"]["nacl"] = "edge"


def _apex(components: Components) -> None:
    components["cert"]["domain"] = "example.com"
    components["shop"] = {"kind": "record", "zone": "zone", "name": "@", "type": "CNAME", "values": ["lb"]}


FAULTS = [
    pytest.param(_acl, ("internet", URL), ("edge", "SUBNET_ACL_RESTRICTION"), id="no ephemeral ports out"),
    pytest.param(
        put("web-sg", "ingress", 0, "from", "db-sg"),
        ("internet", URL),
        ("web-sg", "ENI_SG_RULES_MISMATCH"),
        id="wrong group admitted",
    ),
    pytest.param(
        put("web", "port", 9090), ("internet", URL), ("web-sg", "ENI_SG_RULES_MISMATCH"), id="target group port"
    ),
    pytest.param(
        put("private-a", "routes", []), OUT, ("private-a", "NO_ROUTE_TO_DESTINATION"), id="default route missing"
    ),
    pytest.param(
        put("nat-a", "subnet", "app-a"), OUT, ("nat-a", "NO_ROUTE_TO_DESTINATION"), id="NAT gateway in private subnet"
    ),
    pytest.param(
        put("web-1", "subnet", "public-a"),
        OUT,
        ("web-1", "IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS"),
        id="no public address",
    ),
    pytest.param(_apex, ("internet", "https://example.com/"), ("shop", "DNS_CNAME_AT_APEX"), id="CNAME at the apex"),
]


@pytest.mark.parametrize(("change", "ends", "expected"), FAULTS)
def test_a_planted_fault_blocks_with_its_component_and_code(
    change: Any, ends: tuple[str, str], expected: tuple[str, str]
) -> None:
    port = {} if "://" in ends[1] else {"port": 443, "protocol": "tcp"}
    before = ask(SHOP, *(ends if "example.com/" not in ends[1] else ("internet", URL)), **port)
    after = ask(shop(change), *ends, **port)
    assert before.verdict is Verdict.REACHABLE
    assert after.verdict is Verdict.BLOCKED
    assert expected in codes(after)


@pytest.mark.parametrize(("change", "ends", "expected"), FAULTS)
def test_the_offered_edit_opens_the_trace(change: Any, ends: tuple[str, str], expected: tuple[str, str]) -> None:
    world = shop(change)
    port = {} if "://" in ends[1] else {"port": 443, "protocol": "tcp"}
    found = ask(world, *ends, **port)
    fixes = find_fixes(world, found)
    assert fixes, f"nothing is offered against {expected}"
    for fix in fixes:
        blueprint, _ = world.blueprint.edited(fix.edit.operations)
        assert trace(compile_world(blueprint), found.request).verdict is Verdict.REACHABLE
        assert fix.verified


def test_a_fix_does_not_break_what_holds() -> None:
    """Sending the public subnet through the NAT gateway would open the way out and close the shop."""
    world = shop(put("web-1", "subnet", "public-a"))
    fixes = find_fixes(world, ask(world, *OUT, port=443, protocol="tcp"))
    assert [fix.breaks for fix in fixes] == [()]
    assert fixes[0].message == "give web-1 a public address"


def test_several_blockers_need_several_edits() -> None:
    def two(components: Components) -> None:
        components["web-sg"]["ingress"][0]["from"] = "db-sg"
        components["db-sg"]["ingress"] = []

    world = shop(two)
    found = ask(world)
    assert {("web-sg", "ENI_SG_RULES_MISMATCH"), ("db-sg", "SG_HAS_NO_RULES")} <= codes(found)
    fixes = find_fixes(world, found)
    assert len(fixes[0].edits) == 2
    assert all(fix.verified for fix in fixes)
    assert [edit.label for edit in fixes[0].edits] == [
        "let tcp 8080 into web-sg from lb-sg",
        "let tcp 5432 into db-sg from web-sg",
    ]


def test_nothing_is_offered_where_nothing_is_blocked() -> None:
    assert find_fixes(SHOP, ask(SHOP)) == ()


def test_a_balancer_in_one_zone_is_said_and_is_lost_with_the_zone() -> None:
    world = shop(put("lb", "subnets", ["public-a"]))
    assert ("lb", "ELBV2_SINGLE_ZONE") in warned(ask(world))
    lost = ask(world, down=("az:eu-west-1a",))
    assert codes(lost) == {("lb", "DNS_NO_NODES")}


def test_a_nat_gateway_in_another_zone_is_said_and_is_lost_with_the_zone() -> None:
    world = shop(put("private-b", "routes", 0, "via", "nat-a"))
    calm = ask(world, "web-2", "198.51.100.20", port=443, protocol="tcp")
    assert calm.verdict is Verdict.REACHABLE
    assert warned(calm) == {("nat-a", "AVAILABILITY_ZONE_CROSSED")}
    lost = ask(world, "web-2", "198.51.100.20", port=443, protocol="tcp", down=("az:eu-west-1a",))
    assert codes(lost) == {("nat-a", "BAD_STATE")}


def test_an_open_public_database_is_reached_from_outside() -> None:
    def change(components: Components) -> None:
        components["data-a"]["route_table"] = components["data-b"]["route_table"] = "public"
        components["db"]["publicly_accessible"] = True
        components["db-sg"]["ingress"].append({"port": 5432, "from": "0.0.0.0/0"})

    world = shop(change)
    journey = next(journey for journey in world.blueprint.journeys if journey.to == "db")
    found = trace(world, Request.parse_journey(journey))
    assert found.verdict is Verdict.REACHABLE
    assert not found.holds(journey)


def test_an_unserved_health_check_path_makes_the_balancer_fail_open() -> None:
    def change(components: Components) -> None:
        for name in ("web-1", "web-2"):
            components[name]["listens"] = [{"port": 8080, "paths": {"/": 200, "/healthz": 200}}]
        components["web"]["health_check"] = {"path": "/status"}

    found = ask(shop(change))
    assert found.verdict is Verdict.REACHABLE
    assert warned(found) == {("web", "TARGET_HEALTH_CHECK_FAILED"), ("web", "ELBV2_FAIL_OPEN")}
