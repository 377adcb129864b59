"""Invariants over rich random networks (``tests/rich_networks.py``): several VPCs, gateways of every kind, overlaps."""

from __future__ import annotations

import random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archtui.model.component import Json
from archtui.network.batch import decide_many
from archtui.network.engine import decide, trace_packet
from archtui.network.flow import Flow
from archtui.network.reach import Reachability
from archtui.world.steps import Verdict
from archtui.world.world import World
from tests.network.designs import Parts, world
from tests.network.test_properties import RANK
from tests.rich_networks import REGIONS, Rich, flows, rich

seeds = st.integers(0, 1_000_000)
relaxed = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def _asked(made: Rich, count: int = 25) -> list[Flow]:
    return [Flow(item.source, item.destination, item.protocol, item.port) for item in flows(made, count)]


def _verdicts(compiled: World, asked: list[Flow]) -> list[Verdict]:
    return [decide(compiled, flow).verdict for flow in asked]


@relaxed
@given(seeds)
def test_alone_among_others_traced_and_by_reach_it_is_the_same(seed: int) -> None:
    made = rich(seed)
    compiled, asked = world(made.parts, REGIONS[0]), _asked(made)
    ends = {item for flow in asked for item in (flow.source, flow.destination)} - {"internet"}
    reachability = Reachability(compiled, ends=sorted(ends))
    for flow, among in zip(asked, decide_many(compiled, asked), strict=True):
        alone, trace = decide(compiled, flow), trace_packet(compiled, flow)
        assert alone == among
        assert trace.verdict is alone.verdict
        explained = dict.fromkeys((blocker.component, blocker.code) for blocker in trace.blockers)
        assert list(explained) == [(blocker.component, blocker.code) for blocker in alone.blockers]
        if flow.source != flow.destination:
            assert reachability.verdict(flow.source, flow.destination, flow.protocol, flow.port) is alone.verdict


@relaxed
@given(seeds, st.randoms(use_true_random=False))
def test_renaming_and_reordering_change_nothing(seed: int, rng: random.Random) -> None:
    made = rich(seed)
    names = list(made.parts)
    rng.shuffle(names)
    renamed = {name: f"n{index}" for index, name in enumerate(names)}

    def new(value: Json) -> Json:
        if isinstance(value, str):
            return renamed.get(value, value)
        if isinstance(value, list):
            return [new(item) for item in value]
        if isinstance(value, dict):
            return {key: new(item) if key != "kind" else item for key, item in value.items()}
        return value

    parts: Parts = {}
    for name in names:
        body = new(made.parts[name])
        assert isinstance(body, dict)
        parts[renamed[name]] = body
    asked = _asked(made)
    again = [Flow(renamed.get(f.source, f.source), f.destination, f.protocol, f.port) for f in asked]
    assert _verdicts(world(made.parts, REGIONS[0]), asked) == _verdicts(world(parts, REGIONS[0]), again)


@relaxed
@given(seeds, st.randoms(use_true_random=False))
def test_a_group_rule_more_never_blocks_and_one_less_never_opens(seed: int, rng: random.Random) -> None:
    made = rich(seed)
    asked = _asked(made, 40)
    before = _verdicts(world(made.parts, REGIONS[0]), asked)
    group = rng.choice(made.groups)
    body = made.parts[group]
    side, key = rng.choice([("from", "ingress"), ("to", "egress")])
    rules = body.get(key)
    if not isinstance(rules, list):
        return
    added: list[Json] = [{"protocol": "all", side: rng.choice(["0.0.0.0/0", "10.0.0.0/8", *made.groups])}]
    more = _verdicts(world({**made.parts, group: {**body, key: [*rules, *added]}}, REGIONS[0]), asked)
    less = _verdicts(world({**made.parts, group: {**body, key: rules[1:]}}, REGIONS[0]), asked)
    assert all(RANK[old] <= RANK[new] for old, new in zip(before, more, strict=True))
    assert all(RANK[old] >= RANK[new] for old, new in zip(before, less, strict=True))


def _used(compiled: World, flow: Flow) -> set[str]:
    trace = trace_packet(compiled, flow)
    used = {flow.source, flow.destination}
    for way in (trace, *trace.branches):
        for hop in (*way.forward, *way.back):
            used.add(hop.component)
            for step in hop.steps:
                used |= {ref.component for ref in (step.decided_by, *step.lost) if ref}
    return used


@relaxed
@given(seeds)
def test_what_no_path_of_a_flow_touches_does_not_matter(seed: int) -> None:
    """Close filters and empty tables that a flow never meets."""
    made = rich(seed)
    compiled = world(made.parts, REGIONS[0])
    for flow in _asked(made, 6):
        used = _used(compiled, flow)
        verdict = decide(compiled, flow).verdict
        changed = dict(made.parts)
        for name, body in made.parts.items():
            if name in used:
                continue
            if body["kind"] in ("security_group", "network_acl"):
                changed[name] = {**body, "ingress": [], "egress": []}
            elif body["kind"] == "route_table" and not _serves(made.parts, name, used):
                changed[name] = {**body, "routes": []}
        assert decide(world(changed, REGIONS[0]), flow).verdict is verdict


def _serves(parts: Parts, table: str, used: set[str]) -> bool:
    """Whether a subnet on the way may be routed by the table without a row of it being named."""
    return any(
        body["kind"] == "subnet" and body.get("route_table", table) == table and name in used
        for name, body in parts.items()
    )


def _unfiltered(made: Rich) -> Parts:
    """Take all filters and all one-way things out: groups and ACLs admit everything."""
    parts: Parts = {}
    for name, body in made.parts.items():
        if body["kind"] == "security_group":
            body = {
                **body,
                "ingress": [{"protocol": "all", "from": "0.0.0.0/0"}],
                "egress": [{"protocol": "all", "to": "0.0.0.0/0"}],
            }
        parts[name] = {key: value for key, value in body.items() if key != "nacl"}
    return parts


@relaxed
@given(seeds)
def test_without_filters_whoever_hears_is_heard(seed: int) -> None:
    """No filter and no translation between two machines: the answer to a ping and a ping back take the same ways."""
    made = rich(seed)
    compiled = world(_unfiltered(made), REGIONS[0])
    hosts = [
        (name, str(body["private_ip"]))
        for name, body in made.parts.items()
        if body["kind"] == "ec2" and "subnet" in body
    ]
    for source, own in hosts:
        for target, address in hosts:
            there = trace_packet(compiled, Flow(source, address, "icmp"))
            if there.verdict is Verdict.REACHABLE and there.delivered == target and there.source_address == own:
                assert decide(compiled, Flow(target, own, "icmp")).verdict is not Verdict.BLOCKED
