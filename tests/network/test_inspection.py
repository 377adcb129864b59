"""Firewalls, appliances, endpoints and edges: the ways of deciding agree, zones and states count."""

from __future__ import annotations

import random

import pytest

from archtui.formats.yaml_text import read_yaml
from archtui.model.blueprint import Blueprint
from archtui.network.batch import decide_many
from archtui.network.engine import decide, trace_packet
from archtui.network.flow import Flow
from archtui.network.reach import Reachability
from archtui.services import registry
from archtui.world.compiler import compile_world
from archtui.world.condition import HEALTHY, condition_for
from archtui.world.steps import Verdict
from archtui.world.world import World
from tests.benchmarks.reach_agreement import Counts, compare, flows_of
from tests.network.codes import cases_middle as m
from tests.network.codes.case import edited
from tests.proves import proves

_DESIGNS = tuple(dict.fromkeys(design for case in m.CASES for design in (case.design, case.twin)))


def _world(design: str) -> World:
    return compile_world(Blueprint.build(read_yaml(design), registry()))


@pytest.mark.parametrize("number", range(len(_DESIGNS)))
def test_reach_and_many_flows_say_what_decide_says(number: int) -> None:
    compiled = _world(_DESIGNS[number])
    for condition in (HEALTHY, condition_for(compiled, ("az:eu-west-1a",))):
        counts = Counts()
        rng = random.Random(number)
        compare(counts, compiled, rng, 120, condition, str(number))
        assert not counts.differences, counts.differences[0]
        asked = list(flows_of(Reachability(compiled, condition), rng, 60))
        assert list(decide_many(compiled, asked, condition)) == [decide(compiled, flow, condition) for flow in asked]


@proves(
    "With appliance mode both directions of a connection use one zone, whichever the flow's hash chooses.",
    area="Inspection",
    source="Transit Gateway guide, 'Appliance in a shared services VPC'",
)
def test_appliance_mode_keeps_a_connection_in_one_zone() -> None:
    trace = trace_packet(_world(m.CENTRAL), Flow("a", "b", "tcp", 443))
    assert trace.verdict is Verdict.REACHABLE
    assert {branch.choice for branch in trace.branches} == {"ati in ta", "ati in tb"}
    for branch in trace.branches:
        used = {hop.component for hop in (*branch.forward, *branch.back) if hop.component.startswith("fw:")}
        assert len(used) == 1


@proves(
    "When a zone is lost, a zone's route to its firewall endpoint leads nowhere: nothing stands in for an endpoint.",
    area="Inspection",
    source="Network Firewall guide, 'Multi zone architecture with an internet gateway'",
)
def test_an_endpoint_is_lost_with_its_zone() -> None:
    compiled = _world(m.INSPECTED)
    lost = decide(compiled, Flow("internet", "a", "tcp", 443), condition_for(compiled, ("sf",)))
    assert lost.verdict is Verdict.BLOCKED
    assert ("fw:sf", "BAD_STATE") in {(blocker.component, blocker.code) for blocker in lost.blockers}


@proves(
    "A Gateway Load Balancer sends to healthy appliances alone, and to all where none is healthy.",
    area="Inspection",
    source="Gateway Load Balancer guide, 'Health checks for target groups'",
)
@pytest.mark.parametrize(
    ("targets", "chosen"),
    [
        ("[{id: box1, health: unhealthy}, box2]", {"box2"}),
        ("[{id: box1, health: unhealthy}, {id: box2, health: unhealthy}]", {"box1", "box2"}),
    ],
)
def test_unhealthy_appliances_are_passed_over(targets: str, chosen: set[str]) -> None:
    compiled = _world(edited(m.FLEET, "targets: [box1, box2]", f"targets: {targets}"))
    trace = trace_packet(compiled, Flow("internet", "a", "tcp", 443))
    assert trace.verdict is Verdict.REACHABLE
    ways = trace.branches or (trace,)
    tunnelled = [step.message for way in ways for hop in way.forward for step in hop.steps if "GENEVE" in step.message]
    assert {name for name in ("box1", "box2") if any(f"to {name} " in text for text in tunnelled)} == chosen


