"""What an Application Load Balancer does: listeners, certificates, rules, targets, health, statuses."""

from __future__ import annotations

from typing import Any

import pytest

from archtui.network.engine import decide
from archtui.network.flow import Flow
from archtui.services.elb.matching import covers, like, status_matches
from archtui.world.condition import Condition, condition_for
from archtui.world.steps import Verdict
from tests.proves import proves
from tests.trace.shop import URL, Components, ask, codes, put, shop, steps, warned


def rules(*given: dict[str, Any]) -> Any:
    """Return the change that gives the HTTPS listener rules and a second target group."""

    def change(components: Components) -> None:
        components["lb"]["listeners"][0]["rules"] = list(given)
        components["api"] = {"kind": "target_group", "vpc": "vpc", "port": 8080, "targets": ["web-2"]}

    return change


TO_API = {"priority": 10, "forward": "api"}


@proves(
    "A listener rule takes the requests that meet all its conditions.",
    area="Load balancers",
    source="ALB guide, 'Listener rules'",
)
@pytest.mark.parametrize(
    ("condition", "request_", "matches"),
    [
        ({"path": ["/api/*"]}, {"path": "/api/v1"}, True),
        ({"path": ["/api/*"]}, {"path": "/API/v1"}, False),
        ({"path": ["/a?i"]}, {"path": "/api"}, True),
        ({"host": ["*.example.com"]}, {}, True),
        ({"host": ["SHOP.example.com"]}, {}, True),
        ({"host": ["api.example.com"]}, {}, False),
        ({"method": ["POST", "PUT"]}, {"method": "PUT"}, True),
        ({"method": ["POST"]}, {"method": "GET"}, False),
        ({"header": {"X-Plan": ["gold*"]}}, {"headers": {"x-plan": "goldish"}}, True),
        ({"header": {"X-Plan": ["gold"]}}, {}, False),
        ({"query": {"device": "mobile"}}, {"path": "/?device=mobile"}, True),
        ({"query": {"device": "mobile"}}, {"path": "/?device=desktop"}, False),
        ({"source_ip": ["203.0.113.0/24"]}, {"source_ip": "203.0.113.9"}, True),
        ({"source_ip": ["203.0.113.0/24"]}, {"source_ip": "198.51.100.9"}, False),
        ({"path": ["/api/*"], "method": ["POST"]}, {"path": "/api/x"}, False),
    ],
    ids=str,
)
def test_a_rule_takes_the_requests_that_meet_all_its_conditions(
    condition: dict[str, Any], request_: dict[str, Any], matches: bool
) -> None:
    found = ask(shop(rules({**TO_API, **condition})), **request_)
    assert any(hop.component == "api" for hop in found.forward) is matches
    chosen = next(step for step in steps(found, "lb", "listener") if step.action == "forward")
    if not matches:
        assert chosen.lost[0].why
        assert chosen.decided_by is not None
        assert chosen.decided_by.text == "the default action"


@proves(
    "Listener rules are tried from the lowest priority number; the default action comes last.",
    area="Load balancers",
    source="ALB guide, 'Listener rules'",
)
def test_the_lowest_number_that_matches_decides() -> None:
    found = ask(
        shop(
            rules(
                {"priority": 20, "path": ["/*"], "fixed_response": {"status": 404}},
                {"priority": 10, "path": ["/*"], "forward": "api"},
            )
        )
    )
    assert found.status == 200
    chosen = next(step for step in steps(found, "lb", "listener") if step.action == "forward")
    assert chosen.decided_by is not None
    assert chosen.decided_by.path == ("listeners", 0, "rules", 1)
    assert any("lower number" in rule.why for rule in chosen.lost)


@proves(
    "A forward with weights shares the requests among its target groups.",
    area="Load balancers",
    source="ALB guide, 'Forward actions'",
)
def test_a_forward_with_weights_shares_the_requests() -> None:
    forward = [{"target_group": "web", "weight": 3}, {"target_group": "api", "weight": 1}]
    found = ask(shop(rules({"priority": 1, "path": ["/*"], "forward": forward})))
    shares: dict[str, float] = {}
    for path in found.paths:
        group = "api" if "api:" in path.label else "web"
        shares[group] = shares.get(group, 0) + path.weight
    assert shares == pytest.approx({"web": 0.75, "api": 0.25})


