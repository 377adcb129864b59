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
    source="WAF Developer Guide, 'Considerations for managing body inspection in AWS WAF'; fact waf-body-01",
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


@proves(
    "A rule that matches puts labels on the request, which the rules after it can look for.",
    area=AREA,
    source=f"{GUIDE}, 'Web request labeling'",
)
@pytest.mark.parametrize(
    ("rules", "status"),
    [
        ([{"action": "count", "path": ["/"], "labels": ["home"]}, {"label": ["home"]}], 403),
        ([{"action": "count", "path": ["/x"], "labels": ["home"]}, {"label": ["home"]}], 200),
        ([{"label": ["home"]}, {"action": "count", "path": ["/"], "labels": ["home"]}], 200),
        ([{"action": "count", "labels": ["a"]}, {"label": ["home", "a"], "countries": ["IT"]}], 403),
    ],
)
def test_labels(rules: list[dict[str, Any]], status: int) -> None:
    assert guarded(*rules).status == status


@proves(
    "Statements are joined by AND, OR and NOT.",
    area=AREA,
    source=f"{GUIDE}, 'Logical rule statements'",
)
@pytest.mark.parametrize(
    ("rule", "status"),
    [
        ({"path": ["/"], "countries": ["FR"], "when": "any"}, 403),
        ({"path": ["/x"], "countries": ["FR"], "when": "any"}, 200),
        ({"path": ["/x"], "unless": True}, 403),
        ({"path": ["/"], "unless": True}, 200),
        ({"path": ["/x"], "countries": ["IT"], "unless": True}, 403),
        ({"path": ["/"], "countries": ["IT"], "unless": True}, 200),
    ],
)
def test_joined_statements(rule: dict[str, Any], status: int) -> None:
    assert guarded(rule).status == status


@proves(
    "The core rule set blocks query strings over 2,048, cookies over 10,240, bodies over 8,192 and paths over 1,024 "
    "bytes; a rule of it that is set to count does not.",
    area=AREA,
    source=f"{GUIDE}, 'Baseline rule groups', Core rule set",
)
@pytest.mark.parametrize(
    ("part", "length", "name"),
    [
        ("query", 2048, "SizeRestrictions_QUERYSTRING"),
        ("cookie", 10240, "SizeRestrictions_Cookie_HEADER"),
        ("body", 8192, "SizeRestrictions_BODY"),
        ("path", 1024, "SizeRestrictions_URIPATH"),
    ],
)
def test_sizes_of_the_core_rule_set(part: str, length: int, name: str) -> None:
    group = {"managed": "AWSManagedRulesCommonRuleSet"}

    def sent(size: int, rule: dict[str, Any]) -> Trace:
        url = "https://www.example.com/"
        headers: dict[str, str] = {}
        if part == "query":
            url += "?" + "q" * size
        elif part == "path":
            url += "p" * (size - 1)
        elif part == "cookie":
            headers = {"Cookie": "c" * size}
        else:
            headers = {"Content-Length": str(size)}
        return guarded(rule, url=url, headers=headers)

    assert sent(length, group).status == 200
    over = sent(length + 1, group)
    assert (over.status, name in over.blockers[0].message) == (403, True)
    assert sent(length + 1, {**group, "excluded": [name]}).status == 200


@proves(
    "A client with a valid token passes CAPTCHA and Challenge rules as if they counted.",
    area=AREA,
    source=f"{GUIDE}, 'How the AWS WAF CAPTCHA and Challenge actions work'",
)
@pytest.mark.parametrize(("action", "status"), [("captcha", 405), ("challenge", 202)])
def test_tokens(action: str, status: int) -> None:
    rule = {"action": action, "path": ["/"]}
    assert guarded(rule).status == status
    assert guarded(rule, headers={"Cookie": "a=b; aws-waf-token=t"}).status == 200


@proves("A web ACL stands in front of a user pool as well.", area=AREA, source="fact waf-attach-01")
def test_in_front_of_a_user_pool() -> None:
    from tests.trace.shop import design

    def pool(path: str) -> Trace:
        acl = {"kind": "web_acl", "protects": ["users"], "rules": [{"priority": 1, "path": [path]}]}
        users = {"kind": "cognito_user_pool", "domain": "shop", "clients": ["web"]}
        world = design({"users": users, "acl": acl})
        return ask_shop(world, "internet", "https://shop.auth.eu-west-1.amazoncognito.com/login")

    assert (pool("/login").status, pool("/other").status) == (403, 200)


