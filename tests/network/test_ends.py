"""Hosts, balancers, databases, outsiders, and what fails."""

from __future__ import annotations

from dataclasses import replace

import pytest

from archtui.model.component import Json
from archtui.network.engine import addresses_of, decide, trace_packet
from archtui.network.flow import Flow
from archtui.trace.request import Request
from archtui.trace.walker import trace as request
from archtui.world.condition import Condition, condition_for
from archtui.world.steps import Action, Verdict
from tests.network.designs import Parts, ask, codes, two_subnets, world
from tests.proves import proves

_THIRD: dict[str, Json] = {"kind": "subnet", "vpc": "v", "cidr": "10.0.2.0/24", "az": "c"}


def _host(address: str, subnet: str = "sb", group: str = "sg") -> dict[str, Json]:
    return {"kind": "ec2", "subnet": subnet, "private_ip": address, "security_groups": [group]}


# -- hosts ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", ["stopped", "terminated", "pending"])
def test_only_a_running_instance_answers(state: str) -> None:
    assert codes(ask(two_subnets(b={"state": state}), "a", "b")) == {("b", "BAD_STATE")}


@proves(
    "Two interfaces of one instance talk without the network.",
    area="Addresses",
    source="measured: aws_instance_multiple_interface",
)
def test_two_interfaces_of_one_host_talk_over_loopback() -> None:
    """Measured (aws_instance_multiple_interface)."""
    closed = {"kind": "security_group", "vpc": "v", "egress": []}
    parts = two_subnets(
        shut=closed,
        e1={"kind": "network_interface", "subnet": "sa", "private_ips": ["10.0.0.50"], "security_groups": ["shut"]},
        e2={"kind": "network_interface", "subnet": "sb", "private_ips": ["10.0.1.50"], "security_groups": ["shut"]},
        h={"kind": "ec2", "network_interfaces": ["e1", "e2"]},
    )
    assert ask(parts, "10.0.0.50", "10.0.1.50").verdict is Verdict.REACHABLE
    assert ask(parts, "a", "10.0.1.50").verdict is Verdict.BLOCKED
    assert addresses_of(world(parts), "h")[0] == ("10.0.0.50", "10.0.1.50")


@proves(
    "An interface that is attached to nothing answers nobody.",
    area="Addresses",
    source="measured: 4.7 % of the answers change without it",
)
def test_an_unattached_interface_answers_nobody() -> None:
    """Measured: treating every interface as a host makes 4.7 % of the answers wrong."""
    parts = two_subnets(e={"kind": "network_interface", "subnet": "sb", "security_groups": ["sg"]})
    assert codes(ask(parts, "a", "e")) == {("e", "UNASSOCIATED_COMPONENT")}


@pytest.mark.parametrize(
    ("more", "verdict"),
    [
        ({"interface_type": "lambda"}, Verdict.BLOCKED),
        ({"interface_type": "transit_gateway"}, Verdict.BLOCKED),
        ({"owner": "ElastiCache cache-1", "status": "in-use"}, Verdict.UNKNOWN),
        ({"owner": "spare", "status": "available"}, Verdict.BLOCKED),
    ],
)
def test_interfaces_of_services_outside_the_design(more: dict[str, Json], verdict: Verdict) -> None:
    eni: dict[str, Json] = {"kind": "network_interface", "subnet": "sb", "security_groups": ["sg"], **more}
    assert ask(two_subnets(e=eni), "a", "e").verdict is verdict


def test_what_is_no_end_of_a_flow_is_unknown() -> None:
    for name in ("igw", "nobody-here"):
        trace = ask(two_subnets(), "a", name)
        assert trace.verdict is Verdict.UNKNOWN
        assert name in trace.missing[0]


