"""What a request sets off and does not wait for."""

from __future__ import annotations

from archtui.trace.interface import Bond
from archtui.trace.latency import Latency
from archtui.trace.request import Request
from archtui.trace.result import Trace
from archtui.trace.stages import Made, Stage, Way
from archtui.trace.text import render
from archtui.world.steps import Action, Hop, Step, Verdict

SOON = Latency("queue > worker", 10.0, "a worker polls every 10 ms")
DENIED = Step("application", Action.DENY, "CONNECTION_REFUSED", "The table is down.")


def stage(at: str, *calls: Made, own: Verdict = Verdict.REACHABLE) -> Stage:
    step = DENIED if own is Verdict.BLOCKED else Step("application", Action.ACCEPT, "", f"{at} takes it.")
    return Stage(at, (Hop(at, "ec2_instance", (step,)),), (), own, calls, 200)


def call(below: Stage, bond: Bond = "after") -> Made:
    return Made(f"> {below.at}", (Way(1.0, below.at, below),), bond, delay=SOON if bond == "after" else None)


def trace(root: Stage) -> Trace:
    return Trace(Request("internet", "queue"), "internet", "queue", root)


def test_the_answer_does_not_wait_for_it() -> None:
    broken = trace(stage("queue", call(stage("worker", call(stage("table", own=Verdict.BLOCKED), "hard")))))
    assert broken.verdict is Verdict.REACHABLE
    assert broken.share == 1.0
    assert [hop.component for hop in broken.forward] == ["queue"]
    assert broken.blockers == ()
    assert [blocker.message for blocker in broken.later_blockers] == ["The table is down."]


def test_it_counts_for_what_a_journey_reaches_only_where_it_gets_through_as_a_whole() -> None:
    works = trace(stage("queue", call(stage("worker", call(stage("table"), "hard")))))
    assert works.reaches("table") is Verdict.REACHABLE
    broken = stage("worker", call(stage("table"), "hard"), call(stage("cache", own=Verdict.BLOCKED), "hard"))
    assert trace(stage("queue", call(broken))).reaches("table") is Verdict.BLOCKED


def test_a_call_that_can_be_done_without_reaches_nothing_where_it_is_blocked() -> None:
    assert trace(stage("web", call(stage("cache"), "soft"))).reaches("cache") is Verdict.REACHABLE
    assert trace(stage("web", call(stage("cache", own=Verdict.BLOCKED), "soft"))).reaches("cache") is Verdict.BLOCKED


def test_what_it_sets_off_in_turn_stands_below_it() -> None:
    found = trace(stage("queue", call(stage("worker", call(stage("mail"))))))
    assert [(later.label, later.trigger, later.depth) for later in found.afterwards] == [
        ("> worker", "queue", 0),
        ("> mail", "worker", 1),
    ]
    shown = found.to_json()["asynchronous"]
    assert isinstance(shown, list)
    assert isinstance(shown[0], dict)
    assert shown[0]["delay"] == SOON.to_json()
    below = shown[0]["asynchronous"]
    assert isinstance(below, list)
    assert isinstance(below[0], dict)
    assert below[0]["call"] == "> mail"


def test_the_text_says_when_it_comes() -> None:
    text = render(trace(stage("queue", call(stage("worker")))))
    assert "Afterwards, 10 ms after" in text
    assert "a worker polls every 10 ms" in text
