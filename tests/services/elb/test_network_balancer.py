"""Network Load Balancers as requests meet them: ports, TLS, ALPN, health, idle connections."""

from __future__ import annotations

import pytest

from archtui.world.steps import Verdict
from tests.proves import proves
from tests.services.elb.designs import SERVERS, blocking, shares, steps, traced

AREA = "Load balancers"
ON_8080 = SERVERS.replace("port: 80,", "port: 8080,")


def balanced(listener: str = "port: 80", group: str = "", settings: str = "", targets: str = "[one, two]") -> str:
    """Return a balancer before a TCP group of both servers."""
    protocol = "" if "protocol:" in group else ", protocol: TCP, port: 80"
    return (
        f"  web: {{kind: target_group, vpc: v, targets: {targets}{protocol}{group}}}\n"
        f"  lb: {{kind: nlb, subnets: [sa, sb]{settings}, listeners: [{{{listener}, forward: web}}]}}\n"
    )


@proves(
    "A target gets the connection on the port it is registered with, whatever port the listener has.",
    area=AREA,
    source="NLB guide, 'Target groups for your Network Load Balancers' (routing configuration)",
)
@pytest.mark.parametrize(
    ("port", "servers", "verdict"),
    [(8080, ON_8080, Verdict.REACHABLE), (8080, SERVERS, Verdict.BLOCKED), (80, SERVERS, Verdict.REACHABLE)],
)
def test_the_port_of_the_target(port: int, servers: str, verdict: Verdict) -> None:
    found = traced(balanced(group=f", protocol: TCP, port: {port}"), servers=servers)
    assert found.verdict is verdict
    assert (blocking(found) == {"CONNECTION_REFUSED"}) is (verdict is Verdict.BLOCKED)


@proves(
    "A TLS listener ends the client's TLS: a TCP group gets plain text, a TLS group TLS of the balancer's own.",
    area=AREA,
    source="NLB guide, 'TLS listeners', 'Target groups' (supported combinations)",
)
@pytest.mark.parametrize(
    ("group", "spoken", "verdict"),
    [
        (", protocol: TCP, port: 80", "http", Verdict.REACHABLE),
        (", protocol: TCP, port: 80", "https", Verdict.BLOCKED),
        (", protocol: TLS, port: 80", "https", Verdict.REACHABLE),
        (", protocol: TLS, port: 80", "http", Verdict.BLOCKED),
    ],
)
def test_tls_ends_at_the_balancer(group: str, spoken: str, verdict: Verdict) -> None:
    servers = SERVERS.replace("protocol: http", f"protocol: {spoken}")
    listener = "port: 443, protocol: TLS, certificate: cert"
    found = traced(balanced(listener, group), "https://shop.example.com/", servers=servers)
    assert found.verdict is verdict


def test_tcp_listeners_let_tls_through() -> None:
    servers = SERVERS.replace("port: 80, protocol: http", "port: 443, protocol: https")
    found = traced(
        balanced("port: 443, protocol: TCP", ", protocol: TCP, port: 443"),
        "https://shop.example.com/",
        servers=servers,
    )
    assert found.verdict is Verdict.REACHABLE
    assert steps(found, "lb", "tls") == []


@pytest.mark.parametrize(
    ("change", "url", "code"),
    [
        ("protocol: TLS, certificate: cert", "http://shop.example.com:443/", "ELBV2_PROTOCOL_MISMATCH"),
        ("protocol: TLS", "https://shop.example.com/", "TLS_NO_CERTIFICATE"),
        ("protocol: TLS, certificate: other", "https://shop.example.com/", "TLS_NAME_MISMATCH"),
    ],
)
def test_what_a_tls_listener_refuses(change: str, url: str, code: str) -> None:
    design = balanced(f"port: 443, {change}") + "  other: {kind: certificate, domain: www.example.org}\n"
    found = traced(design, url)
    assert found.verdict is Verdict.BLOCKED
    assert code in blocking(found)


@proves(
    "An ALPN policy decides the version of HTTP; a client that speaks none of those offered is refused.",
    area=AREA,
    source="NLB guide, 'ALPN policies'; RFC 7301, 3.2",
)
@pytest.mark.parametrize(
    ("policy", "version", "agreed"),
    [
        ("HTTP1Only", None, "1.1"),
        ("HTTP1Only", "2", None),
        ("HTTP2Only", "1.1", None),
        ("HTTP2Preferred", None, "2"),
        ("HTTP2Optional", None, "1.1"),
        ("HTTP2Optional", "2", "2"),
    ],
)
def test_alpn(policy: str, version: str | None, agreed: str | None) -> None:
    listener = f"port: 443, protocol: TLS, certificate: cert, alpn: {policy}"
    found = traced(balanced(listener), "https://shop.example.com/", http_version=version)
    assert (blocking(found) == {"NLB_ALPN_MISMATCH"}) is (agreed is None)
    if agreed:
        ended = next(step for step in steps(found, "lb", "tls") if step.after)
        assert ended.after["http_version"] == agreed


