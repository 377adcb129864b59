"""Evaluate target health: for each kind of alias target, what Route 53 sees of it; and how many values answer."""

from __future__ import annotations

from typing import Any

import pytest

from archtui.trace.result import Trace
from archtui.world.steps import Verdict
from archtui.world.world import World
from tests.proves import proves
from tests.trace.shop import ask, design

AREA = "DNS"
GUIDE = "Route 53 Developer Guide"
NAME = "www.example.com"
SPARE = "192.0.2.99"


def aliased(target: str, **more: Any) -> World:
    """A failover pair whose primary is an alias of ``target`` that evaluates its health."""
    listening = [{"port": 80, "protocol": "HTTP", "forward": "group"}]
    base = {"kind": "record", "zone": "zone", "name": "www", "policy": "failover"}
    components: dict[str, Any] = {
        "vpc": {"kind": "vpc", "cidr": "10.0.0.0/16"},
        "igw": {"kind": "internet_gateway", "vpc": "vpc"},
        "rt": {"kind": "route_table", "vpc": "vpc", "main": True, "routes": [{"to": "0.0.0.0/0", "via": "igw"}]},
        "a": {"kind": "subnet", "vpc": "vpc", "az": "a", "cidr": "10.0.0.0/24"},
        "b": {"kind": "subnet", "vpc": "vpc", "az": "b", "cidr": "10.0.1.0/24"},
        "sg": {"kind": "security_group", "vpc": "vpc", "ingress": [{"protocol": "tcp", "from": "any"}]},
        "web": {"kind": "ec2", "subnet": "a", "security_groups": ["sg"], "public_ip": True}
        | {"listens": [{"port": 80, "protocol": "http"}]},
        "group": {"kind": "target_group", "vpc": "vpc", "port": 80, "targets": ["web"]},
        "tcp": {"kind": "target_group", "vpc": "vpc", "port": 80, "protocol": "TCP", "targets": ["web"]},
        "alb": {"kind": "alb", "subnets": ["a", "b"], "security_groups": ["sg"], "listeners": listening},
        "nlb": {"kind": "nlb", "subnets": ["a", "b"], "listeners": [{"port": 80, "forward": "tcp"}]},
        "clb": {"kind": "clb", "subnets": ["a", "b"], "security_groups": ["sg"], "instances": ["web"]}
        | {"listeners": [{"port": 80, "protocol": "HTTP"}]},
        "accel": {"kind": "global_accelerator"}
        | {"listeners": [{"ports": 80, "groups": [{"region": "eu-west-1", "endpoints": [{"to": "alb"}]}]}]},
        "cdn": {"kind": "cdn", "origins": [{"id": "o", "to": "alb"}], "default": {"origin": "o"}},
        "api": {"kind": "api_gateway", "stages": [{"name": "p"}]},
        "zone": {"kind": "hosted_zone", "name": "example.com"},
        "inner": {"kind": "record", "zone": "zone", "name": "inner", "alias": "alb", "evaluate_target_health": True},
        "first": {**base, "set_id": "1", "failover": "primary", "alias": target, "evaluate_target_health": True},
        "second": {**base, "set_id": "2", "failover": "secondary", "values": [SPARE]},
        **more,
    }
    return design(components)


def takes_over(found: Trace) -> bool:
    return any(SPARE in way.label for made in found.root.calls for way in made.ways)


@proves(
    "An alias follows the health of balancers, accelerators and other records; of a distribution or an API Route 53 "
    "sees none.",
    area=AREA,
    source=f"{GUIDE}, 'Values specific for alias records', Evaluate target health",
)
@pytest.mark.parametrize(
    ("target", "evaluated"),
    [("alb", True), ("nlb", True), ("clb", True), ("accel", True), ("inner", True), ("cdn", False), ("api", False)],
)
def test_each_kind_of_alias_target(target: str, evaluated: bool) -> None:
    world = aliased(target)
    assert not takes_over(ask(world, "internet", NAME, protocol="dns"))
    assert takes_over(ask(world, "internet", NAME, protocol="dns", down=("web",))) is evaluated


def test_an_alias_that_does_not_evaluate_stays() -> None:
    base = {"kind": "record", "zone": "zone", "name": "www", "policy": "failover", "set_id": "1"}
    world = aliased("alb", first={**base, "failover": "primary", "alias": "alb"})
    assert not takes_over(ask(world, "internet", NAME, protocol="dns", down=("web",)))


@proves(
    "Each of many multivalue records is answered alike, at most eight of them at a time.",
    area=AREA,
    source="fact route53-multivalue-01",
)
@pytest.mark.parametrize("count", [2, 8, 12])
def test_multivalue(count: int) -> None:
    base = {"kind": "record", "zone": "zone", "name": "www", "policy": "multivalue"}
    records = {f"r{n}": {**base, "set_id": str(n), "values": [f"192.0.2.{n}"]} for n in range(1, count + 1)}
    found = ask(
        design({"zone": {"kind": "hosted_zone", "name": "example.com"}, **records}), "internet", NAME, protocol="dns"
    )
    shares = [way.weight for made in found.root.calls for way in made.ways]
    assert shares == [pytest.approx(1 / count)] * count
    assert found.verdict is Verdict.REACHABLE


@proves(
    "A dual-stack Network Load Balancer takes connections over IPv6.",
    area=AREA,
    source="Network Load Balancer guide, 'IP address type'",
)
def test_a_dual_stack_network_load_balancer() -> None:
    def site(kind: str) -> World:
        six = "2001:db8:0:10"
        return aliased(
            "nlb",
            vpc={"kind": "vpc", "cidr": "10.0.0.0/16", "ipv6_cidr": "2001:db8:0:100::/56"},
            rt={"kind": "route_table", "vpc": "vpc", "main": True}
            | {"routes": [{"to": "0.0.0.0/0", "via": "igw"}, {"to": "::/0", "via": "igw"}]},
            a={"kind": "subnet", "vpc": "vpc", "az": "a", "cidr": "10.0.0.0/24", "ipv6_cidr": f"{six}0::/64"},
            b={"kind": "subnet", "vpc": "vpc", "az": "b", "cidr": "10.0.1.0/24", "ipv6_cidr": f"{six}1::/64"},
            web={"kind": "ec2", "subnet": "a", "security_groups": ["sg"], "public_ip": True}
            | {"listens": [{"port": 80, "protocol": "http"}], "ipv6_addresses": [f"{six}0::80"]},
            nlb={"kind": "nlb", "subnets": ["a"], "ip_address_type": kind}
            | {"listeners": [{"port": 80, "forward": "tcp"}]},
            first={"kind": "record", "zone": "zone", "name": "www", "type": "AAAA", "alias": "nlb"},
            reader={"kind": "client", "address": "2001:db8:ffff::10"},
        )

    assert {b.code for b in ask(site("ipv4"), "reader", f"http://{NAME}/").blockers} == {"DNS_NO_RECORD_OF_TYPE"}
    found = ask(site("dualstack"), "reader", f"http://{NAME}/")
    assert "nlb" in {hop.component for hop in found.forward}
    assert (found.verdict, found.status) == (Verdict.REACHABLE, 200)
