"""Reduced ordered binary decision diagrams over integers (Bryant, 1986), with a limit on their size."""

from __future__ import annotations

from collections.abc import Callable, Sequence

_SHIFT = 30
TERMINAL = 1 << _SHIFT
"""The level of the two constants, below every variable."""


class TooLargeError(Exception):
    """The diagram outgrew its limit; a better order, or bounds, may still help."""


class Bdd:
    """The nodes of one diagram over variables 0, 1, ... in this order; 0 is false and 1 is true.

    A node is a position in ``level``, ``low`` (the variable false) and ``high``.
    """

    def __init__(self, limit: int) -> None:
        self.level = [TERMINAL, TERMINAL]
        self.low = [0, 1]
        self.high = [0, 1]
        self.limit = limit
        self._unique: dict[int, dict[int, int]] = {}
        self._complements: dict[int, int] = {0: 1, 1: 0}
        self.conjunction = self._apply(0)
        self.disjunction = self._apply(1)

    def __len__(self) -> int:
        return len(self.level)

    def node(self, level: int, low: int, high: int) -> int:
        """Return the node that tests ``level``."""
        if low == high:
            return low
        unique = self._unique.get(level)
        if unique is None:
            unique = self._unique[level] = {}
        key = low << _SHIFT | high
        found = unique.get(key)
        if found is None:
            found = unique[key] = len(self.level)
            if found > self.limit:
                raise TooLargeError
            self.level.append(level)
            self.low.append(low)
            self.high.append(high)
        return found

    def _apply(self, absorbing: int) -> Callable[[int, int], int]:
        """Return AND (``absorbing`` 0) or OR (1) of two nodes."""
        levels, lows, highs = self.level, self.low, self.high
        known: dict[int, int] = {}
        node = self.node
        neutral = 1 - absorbing
        most = 4 * self.limit

        def apply(f: int, g: int) -> int:
            if f > g:
                f, g = g, f
            if f < 2:
                if f == neutral:
                    return g
                if f == absorbing or g == absorbing:
                    return absorbing
                return f if g == neutral else g
            if f == g:
                return f
            key = f << _SHIFT | g
            found = known.get(key)
            if found is not None:
                return found
            at, other = levels[f], levels[g]
            if at == other:
                low, high = apply(lows[f], lows[g]), apply(highs[f], highs[g])
            elif at < other:
                low, high = apply(lows[f], g), apply(highs[f], g)
            else:
                at = other
                low, high = apply(f, lows[g]), apply(f, highs[g])
            if len(known) > most:
                raise TooLargeError
            found = known[key] = low if low == high else node(at, low, high)
            return found

        return apply

    def complement(self, f: int) -> int:
        """Return NOT ``f``."""
        known, levels, lows, highs = self._complements, self.level, self.low, self.high

        def turn(f: int) -> int:
            found = known.get(f)
            if found is None:
                found = known[f] = self.node(levels[f], turn(lows[f]), turn(highs[f]))
                known[found] = f
            return found

        return turn(f)

    def choice(self, test: int, then: int, other: int) -> int:
        """Return ``then`` where ``test`` is true and ``other`` elsewhere."""
        if then == other:
            return then
        levels = self.level
        if (
            test > 1
            and self.low[test] == 0
            and self.high[test] == 1
            and levels[test] < min(levels[then], levels[other])
        ):
            return self.node(levels[test], other, then)
        return self.disjunction(self.conjunction(test, then), self.conjunction(self.complement(test), other))

    def parity(self, f: int, g: int) -> int:
        """Return ``f`` XOR ``g``."""
        return self.choice(f, self.complement(g), g)

    def at_least(self, count: int, arguments: Sequence[int]) -> int:
        """Return what is true when ``count`` or more of ``arguments`` are, counting an argument as often as given."""
        ordered = sorted(arguments, key=lambda f: (self.level[f], f))
        row = [1] + [0] * count
        for done, argument in enumerate(reversed(ordered), 1):
            row = [
                1 if k == 0 else 0 if k > done else self.choice(argument, row[k - 1], row[k]) for k in range(count + 1)
            ]
        return row[count]

    def folded(self, apply: Callable[[int, int], int], arguments: Sequence[int], neutral: int) -> int:
        """Return all ``arguments`` combined, the lowest variables first, so that chains are built from their end."""
        result = neutral
        for argument in sorted(arguments, key=lambda f: (-self.level[f], f)):
            result = apply(argument, result)
        return result

    def below(self, root: int) -> tuple[int, ...]:
        """Return the nodes of ``root`` without the constants, each after those below it."""
        levels, lows, highs = self.level, self.low, self.high
        seen = {0, 1}
        found: list[int] = []
        stack = [root]
        while stack:
            f = stack.pop()
            if f not in seen:
                seen.add(f)
                found.append(f)
                stack.append(lows[f])
                stack.append(highs[f])
        return tuple(sorted(found, key=lambda f: -levels[f]))
