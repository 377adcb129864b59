"""How names resolve: zones, records, routing policies, health checks."""

from __future__ import annotations

from typing import Any

import pytest

from archtui.trace.interface import Question
from archtui.trace.message import Endpoint
from archtui.trace.walker import Walker
from archtui.world.condition import Condition, condition_for
from archtui.world.steps import Verdict
from archtui.world.world import World
from tests.proves import proves
from tests.trace.shop import Components, ask, codes, design, shop, steps, warned

ZONE = {"zone": {"kind": "hosted_zone", "name": "example.com"}}


def record(name: str, value: str, **more: Any) -> dict[str, Any]:
    return {"kind": "record", "zone": "zone", "name": name, "values": [value], **more}


def answers(world: World, name: str, asker: Endpoint | None = None, **where: Any) -> dict[str, float]:
    """Return address to share of the answers."""
    found = Walker.of(world).resolve(Question(name, asker or Endpoint("internet", "8.8.8.8"), **where))
    assert sum(answer.weight for answer in found.answers) + sum(w for w, _ in found.dead) == pytest.approx(1)
    shares: dict[str, float] = {}
    for answer in found.answers:
        shares[answer.endpoint.address] = shares.get(answer.endpoint.address, 0) + answer.weight
    return shares


def dns_codes(world: World, name: str, **where: Any) -> set[str]:
    found = Walker.of(world).resolve(Question(name, Endpoint("internet", "8.8.8.8"), **where))
    hops = (*found.hops, *(hop for answer in found.answers for hop in answer.hops))
    return {step.code for hop in (*hops, *(h for _, dead in found.dead for h in dead)) for step in hop.steps}


@pytest.mark.parametrize("written", ["shop", "shop.example.com", "shop.example.com.", "SHOP.Example.COM"])
def test_a_record_is_found_however_its_name_is_written(written: str) -> None:
    world = design({**ZONE, "r": record(written, "192.0.2.1")})
    assert answers(world, "shop.example.com") == {"192.0.2.1": 1}


def test_several_values_share_the_answers() -> None:
    world = design(
        {**ZONE, "r": {"kind": "record", "zone": "zone", "name": "www", "values": ["192.0.2.1", "192.0.2.2"]}}
    )
    assert answers(world, "www.example.com") == {"192.0.2.1": 0.5, "192.0.2.2": 0.5}


def test_a_missing_name_is_not_found_and_a_near_one_is_suggested() -> None:
    world = design({**ZONE, "r": record("shop", "192.0.2.1")})
    found = ask(world, target="http://shpo.example.com/")
    assert codes(found) == {("zone", "DNS_NAME_NOT_FOUND")}
    assert "shop.example.com" in found.blockers[0].message


def test_a_name_of_another_type_only_is_no_address() -> None:
    world = design({**ZONE, "r": record("mail", "10 mx.example.com", type="MX")})
    assert dns_codes(world, "mail.example.com") == {"", "DNS_NO_RECORD_OF_TYPE"}


@proves(
    "The hosted zone with the longest matching name answers.",
    area="DNS",
    source="Route 53 Developer Guide, 'Private hosted zones'",
)
def test_the_longest_zone_answers() -> None:
    world = design(
        {
            **ZONE,
            "inner": {"kind": "hosted_zone", "name": "eu.example.com"},
            "to-inner": record("eu", "inner", type="NS"),
            "a": record("www.eu", "192.0.2.1"),
            "b": {"kind": "record", "zone": "inner", "name": "www", "values": ["192.0.2.2"]},
        }
    )
    assert answers(world, "www.eu.example.com") == {"192.0.2.2": 1}


@proves(
    "A wildcard record answers for names that no record has.",
    area="DNS",
    source="Route 53 Developer Guide, 'Using an asterisk in names'",
)
def test_a_wildcard_answers_what_no_record_names() -> None:
    world = design({**ZONE, "any": record("*", "192.0.2.9"), "www": record("www", "192.0.2.1")})
    assert answers(world, "other.example.com") == {"192.0.2.9": 1}
    assert answers(world, "www.example.com") == {"192.0.2.1": 1}


