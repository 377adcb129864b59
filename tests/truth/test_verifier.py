"""The packet engine against a formal verifier's 54 expectations: verdicts, order of nodes, address translation.

Where the verifier disagrees with AWS, AWS wins; each such case stands in :data:`tests.truth.verifier.OTHERWISE`
with its reason and source, and the table must hold exactly the cases that differ.
"""

from __future__ import annotations

from functools import cache

import pytest

from archtui.network.engine import decide, trace_packet
from archtui.network.flow import Flow
from archtui.network.reach import Reachability
from archtui.world.steps import Verdict
from archtui.world.world import World
from tests.labs import VERIFIER, load_snapshot
from tests.truth.verifier import (
    OTHERWISE,
    Case,
    cases,
    flow_of,
    our_hops,
    reply_start,
    their_hops,
    translations,
    wanted,
)

pytestmark = pytest.mark.skipif(not VERIFIER.is_dir(), reason="needs ../shared/truth, the verifier's cases")

WALKED = [case for case in cases() if case["kind"] in ("traceroute", "bidirectional")]


@cache
def _world(name: str) -> World:
    return load_snapshot(name).world


def test_every_case_is_looked_at() -> None:
    assert len(cases()) == 54
    assert {case["kind"] for case in cases()} == {"traceroute", "bidirectional", "reachability", "rib", "policy"}
    assert set(OTHERWISE) <= {case["id"] for case in cases()}
    assert all(entry.reason and entry.source for entry in OTHERWISE.values())


@pytest.mark.parametrize("case", WALKED, ids=lambda case: str(case["id"]))
def test_verdicts(case: Case) -> None:
    found = decide(_world(case["snapshot"]), flow_of(case)).verdict
    entry = OTHERWISE.get(case["id"])
    assert found is (entry.verdict if entry and entry.verdict else wanted(case)), case["proves"]
    assert entry is None or entry.verdict is not wanted(case), "the table calls an agreement a difference"


def _differences(case: Case) -> list[tuple[list[str], list[str]]]:
    """Return (theirs, ours) for each way whose order of nodes differs; several ways of ours are tried."""
    world = _world(case["snapshot"])
    trace = trace_packet(world, flow_of(case))
    ways = trace.branches or (trace,)
    expected = case["expected"]
    pairs = [(their_hops(expected["hops"] or (), world), [our_hops(world, way.forward) for way in ways])]
    if "reverse" in expected:
        start = reply_start(trace, world)
        theirs = their_hops(expected["reverse"]["hops"], world)
        pairs.append((theirs, [our_hops(world, way.back, start) for way in ways]))
        pairs[-1][1].extend(our_hops(world, way.back) for way in ways)
    return [(theirs, ours[0]) for theirs, ours in pairs if theirs not in ours]


@pytest.mark.parametrize("case", WALKED, ids=lambda case: str(case["id"]))
def test_the_order_of_nodes(case: Case) -> None:
    entry = OTHERWISE.get(case["id"])
    assert bool(_differences(case)) == bool(entry and entry.hops), _differences(case)


def test_how_many_agree() -> None:
    assert len(OTHERWISE) == 22
    assert sum(entry.verdict is None for entry in OTHERWISE.values()) == 8


@pytest.mark.parametrize("case", [case for case in cases() if case["kind"] in ("rib", "policy")], ids=lambda c: c["id"])
def test_the_best_way_on_premises(case: Case) -> None:
    """Routes and preferences are no answer of ours: what they lead to is, a packet to the announced network."""
    found = decide(_world(case["snapshot"]), Flow("i-priv01", "10.20.0.1", "icmp")).verdict
    entry = OTHERWISE.get(case["id"])
    assert found is (entry.verdict if entry else Verdict.REACHABLE)


@pytest.mark.parametrize("server", ["i-055b0db7be365202c", "i-0f4af951d61a19245"])
def test_a_flow_exists_from_the_client_to_either_server(server: str) -> None:
    reachability = Reachability(_world("test-load-balancer"))
    assert reachability.pair("i-0c8ce8bbdd98cc4e8", server).reached


@pytest.mark.parametrize(
    ("identifier", "at", "before", "after"),
    [
        ("bf-013", "igw-0a409e562d251f766", "18.216.80.133", "10.0.0.91"),
        ("bf-017", "igw-0a409e562d251f766", "10.0.0.91", "18.216.80.133"),
    ],
)
def test_the_internet_gateway_translates(identifier: str, at: str, before: str, after: str) -> None:
    case = next(case for case in cases() if case["id"] == identifier)
    trace = trace_packet(_world(case["snapshot"]), flow_of(case))
    assert (at, before, after) in translations(trace.forward)


@pytest.mark.parametrize(
    ("identifier", "acls"),
    [("bf-019", []), ("bf-020", ["acl-07102431133dec52a"])],
)
def test_acls_filter_at_the_edge_of_a_subnet_alone(identifier: str, acls: list[str]) -> None:
    case = next(case for case in cases() if case["id"] == identifier)
    trace = trace_packet(_world(case["snapshot"]), flow_of(case))
    steps = [step for hop in trace.forward for step in hop.steps if step.layer == "nacl"]
    assert [step.decided_by.component for step in steps if step.decided_by] == acls
    assert trace.verdict is Verdict.BLOCKED