@proves(
    "A flow log records ACCEPT or REJECT for each interface and direction, by security group and network ACL.",
    area="Flow logs",
    source="VPC User Guide, 'Logging IP traffic using VPC Flow Logs'",
)
@pytest.mark.parametrize(
    ("traffic", "port", "records"),
    [
        ("ALL", 443, ["ACCEPT", "ACCEPT"]),
        ("REJECT", 443, []),
        ("ALL", 22, ["REJECT", "ACCEPT"]),
        ("REJECT", 22, ["REJECT"]),
    ],
)
def test_flow_logs_note_what_filters_decide(traffic: str, port: int, records: list[str]) -> None:
    design = edited(m.INSPECTED, "ingress: [{protocol: all, from: any}]", "ingress: [{port: 443, from: any}]")
    design += f"  log: {{kind: flow_logs, resource: v, traffic: {traffic}}}\n"
    trace = trace_packet(_world(design), Flow("internet", "a", "tcp", port))
    found = [
        step.message.split()[2].rstrip(":")
        for hop in (*trace.forward, *trace.back)
        for step in hop.steps
        if step.layer == "flow_log"
    ]
    assert found == records


@proves(
    "A domain list decides by the host name that is asked for, which a packet's header does not show.",
    area="Inspection",
    source="Network Firewall guide, 'Stateful domain list rule groups'",
)
def test_domain_lists_leave_tcp_open_and_nothing_else() -> None:
    listed = edited(
        m.INSPECTED,
        "rules: [{action: pass, protocol: tcp, port: 443}, {action: pass, protocol: tcp, port: 23}]",
        "domains: [.example.com]",
    )
    compiled = _world(listed)
    web = decide(compiled, Flow("internet", "a", "tcp", 443))
    assert web.verdict is Verdict.UNKNOWN
    assert "example.com" in web.missing[0]
    assert decide(compiled, Flow("internet", "a", "udp", 53)).code == "FIREWALL_RULES_RESTRICTION"


@proves(
    "A firewall that does not see the replies of a TCP connection is not supported: whether it works is not known.",
    area="Inspection",
    source="Network Firewall guide, 'Considerations for asymmetric routing'",
)
@pytest.mark.parametrize(("protocol", "verdict"), [("tcp", Verdict.UNKNOWN), ("udp", Verdict.REACHABLE)])
def test_replies_that_bypass_the_firewall_leave_a_connection_open(protocol: str, verdict: Verdict) -> None:
    compiled, flow = _world(ONE_WAY), Flow("a", "b", protocol, 443)
    found = trace_packet(compiled, flow)
    assert found.verdict is verdict
    assert decide(compiled, flow).verdict is verdict
    assert next(iter(decide_many(compiled, [flow]))).verdict is verdict
    if verdict is Verdict.UNKNOWN:
        assert found.missing == ("what fw does with a connection of which it does not see the replies",)
    counts = Counts()
    compare(counts, compiled, random.Random(7), 120, HEALTHY, "one way")
    assert not counts.differences, counts.differences[0]


ONE_WAY = """\
blueprint: A firewall between two subnets that one of them passes by
version: 1
region: eu-west-1
components:
  v:  {kind: vpc, cidr: 10.0.0.0/16}
  there: {kind: route_table, vpc: v, routes: [{to: 10.0.2.0/24, via: fw}]}
  sf: {kind: subnet, vpc: v, az: a, cidr: 10.0.0.0/24}
  sa: {kind: subnet, vpc: v, az: a, cidr: 10.0.1.0/24, route_table: there}
  sb: {kind: subnet, vpc: v, az: a, cidr: 10.0.2.0/24}
  fw: {kind: network_firewall, vpc: v, subnets: [sf]}
  sg: {kind: security_group, vpc: v, ingress: [{protocol: all, from: any}]}
  a:  {kind: ec2_instance, subnet: sa, security_groups: [sg]}
  b:  {kind: ec2_instance, subnet: sb, security_groups: [sg]}
"""
