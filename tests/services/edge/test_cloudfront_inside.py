"""CloudFront's further decisions: private origins, signatures, functions at all four points, timeouts, staging."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from archtui.trace.result import Trace
from archtui.world.steps import Verdict
from archtui.world.world import World
from tests.proves import proves
from tests.trace.shop import Components, ask, codes, design, put, steps, warned

AREA = "CloudFront"
GUIDE = "CloudFront Developer Guide"
_SITE: Components = {
    "cert": {"kind": "certificate", "domain": "*.example.com", "region": "us-east-1"},
    "zone": {"kind": "hosted_zone", "name": "example.com"},
    "www": {"kind": "record", "zone": "zone", "name": "www", "type": "A", "alias": "cdn"},
    "reader": {"kind": "client", "country": "IT", "address": "203.0.113.7"},
    "vpc": {"kind": "vpc", "cidr": "10.0.0.0/16"},
    "igw": {"kind": "internet_gateway", "vpc": "vpc"},
    "net-a": {"kind": "subnet", "vpc": "vpc", "az": "a", "cidr": "10.0.0.0/24"},
    "net-b": {"kind": "subnet", "vpc": "vpc", "az": "b", "cidr": "10.0.1.0/24"},
    "edges": {"kind": "prefix_list", "name": "com.amazonaws.global.cloudfront.origin-facing", "aws_managed": True},
    "sg": {"kind": "security_group", "vpc": "vpc", "ingress": [{"port": 80, "from": "edges"}]},
    "lb": {"kind": "alb", "scheme": "internal", "subnets": ["net-a", "net-b"], "security_groups": ["sg"]}
    | {"listeners": [{"port": 80, "fixed_response": {"status": 200}}]},
    "nlb": {"kind": "nlb", "scheme": "internal", "subnets": ["net-a"], "security_groups": ["sg"]}
    | {"listeners": [{"port": 80, "forward": "group"}]},
    "group": {"kind": "target_group", "port": 80, "protocol": "TCP", "vpc": "vpc", "targets": ["web"]},
    "web": {"kind": "ec2", "subnet": "net-a", "security_groups": ["inner"]}
    | {"listens": [{"port": 80, "protocol": "http"}]},
    "inner": {"kind": "security_group", "vpc": "vpc", "ingress": [{"port": 80, "from": "edges"}]}
    | {"ingress": [{"port": 80, "from": "edges"}, {"port": 80, "from": "sg"}]},
    "site": {"kind": "s3_bucket"},
    "edge": {"kind": "lambda_function", "region": "us-east-1"},
    "cdn": {
        "kind": "cloudfront_distribution",
        "aliases": ["www.example.com"],
        "certificate": "cert",
        "origins": [
            {"id": "app", "to": "lb", "protocol": "http-only", "vpc_origin": True},
            {"id": "pages", "to": "site", "access": "oac"},
        ],
        "default": {"origin": "app"},
    },
}


def site(*changes: Any) -> World:
    components = copy.deepcopy(_SITE)
    for change in changes:
        change(components)
        components = copy.deepcopy(components)
    return design({name: body for name, body in components.items() if body is not None})


def get(world: World, path: str = "/", **kwargs: Any) -> Trace:
    return ask(world, "reader", f"https://www.example.com{path}", **kwargs)


def origin(**more: Any) -> Any:
    return put("cdn", "origins", 0, {"id": "app", "to": "lb", "protocol": "http-only", "vpc_origin": True, **more})


def default(**more: Any) -> Any:
    return put("cdn", "default", {"origin": "app", **more})


@proves(
    "A private balancer or instance answers CloudFront from inside its VPC, admitted by the managed prefix list.",
    area=AREA,
    source=f"{GUIDE}, 'Restrict access with VPC origins'",
)
@pytest.mark.parametrize("to", ["lb", "nlb", "web"])
def test_vpc_origins(to: str) -> None:
    found = get(site(origin(to=to)))
    assert (found.verdict, found.status) == (Verdict.REACHABLE, 200)
    assert get(site(origin(to=to, vpc_origin=False))).verdict is Verdict.BLOCKED


@pytest.mark.parametrize(
    ("changes", "code", "status"),
    [
        ([put("igw", None)], "CLOUDFRONT_VPC_ORIGIN", 504),
        ([put("lb", "scheme", "internet-facing")], "CLOUDFRONT_VPC_ORIGIN", 504),
        ([origin(to="site")], "CLOUDFRONT_VPC_ORIGIN", 504),
        ([origin(to="nlb"), put("nlb", "security_groups", [])], "CLOUDFRONT_VPC_ORIGIN", 504),
        ([put("sg", "ingress", [{"port": 80, "from": "203.0.113.0/24"}])], "ENI_SG_RULES_MISMATCH", 504),
    ],
)
def test_what_keeps_cloudfront_from_a_private_origin(changes: list[Any], code: str, status: int) -> None:
    found = get(site(*changes))
    assert {blocker for _, blocker in codes(found)} == {code}
    assert found.status == status


def test_a_private_origin_admits_the_group_that_cloudfront_made() -> None:
    made = put("made", {"kind": "security_group", "vpc": "vpc", "label": "CloudFront-VPCOrigins-Service-SG"})
    own = put("sg", "ingress", [{"port": 80, "from": "made"}])
    assert get(site(made, own, origin(security_group="made"))).status == 200
    assert get(site(made, own)).status == 504


def test_a_private_origin_in_a_lost_zone() -> None:
    world = site(origin(to="nlb"))
    found = get(world, down=("az:eu-west-1a",))
    assert (found.verdict, found.status) == (Verdict.BLOCKED, 504)
    assert get(site(), down=("az:eu-west-1a",)).status == 200


SIGNED = "Signature=x&Key-Pair-Id=K1"
DATE = {"Date": "Sat, 01 Jan 2000 00:00:00 GMT"}


@proves(
    "Private content needs a signature of a trusted key that says when it ends and has not ended.",
    area=AREA,
    source=f"{GUIDE}, 'Use signed URLs' and 'Use signed cookies'",
)
@pytest.mark.parametrize(
    ("query", "headers", "keys", "status"),
    [
        ("", {}, [], 403),
        (SIGNED, {}, [], 403),
        (f"Expires=946684801&{SIGNED}", {}, [], 200),
        (f"Expires=946684801&{SIGNED}", DATE, [], 200),
        (f"Expires=946684799&{SIGNED}", DATE, [], 403),
        (f"Policy=abc&{SIGNED}", DATE, ["K1"], 200),
        (f"Policy=abc&{SIGNED}", {}, ["K2"], 403),
        ("", {"Cookie": "CloudFront-Expires=1; CloudFront-Signature=s; CloudFront-Key-Pair-Id=K1"}, [], 200),
        ("", {"Cookie": "CloudFront-Expires=1; CloudFront-Signature=s; CloudFront-Key-Pair-Id=K1"} | DATE, [], 403),
        ("", {"Cookie": "CloudFront-Signature=s; CloudFront-Key-Pair-Id=K1"}, [], 403),
    ],
)
def test_signatures(query: str, headers: dict[str, str], keys: list[str], status: int) -> None:
    found = get(site(default(signed=True, key_ids=keys)), f"/?{query}", headers=headers)
    assert found.status == status
    said = {step.code for step in steps(found, "cdn")}
    assert ("CLOUDFRONT_SIGNATURE_ASSUMED" in said) is (status == 200)


POINTS = ("viewer-request", "viewer-response", "origin-request", "origin-response")


@proves(
    "A function runs at its point: the viewer's points for hits and misses, the origin's for misses alone.",
    area=AREA,
    source=f"{GUIDE}, 'CloudFront events that can trigger a Lambda@Edge function'",
)
@pytest.mark.parametrize("hit", [0.5, None])
@pytest.mark.parametrize("event", POINTS)
def test_the_four_points(event: str, hit: float | None) -> None:
    function = {"event": event, "function": "edge", "does": "fail"}
    found = get(site(default(functions=[function], hit_ratio=hit)))
    assert found.share == (0.5 if hit and event.startswith("origin") else 0.0)
    assert found.status == 503
    passing = get(site(default(functions=[{**function, "does": "pass"}], hit_ratio=hit)))
    assert (passing.verdict, passing.status) == (Verdict.REACHABLE, 200)


@proves(
    "A function at a response takes the place of the answer, which the origin has given nevertheless.",
    area=AREA,
    source=f"{GUIDE}, 'Update HTTP responses in origin-response triggers'",
)
@pytest.mark.parametrize("event", ["viewer-response", "origin-response"])
def test_a_response_is_replaced(event: str) -> None:
    function = {"event": event, "function": "edge", "does": "respond", "status": 418}
    found = get(site(default(functions=[function])))
    assert (found.status, found.verdict) == (418, Verdict.BLOCKED)
    assert any(hop.component == "lb" for stage in found.root.all_stages() for hop in stage.forward)
    moved = get(site(default(functions=[{**function, "status": 302, "does": "redirect", "url": "https://x.example/"}])))
    assert moved.status == 302


@proves(
    "A function of Lambda@Edge is of us-east-1, in no VPC, without layers, and ends in 5 s at the viewer's events and "
    "30 s at the origin's.",
    area=AREA,
    source=f"{GUIDE}, 'Restrictions on Lambda@Edge' and 'Quotas on Lambda@Edge'",
)
@pytest.mark.parametrize(
    ("event", "properties", "status"),
    [
        ("viewer-request", {}, 200),
        ("viewer-request", {"region": "eu-west-1"}, 503),
        ("origin-request", {"subnets": ["net-a"]}, 503),
        ("origin-request", {"package": "image"}, 503),
        ("viewer-request", {"memory": 256}, 503),
        ("origin-request", {"memory": 256}, 200),
        ("viewer-request", {"timeout": 60, "duration": 6}, 503),
        ("origin-request", {"timeout": 60, "duration": 6}, 200),
        ("origin-response", {"timeout": 60, "duration": 31}, 503),
        ("origin-request", {"timeout": 3, "duration": 4}, 503),
        ("origin-request", {"outcome": "raises"}, 503),
    ],
)
def test_limits_of_lambda_at_the_edge(event: str, properties: dict[str, Any], status: int) -> None:
    function = {"event": event, "function": "edge"}
    change = put("edge", {"kind": "lambda_function", "region": "us-east-1", **properties})
    assert get(site(change, default(functions=[function]))).status == status


def test_a_cloudfront_function_runs_at_the_viewers_events_alone() -> None:
    assert get(site(default(functions=[{"event": "viewer-response"}]))).status == 200
    assert get(site(default(functions=[{"event": "origin-response"}]))).status == 503
    assert get(site(default(functions=[{"event": "origin-request"}]))).status == 503


@proves(
    "An origin that takes longer than the response timeout is answered for with 504.",
    area=AREA,
    source=f"{GUIDE}, 'Response timeout' and 'HTTP 504 status code (Gateway Timeout)'",
)
@pytest.mark.parametrize(("takes", "timeout", "status"), [(29, 30, 200), (31, 30, 504), (31, 60, 200), (61, 60, 504)])
def test_the_response_timeout(takes: int, timeout: int, status: int) -> None:
    slow = put("slow", {"kind": "lambda_function", "timeout": 120, "duration": takes})
    group = put("group", {"kind": "target_group", "target_type": "lambda", "targets": ["slow"]})
    listening = put("lb", "listeners", [{"port": 80, "forward": "group"}])
    nothing = put("nlb", None)
    waits = put("lb", "idle_timeout", 300)
    found = get(site(origin(response_timeout=timeout), slow, group, listening, nothing, waits))
    assert found.status == status
    assert ("CLOUDFRONT_ORIGIN_TIMEOUT" in {code for _, code in codes(found)}) is (status == 504)


@proves(
    "A staging distribution takes its share of the requests, or those that carry its header.",
    area=AREA,
    source=f"{GUIDE}, 'Use CloudFront continuous deployment to safely test CDN configuration changes'",
)
@pytest.mark.parametrize(
    ("staging", "headers", "share"),
    [
        ({"weight": 0.1}, {}, 0.1),
        ({"header": "aws-cf-cd-try", "value": "yes"}, {"aws-cf-cd-try": "yes"}, 1.0),
        ({"header": "aws-cf-cd-try", "value": "yes"}, {"aws-cf-cd-try": "no"}, 0.0),
        ({"header": "aws-cf-cd-try", "value": "yes"}, {}, 0.0),
    ],
)
def test_continuous_deployment(staging: dict[str, Any], headers: dict[str, str], share: float) -> None:
    def second(c: Components) -> None:
        c["next"] = {**c["cdn"], "default": {"origin": "pages"}}

    world = site(second, put("cdn", "staging", {"distribution": "next", **staging}))
    found = get(world, headers=headers)
    there = sum(path.weight for path in found.paths if any(hop.component == "site" for hop in path.forward))
    assert there == pytest.approx(share)
    assert found.status == 200


KEY_POLICY = {
    "Statement": {
        "Effect": "Allow",
        "Principal": {"Service": "cloudfront.amazonaws.com"},
        "Action": "kms:Decrypt",
        "Resource": "*",
    }
}


@proves(
    "Objects encrypted with a KMS key are read by an origin access control that the key's policy allows, and by no "
    "origin access identity.",
    area=AREA,
    source=f"{GUIDE}, 'Restrict access to an Amazon S3 origin', SSE-KMS",
)
@pytest.mark.parametrize(
    ("access", "policy", "status"),
    [
        ("oac", KEY_POLICY, 200),
        ("oac", {"Statement": {**KEY_POLICY["Statement"], "Principal": {"Service": "lambda.amazonaws.com"}}}, 403),
        ("oai", KEY_POLICY, 403),
    ],
)
def test_an_encrypted_bucket(access: str, policy: dict[str, Any], status: int) -> None:
    allowed = {
        "Effect": "Allow",
        "Principal": {"Service": "cloudfront.amazonaws.com"},
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::site/*",
    }
    world = site(
        put("key", {"kind": "kms_key", "policy": policy}),
        put("site", {"kind": "s3_bucket", "kms_key": "key", "policy": {"Statement": allowed}}),
        put("cdn", "origins", [{"id": "pages", "to": "site", "access": access}]),
        put("cdn", "default", {"origin": "pages"}),
    )
    found = get(world)
    assert found.status == status
    assert warned(found) == set() or status != 200
