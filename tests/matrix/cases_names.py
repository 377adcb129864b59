"""Names and the edge: each kind of health check, each outcome of the cache, each point a function runs at, and what
viewers get, with the request for which it is otherwise."""

from __future__ import annotations

from typing import get_args

from archtui.services.cloudfront.properties import EdgeFunction
from archtui.services.route53.properties import HealthCheckProperties
from archtui.trace.request import Request
from archtui.world.steps import Verdict
from tests.matrix.case import Area, Expected, MatrixCase

_ROUTE53, _CDN, _WAF = "Route 53 Developer Guide", "CloudFront Developer Guide", "WAF Developer Guide"
_TYPES: tuple[str, ...] = get_args(HealthCheckProperties.model_fields["type"].annotation)
_POINTS: tuple[str, ...] = get_args(EdgeFunction.model_fields["event"].annotation)
_STATED = ("inverted", "disabled", "18 % of the checkers", "calculated from some", "alarm without data")
_OUTCOMES = ("hit", "miss", "invalidated", "not a read", "expired at once", "caching off", "stale")
ROWS: dict[Area, tuple[str, ...]] = {
    "health check": (*_TYPES, *_STATED),
    "cache outcome": _OUTCOMES,
    "edge function": _POINTS,
    "HTTP status": (
        *("CloudFront 403", "CloudFront 502", "CloudFront 503", "CloudFront 504"),
        *("WAF 202", "WAF 403", "WAF 405"),
    ),
}

# -- health checks ------------------------------------------------------------------------------------

_ONE, _TWO = "192.0.2.1", "192.0.2.2"
_KEPT = Expected(shares={_ONE: 1.0, _TWO: 0.0})
_TAKEN_OUT = Expected(shares={_ONE: 0.0, _TWO: 1.0})
_LOOKUP = Request.make("internet", "www.example.com", protocol="dns")


def _check(row: str, takes: bool, properties: str, page: str, down: tuple[str, ...] = ()) -> MatrixCase:
    """Return the case of a failover pair whose primary a check watches; ``takes``: the check takes it out."""
    design = f"""
blueprint: checks
region: eu-west-1
components:
  vpc: {{kind: vpc, cidr: 10.0.0.0/16}}
  igw: {{kind: internet_gateway, vpc: vpc}}
  rt: {{kind: route_table, vpc: vpc, main: true, routes: [{{to: 0.0.0.0/0, via: igw}}]}}
  net: {{kind: subnet, vpc: vpc, az: a, cidr: 10.0.0.0/24}}
  sg: {{kind: security_group, vpc: vpc, ingress: [{{protocol: tcp, from: any}}]}}
  web: {{kind: ec2, subnet: net, security_groups: [sg], public_ip: true,
    listens: [{{port: 80, protocol: http}}, {{port: 443, protocol: https}}, {{port: 9000}}]}}
  good: {{kind: health_check, type: RECOVERY_CONTROL}}
  bad: {{kind: health_check, type: RECOVERY_CONTROL, routing_control: "off"}}
  check: {{kind: health_check, {properties}}}
  zone: {{kind: hosted_zone, name: example.com}}
  one: {{kind: record, zone: zone, name: www, policy: failover, failover: primary, set_id: one, values: [{_ONE}],
    health_check: check}}
  two: {{kind: record, zone: zone, name: www, policy: failover, failover: secondary, set_id: two, values: [{_TWO}]}}
"""
    expected = _TAKEN_OUT if takes else _KEPT
    return MatrixCase("health check", row, takes, design, _LOOKUP, expected, f"{_ROUTE53}, {page}", down)


