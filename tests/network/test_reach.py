"""Who reaches whom: what single cases must say, and that all of them say what the engine says."""

from __future__ import annotations

import random
from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archtui.model.component import Json
from archtui.network.engine import decide
from archtui.network.flow import Flow
from archtui.network.reach import Reach, Reachability, ReachError, reach
from archtui.world.condition import condition_for
from archtui.world.steps import Verdict
from tests.benchmarks.reach_agreement import Counts, compare
from tests.labs import lab_names, load_lab
from tests.network.designs import OPEN_SG, Parts, two_subnets, world
from tests.network.hybrid_designs import hybrid
from tests.network.reach_designs import dual_stack, mixed
from tests.network.test_properties import _design as pair_of_networks
from tests.proves import proves


def _rows(parts: Parts, source: str, target: str) -> list[tuple[str, str, str]]:
    """Return (protocol, ports, remark) of a pair."""
    marks = {(False, False): "", (True, False): "one way", (False, True): "unknown"}
    return [
        (r.protocol, r.ports, marks[r.one_way, r.unknown])
        for r in reach(world(parts), None or _HEALTHY, source, target)
    ]


_HEALTHY = condition_for(world({"v": {"kind": "vpc", "cidr": "10.0.0.0/16"}}), ())


def _group(*rules: Json) -> dict[str, Json]:
    return {"kind": "security_group", "vpc": "v", "ingress": list(rules)}


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        ([{"port": 443, "from": "0.0.0.0/0"}], [("tcp", "443", "")]),
        ([{"port": "80-90", "from": "10.0.0.0/24"}, {"port": 91, "from": "10.0.0.0/8"}], [("tcp", "80-91", "")]),
        ([{"protocol": "udp", "port": 53, "from": "10.0.0.10/32"}], [("udp", "53", "")]),
        ([{"protocol": "icmp", "from": "10.0.0.0/8"}], [("icmp", "", "")]),
        ([{"protocol": "47", "from": "10.0.0.0/8"}], [("47", "", "")]),
        ([{"port": 22, "from": "sg"}, {"port": 23, "from": "self"}], [("tcp", "22", "")]),
        ([{"port": 22, "from": "10.0.0.11/32"}], []),
    ],
)
def test_ports_are_those_the_groups_admit(rules: list[Json], expected: list[tuple[str, str, str]]) -> None:
    parts = two_subnets(inner=_group(*rules))
    parts["b"] = {**parts["b"], "security_groups": ["inner"]}
    assert _rows(parts, "a", "b") == expected


@proves(
    "An ACL that lets no ephemeral port out loses every reply.",
    area="Network ACLs",
    source="VPC User Guide, 'Ephemeral ports'",
)
def test_a_lost_reply_is_told_apart() -> None:
    """VPC User Guide, 'Ephemeral ports': an ACL that lets no ephemeral port out loses every reply."""
    acl: dict[str, Json] = {
        "kind": "network_acl",
        "vpc": "v",
        "ingress": [{"rule": 10, "action": "allow", "protocol": "tcp", "port": 80, "from": "0.0.0.0/0"}],
        "egress": [{"rule": 10, "action": "allow", "protocol": "tcp", "port": "0-1023", "to": "0.0.0.0/0"}],
    }
    parts = two_subnets(acl=acl)
    parts["sb"] = {**parts["sb"], "nacl": "acl"}
    assert _rows(parts, "a", "b") == [("tcp", "80", "one way")]


def test_an_acl_that_admits_a_part_of_the_ephemeral_ports_leaves_it_open() -> None:
    acl: dict[str, Json] = {
        "kind": "network_acl",
        "vpc": "v",
        "ingress": [{"rule": 10, "action": "allow", "protocol": "tcp", "port": 80, "from": "0.0.0.0/0"}],
        "egress": [{"rule": 10, "action": "allow", "protocol": "tcp", "port": "50000-65535", "to": "0.0.0.0/0"}],
    }
    parts = two_subnets(acl=acl)
    parts["sb"] = {**parts["sb"], "nacl": "acl"}
    assert _rows(parts, "a", "b") == [("tcp", "80", "unknown")]


