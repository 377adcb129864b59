"""The narrowest place between two components: a smallest set of components, and of connections, that parts them.

The ways are those that requests take in the healthy design: those of a request from the one to the other
where that gets through, else those of the first journey that comes from the one to the other. Where no
request does, the design's own edges are taken: who hands requests to whom. The cut is a maximum flow
(Menger 1927; augmenting paths by breadth-first search, Edmonds and Karp 1972).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from archtui.failure.availability.structure import condition_of
from archtui.failure.needs import can_fail
from archtui.failure.observe import Observer
from archtui.failure.report import Status
from archtui.model.blueprint import INTERNET
from archtui.model.component import Journey, Json
from archtui.model.errors import EditError, did_you_mean
from archtui.trace.result import Stage
from archtui.world.condition import HEALTHY
from archtui.world.world import World

Edge = tuple[str, str]
_MANY = 1 << 30


class BetweenError(EditError):
    """There is nothing between the two: one does not exist, or nothing leads from one to the other."""


@dataclass(frozen=True)
class Between:
    """The cuts between two components."""

    source: str
    target: str
    traced: bool
    """Whether the ways are those of requests; otherwise they are the design's edges."""
    components: tuple[str, ...] | None
    """A smallest set of components without which nothing gets there; None: none that can fail is between them."""
    connections: tuple[Edge, ...]
    """A smallest set of connections without which nothing gets there."""
    ways: tuple[tuple[str, ...], ...]
    """As many ways that share no connection."""
    tried: bool | None = None
    """Whether the tracer finds nothing that gets there without the components; None: it was not asked."""

    def to_json(self) -> dict[str, Json]:
        """Return the cuts as ``archtui resilience FILE --between A B --format json`` prints them."""
        return {
            "from": self.source,
            "to": self.target,
            "traced": self.traced,
            "components": None if self.components is None else list(self.components),
            "connections": [list(edge) for edge in self.connections],
            "ways": [list(way) for way in self.ways],
            "tried": self.tried,
        }

    def sentences(self) -> Iterator[str]:
        """Yield what there is to say, line by line."""
        basis = "by the ways that requests take" if self.traced else "by what the design hands on to what"
        yield f"Between {self.source} and {self.target}, {basis}:"
        if self.components is None:
            yield "  Components: no component that can fail stands between them."
        elif len(self.components) == 1:
            yield f"  Components: {self.components[0]} alone parts them."
        else:
            yield f"  Components: {len(self.components)} have to fail, {', '.join(self.components)}."
        if self.tried is not None:
            yield f"  Tried in the tracer: {'nothing gets there then' if self.tried else 'something takes over then'}."
        count = len(self.connections)
        told = ", ".join(f"{a} > {b}" for a, b in self.connections)
        yield f"  Connections: {'one has' if count == 1 else f'{count} have'} to break, {told}."
        for way in self.ways:
            yield f"  Way: {' > '.join(way)}"


def between(world: World, source: str, target: str, observer: Observer | None = None) -> Between:
    """Return the cuts between ``source`` and ``target``; raises :class:`BetweenError` where nothing leads there."""
    for name in (source, target):
        if name not in world.components and name != INTERNET:
            near = did_you_mean(name, (*world.components, INTERNET)) or "name a component, or internet"
            raise BetweenError(f"there is no component {name!r}; {near}")
    if source == target:
        raise BetweenError(f"{source} is one component; name two")
    look = observer or Observer(world)
    for journey in (*_asking(world, source, target), None):
        edges = _traced(look, journey, source) if journey else _drawn(world)
        graph = Ways(edges)
        connections = graph.cut(source, target)
        if not connections:
            continue
        held = {name for name in graph.nodes if can_fail(world, name)} - {source, target}
        parts = graph.node_cut(source, target, held)
        tried = None
        if journey is not None and parts:
            tried = look.sight(journey, condition_of(look, parts)).status is Status.DOWN
        return Between(source, target, journey is not None, parts, connections, graph.paths(source, target), tried)
    raise BetweenError(f"nothing leads from {source} to {target}; connect them, or ask the other way round")


def _asking(world: World, source: str, target: str) -> Iterator[Journey]:
    """Yield the requests that may go from the one to the other: one of its own, then the journeys."""
    link = next((item for item in world.links_from(source) if item.target == target), None)
    given = {"protocol": link.protocol, "port": link.port} if link else {}
    yield Journey(name=f"{source} > {target}", source=source, to=target, reaches=target, **given)
    yield from (journey for journey in world.blueprint.journeys if not journey.blocked)


