"""Application Load Balancers: what a target gets, which target gets it, and who is let in."""

from __future__ import annotations

import pytest

from archtui.trace.result import Trace
from archtui.world.steps import Verdict
from tests.proves import proves
from tests.services.elb.designs import SERVERS, blocking, shares, steps, traced, warned

AREA = "Load balancers"
STICKY = "ALB guide, 'Sticky sessions for your Application Load Balancer'"


def balanced(group: str = "", settings: str = "", targets: str = "[one, two]", listener: str = "") -> str:
    """Return a balancer before a group of both servers."""
    return (
        f"  web: {{kind: target_group, vpc: v, targets: {targets}{group}}}\n"
        f"  lb: {{kind: alb, subnets: [sa, sb], security_groups: [open]{settings}, listeners: ["
        f"{{port: 80, forward: web}}, {{port: 443, certificate: cert, forward: web{listener}}}]}}\n"
    )


def headers(found: Trace) -> dict[str, str]:
    """Return the headers with which the balancer opens its connection to the target."""
    step = next(step for step in steps(found, "lb", "target") if "headers" in step.after)
    given = step.after["headers"]
    assert isinstance(given, dict)
    return {str(name): str(value) for name, value in given.items()}


@proves(
    "X-Forwarded-For gets the sender's address added, stays as it came, or is taken out.",
    area=AREA,
    source="ALB guide, 'X-Forwarded headers' (append, preserve, remove)",
)
@pytest.mark.parametrize(
    ("mode", "before", "after"),
    [
        ("append", "198.51.100.1", "198.51.100.1, 8.8.8.8"),
        ("append", None, "8.8.8.8"),
        ("preserve", "198.51.100.1", "198.51.100.1"),
        ("preserve", None, None),
        ("remove", "198.51.100.1", None),
    ],
)
def test_what_becomes_of_x_forwarded_for(mode: str, before: str | None, after: str | None) -> None:
    given = {"X-Forwarded-For": before} if before else {}
    found = traced(balanced(settings=f", forwarded_for: {mode}"), headers=given)
    assert headers(found).get("X-Forwarded-For") == after
    assert headers(found)["X-Forwarded-Proto"] == "http"
    assert headers(found)["X-Forwarded-Port"] == "80"


def test_the_port_of_the_sender_is_added_where_it_is_wanted_and_known() -> None:
    design = balanced(settings=", forwarded_port: true")
    assert headers(traced(design, source_port=40000))["X-Forwarded-For"] == "8.8.8.8:40000"
    assert headers(traced(design))["X-Forwarded-For"] == "8.8.8.8"


@proves(
    "A request without a trace id gets one; one that has it keeps its Root and gets a Self.",
    area=AREA,
    source="ALB guide, 'Request tracing for your Application Load Balancer'",
)
@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", "Root=1-{time}-{id}"),
        ("Root=1-a-b", "Self=1-{time}-{id};Root=1-a-b"),
        ("Self=1-c-d;Root=1-a-b", "Self=1-{time}-{id};Root=1-a-b"),
        ("CalledFrom=app", "Self=1-{time}-{id};Root=1-{time}-{id};CalledFrom=app"),
    ],
)
def test_the_trace_id(before: str, after: str) -> None:
    given = {"X-Amzn-Trace-Id": before} if before else {}
    assert headers(traced(balanced(), headers=given))["X-Amzn-Trace-Id"] == after


@pytest.mark.parametrize(("setting", "stays"), [("false", True), ("true", False)])
def test_headers_with_names_that_are_not_valid_are_taken_out_where_it_is_wanted(setting: str, stays: bool) -> None:
    """ALB guide, 'Load balancer attributes': alphanumeric characters and hyphens."""
    found = traced(balanced(settings=f", drop_invalid_headers: {setting}"), headers={"X_Odd": "1", "X-Even": "2"})
    assert ("X_Odd" in headers(found)) is stays
    assert headers(found)["X-Even"] == "2"


# -- which target ------------------------------------------------------------------------------------


