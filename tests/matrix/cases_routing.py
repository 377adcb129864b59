"""Routing policies of Route 53: the record that a policy answers, and the client or state for which it does not."""

from __future__ import annotations

from typing import get_args

from archtui.services.route53.properties import RoutingPolicy
from archtui.trace.request import Request
from archtui.world.steps import Verdict
from tests.matrix.case import Area, Expected, MatrixCase

ROWS: dict[Area, tuple[str, ...]] = {"routing policy": get_args(RoutingPolicy)}

_GUIDE = "Route 53 Developer Guide"
_LOOKUP = Request.make("reader", "www.example.com", protocol="dns")
_ONE, _TWO = "192.0.2.1", "192.0.2.2"


def _policy(
    policy: RoutingPolicy, takes: bool, one: str, two: str, client: str, expected: Expected, source: str
) -> MatrixCase:
    """Return the case of two records of one name, looked up by a client."""
    design = f"""
blueprint: {policy}
region: eu-west-1
components:
  zone: {{kind: hosted_zone, name: example.com}}
  one: {{kind: record, zone: zone, name: www, policy: {policy}, set_id: one, values: [{_ONE}]{one}}}
  two: {{kind: record, zone: zone, name: {two.partition("|")[2] or "www"}, policy: {policy}, set_id: two,
    values: [{_TWO}]{two.partition("|")[0]}}}
  sick: {{kind: health_check, type: RECOVERY_CONTROL, routing_control: "off"}}
  reader: {{kind: client{client}}}
"""
    return MatrixCase("routing policy", policy, takes, design, _LOOKUP, expected, f"{_GUIDE}, {source}")


_FIRST = Expected(shares={_ONE: 1.0, _TWO: 0.0})
_SECOND = Expected(shares={_ONE: 0.0, _TWO: 1.0})
_BOTH = Expected(shares={_ONE: 0.5, _TWO: 0.5})
_NONE = Expected(Verdict.BLOCKED, code="DNS_NO_LOCATION_MATCH")
_SICK = ", health_check: sick"

CASES = (
    _policy("simple", True, "", "|other", "", _FIRST, "'Simple routing'"),
    MatrixCase(
        "routing policy",
        "simple",
        False,
        "blueprint: simple\nregion: eu-west-1\ncomponents:\n"
        "  zone: {kind: hosted_zone, name: example.com}\n"
        f"  one: {{kind: record, zone: zone, name: other, values: [{_ONE}]}}\n"
        "  reader: {kind: client}\n",
        _LOOKUP,
        Expected(Verdict.BLOCKED, code="DNS_NAME_NOT_FOUND"),
        f"{_GUIDE}, 'Simple routing'",
    ),
    _policy(
        "weighted",
        True,
        ", weight: 3",
        ", weight: 1",
        "",
        Expected(shares={_ONE: 0.75, _TWO: 0.25}),
        "'Weighted routing'; fact route53-weighted-01",
    ),
    _policy("weighted", False, ", weight: 3", ", weight: 0", "", _FIRST, "'Weighted routing'"),
    _policy(
        "failover",
        True,
        f", failover: primary{_SICK}",
        ", failover: secondary",
        "",
        _SECOND,
        "'Failover routing'; fact route53-failover-01",
    ),
    _policy("failover", False, ", failover: primary", ", failover: secondary", "", _FIRST, "'Failover routing'"),
    _policy(
        "latency",
        True,
        ", region: eu-west-1",
        ", region: us-east-1",
        ", latencies: {eu-west-1: 20ms, us-east-1: 90ms}",
        _FIRST,
        "'Latency-based routing'; fact route53-latency-01",
    ),
    _policy(
        "latency",
        False,
        f", region: eu-west-1{_SICK}",
        ", region: us-east-1",
        ", latencies: {eu-west-1: 20ms, us-east-1: 90ms}",
        _SECOND,
        "'Latency-based routing'",
    ),
    _policy("geolocation", True, ", country: FR", ", country: '*'", ", country: FR", _FIRST, "'Geolocation routing'"),
    _policy("geolocation", False, ", country: FR", ", country: '*'", ", country: JP", _SECOND, "'Geolocation routing'"),
    _policy("geolocation", False, ", country: FR", ", country: IT", ", country: JP", _NONE, "'Geolocation routing'"),
    _policy(
        "geoproximity",
        True,
        ", region: eu-west-1",
        ", region: eu-central-1",
        ", region: eu-west-2",
        _FIRST,
        "'Geoproximity routing'; fact route53-geoproximity-01",
    ),
    _policy(
        "geoproximity",
        False,
        ", region: eu-west-1",
        ", region: eu-central-1, bias: 60",
        ", region: eu-west-2",
        _SECOND,
        "'Geoproximity routing'; fact route53-geoproximity-02",
    ),
    _policy("multivalue", True, "", "", "", _BOTH, "'Multivalue answer routing'; fact route53-multivalue-01"),
    _policy("multivalue", False, "", _SICK, "", _FIRST, "'Multivalue answer routing'"),
    _policy(
        "ip_based",
        True,
        ", cidrs: [203.0.113.0/24]",
        ", cidrs: ['*']",
        ", address: 203.0.113.10",
        _FIRST,
        "'IP-based routing'; fact route53-ip-01",
    ),
    _policy(
        "ip_based",
        False,
        ", cidrs: [203.0.113.0/24]",
        ", cidrs: ['*']",
        ", address: 198.51.100.10",
        _SECOND,
        "'IP-based routing'",
    ),
)