def test_an_elastic_ip_stands_for_one_of_several_addresses() -> None:
    parts = two_subnets(
        e={
            "kind": "network_interface",
            "subnet": "sa",
            "private_ips": ["10.0.0.60", "10.0.0.61"],
            "security_groups": ["sg"],
        },
        h={"kind": "ec2", "network_interfaces": ["e"]},
        second={
            "kind": "elastic_ip",
            "address": "198.51.100.61",
            "attached_to": "e",
            "private_ip": "10.0.0.61",
        },
    )
    assert ask(parts, "internet", "198.51.100.61").destination_address == "10.0.0.61"
    assert ask(parts, "10.0.0.61", "9.9.9.9").source_address == "198.51.100.61"
    assert codes(ask(parts, "10.0.0.60", "9.9.9.9")) == {("h", "IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS")}


def test_an_interface_may_carry_several_public_addresses() -> None:
    eni: dict[str, Json] = {
        "kind": "network_interface",
        "subnet": "sa",
        "private_ips": ["10.0.0.60", "10.0.0.61"],
        "public_ip": "198.51.100.60",
        "public_ips": {"10.0.0.61": "198.51.100.61"},
        "security_groups": ["sg"],
    }
    parts = two_subnets(e=eni, h={"kind": "ec2", "network_interfaces": ["e"]})
    assert ask(parts, "internet", "198.51.100.60").destination_address == "10.0.0.60"
    assert ask(parts, "internet", "198.51.100.61").destination_address == "10.0.0.61"


def test_a_client_has_an_address_of_its_own() -> None:
    parts = two_subnets(
        me={"kind": "client", "address": "203.0.113.77"},
        mine={"kind": "security_group", "vpc": "v", "ingress": [{"port": 443, "from": "203.0.113.77/32"}]},
        a={"security_groups": ["mine"]},
    )
    assert ask(parts, "me", "a").verdict is Verdict.REACHABLE
    assert ask(parts, "internet", "a").verdict is Verdict.BLOCKED


@proves(
    "DNS, instance metadata and time of the host are seen by no filter.",
    area="Security groups",
    source="Route 53 Developer Guide, 'Amazon DNS server'; VPC User Guide, 'Network ACLs'",
)
@pytest.mark.parametrize(
    ("address", "protocol", "port", "verdict"),
    [
        ("10.0.0.2", "udp", 53, Verdict.REACHABLE),
        ("169.254.169.253", "tcp", 53, Verdict.REACHABLE),
        ("169.254.169.254", "tcp", 80, Verdict.REACHABLE),
        ("169.254.169.123", "udp", 123, Verdict.REACHABLE),
        ("169.254.169.254", "icmp", None, Verdict.UNKNOWN),
        ("169.254.1.1", "tcp", 80, Verdict.BLOCKED),
    ],
)
def test_what_the_own_host_answers_no_filter_sees(
    address: str, protocol: str, port: int | None, verdict: Verdict
) -> None:
    """Route 53 Developer Guide, 'Amazon DNS server'; VPC User Guide, 'Network ACLs'."""
    parts = two_subnets(mute={"kind": "security_group", "vpc": "v", "egress": []}, b={"security_groups": ["mute"]})
    assert ask(parts, "b", address, protocol, port).verdict is verdict


@proves(
    "Without DNS support the VPC's resolver answers nobody.",
    area="DNS",
    source="VPC User Guide, 'DNS attributes for your VPC'",
)
def test_without_dns_support_nobody_resolves() -> None:
    assert codes(ask(two_subnets(v={"dns_support": False}), "b", "10.0.0.2", "udp", 53)) == {
        ("v", "NO_POSSIBLE_DESTINATION")
    }


# -- database, ALB --------------------------------------------------------------------------------


def _database(**more: Json) -> Parts:
    return two_subnets(
        db={
            "kind": "rds",
            "engine": "postgres",
            "subnets": ["sa", "sb"],
            "security_groups": ["sg"],
            "multi_az": True,
            **more,
        }
    )