@proves(
    "A stickiness cookie sends the client to its target, as long as that one can be used.",
    area=AREA,
    source=STICKY,
)
@pytest.mark.parametrize(
    ("group", "cookie", "expected"),
    [
        (", stickiness: true", "", [0.5, 0.5]),
        (", stickiness: true", "AWSALB=two", [0.0, 1.0]),
        (", stickiness: true", "AWSALBCORS=two; a=b", [0.0, 1.0]),
        (", stickiness: true", "AWSALB=gone", [0.5, 0.5]),
        ("", "AWSALB=two", [0.5, 0.5]),
        (", stickiness: true, stickiness_type: app_cookie, stickiness_cookie: sid", "AWSALBAPP=one; sid=1", [1.0, 0.0]),
        (", stickiness: true, stickiness_type: app_cookie, stickiness_cookie: sid", "AWSALBAPP=one", [0.5, 0.5]),
        (", stickiness: true, stickiness_type: app_cookie, stickiness_cookie: sid", "AWSALB=one; sid=1", [0.5, 0.5]),
    ],
)
def test_a_cookie_holds_the_client(group: str, cookie: str, expected: list[float]) -> None:
    found = traced(balanced(group), headers={"Cookie": cookie} if cookie else {})
    assert shares(found, "one", "two") == expected


def test_a_client_whose_target_is_lost_is_given_another_one() -> None:
    found = traced(balanced(", stickiness: true"), headers={"Cookie": "AWSALB=two"}, down=("two",))
    assert shares(found, "one", "two") == [1.0, 0.0]
    assert any("given another one" in step.message for step in steps(found, "web", "target"))


def test_weighted_groups_that_are_not_sticky_part_sticky_clients_from_their_targets() -> None:
    """ALB guide, 'Forward actions': target group stickiness must be enabled."""
    design = balanced(", stickiness: true", targets="[one]").replace(
        "{port: 80, forward: web}", "{port: 80, forward: [{target_group: web}, {target_group: other}]MORE}"
    ) + ("  other: {kind: target_group, vpc: v, targets: [two]}\n")
    assert "ELBV2_GROUP_NOT_STICKY" in warned(traced(design.replace("MORE", "")))
    assert "ELBV2_GROUP_NOT_STICKY" not in warned(traced(design.replace("MORE", ", group_stickiness: 1h")))


@proves(
    "In slow start a new target's share grows in a line to that of the others.",
    area=AREA,
    source="ALB guide, 'Slow start mode'",
)
@pytest.mark.parametrize(
    ("group", "ages", "expected"),
    [
        (", slow_start: 100s", (None, 50), [2 / 3, 1 / 3]),
        (", slow_start: 100s", (None, 100), [0.5, 0.5]),
        (", slow_start: 100s", (None, None), [0.5, 0.5]),
        (", slow_start: 100s", (50, 25), [0.5, 0.5]),
        ("", (None, 50), [0.5, 0.5]),
        (", slow_start: 100s, algorithm: least_outstanding_requests", (None, 50), [0.5, 0.5]),
    ],
    ids=["half way", "over", "old", "none is warm", "off", "not with this algorithm"],
)
def test_slow_start(group: str, ages: tuple[int | None, int | None], expected: list[float]) -> None:
    parts = [f"{{id: {n}{f', healthy_for: {a}s' if a else ''}}}" for n, a in zip(("one", "two"), ages, strict=True)]
    found = traced(balanced(group, targets=f"[{', '.join(parts)}]"))
    assert shares(found, "one", "two") == pytest.approx(expected, abs=1e-6)


@proves(
    "Least outstanding requests gives faster targets more: in shares by Little's law where their times are stated.",
    area=AREA,
    source="ALB guide, 'Routing algorithms' (least outstanding requests); Little 1961",
)
@pytest.mark.parametrize(
    ("algorithm", "times", "expected"),
    [
        ("least_outstanding_requests", (1, 3), [0.75, 0.25]),
        ("least_outstanding_requests", (2, 2), [0.5, 0.5]),
        ("least_outstanding_requests", (1, None), [0.5, 0.5]),
        ("round_robin", (1, 3), [0.5, 0.5]),
    ],
)
def test_least_outstanding_requests(algorithm: str, times: tuple[int, int | None], expected: list[float]) -> None:
    servers = SERVERS
    for name, seconds in zip(("one", "two"), times, strict=True):
        where = f"  {name}: {{kind: ec2"
        line = next(each for each in servers.splitlines() if each.startswith(where))
        if seconds:
            servers = servers.replace(line, line.replace("protocol: http", f"protocol: http, takes: {seconds}s"))
    found = traced(balanced(f", algorithm: {algorithm}"), servers=servers)
    assert shares(found, "one", "two") == expected


