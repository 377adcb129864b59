"""Fault trees whose answers are known, and random ones against the truth table."""

from __future__ import annotations

import re
from math import comb, fsum

import pytest

from archtui.failure.faulttree import (
    FaultTree,
    FaultTreeError,
    Formula,
    Gate,
    TreeReport,
    all_of,
    analyse_tree,
    any_of,
    at_least,
    exact_probability,
)
from archtui.failure.faulttree.graph import compile_tree
from archtui.failure.faulttree.listing import Cuts
from archtui.failure.faulttree.modules import modules
from archtui.failure.faulttree.solve import solve
from tests.failure.faulttree import brute

EXACT = 1e-12


def tree(top: Formula, q: float | dict[str, float | None], **gates: Formula) -> FaultTree:
    """Return a tree over single capital letters."""
    found = {"top": top, **gates}
    names = sorted({part for formula in found.values() for part in _letters(formula) if part not in found})
    return FaultTree("t", "top", found, q if isinstance(q, dict) else dict.fromkeys(names, q))


def _letters(formula: Formula) -> list[str]:
    if isinstance(formula, Gate):
        return [name for arg in formula.args for name in _letters(arg)]
    return [formula] if isinstance(formula, str) else []


BRIDGE = any_of(all_of("A", "B"), all_of("C", "D"), all_of("A", "E", "D"), all_of("C", "E", "B"))


@pytest.mark.parametrize("q", [0.1, 1e-3, 1e-7])
def test_the_bridge_of_barlow_and_proschan(q: float) -> None:
    """Statistical Theory of Reliability and Life Testing (1975), ch. 2: h(p) = 2p2 + 2p3 - 5p4 + 2p5."""
    want = 2 * q**2 + 2 * q**3 - 5 * q**4 + 2 * q**5
    report = analyse_tree(tree(BRIDGE, q))
    assert report.probability == pytest.approx(want, rel=EXACT)
    assert report.cut_sets_by_order == (0, 0, 2, 2)


@pytest.mark.parametrize(("k", "n"), [(2, 3), (3, 5), (1, 4), (4, 4), (5, 12)])
def test_k_of_n_is_a_binomial_tail(k: int, n: int) -> None:
    names = [f"e{i}" for i in range(n)]
    q = 0.01
    want = fsum(comb(n, i) * q**i * (1 - q) ** (n - i) for i in range(k, n + 1))
    made = FaultTree("t", "top", {"top": at_least(k, *names)}, dict.fromkeys(names, q))
    assert analyse_tree(made).probability == pytest.approx(want, rel=EXACT)
    assert exact_probability(made) == pytest.approx(want, rel=EXACT)
    assert analyse_tree(made).cut_sets_by_order == (*[0] * k, comb(n, k))


def test_series_and_parallel() -> None:
    """Series: 1 - product of (1 - q); parallel: product of q (any textbook, e.g. Rausand and Hoyland, ch. 4)."""
    made = tree(any_of("A", all_of("B", "C"), "D"), {"A": 1e-9, "B": 1e-3, "C": 2e-3, "D": 3e-9})
    want = 1e-9 + 3e-9 + 2e-6 - 1e-9 * 3e-9 - 4e-9 * 2e-6 + 1e-9 * 3e-9 * 2e-6
    assert analyse_tree(made).probability == pytest.approx(want, rel=EXACT)


def test_small_figures_keep_their_digits() -> None:
    """The trap of 1 - (1 - u): a product of small figures is not lost beside 1."""
    made = tree(all_of("A", "B", "C"), 1e-9)
    assert analyse_tree(made).probability == pytest.approx(1e-27, rel=EXACT)
    assert exact_probability(made) == pytest.approx(1e-27, rel=EXACT)