def test_a_web_acl_is_imported(tmp_path: Any) -> None:
    import base64
    import json

    from archtui.formats.aws.importer import import_aws
    from archtui.services import registry

    def rule(name: str, statement: dict[str, Any], action: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
        return {"Name": name, "Priority": len(name), "Statement": statement, "Action": action or {"Block": {}}, **more}

    admin = base64.b64encode(b"/admin").decode()
    path = {"SearchString": admin, "FieldToMatch": {"UriPath": {}}, "PositionalConstraint": "STARTS_WITH"}
    geo = {"GeoMatchStatement": {"CountryCodes": ["FR"]}}
    custom = {"Block": {"CustomResponse": {"ResponseCode": 429}}}
    sets = {"IPSetReferenceStatement": {"ARN": "arn:aws:wafv2:eu-west-1:1:regional/ipset/bad/1"}}
    rules = [
        rule("a", {"ByteMatchStatement": path}, custom),
        rule("bb", {"AndStatement": {"Statements": [geo, {"ByteMatchStatement": path}]}}),
        rule("ccc", {"NotStatement": {"Statement": geo}}, RuleLabels=[{"Name": "abroad"}]),
        rule("dddd", sets),
        rule("eeeee", {"RegexMatchStatement": {"RegexString": "x"}}),
        rule("ffffff", {"RateBasedStatement": {"Limit": 500, "ScopeDownStatement": {"ByteMatchStatement": path}}}),
        rule("ggggggg", {"OrStatement": {"Statements": [geo, {"ByteMatchStatement": path}]}}),
    ]
    limits = {"RequestBody": {"CLOUDFRONT": {"DefaultSizeInspectionLimit": "KB_32"}}}
    acl = {"Name": "acl", "DefaultAction": {"Allow": {}}, "Rules": rules, "AssociationConfig": limits}
    documents = {
        "acl": {"WebACL": acl},
        "set": {"IPSet": {"ARN": "arn:aws:wafv2:eu-west-1:1:regional/ipset/bad/1", "Addresses": ["192.0.2.0/24"]}},
    }
    for name, document in documents.items():
        (tmp_path / f"{name}.json").write_text(json.dumps(document))
    found: Any = import_aws(tmp_path, registry()).data["components"]
    read = found["acl"]["rules"]
    assert found["acl"]["body_limit"] == 32
    assert (read[0]["path"], read[0]["status"]) == (["/admin*"], 429)
    assert (read[1]["countries"], read[1]["path"]) == (["FR"], ["/admin*"])
    assert (read[2]["unless"], read[2]["labels"]) == (True, ["abroad"])
    assert read[3]["ip_set"] == ["192.0.2.0/24"]
    assert read[4]["matches"] == "unknown"
    assert (read[5]["rate"], read[5]["path"]) == (500, ["/admin*"])
    assert read[6]["when"] == "any"


@proves(
    "A web ACL of another region, or in front of an HTTP or WebSocket API, looks at nothing.",
    area=AREA,
    source=f"{GUIDE}, 'Resources that you can protect with AWS WAF'",
)
@pytest.mark.parametrize(("region", "status"), [("us-east-1", 403), ("eu-west-1", 200), (None, 403)])
def test_a_web_acl_for_a_distribution_is_in_us_east_1(region: str | None, status: int) -> None:
    found = guarded({"path": ["/*"]}, acl={"region": region})
    assert found.status == status
    assert (("acl", "WAF_UNSUPPORTED") in warned(found)) is (status == 200)


@pytest.mark.parametrize(("protocol", "unsupported"), [("REST", False), ("HTTP", True)])
def test_which_apis_have_a_web_acl(protocol: str, unsupported: bool) -> None:
    from archtui.services import rules
    from archtui.services.waf.association import hindrance
    from tests.trace.shop import design

    acl = {"kind": "web_acl", "protects": ["api"], "rules": [{"priority": 1}]}
    world = design({"api": {"kind": "api_gateway", "protocol": protocol, "stages": [{"name": "p"}]}, "acl": acl})
    properties: Any = world.components["acl"].properties
    assert bool(hindrance(properties, world.components["api"], world)) is unsupported
    (rule,) = (rule for rule in rules() if rule.id == "SEC018")
    assert [finding.components for finding in rule.check(world)] == ([("acl", "api")] if unsupported else [])
    found = ask_shop(world, "internet", "https://api.execute-api.eu-west-1.amazonaws.com/p/x")
    assert ("WAF_BLOCKED" in {code for _, code in codes(found)}) is not unsupported
