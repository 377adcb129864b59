"""Minimal cut sets as a zero-suppressed diagram: counted by order without being listed, and listed as far as asked.

Rauzy, "New algorithms for fault trees analysis" (Reliability Engineering and System Safety 40, 1993):
the minimal solutions of x ? F1 : F0 are those of F0, and x with those of F1 that none of F0's is part
of. For a tree with negations these are the minimal sets of failed events that bring the top event
about while everything else works (Rauzy, "Mathematical foundations of minimal cutsets", IEEE
Transactions on Reliability 50(4), 2001).
"""

from __future__ import annotations

from collections.abc import Sequence

from archtui.failure.faulttree.bdd import TERMINAL, Bdd, TooLargeError

EMPTY = 0
"""No set."""
BASE = 1
"""The empty set alone."""
_SHIFT = 30

Polynomial = tuple[int, ...]
"""How many sets there are of order 0, 1, 2, ..."""


class CutSets:
    """The minimal solutions of one diagram, over the same variables."""

    def __init__(self, bdd: Bdd, root: int, limit: int) -> None:
        self.level = [TERMINAL, TERMINAL]
        self.low = [0, 1]
        self.high = [0, 1]
        self.limit = limit
        self._unique: dict[tuple[int, int, int], int] = {}
        self._known: dict[int, int] = {}
        minimal = {0: EMPTY, 1: BASE}
        for f in bdd.below(root):
            low = minimal[bdd.low[f]]
            high = self._without(minimal[bdd.high[f]], low)
            minimal[f] = self._node(bdd.level[f], low, high)
        self.root = minimal[root]

    def _node(self, level: int, low: int, high: int) -> int:
        if high == EMPTY:
            return low
        key = (level, low, high)
        found = self._unique.get(key)
        if found is None:
            found = self._unique[key] = len(self.level)
            if found > self.limit:
                raise TooLargeError
            self.level.append(level)
            self.low.append(low)
            self.high.append(high)
        return found

    def _without(self, sets: int, minus: int) -> int:
        """Return those of ``sets`` that no set of ``minus`` is part of."""
        if sets in (EMPTY, minus) or minus == BASE:
            return EMPTY
        if minus == EMPTY or sets == BASE:
            return sets
        key = sets << _SHIFT | minus
        found = self._known.get(key)
        if found is not None:
            return found
        level, other = self.level[sets], self.level[minus]
        if level < other:
            found = self._node(level, self._without(self.low[sets], minus), self._without(self.high[sets], minus))
        elif level > other:
            found = self._without(sets, self.low[minus])
        else:
            low = self._without(self.low[sets], self.low[minus])
            high = self._without(self._without(self.high[sets], self.high[minus]), self.low[minus])
            found = self._node(level, low, high)
        if len(self._known) > 8 * self.limit:
            raise TooLargeError
        self._known[key] = found
        return found

    def nodes(self) -> tuple[int, ...]:
        """Return the nodes of the result without the constants, each after those below it."""
        seen = {0, 1}
        found: list[int] = []
        stack = [self.root]
        while stack:
            node = stack.pop()
            if node not in seen:
                seen.add(node)
                found.append(node)
                stack += (self.low[node], self.high[node])
        return tuple(sorted(found, key=lambda node: -self.level[node]))

    def by_order(self, variables: Sequence[Polynomial]) -> Polynomial:
        """Return the number of sets by order, where variable i stands for ``variables[i]`` sets."""
        counts: dict[int, Polynomial] = {EMPTY: (), BASE: (1,)}
        for node in self.nodes():
            high = counts[self.high[node]]
            polynomial = variables[self.level[node]]
            shifted = (0, *high) if polynomial == (0, 1) else _product(polynomial, high)
            counts[node] = _sum(counts[self.low[node]], shifted)
        return counts[self.root]

    def smallest(self, variables: Sequence[int]) -> dict[int, int]:
        """Return the least order below each node, where a set of variable i has at least ``variables[i]`` events."""
        least = {EMPTY: 1 << 60, BASE: 0}
        for node in self.nodes():
            least[node] = min(least[self.low[node]], least[self.high[node]] + variables[self.level[node]])
        return least


def _sum(a: Polynomial, b: Polynomial) -> Polynomial:
    if len(a) < len(b):
        a, b = b, a
    return (*(x + y for x, y in zip(a, b, strict=False)), *a[len(b) :])


def _product(a: Polynomial, b: Polynomial) -> Polynomial:
    if not a or not b:
        return ()
    result = [0] * (len(a) + len(b) - 1)
    for i, x in enumerate(a):
        if x:
            for j, y in enumerate(b):
                result[i + j] += x * y
    return tuple(result)
