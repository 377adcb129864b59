"""What must hold of every design: invariants over random networks and flows."""

from __future__ import annotations

import random
from dataclasses import dataclass

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archtui.model.component import Json
from archtui.network.engine import decide, trace_packet
from archtui.network.flow import Flow
from archtui.world.steps import Verdict
from archtui.world.world import World
from tests.network.designs import Parts, world

_BLOCKS = ("0.0.0.0/0", "10.0.0.0/8", "10.0.1.0/24", "10.1.0.0/16", "8.8.8.8/32")
_PORTS = (22, 80, 443)
RANK = {Verdict.BLOCKED: 0, Verdict.UNKNOWN: 1, Verdict.REACHABLE: 2}


@dataclass(frozen=True)
class Case:
    """A random design with flows to ask about it."""

    parts: Parts
    flows: tuple[Flow, ...]


def _rule(rng: random.Random, side: str, groups: list[str]) -> Json:
    peer = rng.choice([*_BLOCKS, *groups, "self"])
    if rng.random() < 0.2:
        return {"protocol": rng.choice(["all", "icmp"]), side: peer}
    low = rng.choice(_PORTS)
    return {"port": rng.choice([str(low), f"{low}-{low + 500}"]), side: peer}


def _entry(rng: random.Random, side: str, number: int) -> Json:
    entry: dict[str, Json] = {
        "rule": number,
        "action": rng.choice(["allow", "allow", "deny"]),
        side: rng.choice(_BLOCKS),
    }
    if rng.random() < 0.4:
        entry |= {"protocol": "tcp", "port": rng.choice(["22", "0-1023", "1024-65535", "443"])}
    return entry


def _design(seed: int) -> Case:
    """Two VPCs, peered, with public and private subnets, ACLs, groups, a NAT gateway, a balancer, hosts."""
    rng = random.Random(seed)
    parts: Parts = {}
    for number, vpc in enumerate(("v", "w")):
        parts[vpc] = {"kind": "vpc", "cidr": f"10.{number}.0.0/16"}
        parts[f"{vpc}-igw"] = {"kind": "internet_gateway", "vpc": vpc}
        groups = [f"{vpc}-g{index}" for index in range(3)]
        for group in groups:
            parts[group] = {
                "kind": "security_group",
                "vpc": vpc,
                "ingress": [_rule(rng, "from", groups) for _ in range(rng.randint(0, 3))],
                **({"egress": [_rule(rng, "to", groups)]} if rng.random() < 0.3 else {}),
            }
        parts[f"{vpc}-acl"] = {
            "kind": "network_acl",
            "vpc": vpc,
            "ingress": [_entry(rng, "from", 10 * index + 10) for index in range(rng.randint(1, 4))],
            "egress": [_entry(rng, "to", 10 * index + 10) for index in range(rng.randint(1, 4))],
        }
        other = f"10.{1 - number}.0.0/16"
        peer: list[Json] = [{"to": other, "via": "px"}] if rng.random() < 0.8 else []
        parts[f"{vpc}-pub"] = {
            "kind": "route_table",
            "vpc": vpc,
            "routes": [{"to": "0.0.0.0/0", "via": f"{vpc}-igw"}, *peer],
        }
        parts[f"{vpc}-priv"] = {
            "kind": "route_table",
            "vpc": vpc,
            "routes": [*([{"to": "0.0.0.0/0", "via": f"{vpc}-nat"}] if rng.random() < 0.8 else []), *peer],
        }
        for index, (zone, table) in enumerate((("a", "pub"), ("a", "priv"), ("b", "priv"))):
            parts[f"{vpc}-s{index}"] = {
                "kind": "subnet",
                "vpc": vpc,
                "az": zone,
                "cidr": f"10.{number}.{index}.0/24",
                "route_table": f"{vpc}-{table}",
                **({"nacl": f"{vpc}-acl"} if rng.random() < 0.3 else {}),
            }
            for host in range(2):
                parts[f"{vpc}-h{index}{host}"] = {
                    "kind": "ec2",
                    "subnet": f"{vpc}-s{index}",
                    "private_ip": f"10.{number}.{index}.{20 + host}",
                    "security_groups": rng.sample(groups, rng.randint(1, 2)),
                    **({"public_ip": f"198.51.100.{number * 100 + index * 10 + host}"} if index == 0 else {}),
                }
        parts[f"{vpc}-eip"] = {"kind": "elastic_ip", "address": f"203.0.113.{50 + number}"}
        parts[f"{vpc}-nat"] = {"kind": "nat_gateway", "subnet": f"{vpc}-s0", "elastic_ip": f"{vpc}-eip"}
        parts[f"{vpc}-tg"] = {
            "kind": "target_group",
            "vpc": vpc,
            "port": 80,
            "protocol": "TCP",
            "target_type": rng.choice(["instance", "ip"]),
            "targets": [],
        }
        by_ip = parts[f"{vpc}-tg"]["target_type"] == "ip"
        parts[f"{vpc}-tg"]["targets"] = [
            f"10.{number}.{index}.20" if by_ip else f"{vpc}-h{index}0" for index in range(3) if rng.random() < 0.6
        ]
        parts[f"{vpc}-nlb"] = {
            "kind": "network_load_balancer",
            "scheme": "internal",
            "subnets": [f"{vpc}-s1"],
            "private_ips": [f"10.{number}.1.9"],
            "cross_zone": rng.random() < 0.5,
            "listeners": [{"port": 80, "forward": f"{vpc}-tg"}],
        }
    parts["px"] = {"kind": "vpc_peering_connection", "requester": "v", "accepter": "w"}
    ends = [name for name, body in parts.items() if body["kind"] in ("ec2", "network_load_balancer")]
    flows = []
    for _ in range(12):
        source = rng.choice([*(name for name in ends if "nlb" not in name), "internet"])
        protocol = rng.choice(["tcp", "tcp", "tcp", "udp", "icmp"])
        port = rng.choice(_PORTS) if protocol != "icmp" else None
        flows.append(Flow(source, rng.choice([*ends, "internet", "198.51.100.0"]), protocol, port))
    return Case(parts, tuple(flow for flow in flows if flow.source != flow.destination))