def test_a_database_answers_on_its_port_and_no_ping() -> None:
    assert ask(_database(), "b", "db", "tcp", 5432).verdict is Verdict.REACHABLE
    assert codes(ask(_database(), "b", "db", "tcp", 3306)) == {("db", "PROTOCOL_RESTRICTION")}
    assert codes(ask(_database(), "b", "db", "icmp")) == {("db", "PROTOCOL_RESTRICTION")}


def test_the_standby_serves_after_the_failover() -> None:
    lost = Condition(zones=frozenset({"eu-west-1a"}), time=0.0)
    compiled = world(_database())
    assert codes(ask(compiled, "b", "db", "tcp", 5432, lost)) == {("db", "BAD_STATE")}
    recovered = replace(lost, time=90.0, recovered=frozenset({"rds.multi_az_instance:db"}))
    for condition in (recovered, replace(lost, time=None)):
        after = ask(compiled, "b", "db", "tcp", 5432, condition)
        assert (after.verdict, after.destination_address) == (Verdict.REACHABLE, "10.0.1.4")
        assert after.branches == ()


@pytest.mark.parametrize("down", [("db",), ("az:eu-west-1a",), ("sa",), ("az:eu-west-1a", "az:eu-west-1b"), ("sb",)])
@pytest.mark.parametrize("time", [None, 0.0])
def test_packet_and_request_find_the_same_half_of_a_database(down: tuple[str, ...], time: float | None) -> None:
    client: dict[str, Json] = {"kind": "ec2", "subnet": "sc", "security_groups": ["sg"]}
    compiled = world({**_database(), "c": client, "sc": _THIRD})
    condition = replace(condition_for(compiled, down), time=time)
    found = decide(compiled, Flow("c", "db", "tcp", 5432), condition)
    told = request(compiled, Request.make("c", "db", protocol="tcp", port=5432), condition)
    assert found.verdict is told.verdict
    moved = time is None and len(down) == 1 and down != ("sb",)
    assert (found.verdict is Verdict.REACHABLE) == (moved or down == ("sb",))


def test_no_standby_serves_where_the_whole_service_is_down() -> None:
    compiled = world(_database())
    down = condition_for(compiled, ("service:rds",))
    assert codes(ask(compiled, "b", "db", "tcp", 5432, down)) == {("db", "BAD_STATE")}


def test_an_application_balancer_answers_on_its_listeners() -> None:
    parts = two_subnets(
        web={"kind": "target_group", "vpc": "v", "targets": ["b"]},
        lb={"kind": "alb", "subnets": ["sa"], "security_groups": ["sg"], "listeners": [{"port": 80, "forward": "web"}]},
    )
    assert ask(parts, "internet", "lb", "tcp", 80).verdict is Verdict.REACHABLE
    assert codes(ask(parts, "internet", "lb", "tcp", 81)) == {("lb", "ELBV2_LISTENERS_MISMATCH")}
    assert ask(parts, "lb", "b", "tcp", 80).source_address == addresses_of(world(parts), "lb")[0][0]


# -- Network Load Balancer ------------------------------------------------------------------------


def _balanced(group: dict[str, Json] | None = None, **balancer: Json) -> Parts:
    return two_subnets(
        c=_host("10.0.1.30"),
        tg={
            "kind": "target_group",
            "vpc": "v",
            "port": 80,
            "protocol": "TCP",
            "targets": ["b"],
            **(group or {}),
        },
        nlb={
            "kind": "network_load_balancer",
            "scheme": "internal",
            "subnets": ["sb"],
            "listeners": [{"port": 80, "forward": "tg"}],
            **balancer,
        },
    )


@proves(
    "Instance targets see the client's address, IP targets over TCP the balancer's.",
    area="Load balancers",
    source="measured: aws_nlb_targets_instance, aws_nlb_targets_ip",
)
def test_instance_targets_see_the_client_and_ip_targets_the_balancer() -> None:
    """Measured (aws_nlb_targets_instance, aws_nlb_targets_ip)."""
    kept = ask(_balanced(), "a", "nlb", "tcp", 80)
    assert (kept.verdict, kept.source_address, kept.delivered) == (Verdict.REACHABLE, "10.0.0.10", "b")
    by_ip = _balanced({"target_type": "ip", "targets": ["10.0.1.10"]})
    lent = ask(by_ip, "a", "nlb", "tcp", 80)
    assert (lent.verdict, lent.source_address) == (Verdict.REACHABLE, addresses_of(world(by_ip), "nlb")[0][0])


