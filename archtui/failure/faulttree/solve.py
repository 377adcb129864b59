"""Solving a fault tree exactly: each module a diagram of its own, the results put together.

Probabilities are carried as those of failure, together with their complements, each summed from
products of non-negative terms: never 1 - (1 - u), which loses the digits of a small u.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from archtui.failure.faulttree.bdd import Bdd, TooLargeError
from archtui.failure.faulttree.bounds import Chances
from archtui.failure.faulttree.cutsets import CutSets
from archtui.failure.faulttree.graph import TRUE, Graph, Op
from archtui.failure.faulttree.modules import modules
from archtui.failure.faulttree.order import Part, orders

NODE_LIMIT = 1_500_000
"""The most nodes that all diagrams of a tree may have; some ten seconds of work."""
_FIRST_LIMITS = (2_000, 20_000, 150_000)
"""What each order is given in the first rounds, before any may take all that is left."""
_TRIES = 3
"""How many times the limit is spent on orders that turn out too large, before the tree is given up."""


@dataclass
class Module:
    """One solved module: its diagram over events and over the modules below it."""

    node: int
    variables: tuple[int, ...]
    """Graph nodes in the diagram's order."""
    bdd: Bdd
    root: int
    turned: bool
    """Whether the diagram is of the opposite, chosen so that it is false while nothing fails."""
    cuts: CutSets | None = None

    @property
    def nodes(self) -> tuple[int, ...]:
        """The diagram's nodes, each after those below it."""
        return self._nodes

    def __post_init__(self) -> None:
        self._nodes = self.bdd.below(self.root)

    def chances(self, given: Mapping[int, Chances]) -> Chances:
        """Return the probability that the diagram is true, and that it is false."""
        true, false = self.tables(given)
        return true[self.root], false[self.root]

    def tables(self, given: Mapping[int, Chances]) -> tuple[dict[int, float], dict[int, float]]:
        """Return for each node the probabilities that it is true and that it is false."""
        bdd = self.bdd
        true, false = {0: 0.0, 1: 1.0}, {0: 1.0, 1: 0.0}
        for f in self._nodes:
            p, q = given[self.variables[bdd.level[f]]]
            low, high = bdd.low[f], bdd.high[f]
            true[f] = p * true[high] + q * true[low]
            false[f] = p * false[high] + q * false[low]
        return true, false


@dataclass
class Solution:
    """A solved graph."""

    graph: Graph
    modules: list[Module]
    """Each after those it uses; none: the top event is a constant or one basic event."""
    constants: dict[int, bool] = field(default_factory=dict)
    """Modules that turned out to be always true or always false."""
    turned: dict[int, bool] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """The number of nodes in all diagrams."""
        return sum(len(module.nodes) for module in self.modules)

    @property
    def always(self) -> bool | None:
        """Whether the top event is certain or impossible by its logic; None: it depends."""
        top = self.graph.top
        if abs(top) == TRUE:
            return top == TRUE
        constant = self.constants.get(abs(top))
        return None if constant is None else constant == (top > 0)

    @property
    def top_is_turned(self) -> bool:
        """Whether the top event is the opposite of its module's diagram."""
        return (self.graph.top < 0) != self.turned.get(abs(self.graph.top), False)

    def chances(self, events: Mapping[str, float]) -> Chances:
        """Return the probability of the top event and of its opposite under the events' probabilities."""
        return self.all_chances(events)[1]

    def all_chances(self, events: Mapping[str, float]) -> tuple[dict[int, Chances], Chances]:
        """Return the probabilities of every event and module's diagram, and of the top event."""
        if self.always is not None:
            return {}, (1.0, 0.0) if self.always else (0.0, 1.0)
        given: dict[int, Chances] = {}
        for node, name in self.graph.names.items():
            p = events[name]
            given[node] = (p, 1.0 - p)
        for module in self.modules:
            given[module.node] = module.chances(given)
        p, q = given[abs(self.graph.top)]
        return given, (q, p) if self.top_is_turned else (p, q)


@contextmanager
def deep_recursion(levels: int) -> Iterator[None]:
    """Allow functions to call themselves once for each of ``levels`` variables."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(max(before, 4 * levels + 1_000))
    try:
        yield
    finally:
        sys.setrecursionlimit(before)


def solve(graph: Graph, limit: int = NODE_LIMIT) -> Solution:
    """Build the diagrams of ``graph``; raises :class:`TooLargeError` where they need more than ``limit`` nodes."""
    top = abs(graph.top)
    solution = Solution(graph, [])
    if top == TRUE or graph.ops[top] is Op.EVENT:
        return solution
    found = modules(graph)
    closed = frozenset(found)
    left = limit
    with deep_recursion(len(graph.ops)):
        for node in found:
            module = solve_module(Part(graph, node, closed), graph, solution, left)
            left -= len(module.bdd)
            if left < 0:
                raise TooLargeError
            if module.root < 2:
                solution.constants[node] = (module.root == 1) != module.turned
            else:
                solution.modules.append(module)
                solution.turned[node] = module.turned
    return solution


def solve_module(part: Part, graph: Graph, solution: Solution, limit: int) -> Module:
    """Build the diagram of one module, trying orders under growing limits; raises :class:`TooLargeError`.

    ``solution`` tells which modules below it are constants or turned.
    """
    limits = [first for first in _FIRST_LIMITS if first < limit]
    left = _TRIES * limit
    for most in (*limits, limit):
        for order in orders(part):
            if left < 0:
                raise TooLargeError
            try:
                return _built(part, graph, solution, order, most)
            except TooLargeError:
                left -= most
    raise TooLargeError


def _built(part: Part, graph: Graph, solution: Solution, order: Sequence[int], limit: int) -> Module:
    bdd = Bdd(limit)
    built: dict[int, int] = {}
    for level, node in enumerate(order):
        constant = solution.constants.get(node)
        built[node] = int(constant) if constant is not None else bdd.node(level, 0, 1)
        if constant is None and solution.turned.get(node):
            built[node] = bdd.complement(built[node])
    for node in part.args:
        args = [built[literal] if literal > 0 else bdd.complement(built[-literal]) for literal in graph.args[node]]
        built[node] = _combine(bdd, graph.ops[node], graph.counts[node])(args)
    root = built[part.root]
    turned = _true_at_rest(bdd, root)
    return Module(part.root, tuple(order), bdd, bdd.complement(root) if turned else root, turned)


def _combine(bdd: Bdd, op: Op, count: int) -> Callable[[list[int]], int]:
    if op is Op.AND:
        return lambda args: bdd.folded(bdd.conjunction, args, 1)
    if op is Op.OR:
        return lambda args: bdd.folded(bdd.disjunction, args, 0)
    if op is Op.XOR:
        return lambda args: bdd.folded(bdd.parity, args, 0)
    return lambda args: bdd.at_least(count, args)


def _true_at_rest(bdd: Bdd, root: int) -> bool:
    """Say whether ``root`` is true while nothing fails."""
    while root > 1:
        root = bdd.low[root]
    return root == 1


__all__ = ["NODE_LIMIT", "Chances", "Module", "Solution", "TooLargeError", "deep_recursion", "solve", "solve_module"]