_ENDPOINT = "'How Amazon Route 53 determines whether a health check is healthy'"
_ALARM = "'Monitoring a CloudWatch alarm'; fact r53_health_check-private-01"
_GONE = ("web",)
_CHECKS = (
    _check("HTTP", True, "type: HTTP, target: web", _ENDPOINT, _GONE),
    _check("HTTP", False, "type: HTTP, target: web", _ENDPOINT),
    _check("HTTPS", True, "type: HTTPS, target: web", _ENDPOINT, _GONE),
    _check("HTTPS", False, "type: HTTPS, target: web", _ENDPOINT),
    _check("TCP", True, "type: TCP, target: web, port: 9001", _ENDPOINT),
    _check("TCP", False, "type: TCP, target: web, port: 9000", _ENDPOINT),
    _check("HTTP_STR_MATCH", True, "type: HTTP_STR_MATCH, target: web, holds_string: false", _ENDPOINT),
    _check("HTTP_STR_MATCH", False, "type: HTTP_STR_MATCH, target: web, search_string: ok", _ENDPOINT),
    _check("HTTPS_STR_MATCH", True, "type: HTTPS_STR_MATCH, target: web, holds_string: false", _ENDPOINT),
    _check("HTTPS_STR_MATCH", False, "type: HTTPS_STR_MATCH, target: web, search_string: ok", _ENDPOINT),
    _check("CALCULATED", True, "type: CALCULATED, children: [good, bad]", "'Calculated health checks'"),
    _check("CALCULATED", False, "type: CALCULATED, children: [good, good]", "'Calculated health checks'"),
    _check("calculated from some", True, "type: CALCULATED, children: [good, bad], threshold: 2", "HealthThreshold"),
    _check("calculated from some", False, "type: CALCULATED, children: [good, bad], threshold: 1", "HealthThreshold"),
    _check("CLOUDWATCH_METRIC", True, "type: CLOUDWATCH_METRIC, alarm: alarm", _ALARM),
    _check("CLOUDWATCH_METRIC", True, "type: CLOUDWATCH_METRIC, target: web", _ALARM, _GONE),
    _check("CLOUDWATCH_METRIC", False, "type: CLOUDWATCH_METRIC, target: web", _ALARM),
    _check(
        "alarm without data",
        True,
        "type: CLOUDWATCH_METRIC, alarm: insufficient_data, insufficient_data: unhealthy",
        _ALARM,
    ),
    _check(
        "alarm without data",
        False,
        "type: CLOUDWATCH_METRIC, alarm: insufficient_data, insufficient_data: healthy",
        _ALARM,
    ),
    _check("RECOVERY_CONTROL", True, "type: RECOVERY_CONTROL, routing_control: 'off'", "ARC guide, 'Routing control'"),
    _check("RECOVERY_CONTROL", False, "type: RECOVERY_CONTROL, routing_control: 'on'", "ARC guide, 'Routing control'"),
    _check("inverted", True, "type: HTTP, target: web, inverted: true", "'Invert health check status'"),
    _check("inverted", False, "type: HTTP, target: web, inverted: true", "'Invert health check status'", _GONE),
    _check("disabled", True, "type: HTTP, target: web", "'Disabled'", _GONE),
    _check("disabled", False, "type: HTTP, target: web, disabled: true", "'Disabled'", _GONE),
    _check("18 % of the checkers", True, "type: HTTP, target: web, healthy_checkers: 18%", _ENDPOINT),
    _check("18 % of the checkers", False, "type: HTTP, target: web, healthy_checkers: 19%", _ENDPOINT),
)

# -- the edge -----------------------------------------------------------------------------------------


def _at_edge(
    area: Area,
    row: str,
    takes: bool,
    expected: Expected,
    page: str,
    *,
    behavior: str = "",
    origin: str = "",
    more: str = "",
    other: str = "",
    method: str = "GET",
    down: tuple[str, ...] = (),
) -> MatrixCase:
    """Return the case of a distribution in front of a bucket."""
    design = f"""
blueprint: edge
region: eu-west-1
components:
  site: {{kind: s3_bucket}}
  edge: {{kind: lambda_function, region: us-east-1}}
  reader: {{kind: client, country: IT}}
  cdn:
    kind: cloudfront_distribution
    origins: [{{id: site, to: site, access: oac{origin}}}]
    default: {{origin: site, methods: all{behavior}}}
{f"    {more}" if more else ""}
{f"  {other}" if other else ""}
"""
    request = Request.make("reader", "cdn", protocol="https", method=method)
    return MatrixCase(area, row, takes, design, request, expected, page, down)


