"""Voids: the small form says what the long one says, and its short cut sets are complete."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from archtui.failure.availability.voids import ShortCuts, Void, all_of_these, minimal, one_of

EVENTS = "abcdef"
Tree = str | tuple[str, list["Tree"]]


def trees() -> st.SearchStrategy[Tree]:
    """Return ORs and ANDs of events, nested."""
    return st.recursive(
        st.sampled_from(EVENTS),
        lambda below: st.tuples(st.sampled_from(("and", "or")), st.lists(below, min_size=1, max_size=4)),
        max_leaves=14,
    )


def void_of(tree: Tree) -> Void:
    if isinstance(tree, str):
        return Void(frozenset({tree}))
    parts = [void_of(part) for part in tree[1]]
    return all_of_these(parts) if tree[0] == "and" else one_of(parts)


def plain(tree: Tree, broken: frozenset[str]) -> bool:
    if isinstance(tree, str):
        return tree in broken
    parts = [plain(part, broken) for part in tree[1]]
    return all(parts) if tree[0] == "and" else any(parts)


def states() -> list[frozenset[str]]:
    return [frozenset(some) for size in range(len(EVENTS) + 1) for some in combinations(EVENTS, size)]


@settings(deadline=None)
@given(trees())
def test_the_form_is_true_where_the_tree_is(tree: Tree) -> None:
    void = void_of(tree)
    for broken in states():
        assert void.true_in(broken) == plain(tree, broken)


@settings(deadline=None)
@given(st.lists(trees(), min_size=1, max_size=3), st.integers(1, 4))
def test_short_cuts_are_the_least_states_in_which_all_are_true(some: list[Tree], order: int) -> None:
    cuts = ShortCuts(order)
    for tree in some:
        cuts.add(void_of(tree))
    true = [broken for broken in states() if len(broken) <= order and all(plain(tree, broken) for tree in some)]
    assert cuts.sets == minimal(true)


def test_what_all_ways_share_is_said_once() -> None:
    ways = [one_of((Void(frozenset({"lb", name})), Void(frozenset({"zone"})))) for name in "abc"]
    void = all_of_these(ways)
    assert void.events == {"lb", "zone"}
    assert len(void.ways) == 1