@proves(
    "Targets that fail the health check get nothing; where all of them fail, all get connections.",
    area=AREA,
    source="NLB guide, 'Health checks for your target groups'",
)
@pytest.mark.parametrize(
    ("check", "answers", "expected"),
    [
        ("", (200, 200), [0.5, 0.5]),
        (", health_check: {protocol: HTTP, path: /up}", (200, 500), [1.0, 0.0]),
        (", health_check: {protocol: HTTP, path: /up}", (500, 500), [0.5, 0.5]),
        (", health_check: {protocol: HTTP, path: /up, matcher: 200-599}", (200, 500), [0.5, 0.5]),
        (", health_check: {port: 81}", (200, 200), [0.5, 0.5]),
    ],
)
def test_health_checks(check: str, answers: tuple[int, int], expected: list[float]) -> None:
    servers = SERVERS
    for name, status in zip(("one", "two"), answers, strict=True):
        line = next(each for each in SERVERS.splitlines() if each.startswith(f"  {name}:"))
        paths = f"protocol: http, paths: {{/: 200, /up: {status}}}"
        servers = servers.replace(line, line.replace("protocol: http", paths))
    found = traced(balanced(group=check, settings=", cross_zone: true"), servers=servers)
    assert shares(found, "one", "two") == expected
    assert found.verdict is Verdict.REACHABLE


@proves(
    "A zone in which one of the target groups has no healthy target leaves the balancer's name.",
    area=AREA,
    source="NLB guide, 'Health checks for your target groups'",
)
def test_each_group_needs_a_healthy_target_in_the_zone() -> None:
    design = (
        "  web: {kind: target_group, vpc: v, targets: [one, two], protocol: TCP, port: 80}\n"
        "  mail: {kind: target_group, vpc: v, targets: [one], protocol: TCP, port: 80}\n"
        "  lb: {kind: nlb, subnets: [sa, sb], listeners: [{port: 80, forward: web}MAIL]}\n"
    )
    both = traced(design.replace("MAIL", ""))
    alone = traced(design.replace("MAIL", ", {port: 25, forward: mail}"))
    assert shares(both, "one", "two") == [0.5, 0.5]
    assert shares(alone, "one", "two") == [1.0, 0.0]


@proves(
    "What is silent for longer than the idle timeout is reset: 350 s for TCP unless the listener says otherwise.",
    area=AREA,
    source="NLB guide, 'Connection idle timeout'",
)
@pytest.mark.parametrize(
    ("listener", "seconds", "verdict"),
    [
        ("port: 80", 300, Verdict.REACHABLE),
        ("port: 80", 400, Verdict.BLOCKED),
        ("port: 80, idle_timeout: 600s", 400, Verdict.REACHABLE),
    ],
)
def test_silent_connections(listener: str, seconds: int, verdict: Verdict) -> None:
    servers = SERVERS.replace("protocol: http", f"protocol: http, takes: {seconds}s")
    found = traced(balanced(listener), servers=servers)
    assert found.verdict is verdict
    assert (blocking(found) == {"NLB_IDLE_TIMEOUT"}) is (verdict is Verdict.BLOCKED)
    assert found.status == (200 if verdict is Verdict.REACHABLE else None)


@proves(
    "An Application Load Balancer can be the target of a Network Load Balancer, on the port of its own listener.",
    area=AREA,
    source="NLB guide, 'Application Load Balancers as targets'",
)
@pytest.mark.parametrize(("port", "verdict"), [(8000, Verdict.REACHABLE), (8001, Verdict.BLOCKED)])
def test_an_application_load_balancer_as_target(port: int, verdict: Verdict) -> None:
    design = (
        "  pages: {kind: target_group, vpc: v, targets: [one, two]}\n"
        "  app: {kind: alb, scheme: internal, subnets: [sa, sb], security_groups: [open], listeners: ["
        "{port: 8000, forward: pages}]}\n"
        f"  web: {{kind: target_group, vpc: v, protocol: TCP, port: {port}, target_type: alb, targets: [app]}}\n"
        "  lb: {kind: nlb, subnets: [sa, sb], listeners: [{port: 80, forward: web}]}\n"
    )
    found = traced(design)
    assert found.verdict is verdict
    if verdict is Verdict.REACHABLE:
        assert shares(found, "one", "two") == [0.5, 0.5]
        assert len(found.paths) == 4
        kept = next(step for step in steps(found, "app", "target") if step.before)
        assert kept.before["source"] == "8.8.8.8"


def test_clients_may_be_held_by_their_address() -> None:
    """NLB guide, 'Sticky sessions': source_ip."""
    found = traced(balanced(group=", protocol: TCP, port: 80, stickiness: true", settings=", cross_zone: true"))
    assert any("by its address" in step.message for step in steps(found, "lb", "target"))
    assert shares(found, "one", "two") == [0.5, 0.5]
