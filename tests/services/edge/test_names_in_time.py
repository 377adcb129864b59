"""Names in time: what caches keep after a failure, what resolvers remember of missing names, other record types."""

from __future__ import annotations

from typing import Any

import pytest

from archtui.failure import condition_at
from archtui.trace.request import RequestError
from archtui.trace.result import Trace
from archtui.world.condition import HEALTHY, condition_for
from archtui.world.steps import Verdict
from archtui.world.world import World
from tests.proves import proves
from tests.trace.shop import ask, codes, design, steps, warned

AREA = "DNS"
GUIDE = "Route 53 Developer Guide"
NAME = "www.example.com"
HOSTS: dict[str, Any] = {
    name: {"kind": "ec2", "subnet": f"sub-{name}", "public_ip": True, "security_groups": ["sg"]}
    | {"listens": [{"port": 80, "protocol": "http"}]}
    for name in ("one", "two")
}
NET: dict[str, Any] = {
    "vpc": {"kind": "vpc", "cidr": "10.0.0.0/16"},
    "igw": {"kind": "internet_gateway", "vpc": "vpc"},
    "rt": {"kind": "route_table", "vpc": "vpc", "main": True, "routes": [{"to": "0.0.0.0/0", "via": "igw"}]},
    "sub-one": {"kind": "subnet", "vpc": "vpc", "az": "a", "cidr": "10.0.0.0/24"},
    "sub-two": {"kind": "subnet", "vpc": "vpc", "az": "b", "cidr": "10.0.1.0/24"},
    "sg": {"kind": "security_group", "vpc": "vpc", "ingress": [{"port": 80, "from": "any"}]},
    **HOSTS,
}


def pair() -> World:
    """A failover pair with a health check every 30 s, three failures, and a TTL of 60 s."""
    record = {"kind": "record", "zone": "zone", "name": "www", "policy": "failover", "ttl": 60}
    return design(
        {
            **NET,
            "zone": {"kind": "hosted_zone", "name": "example.com"},
            "check": {"kind": "health_check", "type": "HTTP", "target": "one"},
            "main": {**record, "set_id": "m", "failover": "primary", "values": ["one"], "health_check": "check"},
            "spare": {**record, "set_id": "s", "failover": "secondary", "values": ["two"]},
            "reader": {"kind": "client"},
        }
    )


def after(world: World, seconds: float) -> Trace:
    return ask(world, "reader", f"http://{NAME}/", condition=condition_at(world, ("one",), seconds))


@proves(
    "After a failure a name is answered as before until the health check notices, and then until the TTL ends.",
    area=AREA,
    source=f"{GUIDE}, 'How Amazon Route 53 determines whether a health check is healthy'; fact dns_resolver-ttl-01",
)
@pytest.mark.parametrize(
    ("seconds", "verdict", "said"),
    [
        (10, Verdict.BLOCKED, "3 failed checks, 30 s apart"),
        (100, Verdict.BLOCKED, "keep the old answer for up to 50 s more"),
        (151, Verdict.REACHABLE, ""),
    ],
)
def test_the_cached_answer_lasts_until_its_ttl_ends(seconds: float, verdict: Verdict, said: str) -> None:
    found = after(pair(), seconds)
    assert found.verdict is verdict
    stale = [step for step in steps(found, "main") if step.code == "DNS_STALE_ANSWER"]
    assert [said in step.message for step in stale] == ([True] if said else [])


def test_before_the_failure_nothing_is_stale() -> None:
    assert ("main", "DNS_STALE_ANSWER") not in warned(ask(pair(), "reader", f"http://{NAME}/"))


def kept(values: list[str], left: str, **more: Any) -> World:
    cache = [{"name": f"{NAME}.", "values": values, "left": left}]
    return design(
        {
            **NET,
            "zone": {"kind": "hosted_zone", "name": "example.com"},
            "new": {"kind": "record", "zone": "zone", "name": "www", "values": ["192.0.2.2"]},
            "isp": {"kind": "dns_resolver", "cache": cache, **more},
            "reader": {"kind": "client", "resolver": "isp"},
        }
    )


