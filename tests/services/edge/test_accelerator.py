"""Global Accelerator: nearest group, dial, weights, health, failover, the client's address."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from archtui.facts import Span
from archtui.trace.result import Trace
from archtui.world.condition import Condition, condition_for
from archtui.world.steps import Verdict
from archtui.world.world import World
from tests.proves import proves
from tests.services.edge.seconds import mechanism_seconds
from tests.trace.shop import Components, ask, codes, design, put, warned

AREA = "Global Accelerator"
GUIDE = "Global Accelerator Developer Guide"


def _region(region: str, block: str, name: str) -> Components:
    found: Components = {
        f"vpc-{name}": {"kind": "vpc", "cidr": f"{block}.0.0/16", "region": region},
        f"igw-{name}": {"kind": "internet_gateway", "vpc": f"vpc-{name}"},
        f"rt-{name}": {
            "kind": "route_table",
            "vpc": f"vpc-{name}",
            "routes": [{"to": "0.0.0.0/0", "via": f"igw-{name}"}],
        },
        f"net-{name}": {
            "kind": "subnet",
            "vpc": f"vpc-{name}",
            "az": "a",
            "cidr": f"{block}.0.0/24",
            "route_table": f"rt-{name}",
        },
        f"sg-{name}": {
            "kind": "security_group",
            "vpc": f"vpc-{name}",
            "ingress": [{"port": 443, "from": "203.0.113.0/24"}, {"port": 443, "from": "75.2.0.0/17"}],
        },
    }
    for number in (1, 2):
        found[f"{name}-{number}"] = {
            "kind": "ec2_instance",
            "subnet": f"net-{name}",
            "security_groups": [f"sg-{name}"],
            "public_ip": True,
            "listens": [{"port": 443}],
        }
    return found


_BASE: Components = {
    "reader": {"kind": "client", "address": "203.0.113.10", "region": "eu-west-1"},
    **_region("eu-west-1", "10.0", "ie"),
    **_region("eu-central-1", "10.1", "de"),
    "accel": {
        "kind": "global_accelerator",
        "addresses": ["75.2.1.1", "99.83.129.1"],
        "listeners": [
            {
                "ports": 443,
                "groups": [
                    {"region": "eu-west-1", "endpoints": [{"to": "ie-1", "weight": 30}, {"to": "ie-2", "weight": 10}]},
                    {"region": "eu-central-1", "endpoints": [{"to": "de-1"}]},
                ],
            }
        ],
    },
}
GROUPS = ("accel", "listeners", 0, "groups")


def accelerated(*changes: Any) -> World:
    components = copy.deepcopy(_BASE)
    for change in changes:
        change(components)
        components = copy.deepcopy(components)
    return design(components)


def get(world: World, **kwargs: Any) -> Trace:
    return ask(world, kwargs.pop("source", "reader"), "accel", protocol="tcp", **{"port": 443, **kwargs})


def shares(found: Trace) -> dict[str, float]:
    result: dict[str, float] = {}
    for path in found.paths:
        end = path.forward[-1].component
        result[end] = round(result.get(end, 0.0) + path.weight, 9)
    return result


@proves(
    "Connections go to the nearest endpoint group, shared among its endpoints by weight.",
    area=AREA,
    source=f"{GUIDE}, 'Endpoint weights'; fact global_accelerator-role-01",
)
@pytest.mark.parametrize(
    ("region", "expected"), [("eu-west-1", {"ie-1": 0.75, "ie-2": 0.25}), ("eu-central-1", {"de-1": 1.0})]
)
def test_nearest_group_and_weights(region: str, expected: dict[str, float]) -> None:
    found = get(accelerated(put("reader", "region", region)))
    assert found.verdict is Verdict.REACHABLE
    assert shares(found) == expected


def test_without_a_place_the_group_is_not_known() -> None:
    world = accelerated(lambda c: c["reader"].pop("region"))
    assert get(world).verdict is Verdict.UNKNOWN
    one = accelerated(lambda c: c["reader"].pop("region"), lambda c: c["accel"]["listeners"][0]["groups"].pop())
    assert get(one).verdict is Verdict.REACHABLE


@proves(
    "A traffic dial gives a group its share; the rest goes to the next group.",
    area=AREA,
    source=f"{GUIDE}, 'Adjusting traffic flow with traffic dials'",
)
@pytest.mark.parametrize(
    ("dial", "expected"),
    [(100, {"ie-1": 0.75, "ie-2": 0.25}), (40, {"ie-1": 0.3, "ie-2": 0.1, "de-1": 0.6}), (0, {"de-1": 1.0})],
)
def test_the_traffic_dial(dial: int, expected: dict[str, float]) -> None:
    assert shares(get(accelerated(put(*GROUPS, 0, "dial", dial)))) == expected


@proves(
    "An unhealthy endpoint gets nothing; a group without a healthy one is taken over, whatever the dial; "
    "where nothing near is healthy it fails open.",
    area=AREA,
    source=f"{GUIDE}, 'How failover works for unhealthy endpoints'",
)
def test_failover_between_endpoints_groups_and_open() -> None:
    world = accelerated(put(*GROUPS, 1, "dial", 0))
    assert shares(get(world, down=("ie-1",))) == {"ie-2": 1.0}
    lost = get(world, down=("ie-1", "ie-2"))
    assert shares(lost) == {"de-1": 1.0}
    assert ("accel", "DNS_ANSWER_UNHEALTHY") in warned(lost)
    none = get(world, down=("ie-1", "ie-2", "de-1"))
    assert none.verdict is Verdict.BLOCKED
    assert ("accel", "ELBV2_FAIL_OPEN") in warned(none)


def test_an_endpoint_without_weight_gets_nothing() -> None:
    assert shares(get(accelerated(put(*GROUPS, 0, "endpoints", 0, "weight", 0)))) == {"ie-2": 1.0}


def test_until_it_is_noticed_connections_go_on_as_before() -> None:
    world = accelerated()
    down = condition_for(world, ("ie-1", "ie-2"))
    first = Condition(down=down.down, time=0.0)
    assert get(world, condition=first).verdict is Verdict.BLOCKED
    later = Condition(down=down.down, time=200.0, recovered=frozenset({"global_accelerator:accel"}))
    assert get(world, condition=later).verdict is Verdict.REACHABLE


@proves(
    "With client address preservation the endpoint's security groups see the client, otherwise the accelerator.",
    area=AREA,
    source=f"{GUIDE}, 'Preserve client IP addresses'",
)
@pytest.mark.parametrize(
    ("preserve", "admits", "passes"),
    [
        (None, "203.0.113.0/24", True),
        (True, "203.0.113.0/24", True),
        (False, "203.0.113.0/24", False),
        (False, "75.2.0.0/17", True),
        (True, "75.2.0.0/17", False),
    ],
)
def test_whose_address_the_endpoint_sees(preserve: bool | None, admits: str, passes: bool) -> None:
    def change(c: Components) -> None:
        c["accel"]["listeners"][0]["groups"] = [
            {"region": "eu-west-1", "endpoints": [{"to": "ie-1", "preserve_client_ip": preserve}]}
        ]
        c["sg-ie"]["ingress"] = [{"port": 443, "from": admits}]

    found = get(accelerated(change))
    assert found.verdict is (Verdict.REACHABLE if passes else Verdict.BLOCKED)


def test_only_the_listeners_ports_are_taken() -> None:
    assert get(accelerated(), port=80).verdict is Verdict.BLOCKED
    assert get(accelerated(), port=443).verdict is Verdict.REACHABLE
    assert codes(get(accelerated(put("accel", "enabled", False)))) == {("accel", "BAD_STATE")}


def test_an_endpoint_without_a_public_address_is_not_decided() -> None:
    world = accelerated(put("ie-1", "public_ip", False), put(*GROUPS, 0, "endpoints", [{"to": "ie-1"}]))
    assert get(world).verdict is not Verdict.BLOCKED


@proves(
    "An accelerator moves new connections after interval x threshold of failed checks and up to 30 s.",
    area=AREA,
    source="failover table, global_accelerator",
)
@pytest.mark.parametrize(("interval", "threshold", "low", "high"), [(30, 3, 90, 120), (10, 3, 30, 60), (10, 1, 10, 40)])
def test_seconds_of_a_failover(interval: int, threshold: int, low: float, high: float) -> None:
    world = accelerated(put(*GROUPS, 0, "interval", interval), put(*GROUPS, 0, "threshold", threshold))
    assert mechanism_seconds(world, "accel", "ie-1", "ie-2") == {"global_accelerator": Span(low, high)}


@proves(
    "A port override sends connections to another port of the endpoints than the listener's.",
    area=AREA,
    source=f"{GUIDE}, 'Override listener ports'",
)
def test_port_overrides() -> None:
    def change(c: Components) -> None:
        for name in ("ie-1", "ie-2"):
            c[name]["listens"] = [{"port": 8443}]
        c["sg-ie"]["ingress"] = [{"port": 8443, "from": "any"}]

    override = put(*GROUPS, 0, "port_overrides", [{"listener": 443, "endpoint": 8443}])
    assert shares(get(accelerated(change, override))) == {"ie-1": 0.75, "ie-2": 0.25}
    assert shares(get(accelerated(change))) == {"de-1": 1.0}


def test_affinity_is_told_and_custom_routing_is_not_decided() -> None:
    kept = get(accelerated(put("accel", "listeners", 0, "affinity", "source_ip")))
    assert any("always to the same endpoint" in step.message for hop in kept.forward for step in hop.steps)
    custom = get(accelerated(put("accel", "type", "custom_routing")))
    assert custom.verdict is Verdict.UNKNOWN
    assert custom.missing == ("which address and port accel maps tcp 443 to",)


@proves(
    "A dual-stack accelerator takes connections over IPv6 and passes them on over IPv6.",
    area=AREA,
    source=f"{GUIDE}, 'Support for IPv6 in AWS Global Accelerator'",
)
@pytest.mark.parametrize(("endpoints", "verdict"), [(True, Verdict.REACHABLE), (False, Verdict.BLOCKED)])
def test_over_ipv6(endpoints: bool, verdict: Verdict) -> None:
    def change(c: Components) -> None:
        c["reader"]["address"] = "2001:db8:ffff::10"
        c["accel"]["ip_address_type"] = "dualstack"
        c["accel"]["listeners"][0]["groups"] = [{"region": "eu-west-1", "endpoints": [{"to": "ie-1"}]}]
        c["sg-ie"]["ingress"] = [{"port": 443, "from": "any"}]
        c["rt-ie"]["routes"].append({"to": "::/0", "via": "igw-ie"})
        if endpoints:
            c["vpc-ie"]["ipv6_cidr"] = "2001:db8:0:100::/56"
            c["net-ie"]["ipv6_cidr"] = "2001:db8:0:100::/64"
            c["ie-1"]["ipv6_addresses"] = ["2001:db8:0:100::10"]

    found = get(accelerated(change))
    assert found.verdict is verdict
    if not endpoints:
        assert ("accel", "NO_COMMON_ADDRESS_FAMILY") in codes(found)
    v4 = get(accelerated(put("reader", "address", "2001:db8:ffff::10")))
    assert codes(v4) == {("accel", "DNS_NO_RECORD_OF_TYPE")}
