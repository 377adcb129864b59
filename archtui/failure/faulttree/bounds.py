"""What can still be said of a tree that is too large to be solved exactly: bounds, and its short cut sets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations
from math import expm1, fsum, log1p, prod

from archtui.failure.faulttree.graph import FALSE, TRUE, Graph, Op

Bounds = tuple[float, float]
Chances = tuple[float, float]
"""The probability of a thing and that of its opposite."""
_HALF = 0.5
_MOST_SETS = 200_000


def gate_bounds(graph: Graph, events: Mapping[str, float]) -> Bounds:
    """Return figures between which the top event's probability lies.

    Without negations events are positively associated (Esary, Proschan and Walkup, 1967): all of some
    gates are true at least as often as the product says, one of them at most as often as if they were
    independent. With negations Frechet's bounds hold.
    """
    coherent = graph.coherent
    found: dict[int, Bounds] = {TRUE: (1.0, 1.0)}
    for node in range(2, len(graph.ops)):
        op = graph.ops[node]
        if op is Op.EVENT:
            p = events[graph.names[node]]
            found[node] = (p, p)
            continue
        parts = [_literal(found, literal) for literal in graph.args[node]]
        found[node] = _gate(op, graph.counts[node], parts, coherent)
    return _literal(found, graph.top)


def _literal(found: Mapping[int, Bounds], literal: int) -> Bounds:
    low, high = found[abs(literal)]
    return (low, high) if literal > 0 else (1.0 - high, 1.0 - low)


def _gate(op: Op, count: int, parts: list[Bounds], coherent: bool) -> Bounds:
    lows, highs = [low for low, _ in parts], [high for _, high in parts]
    if op is Op.AND:
        return prod(lows) if coherent else max(0.0, sum(lows) - len(lows) + 1), min(highs)
    if op is Op.OR:
        return max(lows), one_of(highs, [1.0 - p for p in highs])[0] if coherent else min(1.0, sum(highs))
    if op is Op.ATLEAST:
        strongest = sorted(lows, reverse=True)[:count]
        low = prod(strongest) if coherent else max(0.0, sum(strongest) - count + 1)
        return low, min(1.0, sum(highs) / count)
    return 0.0, 1.0


def one_of(failing: Sequence[float], working: Sequence[float]) -> Chances:
    """Return the probability that one of independent things fails, and that none does, both to full precision."""
    none = prod(working)
    if none < _HALF:
        return 1.0 - none, none
    return -expm1(fsum(log1p(-p) for p in failing)), none


def short_cut_sets(graph: Graph, order: int) -> tuple[tuple[int, ...], ...] | None:
    """Return all minimal cut sets of at most ``order`` events, from the gates alone; None: too many, or negations.

    Sets of more events are dropped at each gate, so the size of the tree does not matter.
    """
    if not graph.coherent:
        return None
    nothing, always = frozenset[int](), frozenset({frozenset[int]()})
    found: dict[int, frozenset[frozenset[int]]] = {TRUE: always, FALSE: frozenset()}
    for node in range(2, len(graph.ops)):
        op, args = graph.ops[node], graph.args[node]
        if op is Op.EVENT:
            found[node] = frozenset({frozenset({node})})
            continue
        count = len(args) if op is Op.AND else 1 if op is Op.OR else graph.counts[node]
        # rows[k]: the sets that make k of the arguments so far true.
        rows: list[frozenset[frozenset[int]]] = [frozenset({nothing}), *(frozenset() for _ in range(count))]
        for arg in args:
            for k in range(count, 0, -1):
                if len(rows[k - 1]) * len(found[arg]) > 20 * _MOST_SETS:
                    return None
                joined = {a | b for a in rows[k - 1] for b in found[arg]}
                rows[k] = _minimal(rows[k] | {sets for sets in joined if len(sets) <= order})
        if len(rows[count]) > _MOST_SETS:
            return None
        found[node] = rows[count]
    return tuple(sorted((tuple(sorted(one)) for one in found[graph.top]), key=lambda one: (len(one), one)))


def _minimal(sets: frozenset[frozenset[int]]) -> frozenset[frozenset[int]]:
    if frozenset() in sets:
        return frozenset({frozenset()})

    def has_smaller(one: frozenset[int]) -> bool:
        return any(frozenset(part) in sets for size in range(1, len(one)) for part in combinations(one, size))

    return frozenset(one for one in sets if not has_smaller(one))
