"""The changes that help: single and paired remedies, each proved on the edited design, the best as a Pareto front."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from archtui.failure.availability.report import MINUTES
from archtui.failure.availability.reuse import Analysis
from archtui.failure.goal import EXACT
from archtui.failure.remedies.interface import Cost, Remedy, catalogue
from archtui.failure.remedies.measure import Measure, Measured, measured
from archtui.model.component import Json
from archtui.model.edits import Edit, join
from archtui.model.errors import EditError, InputError
from archtui.world.compiler import compile_world
from archtui.world.world import World

MOST_PAIRED = 8
"""Of so many single remedies, the best of each journey, pairs are tried."""


@dataclass(frozen=True)
class Proposal:
    """One or two remedies together, and how the design does with them."""

    remedies: tuple[Remedy, ...]
    edit: Edit
    after: Mapping[str, Measure]
    """By journey."""

    @property
    def edits(self) -> int:
        """How many changes it takes."""
        return len(self.remedies)

    @property
    def cost(self) -> Cost:
        """The class of the dearest of them."""
        return max(remedy.cost for remedy in self.remedies)

    @property
    def effort(self) -> tuple[int, int]:
        """Number of edits and the sum of their cost classes."""
        return self.edits, sum(remedy.cost for remedy in self.remedies)

    @property
    def key(self) -> tuple[tuple[str, str, str], ...]:
        """What tells it from others."""
        return tuple(sorted((each.name, each.component, each.edit.label) for each in self.remedies))


@dataclass(frozen=True)
class Advice:
    """What helps one journey: the front, by edits, then by what is left of the downtime."""

    journey: str
    before: Measure
    front: tuple[Proposal, ...]

    def to_json(self) -> dict[str, Json]:
        """Return the advice as ``archtui resilience --remedies`` prints it."""
        return {
            "journey": self.journey,
            "unavailability": self.before.unavailability,
            "front": [self._proposal(item) for item in self.front],
        }

    def _proposal(self, item: Proposal) -> dict[str, Json]:
        after = item.after[self.journey]
        return {
            "remedies": [
                {"name": each.name, "component": each.component, "label": each.edit.label, "why": each.why}
                for each in item.remedies
            ],
            "edits": item.edits,
            "cost": str(item.cost),
            "unavailability": after.unavailability,
            "minutes_per_year": None if after.unavailability is None else after.unavailability * MINUTES,
            "lost_s": after.lost,
            "lost_s_before": self.before.lost,
            "proved": True,
            "edit": item.edit.to_json(),
        }


@dataclass(frozen=True)
class Search:
    """The result of a search over one design."""

    advice: tuple[Advice, ...]
    """For each journey that has figures, in the document's order."""
    tried: int
    """How many changed designs were analysed."""
    declined: tuple[tuple[str, str], ...] = ()
    """Remedies that cannot be applied, or that harm a journey, with the reason."""


def search(
    world: World, pairs: bool = True, proposed: Iterable[Remedy] | None = None, analysis: Analysis | None = None
) -> Search:
    """Return what helps each journey of ``world``: remedies of the catalogue (or ``proposed``), alone and by twos.

    ``analysis`` is that of ``world``, where it has been made already.
    """
    return _Search(world, analysis).run(tuple(catalogue(world) if proposed is None else proposed), pairs)


