"""Listener rules of an Application Load Balancer: each condition and each action."""

from __future__ import annotations

from archtui.services.elb.properties import ActionPart, ListenerRule
from archtui.trace.request import Request
from archtui.world.steps import Verdict
from tests.matrix.case import Area, Expected, MatrixCase

_ACTIONS = tuple(name for name in ActionPart.model_fields if name != "group_stickiness")
_CONDITIONS = tuple(name for name in ListenerRule.model_fields if name not in (*ActionPart.model_fields, "priority"))
ROWS: dict[Area, tuple[str, ...]] = {
    "listener rule": (
        *(f"condition {name}" for name in _CONDITIONS),
        *(f"action {name}" for name in _ACTIONS),
        "group stickiness",
        "priority",
        "default action",
    )
}

_GUIDE = "ALB guide, 'Listener rules for your Application Load Balancer'"
_URL = "http://shop.example.com/"

DESIGN = """
blueprint: rules
region: eu-west-1
components:
  v: {{kind: vpc, cidr: 10.0.0.0/16}}
  igw: {{kind: internet_gateway, vpc: v}}
  out: {{kind: route_table, vpc: v, main: true, routes: [{{to: 0.0.0.0/0, via: igw}}]}}
  sa: {{kind: subnet, vpc: v, az: a, cidr: 10.0.0.0/24}}
  open: {{kind: security_group, vpc: v, ingress: [{{protocol: all, from: 0.0.0.0/0}}]}}
  one: {{kind: ec2, subnet: sa, security_groups: [open], listens: [{{port: 80, protocol: http}}]}}
  two: {{kind: ec2, subnet: sa, security_groups: [open], listens: [{{port: 80, protocol: http}}]}}
  first: {{kind: target_group, vpc: v, targets: [one]}}
  second: {{kind: target_group, vpc: v, targets: [two]}}
  lb: {{kind: alb, subnets: [sa], security_groups: [open], listeners: [
    {{port: 80, forward: first, rules: [{rules}]}},
    {{port: 443, certificate: cert, forward: first, rules: [{rules}]}}]}}
  cert: {{kind: certificate, domain: "*.example.com"}}
  users: {{kind: cognito_user_pool, domain: shop, clients: [web]}}
  zone: {{kind: hosted_zone, name: example.com}}
  any: {{kind: record, zone: zone, name: '*', alias: lb}}
"""
"""A balancer that forwards to the first group by default; ``rules`` stand before that."""

_DEFAULT = Expected(status=200, shares={"one": 1.0, "two": 0.0})
_RULE = Expected(status=200, shares={"one": 0.0, "two": 1.0})


def _named(target: str, host: str) -> Request:
    """Return a plain HTTP request whose Host header names the site (RFC 9110, 7.2)."""
    return Request.make("internet", target, protocol="http", headers={"Host": host} if host else {})


def _rule(row: str, takes: bool, rules: str, request: Request, expected: Expected, source: str = _GUIDE) -> MatrixCase:
    return MatrixCase("listener rule", row, takes, DESIGN.format(rules=rules), request, expected, source)


def _condition(name: str, condition: str, meets: Request, differs: Request) -> tuple[MatrixCase, MatrixCase]:
    """Return the cases of a request that meets a condition and of one that does not."""
    row, rule = f"condition {name}", f"{{priority: 10, {condition}, forward: second}}"
    return _rule(row, True, rule, meets, _RULE), _rule(row, False, rule, differs, _DEFAULT)


def _get(url: str = _URL, **more: object) -> Request:
    return Request.make("internet", url, **more)  # type: ignore[arg-type]


_GUARDED = "https://shop.example.com/old/x"
_OIDC = (
    "authenticate_oidc: {authorization_endpoint: 'https://idp.example.net/authorize', "
    "token_endpoint: 'https://idp.example.net/token', user_info_endpoint: 'https://idp.example.net/me'}"
)
_COGNITO = "authenticate_cognito: {user_pool: users, client: web}"
_AUTH = "ALB guide, 'Authenticate users using an Application Load Balancer'"
_SESSION = {"Cookie": "AWSELBAuthSessionCookie-0=abc"}
_TWO = "{priority: 1, path: ['*'], forward: [{target_group: first}, {target_group: second}], group_stickiness: 1h}"
_ELSE = "{priority: 10, path: [/old/*], "

