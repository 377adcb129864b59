"""Route 53: each routing policy, each kind of health check, delegation and DNSSEC, with the case that does not."""

from __future__ import annotations

from typing import Any

import pytest

from archtui.trace.result import Trace
from archtui.world.steps import Verdict
from tests.proves import proves
from tests.trace.shop import ask, codes, design, warned

AREA = "DNS"
GUIDE = "Route 53 Developer Guide"
NAME = "www.example.com"


def looked_up(records: dict[str, dict[str, Any]], client: dict[str, Any] | None = None, **more: Any) -> Trace:
    """Look the name up; the records answer with addresses, each in a set of its own."""
    components: dict[str, Any] = {"zone": {"kind": "hosted_zone", "name": "example.com", **more.pop("zone", {})}}
    for number, (name, properties) in enumerate(records.items(), 1):
        base = {"kind": "record", "zone": "zone", "name": "www", "set_id": name, "values": [f"192.0.2.{number}"]}
        components[name] = {**base, **properties}
    components["reader"] = {"kind": "client", **(client or {})}
    components.update(more)
    return ask(design(components), "reader", NAME, protocol="dns")


def shares(found: Trace) -> dict[str, float]:
    """Return record to share of the answers."""
    result: dict[str, float] = {}
    for path in found.paths:
        shown = [step for hop in path.forward for step in hop.steps if "values" in step.after]
        if shown:
            name = [hop.component for hop in path.forward if any(step in hop.steps for step in shown)][-1]
            result[name] = result.get(name, 0.0) + path.weight
    return {name: round(share, 9) for name, share in result.items()}


def sick(number: int) -> dict[str, Any]:
    """Return a health check that finds its endpoint unhealthy."""
    return {"kind": "health_check", "type": "RECOVERY_CONTROL", "routing_control": "off", "label": str(number)}


GEO = {
    "california": {"policy": "geolocation", "country": "US", "subdivision": "CA"},
    "states": {"policy": "geolocation", "country": "US"},
    "europe": {"policy": "geolocation", "continent": "EU"},
    "italy": {"policy": "geolocation", "country": "IT"},
    "others": {"policy": "geolocation", "country": "*"},
}


@proves(
    "Geolocation matches the state, then the country, then the continent, then the default record.",
    area=AREA,
    source="facts route53-geolocation-01, route53-geolocation-02",
)
@pytest.mark.parametrize(
    ("client", "record"),
    [
        ({"country": "US", "subdivision": "CA"}, "california"),
        ({"country": "US", "subdivision": "NY"}, "states"),
        ({"country": "IT"}, "italy"),
        ({"country": "FR"}, "europe"),
        ({"country": "JP"}, "others"),
    ],
)
def test_geolocation_takes_the_smallest_place(client: dict[str, Any], record: str) -> None:
    assert shares(looked_up(GEO, client)) == {record: 1.0}


def test_geolocation_without_a_default_has_no_answer_for_others() -> None:
    only = {name: GEO[name] for name in ("europe", "italy")}
    assert {code for _, code in codes(looked_up(only, {"country": "JP"}))} == {"DNS_NO_LOCATION_MATCH"}
    assert looked_up(GEO, {"country": "US"}).verdict is Verdict.UNKNOWN
    assert looked_up(GEO, {}).verdict is Verdict.UNKNOWN


@proves(
    "A geolocation record that is unhealthy leaves its place to the next larger one.",
    area=AREA,
    source=f"{GUIDE}, 'How Amazon Route 53 chooses records when health checking is configured'",
)
def test_an_unhealthy_place_is_answered_by_the_larger_one() -> None:
    records = {**GEO, "italy": {**GEO["italy"], "health_check": "check"}}
    found = looked_up(records, {"country": "IT"}, check=sick(1))
    assert shares(found) == {"europe": 1.0}
    assert ("europe", "DNS_ANSWER_UNHEALTHY") in warned(found)