_FROM_ORIGIN, _FROM_CACHE = Expected(status=200, shares={"site": 1.0}), Expected(status=200, shares={"site": 0.0})
_FULL = ", hit_ratio: 100%"
_KEEPS = f"{_CDN}, 'Manage how long content stays in the cache (expiration)'"
_FACTS = "facts cloudfront-role-01, cloudfront-flow-01"
_CACHE: Area = "cache outcome"
_CACHES = (
    _at_edge(_CACHE, "hit", True, _FROM_CACHE, _FACTS, behavior=_FULL),
    _at_edge(_CACHE, "hit", False, _FROM_ORIGIN, _FACTS),
    _at_edge(_CACHE, "miss", True, _FROM_ORIGIN, _FACTS),
    _at_edge(_CACHE, "miss", True, Expected(shares={"site": 0.25}), _FACTS, behavior=", hit_ratio: 75%"),
    _at_edge(_CACHE, "miss", False, _FROM_CACHE, _FACTS, behavior=_FULL),
    _at_edge(
        *(_CACHE, "invalidated", True, _FROM_ORIGIN, "fact cloudfront-invalidation-01"),
        behavior=_FULL,
        more="invalidated: ['/*']",
    ),
    _at_edge(
        *(_CACHE, "invalidated", False, _FROM_CACHE, "fact cloudfront-invalidation-01"),
        behavior=_FULL,
        more="invalidated: ['/other/*']",
    ),
    _at_edge(_CACHE, "not a read", True, _FROM_ORIGIN, "fact cloudfront-write-01", behavior=_FULL, method="POST"),
    _at_edge(_CACHE, "not a read", False, _FROM_CACHE, "fact cloudfront-write-01", behavior=_FULL, method="HEAD"),
    _at_edge(
        *(_CACHE, "expired at once", True, _FROM_ORIGIN, _KEEPS),
        behavior=f"{_FULL}, cache: {{min_ttl: 0}}",
        origin=", max_age: 0",
    ),
    _at_edge(
        *(_CACHE, "expired at once", False, _FROM_CACHE, _KEEPS),
        behavior=f"{_FULL}, cache: {{min_ttl: 1}}",
        origin=", max_age: 0",
    ),
    _at_edge(_CACHE, "caching off", True, _FROM_ORIGIN, _KEEPS, behavior=f"{_FULL}, cache: {{enabled: false}}"),
    _at_edge(_CACHE, "caching off", False, _FROM_CACHE, _KEEPS, behavior=_FULL),
    _at_edge(
        *(_CACHE, "stale", True, Expected(status=200, code="CLOUDFRONT_STALE"), f"{_CDN}, 'How CloudFront processes"),
        behavior=_FULL,
        down=("site",),
    ),
    _at_edge(
        *(_CACHE, "stale", False, Expected(Verdict.BLOCKED, without="CLOUDFRONT_STALE"), f"{_CDN}, 'HTTP 504'"),
        down=("site",),
    ),
)
_EVENTS = f"{_CDN}, 'CloudFront events that can trigger a Lambda@Edge function'; fact lambda_edge-events-01"
_ANSWERED = Expected(Verdict.BLOCKED, status=418)
_FUNCTIONS = tuple(
    case
    for point in _POINTS
    for case in (
        _at_edge(
            *("edge function", point, True, _ANSWERED, _EVENTS),
            behavior=f", functions: [{{event: {point}, function: edge, does: respond, status: 418}}]",
        ),
        _at_edge(
            *("edge function", point, False, Expected(status=200), _EVENTS),
            behavior=f", functions: [{{event: {point}, function: edge, does: respond, status: 418, paths: [/x]}}]",
        ),
        _at_edge(
            *("edge function", point, False, _FROM_CACHE if point.startswith("origin") else _FROM_ORIGIN, _EVENTS),
            behavior=f", functions: [{{event: {point}, function: edge}}]"
            + (_FULL if point.startswith("origin") else ""),
        ),
    )
)


def _status(row: str, page: str, *, taking: dict[str, str], leaving: dict[str, str]) -> tuple[MatrixCase, MatrixCase]:
    """Return the cases in which CloudFront or WAF gives a status and in which the bucket's answer passes."""
    status = int(row.rpartition(" ")[2])
    return (
        _at_edge("HTTP status", row, True, Expected(Verdict.BLOCKED, status=status), page, **taking),  # type: ignore[arg-type]
        _at_edge("HTTP status", row, False, Expected(status=200), page, **leaving),  # type: ignore[arg-type]
    )


def _acl(rule: str) -> dict[str, str]:
    return {"other": f"acl: {{kind: web_acl, protects: [cdn], rules: [{{priority: 1, {rule}}}]}}"}


_STATUSES = (
    *_status(
        "CloudFront 403",
        "fact cloudfront-geo-01",
        taking={"more": "geo_restriction: {countries: [FR]}"},
        leaving={"more": "geo_restriction: {countries: [IT]}"},
    ),
    *_status(
        "CloudFront 502",
        f"{_CDN}, 'HTTP 502 status code (Bad Gateway)'",
        taking={"more": "behaviors: [{path: '*', origin: nowhere}]"},
        leaving={"more": "behaviors: [{path: '/x', origin: nowhere}]"},
    ),
    *_status(
        "CloudFront 503",
        f"{_CDN}, 'HTTP 503 status code (Service Unavailable)'",
        taking={"behavior": ", functions: [{does: fail}]"},
        leaving={"behavior": ", functions: [{does: fail, paths: [/x]}]"},
    ),
    *_status(
        "CloudFront 504",
        f"{_CDN}, 'HTTP 504 status code (Gateway Timeout)' and 'Restrict access with VPC origins'",
        taking={"origin": ", vpc_origin: true"},
        leaving={},
    ),
    *_status(
        "WAF 403",
        f"{_WAF}, 'Rule actions'",
        taking=_acl("countries: [IT]"),
        leaving=_acl("countries: [FR]"),
    ),
    *_status(
        "WAF 405",
        f"{_WAF}, 'CAPTCHA and Challenge actions'",
        taking=_acl("path: ['/*'], action: captcha"),
        leaving=_acl("path: ['/x'], action: captcha"),
    ),
    *_status(
        "WAF 202",
        f"{_WAF}, 'CAPTCHA and Challenge actions'",
        taking=_acl("path: ['/*'], action: challenge"),
        leaving=_acl("path: ['/x'], action: challenge"),
    ),
)
CASES = (*_CHECKS, *_CACHES, *_FUNCTIONS, *_STATUSES)