def test_a_cname_leads_on_and_a_circle_is_found() -> None:
    world = design(
        {
            **ZONE,
            "a": record("a", "b.example.com", type="CNAME"),
            "b": record("b", "192.0.2.1"),
            "x": record("x", "y.example.com", type="CNAME"),
            "y": record("y", "x.example.com", type="CNAME"),
        }
    )
    assert answers(world, "a.example.com") == {"192.0.2.1": 1}
    assert "DNS_CNAME_LOOP" in dns_codes(world, "x.example.com")


@proves(
    "A CNAME cannot stand at a zone's apex; an alias can.",
    area="DNS",
    source="Route 53 Developer Guide, 'Choosing between alias and non-alias records'",
)
def test_a_cname_at_the_apex_is_refused_and_an_address_there_is_not() -> None:
    bad = design({**ZONE, "r": record("@", "www.example.org", type="CNAME")})
    assert "DNS_CNAME_AT_APEX" in dns_codes(bad, "example.com")
    good = design({**ZONE, "r": record("@", "192.0.2.1")})
    assert answers(good, "example.com") == {"192.0.2.1": 1}


def test_an_alias_to_what_has_no_name_is_refused() -> None:
    world = shop(lambda c: c["shop"].update(alias="web-1"))
    assert codes(ask(world)) == {("shop", "DNS_ALIAS_TARGET_UNSUITABLE")}


def test_a_name_outside_the_design_is_unknown() -> None:
    found = ask(design(ZONE), target="https://www.example.org/")
    assert found.verdict is Verdict.UNKNOWN
    assert "www.example.org" in found.missing[0]


@proves(
    "A private hosted zone answers in its VPCs alone.",
    area="DNS",
    source="Route 53 Developer Guide, 'Private hosted zones'",
)
def test_a_private_zone_is_seen_from_its_vpcs_alone() -> None:
    def private(components: Components) -> None:
        components["inner"] = {"kind": "hosted_zone", "name": "example.com", "private": True, "vpcs": ["vpc"]}
        components["hidden"] = {"kind": "record", "zone": "inner", "name": "shop", "values": ["10.0.0.99"]}

    world = shop(private)
    inside = Walker.of(world).interfaces("web-1")[0]
    assert answers(world, "shop.example.com", inside) == {"10.0.0.99": 1}
    assert "10.0.0.99" not in answers(world, "shop.example.com")


@proves(
    "Private hosted zones need DNS support and DNS host names in the VPC.",
    area="DNS",
    source="VPC User Guide, 'DNS attributes for your VPC'",
)
def test_a_vpc_without_dns_host_names_sees_no_private_zone() -> None:
    """VPC User Guide, 'DNS attributes for your VPC': private hosted zones need both attributes."""

    def private(components: Components) -> None:
        components["vpc"]["dns_hostnames"] = False
        components["inner"] = {"kind": "hosted_zone", "name": "corp.example", "private": True, "vpcs": ["vpc"]}
        components["entry"] = {"kind": "record", "zone": "inner", "name": "db", "type": "CNAME", "values": ["db"]}

    found = ask(shop(private), "web-1", "db.corp.example", protocol="tcp", port=5432)
    assert found.verdict is Verdict.UNKNOWN
    lost = [rule for hop in found.forward for step in hop.steps for rule in step.lost]
    assert [(rule.component, rule.why) for rule in lost] == [("inner", "dns_hostnames is off in vpc")]


def test_a_name_with_an_ipv6_address_alone_is_for_those_who_have_ipv6() -> None:
    """RFC 3596: a client that speaks IPv6 asks for the AAAA record."""
    found = ask(
        design({**ZONE, "r": {**record("www", "2001:db8::1"), "type": "AAAA"}}), target="http://www.example.com/"
    )
    assert found.verdict is Verdict.REACHABLE
    assert [step.code for step in steps(found, "internet", "dns")] == ["ASSUMPTION_IPV6"]


def test_without_dns_support_a_vpc_resolves_nothing() -> None:
    world = shop(lambda c: c["vpc"].update(dns_support=False))
    found = ask(world, "web-1", "https://shop.example.com/")
    assert codes(found) == {("vpc", "DNS_SUPPORT_DISABLED")}


# -- routing policies --------------------------------------------------------------------------------


@proves(
    "Weighted records share the answers; weight 0 is never answered beside others.",
    area="DNS",
    source="Route 53 Developer Guide, 'Weighted routing'",
)
def test_weights_share_the_answers_and_zero_is_never_given() -> None:
    records = {
        name: record("www", address, policy="weighted", set_id=name, weight=weight)
        for name, address, weight in (("a", "192.0.2.1", 3), ("b", "192.0.2.2", 1), ("c", "192.0.2.3", 0))
    }
    assert answers(design({**ZONE, **records}), "www.example.com") == {"192.0.2.1": 0.75, "192.0.2.2": 0.25}


