"""The minimal cut sets of a solved tree through all its modules: counts by order, short ones, likely ones."""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import prod

from archtui.failure.faulttree.cutsets import BASE, EMPTY, CutSets, Polynomial
from archtui.failure.faulttree.graph import TRUE
from archtui.failure.faulttree.solve import Module, Solution, deep_recursion

Nodes = tuple[int, ...]
"""The graph nodes of a cut set's events."""


@dataclass(frozen=True, slots=True)
class CutSet:
    """A set of events that together bring the top event about, and no part of which does."""

    events: tuple[str, ...]
    """Sorted by name."""
    probability: float | None
    """That all of them happen; None: not known for one of them."""


class Cuts:
    """The minimal cut sets of ``solution``; raises :class:`TooLargeError` where their diagrams outgrow ``limit``."""

    def __init__(self, solution: Solution, limit: int) -> None:
        self.solution = solution
        self.sets: dict[int, CutSets] = {}
        self.polynomials: dict[int, Polynomial] = {}
        left = limit
        with deep_recursion(len(solution.graph.ops)):
            for module in solution.modules:
                made = CutSets(module.bdd, module.root, left)
                left -= len(made.level)
                self.sets[module.node] = made
                self.polynomials[module.node] = made.by_order([self._polynomial(v) for v in module.variables])
        self._modules = {module.node: module for module in solution.modules}

    def _polynomial(self, node: int) -> Polynomial:
        return self.polynomials.get(node, (0, 1))

    def _top(self) -> Polynomial | int:
        """Return the node whose sets are the answer, or the answer where no diagram is needed."""
        if self.solution.always is not None:
            return (1,) if self.solution.always else ()
        if self.solution.top_is_turned:
            # The diagram is false while nothing fails, so its opposite holds then: the empty set is a cut set.
            return (1,)
        return abs(self.solution.graph.top)

    @property
    def by_order(self) -> Polynomial:
        """The number of minimal cut sets of order 0, 1, 2, ...; empty: there is none."""
        top = self._top()
        return top if isinstance(top, tuple) else self._polynomial(top)

    @property
    def count(self) -> int:
        """The number of minimal cut sets."""
        return sum(self.by_order)

    def up_to(self, order: int, most: int) -> tuple[Nodes, ...]:
        """Return the cut sets of at most ``order`` events, at most ``most`` of each order, short ones first."""
        top = self._top()
        if isinstance(top, tuple):
            return ((),) if top else ()
        least: dict[int, dict[int, int]] = {}
        for module in self.solution.modules:
            sizes = [self._least(v, least) for v in module.variables]
            least[module.node] = self.sets[module.node].smallest(sizes)
        found: list[Nodes] = []
        with deep_recursion(len(self.solution.graph.ops)):
            for exactly in range(1, order + 1):
                for number, nodes in enumerate(self._exactly(top, exactly, least)):
                    if number == most:
                        break
                    found.append(nodes)
        return tuple(found)

    def _least(self, node: int, least: Mapping[int, dict[int, int]]) -> int:
        return least[node][self.sets[node].root] if node in self.sets else 1

    def _exactly(self, node: int, order: int, least: Mapping[int, dict[int, int]]) -> Iterator[Nodes]:
        """Yield the sets of ``order`` events of an event or module."""
        if node not in self.sets:
            if order == 1:
                yield (node,)
            return
        yield from self._below(self._modules[node], self.sets[node].root, order, least)

    def _below(self, module: Module, at: int, order: int, least: Mapping[int, dict[int, int]]) -> Iterator[Nodes]:
        if at == EMPTY or least[module.node][at] > order:
            return
        if at == BASE:
            if order == 0:
                yield ()
            return
        cuts = self.sets[module.node]
        variable = module.variables[cuts.level[at]]
        high = cuts.high[at]
        shortest, longest = self._least(variable, least), len(self._polynomial(variable)) - 1
        for own in range(shortest, min(order, longest) + 1):
            if least[module.node][high] > order - own:
                break
            for here in self._exactly(variable, own, least):
                for rest in self._below(module, high, order - own, least):
                    yield (*here, *rest)
        yield from self._below(module, cuts.low[at], order, least)

    def likeliest(self, events: Mapping[str, float], most: int) -> tuple[Nodes, ...]:
        """Return the ``most`` likeliest cut sets, the likeliest first."""
        top = self._top()
        if isinstance(top, tuple):
            return ((),) if top else ()
        names = self.solution.graph.names
        best: dict[int, list[tuple[float, Nodes]]] = {node: [(events[name], (node,))] for node, name in names.items()}
        for module in self.solution.modules:
            cuts = self.sets[module.node]
            table: dict[int, list[tuple[float, Nodes]]] = {EMPTY: [], BASE: [(1.0, ())]}
            for at in cuts.nodes():
                here, rest = best[module.variables[cuts.level[at]]], table[cuts.high[at]]
                joined = ((p * q, (*a, *b)) for p, a in here for q, b in rest)
                table[at] = heapq.nsmallest(most, (*table[cuts.low[at]], *joined), key=_likely_first)
            best[module.node] = table[cuts.root]
        return tuple(nodes for _, nodes in best[top])

    def named(self, nodes: Nodes, events: Mapping[str, float | None]) -> CutSet:
        """Return a cut set with its events' names and its probability."""
        names = tuple(sorted(self.solution.graph.names[node] for node in nodes if node != TRUE))
        known = [p for name in names if (p := events[name]) is not None]
        return CutSet(names, prod(known) if len(known) == len(names) else None)


def _likely_first(item: tuple[float, Nodes]) -> tuple[float, int, Nodes]:
    return -item[0], len(item[1]), item[1]
