"""CloudFront at the request level: each decision of the edge has a case that takes it and one that does not."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from archtui.facts import Span
from archtui.model.errors import ArchtuiError
from archtui.trace.result import Trace
from archtui.world.condition import Condition
from archtui.world.steps import Verdict
from archtui.world.world import World
from tests.proves import proves
from tests.services.edge.seconds import mechanism_seconds
from tests.trace.shop import Components, ask, codes, design, put, steps, warned

AREA = "CloudFront"
GUIDE = "CloudFront Developer Guide"
URL = "https://www.example.com/"
_ALLOW = '{"Statement": {"Effect": "Allow", "Principal": %s, "Action": "s3:GetObject", "Resource": "*"}}'
_SITE: Components = {
    "zone": {"kind": "hosted_zone", "name": "example.com"},
    "www": {"kind": "record", "zone": "zone", "name": "www", "type": "A", "alias": "cdn"},
    "cert": {"kind": "certificate", "domain": "*.example.com", "region": "us-east-1"},
    "reader": {"kind": "client", "country": "IT", "address": "203.0.113.7"},
    "site": {"kind": "s3_bucket"},
    "images": {"kind": "s3_bucket"},
    "cdn": {
        "kind": "cloudfront_distribution",
        "aliases": ["www.example.com"],
        "certificate": "cert",
        "origins": [
            {"id": "pages", "to": "site", "access": "oac"},
            {"id": "pictures", "to": "images", "access": "oac"},
        ],
        "default": {"origin": "pages"},
        "behaviors": [{"path": "/img/*", "origin": "pictures"}, {"path": "/img/raw/*", "origin": "pages"}],
    },
}


def site(*changes: Any) -> World:
    components = copy.deepcopy(_SITE)
    for change in changes:
        change(components)
        components = copy.deepcopy(components)
    return design(components)


def get(world: World, url: str = URL, **kwargs: Any) -> Trace:
    return ask(world, kwargs.pop("source", "reader"), url, **kwargs)


def default(**more: Any) -> Any:
    return put("cdn", "default", {"origin": "pages", **more})


@proves("The first behaviour whose path pattern matches decides.", area=AREA, source=f"{GUIDE}, 'Path pattern'")
@pytest.mark.parametrize(
    ("path", "bucket"),
    [("/", "site"), ("/about", "site"), ("/img/a.png", "images"), ("/img/raw/a.png", "images"), ("/IMG/a", "site")],
)
def test_the_first_behaviour_in_order_decides(path: str, bucket: str) -> None:
    found = get(site(), f"https://www.example.com{path}")
    assert found.status == 200
    assert found.reaches(bucket) is Verdict.REACHABLE


@proves(
    "CloudFront uses certificates of us-east-1 alone, and the certificate has to cover the name.",
    area=AREA,
    source="fact cloudfront-ssl-domain-01",
)
@pytest.mark.parametrize(
    ("change", "at", "code"),
    [
        (put("cert", "region", "eu-west-1"), "cert", "CLOUDFRONT_CERTIFICATE_REGION"),
        (put("cert", "domain", "example.org"), "cert", "TLS_NAME_MISMATCH"),
        (put("cert", "state", "expired"), "cert", "TLS_CERTIFICATE_INVALID"),
        (lambda c: c["cdn"].pop("certificate"), "cdn", "TLS_NAME_MISMATCH"),
    ],
)
def test_a_certificate_that_does_not_fit_ends_the_connection(change: Any, at: str, code: str) -> None:
    found = get(site(change))
    assert codes(found) == {(at, code)}
    assert found.status is None
    assert codes(get(site())) == set()


@proves(
    "A host name that is no alternate domain name of the distribution gets 403.",
    area=AREA,
    source=f"{GUIDE}, 'Use custom URLs by adding alternate domain names'",
)
def test_a_name_has_to_be_an_alternate_one() -> None:
    found = get(site(put("cdn", "aliases", ["shop.example.com"])))
    assert (codes(found), found.status) == ({("cdn", "CLOUDFRONT_NAME_UNKNOWN")}, 403)
    assert get(site(put("cdn", "aliases", ["*.example.com"]))).status == 200


@proves(
    "HTTP is redirected with 301 (307 where the method writes), or refused with 403, or served.",
    area=AREA,
    source=f"{GUIDE}, 'Require HTTPS between viewers and CloudFront'",
)
@pytest.mark.parametrize(
    ("policy", "method", "first"),
    [
        ("redirect-to-https", "GET", 301),
        ("redirect-to-https", "POST", 307),
        ("https-only", "GET", 403),
        ("allow-all", "GET", 200),
    ],
)
def test_how_http_is_answered(policy: str, method: str, first: int) -> None:
    world = site(default(viewer_protocol=policy, methods="all"))
    found = get(world, "http://www.example.com/", method=method)
    answered = [step.after.get("status") for step in steps(found, "cdn") if "status" in step.after]
    assert first in answered
    assert found.verdict is (Verdict.BLOCKED if first == 403 else Verdict.REACHABLE)


@proves(
    "A method that the behaviour does not allow gets 403.",
    area=AREA,
    source=f"{GUIDE}, 'All distribution settings reference', Allowed HTTP methods",
)
@pytest.mark.parametrize(
    ("methods", "method", "status"),
    [("read", "GET", 200), ("read", "OPTIONS", 403), ("read-options", "OPTIONS", 200), ("read-options", "PUT", 403),
     ("all", "PUT", 200)],
)  # fmt: skip
def test_methods(methods: str, method: str, status: int) -> None:
    assert get(site(default(methods=methods)), method=method).status == status


@proves(
    "A behaviour of a trusted key group wants a signed URL or signed cookies.",
    area=AREA,
    source="facts cloudfront-signed-url-01, cloudfront-signed-cookie-01, cf_behavior-private-01",
)
def test_private_content_is_for_those_who_hold_a_signature() -> None:
    world = site(default(signed=True))
    assert codes(get(world)) == {("cdn", "CLOUDFRONT_NOT_SIGNED")}
    assert get(world).status == 403
    assert get(world, f"{URL}?Expires=1&Signature=x&Key-Pair-Id=K1").status == 200
    cookies = {"Cookie": "CloudFront-Policy=p; CloudFront-Signature=s; CloudFront-Key-Pair-Id=K1"}
    assert get(world, headers=cookies).status == 200
    assert get(world, "https://www.example.com/img/a.png").status == 200


@proves("Geographic restriction allows or blocks viewers by country (403).", area=AREA, source="fact cloudfront-geo-01")
@pytest.mark.parametrize(
    ("kind", "countries", "status"),
    [("allow", ["IT", "FR"], 200), ("allow", ["FR"], 403), ("block", ["IT"], 403), ("block", ["FR"], 200)],
)
def test_geographic_restriction(kind: str, countries: list[str], status: int) -> None:
    world = site(put("cdn", "geo_restriction", {"type": kind, "countries": countries}))
    assert get(world).status == status
    unknown = get(world, source="internet")
    assert unknown.verdict is Verdict.UNKNOWN
    assert "the country of internet" in unknown.missing[0]


@proves(
    "A hit is answered at the edge, a miss by the origin; the shares are the stated hit ratio.",
    area=AREA,
    source="facts cloudfront-flow-01, cloudfront-write-01",
)
@pytest.mark.parametrize(
    ("behavior", "method", "shares"),
    [
        ({"hit_ratio": "90%"}, "GET", {"hit": 0.9, "miss": 0.1}),
        ({"hit_ratio": "90%", "methods": "all"}, "PUT", {"": 1.0}),
        ({"hit_ratio": "100%"}, "GET", {"": 1.0}),
        ({}, "GET", {"": 1.0}),
        ({"hit_ratio": "90%", "cache": {"enabled": False}}, "GET", {"": 1.0}),
        ({"hit_ratio": "90%", "methods": "read-options"}, "OPTIONS", {"": 1.0}),
        ({"hit_ratio": "90%", "methods": "read-options", "cache_options": True}, "OPTIONS", {"hit": 0.9, "miss": 0.1}),
    ],
)
def test_hits_and_misses(behavior: dict[str, Any], method: str, shares: dict[str, float]) -> None:
    found = get(site(default(**behavior)), method=method)
    assert {path.label: pytest.approx(path.weight) for path in found.paths} == shares
    assert found.status == 200


def test_a_full_cache_does_not_ask_the_origin() -> None:
    assert "site" not in [hop.component for hop in get(site(default(hit_ratio="100%"))).forward]
    assert "site" in [hop.component for hop in get(site()).forward]


@proves(
    "An invalidation makes the next request for matching objects go to the origin.",
    area=AREA,
    source="fact cloudfront-invalidation-01",
)
def test_an_invalidated_object_is_asked_of_the_origin() -> None:
    world = site(default(hit_ratio="100%"), put("cdn", "invalidated", ["/news*"]))
    assert get(world, f"{URL}news/today").reaches("site") is Verdict.REACHABLE
    assert "site" not in [hop.component for hop in get(world, f"{URL}about").forward]


@proves(
    "Minimum and maximum TTL bound what the origin's Cache-Control asks; without it the default TTL counts.",
    area=AREA,
    source="facts cloudfront-ttl-01, cloudfront-ttl-02",
)
@pytest.mark.parametrize(("max_age", "kept"), [(None, 600), (30, 60), (300, 300), (99999, 3600), (0, 60)])
def test_how_long_an_object_is_kept(max_age: int | None, kept: float) -> None:
    cache = {"min_ttl": 60, "default_ttl": 600, "max_ttl": 3600}
    origin = {"id": "pages", "to": "site", **({} if max_age is None else {"max_age": max_age})}
    world = site(default(cache=cache), put("cdn", "origins", [origin]), put("cdn", "behaviors", []))
    assert [
        step.after["ttl"] for step in steps(get(world), "cdn") if "ttl" in step.after and "cache_key" in step.after
    ] == [kept]


@proves(
    "The cache key is host and path, and what the cache policy adds of query strings, headers and cookies.",
    area=AREA,
    source="fact cloudfront-key-01",
)
@pytest.mark.parametrize(
    ("cache", "key"),
    [
        ({}, "www.example.com/a"),
        ({"query": "all"}, "www.example.com/a ?b=2&z=1"),
        ({"query": ["z"]}, "www.example.com/a ?z=1"),
        ({"headers": ["Accept-Language"]}, "www.example.com/a accept-language: it"),
        ({"cookies": ["session"]}, "www.example.com/a cookie session=7"),
    ],
)
def test_the_cache_key(cache: dict[str, Any], key: str) -> None:
    headers = {"Accept-Language": "it", "Cookie": "other=1; session=7"}
    found = get(site(default(cache=cache)), "https://www.example.com/a?z=1&b=2", headers=headers)
    assert [step.after["cache_key"] for step in steps(found, "cdn") if "cache_key" in step.after] == [key]


@proves("A default root object answers requests for the bare domain.", area=AREA, source="fact cloudfront-root-01")
def test_the_default_root_object() -> None:
    found = get(site(put("cdn", "default_root_object", "index.html")))
    assert "/index.html" in [step.after.get("path") for step in steps(found, "cdn")]
    assert "/index.html" not in [step.after.get("path") for step in steps(get(site()), "cdn")]


@proves(
    "Where an origin does not answer, CloudFront goes on serving what it has cached, expired or not.",
    area=AREA,
    source=f"{GUIDE}, 'How CloudFront processes HTTP 4xx and 5xx status codes from your origin'",
)
@pytest.mark.parametrize(("time", "stale"), [(10.0, False), (90000.0, True), (None, True)])
def test_the_cache_outlives_its_origin(time: float | None, stale: bool) -> None:
    world = site(default(hit_ratio="75%"))
    found = get(world, condition=Condition(down=frozenset({"site"}), time=time))
    assert found.share == pytest.approx(0.75)
    hit = next(path for path in found.paths if path.label == "hit")
    shown = {step.code for hop in hit.forward for step in hop.steps}
    assert ("CLOUDFRONT_STALE" in shown) is stale


GROUP = (
    put(
        "cdn",
        "origins",
        [{"id": "pages", "to": "site", "access": "oac"}, {"id": "spare", "to": "images", "access": "oac"}],
    ),
    put("cdn", "behaviors", []),
    put("cdn", "origin_groups", [{"id": "both", "primary": "pages", "secondary": "spare"}]),
)


@proves(
    "An origin group asks its secondary where the primary does not answer, for methods that read.",
    area=AREA,
    source=f"{GUIDE}, 'Optimize high availability with CloudFront origin failover'; fact cf_origin_group-failover-01",
)
def test_an_origin_group_fails_over_for_reads() -> None:
    world = site(*GROUP, put("cdn", "default", {"origin": "both", "methods": "all"}))
    assert get(world).reaches("site") is Verdict.REACHABLE
    lost = get(world, down=("site",))
    assert lost.reaches("images") is Verdict.REACHABLE
    assert ("cdn", "CLOUDFRONT_ORIGIN_FAILOVER") in warned(lost)
    assert get(world, down=("site",), method="PUT").verdict is Verdict.BLOCKED
    assert get(world, down=("site", "images")).verdict is Verdict.BLOCKED


@pytest.mark.parametrize("first", ["let in", "turned away"])
def test_each_request_finds_out_for_itself_whether_the_primary_answers(first: str) -> None:
    world = site(
        put("vpc", {"kind": "vpc", "cidr": "10.0.0.0/16"}),
        put("igw", {"kind": "internet_gateway", "vpc": "vpc"}),
        put("table", {"kind": "route_table", "vpc": "vpc", "routes": [{"to": "0.0.0.0/0", "via": "igw"}]}),
        *(
            put(f"net-{zone}", {"kind": "subnet", "vpc": "vpc", "az": zone, "cidr": cidr, "route_table": "table"})
            for zone, cidr in (("a", "10.0.0.0/24"), ("b", "10.0.1.0/24"))
        ),
        put("sg", {"kind": "security_group", "vpc": "vpc", "ingress": [{"port": 80, "from": "0.0.0.0/0"}]}),
        put(
            "lb",
            {
                "kind": "application_load_balancer",
                "scheme": "internet-facing",
                "subnets": ["net-a", "net-b"],
                "security_groups": ["sg"],
                "listeners": [
                    {
                        "port": 80,
                        "fixed_response": {"status": 403},
                        "rules": [{"priority": 1, "header": {"X-Member": ["yes"]}, "fixed_response": {"status": 200}}],
                    }
                ],
            },
        ),
        put(
            "cdn",
            "origins",
            [{"id": "pages", "to": "lb", "protocol": "http-only"}, {"id": "spare", "to": "images", "access": "oac"}],
        ),
        put("cdn", "behaviors", []),
        put("cdn", "origin_groups", [{"id": "both", "primary": "pages", "secondary": "spare", "statuses": [403]}]),
        put("cdn", "default", {"origin": "both", "origin_request": {"headers": ["X-Member"]}}),
    )
    asked = {"let in": {"X-Member": "yes"}, "turned away": {}}
    get(world, headers=asked[first])
    assert get(world, headers=asked["let in"]).reaches("images") is Verdict.BLOCKED
    assert get(world, headers=asked["turned away"]).reaches("images") is Verdict.REACHABLE


def test_a_group_fails_over_on_statuses_aws_allows() -> None:
    with pytest.raises(ArchtuiError, match="does not fail over on 418"):
        site(*GROUP, put("cdn", "origin_groups", 0, "statuses", [418]))


@proves(
    "A function at the edge passes, rewrites, redirects or answers a request at the event it is attached to.",
    area=AREA,
    source="facts cloudfront_function-use-01, lambda_edge-events-01",
)
@pytest.mark.parametrize(
    ("function", "path", "status", "reaches"),
    [
        ({"does": "pass"}, "/a", 200, "site"),
        ({"does": "rewrite", "path": "/img/*"}, "/a", 200, "site"),
        ({"does": "rewrite", "event": "origin-request", "function": "edge", "origin": "pictures"}, "/a", 200, "images"),
        ({"does": "redirect", "url": "https://www.example.com/img/b", "paths": ["/a"]}, "/a", 200, "images"),
        ({"does": "respond", "status": 401}, "/a", 401, None),
        ({"does": "respond", "status": 204}, "/a", 204, None),
        ({"does": "fail"}, "/a", 503, None),
        ({"does": "fail", "paths": ["/b"]}, "/a", 200, "site"),
        ({"does": "respond", "status": 401, "event": "origin-request", "function": "edge"}, "/a", 401, None),
    ],
)
def test_functions_at_the_edge(function: dict[str, Any], path: str, status: int, reaches: str | None) -> None:
    world = site(put("edge", {"kind": "lambda_function", "region": "us-east-1"}), default(functions=[function]))
    found = get(world, f"https://www.example.com{path}")
    assert found.status == status
    assert found.verdict is (Verdict.BLOCKED if status >= 400 else Verdict.REACHABLE)
    if reaches:
        assert found.reaches(reaches) is Verdict.REACHABLE


def test_a_function_of_lambda_that_is_down_fails_the_request() -> None:
    function = {"event": "origin-request", "function": "edge"}
    world = site(put("edge", {"kind": "lambda_function", "region": "us-east-1"}), default(functions=[function]))
    assert get(world).status == 200
    assert (get(world, down=("edge",)).status, get(world, down=("edge",)).verdict) == (503, Verdict.BLOCKED)


def test_an_origin_that_is_not_there_is_named() -> None:
    found = get(site(put("cdn", "default", {"origin": "other"})))
    assert (codes(found), found.status) == ({("cdn", "CLOUDFRONT_ORIGIN_UNKNOWN")}, 502)


def test_a_disabled_distribution_serves_nobody() -> None:
    assert codes(get(site(put("cdn", "enabled", False)))) == {("cdn", "BAD_STATE")}


@proves(
    "An origin group waits attempts x timeout for a primary that does not answer, for each request.",
    area=AREA,
    source="failover table, cloudfront.origin_group",
)
@pytest.mark.parametrize(("attempts", "timeout", "seconds"), [(None, None, 30), (1, 5, 5), (3, 1, 3)])
def test_seconds_of_an_origin_failover(attempts: int | None, timeout: int | None, seconds: float) -> None:
    more = {} if attempts is None else {"connection_attempts": attempts, "connection_timeout": timeout}
    origins = [{"id": "pages", "to": "site", "access": "oac", **more}, {"id": "spare", "to": "images", "access": "oac"}]
    world = site(*GROUP, put("cdn", "origins", origins), put("cdn", "default", {"origin": "both"}))
    assert mechanism_seconds(world, "cdn", "site") == {"cloudfront.origin_group": Span(seconds, seconds)}


_BALANCED: Components = {
    "vpc": {"kind": "vpc", "cidr": "10.0.0.0/16"},
    "igw": {"kind": "internet_gateway", "vpc": "vpc"},
    "public": {"kind": "route_table", "vpc": "vpc", "routes": [{"to": "0.0.0.0/0", "via": "igw"}]},
    "net-a": {"kind": "subnet", "vpc": "vpc", "az": "a", "cidr": "10.0.0.0/24", "route_table": "public"},
    "net-b": {"kind": "subnet", "vpc": "vpc", "az": "b", "cidr": "10.0.1.0/24", "route_table": "public"},
    "edges": {"kind": "prefix_list", "name": "com.amazonaws.global.cloudfront.origin-facing", "aws_managed": True},
    "lb-sg": {"kind": "security_group", "vpc": "vpc", "ingress": [{"port": 80, "from": "edges"}]},
    "lb": {
        "kind": "application_load_balancer",
        "subnets": ["net-a", "net-b"],
        "security_groups": ["lb-sg"],
        "listeners": [{"port": 80, "fixed_response": {"status": 200}}],
    },
}


def balanced(*changes: Any, **origin: Any) -> World:
    origins = [{"id": "pages", "to": "lb", "protocol": "http-only", **origin}]
    return site(lambda c: c.update(copy.deepcopy(_BALANCED)), put("cdn", "origins", origins),
                put("cdn", "behaviors", []), *changes)  # fmt: skip


@proves(
    "A load balancer that admits CloudFront's managed prefix list alone is reached by the edge and by nobody else.",
    area=AREA,
    source="fact cloudfront-custom-origin-lock-01; VPC User Guide, 'AWS-managed prefix lists'",
)
def test_an_origin_behind_the_managed_prefix_list() -> None:
    assert get(balanced()).status == 200
    assert ask(balanced(), "internet", "lb", protocol="http").verdict is Verdict.BLOCKED
    closed = get(balanced(put("lb-sg", "ingress", [{"port": 80, "from": "203.0.113.0/24"}])))
    assert (closed.verdict, closed.status) == (Verdict.BLOCKED, 504)


def test_a_private_origin_is_out_of_the_edges_reach() -> None:
    internal = put("lb", "scheme", "internal")
    assert get(balanced(internal)).verdict is Verdict.BLOCKED
    assert get(balanced(internal, vpc_origin=True)).status == 200


def test_an_error_page_of_a_single_page_site() -> None:
    def failing(c: Components) -> None:
        c["lb"]["listeners"] = [{"port": 80, "fixed_response": {"status": 404}}]
        c["cdn"]["origins"].append({"id": "spare", "to": "images", "access": "oac"})
        c["cdn"]["behaviors"] = [{"path": "/app.html", "origin": "spare"}]

    assert get(balanced(failing)).status == 404
    page = put("cdn", "error_pages", [{"error": 404, "page": "/app.html", "status": 200}])
    assert get(balanced(failing, page)).status == 200
    kept = put("cdn", "error_pages", [{"error": 404, "page": "/app.html"}])
    assert get(balanced(failing, kept)).status == 404


def _for_distribution(arn: str) -> dict[str, Any]:
    return {
        "Statement": {
            "Effect": "Allow",
            "Principal": {"Service": "cloudfront.amazonaws.com"},
            "Action": "s3:GetObject",
            "Resource": "arn:aws:s3:::site/*",
            "Condition": {"StringLike": {"aws:SourceArn": arn}},
        }
    }


@proves(
    "A bucket is asked by the service principal cloudfront.amazonaws.com for one distribution where the origin has an"
    " origin access control, and as a stranger where it has none.",
    area=AREA,
    source=f"{GUIDE}, 'Restrict access to an Amazon S3 origin'",
)
@pytest.mark.parametrize(
    ("access", "arn", "status"),
    [
        ("oac", "arn:aws:cloudfront::*:distribution/cdn", 200),
        ("oac", "arn:aws:cloudfront::*:distribution/other", 403),
        ("public", "arn:aws:cloudfront::*:distribution/cdn", 403),
    ],
)
def test_as_whom_a_bucket_is_asked(access: str, arn: str, status: int) -> None:
    origin = {"id": "pages", "to": "site", "access": access}
    world = site(
        put("site", "policy", _for_distribution(arn)), put("cdn", "origins", [origin]), put("cdn", "behaviors", [])
    )
    assert get(world).status == status


@proves(
    "A bucket's website endpoint takes no signature: an origin access control does not open a private bucket there",
    area=AREA,
    source="S3 User Guide, 'Website endpoints'; CloudFront Developer Guide, 'Restrict access to an Amazon S3 origin'",
)
@pytest.mark.parametrize("access", ["oac", "public"])
@pytest.mark.parametrize(
    ("bucket", "verdict"),
    [
        ({"policy": _ALLOW % '{"Service": "cloudfront.amazonaws.com"}'}, Verdict.BLOCKED),
        ({}, Verdict.BLOCKED),
        ({"policy": _ALLOW % '"*"', "block_public_access": False}, Verdict.REACHABLE),
    ],
)
def test_a_website_endpoint_serves_what_is_public(access: str, bucket: dict[str, Any], verdict: Verdict) -> None:
    def change(components: Components) -> None:
        components["site"] |= {"website": {}, **bucket}
        components["cdn"]["origins"][0] |= {"access": access, "website": True}

    found = ask(site(change), "reader", URL)
    assert found.verdict is verdict
    assert codes(found) == ({("site", "IAM_ANONYMOUS_DENY")} if verdict is Verdict.BLOCKED else set())
