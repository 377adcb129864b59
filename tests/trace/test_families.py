"""Which IP family a connection by name uses: dual-stack and IPv6-only clients, balancers, instances and DNS64."""

from __future__ import annotations

from typing import Any

import pytest

from archtui.trace.result import Trace
from archtui.world.steps import Verdict
from archtui.world.world import World
from tests.proves import proves
from tests.trace.shop import ask, codes, design, steps, warned

AREA = "DNS"
SIX = "2001:db8:ffff::10"
DUAL = {"kind": "client", "ipv6_address": SIX}
V6_ONLY = {"kind": "client", "address": SIX}


def site(alb: dict[str, Any] | None = None, group: dict[str, Any] | None = None, **more: Any) -> World:
    """A dual-stack balancer in two zones behind a name with an A and an AAAA alias."""
    components: dict[str, Any] = {
        "vpc": {"kind": "vpc", "cidr": "10.0.0.0/16", "ipv6_cidr": "2001:db8:0:100::/56"},
        "igw": {"kind": "internet_gateway", "vpc": "vpc"},
        "pub": {
            "kind": "route_table",
            "vpc": "vpc",
            "main": True,
            "routes": [{"to": "0.0.0.0/0", "via": "igw"}, {"to": "::/0", "via": "igw"}],
        },
        "a": {"kind": "subnet", "vpc": "vpc", "az": "a", "cidr": "10.0.0.0/24", "ipv6_cidr": "2001:db8:0:100::/64"},
        "b": {"kind": "subnet", "vpc": "vpc", "az": "b", "cidr": "10.0.1.0/24", "ipv6_cidr": "2001:db8:0:101::/64"},
        "sg": {
            "kind": "security_group",
            "vpc": "vpc",
            "ingress": [{"port": 80, "from": "0.0.0.0/0"}, {"port": 80, "from": "::/0"}],
            **(group or {}),
        },
        "lb": {
            "kind": "alb",
            "subnets": ["a", "b"],
            "security_groups": ["sg"],
            "ip_address_type": "dualstack",
            "listeners": [{"port": 80, "protocol": "HTTP", "fixed_response": {"status": 200}}],
            **(alb or {}),
        },
        "zone": {"kind": "hosted_zone", "name": "example.com"},
        "four": {"kind": "record", "zone": "zone", "name": "www", "alias": "lb"},
        "six": {"kind": "record", "zone": "zone", "name": "www", "type": "AAAA", "alias": "lb"},
        "reader": DUAL,
        "newer": V6_ONLY,
        "older": {"kind": "client", "address": "203.0.113.77"},
        **more,
    }
    return design({name: body for name, body in components.items() if body is not None})


def to_www(world: World, source: str) -> Trace:
    return ask(world, source, "http://www.example.com/")


def families(found: Trace) -> set[str]:
    """Return the families of the addresses that packets are sent to."""
    shown = {
        str(step.before["destination"])
        for path in found.paths
        for hop in path.forward
        for step in hop.steps
        if "destination" in step.before
    }
    return {"IPv6" if ":" in address else "IPv4" for address in shown}


@proves(
    "A client with addresses of both families tries the IPv6 address of a dual-stack balancer first.",
    area=AREA,
    source="RFC 6724, default policy table; RFC 8305; Elastic Load Balancing guide, 'IP address type'",
)
@pytest.mark.parametrize(("client", "used"), [("reader", "IPv6"), ("newer", "IPv6"), ("older", "IPv4")])
def test_a_client_uses_the_family_it_has(client: str, used: str) -> None:
    found = to_www(site(), client)
    assert (found.verdict, found.status, families(found)) == (Verdict.REACHABLE, 200, {used})
    assert any(step.code == "ASSUMPTION_IPV6" for step in steps(found, client)) == (client == "reader")


def test_the_internet_asks_for_ipv4_where_there_is_any() -> None:
    assert families(to_www(site(), "internet")) == {"IPv4"}
    assert families(to_www(site(four=None), "internet")) == {"IPv6"}