designs = st.integers(0, 1_000_000).map(_design)
relaxed = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def _verdicts(compiled: World, flows: tuple[Flow, ...]) -> list[Verdict]:
    return [decide(compiled, flow).verdict for flow in flows]


@relaxed
@given(designs)
def test_the_bare_decision_equals_the_explained_one(case: Case) -> None:
    compiled = world(case.parts)
    for flow in case.flows:
        decision, trace = decide(compiled, flow), trace_packet(compiled, flow)
        assert decision.verdict is trace.verdict
        explained = dict.fromkeys((blocker.component, blocker.code) for blocker in trace.blockers)
        assert list(explained) == [(blocker.component, blocker.code) for blocker in decision.blockers]
        assert bool(trace.blockers) or trace.verdict is not Verdict.BLOCKED
        assert not trace.blockers or trace.verdict is not Verdict.REACHABLE
        assert bool(trace.missing) or trace.verdict is not Verdict.UNKNOWN


@relaxed
@given(designs, st.randoms(use_true_random=False))
def test_renaming_and_reordering_change_nothing(case: Case, rng: random.Random) -> None:
    names = list(case.parts)
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

    parts = {
        renamed[name]: {key: new(item) if key != "kind" else item for key, item in case.parts[name].items()}
        for name in names
    }
    flows = tuple(
        Flow(
            renamed.get(flow.source, flow.source),
            renamed.get(flow.destination, flow.destination),
            flow.protocol,
            flow.port,
        )
        for flow in case.flows
    )
    assert _verdicts(world(case.parts), case.flows) == _verdicts(world(parts), flows)


@relaxed
@given(designs, st.randoms(use_true_random=False))
def test_a_group_rule_more_never_blocks_and_one_less_never_opens(case: Case, rng: random.Random) -> None:
    groups = sorted(name for name, body in case.parts.items() if body["kind"] == "security_group")
    group = rng.choice(groups)
    body = case.parts[group]
    side, key = rng.choice([("from", "ingress"), ("to", "egress")])
    rules = body.get(key)
    if not isinstance(rules, list):
        return
    siblings = [name for name in groups if name[0] == group[0]]
    more = world({**case.parts, group: {**body, key: [*rules, _rule(rng, side, siblings)]}})
    before = _verdicts(world(case.parts), case.flows)
    assert all(RANK[old] <= RANK[new] for old, new in zip(before, _verdicts(more, case.flows), strict=True))
    if rules:
        less = world({**case.parts, group: {**body, key: rules[:-1]}})
        assert all(RANK[old] >= RANK[new] for old, new in zip(before, _verdicts(less, case.flows), strict=True))


@relaxed
@given(designs)
def test_what_no_path_uses_does_not_matter(case: Case) -> None:
    compiled = world(case.parts)
    for flow in case.flows[:4]:
        trace = trace_packet(compiled, flow)
        used = {flow.source, flow.destination}
        for way in (trace, *trace.branches):
            for hop in (*way.forward, *way.back):
                used.add(hop.component)
                for step in hop.steps:
                    used |= {ref.component for ref in (step.decided_by, *step.lost) if ref}
        spare = sorted(
            name
            for name, body in case.parts.items()
            if body["kind"] in ("security_group", "network_acl") and name not in used
        )
        closed = {name: {**case.parts[name], "ingress": [], "egress": []} for name in spare}
        assert decide(world({**case.parts, **closed}), flow).verdict is trace.verdict


@relaxed
@given(designs)
def test_without_filters_what_is_reachable_inside_is_reachable_back(case: Case) -> None:
    opened = {
        name: {
            **body,
            "ingress": [{"protocol": "all", "from": "0.0.0.0/0"}],
            "egress": [{"protocol": "all", "to": "0.0.0.0/0"}],
        }
        for name, body in case.parts.items()
        if body["kind"] == "security_group"
    }
    subnets = {
        name: {key: item for key, item in body.items() if key != "nacl"}
        for name, body in case.parts.items()
        if body["kind"] == "subnet"
    }
    compiled = world({**case.parts, **opened, **subnets})
    hosts = [name for name, body in case.parts.items() if body["kind"] == "ec2"]
    for source, destination in zip(hosts, reversed(hosts), strict=True):
        there = decide(compiled, Flow(source, destination, "icmp")).verdict
        back = decide(compiled, Flow(destination, source, "icmp")).verdict
        private = case.parts[source]["subnet"] == case.parts[destination]["subnet"] or source[0] == destination[0]
        assert there is back or not private
        assert there is Verdict.REACHABLE or not private
