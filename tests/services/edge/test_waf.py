"""Web ACLs: the order of rules, each kind of condition, each action, in front of whom."""

from __future__ import annotations

from typing import Any

import pytest

from archtui.trace.result import Trace
from archtui.world.steps import Verdict
from tests.proves import proves
from tests.services.edge.test_cloudfront import get, site
from tests.trace.shop import ask as ask_shop
from tests.trace.shop import codes, put, shop, steps, warned

AREA = "WAF"
GUIDE = "WAF Developer Guide"


def guarded(*rules: dict[str, Any], url: str = "https://www.example.com/", acl: Any = None, **kwargs: Any) -> Trace:
    numbered = [{"priority": number, **rule} for number, rule in enumerate(rules)]
    world = site(
        put("acl", {"kind": "web_acl", "protects": ["cdn"], "rules": numbered, **(acl or {})}),
        put("cdn", "default", {"origin": "pages", "methods": "all"}),
    )
    return get(world, url, **kwargs)


@proves(
    "A rule matches where all of its conditions hold: address, country, path, host, method, header, query, body.",
    area=AREA,
    source=f"{GUIDE}, 'Rule statements'; facts waf-rule-01, waf-actions-01",
)
@pytest.mark.parametrize(
    ("rule", "blocked"),
    [
        ({"ip_set": ["203.0.113.0/24"]}, True),
        ({"ip_set": ["198.51.100.0/24"]}, False),
        ({"ip_set": ["198.51.100.0/24"], "negated": True}, True),
        ({"countries": ["IT"]}, True),
        ({"countries": ["FR"]}, False),
        ({"path": ["/admin*"]}, False),
        ({"path": ["/"]}, True),
        ({"host": ["WWW.*"]}, True),
        ({"host": ["shop.*"]}, False),
        ({"method": ["POST"]}, False),
        ({"method": ["GET"]}, True),
        ({"header": {"User-Agent": "*bot*"}}, True),
        ({"header": {"User-Agent": "curl*"}}, False),
        ({"query": ["*q=1*"]}, False),
        ({"path": ["/"], "countries": ["FR"]}, False),
        ({"managed": "AWSManagedRulesCommonRuleSet"}, False),
        ({"managed": "AWSManagedRulesCommonRuleSet", "matches": "all"}, True),
        ({"attack": "sqli"}, False),
        ({"attack": "xss", "matches": "all"}, True),
        ({"rate": 2000}, False),
        ({"rate": 2000, "matches": "all"}, True),
        ({"ip_set": ["192.0.2.0/24"], "forwarded_header": "X-Forwarded-For"}, True),
        ({"ip_set": ["203.0.113.0/24"], "forwarded_header": "X-Forwarded-For"}, False),
    ],
)
def test_conditions(rule: dict[str, Any], blocked: bool) -> None:
    headers = {"User-Agent": "a bot", "X-Forwarded-For": "192.0.2.7"}
    found = guarded(rule, headers=headers)
    assert found.status == (403 if blocked else 200)
    assert (("acl", "WAF_BLOCKED") in codes(found)) is blocked


@proves(
    "The first rule by priority that allows or blocks decides; counting goes on; then the default action.",
    area=AREA,
    source=f"{GUIDE}, 'Processing order of rules and rule groups in a web ACL'; fact waf-actions-01",
)
@pytest.mark.parametrize(
    ("rules", "acl", "status"),
    [
        ([{"priority": 2, "action": "block"}, {"priority": 1, "action": "allow"}], {}, 200),
        ([{"priority": 1, "action": "block"}, {"priority": 2, "action": "allow"}], {}, 403),
        ([{"action": "count"}], {}, 200),
        ([{"action": "count"}, {"action": "block", "status": 429}], {}, 429),
        ([{"action": "captcha"}], {}, 405),
        ([{"action": "challenge"}], {}, 202),
        ([], {"default_action": "block"}, 403),
        ([{"countries": ["IT"], "action": "allow"}], {"default_action": "block"}, 200),
    ],
)
def test_order_and_actions(rules: list[dict[str, Any]], acl: dict[str, Any], status: int) -> None:
    assert guarded(*rules, acl=acl).status == status


@proves(
    "16 KB of a body are inspected, up to 64 KB where stated, and 8 KB for a load balancer.",
    area=AREA,
    source="fact waf-body-01",
)
@pytest.mark.parametrize(
    ("length", "acl", "oversize", "blocked"),
    [
        (20_000, {}, "continue", False),
        (20_000, {"body_limit": 32}, "continue", True),
        (20_000, {}, "match", True),
        (20_000, {}, "no_match", False),
        (18_000, {"body_limit": 64}, "continue", False),
    ],
)
def test_the_inspected_body(length: int, acl: dict[str, Any], oversize: str, blocked: bool) -> None:
    rule = {"body_over": 18_500, "oversize": oversize}
    found = guarded(rule, acl=acl, method="POST", headers={"Content-Length": str(length)})
    assert found.status == (403 if blocked else 200)


def test_what_is_not_known_is_said() -> None:
    found = guarded({"managed": "AWSManagedRulesBotControlRuleSet", "matches": "unknown"})
    assert found.verdict is Verdict.UNKNOWN
    assert "AWSManagedRulesBotControlRuleSet" in found.missing[0]
    assert guarded({"countries": ["IT"]}, source="internet").verdict is Verdict.UNKNOWN


def test_an_assumption_is_told_in_the_step() -> None:
    found = guarded({"managed": "AWSManagedRulesCommonRuleSet"})
    assert [step.code for step in steps(found, "acl")] == ["WAF_ASSUMED"]
    assert ("acl", "WAF_ASSUMED") not in warned(found)


@proves(
    "A web ACL stands in front of an Application Load Balancer as well, before its rules.",
    area=AREA,
    source="fact waf-attach-01",
)
def test_in_front_of_a_load_balancer() -> None:
    def change(path: str) -> Any:
        rule = {"priority": 1, "path": [path]}
        return put("acl", {"kind": "web_acl", "protects": ["lb"], "rules": [rule]})

    blocked = ask_shop(shop(change("/*")))
    assert (codes(blocked), blocked.status) == ({("acl", "WAF_BLOCKED")}, 403)
    assert "web-1" not in {hop.component for hop in blocked.forward}
    assert ask_shop(shop(change("/other"))).verdict is Verdict.REACHABLE