@proves(
    "The target's security group must admit the address that the target sees.",
    area="Load balancers",
    source="NLB guide, 'Target security groups'",
)
def test_the_targets_group_must_admit_whom_the_target_sees() -> None:
    """NLB guide, 'Target security groups': the client's address, not the client's group."""
    parts = _balanced()
    parts["sg2"] = {"kind": "security_group", "vpc": "v", "ingress": [{"port": 80, "from": "sg"}]}
    parts["b"] = {**parts["b"], "security_groups": ["sg2"]}
    assert codes(ask(parts, "a", "nlb", "tcp", 80)) == {("sg2", "SG_REFERENCES_NOT_PRESERVED")}
    parts["sg2"]["ingress"] = [{"port": 80, "from": "10.0.0.10/32"}]
    assert ask(parts, "a", "nlb", "tcp", 80).verdict is Verdict.REACHABLE


@proves(
    "A target that asks itself through a balancer that keeps its address gets no answer.",
    area="Load balancers",
    source="measured: aws_nlb_targets_instance; NLB guide, 'Troubleshoot'",
)
def test_a_target_that_is_its_own_client_gets_nothing_back() -> None:
    """Measured: dropped when the client's address is kept, fine when it is not."""
    assert codes(ask(_balanced(), "b", "nlb", "tcp", 80)) == {("tg", "ELBV2_SOURCE_ADDRESS_PRESERVATION")}
    by_ip = _balanced({"target_type": "ip", "targets": ["10.0.1.10"]})
    assert ask(by_ip, "b", "nlb", "tcp", 80).verdict is Verdict.REACHABLE


@pytest.mark.parametrize(("protocol", "port"), [("tcp", 81), ("udp", 80), ("icmp", None)])
def test_a_network_balancer_answers_on_its_listeners_alone(protocol: str, port: int | None) -> None:
    assert codes(ask(_balanced(), "a", "nlb", protocol, port)) == {("nlb", "ELBV2_LISTENERS_MISMATCH")}


@proves(
    "A Network Load Balancer's node keeps to targets of its zone unless cross-zone is on.",
    area="Load balancers",
    source="NLB guide, 'Cross-zone load balancing'; measured: aws_nlb_multi_az",
)
@pytest.mark.parametrize(("cross_zone", "verdict"), [(False, Verdict.BLOCKED), (True, Verdict.REACHABLE)])
def test_cross_zone(cross_zone: bool, verdict: Verdict) -> None:
    """NLB guide, 'Cross-zone load balancing': off by default; measured (aws_nlb_multi_az)."""
    parts = _balanced({"targets": ["x"]}, subnets=["sb", "sx"], cross_zone=cross_zone)
    parts["sx"] = {"kind": "subnet", "vpc": "v", "az": "c", "cidr": "10.0.2.0/24"}
    parts["x"] = _host("10.0.2.10", "sx")
    node = addresses_of(world(parts), "nlb")[0][0]
    trace = ask(parts, "a", node, "tcp", 80)
    assert trace.verdict is verdict
    assert codes(trace) == (set() if cross_zone else {("nlb", "ELB_NOT_CROSSZONE")})


