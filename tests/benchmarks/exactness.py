"""Is the arithmetic exact? Random fault trees, and designs, of up to 18 events against the truth table.

``python -m tests.benchmarks.exactness [COUNT] [FIRST SEED]``: probability by diagrams and by
conditioning, minimal cut sets, importance. With ``--designs`` in front: the availability of whole
designs, learned from the tracer, against the enumeration of all states. Prints the worst relative
difference.
"""

from __future__ import annotations

import sys
import time

from archtui.failure.availability import resilience
from archtui.failure.faulttree import analyse_tree, exact_probability
from archtui.failure.faulttree.graph import compile_tree
from archtui.failure.faulttree.listing import Cuts
from archtui.failure.faulttree.solve import solve
from tests.failure.faulttree import brute
from tests.failure.random_designs import random_design


def difference(a: float, b: float) -> float:
    """Return the relative difference of two figures."""
    return abs(a - b) / max(abs(a), abs(b)) if a != b else 0.0


def main(count: int, first: int) -> int:
    """Compare ``count`` trees; the exit status is 1 where one differs by more than 1e-12, or in its cut sets."""
    start = time.perf_counter()
    worst = 0.0
    wrong = 0
    largest = 0
    for seed in range(first, first + count):
        tree = brute.random_tree(seed)
        want = brute.probability(tree)
        report = analyse_tree(tree)
        assert report.probability is not None
        off = max(difference(report.probability, want), difference(exact_probability(tree), want))
        cuts = Cuts(solve(compile_tree(tree)), 1_000_000)
        names = cuts.solution.graph.names
        found = [frozenset(names[node] for node in nodes) for nodes in cuts.up_to(18, 1 << 20)]
        sets = brute.cut_sets(tree)
        same = set(found) == sets and len(found) == len(sets) == report.cut_set_count
        worst = max(worst, off)
        largest = max(largest, len(sets))
        if off > 1e-12 or not same:
            wrong += 1
            print(
                f"seed {seed}: {report.probability!r}, not {want!r}; cut sets {'as' if same else 'NOT as'} enumerated"
            )
    seconds = time.perf_counter() - start
    print(
        f"{count} trees in {seconds:.0f} s: {wrong} wrong, worst relative difference {worst:.1e},"
        f" at most {largest} cut sets"
    )
    return 1 if wrong else 0


def designs(count: int, first: int) -> int:
    """Compare the availability of ``count`` designs; the exit status is 1 where one differs by more than 1e-12."""
    start = time.perf_counter()
    worst, wrong, compared, most = 0.0, 0, 0, 0
    seed = first
    while compared < count:
        (figures,) = resilience(random_design(seed), disruptions=False)
        seed += 1
        if figures.structure is None or len(figures.structure.tree.events) > 18:
            continue
        compared += 1
        most = max(most, len(figures.structure.tree.events))
        assert figures.unavailability is not None
        off = difference(figures.unavailability, brute.probability(figures.structure.tree))
        worst = max(worst, off)
        wrong += off > 1e-12
    seconds = time.perf_counter() - start
    print(
        f"{count} designs of up to {most} events in {seconds:.0f} s: {wrong} wrong,"
        f" worst relative difference {worst:.1e}"
    )
    return 1 if wrong else 0


if __name__ == "__main__":
    words = [word for word in sys.argv[1:] if word != "--designs"]
    given = [int(word) for word in words]
    if "--designs" in sys.argv:
        sys.exit(designs(*(given + [2_000, 0][len(given) :])))
    sys.exit(main(*(given + [2_500, 0][len(given) :])))
