"""Classic Load Balancers as requests meet them."""

from __future__ import annotations

import pytest

from archtui.world.steps import Verdict
from tests.proves import proves
from tests.services.elb.designs import SERVERS, blocking, shares, steps, traced

AREA = "Load balancers"
PAGE = "Classic Load Balancer guide"


def balanced(listener: str = "port: 80", settings: str = "", instances: str = "[one, two]") -> str:
    """Return a Classic Load Balancer before both servers."""
    return (
        f"  lb: {{kind: clb, subnets: [sa, sb], security_groups: [open], cross_zone: true{settings}, "
        f"instances: {instances}, listeners: [{{{listener}}}]}}\n"
    )


@proves(
    "HTTP and HTTPS are read as requests, TCP and SSL are passed on; HTTPS and SSL end TLS at the balancer.",
    area=AREA,
    source=f"{PAGE}, 'Listeners for your Classic Load Balancer'",
)
@pytest.mark.parametrize(
    ("listener", "scheme", "spoken", "verdict"),
    [
        ("port: 80", "http", "http", Verdict.REACHABLE),
        ("port: 80, protocol: TCP", "http", "http", Verdict.REACHABLE),
        ("port: 443, protocol: HTTPS, certificate: cert, instance_port: 80", "https", "http", Verdict.REACHABLE),
        (
            "port: 443, protocol: HTTPS, certificate: cert, instance_port: 80, instance_protocol: HTTPS",
            "https",
            "https",
            Verdict.REACHABLE,
        ),
        ("port: 443, protocol: SSL, certificate: cert, instance_port: 80", "https", "http", Verdict.REACHABLE),
        ("port: 443, protocol: SSL, certificate: cert, instance_port: 80", "https", "https", Verdict.BLOCKED),
        (
            "port: 443, protocol: SSL, certificate: cert, instance_port: 80, instance_protocol: SSL",
            "https",
            "https",
            Verdict.REACHABLE,
        ),
        ("port: 443, protocol: TCP, instance_port: 80", "https", "https", Verdict.REACHABLE),
        ("port: 443, protocol: SSL, instance_port: 80", "https", "http", Verdict.BLOCKED),
        ("port: 443, protocol: HTTPS, certificate: cert, instance_port: 80", "http", "http", Verdict.BLOCKED),
    ],
)
def test_listeners(listener: str, scheme: str, spoken: str, verdict: Verdict) -> None:
    servers = SERVERS.replace("protocol: http", f"protocol: {spoken}")
    port = ":443" if "443" in listener and scheme == "http" else ""
    found = traced(balanced(listener), f"{scheme}://shop.example.com{port}/", servers=servers)
    assert found.verdict is verdict


@proves(
    "Without an instance in service the client gets 503, and a TCP connection is closed.",
    area=AREA,
    source=f"{PAGE}, 'Troubleshoot a Classic Load Balancer: HTTP errors' (HTTP 503)",
)
@pytest.mark.parametrize(
    ("listener", "instances", "status", "code"),
    [
        ("port: 80", "[]", 503, "ELB_NO_INSTANCE_IN_SERVICE"),
        ("port: 80", "[{id: one, state: OutOfService}]", 503, "ELB_NO_INSTANCE_IN_SERVICE"),
        ("port: 80, protocol: TCP", "[{id: one, state: OutOfService}]", None, "ELB_NO_INSTANCE_IN_SERVICE"),
        ("port: 80", "[one]", 200, ""),
    ],
)
def test_without_instances(listener: str, instances: str, status: int | None, code: str) -> None:
    found = traced(balanced(listener, instances=instances))
    assert found.status == status
    assert (code in blocking(found)) is bool(code)


@pytest.mark.parametrize(("listener", "expected"), [("port: 80", 503), ("port: 80, protocol: TCP", None)])
def test_there_is_no_fail_open(listener: str, expected: int | None) -> None:
    """Both instances fail their check: nothing listens on the port it asks."""
    found = traced(balanced(listener, ", health_check: {protocol: TCP, port: 9999}"))
    assert (found.verdict, found.status) == (Verdict.BLOCKED, expected)
    assert "ELB_NO_INSTANCE_IN_SERVICE" in blocking(found)


@proves(
    "The balancer answers 405 to methods of over 127 characters, 400 to malformed ones, 408 to clients that stall.",
    area=AREA,
    source=f"{PAGE}, 'Troubleshoot a Classic Load Balancer: HTTP errors' (HTTP 400, 405, 408)",
)
@pytest.mark.parametrize(
    ("client", "method", "status"),
    [
        ("", "GET", 200),
        ("", "A" * 128, 405),
        ("", "A" * 127, 200),
        ("", "G(T", 400),
        (", pause: 61s", "POST", 408),
        (", pause: 59s", "POST", 200),
    ],
)
def test_what_is_refused(client: str, method: str, status: int) -> None:
    design = balanced() + f"  person: {{kind: client{client}}}\n"
    assert traced(design, source="person", method=method).status == status


@proves(
    "An instance that takes longer than the idle timeout is not waited for: 504.",
    area=AREA,
    source=f"{PAGE}, 'Troubleshoot a Classic Load Balancer: HTTP errors' (HTTP 504)",
)
@pytest.mark.parametrize(("timeout", "status"), [("60s", 200), ("1s", 504)])
def test_the_idle_timeout(timeout: str, status: int) -> None:
    servers = SERVERS.replace("protocol: http", "protocol: http, takes: 2s")
    found = traced(balanced(settings=f", idle_timeout: {timeout}"), servers=servers)
    assert found.status == status
    assert (blocking(found) == {"ELB_IDLE_TIMEOUT"}) is (status == 504)


@proves(
    "A cookie of the balancer holds the client at its instance while that one is in service.",
    area=AREA,
    source=f"{PAGE}, 'Configure sticky sessions for your Classic Load Balancer'",
)
@pytest.mark.parametrize(
    ("listener", "cookie", "expected"),
    [
        ("port: 80, stickiness: duration", "AWSELB=two", [0.0, 1.0]),
        ("port: 80, stickiness: duration", "AWSELB=gone", [0.5, 0.5]),
        ("port: 80, stickiness: duration", "", [0.5, 0.5]),
        ("port: 80", "AWSELB=two", [0.5, 0.5]),
    ],
)
def test_sticky_sessions(listener: str, cookie: str, expected: list[float]) -> None:
    found = traced(balanced(listener), headers={"Cookie": cookie} if cookie else {})
    assert shares(found, "one", "two") == expected


@pytest.mark.parametrize(("cross", "shared"), [("true", True), ("false", False)])
def test_nodes_keep_to_their_zone_unless_they_may_cross(cross: str, shared: bool) -> None:
    found = traced(balanced().replace("cross_zone: true", f"cross_zone: {cross}"))
    met = [{hop.component for hop in path.forward} for path in found.paths]
    assert all(("one" in each) == ("sa" in each) for each in met) is not shared


def test_the_instances_see_the_balancers_address() -> None:
    found = traced(balanced("port: 80, protocol: TCP"))
    sent = next(step for step in steps(found, "lb", "target") if "source" in step.after)
    assert sent.after["source"] != "8.8.8.8"
