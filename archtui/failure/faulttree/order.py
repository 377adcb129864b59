"""Orders of a module's variables, on which the size of its diagram hangs; several are given to be tried in turn.

Depth first follows the gates (Fujita, Fujisawa and Matsunaga, 1988); FORCE draws together the
variables that share gates (Aloul, Markov and Sakallah, "FORCE: a fast and easy-to-implement variable
ordering heuristic", GLSVLSI 2003); weights put first what most ways lead to (Minato, Ishiura and
Yajima, 1990).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from archtui.failure.faulttree.graph import Graph

_ROUNDS = 60


class Part:
    """A module's own gates: down to its events and to the modules below it, which are its variables."""

    def __init__(self, graph: Graph, root: int, closed: frozenset[int]) -> None:
        self.root = root
        self.args: dict[int, tuple[int, ...]] = {}
        """The gates with what they use, without signs; each after those it uses."""
        self.variables: tuple[int, ...] = ()
        gates: set[int] = set()
        variables: dict[int, None] = {}
        stack = [root]
        while stack:
            node = stack.pop()
            if node in gates or node in variables:
                continue
            if node != root and (node in closed or not graph.args[node]):
                variables[node] = None
                continue
            gates.add(node)
            stack.extend(abs(literal) for literal in reversed(graph.args[node]))
        self.args = {node: tuple(abs(literal) for literal in graph.args[node]) for node in sorted(gates)}
        self.variables = tuple(variables)
        self.uses: dict[int, int] = dict.fromkeys((*self.args, *variables), 0)
        for args in self.args.values():
            for child in args:
                self.uses[child] += 1

    def sizes(self) -> dict[int, int]:
        """Return how large each gate is, written out as a tree (capped)."""
        sizes = dict.fromkeys(self.variables, 1)
        for node, args in self.args.items():
            sizes[node] = min(1 << 40, 1 + sum(sizes[child] for child in args))
        return sizes


def orders(part: Part) -> Iterator[tuple[int, ...]]:
    """Yield orders of the variables of ``part``, the most promising first, no order twice."""
    sizes = part.sizes()
    uses = part.uses
    seen: set[tuple[int, ...]] = set()
    ways: tuple[Callable[[int], tuple[int, ...]], ...] = (
        lambda _: (),
        lambda child: (sizes[child],),
        lambda child: (-uses[child], sizes[child]),
        lambda child: (-sizes[child],),
        lambda child: (uses[child], -sizes[child]),
    )
    walks = [_depth_first(part, way) for way in ways]
    candidates: list[Callable[[], tuple[int, ...]]] = [
        lambda: walks[0],
        lambda: walks[1],
        lambda: _force(part, walks[0]),
        lambda: walks[2],
        lambda: _force(part, walks[1]),
        lambda: _weights(part),
        lambda: walks[3],
        lambda: _force(part, walks[3]),
        lambda: walks[4],
        lambda: _force(part, _weights(part)),
    ]
    for make in candidates:
        order = make()
        if order not in seen:
            seen.add(order)
            yield order


def _depth_first(part: Part, key: Callable[[int], tuple[int, ...]]) -> tuple[int, ...]:
    seen: set[int] = set()
    found: list[int] = []
    stack = [part.root]
    while stack:
        node = stack.pop()
        if node in seen:
            continue
        seen.add(node)
        if node not in part.args:
            found.append(node)
            continue
        stack.extend(sorted(part.args[node], key=key)[::-1])
    return tuple(found)


def _force(part: Part, start: tuple[int, ...]) -> tuple[int, ...]:
    """Move every variable and gate to the middle of the gates it stands in, until that shortens nothing."""
    edges = [(node, *args) for node, args in part.args.items()]
    inside: dict[int, list[int]] = {}
    for number, edge in enumerate(edges):
        for node in edge:
            inside.setdefault(node, []).append(number)
    place: dict[int, float] = {node: float(i) for i, node in enumerate(start)}
    for node, args in part.args.items():
        place[node] = sum(place[child] for child in args) / len(args)
    nodes = sorted(place, key=lambda node: (place[node], node))
    best, shortest = start, None
    for _ in range(_ROUNDS):
        place = {node: float(i) for i, node in enumerate(nodes)}
        centres = [sum(place[node] for node in edge) / len(edge) for edge in edges]
        moved = {node: sum(centres[n] for n in numbers) / len(numbers) for node, numbers in inside.items()}
        nodes = sorted(nodes, key=lambda node: (moved[node], place[node]))
        position = {node: i for i, node in enumerate(nodes)}
        span = sum(max(position[n] for n in edge) - min(position[n] for n in edge) for edge in edges)
        if shortest is not None and span >= shortest:
            break
        shortest = span
        best = tuple(node for node in nodes if node not in part.args)
    return best


def _weights(part: Part) -> tuple[int, ...]:
    """Hand a weight from the root down, shared evenly at each gate; take the heaviest variable out and begin again."""
    args = dict(part.args)
    found: list[int] = []
    while part.root in args:
        weights: dict[int, float] = dict.fromkeys(args, 0.0)
        weights[part.root] = 1.0
        for node in sorted(args, reverse=True):
            share = weights[node] / len(args[node])
            for child in args[node]:
                weights[child] = weights.get(child, 0.0) + share
        heaviest = max((n for n in weights if n not in part.args), key=lambda n: (weights[n], -n))
        found.append(heaviest)
        gone = {heaviest}
        for node in sorted(args):
            left = tuple(child for child in args[node] if child not in gone)
            if left:
                args[node] = left
            else:
                del args[node]
                gone.add(node)
    return tuple(found)
