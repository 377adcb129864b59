"""What a walker keeps does not depend on who has asked before."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import permutations
from threading import Thread

import pytest

from archtui.trace.keeping import Keeping
from archtui.world.condition import Condition
from archtui.world.reads import Log, WatchedCondition
from tests.failure.designs import three_tier

ASKS = {"a": ("b",), "b": ("c", "a"), "c": (), "d": ("b",), "e": ("c",)}
"""Which question asks which others: a and b ask each other."""


def _asker(keeping: Keeping, made: list[str]) -> Callable[[str], str]:
    def ask(name: str) -> str:
        def make() -> str:
            made.append(name)
            return f"{name}({', '.join(map(ask, ASKS[name]))})"

        return keeping.once((name,), make, "?")

    return ask


def _keeping(broken: bool) -> Keeping:
    world, log = three_tier(), Log()
    condition = Condition(down=frozenset({"db"}))
    return Keeping(world, WatchedCondition(condition, world, log) if broken else None, log)


@pytest.mark.parametrize("broken", [False, True])
def test_answers_of_questions_that_ask_each_other_do_not_depend_on_their_order(broken: bool) -> None:
    alone = {name: _asker(_keeping(broken), [])(name) for name in ASKS}
    assert alone["a"] == "a(b(c(), ?))"
    assert alone["d"] == "d(b(c(), a(?)))"
    orders: list[Sequence[str]] = list(permutations(ASKS))[::7]
    for order in orders:
        ask = _asker(_keeping(broken), [])
        assert {name: ask(name) for name in order} == {name: alone[name] for name in order}


def test_what_rests_on_nothing_provisional_is_asked_once() -> None:
    made: list[str] = []
    ask = _asker(_keeping(False), made)
    for name in (*ASKS, *ASKS):
        ask(name)
    assert made.count("c") == made.count("d") == made.count("e") == 1
    assert made.count("a") > 2


def test_a_question_that_another_thread_answers_is_waited_for() -> None:
    keeping, heard = _keeping(False), list[str]()
    other = Thread(target=lambda: heard.append(keeping.once(("a",), lambda: "its own", "?")))

    def make() -> str:
        other.start()
        other.join(0.05)
        return "the answer"

    assert keeping.once(("a",), make, "?") == "the answer"
    other.join()
    assert heard == ["the answer"]
