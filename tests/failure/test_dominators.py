"""Dominators against what they mean: without one, no way leads from the root to the node."""

from hypothesis import given
from hypothesis import strategies as st

from archtui.failure.dominators import UNREACHED, dominators_of, immediate_dominators


@st.composite
def graphs(draw: st.DrawFn) -> list[list[int]]:
    size = draw(st.integers(min_value=1, max_value=9))
    node = st.integers(min_value=0, max_value=size - 1)
    return [draw(st.lists(node, max_size=4)) for _ in range(size)]


def _reached(successors: list[list[int]], without: int | None = None) -> set[int]:
    if without == 0:
        return set()
    found, todo = {0}, [0]
    while todo:
        for after in successors[todo.pop()]:
            if after not in found and after != without:
                found.add(after)
                todo.append(after)
    return found


@given(graphs())
def test_a_node_dominates_exactly_what_its_removal_cuts_off(successors: list[list[int]]) -> None:
    immediate = immediate_dominators(successors)
    reached = _reached(successors)
    for node in range(len(successors)):
        if node not in reached:
            assert immediate[node] == UNREACHED
            assert dominators_of(node, immediate) == ()
            continue
        wanted = {cut for cut in reached if cut == node or node not in _reached(successors, cut)}
        chain = dominators_of(node, immediate)
        assert set(chain) == wanted
        assert (chain[0], chain[-1]) == (0, node)


def test_a_long_chain_needs_no_deep_stack() -> None:
    size = 20_000
    immediate = immediate_dominators([[i + 1] for i in range(size - 1)] + [[]])
    assert len(dominators_of(size - 1, immediate)) == size