@proves(
    "Where all weights are 0 all records count alike.",
    area="DNS",
    source="Route 53 Developer Guide, 'Weighted routing'",
)
def test_all_weights_zero_count_alike() -> None:
    records = {n: record("www", f"192.0.2.{i}", policy="weighted", set_id=n, weight=0) for i, n in enumerate("ab")}
    assert answers(design({**ZONE, **records}), "www.example.com") == {"192.0.2.0": 0.5, "192.0.2.1": 0.5}


@proves(
    "Geolocation prefers the country's record to the default one.",
    area="DNS",
    source="Route 53 Developer Guide, 'Geolocation routing'",
)
@pytest.mark.parametrize(("country", "address"), [("IT", "192.0.2.1"), ("FR", "192.0.2.2")], ids=["match", "default"])
def test_geolocation_prefers_the_country_to_the_default(country: str, address: str) -> None:
    records = {
        "it": record("www", "192.0.2.1", policy="geolocation", country="IT", set_id="it"),
        "else": record("www", "192.0.2.2", policy="geolocation", country="*", set_id="else"),
    }
    assert answers(design({**ZONE, **records}), "www.example.com", country=country) == {address: 1}


def test_geolocation_without_a_match_gives_nothing_and_without_a_country_is_unknown() -> None:
    world = design({**ZONE, "it": record("www", "192.0.2.1", policy="geolocation", country="IT", set_id="it")})
    assert "DNS_NO_LOCATION_MATCH" in dns_codes(world, "www.example.com", country="FR")
    assert "DNS_POLICY_UNDECIDED" in dns_codes(world, "www.example.com")


def test_latency_is_decided_by_the_region_of_the_client_or_not_at_all() -> None:
    records = {
        region: record("www", address, policy="latency", region=region, set_id=region)
        for region, address in (("eu-west-1", "192.0.2.1"), ("us-east-1", "192.0.2.2"))
    }
    world = design({**ZONE, **records})
    assert answers(world, "www.example.com", region="us-east-1") == {"192.0.2.2": 1}
    assert "DNS_POLICY_UNDECIDED" in dns_codes(world, "www.example.com")


def test_multivalue_gives_each_record_its_share() -> None:
    records = {n: record("www", f"192.0.2.{i}", policy="multivalue", set_id=n) for i, n in enumerate("abcd")}
    shares = answers(design({**ZONE, **records}), "www.example.com")
    assert len(shares) == 4
    assert set(shares.values()) == {0.25}


# -- failover ----------------------------------------------------------------------------------------


def _pair(check: bool, evaluate: bool = False) -> Any:
    def change(components: Components) -> None:
        components["shop"].update(policy="failover", failover="primary", set_id="a", evaluate_target_health=evaluate)
        components["backup"] = {
            "kind": "record", "zone": "zone", "name": "shop", "policy": "failover", "failover": "secondary",
            "set_id": "b", "values": ["192.0.2.50"],
        }  # fmt: skip
        if check:
            components["check"] = {
                "kind": "health_check", "type": "HTTPS", "target": "lb", "host": "shop.example.com", "path": "/healthz",
            }  # fmt: skip
            components["shop"]["health_check"] = "check"

    return change


@proves(
    "The secondary record answers once the primary's health check has failed.",
    area="DNS",
    source="Route 53 Developer Guide, 'Failover routing'",
)
@pytest.mark.parametrize("change", [_pair(check=True), _pair(check=False, evaluate=True)], ids=["check", "alias"])
def test_the_secondary_answers_once_the_primary_is_known_to_be_down(change: Any) -> None:
    world = shop(change)
    assert answers(world, "shop.example.com").keys() != {"192.0.2.50"}
    lost = ask(world, down=("lb",))
    assert [hop.component for hop in lost.forward if hop.component == "backup"]
    assert ("backup", "DNS_ANSWER_UNHEALTHY") in warned(lost)


