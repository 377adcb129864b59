"""How much each event matters to the top event."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from archtui.failure.faulttree.solve import Chances, Module, Solution
from archtui.model.component import Json

_MOST_OF_IT = 0.99
"""From this share on, what is left without an event is worked out anew: a difference would lose its digits."""


@dataclass(frozen=True, slots=True)
class Importance:
    """One event's part in the top event (Birnbaum 1969; Vesely 1983; NUREG/CR-3385 for RAW and RRW)."""

    event: str
    probability: float
    birnbaum: float
    """How much likelier the top event is with the event than without: its derivative by the event's probability."""
    with_event: float
    """The probability of the top event once the event has happened."""
    without_event: float
    """The probability of the top event if the event never happens."""
    top: float
    """The probability of the top event as it is."""

    @property
    def fussell_vesely(self) -> float:
        """The share of the top event's probability that goes away if the event never happens."""
        if not self.top:
            return 0.0
        share = self.birnbaum * self.probability / self.top
        return share if abs(share) < _MOST_OF_IT else (self.top - self.without_event) / self.top

    @property
    def criticality(self) -> float:
        """The probability that the event has happened and decides, given the top event: p x Birnbaum / P(top)."""
        return self.birnbaum * self.probability / self.top if self.top else 0.0

    @property
    def diagnosis(self) -> float:
        """The probability that the event has happened, given the top event."""
        return self.probability * self.with_event / self.top if self.top else 0.0

    @property
    def raw(self) -> float | None:
        """Risk achievement worth: how many times likelier the top event is once the event has happened."""
        return self.with_event / self.top if self.top else None

    @property
    def rrw(self) -> float | None:
        """Risk reduction worth: how many times rarer the top event is without the event; None: without bound."""
        return self.top / self.without_event if self.without_event else None

    def to_json(self) -> dict[str, Json]:
        """Return the figures as plain data."""
        return {
            "event": self.event,
            "probability": self.probability,
            "birnbaum": self.birnbaum,
            "fussell_vesely": self.fussell_vesely,
            "criticality": self.criticality,
            "diagnosis": self.diagnosis,
            "raw": self.raw,
            "rrw": self.rrw,
        }


def importances(solution: Solution, events: Mapping[str, float]) -> tuple[Importance, ...]:
    """Return the importance of every event, the greatest share first; ``events`` gives their probabilities."""
    given, (top, _) = solution.all_chances(events)
    if solution.always is not None:
        return ()
    slopes = _slopes(solution, given)
    found: list[Importance] = []
    for node, name in solution.graph.names.items():
        if node not in slopes:
            continue
        slope, p = slopes[node], events[name]
        without = top - slope * p
        if top and abs(slope * p) >= _MOST_OF_IT * top:
            without = solution.chances({**events, name: 0.0})[0]
        happened = max(0.0, without + slope)
        found.append(Importance(name, p, slope, happened, max(0.0, without), top))
    return tuple(sorted(found, key=lambda item: (-item.fussell_vesely, -item.birnbaum, item.event)))


def _slopes(solution: Solution, given: Mapping[int, Chances]) -> dict[int, float]:
    """Return the derivative of the top event's probability by that of each event, by way of the modules."""
    slopes: dict[int, float] = {abs(solution.graph.top): -1.0 if solution.top_is_turned else 1.0}
    for module in reversed(solution.modules):
        outer = slopes.get(module.node, 0.0)
        for variable, inner in _inner_slopes(module, given).items():
            slopes[variable] = slopes.get(variable, 0.0) + outer * inner
    return slopes


def _inner_slopes(module: Module, given: Mapping[int, Chances]) -> dict[int, float]:
    bdd = module.bdd
    true, _ = module.tables(given)
    met: dict[int, float] = dict.fromkeys(module.nodes, 0.0)
    met[module.root] = 1.0
    slopes: dict[int, float] = {}
    for f in reversed(module.nodes):
        variable = module.variables[bdd.level[f]]
        p, q = given[variable]
        low, high = bdd.low[f], bdd.high[f]
        weight = met[f]
        slopes[variable] = slopes.get(variable, 0.0) + weight * (true[high] - true[low])
        if high > 1:
            met[high] += weight * p
        if low > 1:
            met[low] += weight * q
    return slopes