def test_six_instances_in_one_zone_are_no_better_than_the_zone() -> None:
    """The independence trap: the product formula says 1.76e-14."""
    names = [f"i{n}" for n in range(6)]
    gates: dict[str, Formula] = {"top": all_of(*(any_of(name, "zone") for name in names))}
    made = FaultTree("t", "top", gates, {**dict.fromkeys(names, 5e-3), "zone": 1e-4})
    want = 1e-4 + (1 - 1e-4) * 5e-3**6
    assert analyse_tree(made).probability == pytest.approx(want, rel=EXACT)
    assert exact_probability(made) == pytest.approx(want, rel=EXACT)
    assert f"{want:.1e}" == "1.0e-04"


@pytest.mark.parametrize("seed", range(150))
def test_random_trees_equal_their_truth_table(seed: int) -> None:
    made = brute.random_tree(seed, most_events=12)
    want = brute.probability(made)
    report = analyse_tree(made)
    assert report.probability == pytest.approx(want, rel=EXACT)
    assert exact_probability(made) == pytest.approx(want, rel=EXACT)
    cuts = Cuts(solve(compile_tree(made)), 100_000)
    names = cuts.solution.graph.names
    listed = [frozenset(names[node] for node in nodes) for nodes in cuts.up_to(12, 1 << 20)]
    assert set(listed) == brute.cut_sets(made)
    assert len(listed) == report.cut_set_count


@pytest.mark.parametrize("seed", range(200, 240))
def test_importance_is_what_settling_the_event_does(seed: int) -> None:
    made = brute.random_tree(seed, most_events=9)
    report = analyse_tree(made)
    top = brute.probability(made)
    for item in report.importance:
        happened, never = (
            brute.probability(FaultTree("t", made.top, made.gates, {**made.events, item.event: p})) for p in (1.0, 0.0)
        )
        assert item.birnbaum == pytest.approx(happened - never, rel=1e-9, abs=1e-15)
        assert item.fussell_vesely == pytest.approx((top - never) / top, rel=1e-9, abs=1e-12)
        assert item.raw == pytest.approx(happened / top, rel=1e-9, abs=1e-12)
        if item.rrw is not None and never > 1e-12 * top:
            assert item.rrw == pytest.approx(top / never, rel=1e-9)


@pytest.mark.parametrize("seed", range(300, 330))
def test_the_likeliest_cut_sets_come_first(seed: int) -> None:
    made = brute.random_tree(seed, most_events=10)
    odds = []
    for cut in brute.cut_sets(made):
        p = 1.0
        for name in cut:
            p *= made.events[name] or 0.0
        odds.append(p)
    shown = [cut.probability for cut in analyse_tree(made, most=5).cut_sets]
    assert shown == pytest.approx(sorted(odds, reverse=True)[:5], rel=1e-9)


def test_modules_are_found_by_their_dates() -> None:
    gates: dict[str, Formula] = {
        "top": any_of("m", all_of("x", "y")),
        "m": all_of("C", "D"),
        "x": any_of("A", "B"),
        "y": any_of("A", "E"),
    }
    graph = compile_tree(FaultTree("t", "top", gates, dict.fromkeys("ABCDE", 0.1)))
    found = {frozenset(graph.args[node]) for node in modules(graph)}
    by_name = {name: node for node, name in graph.names.items()}
    assert frozenset((by_name["C"], by_name["D"])) in found
    assert frozenset((by_name["A"], by_name["B"])) not in found
    assert len(found) == 3


def test_a_tree_without_probabilities_is_counted_only() -> None:
    report = analyse_tree(tree(BRIDGE, {"A": None, "B": 0.1, "C": 0.1, "D": 0.1, "E": None}))
    assert (report.probability, report.cut_set_count, report.importance) == (None, 4, ())
    assert "2 of 5 events have no probability (A, E)" in report.notes[0]


def _hard(n: int) -> FaultTree:
    """Return a tree whose diagram is large in every order: pairs of a grid's rows and columns."""
    rows = [any_of(*(f"e{i}_{j}" for j in range(n))) for i in range(n)]
    columns = [any_of(*(f"e{i}_{j}" for i in range(n))) for j in range(n)]
    events = {f"e{i}_{j}": 0.01 * (1 + i + j) for i in range(n) for j in range(n)}
    return FaultTree("grid", "top", {"top": all_of(*rows, *columns)}, dict(events))


