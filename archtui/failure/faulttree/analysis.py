"""Everything asked of a fault tree, in one report."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from archtui.failure.faulttree.bdd import TooLargeError
from archtui.failure.faulttree.bounds import Bounds, gate_bounds, short_cut_sets
from archtui.failure.faulttree.exact import graph_probability
from archtui.failure.faulttree.graph import Graph, compile_tree
from archtui.failure.faulttree.listing import Cuts, CutSet
from archtui.failure.faulttree.measures import Importance, importances
from archtui.failure.faulttree.simplify import simplified
from archtui.failure.faulttree.solve import NODE_LIMIT, Solution, solve
from archtui.failure.faulttree.tree import FaultTree
from archtui.model.component import Json

SHOWN = 20
"""How many cut sets are listed unless told."""


@dataclass(frozen=True)
class TreeReport:
    """A fault tree's figures. What could not be worked out is None, and ``notes`` says why."""

    name: str
    top_event: str
    events: int
    gates: int
    """Basic events and gates below the top event, as written."""
    probability: float | None
    bounds: Bounds | None
    """Between which figures the probability lies, where it is not known exactly."""
    cut_set_count: int | None
    cut_sets_by_order: tuple[int, ...]
    """The minimal cut sets of order 0, 1, 2, ...; where the count is None, of the orders that are known."""
    cut_sets: tuple[CutSet, ...]
    """The likeliest, or where probabilities are missing the shortest."""
    importance: tuple[Importance, ...]
    coherent: bool
    """Whether it has no negation."""
    notes: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Json]:
        """Return the report as ``archtui resilience TREE.xml --format json`` prints it."""
        return {
            "name": self.name,
            "top_event": self.top_event,
            "events": self.events,
            "gates": self.gates,
            "probability": self.probability,
            "bounds": list(self.bounds) if self.bounds else None,
            "cut_set_count": self.cut_set_count,
            "cut_sets_by_order": list(self.cut_sets_by_order),
            "cut_sets": [{"events": list(cut.events), "probability": cut.probability} for cut in self.cut_sets],
            "importance": [item.to_json() for item in self.importance],
            "coherent": self.coherent,
            "notes": list(self.notes),
        }


def analyse_tree(
    tree: FaultTree, *, order: int | None = None, most: int = SHOWN, limit: int = NODE_LIMIT
) -> TreeReport:
    """Return the figures of ``tree``: exact, or bounds and a note where it needs more than ``limit`` diagram nodes.

    ``order``: list every cut set of up to that many events (at most ``most`` of each order) instead of
    the ``most`` likeliest. Raises :class:`archtui.failure.faulttree.tree.FaultTreeError` for a circle.
    """
    written = compile_tree(tree)
    graph = simplified(written)
    live = list(written.names.values())
    unknown = sorted(name for name in live if tree.events[name] is None)
    known = {name: p for name in live if (p := tree.events[name]) is not None}
    notes: list[str] = []
    if unknown:
        few = ", ".join(unknown[:3]) + (" ..." if len(unknown) > 3 else "")
        notes.append(f"{len(unknown)} of {len(live)} events have no probability ({few}): cut sets are counted only.")
    if not graph.coherent:
        notes.append(
            "The tree has negations: a minimal cut set is a least set of failed events that suffices while"
            " all others work; the probability is exact."
        )
    try:
        solution = solve(graph, limit)
    except TooLargeError:
        return _unsolved(tree, written, graph, None if unknown else known, order, most, notes)
    probability = None if unknown else solution.chances(known)[0]
    try:
        cuts = Cuts(solution, limit)
    except TooLargeError:
        notes.append("Unknown: the cut sets are too many to be counted within the limit; the probability is exact.")
        counts, shown = _short(tree, graph, order, most)
        return _report(
            tree, written, graph, probability, None, None, counts, shown, _weights(solution, known, unknown), notes
        )
    if order is not None or unknown:
        listed = cuts.up_to(order or _shortest(cuts.by_order), most)
    else:
        listed = cuts.likeliest(known, most)
    shown = tuple(cuts.named(nodes, tree.events) for nodes in listed)
    weights = _weights(solution, known, unknown)
    return _report(tree, written, graph, probability, None, cuts.count, cuts.by_order, shown, weights, notes)