def test_from_and_to_the_internet() -> None:
    rows = reach(world(two_subnets()))
    assert Reach("internet", "a", "tcp", "0-65535") in rows
    assert Reach("b", "internet", "tcp", "0-65535") in rows
    assert not [row for row in rows if row.source == "internet" and row.target in ("b", "nat")]


def test_what_is_down_neither_reaches_nor_is_reached() -> None:
    compiled = world(two_subnets())
    broken = condition_for(compiled, ("a",))
    assert {(row.source, row.target) for row in reach(compiled, broken)}.isdisjoint({("a", "b"), ("b", "a")})
    assert ("a", "b") in {(row.source, row.target) for row in reach(compiled)}


@pytest.mark.parametrize("seed", range(6))
def test_a_filtered_answer_is_a_part_of_the_whole(seed: int) -> None:
    compiled = world(mixed(seed) if seed % 2 else pair_of_networks(seed).parts)
    rows = reach(compiled)
    assert len(set(rows)) == len(rows)
    for name in Reachability(compiled).ends[::3]:
        assert set(reach(compiled, source=name)) == {row for row in rows if row.source == name}
        assert set(reach(compiled, target=name)) == {row for row in rows if row.target == name}
    said = Counter((row.source, row.target, row.protocol, row.ports) for row in rows if row.ports in ("", "80"))
    assert set(said.values()) <= {1}


def test_the_same_design_gives_the_same_rows_in_the_same_order() -> None:
    assert reach(world(mixed(3))) == reach(world(mixed(3)))
    rows = reach(world(mixed(3)))
    order = {name: number for number, name in enumerate(Reachability(world(mixed(3))).ends)}
    assert list(rows) == sorted(rows, key=lambda row: (order[row.source], order[row.target]))


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("nobody", "'nobody' is no end of this design"),
        ("sg", "'sg' has no address in the network"),
        ("inst", "did you mean"),
    ],
)
def test_an_end_that_is_none_is_refused(name: str, said: str) -> None:
    compiled = world({**two_subnets(), "instance": {"kind": "ec2", "subnet": "sb", "security_groups": ["sg"]}})
    with pytest.raises(ReachError, match=said):
        reach(compiled, source=name)
    with pytest.raises(ReachError, match=said):
        reach(compiled, target=name)


def test_an_outside_address_is_an_end() -> None:
    parts = two_subnets(sg={**OPEN_SG, "ingress": [{"port": 22, "from": "203.0.113.9/32"}]})
    assert _rows(parts, "203.0.113.9", "a") == [("tcp", "22", "")]
    assert _rows(parts, "203.0.113.10", "a") == []


@proves(
    "A group of another VPC counts over a peering of one region, and over a transit gateway that supports it.",
    area="Security groups",
    source="VPC Peering Guide, 'Update your security groups'; Transit Gateway guide, 'Security group referencing'",
)
@pytest.mark.parametrize("way", ["px", "tgw", "tgw with references"])
def test_a_group_of_another_network_counts_where_aws_lets_it(way: str) -> None:
    """VPC Peering Guide, 'Update your security groups to reference peer security groups'; Transit Gateway guide,
    'Security group referencing'."""
    parts: Parts = {
        "px": {"kind": "vpc_peering_connection", "requester": "v0", "accepter": "v1"},
        "tgw": {"kind": "transit_gateway", "security_group_referencing": way == "tgw with references"},
    }
    for number, vpc in enumerate(("v0", "v1")):
        route: dict[str, Json] = {"to": f"10.{1 - number}.0.0/16", "via": way.partition(" ")[0]}
        parts |= {
            vpc: {"kind": "vpc", "cidr": f"10.{number}.0.0/16"},
            f"{vpc}-t": {"kind": "route_table", "vpc": vpc, "routes": [route]},
            f"{vpc}-s": {
                "kind": "subnet",
                "vpc": vpc,
                "az": "a",
                "cidr": f"10.{number}.0.0/24",
                "route_table": f"{vpc}-t",
            },
            f"{vpc}-att": {
                "kind": "transit_gateway_attachment",
                "transit_gateway": "tgw",
                "vpc": vpc,
                "subnets": [f"{vpc}-s"],
            },
            f"{vpc}-g": {"kind": "security_group", "vpc": vpc, "ingress": [{"port": 22, "from": "v0-g"}]},
            f"{vpc}-h": {"kind": "ec2", "subnet": f"{vpc}-s", "security_groups": [f"{vpc}-g"]},
        }
    if way != "px":
        del parts["px"]
    assert _rows(parts, "v0-h", "v1-h") == ([] if way == "tgw" else [("tcp", "22", "")])


