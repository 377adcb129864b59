"""A fault tree's graph made smaller before it is solved, the top event's function unchanged.

What matters about a gate hangs on where it stands: below ``x OR f`` it makes no difference what f does
once x has happened, so inside f alone x counts as working. Literals that always stand together become
one gate, which is a module; what all arguments of a gate share is taken out of them. The rewritings
are those of fault tree engines: Niemela, "On simplification of large fault trees" (Reliability
Engineering and System Safety 44, 1994); Rakhimov, SCRAM (2018), preprocessor.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from archtui.failure.faulttree.graph import FALSE, TRUE, Graph, Op, coalesced

_ROUNDS = 12
_DUAL = {Op.AND: Op.OR, Op.OR: Op.AND}


def simplified(graph: Graph) -> Graph:
    """Return a graph of the same top event, rewritten until nothing changes (or a number of rounds is spent)."""
    for _ in range(_ROUNDS):
        before = _shape(graph)
        graph = coalesced(_settled(graph))
        graph = coalesced(_taken_out(graph))
        graph = coalesced(_drawn_together(graph))
        if _shape(graph) == before:
            break
    return graph


def _shape(graph: Graph) -> tuple[int, int, int]:
    return len(graph.ops), sum(map(len, graph.args)), graph.top


class _Copy:
    """A graph that is made from another node by node."""

    def __init__(self, graph: Graph) -> None:
        self.old = graph
        self.graph = Graph()
        self.new: dict[int, int] = {TRUE: TRUE}

    def literal(self, literal: int) -> int:
        """Return what became of ``literal``."""
        return self.new[literal] if literal > 0 else -self.new[-literal]

    def event(self, node: int) -> None:
        """Take an event over."""
        self.new[node] = self.graph.event(self.old.names[node])

    def gate(self, node: int, args: Iterable[int]) -> None:
        """Take a gate over with ``args``, literals of the new graph."""
        op = self.old.ops[node]
        if op is Op.XOR:
            self.new[node] = self.graph.parity(args)
        elif op is Op.ATLEAST:
            self.new[node] = self.graph.at_least(self.old.counts[node], args)
        else:
            self.new[node] = self.graph.junction(op, args)

    def finished(self) -> Graph:
        """Return the new graph."""
        self.graph.top = self.literal(self.old.top)
        return self.graph


def _settled(graph: Graph) -> Graph:
    """Replace what is settled wherever a gate matters by a constant.

    For each node: which nodes are false (or true) on every way from the top on which it matters. Each
    such way goes through a gate that has the settled node as an argument itself, and keeps it.
    """
    used = graph.parents()
    size = len(graph.ops)
    everything = (1 << size) - 1
    false, true = [everything] * size, [everything] * size
    top = abs(graph.top)
    false[top] = true[top] = 0
    for node in range(top, 1, -1):
        if not used[node] or false[node] == everything:
            continue
        op, args = graph.ops[node], graph.args[node]
        here_false, here_true = false[node], true[node]
        if op not in _DUAL:
            for literal in args:
                child = abs(literal)
                false[child] &= here_false
                true[child] &= here_true
            continue
        # In an OR the others are false where one matters, in an AND they are true.
        off = on = 0
        for literal in args:
            if (literal > 0) is (op is Op.OR):
                off |= 1 << abs(literal)
            else:
                on |= 1 << abs(literal)
        if off & here_true or on & here_false:
            continue  # One argument decides it, so the others do not matter.
        for literal in args:
            child = abs(literal)
            itself = ~(1 << child)
            false[child] &= here_false | off & itself
            true[child] &= here_true | on & itself
    copy = _Copy(graph)
    for node in range(2, size):
        if not used[node]:
            continue
        if graph.ops[node] is Op.EVENT:
            copy.event(node)
            continue
        kept: list[int] = []
        for literal in graph.args[node]:
            child = abs(literal)
            if false[node] == everything:
                kept.append(copy.literal(literal))
            elif false[node] >> child & 1:
                kept.append(FALSE if literal > 0 else TRUE)
            elif true[node] >> child & 1:
                kept.append(TRUE if literal > 0 else FALSE)
            else:
                kept.append(copy.literal(literal))
        copy.gate(node, kept)
    return copy.finished()


def _taken_out(graph: Graph) -> Graph:
    """Turn ``(a OR x) AND (a OR y)`` into ``a OR (x AND y)``, and the other way round, where nothing else uses them."""
    used = graph.parents()
    copy = _Copy(graph)
    for node in range(2, len(graph.ops)):
        if not used[node]:
            continue
        op = graph.ops[node]
        if op is Op.EVENT:
            copy.event(node)
        elif op in _DUAL:
            dual = _DUAL[op]
            inner = [arg for arg in graph.args[node] if arg > 0 and graph.ops[arg] is dual and used[arg] == 1]
            plain = [copy.literal(arg) for arg in graph.args[node] if arg not in set(inner)]
            groups = [tuple(dict.fromkeys(map(copy.literal, graph.args[arg]))) for arg in inner]
            copy.new[node] = copy.graph.junction(op, (*plain, *_factored(copy.graph, op, groups)))
        else:
            copy.gate(node, map(copy.literal, graph.args[node]))
    return copy.finished()


def _factored(graph: Graph, op: Op, groups: list[tuple[int, ...]]) -> list[int]:
    """Return the literals of ``groups``, each joined by the dual of ``op``, what most of them share taken out."""
    dual = _DUAL[op]
    shares = Counter(literal for group in groups for literal in group)
    most = max(shares.values(), default=0)
    if most < 2:
        return [graph.junction(dual, group) for group in groups]
    first = min(literal for literal, count in shares.items() if count == most)
    those = [group for group in groups if first in group]
    common = [literal for literal in those[0] if all(literal in group for group in those)]
    rest = [tuple(literal for literal in group if literal not in common) for group in those]
    inner = graph.junction(op, _factored(graph, op, rest)) if all(rest) else (TRUE if dual is Op.AND else FALSE)
    made = graph.junction(dual, (*common, inner))
    return [made, *_factored(graph, op, [group for group in groups if first not in group])]


def _drawn_together(graph: Graph) -> Graph:
    """Make one gate of literals that stand in the same gates, all ANDs or all ORs."""
    used = graph.parents()
    places: dict[int, list[int]] = {}
    for node in range(2, len(graph.ops)):
        if used[node]:
            for literal in graph.args[node]:
                places.setdefault(literal, []).append(node)
    together: dict[tuple[int, ...], list[int]] = {}
    for literal, nodes in places.items():
        ops = {graph.ops[node] for node in nodes}
        if len(nodes) > 1 and len(ops) == 1 and ops <= _DUAL.keys():
            together.setdefault(tuple(nodes), []).append(literal)
    joined: dict[int, int] = {}
    groups = [literals for literals in together.values() if len(literals) > 1]
    for number, literals in enumerate(groups):
        joined.update(dict.fromkeys(literals, number))
    copy = _Copy(graph)
    for node in range(2, len(graph.ops)):
        if not used[node]:
            continue
        if graph.ops[node] is Op.EVENT:
            copy.event(node)
            continue
        args: list[int] = []
        for literal in graph.args[node]:
            if literal in joined:
                args.append(copy.graph.junction(graph.ops[node], map(copy.literal, groups[joined[literal]])))
            else:
                args.append(copy.literal(literal))
        copy.gate(node, args)
    return copy.finished()