@proves(
    "Where the resolver does not say for whom it asks, its own place counts.",
    area=AREA,
    source="fact route53-geo-source-01; RFC 7871",
)
def test_a_resolver_that_hides_its_client() -> None:
    hidden = {"country": "IT", "resolver_country": "JP", "client_subnet": False}
    assert shares(looked_up(GEO, hidden)) == {"others": 1.0}
    assert shares(looked_up(GEO, {**hidden, "client_subnet": True})) == {"italy": 1.0}


@proves(
    "Geoproximity answers with the nearest resource; a bias changes distances by its percentage.",
    area=AREA,
    source=f"{GUIDE}, 'Geoproximity routing'; facts route53-geoproximity-01, route53-geoproximity-02",
)
@pytest.mark.parametrize(
    ("bias", "client", "record"),
    [
        (0, {"region": "eu-west-2"}, "dublin"),
        (60, {"region": "eu-west-2"}, "frankfurt"),
        (-99, {"region": "eu-central-1"}, "frankfurt"),
        (0, {"latitude": 47.0, "longitude": 10.0}, "frankfurt"),
        (0, {"region": "us-east-1"}, "dublin"),
    ],
)
def test_geoproximity(bias: int, client: dict[str, Any], record: str) -> None:
    records = {
        "dublin": {"policy": "geoproximity", "region": "eu-west-1"},
        "frankfurt": {"policy": "geoproximity", "region": "eu-central-1", "bias": bias},
    }
    assert shares(looked_up(records, client)) == {record: 1.0}


def test_geoproximity_needs_the_clients_place() -> None:
    records = {name: {"policy": "geoproximity", "region": name} for name in ("eu-west-1", "eu-central-1")}
    assert looked_up(records, {}).verdict is Verdict.UNKNOWN


BLOCKS = {
    "office": {"policy": "ip_based", "cidrs": ["203.0.113.0/24"]},
    "lab": {"policy": "ip_based", "cidrs": ["203.0.113.128/25", "198.51.100.0/24"]},
    "rest": {"policy": "ip_based", "cidrs": ["*"]},
}


@proves(
    "IP-based routing answers by the longest block that holds the asking address, then by the default.",
    area=AREA,
    source=f"{GUIDE}, 'IP-based routing'; fact route53-ip-01",
)
@pytest.mark.parametrize(
    ("client", "record"),
    [
        ({"address": "203.0.113.10"}, "office"),
        ({"address": "203.0.113.200"}, "lab"),
        ({"address": "192.0.2.200"}, "rest"),
        ({"address": "203.0.113.10", "resolver": "198.51.100.53", "client_subnet": False}, "lab"),
    ],
)
def test_ip_based(client: dict[str, Any], record: str) -> None:
    assert shares(looked_up(BLOCKS, client)) == {record: 1.0}


def test_ip_based_without_a_default_has_no_answer() -> None:
    found = looked_up({"office": BLOCKS["office"]}, {"address": "192.0.2.200"})
    assert {code for _, code in codes(found)} == {"DNS_NO_LOCATION_MATCH"}


@proves(
    "Latency routing answers with the region of the lowest latency, the next one where that is unhealthy.",
    area=AREA,
    source="facts route53-latency-01, r53_health_check-failover-01",
)
@pytest.mark.parametrize(
    ("latencies", "check", "record"),
    [
        ({"eu-west-1": "20ms", "us-east-1": "90ms", "ap-south-1": "120ms"}, None, "eu-west-1"),
        ({"eu-west-1": "95ms", "us-east-1": "90ms", "ap-south-1": "120ms"}, None, "us-east-1"),
        ({"eu-west-1": "20ms", "us-east-1": "90ms", "ap-south-1": "120ms"}, "eu-west-1", "us-east-1"),
    ],
)
def test_latency(latencies: dict[str, str], check: str | None, record: str) -> None:
    records: dict[str, dict[str, Any]] = {name: {"policy": "latency", "region": name} for name in latencies}
    if check:
        records[check]["health_check"] = "check"
    found = looked_up(records, {"latencies": latencies}, check=sick(1))
    assert shares(found) == {record: 1.0}
    assert looked_up(records, {}, check=sick(1)).verdict is Verdict.UNKNOWN