def test_a_forward_without_any_weight_is_not_guessed() -> None:
    """ELBv2 API, TargetGroupTuple: weights are 0 to 999; nothing is said of a sum of 0."""
    found = ask(shop(rules({"priority": 1, "path": ["/*"], "forward": [{"target_group": "web", "weight": 0}]})))
    assert (found.verdict, found.status) == (Verdict.UNKNOWN, None)
    assert "weights are all 0" in found.missing[0]


@pytest.mark.parametrize(("status", "verdict"), [(200, Verdict.REACHABLE), (403, Verdict.BLOCKED)])
def test_a_fixed_response_answers_by_itself(status: int, verdict: Verdict) -> None:
    found = ask(shop(rules({"priority": 1, "path": ["/*"], "fixed_response": {"status": status}})))
    assert (found.verdict, found.status) == (verdict, status)
    assert found.reaches("db") is Verdict.BLOCKED


def test_a_redirect_is_followed() -> None:
    found = ask(shop(), target="http://shop.example.com/cart?id=1")
    assert (found.verdict, found.status) == (Verdict.REACHABLE, 200)
    assert [step.after for step in steps(found, "lb", "listener") if step.code == "ELBV2_REDIRECT"] == [
        {"status": 301, "location": "https://shop.example.com/cart?id=1"}
    ]
    assert found.reaches("db") is Verdict.REACHABLE


@proves(
    "What a redirect does not name keeps its value.",
    area="Load balancers",
    source="ELBv2 API, RedirectActionConfig",
)
def test_a_redirect_that_names_no_port_keeps_it() -> None:
    """ELBv2 API, RedirectActionConfig: components that are not modified retain their original values."""
    change = put("lb", "listeners", 1, "redirect", {"protocol": "HTTPS"})
    found = ask(shop(change), target="http://shop.example.com/cart")
    redirect = next(step for step in steps(found, "lb", "listener") if step.code == "ELBV2_REDIRECT")
    assert redirect.after["location"] == "https://shop.example.com:80/cart"
    assert codes(found) == {("lb", "ELBV2_PROTOCOL_MISMATCH")}


def test_redirects_in_a_circle_end() -> None:
    back = put("lb", "listeners", 0, {"port": 443, "certificate": "cert", "redirect": {"protocol": "HTTP", "port": 80}})
    found = ask(shop(back))
    assert codes(found) == {("internet", "REDIRECT_LOOP")}


def _peered(target_type: str, target: Any) -> Any:
    """Return the change that registers what stands in a peered VPC, which is open to the balancer."""

    def change(components: Components) -> None:
        components["far-vpc"] = {"kind": "vpc", "cidr": "10.9.0.0/16"}
        components["px"] = {"kind": "vpc_peering_connection", "requester": "vpc", "accepter": "far-vpc"}
        rows = [{"to": "10.0.0.0/16", "via": "px"}]
        components["far-table"] = {"kind": "route_table", "vpc": "far-vpc", "routes": rows}
        subnet = {"kind": "subnet", "vpc": "far-vpc", "az": "c", "cidr": "10.9.0.0/24", "route_table": "far-table"}
        ingress = [{"port": 8080, "from": "10.0.0.0/16"}]
        components["far-subnet"] = subnet
        components["far-sg"] = {"kind": "security_group", "vpc": "far-vpc", "ingress": ingress}
        far = {"kind": "ec2", "subnet": "far-subnet", "security_groups": ["far-sg"], "private_ip": "10.9.0.10"}
        components["far"] = far
        components["public"]["routes"].append({"to": "10.9.0.0/16", "via": "px"})
        components["lb-sg"]["egress"] = [{"protocol": "all", "to": "0.0.0.0/0"}]
        components["web"] |= {"target_type": target_type, "targets": [target]}

    return change