def _weights(solution: Solution, known: Mapping[str, float], unknown: list[str]) -> tuple[Importance, ...]:
    return () if unknown else importances(solution, known)


def _shortest(by_order: tuple[int, ...]) -> int:
    return next((order for order, count in enumerate(by_order) if count), 0) + 1


def _report(
    tree: FaultTree,
    written: Graph,
    graph: Graph,
    probability: float | None,
    bounds: Bounds | None,
    count: int | None,
    by_order: tuple[int, ...],
    shown: tuple[CutSet, ...],
    weights: tuple[Importance, ...],
    notes: list[str],
) -> TreeReport:
    used = tree.reachable()
    weighed = {item.event for item in weights}
    idle = [name for name in written.names.values() if name not in weighed] if weights else []
    return TreeReport(
        name=tree.name,
        top_event=tree.top,
        events=len(written.names),
        gates=len(used),
        probability=probability,
        bounds=bounds,
        cut_set_count=count,
        cut_sets_by_order=by_order,
        cut_sets=shown,
        importance=(*weights, *(_idle(name, tree, probability or 0.0) for name in sorted(idle))),
        coherent=graph.coherent,
        notes=tuple(notes),
    )


def _idle(event: str, tree: FaultTree, top: float) -> Importance:
    """Return the importance of an event that the top event does not hang on."""
    return Importance(event, tree.events[event] or 0.0, 0.0, top, top, top)


_FALLBACK_ORDER = 3


def _short(tree: FaultTree, graph: Graph, order: int | None, most: int) -> tuple[tuple[int, ...], tuple[CutSet, ...]]:
    """Return the counts of the short cut sets, and the first of them."""
    for highest in range(order or _FALLBACK_ORDER, 0, -1):
        sets = short_cut_sets(graph, highest)
        if sets is None:
            continue
        counts = [0] * (highest + 1)
        shown: list[CutSet] = []
        for nodes in sets:
            counts[len(nodes)] += 1
            if counts[len(nodes)] <= most:
                names = tuple(sorted(graph.names[node] for node in nodes))
                shown.append(CutSet(names, _product(names, tree.events)))
        return tuple(counts), tuple(shown)
    return (), ()


def _product(names: tuple[str, ...], events: Mapping[str, float | None]) -> float | None:
    result = 1.0
    for name in names:
        p = events[name]
        if p is None:
            return None
        result *= p
    return result


def _unsolved(
    tree: FaultTree,
    written: Graph,
    graph: Graph,
    known: Mapping[str, float] | None,
    order: int | None,
    most: int,
    notes: list[str],
) -> TreeReport:
    counts, shown = _short(tree, graph, order, most)
    probability, bounds = None, None
    if known is not None:
        try:
            probability = graph_probability(graph, known, 0)[0]
        except TooLargeError:
            low, high = gate_bounds(graph, known)
            low = max(low, max((cut.probability or 0.0 for cut in shown), default=0.0))
            bounds = (low, min(high, _by_short_sets(counts, shown, known)))
    said = f"; it lies between {bounds[0]:.4g} and {bounds[1]:.4g}" if bounds else ""
    what = "cut sets" if probability is not None else f"tree{said}"
    up_to = f"; the cut sets of up to {len(counts) - 1} events are complete" if counts else ""
    notes.append(f"Unknown: too large to be solved exactly within the limit: the {what}{up_to}.")
    return _report(tree, written, graph, probability, bounds, None, counts, shown, (), notes)


def _by_short_sets(counts: tuple[int, ...], shown: tuple[CutSet, ...], known: Mapping[str, float]) -> float:
    """Return an upper bound: a short cut set happens, or more events than such a set has."""
    if not counts or len(shown) < sum(counts):
        return 1.0
    row = [1.0] + [0.0] * len(counts)
    for p in known.values():
        for k in range(len(counts), 0, -1):
            row[k] = row[k] * (1.0 if k == len(counts) else 1.0 - p) + row[k - 1] * p
        row[0] *= 1.0 - p
    return min(1.0, sum(cut.probability or 0.0 for cut in shown) + row[-1])
