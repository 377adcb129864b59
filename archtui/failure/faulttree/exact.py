"""The probability of a top event alone, each module by the cheapest exact method."""

from __future__ import annotations

from collections.abc import Mapping

from archtui.failure.faulttree.bdd import TooLargeError
from archtui.failure.faulttree.bounds import Chances
from archtui.failure.faulttree.counting import module_chances
from archtui.failure.faulttree.graph import TRUE, Graph, Op, compile_tree
from archtui.failure.faulttree.modules import modules
from archtui.failure.faulttree.order import Part
from archtui.failure.faulttree.simplify import simplified
from archtui.failure.faulttree.solve import NODE_LIMIT, Solution, deep_recursion, solve_module
from archtui.failure.faulttree.tree import FaultTree, FaultTreeError


def exact_probability(tree: FaultTree, limit: int = NODE_LIMIT) -> float:
    """Return the probability of the top event of ``tree``.

    Raises :class:`TooLargeError` where no method is within ``limit`` diagram nodes, and
    :class:`FaultTreeError` where an event has no probability.
    """
    graph = simplified(compile_tree(tree))
    known: dict[str, float] = {}
    for name in graph.names.values():
        p = tree.events[name]
        if p is None:
            raise FaultTreeError(f"event {name!r} has no probability; give it one")
        known[name] = p
    return graph_probability(graph, known, limit)[0]


def graph_probability(graph: Graph, events: Mapping[str, float], limit: int) -> Chances:
    """Return the probability of the top event and of its opposite; raises :class:`TooLargeError`.

    A module is conditioned on what is shared in it where that is little, else its diagram is built;
    ``limit`` 0 builds none.
    """
    top = abs(graph.top)
    if top == TRUE:
        return (1.0, 0.0) if graph.top == TRUE else (0.0, 1.0)
    given: dict[int, Chances] = {node: (events[name], 1.0 - events[name]) for node, name in graph.names.items()}
    found = () if graph.ops[top] is Op.EVENT else modules(graph)
    closed = frozenset(found)
    bare = Solution(graph, [])
    with deep_recursion(len(graph.ops)):
        for node in found:
            part = Part(graph, node, closed)
            chances = module_chances(part, graph, given)
            if chances is None:
                module = solve_module(part, graph, bare, limit)
                limit -= len(module.bdd)
                true, false = module.chances(given)
                chances = (false, true) if module.turned else (true, false)
            given[node] = chances
    p, q = given[top]
    return (p, q) if graph.top > 0 else (q, p)


__all__ = ["TooLargeError", "exact_probability", "graph_probability"]