@proves(
    "Instances are registered from the group's VPC, private addresses from anywhere that can be reached.",
    area="Load balancers",
    source="ELBv2 API, RegisterTargets",
)
@pytest.mark.parametrize(
    ("target_type", "target", "reached"),
    [
        ("ip", {"id": "10.9.0.10", "az": "all"}, True),
        ("ip", "10.9.0.10", True),
        ("instance", "far", False),
        ("ip", "9.9.9.9", False),
    ],
)
def test_what_aws_registers_in_a_target_group(target_type: str, target: Any, reached: bool) -> None:
    """ELBv2 API, RegisterTargets: instances of the group's VPC, private addresses wherever they are."""
    found = ask(shop(_peered(target_type, target)))
    assert (found.verdict is Verdict.REACHABLE) is reached
    assert codes(found) == (set() if reached else {("web", "TARGET_ADDRESS_RESTRICTION")})
    assert found.status == (200 if reached else 503)


@proves(
    "A listener forwards to target groups of the balancer's VPC only.",
    area="Load balancers",
    source="ELBv2 API, CreateListener",
)
def test_a_target_group_of_another_vpc_is_not_the_balancers() -> None:
    """ELBv2 API, CreateListener: InvalidConfigurationRequest."""

    def change(components: Components) -> None:
        _peered("instance", "far")(components)
        components["web"]["vpc"] = "far-vpc"

    assert codes(ask(shop(change))) == {("web", "TARGET_ADDRESS_RESTRICTION")}


@pytest.mark.parametrize(
    ("change", "target", "expected"),
    [
        (None, "https://shop.example.com:8443/", ("lb", "ELBV2_LISTENERS_MISMATCH")),
        (None, "http://shop.example.com:443/", ("lb", "ELBV2_PROTOCOL_MISMATCH")),
        (put("cert", "domain", "www.example.com"), URL, ("cert", "TLS_NAME_MISMATCH")),
        (put("cert", "state", "expired"), URL, ("cert", "TLS_CERTIFICATE_INVALID")),
        (put("cert", "region", "us-east-1"), URL, ("cert", "TLS_CERTIFICATE_INVALID")),
        (put("lb", "listeners", 0, "certificate", None), URL, ("lb", "TLS_NO_CERTIFICATE")),
        (put("lb", "state", "failed"), URL, ("lb", "BAD_STATE")),
        (put("web", "targets", []), URL, ("web", "ELBV2_LISTENER_HAS_NO_TG")),
    ],
    ids=lambda value: value[1] if isinstance(value, tuple) else None,
)
def test_what_a_balancer_refuses(change: Any, target: str, expected: tuple[str, str]) -> None:
    found = ask(shop(change), target=target)
    assert found.verdict is Verdict.BLOCKED
    assert expected in codes(found)


def test_a_further_certificate_is_chosen_by_name() -> None:
    def change(components: Components) -> None:
        components["cert"]["domain"] = "www.example.com"
        components["other"] = {"kind": "certificate", "domain": "*.example.com"}
        components["lb"]["listeners"][0]["certificates"] = ["other"]

    step = steps(ask(shop(change)), "lb", "tls")[0]
    assert step.decided_by is not None
    assert step.decided_by.component == "other"
    assert [rule.component for rule in step.lost] == ["cert"]


# -- targets and their health ------------------------------------------------------------------------


def _listens(name: str, *services: dict[str, Any]) -> Any:
    return put(name, "listens", list(services))


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (_listens("web-1", {"port": 9999}), "TARGET_HEALTH_CHECK_BLOCKED"),
        (_listens("web-1", {"port": 8080, "paths": {"/": 200}}), "TARGET_HEALTH_CHECK_FAILED"),
        (_listens("web-1", {"port": 8080, "paths": {"/": 200, "/healthz": 500}}), "TARGET_HEALTH_CHECK_FAILED"),
        (put("web-1", "state", "stopped"), "TARGET_HEALTH_CHECK_BLOCKED"),
        (put("web", "targets", 0, {"id": "web-1", "health": "unhealthy"}), "TARGET_UNHEALTHY"),
    ],
)
def test_an_unhealthy_target_gets_nothing(change: Any, code: str) -> None:
    found = ask(shop(change))
    assert found.verdict is Verdict.REACHABLE
    assert not any("web-1" in path.label for path in found.paths)
    assert ("web", code) in warned(found)