class _Search:
    def __init__(self, world: World, analysis: Analysis | None) -> None:
        self.base = measured(world, made=analysis)
        self.tried = 0
        self.declined: list[tuple[str, str]] = []

    def run(self, remedies: Sequence[Remedy], pairs: bool) -> Search:
        singles: list[tuple[Proposal, Measured]] = []
        met = self.base.analysis.footprint
        for remedy in remedies:
            if remedy.component not in met:
                continue  # No request comes near it, whatever fails: it cannot help.
            world = self._edited(self.base.world, remedy)
            made = self._judged((remedy,), remedy.edit, world) if world is not None else None
            if made is not None:
                singles.append(made)
        proposals = [proposal for proposal, _ in singles]
        if pairs:
            proposals += self._pairs(singles)
        names = [name for name, before in self.base.journeys.items() if before.unavailability is not None]
        advice = tuple(Advice(name, self.base.journeys[name], self._front(name, proposals)) for name in names)
        return Search(advice, self.tried, tuple(dict.fromkeys(self.declined)))

    def _edited(self, world: World, remedy: Remedy) -> World | None:
        try:
            blueprint, _ = world.blueprint.edited(remedy.edit.operations)
        except (EditError, InputError) as error:
            self.declined.append((remedy.edit.label, str(error).splitlines()[0]))
            return None
        return compile_world(blueprint, world)

    def _judged(self, remedies: tuple[Remedy, ...], edit: Edit, world: World) -> tuple[Proposal, Measured] | None:
        """Analyse the edited design; None where a journey does worse."""
        after = measured(world, self.base)
        self.tried += 1
        for name, measure in after.journeys.items():
            if measure.worse_than(self.base.journeys[name]):
                self.declined.append((edit.label, f"{name} would do worse"))
                return None
        return Proposal(remedies, edit, after.journeys), after

    def _pairs(self, singles: Sequence[tuple[Proposal, Measured]]) -> Iterator[Proposal]:
        """Try the best single remedies by twos; the second is proposed anew for the design with the first."""
        worth = self._worth([proposal for proposal, _ in singles])
        chosen = [pair for pair in singles if pair[0].key in worth]
        for (first, with_first), (second, _) in combinations(chosen, 2):
            wanted = second.remedies[0]
            again = next(
                (
                    item
                    for item in catalogue(with_first.world)
                    if (item.name, item.component) == (wanted.name, wanted.component)
                ),
                None,
            )
            world = self._edited(with_first.world, again) if again is not None else None
            if again is None or world is None:
                continue
            label = f"{first.edit.label}; {again.edit.label}"
            made = self._judged((*first.remedies, again), join(label, (first.edit, again.edit)), world)
            if made is not None:
                yield made[0]

    def _worth(self, proposals: Sequence[Proposal]) -> frozenset[tuple[tuple[str, str, str], ...]]:
        """Return the single remedies to be paired: of each journey those that leave least."""
        found: set[tuple[tuple[str, str, str], ...]] = set()
        for name, before in self.base.journeys.items():
            helping = [item for item in proposals if _helps(item.after[name], before)]
            helping.sort(key=lambda item: (item.after[name].unavailability or 0.0, item.after[name].lost, item.key))
            found.update(item.key for item in helping[:MOST_PAIRED])
        return frozenset(found)

    def _front(self, journey: str, proposals: Sequence[Proposal]) -> tuple[Proposal, ...]:
        before = self.base.journeys[journey]
        helping = [item for item in proposals if _helps(item.after[journey], before)]
        front = [
            item
            for item in helping
            if not any(_dominates(other, item, journey) for other in helping if other is not item)
        ]
        front.sort(key=lambda item: (item.effort, item.after[journey].unavailability or 0.0, item.key))
        return tuple(front)


def _helps(after: Measure, before: Measure) -> bool:
    """Whether the journey is available more, or as much and loses less until it is back."""
    if after.unavailability is None or before.unavailability is None:
        return False
    if after.unavailability < before.unavailability * (1 - EXACT):
        return True
    return after.unavailability <= before.unavailability * (1 + EXACT) and after.lost < before.lost - EXACT


def _dominates(a: Proposal, b: Proposal, journey: str) -> bool:
    """Whether ``a`` is as good as ``b`` in everything and better in something, or does the same with a smaller name."""
    mine, yours = _sizes(a, journey), _sizes(b, journey)
    if mine == yours:
        return a.key < b.key
    return all(x <= y for x, y in zip(mine, yours, strict=True))


def _sizes(item: Proposal, journey: str) -> tuple[float, float, int, int]:
    after = item.after[journey]
    # Rounded, so that sums in another order do not count as a difference.
    return float(f"{after.unavailability or 0.0:.9e}"), round(after.lost, 6), *item.effort