CASES = (
    *_condition("host", "host: ['api.*']", _get("http://API.example.com/"), _get()),
    *_condition("host", "host: ['api.*']", _named("lb", "api.example.com"), _named("lb", "shop.example.com")),
    *_condition("host", "host: ['api.*']", _named(_URL, "api.example.com:80"), _named("lb", "")),
    *_condition("path", "path: [/img/*]", _get(f"{_URL}img/a.png"), _get(f"{_URL}IMG/a.png")),
    *_condition("method", "method: [POST]", _get(method="POST"), _get(method="PUT")),
    *_condition("header", "header: {X-Plan: ['gold*']}", _get(headers={"x-plan": "Golden"}), _get()),
    *_condition("query", "query: {v: '2'}", _get(f"{_URL}?v=2"), _get(f"{_URL}?v=1")),
    *_condition(
        "source_ip", "source_ip: [203.0.113.0/24]", _get(source_ip="203.0.113.9"), _get(source_ip="198.51.100.9")
    ),
    _rule("action forward", True, f"{_ELSE}forward: second}}", _get(f"{_URL}old/x"), _RULE),
    _rule("action forward", False, f"{_ELSE}forward: second}}", _get(f"{_URL}new/x"), _DEFAULT),
    _rule(
        "action forward",
        True,
        "{priority: 1, path: ['*'], forward: [{target_group: first, weight: 1}, {target_group: second, weight: 4}]}",
        _get(),
        Expected(status=200, shares={"one": 0.2, "two": 0.8}),
        "ALB guide, 'Forward actions'",
    ),
    _rule(
        "action redirect",
        True,
        f"{_ELSE}redirect: {{host: api.example.com, path: /new}}}}",
        _get(f"{_URL}old/x"),
        Expected(status=200, code="ELBV2_REDIRECT", shares={"one": 1.0}),
        "ALB guide, 'Redirect actions'",
    ),
    _rule(
        "action redirect",
        False,
        f"{_ELSE}redirect: {{host: api.example.com, path: /new}}}}",
        _get(f"{_URL}new"),
        Expected(status=200, without="ELBV2_REDIRECT", shares={"one": 1.0}),
        "ALB guide, 'Redirect actions'",
    ),
    _rule(
        "action fixed_response",
        True,
        f"{_ELSE}fixed_response: {{status: 410}}}}",
        _get(f"{_URL}old/x"),
        Expected(Verdict.BLOCKED, 410, code="ELBV2_FIXED_RESPONSE", shares={"one": 0.0}),
        "ALB guide, 'Fixed-response actions'",
    ),
    _rule(
        "action fixed_response",
        False,
        f"{_ELSE}fixed_response: {{status: 410}}}}",
        _get(),
        _DEFAULT,
        "ALB guide, 'Fixed-response actions'",
    ),
    _rule(
        "priority",
        True,
        "{priority: 20, path: ['*'], fixed_response: {status: 503}}, {priority: 10, path: ['*'], forward: second}",
        _get(),
        _RULE,
    ),
    _rule(
        "priority",
        False,
        "{priority: 10, path: ['*'], fixed_response: {status: 503}}, {priority: 20, path: ['*'], forward: second}",
        _get(),
        Expected(Verdict.BLOCKED, 503, code="ELBV2_FIXED_RESPONSE"),
    ),
    _rule("default action", True, "{priority: 1, method: [POST], forward: second}", _get(), _DEFAULT),
    _rule("default action", False, "{priority: 1, method: [GET], forward: second}", _get(), _RULE),
    *(
        case
        for name, asked in (("authenticate_oidc", _OIDC), ("authenticate_cognito", _COGNITO))
        for case in (
            _rule(
                f"action {name}",
                True,
                f"{_ELSE}{asked}, forward: second}}",
                _get(_GUARDED),
                Expected(status=302, code="ELBV2_SIGN_IN", shares={"one": 0.0, "two": 0.0}),
                _AUTH,
            ),
            _rule(
                f"action {name}", False, f"{_ELSE}{asked}, forward: second}}", _get(_GUARDED, headers=_SESSION), _RULE
            ),
            _rule(f"action {name}", False, f"{_ELSE}{asked}, forward: second}}", _get(), _DEFAULT, _AUTH),
        )
    ),
    _rule(
        "group stickiness",
        True,
        _TWO,
        _get(headers={"Cookie": "AWSALBTG=second"}),
        _RULE,
        "ALB guide, 'Forward actions' (AWSALBTG)",
    ),
    _rule(
        "group stickiness",
        False,
        _TWO,
        _get(),
        Expected(status=200, shares={"one": 0.5, "two": 0.5}),
        "ALB guide, 'Forward actions'",
    ),
)
