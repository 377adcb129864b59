"""Dominators of a graph given as successor lists: what every way from the root to a node goes through.

The iterative algorithm of Cooper, Harvey and Kennedy ("A Simple, Fast Dominance Algorithm", Rice
University, 2001) over integers: no graph object is built.
"""

from __future__ import annotations

from collections.abc import Sequence

UNREACHED = -1


def immediate_dominators(successors: Sequence[Sequence[int]], root: int = 0) -> list[int]:
    """Return each node's immediate dominator: the root's is the root, :data:`UNREACHED` where no way leads."""
    order = _postorder(successors, root)
    number = [UNREACHED] * len(successors)
    for position, node in enumerate(order):
        number[node] = position
    predecessors: list[list[int]] = [[] for _ in successors]
    for node in order:
        for after in successors[node]:
            predecessors[after].append(node)
    found = [UNREACHED] * len(successors)
    found[root] = root
    changed = True
    while changed:
        changed = False
        for node in reversed(order):
            if node == root:
                continue
            best = UNREACHED
            for before in predecessors[node]:
                if found[before] != UNREACHED:
                    best = before if best == UNREACHED else _meet(before, best, found, number)
            if found[node] != best:
                found[node] = best
                changed = True
    return found


def dominators_of(node: int, immediate: Sequence[int]) -> tuple[int, ...]:
    """Return what every way to ``node`` goes through, the root first and ``node`` last; empty: no way leads there."""
    if immediate[node] == UNREACHED:
        return ()
    chain = [node]
    while immediate[chain[-1]] != chain[-1]:
        chain.append(immediate[chain[-1]])
    return tuple(reversed(chain))


def _meet(a: int, b: int, found: Sequence[int], number: Sequence[int]) -> int:
    while a != b:
        while number[a] < number[b]:
            a = found[a]
        while number[b] < number[a]:
            b = found[b]
    return a


def _postorder(successors: Sequence[Sequence[int]], root: int) -> list[int]:
    order: list[int] = []
    seen = bytearray(len(successors))
    seen[root] = 1
    stack: list[tuple[int, int]] = [(root, 0)]
    while stack:
        node, position = stack.pop()
        if position < len(successors[node]):
            stack.append((node, position + 1))
            after = successors[node][position]
            if not seen[after]:
                seen[after] = 1
                stack.append((after, 0))
        else:
            order.append(node)
    return order
