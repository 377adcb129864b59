"""A fault tree as a graph of integers: constants gone, equal gates one, nested gates of one kind coalesced.

A literal is a node's number, negative where it is negated. Node 1 is the constant true.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import IntEnum

from archtui.failure.faulttree.tree import FaultTree, FaultTreeError, Formula, Gate

TRUE = 1
FALSE = -1
MAX_NESTING = 400
"""How deep formulae may stand in each other inside one gate."""


class Op(IntEnum):
    """What a node is."""

    CONSTANT = 0
    EVENT = 1
    AND = 2
    OR = 3
    ATLEAST = 4
    XOR = 5


@dataclass
class Graph:
    """Nodes by number, each after those it uses; filled by :func:`compile_tree`, then only read."""

    ops: list[Op] = field(default_factory=lambda: [Op.CONSTANT, Op.CONSTANT])
    args: list[tuple[int, ...]] = field(default_factory=lambda: [(), ()])
    counts: list[int] = field(default_factory=lambda: [0, 0])
    """For an ATLEAST: how many arguments have to be true."""
    names: dict[int, str] = field(default_factory=dict)
    """The events' names."""
    top: int = FALSE
    _known: dict[tuple[Op, tuple[int, ...], int], int] = field(default_factory=dict)

    def event(self, name: str) -> int:
        """Add an event."""
        node = self._add(Op.EVENT, (), 0)
        self.names[node] = name
        return node

    def _add(self, op: Op, args: tuple[int, ...], count: int) -> int:
        self.ops.append(op)
        self.args.append(args)
        self.counts.append(count)
        return len(self.ops) - 1

    def _node(self, op: Op, args: tuple[int, ...], count: int = 0) -> int:
        key = (op, args, count)
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = self._add(op, args, count)
        return found

    def conjunction(self, literals: Iterable[int]) -> int:
        """Return the literal that is true when all of ``literals`` are."""
        return self.junction(Op.AND, literals)

    def disjunction(self, literals: Iterable[int]) -> int:
        """Return the literal that is true when one of ``literals`` is."""
        return self.junction(Op.OR, literals)

    def junction(self, op: Op, literals: Iterable[int]) -> int:
        """Return the AND or OR of ``literals``, without what changes nothing."""
        neutral = TRUE if op is Op.AND else FALSE
        kept: dict[int, None] = {}
        for literal in literals:
            if literal == neutral:
                continue
            if literal == -neutral or -literal in kept:
                return -neutral
            kept[literal] = None
        if not kept:
            return neutral
        return next(iter(kept)) if len(kept) == 1 else self._node(op, tuple(kept))

    def parity(self, literals: Iterable[int]) -> int:
        """Return the literal that is true when an odd number of ``literals`` are."""
        sign = 1
        kept: dict[int, None] = {}
        for literal in literals:
            if literal < 0:
                literal, sign = -literal, -sign
            if literal == TRUE:
                sign = -sign
            elif literal in kept:
                del kept[literal]
            else:
                kept[literal] = None
        if not kept:
            return FALSE * sign
        return sign * (next(iter(kept)) if len(kept) == 1 else self._node(Op.XOR, tuple(sorted(kept))))

    def at_least(self, count: int, literals: Iterable[int]) -> int:
        """Return the literal that is true when ``count`` or more of ``literals`` are."""
        kept: list[int] = []
        for literal in literals:
            if literal == TRUE:
                count -= 1
            elif literal != FALSE:
                kept.append(literal)
        if count <= 0:
            return TRUE
        if count > len(kept):
            return FALSE
        if count == 1:
            return self.disjunction(kept)
        if count == len(kept):
            return self.conjunction(kept)
        return self._node(Op.ATLEAST, tuple(kept), count)

    def parents(self) -> list[int]:
        """Return how often each node below the top is used."""
        used = [0] * len(self.ops)
        used[abs(self.top)] += 1
        for node in range(len(self.ops) - 1, 1, -1):
            if used[node]:
                for literal in self.args[node]:
                    used[abs(literal)] += 1
        return used

    @property
    def coherent(self) -> bool:
        """Whether nothing below the top is negated, so that a further failure never mends."""
        used = self.parents()
        live = [node for node in range(2, len(self.ops)) if used[node]]
        return self.top > 0 and all(self.ops[n] is not Op.XOR and min(self.args[n], default=1) > 0 for n in live)


def compile_tree(tree: FaultTree, settled: dict[str, bool] | None = None) -> Graph:
    """Return the graph of ``tree`` below its top event; ``settled`` fixes events to failed or working."""
    raw = Graph()
    literals: dict[str, int] = {name: TRUE if is_true else FALSE for name, is_true in (settled or {}).items()}

    def literal_of(formula: Formula, depth: int) -> int:
        if isinstance(formula, bool):
            return TRUE if formula else FALSE
        if isinstance(formula, str):
            if formula not in literals:
                literals[formula] = raw.event(formula)
            return literals[formula]
        if depth > MAX_NESTING:
            raise FaultTreeError(f"formulae are nested more than {MAX_NESTING} deep; name the inner gates")
        return _combined(raw, formula, [literal_of(arg, depth + 1) for arg in formula.args])

    for name in tree.reachable():
        literals[name] = literal_of(tree.gates[name], 0)
    raw.top = literal_of(tree.top, 0)
    return coalesced(raw)


def _combined(graph: Graph, gate: Gate, args: Sequence[int]) -> int:
    if gate.op in ("and", "nand"):
        made = graph.conjunction(args)
        return made if gate.op == "and" else -made
    if gate.op in ("or", "nor"):
        made = graph.disjunction(args)
        return made if gate.op == "or" else -made
    if gate.op == "not":
        return -args[0]
    if gate.op in ("xor", "iff"):
        made = graph.parity(args)
        return made if gate.op == "xor" else -made
    if gate.op == "imply":
        return graph.disjunction((-args[0], args[1]))
    enough = graph.at_least(gate.min, args)
    return enough if gate.op == "atleast" else graph.conjunction((enough, -graph.at_least(gate.max + 1, args)))


def coalesced(raw: Graph) -> Graph:
    """Take nested ANDs (or ORs) that are used once into the gate that uses them, to the end; drop what is unused."""
    used = raw.parents()
    made = Graph()
    new: dict[int, int] = {TRUE: TRUE}

    def translated(literal: int) -> int:
        return new[literal] if literal > 0 else -new[-literal]

    def flattened(op: Op, literals: Iterable[int]) -> list[int]:
        found: list[int] = []
        dual = Op.OR if op is Op.AND else Op.AND
        stack = list(literals)[::-1]
        while stack:
            literal = stack.pop()
            node = abs(literal)
            if used[node] == 1 and raw.ops[node] is (op if literal > 0 else dual):
                inner = raw.args[node] if literal > 0 else tuple(-arg for arg in raw.args[node])
                stack.extend(reversed(inner))
            else:
                found.append(literal)
        return found

    for node in range(2, len(raw.ops)):
        if not used[node]:
            continue
        op = raw.ops[node]
        if op is Op.EVENT:
            new[node] = made.event(raw.names[node])
        elif op is Op.XOR:
            new[node] = made.parity(map(translated, raw.args[node]))
        elif op is Op.ATLEAST:
            new[node] = made.at_least(raw.counts[node], map(translated, raw.args[node]))
        else:
            literals = [translated(literal) for literal in flattened(op, raw.args[node])]
            new[node] = made.junction(op, literals)
    made.top = translated(raw.top)
    return made
