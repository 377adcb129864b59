"""Modules of a fault tree: gates that share nothing below them with the rest of the tree.

The linear-time algorithm of Dutuit and Rauzy ("A linear-time algorithm to find modules of fault
trees", IEEE Transactions on Reliability 45(3), 1996): two walks and the dates of each node's visits.
A module is solved by itself and is one event to the gates above it.
"""

from __future__ import annotations

from archtui.failure.faulttree.graph import Graph, Op


def modules(graph: Graph) -> tuple[int, ...]:
    """Return the gates that are modules, each after those below it; the top gate is the last."""
    top = abs(graph.top)
    size = len(graph.ops)
    first, second, last = [0] * size, [0] * size, [0] * size
    now = 1
    first[top] = now
    stack: list[tuple[int, int]] = [(top, 0)]
    while stack:
        node, position = stack.pop()
        args = graph.args[node]
        while position < len(args):
            child = abs(args[position])
            position += 1
            now += 1
            if not first[child]:
                first[child] = last[child] = now
                if graph.args[child]:
                    stack.append((node, position))
                    stack.append((child, 0))
                    break
            else:
                last[child] = now
        else:
            now += 1
            second[node] = last[node] = now
    earliest, latest = [now + 1] * size, [0] * size
    found: list[int] = []
    for node in range(2, top + 1):
        if not first[node] or graph.ops[node] is Op.EVENT:
            continue
        children = [abs(literal) for literal in graph.args[node]]
        earliest[node] = min(min(first[c], earliest[c]) for c in children)
        latest[node] = max(max(last[c], latest[c]) for c in children)
        if earliest[node] > first[node] and latest[node] < second[node]:
            found.append(node)
    return tuple(found)