@proves(
    "A resolver answers from its cache until the TTL has passed, a missing name too.",
    area=AREA,
    source="facts dns_resolver-ttl-01, dns_resolver-ttl-02; RFC 2308",
)
@pytest.mark.parametrize(
    ("values", "seconds", "address", "code"),
    [
        (["192.0.2.1"], 20, "192.0.2.1", "DNS_CACHED"),
        (["192.0.2.1"], 61, "192.0.2.2", ""),
        ([], 20, "", "DNS_CACHED_NEGATIVE"),
        ([], 61, "192.0.2.2", ""),
    ],
)
def test_a_resolvers_cache(values: list[str], seconds: float, address: str, code: str) -> None:
    world = kept(values, "60s")
    found = ask(world, "reader", NAME, protocol="dns", condition=condition_at(world, ("one",), seconds))
    (step,) = steps(found, "isp")
    assert step.code == code
    assert ("the root's, then com's, then example.com's" in step.message) is (not code)
    assert (address in str([way.label for made in found.root.calls for way in made.ways])) is True


def test_a_cache_counts_while_nothing_is_broken_and_not_once_all_is_at_rest() -> None:
    world = kept(["192.0.2.1"], "60s")
    assert [s.after["ttl_left"] for s in steps(ask(world, "reader", NAME, protocol="dns"), "isp")] == [60.0]
    rested = ask(world, "reader", NAME, protocol="dns", condition=condition_for(world, ("one",)))
    assert ([step.code for step in steps(rested, "isp")], HEALTHY.time) == ([""], None)


@proves(
    "Name servers see the resolver's place where it does not say for whom it asks.",
    area=AREA,
    source="fact route53-geo-source-01; RFC 7871",
)
@pytest.mark.parametrize(("hides", "address"), [(True, "192.0.2.81"), (False, "192.0.2.39")])
def test_a_resolver_of_the_design_hides_its_clients(hides: bool, address: str) -> None:
    base = {"kind": "record", "zone": "zone", "name": "www", "policy": "geolocation"}
    world = design(
        {
            "zone": {"kind": "hosted_zone", "name": "example.com"},
            "it": {**base, "set_id": "it", "country": "IT", "values": ["192.0.2.39"]},
            "jp": {**base, "set_id": "jp", "country": "JP", "values": ["192.0.2.81"]},
            "isp": {"kind": "dns_resolver", "country": "JP", "client_subnet": not hides},
            "reader": {"kind": "client", "country": "IT", "resolver": "isp"},
        }
    )
    found = ask(world, "reader", NAME, protocol="dns")
    assert [way.label for made in found.root.calls for way in made.ways] == [f"internet ({address})"]


TYPES = {
    "MX": "10 mail.example.com",
    "TXT": '"v=spf1 -all"',
    "SRV": "1 10 5269 xmpp.example.com",
    "CAA": '0 issue "amazon.com"',
    "NAPTR": '100 50 "s" "SIP+D2U" "" _sip._udp.example.com',
    "HTTPS": "1 . alpn=h3",
    "SVCB": "1 svc.example.com",
    "PTR": "host.example.com",
    "CNAME": "else.example.com",
}


@proves("Each record type is answered to those who ask for it.", area=AREA, source=f"{GUIDE}, 'Supported record types'")
@pytest.mark.parametrize("wanted", TYPES)
def test_other_record_types_are_data(wanted: str) -> None:
    world = design(
        {
            "zone": {"kind": "hosted_zone", "name": "example.com"},
            "it": {"kind": "record", "zone": "zone", "name": "www", "type": wanted, "values": [TYPES[wanted]]},
        }
    )
    found = ask(world, "internet", NAME, protocol="dns", record_type=wanted)
    assert found.verdict is Verdict.REACHABLE
    assert [way.label for made in found.root.calls for way in made.ways] == [f"it ({TYPES[wanted]})"]
    other = "TXT" if wanted != "TXT" else "MX"
    if wanted != "CNAME":
        assert codes(ask(world, "internet", NAME, protocol="dns", record_type=other)) == {
            ("it", "DNS_NO_RECORD_OF_TYPE")
        }