def test_until_the_health_check_has_noticed_the_primary_is_answered() -> None:
    world = shop(_pair(check=True))
    down = condition_for(world, ("lb",))
    early = ask(world, condition=Condition(down=down.down, time=0.0))
    assert ("lb", "BAD_STATE") in codes(early)
    late = ask(
        world, condition=Condition(down=down.down, time=150.0, recovered=frozenset({"route53.failover_record:shop"}))
    )
    assert not [hop for hop in late.forward if hop.component == "lb"]


@proves(
    "Without a health check the primary is always answered.",
    area="DNS",
    source="Route 53 Developer Guide, 'Failover routing'",
)
def test_without_a_health_check_the_secondary_never_answers() -> None:
    world = shop(_pair(check=False))
    calm, lost = ask(world), ask(world, down=("lb",))
    assert ("shop", "DNS_FAILOVER_WITHOUT_HEALTH_CHECK") in warned(calm)
    assert ("lb", "BAD_STATE") in codes(lost)


@proves(
    "If primary and secondary are unhealthy the primary is answered.",
    area="DNS",
    source="Route 53 Developer Guide, 'How Route 53 chooses records'",
)
def test_if_both_are_unhealthy_the_primary_is_answered() -> None:
    def both(components: Components) -> None:
        _pair(check=True)(components)
        components["other"] = {"kind": "health_check", "type": "TCP", "target": "web-1", "port": 22}
        components["backup"]["health_check"] = "other"

    lost = ask(shop(both), down=("lb",))
    assert ("shop", "DNS_ALL_UNHEALTHY") in warned(lost)


@proves(
    "Health checks come from the internet: a private instance is never found healthy.",
    area="DNS",
    source="fact r53_health_check-public-01",
)
def test_a_health_check_comes_from_the_internet() -> None:
    """A private instance can never be found healthy (fact r53_health_check-public-01)."""

    def private(components: Components) -> None:
        _pair(check=True)(components)
        components["check"] = {"kind": "health_check", "type": "HTTP", "target": "web-1", "port": 8080}

    step = steps(ask(shop(private)), "backup", "dns")[0]
    assert step.code == "DNS_ANSWER_UNHEALTHY"


def test_a_health_check_that_depends_on_itself_is_undecided() -> None:
    def circular(components: Components) -> None:
        _pair(check=True)(components)
        components["check"] = {"kind": "health_check", "type": "HTTPS", "host": "shop.example.com"}

    assert ask(shop(circular)).verdict is Verdict.UNKNOWN


@proves(
    "A calculated health check counts its healthy children.",
    area="DNS",
    source="Route 53 Developer Guide, 'Monitoring other health checks'",
)
@pytest.mark.parametrize(("threshold", "healthy"), [(1, True), (2, False)])
def test_a_calculated_check_counts_its_children(threshold: int, healthy: bool) -> None:
    def change(components: Components) -> None:
        _pair(check=True)(components)
        components["good"] = components["check"]
        components["bad"] = {"kind": "health_check", "type": "TCP", "target": "db", "port": 5432}
        components["check"] = {
            "kind": "health_check", "type": "CALCULATED", "children": ["good", "bad"], "threshold": threshold,
        }  # fmt: skip

    found = ask(shop(change))
    assert any(hop.component == "lb" for hop in found.forward) is healthy


# -- a DNS question by itself ------------------------------------------------------------------------


def test_a_dns_request_is_a_question_and_no_connection() -> None:
    closed = shop(lambda c: c["lb-sg"].update(ingress=[]))
    found = ask(closed, target="shop.example.com", protocol="dns")
    assert found.verdict is Verdict.REACHABLE
    assert found.reaches("lb") is Verdict.REACHABLE
    assert {step.layer for hop in found.forward for step in hop.steps} == {"application", "dns"}
    assert codes(ask(closed, target="nowhere.example.com", protocol="dns")) == {("zone", "DNS_NAME_NOT_FOUND")}
    assert ask(closed, target="www.example.org", protocol="dns").verdict is Verdict.UNKNOWN
    assert ask(closed, target="web-1", protocol="dns").verdict is Verdict.UNKNOWN


def test_a_balancer_asked_by_its_id_has_no_name_to_compare() -> None:
    assert ask(shop(), target="lb", protocol="https").verdict is Verdict.REACHABLE
    by_name = ask(shop(), target="https://lb.eu-west-1.elb.amazonaws.com/")
    assert codes(by_name) == {("cert", "TLS_NAME_MISMATCH")}
