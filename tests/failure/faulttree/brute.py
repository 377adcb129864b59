"""Fault trees the slow and obvious way: the truth table over every combination of events, as one integer.

Bit s of a table says whether the formula is true where exactly the events of the binary number s
have happened.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from itertools import compress
from math import fsum

from archtui.failure.faulttree import FaultTree, Formula, Gate


def truth_table(tree: FaultTree) -> tuple[tuple[str, ...], int]:
    """Return the events in the order of their bits, and the table of the top event."""
    names = tuple(sorted(tree.events))
    full = (1 << (1 << len(names))) - 1
    columns: dict[str, int] = {}
    for number, name in enumerate(names):
        columns[name] = _repeated(((1 << (1 << number)) - 1) << (1 << number), number + 1, len(names))

    return names, evaluated(tree, columns, full)


def evaluated(tree: FaultTree, events: Mapping[str, int], full: int) -> int:
    """Return the states, among those of ``full``, in which the top event is true; ``events`` gives each event's."""
    columns = dict(events)

    def table(formula: Formula) -> int:
        if isinstance(formula, bool):
            return full if formula else 0
        if isinstance(formula, str):
            if formula not in columns:
                columns[formula] = table(tree.gates[formula])
            return columns[formula]
        return _gate(formula, [table(arg) for arg in formula.args], full)

    return table(tree.top)


def _repeated(block: int, log: int, names: int) -> int:
    """Repeat a block of ``2 ** log`` bits over the whole table."""
    for number in range(log, names):
        block |= block << (1 << number)
    return block


def _gate(gate: Gate, args: Sequence[int], full: int) -> int:
    """Count true arguments: ``exactly[k]`` is where k of them are true."""
    exactly = [full] + [0] * len(args)
    for arg in args:
        for k in range(len(args), -1, -1):
            exactly[k] = (exactly[k] & ~arg) | (exactly[k - 1] & arg if k else 0)
    n = len(args)
    wanted = {
        "and": range(n, n + 1),
        "or": range(1, n + 1),
        "nand": range(n),
        "nor": range(1),
        "not": range(1),
        "xor": range(1, 2),
        "iff": range(0, 3, 2),
        "atleast": range(gate.min, n + 1),
        "cardinality": range(gate.min, gate.max + 1),
    }
    if gate.op == "imply":
        return (full & ~args[0]) | args[1]
    result = 0
    for k in wanted[gate.op]:
        result |= exactly[k]
    return result


def probability(tree: FaultTree) -> float:
    """Return the sum of the probabilities of all combinations in which the top event is true."""
    names, table = truth_table(tree)
    weights = [1.0]
    for name in names:
        p = tree.events[name]
        assert p is not None
        weights = [w * (1.0 - p) for w in weights] + [w * p for w in weights]
    digits = bin(table)[2:].rjust(1 << len(names), "0")
    return fsum(compress(reversed(weights), map("1".__eq__, digits)))


def cut_sets(tree: FaultTree) -> set[frozenset[str]]:
    """Return the least combinations in which the top event is true."""
    names, table = truth_table(tree)
    absent = [_repeated((1 << (1 << number)) - 1, number + 1, len(names)) for number in range(len(names))]
    above = table
    for number, mask in enumerate(absent):
        above |= (above & mask) << (1 << number)
    larger = 0
    for number, mask in enumerate(absent):
        larger |= (above & mask) << (1 << number)
    least = table & ~larger
    found = set()
    while least:
        lowest = least & -least
        state = lowest.bit_length() - 1
        found.add(frozenset(name for number, name in enumerate(names) if state >> number & 1))
        least ^= lowest
    return found


def random_tree(seed: int, most_events: int = 18, coherent: bool | None = None) -> FaultTree:
    """Return a random tree with shared gates and events, of the shapes that designs have and others."""
    rng = random.Random(seed)
    coherent = rng.random() < 0.7 if coherent is None else coherent
    count = rng.randint(2, most_events)
    events = [f"e{i:02}" for i in range(count)]
    scale = rng.choice((1.0, 0.1, 1e-3, 1e-6))
    odds: dict[str, float | None] = {name: rng.random() * scale for name in events}
    if rng.random() < 0.1:
        odds[rng.choice(events)] = float(rng.random() < 0.5)
    gates: dict[str, Formula] = {}
    pool: list[str] = list(events)

    def formula(depth: int) -> Formula:
        if depth == 0 or rng.random() < 0.55:
            return rng.random() < 0.5 if rng.random() < 0.01 else rng.choice(pool[-max(6, len(pool) * 2 // 3) :])
        return gate(depth - 1)

    def gate(depth: int) -> Gate:
        kinds = ["and", "or", "or", "atleast"]
        if not coherent:
            kinds += ["not", "xor", "iff", "nand", "nor", "imply", "cardinality"]
        op = rng.choice(kinds)
        n = {"not": 1, "xor": 2, "iff": 2, "imply": 2}.get(op, rng.randint(2, 5))
        low = rng.randint(1, n)
        args = tuple(formula(depth) for _ in range(n))
        return Gate(
            op, args, low if op in ("atleast", "cardinality") else 0, rng.randint(low, n) if op == "cardinality" else 0
        )  # type: ignore[arg-type]

    if rng.random() < 0.4:
        # Layers of ANDs over ORs (or the other way round): many cut sets.
        ops = rng.sample(("and", "or"), 2)
        for number in range(rng.randint(3, 9)):
            parts = tuple(rng.sample(events, min(count, rng.randint(2, 5))))
            gates[f"g{number:02}"] = Gate("atleast", parts, 2) if rng.random() < 0.2 else Gate(ops[0], parts)
        names = list(gates)
        gates["top"] = Gate(ops[1], tuple(names)) if coherent else Gate("xor", (names[0], Gate(ops[1], tuple(names))))
        return FaultTree(f"random {seed}", "top", gates, odds)
    for number in range(rng.randint(1, 14)):
        gates[f"g{number:02}"] = gate(1)
        pool.append(f"g{number:02}")
    gates["top"] = Gate(rng.choice(("and", "or")), tuple(pool[-rng.randint(1, min(4, len(gates))) :]))
    return FaultTree(f"random {seed}", "top", gates, odds)
