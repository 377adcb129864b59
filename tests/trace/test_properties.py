"""What holds for every trace."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archtui.trace import codes
from archtui.trace.fixes import with_fixes
from archtui.trace.request import Request
from archtui.trace.result import Made, Stage, Trace, Way
from archtui.trace.text import render
from archtui.trace.walker import trace
from archtui.world.condition import condition_for
from archtui.world.steps import Action, Hop, Verdict
from tests.trace.shop import Components, ask, shop

_QUICK = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
_CHANGES: list[Any] = [
    lambda c: c["web-1"].update(state="stopped"),
    lambda c: c["web-2"].update(listens=[{"port": 1}]),
    lambda c: c["web-sg"].update(ingress=[]),
    lambda c: c["db-sg"].update(ingress=[]),
    lambda c: c["lb"].update(cross_zone=False),
    lambda c: c["lb"].update(subnets=["public-a"]),
    lambda c: c["web"].update(targets=["web-1"]),
    lambda c: c["private-a"].update(routes=[]),
    lambda c: c["db"].update(multi_az=False),
    lambda c: c["cert"].update(state="expired"),
]
_DOWN = ["web-1", "db", "lb", "az:eu-west-1a", "link:web-1->db", "nat-a"]
changes = st.lists(st.sampled_from(_CHANGES), max_size=3)
failures = st.lists(st.sampled_from(_DOWN), max_size=2, unique=True)


def _world(chosen: list[Any], extra: Any = None) -> Any:
    def change(components: Components) -> None:
        for each in chosen:
            each(components)
        if extra:
            extra(components)

    return shop(change)


def _sums(stage: Stage) -> None:
    for made in stage.calls:
        assert sum(way.weight for way in made.ways) == pytest.approx(1)
        for way in made.ways:
            _sums(way.stage)


@_QUICK
@given(changes, failures)
def test_weights_sum_to_one_and_the_share_is_that_of_the_paths(chosen: list[Any], down: list[str]) -> None:
    found = ask(_world(chosen), down=tuple(down))
    _sums(found.root)
    assert sum(path.weight for path in found.paths) == pytest.approx(1)
    passing = sum(path.weight for path in found.paths if path.verdict is Verdict.REACHABLE)
    assert found.share == pytest.approx(passing)
    assert (found.verdict is Verdict.REACHABLE) == (found.share == pytest.approx(1))
    assert (found.verdict is Verdict.BLOCKED) == any(path.verdict is Verdict.BLOCKED for path in found.paths)


@_QUICK
@given(changes, failures)
def test_a_component_that_nothing_touches_changes_nothing(chosen: list[Any], down: list[str]) -> None:
    def unrelated(components: Components) -> None:
        components["elsewhere"] = {"kind": "vpc", "cidr": "172.20.0.0/16"}
        components["far"] = {"kind": "subnet", "vpc": "elsewhere", "az": "c", "cidr": "172.20.0.0/24"}
        components["other-sg"] = {"kind": "security_group", "vpc": "elsewhere"}
        components["loner"] = {"kind": "ec2", "subnet": "far", "security_groups": ["other-sg"]}

    without, with_it = ask(_world(chosen), down=tuple(down)), ask(_world(chosen, unrelated), down=tuple(down))
    assert json.dumps(without.to_json()) == json.dumps(with_it.to_json())


@_QUICK
@given(changes, failures)
def test_every_code_is_explained_and_every_blocked_trace_says_why(chosen: list[Any], down: list[str]) -> None:
    found = ask(_world(chosen), down=tuple(down))
    for path in found.paths:
        for hop in (*path.forward, *path.back):
            for step in hop.steps:
                assert step.code in codes.CODES or not step.code or step.code in {"MAX_HOPS_EXCEEDED", "UNKNOWN"}
                assert step.message.endswith((".", "?")) or "did you mean" in step.message
    assert bool(found.blockers) == (found.verdict is Verdict.BLOCKED)
    if found.verdict is Verdict.UNKNOWN:
        assert found.missing


def test_the_same_question_gets_the_same_answer_and_nothing_is_changed() -> None:
    world = shop()
    first = json.dumps(ask(world).to_json())
    ask(world, down=("lb",))
    assert json.dumps(ask(world).to_json()) == first
    assert json.dumps(ask(shop()).to_json()) == first


def test_json_has_what_the_command_line_promises() -> None:
    world = shop(lambda c: c["web-sg"].update(ingress=[]))
    shown = with_fixes(world, ask(world)).to_json()
    assert {"verdict", "from", "to", "forward", "return", "blockers", "fixes", "branches", "latency_ms"} <= shown.keys()
    assert shown["verdict"] == "blocked"
    assert isinstance(shown["fixes"], list)
    fix = shown["fixes"][0]
    assert isinstance(fix, dict)
    assert fix["verified"] is True
    assert isinstance(shown["branches"], list)
    assert sum(branch["weight"] for branch in shown["branches"]) == pytest.approx(1)  # type: ignore[index, misc, call-overload, arg-type]
    json.dumps(shown)


def test_the_text_says_every_step_rule_and_blocker_of_the_json() -> None:
    world = shop(lambda c: c["db-sg"].update(ingress=[]))
    found = with_fixes(world, ask(world))
    text = render(found)
    assert text.startswith(f"✗ {found.sentence}")
    for hop in (*found.forward, *found.back):
        for step in hop.steps:
            assert step.message in text
            for rule in step.lost:
                assert rule.why in text
    for blocker in found.blockers:
        assert blocker.message in text
    for fix in found.fixes:
        assert fix.message in text
    assert text == render(with_fixes(world, ask(world)))


# -- the arithmetic, on trees made by hand -----------------------------------------------------------


def _leaf(verdict: Verdict = Verdict.REACHABLE, at: str = "") -> Stage:
    return Stage(at, (Hop(at or "x", "ec2_instance", ()),), own=verdict)


def _trace(root: Stage) -> Trace:
    return Trace(Request("a", "b"), "a", "b", root)


OK, NO, MAYBE = Verdict.REACHABLE, Verdict.BLOCKED, Verdict.UNKNOWN


@pytest.mark.parametrize(
    ("verdicts", "verdict", "share"),
    [
        ([OK, OK], OK, 1.0),
        ([OK, NO], NO, 0.5),
        ([OK, MAYBE], MAYBE, 0.5),
        ([NO, MAYBE], NO, 0.0),
    ],
)
def test_the_verdict_of_a_fan_out(verdicts: list[Verdict], verdict: Verdict, share: float) -> None:
    ways = tuple(Way(0.5, f"way {i}", _leaf(each)) for i, each in enumerate(verdicts))
    found = _trace(Stage("", (), calls=(Made("call", ways),)))
    assert (found.verdict, found.share) == (verdict, share)


def test_a_way_without_traffic_does_not_count() -> None:
    ways = (Way(1.0, "used", _leaf()), Way(0.0, "unused", _leaf(NO)))
    assert _trace(Stage("", (), calls=(Made("call", ways),))).verdict is OK


def test_calls_after_each_other_multiply() -> None:
    half = Made("half", (Way(0.5, "good", _leaf()), Way(0.5, "bad", _leaf(NO))))
    other = Made("other", (Way(0.5, "good", _leaf()), Way(0.5, "bad", _leaf(NO))))
    found = _trace(Stage("", (), calls=(half, other)))
    assert found.share == 0.25
    assert len(found.paths) == 4
    assert sum(path.weight for path in found.paths if path.verdict is OK) == 0.25


def test_reaching_one_of_several_equals_is_reaching() -> None:
    ways = (Way(0.5, "a", _leaf(at="a")), Way(0.5, "b", _leaf(at="b")))
    found = _trace(Stage("", (), calls=(Made("call", ways),)))
    assert found.reaches("a") is OK


def test_what_only_some_branches_get_to_is_not_reached() -> None:
    deep = Stage("a", (), calls=(Made("call", (Way(1.0, "db", _leaf(at="db")),)),))
    ways = (Way(0.5, "a", deep), Way(0.5, "b", _leaf(at="b")))
    found = _trace(Stage("", (), calls=(Made("call", ways),)))
    assert found.reaches("db") is NO


def test_a_tree_with_very_many_paths_is_still_shown() -> None:
    calls = tuple(Made(f"call {i}", tuple(Way(0.25, f"{i}{j}", _leaf()) for j in range(4))) for i in range(10))
    found = _trace(Stage("", (), calls=calls))
    assert found.share == pytest.approx(1)
    assert 1 <= len(found.paths) <= 1000


def test_every_own_code_has_one_sentence() -> None:
    assert len(codes.CODES) == len(codes.AWS_CODES) + len(codes.OWN_CODES)
    assert len(codes.AWS_CODES) == 100
    for code in codes.CODES.values():
        assert code.meaning.endswith(".")
        assert code.id == code.id.upper()


def test_down_members_leave_their_traces_in_the_world_alone() -> None:
    world = shop()
    condition = condition_for(world, ("az:eu-west-1a",))
    found = trace(world, Request.make("internet", "https://shop.example.com/"), condition)
    assert all(step.action is not Action.DENY for hop in found.forward for step in hop.steps), (
        "a lost zone is left out at rest"
    )