def test_a_matcher_says_which_statuses_are_healthy() -> None:
    def change(components: Components) -> None:
        components["web-1"]["listens"] = [{"port": 8080, "paths": {"/": 200, "/healthz": 302}}]
        components["web"]["health_check"]["matcher"] = "200-399"

    assert any("web-1" in path.label for path in ask(shop(change)).paths)


@proves(
    "With no healthy target an Application Load Balancer sends to all of them.",
    area="Load balancers",
    source="ALB guide, 'Target group health'",
)
def test_with_no_healthy_target_the_balancer_fails_open() -> None:
    def change(components: Components) -> None:
        for name in ("web-1", "web-2"):
            components[name]["state"] = "stopped"

    found = ask(shop(change))
    assert found.verdict is Verdict.BLOCKED
    assert ("web", "ELBV2_FAIL_OPEN") in warned(found)
    assert {("web-1", "BAD_STATE"), ("web-2", "BAD_STATE")} <= codes(found)


@proves(
    "The client gets 502, 503 or 504 by what became of the target.",
    area="Load balancers",
    source="ALB guide, 'Troubleshoot your Application Load Balancers'",
)
@pytest.mark.parametrize(
    ("change", "status"),
    [
        (put("web", "targets", []), 503),
        (lambda c: [c[name].update(listens=[{"port": 1}]) for name in ("web-1", "web-2")], 502),
        (put("web-sg", "ingress", []), 504),
        (put("db-sg", "ingress", []), 500),
        (lambda c: [c[n].update(listens=[{"port": 8080, "paths": {"/": 404}}]) for n in ("web-1", "web-2")], 404),
        (put("lb-sg", "ingress", []), None),
    ],
    ids=["no target", "refused", "dropped", "dependency", "not found", "no connection"],
)
def test_the_status_the_client_gets(change: Any, status: int | None) -> None:
    found = ask(shop(change))
    assert found.verdict is Verdict.BLOCKED
    assert found.status == status


@proves(
    "Where the target cannot be connected to in time the client gets 504.",
    area="Load balancers",
    source="ALB guide, 'HTTP 504: Gateway timeout'",
)
def test_behind_a_broken_link_nobody_answers() -> None:
    """ALB guide, 'HTTP 504: Gateway timeout': the connection to the target is not made in time."""
    found = ask(shop(), down=("link:lb->web",))
    assert (codes(found), found.status) == ({("lb", "LINK_DOWN")}, 504)


def test_before_the_health_check_has_noticed_half_of_the_requests_fail() -> None:
    down = frozenset({"web-1"})
    early = ask(shop(), condition=Condition(down=down, time=0.0))
    assert early.verdict is Verdict.BLOCKED
    assert early.share == 0.5
    assert "blocked for 2 of 4 requests" in early.sentence.lower()
    late = ask(shop(), condition=Condition(down=down, time=60.0, recovered=frozenset({"alb.target:web"})))
    assert (late.verdict, late.share) == (Verdict.REACHABLE, 1.0)
    rest = ask(shop(), condition=Condition(down=down))
    assert (rest.verdict, rest.share) == (Verdict.REACHABLE, 1.0)


def test_without_cross_zone_a_node_keeps_to_its_zone() -> None:
    found = ask(shop(put("lb", "cross_zone", False)))
    assert len(found.paths) == 2
    for path in found.paths:
        met = {hop.component for hop in path.forward}
        assert ("web-1" in met) == ("public-a" in met)
        assert ("web-2" in met) == ("public-b" in met)


def test_without_cross_zone_a_node_without_healthy_targets_leaves_the_name() -> None:
    def change(components: Components) -> None:
        components["lb"]["cross_zone"] = False
        components["web-2"]["state"] = "stopped"

    found = ask(shop(change))
    assert (found.verdict, len(found.paths)) == (Verdict.REACHABLE, 1)


def test_a_target_in_a_zone_that_is_not_enabled_gets_nothing() -> None:
    found = ask(shop(put("lb", "subnets", ["public-a"])))
    assert not any("web-2" in path.label for path in found.paths)
    assert found.verdict is Verdict.REACHABLE


