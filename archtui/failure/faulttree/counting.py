"""Exact probability by conditioning on what is shared, and counting what is alike.

Given which zones and other shared events have failed, the parts of an AWS design no longer share
anything: every gate's arguments are independent, and instances that are alike are counted by a
binomial instead of one by one. So a thousand servers cost no more than six.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import product
from math import frexp, fsum, ldexp, prod

from archtui.failure.faulttree.bounds import Chances, one_of
from archtui.failure.faulttree.graph import Graph, Op
from archtui.failure.faulttree.order import Part

MOST_SHARED = 12
"""Conditioning takes one round for each state of the shared events: at most 2 to this power."""
_MOST_WORK = 4_000_000


def module_chances(part: Part, graph: Graph, given: Mapping[int, Chances]) -> Chances | None:
    """Return the probabilities that a module is true and that it is false, of those of its variables.

    None: it has negations, or more than :data:`MOST_SHARED` of its variables are shared, or a gate is.
    """
    for node in part.args:
        if graph.ops[node] is Op.XOR or min(graph.args[node]) < 0:
            return None
    shared = [node for node in part.variables if part.uses[node] > 1]
    if len(shared) > MOST_SHARED or len(part.uses) << len(shared) > _MOST_WORK:
        return None
    settled = set(shared)
    for node, args in part.args.items():
        if settled.issuperset(args):
            settled.add(node)
        elif part.uses[node] > 1:
            return None
    true: list[float] = []
    false: list[float] = []
    for states in product((True, False), repeat=len(shared)):
        weight = prod(given[node][0 if failed else 1] for node, failed in zip(shared, states, strict=True))
        if weight:
            fixed = {node: (1.0, 0.0) if failed else (0.0, 1.0) for node, failed in zip(shared, states, strict=True)}
            p, q = _independent(part, graph, {**given, **fixed})
            true.append(weight * p)
            false.append(weight * q)
    return fsum(true), fsum(false)


def _independent(part: Part, graph: Graph, given: Mapping[int, Chances]) -> Chances:
    """Return the chances of the module where no gate's arguments share anything."""
    found: dict[int, Chances] = {node: given[node] for node in part.variables}
    for node, args in part.args.items():
        op = graph.ops[node]
        if op is Op.ATLEAST:
            alike = Counter(found[arg] for arg in args)
            count = graph.counts[node]
            opposite = Counter({(q, p): n for (p, q), n in alike.items()})
            found[node] = enough_of(count, alike), enough_of(len(args) - count + 1, opposite)
            continue
        ps, qs = [found[arg][0] for arg in args], [found[arg][1] for arg in args]
        found[node] = one_of(qs, ps)[::-1] if op is Op.AND else one_of(ps, qs)
    return found[part.root]


def enough_of(count: int, alike: Mapping[Chances, int]) -> float:
    """Return the probability that ``count`` or more of independent things fail.

    ``alike`` says how many there are of each probability of failing (and of not failing).
    """
    count -= sum(n for (_, q), n in alike.items() if q == 0.0)
    groups = [(p, q, n) for (p, q), n in sorted(alike.items()) if p > 0.0 and q > 0.0]
    if count <= 0:
        return 1.0
    if count > sum(n for _, _, n in groups):
        return 0.0
    spread = [1.0]
    for p, q, n in groups:
        spread = _convolved(spread, _binomial(n, p, q))
    return fsum(spread[count:])


def _binomial(n: int, p: float, q: float) -> list[float]:
    """Return the probabilities of 0, 1, ... failures among ``n``, up to where they are too small for a float."""
    # Each term from the one before, with the exponent apart: the first may be far below the least float.
    mantissa, exponent = _power(q, n)
    odds = p / q
    terms: list[float] = []
    for k in range(n + 1):
        terms.append(ldexp(mantissa, exponent))
        mantissa, shift = frexp(mantissa * odds * (n - k) / (k + 1))
        exponent += shift
    while len(terms) > 1 and terms[-1] == 0.0:
        terms.pop()
    return terms


def _power(base: float, n: int) -> tuple[float, int]:
    """Return ``base ** n`` as mantissa and exponent."""
    mantissa, exponent = 1.0, 0
    for digit in bin(n)[2:]:
        mantissa, shift = frexp(mantissa * mantissa * (base if digit == "1" else 1.0))
        exponent = 2 * exponent + shift
    return mantissa, exponent


def _convolved(a: Sequence[float], b: Sequence[float]) -> list[float]:
    if len(a) == 1:
        return [a[0] * y for y in b]
    result = [0.0] * (len(a) + len(b) - 1)
    for i, x in enumerate(a):
        if x:
            for j, y in enumerate(b):
                result[i + j] += x * y
    return result