def test_what_is_too_large_is_said_with_bounds_that_hold() -> None:
    made = _hard(5)
    exact = analyse_tree(made)
    few = analyse_tree(made, limit=20)
    assert exact.probability is not None
    assert few.probability is None
    assert few.cut_set_count is None
    assert few.bounds is not None
    assert few.bounds[0] <= exact.probability <= few.bounds[1]
    assert "Unknown: too large" in few.notes[-1]


@pytest.mark.parametrize("seed", range(400, 460))
def test_bounds_hold_and_short_cut_sets_are_complete(seed: int) -> None:
    made = brute.random_tree(seed, most_events=10)
    few: TreeReport = analyse_tree(made, limit=0, most=1 << 20)
    want = brute.probability(made)
    if few.bounds:
        assert few.bounds[0] <= want * (1 + EXACT)
        assert few.bounds[1] >= want * (1 - EXACT)
    if few.cut_set_count is None and few.cut_sets_by_order:
        most = len(few.cut_sets_by_order) - 1
        assert {frozenset(cut.events) for cut in few.cut_sets} == {
            cut for cut in brute.cut_sets(made) if len(cut) <= most
        }


def test_alike_instances_are_counted_not_listed() -> None:
    """A thousand instances in each of three zones, two thousand needed."""
    names = {zone: [f"{zone}{i}" for i in range(1000)] for zone in "abc"}
    parts = [any_of(name, f"zone-{zone}") for zone, some in names.items() for name in some]
    events: dict[str, float | None] = {name: 5e-3 for some in names.values() for name in some}
    events |= dict.fromkeys((f"zone-{zone}" for zone in "abc"), 1e-4)
    made = FaultTree("t", "top", {"top": at_least(1001, *parts)}, events)
    u = 1e-4
    one_zone_left_out = 1.0 - (1.0 - 5e-3) ** 2000  # any of the 2,000 others fails
    two = 3 * u**2 * (1 - u) + u**3
    assert exact_probability(made) == pytest.approx(3 * u * (1 - u) ** 2 * one_zone_left_out + two, rel=1e-11)


@pytest.mark.parametrize(
    ("gates", "message"),
    [
        ({"top": any_of("A", "nix")}, "gate 'top' uses 'nix', which is not defined"),
        ({"top": any_of("g", "A"), "g": all_of("top", "A")}, "the gates go in a circle: top > g > top"),
        ({"top": Gate("not", ("A", "B"))}, "'not' takes one argument, it has 2"),
        ({"top": Gate("xor", ("A",))}, "'xor' takes two arguments, it has 1"),
        ({"top": at_least(3, "A", "B")}, "'atleast' asks for 3 of 2 arguments"),
        ({"top": any_of()}, "takes one argument or more"),
        ({"other": any_of("A")}, "the top event 'top' is not defined"),
    ],
)
def test_what_means_nothing_is_refused(gates: dict[str, Formula], message: str) -> None:
    with pytest.raises(FaultTreeError, match=re.escape(message)):
        compile_tree(FaultTree("t", "top", gates, {"A": 0.1, "B": 0.1}))


def test_the_same_answer_every_time_and_deep_trees_too() -> None:
    gates: dict[str, Formula] = {"g0": any_of("A", "B")}
    for i in range(1, 1000):
        gates[f"g{i}"] = Gate("and" if i % 2 else "or", (f"g{i - 1}", f"e{i}"))
    gates["top"] = any_of("g999")
    events: dict[str, float | None] = {"A": 0.5, "B": 0.5, **{f"e{i}": 0.5 for i in range(1, 1000)}}
    made = FaultTree("deep", "top", gates, events)
    assert analyse_tree(made) == analyse_tree(made)
