"""What instances, groups and databases do: links, health, failover, conditions in time."""

from __future__ import annotations

from typing import Any

import pytest

from archtui.trace.request import Request, RequestError
from archtui.trace.walker import trace
from archtui.world.condition import Condition, condition_for
from archtui.world.steps import Verdict
from tests.proves import proves
from tests.trace.shop import Components, ask, codes, put, shop, steps, warned

WEB_TO_DB = [{"from": "web-1", "to": "db"}, {"from": "web-2", "to": "db"}]
FAILOVER = frozenset({"rds.multi_az_instance:db"})


def test_a_link_without_a_port_uses_the_databases_own() -> None:
    step = next(s for s in steps(ask(shop(links=WEB_TO_DB)), "web-1", "application") if "asks db" in s.message)
    assert step.after["port"] == 5432


def test_a_link_to_what_has_no_port_of_its_own_is_unknown() -> None:
    world = shop(put("web-2", "listens", None), links=[{"from": "web-1", "to": "web-2"}])
    found = ask(world, "internet")
    assert found.verdict is Verdict.UNKNOWN
    assert found.missing == ("the port of the link from web-1 to web-2",)


@pytest.mark.parametrize(("dependency", "verdict"), [("hard", Verdict.BLOCKED), ("soft", Verdict.REACHABLE)])
def test_a_soft_dependency_does_not_stop_the_request(dependency: str, verdict: Verdict) -> None:
    links = [{**link, "dependency": dependency} for link in WEB_TO_DB]
    found = ask(shop(put("db-sg", "ingress", []), links=links))
    assert found.verdict is verdict
    assert (("db-sg", "SG_HAS_NO_RULES") in warned(found)) is (dependency == "soft")


def test_a_broken_link_is_a_blocker_of_its_caller() -> None:
    found = ask(shop(), down=("link:web-1->db",))
    assert codes(found) == {("web-1", "LINK_DOWN")}
    assert found.share == 0.5


def test_links_in_a_circle_end() -> None:
    def change(components: Components) -> None:
        components["web-sg"]["ingress"].append({"port": 8080, "from": "self"})
        components["web-sg"]["egress"].append({"port": 8080, "to": "self"})

    links = [{"from": "web-1", "to": "web-2", "port": 8080}, {"from": "web-2", "to": "web-1", "port": 8080}]
    found = ask(shop(change, links=links))
    assert found.verdict is Verdict.REACHABLE
    assert len(found.forward) < 40


def test_a_bare_connection_asks_no_dependency() -> None:
    found = ask(shop(put("db-sg", "ingress", [])), "lb", "web-1", protocol="tcp", port=8080)
    assert found.verdict is Verdict.REACHABLE


def test_a_link_to_a_balancer_is_an_http_request_that_goes_on() -> None:
    """web-1 asks an internal balancer, behind which web-2 asks the database."""

    def change(components: Components) -> None:
        components["inner-sg"] = {"kind": "security_group", "vpc": "vpc", "ingress": [{"port": 80, "from": "web-sg"}]}
        components["web-sg"]["ingress"].append({"port": 8080, "from": "inner-sg"})
        components["web-sg"]["egress"].append({"port": 80, "to": "inner-sg"})
        components["inner"] = {
            "kind": "alb", "scheme": "internal", "subnets": ["app-a", "app-b"], "security_groups": ["inner-sg"],
            "listeners": [{"port": 80, "forward": "api"}],
        }  # fmt: skip
        components["api"] = {"kind": "target_group", "vpc": "vpc", "port": 8080, "targets": ["web-2"]}
        components["web"]["targets"] = ["web-1"]

    found = ask(shop(change, links=[{"from": "web-1", "to": "inner"}, {"from": "web-2", "to": "db"}]))
    assert found.reaches("db") is Verdict.REACHABLE, found.sentence
    assert found.reaches("inner") is Verdict.REACHABLE


def test_what_listens_is_assumed_only_where_nothing_is_stated() -> None:
    found = ask(shop(put("web-1", "listens", None)), "lb", "web-1", protocol="tcp", port=8080)
    assert [step.code for step in steps(found, "web-1", "application")] == ["ASSUMPTION_LISTENS"]
    refused = ask(shop(put("web-1", "listens", [])), "lb", "web-1", protocol="tcp", port=8080)
    assert ("web-1", "CONNECTION_REFUSED") in codes(refused)


@pytest.mark.parametrize(
    ("state", "port", "expected"),
    [("stopped", 5432, "BAD_STATE"), ("available", 3306, "PROTOCOL_RESTRICTION"), ("available", 5432, None)],
)
def test_a_database_answers_on_its_port_while_it_is_available(state: str, port: int, expected: str | None) -> None:
    def change(components: Components) -> None:
        components["db"]["state"] = state
        components["db-sg"]["ingress"] = [{"from": "web-sg"}]
        components["web-sg"]["egress"] = [{"to": "db-sg"}]

    found = ask(shop(change), "web-1", "db", protocol="tcp", port=port)
    assert {code for _, code in codes(found)} == ({expected} if expected else set())


# -- failover in time --------------------------------------------------------------------------------


@proves(
    "A Multi-AZ database's name moves to the standby.",
    area="Failover",
    source="RDS User Guide, 'Multi-AZ DB instance deployments'",
)
@pytest.mark.parametrize("target", ["db", "az:eu-west-1a"])
def test_a_multi_az_database_moves_its_name_to_the_standby(target: str) -> None:
    world = shop()
    down = condition_for(world, (target,))

    def at(time: float | None, recovered: frozenset[str]) -> Condition:
        return Condition(down=down.down, zones=down.zones, time=time, recovered=recovered)

    early = ask(world, "web-2", "db", condition=at(0.0, frozenset()))
    assert early.verdict is Verdict.BLOCKED
    late = ask(world, "web-2", "db", condition=at(120.0, FAILOVER))
    assert late.verdict is Verdict.REACHABLE, late.sentence
    name = steps(late, "db", "dns")[0]
    assert name.code == "RDS_STANDBY_PROMOTED"
    assert "10.0.21." in name.message
    assert ask(world, "web-2", "db", condition=at(None, frozenset())).verdict is Verdict.REACHABLE


