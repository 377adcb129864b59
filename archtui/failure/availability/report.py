"""How available each journey of a design is, exactly, and what that hangs on. Plain data."""

from __future__ import annotations

from dataclasses import dataclass

from archtui.failure.availability.disruptions import Disruption, Disruptions
from archtui.failure.availability.priors import CONTROL_PLANE, Prior
from archtui.failure.availability.structure import Structure, structure_of
from archtui.failure.faulttree import CutSet, Importance, analyse_tree
from archtui.failure.faulttree.bounds import Bounds
from archtui.failure.observe import Observer
from archtui.model.component import Journey, Json
from archtui.world.condition import HEALTHY
from archtui.world.world import World

MINUTES = 365.25 * 24 * 60
"""Minutes in a year."""
ORDER = 2
"""Up to how many events cut sets are tried in the tracer unless told."""
_SHOWN = 20


@dataclass(frozen=True)
class JourneyResilience:
    """One journey's figures. Without a ``structure`` it has none, and ``notes`` says why."""

    name: str
    slo: float | None
    unavailability: float | None
    """The share of time in which no request succeeds; None: not known."""
    bounds: Bounds | None
    """Between which figures it lies, where it is not known exactly."""
    spofs: tuple[str, ...]
    """Events that take the journey down alone, as a request meets them, then zones and regions."""
    cut_set_count: int | None
    cut_sets_by_order: tuple[int, ...]
    cut_sets: tuple[CutSet, ...]
    importance: tuple[Importance, ...]
    disruptions: tuple[Disruption, ...]
    structure: Structure | None
    notes: tuple[str, ...] = ()

    @property
    def availability(self) -> float | None:
        """The share of time in which requests succeed."""
        return None if self.unavailability is None else 1.0 - self.unavailability

    @property
    def minutes_per_year(self) -> float | None:
        """Minutes of a year in which no request succeeds."""
        return None if self.unavailability is None else self.unavailability * MINUTES

    @property
    def meets_slo(self) -> bool | None:
        """Whether the journey is as available as promised; None: nothing is promised, or it is not known."""
        if self.slo is None or self.unavailability is None:
            return None
        # Compared as unavailabilities: beside 1 the digits of a small one are lost.
        return self.unavailability <= round(1.0 - self.slo, 12)

    @property
    def assumptions(self) -> tuple[Prior, ...]:
        """The figures of the single events, each with its source."""
        return self.structure.priors if self.structure else ()

    def sentence(self, item: Importance) -> str:
        """Return what an event's importance means for the journey."""
        minutes = item.fussell_vesely * (self.minutes_per_year or 0.0)
        share = f"{100 * item.fussell_vesely:.3g} %"
        start = f"If {item.event} never failed, {share} of the downtime would go ({minutes:.3g} minutes a year)"
        if item.event in self.spofs:
            return f"{start}; when it fails, the journey is down."
        return f"{start}; while it is down, the journey is {item.raw or 0.0:.3g} times as likely to be down."

    def to_json(self) -> dict[str, Json]:
        """Return the figures as ``archtui resilience FILE --format json`` prints them."""
        return {
            "name": self.name,
            "availability": self.availability,
            "unavailability": self.unavailability,
            "bounds": list(self.bounds) if self.bounds else None,
            "minutes_per_year": self.minutes_per_year,
            "slo": self.slo,
            "meets_slo": self.meets_slo,
            "spofs": list(self.spofs),
            "cut_sets": [{"events": list(cut.events), "probability": cut.probability} for cut in self.cut_sets],
            "cut_set_count": self.cut_set_count,
            "cut_sets_by_order": list(self.cut_sets_by_order),
            "verified_order": self.structure.verified if self.structure else None,
            "importance": [item.to_json() | {"sentence": self.sentence(item)} for item in self.importance],
            "disruptions": [item.to_json() for item in self.disruptions],
            "assumptions": [item.to_json() for item in self.assumptions],
            "notes": list(self.notes),
        }


def resilience(
    world: World, order: int | None = None, *, observer: Observer | None = None, disruptions: bool = True
) -> tuple[JourneyResilience, ...]:
    """Return the figures of every journey of ``world`` in the document's order.

    ``order``: list every cut set of up to that many events, each tried in the tracer, instead of the
    likeliest. ``disruptions=False`` leaves the seconds out, which take most of the time.
    """
    look = observer or Observer(world)
    played = Disruptions(world, look) if disruptions else None
    return tuple(figures_of(world, journey, order, look, played) for journey in world.blueprint.journeys)


def figures_of(
    world: World, journey: Journey, order: int | None, look: Observer, played: Disruptions | None
) -> JourneyResilience:
    """Return the figures of one ``journey``; without ``played`` the seconds are left out."""
    structure = structure_of(world, journey, look, order or ORDER)
    if structure is None:
        sight = look.sight(journey, HEALTHY)
        why = "It is to be blocked, so it has no availability." if journey.blocked else f"It does not hold: {sight.why}"
        return JourneyResilience(journey.name, journey.slo, None, None, (), None, (), (), (), (), None, (why,))
    known = [prior.event for prior in structure.priors]
    return figures_with(journey, structure, order, played.of(journey, known) if played else ())


def figures_with(
    journey: Journey, structure: Structure, order: int | None, disruptions: tuple[Disruption, ...] = ()
) -> JourneyResilience:
    """Return the figures of ``journey``, given what takes it down."""
    report = analyse_tree(structure.tree, order=order, most=_SHOWN if order is None else 10_000)
    known = [prior.event for prior in structure.priors]
    places = [event for event in known if event.startswith(("az:", "region:", CONTROL_PLANE))]
    ordered = [event for event in known if event not in places] + sorted(places)
    return JourneyResilience(
        name=journey.name,
        slo=journey.slo,
        unavailability=report.probability,
        bounds=report.bounds,
        spofs=tuple(event for event in ordered if event in structure.singles),
        cut_set_count=report.cut_set_count,
        cut_sets_by_order=report.cut_sets_by_order,
        cut_sets=tuple(sorted(report.cut_sets, key=lambda cut: -(cut.probability or 0.0))),
        importance=report.importance,
        disruptions=disruptions,
        structure=structure,
        notes=(*structure.notes, *report.notes),
    )