def test_an_auto_scaling_group_registers_its_instances() -> None:
    def change(components: Components) -> None:
        for name in ("web-1", "web-2"):
            del components[name]
        components["web"]["targets"] = []
        components["template"] = {"kind": "launch_template", "security_groups": ["web-sg"], "listens": [{"port": 8080}]}
        components["asg"] = {
            "kind": "asg", "subnets": ["app-a", "app-b"], "min": 2, "max": 4, "launch_template": "template",
            "target_groups": ["web"],
        }  # fmt: skip

    found = ask(shop(change, links=[{"from": "asg", "to": "db"}]))
    assert found.reaches("db") is Verdict.REACHABLE
    assert len(found.paths) == 4
    lost = ask(shop(change, links=[{"from": "asg", "to": "db"}]), down=("az:eu-west-1a",))
    assert lost.reaches("db") is Verdict.REACHABLE


def test_a_registered_address_is_a_target() -> None:
    def change(components: Components) -> None:
        components["web-1"]["private_ip"] = "10.0.10.77"
        components["web"].update(target_type="ip", targets=["10.0.10.77"])

    assert ask(shop(change)).reaches("web-1") is Verdict.REACHABLE


# -- small functions ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("names", "host", "expected"),
    [
        (["*.example.com"], "shop.example.com", True),
        (["*.example.com"], "example.com", False),
        (["*.example.com"], "a.b.example.com", False),
        (["example.com", "www.example.com"], "WWW.example.com", True),
    ],
)
def test_a_wildcard_covers_one_label(names: list[str], host: str, expected: bool) -> None:
    assert covers(names, host) is expected


@pytest.mark.parametrize(
    ("matcher", "status", "expected"),
    [("200", 200, True), ("200", 201, False), ("200-299", 204, True), ("200,301", 301, True), ("200, 302", 302, True)],
)
def test_matchers(matcher: str, status: int, expected: bool) -> None:
    assert status_matches(matcher, status) is expected


def test_a_pattern_is_no_regular_expression() -> None:
    assert like("/a.c", "/a.c")
    assert not like("/a.c", "/abc")
    assert like("/a*", "/a\n")


def test_what_is_dropped_before_it_can_be_refused_times_out() -> None:
    """Nothing listens on 9090 either, but the balancer never gets so far as to be refused."""
    found = ask(shop(put("web", "port", 9090)))
    assert {code for _, code in codes(found)} == {"ENI_SG_RULES_MISMATCH", "CONNECTION_REFUSED"}
    assert found.status == 504


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (None, ["web-1 answers HTTP 200.", "lb passes on HTTP 200."]),
        (put("db-sg", "ingress", []), ["web-1 answers HTTP 500.", "lb passes on HTTP 500."]),
        (put("web-sg", "ingress", []), ["lb answers HTTP 504."]),
        (put("web", "targets", []), ["lb answers HTTP 503."]),
    ],
)
def test_the_answers_stand_on_the_way_back(change: Any, said: list[str]) -> None:
    found = ask(shop(change))
    assert [s.message for hop in found.back for s in hop.steps if "HTTP" in s.message] == said


@proves(
    "Each node of a balancer sends with its own address.",
    area="Balancers",
    source="ELB guide, 'How Elastic Load Balancing works' (a node in each enabled zone)",
)
def test_every_node_of_a_balancer_may_be_the_sender() -> None:
    """Elastic Load Balancing guide, 'How Elastic Load Balancing works'."""
    found = ask(shop(), "lb", "web-1", protocol="tcp", port=80)
    ways = found.root.calls[0].ways
    assert len(ways) == 2
    assert {way.weight for way in ways} == {0.5}
    assert len({way.label for way in ways}) == 2


def test_nodes_in_lost_zones_send_nothing_and_packet_and_request_agree() -> None:
    world = shop()
    for down in ((), ("az:eu-west-1b",), ("az:eu-west-1a", "az:eu-west-1b")):
        condition = condition_for(world, down)
        told = ask(world, "lb", "web-1", condition=condition, protocol="tcp", port=80)
        packet = decide(world, Flow("lb", "web-1", "tcp", 80), condition)
        assert told.verdict is packet.verdict, down
