"""The worst that each kind of disruption does to a journey, in seconds, from the failure engine's own timeline.

The kinds are those of AWS Resilience Hub (application, infrastructure, zone, region:
https://docs.aws.amazon.com/resilience-hub/latest/userguide/concepts-terms.html), and besides them a
zone lost while a control plane does not answer, which is what static stability is about.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Literal

from archtui.failure.analysis import analyse
from archtui.failure.interface import Fails
from archtui.failure.observe import Observer
from archtui.failure.report import FailureReport, JourneyReport, Status
from archtui.failure.scenarios import regions_of, zones_of
from archtui.model.component import Journey, Json
from archtui.world.condition import HEALTHY
from archtui.world.world import World

DisruptionType = Literal["application", "instance", "az", "region", "control_plane"]
Targets = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Disruption:
    """The worst case of one kind for one journey."""

    type: DisruptionType
    targets: Targets
    """What fails in the worst case; empty: nothing of the kind concerns the journey."""
    rto: float | None
    """Seconds until requests succeed again; None: not by itself."""
    rpo: float | None
    """Seconds of writes that are lost; None: not known."""
    meets: bool | None
    """Whether the journey's RTO and RPO hold; None: it has neither."""
    sentence: str

    def to_json(self) -> dict[str, Json]:
        """Return the disruption as the command line prints it."""
        return {
            "type": self.type,
            "targets": list(self.targets),
            "rto_s": self.rto,
            "rpo_s": self.rpo,
            "meets": self.meets,
            "sentence": self.sentence,
        }


@dataclass
class Disruptions:
    """Works out disruptions on one world; a failure that several journeys are asked about is played once."""

    world: World
    observer: Observer
    _played: dict[Targets, FailureReport] = field(default_factory=dict)

    def of(self, journey: Journey, events: Iterable[str]) -> tuple[Disruption, ...]:
        """Return the worst of each kind for ``journey``, which hangs on ``events``."""
        single = [name for name in events if self._fails(name) is not None]
        machines: list[Targets] = [(name,) for name in single if not self._managed(name)]
        handling = self._handling(journey)
        zones: list[Targets] = [(f"az:{zone}",) for zone in zones_of(self.world)]
        regions: list[Targets] = [(f"region:{region}",) for region in regions_of(self.world)]
        planes = sorted({p for name in single if (fails := self._fails(name)) for p in fails.control_planes})
        stuck: list[Targets] = [(*zone, f"control-plane:{plane}") for zone in zones for plane in planes]
        kinds: tuple[tuple[DisruptionType, list[Targets]], ...] = (
            ("application", [target for target in machines if target[0] in handling]),
            ("instance", machines),
            ("az", zones),
            ("region", regions),
            ("control_plane", stuck),
        )
        return tuple(self._worst(journey, kind, targets) for kind, targets in kinds)

    def _fails(self, name: str) -> Fails | None:
        component = self.world.components.get(name)
        return component.kind.behaviour(Fails) if component else None

    def _managed(self, name: str) -> bool:
        """Say whether ``name`` is no machine: AWS runs it redundantly, or it is configuration like a certificate."""
        component, fails = self.world.components[name], self._fails(name)
        return fails is None or fails.managed or not fails.service_level(component)

    def _handling(self, journey: Journey) -> frozenset[str]:
        """Return the components that take up a request of the journey and run something."""
        trace = self.observer.trace(journey, HEALTHY)
        return (
            frozenset(stage.at for stage in trace.root.different_stages()) | {journey.source} if trace else frozenset()
        )

    def _report(self, journey: Journey, targets: Targets) -> JourneyReport:
        if targets not in self._played:
            self._played[targets] = analyse(self.world, targets, self.observer)
        return self._played[targets].journey(journey.name)

    def _worst(self, journey: Journey, kind: DisruptionType, targets: list[Targets]) -> Disruption:
        if not targets:
            return Disruption(kind, (), 0.0, 0.0, _meets(journey, 0.0, 0.0), _NOTHING[kind])
        reports = [(each, self._report(journey, each)) for each in targets]
        worst, report = max(reports, key=lambda pair: _badness(pair[1]))
        rto, rpo = _seconds(report)
        lost = [_seconds(each)[1] for _, each in reports]
        rpo = None if None in lost else max(loss for loss in lost if loss is not None)
        return Disruption(kind, worst, rto, rpo, _meets(journey, rto, rpo), " ".join(_told(worst, report)))


_NOTHING: dict[DisruptionType, str] = {
    "application": "The journey uses no machine of its own.",
    "instance": "The journey uses no machine of its own.",
    "az": "The design is in no zone.",
    "region": "The design is in no region.",
    "control_plane": "Nothing that recovers here needs a control plane: it is statically stable.",
}


def _told(targets: Targets, report: JourneyReport) -> Iterator[str]:
    yield f"Worst: {' and '.join(targets)}."
    yield report.sentence


def _seconds(report: JourneyReport) -> tuple[float | None, float | None]:
    if report.after.status is Status.UNKNOWN or report.during.status is Status.UNKNOWN:
        return None, None
    return (
        None if report.downtime is None else report.downtime.max,
        None if report.data_loss is None else report.data_loss.max,
    )


def _badness(report: JourneyReport) -> tuple[float, float]:
    rto, rpo = _seconds(report)
    return float("inf") if rto is None else rto, float("inf") if rpo is None else rpo


def _meets(journey: Journey, rto: float | None, rpo: float | None) -> bool | None:
    if journey.rto is None and journey.rpo is None:
        return None
    in_time = journey.rto is None or (rto is not None and rto <= journey.rto)
    return in_time and (journey.rpo is None or (rpo is not None and rpo <= journey.rpo))
