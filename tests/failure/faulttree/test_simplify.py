"""A graph made smaller says the same; trees as large as the published ones are solved in seconds."""

from __future__ import annotations

import random
from collections.abc import Mapping

import pytest

from archtui.failure.faulttree import FaultTree, Formula, all_of, analyse_tree, any_of
from archtui.failure.faulttree.graph import Graph, Op, compile_tree
from archtui.failure.faulttree.simplify import simplified
from tests.failure.faulttree import brute, shapes


def _true(graph: Graph, failed: Mapping[str, bool]) -> bool:
    value = {1: True}
    for node in range(2, len(graph.ops)):
        if graph.ops[node] is Op.EVENT:
            value[node] = failed[graph.names[node]]
            continue
        count = sum(value[abs(literal)] == (literal > 0) for literal in graph.args[node])
        wanted = {Op.AND: len(graph.args[node]), Op.OR: 1, Op.ATLEAST: graph.counts[node]}
        value[node] = count % 2 == 1 if graph.ops[node] is Op.XOR else count >= wanted[graph.ops[node]]
    return value[abs(graph.top)] == (graph.top > 0)


@pytest.mark.parametrize("seed", range(200))
def test_the_function_stays(seed: int) -> None:
    made = brute.random_tree(seed, most_events=10)
    graph = compile_tree(made)
    small = simplified(graph)
    names = sorted(made.events)
    for state in range(1 << len(names)):
        failed = {name: bool(state >> bit & 1) for bit, name in enumerate(names)}
        assert _true(small, failed) == _true(graph, failed)


def _of(top: Formula, **gates: Formula) -> FaultTree:
    return FaultTree("t", "top", {"top": top, **gates}, dict.fromkeys("abcdxyz", 0.1))


@pytest.mark.parametrize(
    ("made", "same"),
    [
        (_of(any_of("x", all_of("a", any_of("x", "b")))), _of(any_of("x", all_of("a", "b")))),
        (_of(all_of(any_of("x", "a"), any_of("x", "b"))), _of(any_of("x", all_of("a", "b")))),
        (_of(any_of(all_of("x", "a"), all_of("x", "b"))), _of(all_of("x", any_of("a", "b")))),
        (
            _of(any_of("g", all_of("a", "h")), g=all_of("x", "y"), h=any_of("g", "z")),
            _of(any_of(all_of("x", "y"), all_of("a", "z"))),
        ),
    ],
    ids=["settled event", "shared by all", "taken out", "settled gate"],
)
def test_each_rewriting(made: FaultTree, same: FaultTree) -> None:
    small, wanted = simplified(compile_tree(made)), compile_tree(same)
    assert (len(small.ops), sum(map(len, small.args))) == (len(wanted.ops), sum(map(len, wanted.args)))


def test_events_that_matter_no_more_are_told_without_weight() -> None:
    report = analyse_tree(_of(any_of("x", all_of("x", "a"))))
    assert report.events == 2
    assert [(item.event, item.birnbaum) for item in report.importance] == [("x", 1.0), ("a", 0.0)]


@pytest.mark.parametrize("made", [shapes.plant(3, 6, 2, 5, 4), shapes.plant(5, 6, 3, 5, 4)], ids=lambda tree: tree.name)
def test_large_trees_are_solved_as_their_simulation_says(made: FaultTree) -> None:
    """With figures made larger, and four standard deviations."""
    rng, draws = random.Random(1), 20_000
    odds: dict[str, float | None] = {name: 0.02 + 0.05 * rng.random() for name in made.events}
    made = FaultTree(made.name, made.top, made.gates, odds)
    report = analyse_tree(made)
    assert report.probability is not None
    assert report.cut_set_count is not None
    assert report.cut_set_count > 1_000_000
    drawn = {
        name: int("".join("1" if rng.random() < (p or 0.0) else "0" for _ in range(draws)), 2)
        for name, p in odds.items()
    }
    hits = brute.evaluated(made, drawn, (1 << draws) - 1).bit_count()
    spread = (report.probability * (1 - report.probability) / draws) ** 0.5
    assert abs(hits / draws - report.probability) <= 4 * spread


@pytest.mark.parametrize("seed", range(12))
def test_tangled_trees_are_solved(seed: int) -> None:
    report = analyse_tree(shapes.tangle(seed, 120 + 15 * seed, 0.3, 0.2, (1, 1.5, 0.1)))
    assert report.probability is not None
    assert report.cut_set_count is not None
    assert sum(report.cut_sets_by_order) == report.cut_set_count