def test_a_record_type_needs_dns_and_has_to_be_known() -> None:
    world = design({"zone": {"kind": "hosted_zone", "name": "example.com"}})
    with pytest.raises(RequestError, match="asked by DNS alone"):
        ask(world, "internet", NAME, protocol="tcp", port=1, record_type="MX")
    with pytest.raises(RequestError, match="unknown record type 'MXX'"):
        ask(world, "internet", NAME, protocol="dns", record_type="MXX")


@proves(
    "A zone answers for its own name servers and its SOA record, whose fields bound how long a missing name is kept.",
    area=AREA,
    source=f"{GUIDE}, 'NS and SOA records that Amazon Route 53 creates for a public hosted zone'; RFC 2308",
)
def test_the_records_of_the_zone_itself() -> None:
    servers = ["ns-1.awsdns-01.com", "ns-2.awsdns-02.net"]
    world = design({"zone": {"kind": "hosted_zone", "name": "example.com", "name_servers": servers}})
    found = ask(world, "internet", "example.com", protocol="dns", record_type="NS")
    assert [way.label for made in found.root.calls for way in made.ways] == [f"zone ({name}.)" for name in servers]
    soa = ask(world, "internet", "example.com", protocol="dns", record_type="SOA")
    assert "7200 900 1209600 86400" in soa.root.calls[0].ways[0].label


@pytest.mark.parametrize(("zone", "seconds"), [({}, 900), ({"soa_minimum": 60}, 60), ({"soa_ttl": 30}, 30)])
def test_a_missing_name_is_remembered(zone: dict[str, int], seconds: int) -> None:
    world = design({"zone": {"kind": "hosted_zone", "name": "example.com", **zone}})
    found = ask(world, "internet", NAME, protocol="dns")
    assert [s.after["negative_ttl"] for s in steps(found, "zone") if s.code == "DNS_NAME_NOT_FOUND"] == [seconds]


@proves(
    "A domain whose registrar names other servers, or that has expired, resolves nowhere.",
    area=AREA,
    source="facts r53_registrar-register-01, r53_registrar-registrar-01",
)
@pytest.mark.parametrize(
    ("domain", "works"),
    [
        ({"name_servers": ["zone"]}, True),
        ({"name_servers": ["ns-1.awsdns-01.com"]}, True),
        ({"name_servers": ["ns9.elsewhere.net"]}, False),
        ({}, False),
        ({"name_servers": ["zone"], "state": "expired"}, False),
    ],
)
def test_the_registrar(domain: dict[str, Any], works: bool) -> None:
    world = design(
        {
            "zone": {"kind": "hosted_zone", "name": "example.com", "name_servers": ["ns-1.awsdns-01.com"]},
            "www": {"kind": "record", "zone": "zone", "name": "www", "values": ["192.0.2.1"]},
            "domain": {"kind": "registered_domain", "name": "example.com", **domain},
        }
    )
    found = ask(world, "internet", NAME, protocol="dns")
    assert codes(found) == (set() if works else {("domain", "DNS_NOT_DELEGATED")})


@proves(
    "A private zone answers in a VPC of another account only once its owner has authorized the association.",
    area=AREA,
    source=f"{GUIDE}, 'Associating a VPC and a private hosted zone that you created with different AWS accounts'",
)
@pytest.mark.parametrize(("authorized", "works"), [(None, True), (["vpc"], True), ([], False)])
def test_private_zones_over_accounts(authorized: list[str] | None, works: bool) -> None:
    zone = {"kind": "hosted_zone", "name": "corp.example", "private": True, "vpcs": ["vpc"], "account": "222222222222"}
    world = design(
        {
            **NET,
            "vpc": {**NET["vpc"], "dns_hostnames": True},
            "zone": zone if authorized is None else {**zone, "authorized": authorized},
            "db": {"kind": "record", "zone": "zone", "name": "db", "values": ["10.0.1.9"]},
        }
    )
    found = ask(world, "one", "db.corp.example", protocol="dns")
    assert found.verdict is (Verdict.REACHABLE if works else Verdict.UNKNOWN)


def tree(rules: list[dict[str, Any]], client: dict[str, Any] | None = None, **more: Any) -> World:
    return design(
        {
            "zone": {"kind": "hosted_zone", "name": "example.com"},
            "policy": {"kind": "traffic_policy", "zone": "zone", "name": "www", "rules": rules},
            "bad": {"kind": "health_check", "type": "RECOVERY_CONTROL", "routing_control": "off"},
            "reader": {"kind": "client", **(client or {})},
            **more,
        }
    )