@proves(
    "Weights share the answers, zero is never answered, and all zero count alike.",
    area=AREA,
    source="facts route53-weighted-01, route53-weighted-02",
)
@pytest.mark.parametrize(
    ("weights", "expected"),
    [
        ((3, 1), {"one": 0.75, "two": 0.25}),
        ((3, 0), {"one": 1.0}),
        ((0, 0), {"one": 0.5, "two": 0.5}),
    ],
)
def test_weighted(weights: tuple[int, int], expected: dict[str, float]) -> None:
    records = {n: {"policy": "weighted", "weight": w} for n, w in zip(("one", "two"), weights, strict=True)}
    assert shares(looked_up(records)) == expected


@proves("Multivalue answers hold up to eight healthy records.", area=AREA, source="fact route53-multivalue-01")
def test_multivalue_leaves_out_what_is_unhealthy() -> None:
    records: dict[str, dict[str, Any]] = {f"r{n}": {"policy": "multivalue"} for n in range(3)}
    assert shares(looked_up(records)) == {"r0": 0.333333333, "r1": 0.333333333, "r2": 0.333333333}
    records["r1"]["health_check"] = "check"
    assert shares(looked_up(records, check=sick(1))) == {"r0": 0.5, "r2": 0.5}


@proves(
    "A failover pair answers the secondary where the primary is unhealthy.",
    area=AREA,
    source="fact route53-failover-01",
)
@pytest.mark.parametrize(
    ("check", "record"),
    [
        ({"type": "RECOVERY_CONTROL", "routing_control": "on"}, "main"),
        ({"type": "RECOVERY_CONTROL", "routing_control": "off"}, "spare"),
        ({"type": "CLOUDWATCH_METRIC", "alarm": "ok"}, "main"),
        ({"type": "CLOUDWATCH_METRIC", "alarm": "alarm"}, "spare"),
        ({"type": "CLOUDWATCH_METRIC", "alarm": "insufficient_data", "insufficient_data": "unhealthy"}, "spare"),
        ({"type": "CLOUDWATCH_METRIC", "alarm": "insufficient_data", "insufficient_data": "healthy"}, "main"),
        ({"type": "CLOUDWATCH_METRIC", "alarm": "alarm", "inverted": True}, "main"),
        ({"type": "CLOUDWATCH_METRIC", "alarm": "alarm", "disabled": True}, "main"),
        ({"type": "TCP", "address": "192.0.2.1", "healthy_checkers": "19%"}, "main"),
        ({"type": "TCP", "address": "192.0.2.1", "healthy_checkers": "18%"}, "spare"),
        ({"type": "CALCULATED", "children": ["good", "bad"], "threshold": 1}, "main"),
        ({"type": "CALCULATED", "children": ["good", "bad"], "threshold": 2}, "spare"),
        ({"type": "CALCULATED", "children": ["good", "bad"]}, "spare"),
        ({"type": "HTTP_STR_MATCH", "target": "lb", "search_string": "ok", "port": 80}, "main"),
        ({"type": "HTTP_STR_MATCH", "target": "lb", "search_string": "ok", "port": 80, "holds_string": False}, "spare"),
    ],
)
def test_failover_by_every_kind_of_health_check(check: dict[str, Any], record: str) -> None:
    records = {
        "main": {"policy": "failover", "failover": "primary", "health_check": "check"},
        "spare": {"policy": "failover", "failover": "secondary"},
    }
    found = looked_up(
        records,
        check={"kind": "health_check", **check},
        good={"kind": "health_check", "type": "RECOVERY_CONTROL"},
        bad=sick(2),
        lb={"kind": "cdn", "origins": [{"id": "o", "to": "site"}], "default": {"origin": "o"}},
        site={"kind": "s3"},
    )
    assert shares(found) == {record: 1.0}