def test_an_interface_without_a_group_lets_all_pass_beside_one_that_has() -> None:
    card: dict[str, Json] = {"kind": "network_interface", "subnet": "sb", "attached_to": "free", "security_groups": []}
    parts = two_subnets(inner=_group({"port": 22, "from": "10.0.0.0/8"}), card=card, free={"kind": "ec2"})
    parts["b"] = {**parts["b"], "security_groups": ["inner"]}
    assert _rows(parts, "a", "b") == [("tcp", "22", "")]
    assert _rows(parts, "a", "free") == [("tcp", "0-65535", ""), ("udp", "0-65535", ""), ("icmp", "", "")]


def check_counts(counts: Counts) -> None:
    assert counts.differences == []


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 1_000_000))
def test_reach_and_decide_agree_on_random_networks(seed: int) -> None:
    counts = Counts()
    compare(counts, world(pair_of_networks(seed).parts), random.Random(seed), 120)
    compiled = world(mixed(seed))
    compare(counts, compiled, random.Random(seed), 120)
    compare(counts, compiled, random.Random(seed), 60, condition_for(compiled, ("az:eu-west-1a",)))
    compare(counts, compiled, random.Random(seed), 60, condition_for(compiled, ("v0-h0",)))
    joined = world(hybrid(seed))
    compare(counts, joined, random.Random(seed), 120)
    compare(counts, joined, random.Random(seed), 60, condition_for(joined, ("cgw0",)))
    check_counts(counts)


@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 1_000_000))
def test_reach_and_decide_agree_over_both_families(seed: int) -> None:
    counts = Counts()
    compiled = world(dual_stack(seed))
    compare(counts, compiled, random.Random(seed), 120)
    compare(counts, compiled, random.Random(seed), 60, condition_for(compiled, ("az:eu-west-1a",)))
    check_counts(counts)


@pytest.mark.truth
@pytest.mark.parametrize("name", lab_names())
def test_reach_and_decide_agree_on_measured_labs(name: str) -> None:
    counts = Counts()
    compare(counts, load_lab(name).world, random.Random(name), 300)
    check_counts(counts)


@pytest.mark.truth
@pytest.mark.parametrize("name", lab_names())
def test_reach_gives_the_measured_answers(name: str) -> None:
    """Measured: what AWS answered is reached, what it did not is not; what is not decided is neither."""
    lab = load_lab(name)
    found = Reachability(lab.world, ends=[str(probe[side]) for probe in lab.flows for side in ("from", "to")])
    for probe in lab.flows:
        if probe["from"] == probe["to"]:
            continue
        port = probe.get("port")
        flow = Flow(
            str(probe["from"]), str(probe["to"]), str(probe["protocol"]), port if isinstance(port, int) else None
        )
        verdict = found.verdict(flow.source, flow.destination, flow.protocol, flow.port)
        expected = Verdict.REACHABLE if lab.answers[str(probe["id"])] else Verdict.BLOCKED
        assert verdict in (expected, Verdict.UNKNOWN), probe
        assert verdict is decide(lab.world, flow).verdict


def test_a_protocol_that_nothing_names_is_decided_too() -> None:
    found = Reachability(world(two_subnets()))
    assert found.verdict("a", "b", "47") is decide(world(two_subnets()), Flow("a", "b", "47")).verdict
    assert found.verdict("a", "b", "47") is Verdict.REACHABLE