LEAVES: list[dict[str, Any]] = [
    {
        "id": "places",
        "policy": "geolocation",
        "items": [{"rule": "italy", "country": "IT"}, {"to": "192.0.2.9", "country": "*"}],
    },
    {
        "id": "italy",
        "policy": "weighted",
        "items": [{"to": "192.0.2.1", "weight": 3}, {"to": "192.0.2.2", "weight": 1}],
    },
]


@proves(
    "A traffic policy is walked from its first rule to an endpoint, unhealthy branches left out.",
    area=AREA,
    source=f"{GUIDE}, 'Using Traffic Flow to route DNS traffic'; fact r53_traffic_flow-traffic-flow-01",
)
@pytest.mark.parametrize(
    ("country", "checked", "expected"),
    [
        ("IT", (), {"192.0.2.1": 0.75, "192.0.2.2": 0.25}),
        ("FR", (), {"192.0.2.9": 1.0}),
        ("IT", (0,), {"192.0.2.2": 1.0}),
        ("IT", (0, 1), {"192.0.2.9": 1.0}),
    ],
)
def test_a_traffic_policy(country: str, checked: tuple[int, ...], expected: dict[str, float]) -> None:
    italy = [
        {**item, "health_check": "bad"} if index in checked else item for index, item in enumerate(LEAVES[1]["items"])
    ]
    world = tree([LEAVES[0], {**LEAVES[1], "items": italy}], {"country": country})
    found = ask(world, "reader", NAME, protocol="dns")
    ways = {way.label: way.weight for made in found.root.calls for way in made.ways}
    assert ways == {f"internet ({address})": pytest.approx(share) for address, share in expected.items()}


def test_a_traffic_policy_refuses_circles_and_branches_that_lead_nowhere() -> None:
    from archtui.model.errors import ArchtuiError

    for items in ([{"rule": "one", "weight": 1}], [{"weight": 1}], [{"rule": "none"}]):
        with pytest.raises(ArchtuiError):
            tree([{"id": "one", "policy": "weighted", "items": items}])


def alarm(**properties: Any) -> World:
    record = {"kind": "record", "zone": "zone", "name": "www", "policy": "failover"}
    return design(
        {
            **NET,
            "zone": {"kind": "hosted_zone", "name": "example.com"},
            "check": {"kind": "health_check", "type": "CLOUDWATCH_METRIC", **properties},
            "main": {**record, "set_id": "m", "failover": "primary", "values": ["192.0.2.1"], "health_check": "check"},
            "spare": {**record, "set_id": "s", "failover": "secondary", "values": ["192.0.2.2"]},
        }
    )


@proves(
    "A private resource is watched through an alarm; without data the check counts as it is told, or as it last did.",
    area=AREA,
    source=f"{GUIDE}, 'Monitoring a CloudWatch alarm'; fact r53_health_check-private-01",
)
@pytest.mark.parametrize(
    ("properties", "down", "address"),
    [
        ({"target": "one"}, (), "192.0.2.1"),
        ({"target": "one"}, ("one",), "192.0.2.2"),
        ({"alarm": "insufficient_data", "insufficient_data": "unhealthy"}, (), "192.0.2.2"),
        ({"alarm": "insufficient_data", "last_known": "unhealthy"}, (), "192.0.2.2"),
        ({"alarm": "insufficient_data", "last_known": "healthy"}, (), "192.0.2.1"),
        ({"alarm": "alarm", "inverted": True}, (), "192.0.2.1"),
        ({"alarm": "alarm", "disabled": True}, (), "192.0.2.1"),
    ],
)
def test_an_alarm_decides(properties: dict[str, Any], down: tuple[str, ...], address: str) -> None:
    found = ask(alarm(**properties), "internet", NAME, protocol="dns", down=down)
    assert [way.label for made in found.root.calls for way in made.ways] == [f"internet ({address})"]


def test_an_alarm_without_data_and_without_a_last_state_is_not_decided() -> None:
    found = ask(alarm(alarm="insufficient_data"), "internet", NAME, protocol="dns")
    assert found.verdict is Verdict.UNKNOWN