@proves(
    "A public zone is asked only where the zone above it names its servers in an NS record.",
    area=AREA,
    source=f"{GUIDE}, 'Routing traffic for subdomains'; fact route53-ns-01",
)
@pytest.mark.parametrize(
    ("name_servers", "values", "found"),
    [
        ((), ["child"], True),
        (("ns-1.awsdns-00.com",), ["ns-1.awsdns-00.com."], True),
        (("ns-1.awsdns-00.com",), ["ns-9.awsdns-99.org"], False),
        ((), None, False),
    ],
)
def test_delegation(name_servers: tuple[str, ...], values: list[str] | None, found: bool) -> None:
    components: dict[str, Any] = {
        "zone": {"kind": "hosted_zone", "name": "example.com"},
        "child": {"kind": "hosted_zone", "name": "eu.example.com", "name_servers": list(name_servers)},
        "www": {"kind": "record", "zone": "child", "name": "www", "values": ["192.0.2.1"]},
    }
    if values is not None:
        components["ns"] = {"kind": "record", "zone": "zone", "name": "eu", "type": "NS", "values": values}
    trace = ask(design(components), "internet", "www.eu.example.com", protocol="dns")
    assert trace.verdict is (Verdict.REACHABLE if found else Verdict.BLOCKED)
    assert ("DNS_NOT_DELEGATED" in {code for _, code in codes(trace)}) is not found


def test_a_part_delegated_elsewhere_is_not_known() -> None:
    records = {"ns": {"name": "shop", "type": "NS", "values": ["ns1.example.net"]}, "www": {}}
    components: dict[str, Any] = {"zone": {"kind": "hosted_zone", "name": "example.com"}}
    for name, properties in records.items():
        components[name] = {"kind": "record", "zone": "zone", "name": name, "values": ["192.0.2.1"], **properties}
    world = design(components)
    assert ask(world, target="a.shop.example.com", protocol="dns").verdict is Verdict.UNKNOWN
    assert ask(world, target=NAME, protocol="dns").verdict is Verdict.REACHABLE


@proves(
    "A broken chain of DNSSEC signatures is SERVFAIL to resolvers that validate, and nothing to others.",
    area=AREA,
    source=f"{GUIDE}, 'Configuring DNSSEC signing in Amazon Route 53'; fact route53-dnssec-01",
)
@pytest.mark.parametrize(
    ("zone", "validates", "answered"),
    [
        ({"dnssec": True, "ds_record": "matches"}, True, True),
        ({"dnssec": True, "ds_record": "wrong"}, True, False),
        ({"dnssec": True, "ds_record": "wrong"}, False, True),
        ({"dnssec": False, "ds_record": "matches"}, True, False),
        ({"dnssec": True, "ds_record": "none"}, True, True),
    ],
)
def test_dnssec(zone: dict[str, Any], validates: bool, answered: bool) -> None:
    found = looked_up({"www": {}}, {"validates": validates}, zone=zone)
    assert found.verdict is (Verdict.REACHABLE if answered else Verdict.BLOCKED)
    assert ({"DNS_SEC_BROKEN"} == {code for _, code in codes(found)}) is not answered


@proves(
    "A weighted record of weight 0 is answered where all records with a weight are unhealthy",
    area=AREA,
    source=f"{GUIDE}, 'How Amazon Route 53 chooses records when health checking is configured'",
)
@pytest.mark.parametrize(
    ("sick_ones", "expected"),
    [((), {"one": 1.0}), (("one",), {"spare": 1.0}), (("one", "spare"), {"one": 1.0})],
)
def test_a_weight_of_zero_is_the_last_resort(sick_ones: tuple[str, ...], expected: dict[str, float]) -> None:
    records: dict[str, dict[str, Any]] = {
        name: {"policy": "weighted", "weight": weight, **({"health_check": "ill"} if name in sick_ones else {})}
        for name, weight in (("one", 10), ("spare", 0))
    }
    assert shares(looked_up(records, ill=sick(1))) == expected