@proves(
    "A database's name gives its private address inside the VPC, over a peering only with DNS resolution enabled.",
    area="DNS",
    source="VPC Peering Guide, 'Enable DNS resolution for a VPC peering connection'",
)
@pytest.mark.parametrize(("option", "inside"), [({}, False), ({"requester_dns": True}, True)])
def test_a_public_database_asked_over_a_peering(option: dict[str, bool], inside: bool) -> None:
    """VPC Peering Guide, 'Enable DNS resolution for a VPC peering connection'."""

    def change(components: Components) -> None:
        components["db"]["publicly_accessible"] = True
        components["far-vpc"] = {"kind": "vpc", "cidr": "10.9.0.0/16"}
        components["px"] = {"kind": "vpc_peering_connection", "requester": "far-vpc", "accepter": "vpc", **option}
        rows = [{"to": "10.0.0.0/16", "via": "px"}]
        components["far-table"] = {"kind": "route_table", "vpc": "far-vpc", "routes": rows}
        components["far-net"] = {"kind": "subnet", "vpc": "far-vpc", "az": "a", "cidr": "10.9.0.0/24"}
        components["far-net"]["route_table"] = "far-table"
        components["far"] = {"kind": "ec2", "subnet": "far-net"}
        components["isolated"]["routes"] = [{"to": "10.9.0.0/16", "via": "px"}]
        components["db-sg"]["ingress"].append({"port": 5432, "from": "10.9.0.0/16"})

    found = ask(shop(change), "far", "db")
    assert codes(found) == (set() if inside else {("far-table", "NO_ROUTE_TO_DESTINATION")})


@proves(
    "The standby is part of the service and is down with it.",
    area="Failover",
    source="RDS User Guide, 'Multi-AZ DB instance deployments'",
)
def test_no_standby_takes_over_where_the_whole_service_is_down() -> None:
    """The standby is a part of the service (RDS User Guide, 'Multi-AZ DB instance deployments')."""
    assert ask(shop(), down=("db",)).verdict is Verdict.REACHABLE
    assert codes(ask(shop(), down=("service:rds",))) == {("db", "BAD_STATE")}


def test_a_single_database_stays_down() -> None:
    world = shop(put("db", "multi_az", False))
    assert ask(world, "web-2", "db", down=("db",)).verdict is Verdict.BLOCKED
    assert ask(world, "web-2", "db", down=("az:eu-west-1a",)).verdict is Verdict.BLOCKED


def test_the_loss_of_a_zone_leaves_the_other_zones_branches() -> None:
    world = shop()
    rest = ask(world, down=("az:eu-west-1a",))
    assert rest.verdict is Verdict.REACHABLE
    assert {hop.component for hop in rest.forward} >= {"public-b", "web-2"}
    early = ask(world, condition=Condition(zones=frozenset({"eu-west-1a"}), time=0.0))
    assert early.verdict is Verdict.BLOCKED
    assert early.share == 0.0


# -- requests ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "target", "extra", "words"),
    [
        ("internt", "lb", {}, "did you mean 'internet'"),
        ("internet", "dbb", {}, "did you mean 'db'"),
        ("internet", "lb", {"protocol": "sctp"}, "unknown protocol"),
        ("internet", "lb", {"port": 70000}, "not within"),
        ("internet", "ftp://lb/", {}, "no URL"),
        ("internet", "https://shop.example.com:99999/", {}, "port"),
        ("internet", "web-1", {"source_ip": "1.2.3"}, "not an IP address"),
        ("web-1", "10.0.20.4", {"protocol": "tcp"}, "no port"),
    ],
)
def test_a_wrong_call_is_refused_with_the_remedy(source: str, target: str, extra: dict[str, Any], words: str) -> None:
    with pytest.raises(RequestError, match=words):
        trace(shop(), Request.make(source, target, **extra))


def test_a_journeys_request_is_read_whole() -> None:
    world = shop()
    journey = world.blueprint.journeys[0].model_copy(update={"request": "POST http://shop.example.com:81/a/b?x=1"})
    asked = Request.parse_journey(journey)
    assert (asked.method, asked.protocol, asked.target, asked.port) == ("POST", "http", "shop.example.com", 81)
    assert (asked.path, asked.query) == ("/a/b", "x=1")


def test_a_component_without_an_address_is_unknown() -> None:
    found = ask(shop(), "web-1", "vpc", protocol="tcp", port=80)
    assert found.verdict is Verdict.UNKNOWN
    assert found.missing == ("an address of vpc",)


def test_icmp_and_any_need_no_port() -> None:
    for protocol in ("icmp", "any"):
        assert ask(shop(), "web-1", "web-2", protocol=protocol).verdict is Verdict.BLOCKED


def test_a_client_comes_from_its_own_address() -> None:
    def change(components: Components) -> None:
        components["me"] = {"kind": "client", "address": "203.0.113.7", "country": "IT"}
        components["lb-sg"]["ingress"][0]["from"] = "203.0.113.7/32"

    world = shop(change)
    assert ask(world, "me").verdict is Verdict.REACHABLE
    assert ask(world, "internet").verdict is Verdict.BLOCKED
    assert ask(world, "internet", source_ip="203.0.113.7").verdict is Verdict.REACHABLE