def test_an_ipv6_client_finds_nothing_behind_ipv4_names() -> None:
    found = to_www(site(six=None), "newer")
    assert ("four", "DNS_NO_RECORD_OF_TYPE") in codes(found)
    found = to_www(site({"ip_address_type": "ipv4"}), "newer")
    assert codes(found) == {("lb", "DNS_NO_RECORD_OF_TYPE")}
    assert families(to_www(site({"ip_address_type": "ipv4"}), "reader")) == {"IPv4"}


@proves(
    "Where IPv6 does not get through, a client with both families goes on over IPv4.",
    area=AREA,
    source="RFC 8305, Happy Eyeballs",
)
def test_a_closed_ipv6_falls_back() -> None:
    world = site(group={"ingress": [{"port": 80, "from": "0.0.0.0/0"}]})
    found = to_www(world, "reader")
    assert (found.verdict, found.status, families(found)) == (Verdict.REACHABLE, 200, {"IPv4"})
    assert ("reader", "IPV6_FALLS_BACK") in warned(found)
    assert sum(path.weight for path in found.paths) == pytest.approx(1)
    assert to_www(world, "newer").verdict is Verdict.BLOCKED


def test_both_families_closed_is_blocked() -> None:
    assert to_www(site(group={"ingress": []}), "reader").verdict is Verdict.BLOCKED


@proves(
    "An instance without IPv4 gets addresses that its resolver makes of IPv4 ones only where DNS64 is on.",
    area=AREA,
    source="VPC User Guide, 'DNS64 and NAT64'; RFC 6052",
)
@pytest.mark.parametrize(("dns64", "verdict"), [(True, Verdict.REACHABLE), (False, Verdict.BLOCKED)])
def test_dns64(dns64: bool, verdict: Verdict) -> None:
    private = {
        "kind": "route_table",
        "vpc": "vpc",
        "routes": [{"to": "::/0", "via": "igw"}, {"to": "64:ff9b::/96", "via": "nat"}],
    }
    world = site(
        {"ip_address_type": "ipv4"},
        nat={"kind": "nat_gateway", "subnet": "a", "elastic_ip": "eip"},
        eip={"kind": "elastic_ip"},
        inner=private,
        s6={"kind": "subnet", "vpc": "vpc", "az": "b", "cidr": "2001:db8:0:106::/64", "route_table": "inner"}
        | {"dns64": dns64},
        app={"kind": "ec2", "subnet": "s6", "security_groups": ["sg"]},
    )
    found = to_www(world, "app")
    assert found.verdict is verdict
    assert ("app" in {hop.component for hop in found.forward}) is True
    assert found.status == (200 if dns64 else None)


def test_a_distribution_answers_viewers_with_ipv6() -> None:
    def edge(ipv6: bool) -> World:
        return site(
            cdn={"kind": "cdn", "ipv6": ipv6, "origins": [{"id": "o", "to": "lb", "protocol": "http-only"}]}
            | {"default": {"origin": "o"}, "aliases": ["www.example.com"]},
            four={"kind": "record", "zone": "zone", "name": "www", "alias": "cdn"},
            six={"kind": "record", "zone": "zone", "name": "www", "type": "AAAA", "alias": "cdn"},
        )

    assert to_www(edge(True), "newer").status == 200
    assert codes(to_www(edge(False), "newer")) == {("cdn", "DNS_NO_RECORD_OF_TYPE")}


def test_an_instance_without_a_name_is_reached_over_the_family_both_have() -> None:
    app = {"kind": "ec2", "subnet": "a", "security_groups": ["sg"], "public_ip": True}
    world = site(app={**app, "ipv6_addresses": ["2001:db8:0:100::80"], "listens": [{"port": 80, "protocol": "http"}]})
    assert families(ask(world, "newer", "app", protocol="http")) == {"IPv6"}
    assert families(ask(world, "older", "app", protocol="http")) == {"IPv4"}
