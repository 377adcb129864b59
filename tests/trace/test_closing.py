"""Edits that close a flow, and the minimal sets that open one: each proved here once more."""

from __future__ import annotations

import itertools

import pytest

from archtui.check.mending import with_journey_fixes
from archtui.check.runner import check
from archtui.model.component import Json
from archtui.services import rules
from archtui.trace.fixes import find_closings, find_fixes
from archtui.trace.repair import edited
from archtui.trace.request import Request
from archtui.trace.result import Trace
from archtui.trace.sideeffects import reached
from archtui.trace.walker import trace
from archtui.world.steps import Verdict
from archtui.world.world import World
from tests.network.designs import Parts, two_subnets, world
from tests.trace.shop import Components, ask, shop


def _open(parts: Parts, target: str = "a", port: int = 22, source: str = "internet") -> tuple[World, Trace]:
    made = world(parts)
    found = trace(made, Request.make(source, target, protocol="tcp", port=port))
    assert found.verdict is Verdict.REACHABLE
    return made, found


@pytest.mark.parametrize(
    ("rule", "port", "label"),
    [
        ({"port": 22, "from": "0.0.0.0/0"}, 22, "remove tcp 22 from 0.0.0.0/0 from own"),
        ({"port": 22, "from": "0.0.0.0/0"}, 22, "let own take this from 10.0.0.0/16 alone, not from anywhere"),
        ({"port": "20-25", "from": "0.0.0.0/0"}, 22, "leave port 22 out of own: tcp 20-25 from 0.0.0.0/0"),
        ({"port": "22-25", "from": "0.0.0.0/0"}, 22, "leave port 22 out of own: tcp 22-25 from 0.0.0.0/0"),
        ({"port": 22, "from": "0.0.0.0/0"}, 22, "take the public address of a away"),
        ({"port": 22, "from": "0.0.0.0/0"}, 22, "remove the row 0.0.0.0/0 via igw from pub"),
    ],
)
def test_a_flow_is_closed_where_it_is_let_in(
    monkeypatch: pytest.MonkeyPatch, rule: dict[str, Json], port: int, label: str
) -> None:
    monkeypatch.setattr("archtui.trace.fixes.MAX_FIXES", 20)
    own: dict[str, Json] = {"kind": "security_group", "vpc": "v", "ingress": [rule]}
    made, found = _open(two_subnets(own=own, a={"security_groups": ["own"], "public_ip": True}), "a", port)
    fixes = {fix.message: fix for fix in find_closings(made, found)}
    assert label in fixes
    for fix in fixes.values():
        changed = edited(made, fix.edits)
        assert changed is not None
        assert trace(changed, found.request).verdict is Verdict.BLOCKED
        assert fix.closes is not None
        assert fix.closes >= 1


def test_what_leaves_other_ports_open_is_narrower_than_what_closes_them() -> None:
    own: dict[str, Json] = {"kind": "security_group", "vpc": "v", "ingress": [{"port": "20-25", "from": "0.0.0.0/0"}]}
    made, found = _open(two_subnets(own=own, a={"security_groups": ["own"]}))
    fixes = find_closings(made, found)
    assert fixes[0].message == "leave port 22 out of own: tcp 20-25 from 0.0.0.0/0"
    assert [fix.closes or 0 for fix in fixes] == sorted(fix.closes or 0 for fix in fixes)


def test_two_rules_that_admit_the_same_are_closed_together() -> None:
    both: dict[str, Json] = {
        "kind": "security_group",
        "vpc": "v",
        "ingress": [{"port": 22, "from": "0.0.0.0/0"}, {"port": 22, "from": "10.0.0.0/24"}],
    }
    made, found = _open(two_subnets(own=both, b={"security_groups": ["own"]}), "b", source="a")
    removals = [fix for fix in find_closings(made, found) if all("from own" in e.label for e in fix.edits)]
    assert removals
    assert {len(fix.edits) for fix in removals} == {2}


def test_an_acl_denies_before_the_entry_that_admits() -> None:
    acl: dict[str, Json] = {
        "kind": "network_acl",
        "vpc": "v",
        "ingress": [
            {"rule": 1, "protocol": "udp", "from": "0.0.0.0/0"},
            {"rule": 7, "protocol": "all", "from": "0.0.0.0/0"},
        ],
        "egress": [{"rule": 1, "protocol": "all", "to": "0.0.0.0/0"}],
    }
    made, found = _open(two_subnets(acl=acl, sb={"nacl": "acl"}), "b", source="a")
    labels = [fix.message for fix in find_closings(made, found)]
    assert "deny tcp 22 from 10.0.0.10/32 in acl (rule 6)" in labels


def test_a_blocked_journey_that_passes_is_offered_its_closing() -> None:
    def exposed(components: Components) -> None:
        components["data-a"]["route_table"] = components["data-b"]["route_table"] = "public"
        components["db"]["publicly_accessible"] = True
        components["db-sg"]["ingress"].append({"port": 5432, "from": "0.0.0.0/0"})

    report = with_journey_fixes(check(shop(exposed), rules(), select=["NET001"]))
    (failing,) = [journey for journey in report.journeys if not journey.holds]
    assert failing.fixes
    assert failing.fixes[0].breaks == ()
    for fix in failing.fixes:
        changed = edited(report.world, fix.edits)
        assert changed is not None
        assert all(journey.holds for journey in check(changed, rules(), select=["NET001"]).journeys)


def test_nothing_is_closed_that_is_closed() -> None:
    made = shop()
    assert find_closings(made, ask(made, "internet", "db", port=5432, protocol="tcp")) == ()


def test_every_set_that_opens_is_minimal() -> None:
    def two(components: Components) -> None:
        components["web-sg"]["ingress"] = []
        components["db-sg"]["ingress"] = []

    made = shop(two)
    found = ask(made)
    fixes = find_fixes(made, found)
    assert len(fixes) > 1
    for fix in fixes:
        for size in range(len(fix.edits)):
            for part in itertools.combinations(fix.edits, size):
                changed = edited(made, part)
                assert changed is None or trace(changed, found.request).verdict is not Verdict.REACHABLE


def test_the_narrower_edit_comes_first() -> None:
    made = world(two_subnets(own={"kind": "security_group", "vpc": "v", "ingress": []}, b={"security_groups": ["own"]}))
    fixes = find_fixes(made, trace(made, Request.make("a", "b", protocol="tcp", port=80)))
    assert [fix.opens or 0 for fix in fixes] == sorted(fix.opens or 0 for fix in fixes)
    assert fixes[0].message == "let tcp 80 into own from sg"


def test_connections_are_counted_over_all_pairs_and_ports() -> None:
    closed = two_subnets(own={"kind": "security_group", "vpc": "v", "ingress": []}, b={"security_groups": ["own"]})
    opened = two_subnets(
        own={"kind": "security_group", "vpc": "v", "ingress": [{"port": "80-82", "from": "10.0.0.10/32"}]},
        b={"security_groups": ["own"]},
    )
    before, after = reached(world(closed)), reached(world(opened))
    assert before is not None
    assert after is not None
    assert (before.gained(after), after.gained(before)) == (3, 0)