@proves(
    "A target that is being deregistered gets no new request, and never one by fail-open.",
    area=AREA,
    source="ALB guide, 'Deregistration delay'",
)
@pytest.mark.parametrize(
    ("targets", "expected"),
    [
        ("[one, {id: two, health: draining}]", [1.0, 0.0]),
        ("[{id: one, health: unhealthy}, {id: two, health: draining}]", [1.0, 0.0]),
        ("[{id: one, health: unhealthy}, {id: two, health: initial}]", [0.5, 0.5]),
        ("[{id: one, health: unavailable}, {id: two, health: unhealthy}]", [1.0, 0.0]),
    ],
)
def test_targets_that_leave_and_that_come(targets: str, expected: list[float]) -> None:
    assert shares(traced(balanced(targets=targets)), "one", "two") == expected


@proves(
    "With fewer healthy targets than the routing failover asks for, requests go to all of them.",
    area=AREA,
    source="ALB guide, 'Target group health' (routing failover)",
)
@pytest.mark.parametrize(
    ("group", "expected"),
    [
        ("", [1.0, 0.0]),
        (", routing_failover: {count: 2}", [0.5, 0.5]),
        (", routing_failover: {percentage: 50%}", [1.0, 0.0]),
        (", routing_failover: {percentage: 51%}", [0.5, 0.5]),
    ],
)
def test_routing_failover(group: str, expected: list[float]) -> None:
    found = traced(balanced(group, targets="[one, {id: two, health: unhealthy}]"))
    assert shares(found, "one", "two") == expected
    assert ("ELBV2_FAIL_OPEN" in warned(found)) is (expected == [0.5, 0.5])


@proves(
    "A zone with fewer healthy targets than the DNS failover asks for leaves the balancer's name.",
    area=AREA,
    source="ALB guide, 'Target group health' (DNS failover)",
)
@pytest.mark.parametrize(("group", "zones"), [("", 2), (", cross_zone: false", 1)])
def test_dns_failover(group: str, zones: int) -> None:
    found = traced(balanced(group, targets="[one, {id: two, health: unhealthy}]"))
    named = next(step for step in steps(found, "lb", "dns"))
    assert named.message.count("eu-west-1") == zones


def test_cross_zone_may_be_off_for_a_group_alone() -> None:
    """ALB guide, 'Cross-zone load balancing for target groups'."""
    found = traced(balanced(", cross_zone: false"))
    for path in found.paths:
        met = {hop.component for hop in path.forward}
        assert ("one" in met) == ("sa" in met)


# -- who is let in -----------------------------------------------------------------------------------

CLIENT = "  person: {{kind: client{more}}}\n"


@proves(
    "With mutual TLS in verify mode only clients with a certificate that the trust store knows are let in.",
    area=AREA,
    source="ALB guide, 'Mutual authentication with TLS in Application Load Balancer'",
)
@pytest.mark.parametrize(
    ("mutual", "client", "verdict"),
    [
        ("{trust: [corp]}", ", certificate: {authority: corp}", Verdict.REACHABLE),
        ("{trust: [corp]}", ", certificate: {authority: other}", Verdict.BLOCKED),
        ("{trust: [corp]}", ", certificate: {authority: corp, state: revoked}", Verdict.BLOCKED),
        ("{trust: [corp]}", ", certificate: {authority: corp, state: expired}", Verdict.BLOCKED),
        (
            "{trust: [corp], ignore_expired: true}",
            ", certificate: {authority: corp, state: expired}",
            Verdict.REACHABLE,
        ),
        ("{trust: [corp]}", "", Verdict.BLOCKED),
        ("{mode: passthrough}", "", Verdict.REACHABLE),
    ],
)
def test_mutual_tls(mutual: str, client: str, verdict: Verdict) -> None:
    design = balanced(listener=f", mutual_tls: {mutual}") + CLIENT.format(more=client)
    found = traced(design, "https://shop.example.com/", "person")
    assert found.verdict is verdict
    assert ("TLS_CLIENT_CERTIFICATE" in blocking(found)) is (verdict is Verdict.BLOCKED)
    if verdict is Verdict.BLOCKED:
        assert found.status is None