def _traced(observer: Observer, journey: Journey, source: str) -> dict[Edge, None]:
    """Return the steps from component to component that requests of ``journey`` take from ``source`` on."""
    made = observer.trace(journey, HEALTHY)
    found: dict[Edge, None] = {}
    if made is None or observer.sight(journey, HEALTHY).status in (Status.DOWN, Status.UNKNOWN):
        return found
    seen: set[tuple[int, str]] = set()
    todo: list[tuple[Stage, tuple[str, ...]]] = [(made.root, (journey.source,))]
    while todo:
        stage, way = todo.pop()
        if (id(stage), way[-1]) in seen:
            continue
        seen.add((id(stage), way[-1]))
        for name in (*(hop.component for hop in stage.forward), stage.at):
            # A call is shown from its sender on, which the way has come to already.
            if name and name not in way:
                found[way[-1], name] = None
                way = (*way, name)
        for call in stage.calls:
            todo += [(each.stage, way) for each in call.ways if each.weight > 0 and each.stage.share > 0]
    return found if any(source in edge for edge in found) else {}


def _drawn(world: World) -> dict[Edge, None]:
    """Return who hands requests to whom."""
    found: dict[Edge, None] = {}
    for name, component in world.components.items():
        found.update(dict.fromkeys((name, edge.target) for edge in component.edges if edge.role == "targets"))
    found.update(dict.fromkeys((link.source, link.target) for link in world.links))
    return found


class Ways:
    """A directed graph and its cuts."""

    def __init__(self, edges: Iterable[Edge]) -> None:
        self.edges = tuple(edges)
        self.nodes = tuple(dict.fromkeys(name for edge in self.edges for name in edge))

    def cut(self, source: str, target: str) -> tuple[Edge, ...]:
        """Return a smallest set of edges without which nothing leads from ``source`` to ``target``; empty: nothing
        does."""
        left, reached = _flow(dict.fromkeys(self.edges, 1), source, target)
        del left
        return tuple(edge for edge in self.edges if edge[0] in reached and edge[1] not in reached)

    def node_cut(self, source: str, target: str, held: Iterable[str]) -> tuple[str, ...] | None:
        """Return a smallest set of nodes of ``held`` that parts the two; None: none does."""
        loose = set(held)
        capacity: dict[Edge, int] = {(f"{a}>", f"<{b}"): _MANY for a, b in self.edges}
        for name in self.nodes:
            capacity[f"<{name}", f"{name}>"] = 1 if name in loose else _MANY
        _, reached = _flow(capacity, f"{source}>", f"<{target}")
        if f"<{target}" in reached:
            return None
        return tuple(name for name in self.nodes if f"<{name}" in reached and f"{name}>" not in reached)

    def paths(self, source: str, target: str) -> tuple[tuple[str, ...], ...]:
        """Return as many ways as there are that share no edge."""
        left, _ = _flow(dict.fromkeys(self.edges, 1), source, target)
        used: dict[str, list[str]] = {}
        for a, b in self.edges:
            if not left.get((a, b), 0):
                used.setdefault(a, []).append(b)
        found = []
        while used.get(source):
            way = [source]
            while way[-1] != target:
                way.append(used[way[-1]].pop(0))
                if way[-1] in way[:-1]:
                    del way[way.index(way[-1]) + 1 :]
            found.append(tuple(way))
        return tuple(found)


def _flow(capacity: Mapping[Edge, int], source: str, target: str) -> tuple[dict[Edge, int], frozenset[str]]:
    """Send as much as fits; return what is left of each edge, and what can still be reached from ``source``.

    A flow without bound is given up: then ``target`` can still be reached.
    """
    left = dict(capacity)
    next_of: dict[str, dict[str, None]] = {}
    for a, b in capacity:
        left.setdefault((b, a), 0)
        next_of.setdefault(a, {})[b] = None
        next_of.setdefault(b, {})[a] = None
    while True:
        before: dict[str, str] = {source: ""}
        queue = deque([source])
        while queue and target not in before:
            here = queue.popleft()
            for there in next_of.get(here, ()):
                if there not in before and left[here, there] > 0:
                    before[there] = here
                    queue.append(there)
        if target not in before:
            return left, frozenset(before)
        way = [target]
        while way[-1] != source:
            way.append(before[way[-1]])
        steps = [(b, a) for a, b in pairwise(way)]
        most = min(left[step] for step in steps)
        if most >= _MANY // 2:
            return left, frozenset(before)
        for a, b in steps:
            left[a, b] -= most
            left[b, a] += most