@proves(
    "Without a healthy target a balancer sends to all of them.",
    area="Load balancers",
    source="NLB guide, 'Target group health'",
)
def test_without_a_healthy_target_all_are_used() -> None:
    """NLB guide, 'Target group health': fail-open."""
    sick: list[Json] = [{"id": "b", "health": "unhealthy"}]
    assert ask(_balanced({"targets": sick}), "a", "nlb", "tcp", 80).verdict is Verdict.REACHABLE
    mixed: list[Json] = [*sick, {"id": "c", "health": "healthy"}]
    trace = ask(_balanced({"targets": mixed}), "a", "nlb", "tcp", 80)
    assert (trace.verdict, trace.delivered, trace.branches) == (Verdict.REACHABLE, "c", ())


def test_no_target_at_all() -> None:
    assert codes(ask(_balanced({"targets": []}), "a", "nlb", "tcp", 80)) == {("tg", "ELBV2_LISTENER_HAS_NO_TG")}


def test_which_target_is_taken_is_not_guessed() -> None:
    parts = _balanced({"targets": ["b", "c"]})
    parts["shut"] = {"kind": "security_group", "vpc": "v"}
    parts["c"] = {**parts["c"], "security_groups": ["shut"]}
    trace = ask(parts, "a", "nlb", "tcp", 80)
    assert trace.verdict is Verdict.UNKNOWN
    assert {(branch.choice, str(branch.verdict)) for branch in trace.branches} == {
        ("b:80", "reachable"),
        ("c:80", "blocked"),
    }


# -- conditions -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("down", "source", "destination", "blockers"),
    [
        (("b",), "a", "b", {("b", "BAD_STATE")}),
        (("igw",), "internet", "a", {("igw", "BAD_STATE")}),
        (("nat",), "b", "9.9.9.9", {("nat", "BAD_STATE")}),
        (("az:eu-west-1a",), "b", "9.9.9.9", {("nat", "BAD_STATE")}),
        (("az:eu-west-1b",), "a", "b", {("b", "BAD_STATE")}),
        (("link:pub->igw",), "a", "9.9.9.9", {("pub", "BAD_STATE_ROUTE")}),
        ((), "a", "b", set()),
    ],
)
def test_a_condition_is_honoured(
    down: tuple[str, ...], source: str, destination: str, blockers: set[tuple[str, str]]
) -> None:
    compiled = world(two_subnets())
    trace = ask(compiled, source, destination, condition=condition_for(compiled, down))
    assert codes(trace) == blockers


@proves(
    "Disrupted connectivity stops traffic to and from the target.",
    area="Failover",
    source="AWS FIS, 'aws:network:disrupt-connectivity'",
)
def test_a_broken_link_blocks_both_directions_and_nothing_else() -> None:
    """AWS FIS, 'aws:network:disrupt-connectivity': traffic to and from the target is denied."""
    compiled = world(two_subnets())
    for pair in (("a", "b"), ("internet", "a")):
        cut = Condition(links=frozenset({pair}))
        assert codes(ask(compiled, *pair, condition=cut)) == {(pair[1], "BAD_STATE_ATTACHMENT")}
        assert codes(ask(compiled, *reversed(pair), condition=cut)) == {(pair[0], "BAD_STATE_ATTACHMENT")}
        assert ask(compiled, "b", "9.9.9.9", condition=cut).verdict is Verdict.REACHABLE


# -- the record -----------------------------------------------------------------------------------


def test_a_trace_starts_at_the_source_and_ends_with_the_reply() -> None:
    trace = trace_packet(world(two_subnets()), Flow("b", "9.9.9.9", "tcp", 443))
    assert trace.forward[0].steps[0].action is Action.ORIGINATE
    assert trace.forward[0].component == "b"
    assert [hop.component for hop in trace.forward] == ["b", "sb", "sa", "nat", "sa", "igw", "internet"]
    assert trace.back[-1].component == "b"
    changed = [step for hop in trace.forward for step in hop.steps if step.before != step.after]
    assert [step.after["source"] for step in changed] == ["10.0.0.4", "198.51.100.7"]
    route = next(step for hop in trace.forward for step in hop.steps if step.layer == "route")
    assert route.decided_by is not None
    assert (route.decided_by.component, route.decided_by.path) == ("priv", ("routes", 0))