def test_what_certificate_a_stranger_shows_is_not_known() -> None:
    found = traced(balanced(listener=", mutual_tls: {trust: [corp]}"), "https://shop.example.com/")
    assert found.verdict is Verdict.UNKNOWN
    assert "which certificate internet shows" in found.missing[0]


def test_the_target_gets_to_know_who_has_shown_a_certificate() -> None:
    design = balanced(listener=", mutual_tls: {trust: [corp]}") + CLIENT.format(more=", certificate: {authority: corp}")
    found = traced(design, "https://shop.example.com/", "person")
    assert headers(found)["X-Amzn-Mtls-Clientcert-Issuer"] == "CN=corp"


OIDC = (
    "{{authorization_endpoint: 'https://idp.example.net/a', token_endpoint: 'https://idp.example.net/t', "
    "user_info_endpoint: 'https://idp.example.net/u', on_unauthenticated: {}}}"
)


@proves(
    "Where unauthenticated requests are allowed they go on without the claims that a session adds.",
    area=AREA,
    source="ALB guide, 'Authenticate users using an Application Load Balancer' (allow, authenticate, deny)",
)
@pytest.mark.parametrize(
    ("mode", "cookie", "status", "claims"),
    [
        ("authenticate", "", 302, False),
        ("deny", "", 401, False),
        ("allow", "", 200, False),
        ("allow", "AWSELBAuthSessionCookie-0=x", 200, True),
        ("authenticate", "AWSELBAuthSessionCookie=x", 200, True),
        ("authenticate", "Other=x", 302, False),
    ],
)
def test_sessions(mode: str, cookie: str, status: int, claims: bool) -> None:
    design = balanced(listener=f", authenticate_oidc: {OIDC.format(mode)}")
    found = traced(design, "https://shop.example.com/in", headers={"Cookie": cookie} if cookie else {})
    assert found.status == status
    if status == 200:
        assert ("x-amzn-oidc-identity" in headers(found)) is claims


def test_where_users_are_sent_to_sign_in() -> None:
    design = balanced(listener=", authenticate_cognito: {user_pool: users, client: web}")
    design += "  users: {kind: cognito_user_pool, domain: corp, clients: [web]}\n"
    found = traced(design, "https://shop.example.com/in")
    url = next(step.after["location"] for step in steps(found, "lb", "listener") if "location" in step.after)
    assert str(url).startswith("https://corp.auth.eu-west-1.amazoncognito.com/oauth2/authorize?client_id=web&")
    assert "redirect_uri=https://shop.example.com/oauth2/idpresponse" in str(url)


def test_a_pool_without_a_domain_leaves_open_where_users_sign_in() -> None:
    design = balanced(listener=", authenticate_cognito: {user_pool: users}") + "  users: {kind: cognito_user_pool}\n"
    found = traced(design, "https://shop.example.com/in")
    assert found.verdict is Verdict.UNKNOWN
    assert "domain of users" in found.missing[0]


def test_only_https_listeners_authenticate() -> None:
    design = balanced().replace("forward: web}", f"forward: web, authenticate_oidc: {OIDC.format('deny')}}}", 1)
    assert blocking(traced(design)) == {"ELBV2_AUTHENTICATE_NEEDS_HTTPS"}


# -- functions ---------------------------------------------------------------------------------------

FUNCTION = (
    "  fn: {{kind: lambda_function{fn}}}\n  calls: {{kind: target_group, target_type: lambda, targets: [fn]{group}}}\n"
    "  lb: {{kind: alb, subnets: [sa, sb], security_groups: [open], listeners: [{{port: 80, forward: calls}}]}}\n"
)


@proves(
    "A balancer invokes a function with the last value of each query key, or with all of them.",
    area=AREA,
    source="ALB guide, 'Lambda functions as targets' (multi-value headers)",
)
@pytest.mark.parametrize(
    ("group", "query"), [("", "k=2&x=3"), (", multi_value_headers: true", "k=1&k=2&x=3")], ids=["last", "all"]
)
def test_what_a_function_gets_of_a_query(group: str, query: str) -> None:
    found = traced(FUNCTION.format(fn="", group=group), "http://shop.example.com/?k=1&k=2&x=3")
    assert (found.verdict, found.status) == (Verdict.REACHABLE, 200)
    (invoked,) = steps(found, "calls", "service")
    assert invoked.message == "lb invokes fn by the Lambda API and waits for its answer."
    assert invoked.after["query"] == query


def test_a_function_that_does_not_let_the_balancer_invoke_it() -> None:
    """ALB guide, 'Lambda functions as targets' (permissions to invoke the Lambda function)."""
    denied = traced(FUNCTION.format(fn=", permissions: []", group=""))
    assert (blocking(denied), denied.status) == ({"IAM_IMPLICIT_DENY"}, 502)
    allowed = ", permissions: [{principal: elasticloadbalancing.amazonaws.com, source: calls}]"
    assert traced(FUNCTION.format(fn=allowed, group="")).status == 200


def test_a_function_that_is_down_answers_502() -> None:
    assert traced(FUNCTION.format(fn="", group=""), down=("fn",)).status == 502


# -- time --------------------------------------------------------------------------------------------


@proves(
    "The balancer waits for its idle timeout, and counts what the target asks of others in its turn.",
    area=AREA,
    source="ALB guide, 'HTTP 504: Gateway timeout'",
)
@pytest.mark.parametrize(("timeout", "status"), [("4s", 200), ("2s", 504)])
def test_the_idle_timeout_counts_the_whole_chain(timeout: str, status: int) -> None:
    servers = SERVERS.replace("port: 80, protocol: http", "port: 80, protocol: http, takes: 1500ms")
    design = balanced(settings=f", idle_timeout: {timeout}", targets="[one]")
    design += "links:\n  - {from: one, to: two, port: 80}\njourneys: []\n"
    found = traced(design, servers=servers)
    assert found.status == status
    assert (blocking(found) == {"ELBV2_IDLE_TIMEOUT"}) is (status == 504)


def test_the_first_to_give_up_decides() -> None:
    """ALB guide, 'HTTP 460': the client closes before the idle timeout elapses."""
    servers = SERVERS.replace("port: 80, protocol: http", "port: 80, protocol: http, takes: 70s")
    patient = traced(balanced() + CLIENT.format(more=", timeout: 90s"), source="person", servers=servers)
    hasty = traced(balanced() + CLIENT.format(more=", timeout: 30s"), source="person", servers=servers)
    assert (patient.status, hasty.status) == (504, 460)


@pytest.mark.parametrize(("keep", "warns"), [("5s", True), ("65s", False)])
def test_a_target_that_closes_first_is_warned_of(keep: str, warns: bool) -> None:
    """ALB guide, 'HTTP 502': the keep-alive of the target is shorter than the idle timeout."""
    servers = SERVERS.replace("port: 80, protocol: http", f"port: 80, protocol: http, keep_alive: {keep}")
    found = traced(balanced(), servers=servers)
    assert found.verdict is Verdict.REACHABLE
    assert ("ELBV2_KEEP_ALIVE_SHORTER" in warned(found)) is warns


@proves(
    "HTTP/2 and gRPC groups are for clients that speak HTTP/2, which takes an HTTPS listener.",
    area=AREA,
    source="ALB guide, 'HTTP 464', 'Protocol version'",
)
@pytest.mark.parametrize(
    ("version", "scheme", "request_", "status"),
    [
        ("HTTP2", "https", {}, 200),
        ("HTTP2", "https", {"http_version": "1.1"}, 464),
        ("HTTP2", "http", {}, 464),
        ("GRPC", "https", {"method": "POST", "headers": {"Content-Type": "application/grpc"}}, 200),
        ("GRPC", "https", {}, 464),
        ("HTTP1", "https", {"method": "POST", "headers": {"Content-Type": "application/grpc+proto"}}, 464),
        ("HTTP1", "https", {"http_version": "2"}, 200),
    ],
)
def test_protocol_versions(version: str, scheme: str, request_: dict[str, object], status: int) -> None:
    found = traced(balanced(f", protocol_version: {version}"), f"{scheme}://shop.example.com/", **request_)
    assert found.status == status


def test_a_balancer_asked_by_its_id_redirects_to_its_own_name() -> None:
    design = balanced().replace("{port: 80, forward: web}", "{port: 80, redirect: {protocol: HTTPS, port: 443}}")
    found = traced(design, "lb", protocol="http")
    url = next(step.after["location"] for step in steps(found, "lb", "listener") if "location" in step.after)
    assert url == "https://lb.eu-west-1.elb.amazonaws.com/"
