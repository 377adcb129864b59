"""What a failure does to a design: per journey, per component, over time. Plain data."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from archtui.facts import Span
from archtui.failure.clients import Points, missed
from archtui.failure.timed import Timed
from archtui.model.component import Json
from archtui.world.condition import HEALTHY, Condition
from archtui.world.world import World


class Status(StrEnum):
    """How a journey is at one moment."""

    UP = "up"
    DEGRADED = "degraded"
    """Part of the requests fail, or a soft dependency does."""
    DOWN = "down"
    UNKNOWN = "unknown"
    """The model cannot decide; what is missing is said."""

    def __str__(self) -> str:
        return self.value


@dataclass(frozen=True, slots=True)
class Sight:
    """A journey at one moment: its status, the share of requests that succeed, and why."""

    status: Status
    share: float
    why: str = ""
    """One sentence, where it is not up."""
    missing: tuple[str, ...] = ()
    soft: tuple[str, ...] = ()
    """Soft dependencies that fail."""
    late: float = 0.0
    """Seconds by which the answer comes later than usual."""


@dataclass(frozen=True, slots=True)
class Link:
    """One mechanism of the chain that brings a journey back."""

    mechanism: str
    """Its name in the failover table."""
    component: str
    detect: Span | None
    """Seconds until it is noticed; None: not known, or a person has to notice."""
    switch: Span | None
    """Seconds from then until it works again, caches included; None: not known, or a person has to do it."""
    seconds: Span | None
    """From its start to its end; None: not known, or a person has to do it."""
    starts: Span | None
    """Seconds after the failure at which its clock starts."""
    source: str
    what: str
    """What happens, in a sentence."""
    formula: str
    automatic: bool
    control_planes: tuple[str, ...]
    hindered: str
    data_loss: Span | None

    @property
    def seconds_max(self) -> float:
        """The longest it may take; 0 where that is not known."""
        return self.seconds.max if self.seconds else 0.0

    def to_json(self) -> dict[str, Json]:
        """Return the link as the command line prints it."""
        seconds = self.seconds
        return {
            "mechanism": self.mechanism,
            "component": self.component,
            "seconds": seconds.max if seconds else None,
            "min_seconds": seconds.min if seconds else None,
            "detect_s": self.detect.max if self.detect else None,
            "switch_s": self.switch.max if self.switch else None,
            "starts_s": self.starts.max if self.starts else None,
            "formula": self.formula,
            "what": self.what,
            "automatic": self.automatic,
            "control_planes": list(self.control_planes),
            "hindered": self.hindered,
            "data_loss_s": self.data_loss.max if self.data_loss else None,
            "source": self.source,
        }


@dataclass(frozen=True, slots=True)
class JourneyReport:
    """What a failure does to one journey."""

    name: str
    expect: str
    before: Sight
    during: Sight
    """The first moment after the failure, nothing recovered."""
    after: Sight
    """When all that happens by itself has happened."""
    downtime: Span | None
    """Seconds in which no request succeeds; None: it does not come back by itself, or nobody publishes when
    (:attr:`returns` tells which)."""
    degraded: Span | None
    """Seconds in which it is degraded; None: it stays so."""
    data_loss: Span | None
    """Seconds of writes that are lost; None: not known."""
    chain: tuple[Link, ...]
    sentence: str
    partly: Sight | None
    """The first moment at which it is degraded; None: it never is."""
    shares: tuple[tuple[float, float], ...]
    """(seconds after the failure, share of requests that succeed from then on)."""
    served: Points = ()
    """The share of all clients that is served over time: caches forget one after the other, so it rises in straight
    lines where :attr:`shares`, which follows the client that moves last, jumps."""
    rto: float | None = None
    rpo: float | None = None
    slo: float | None = None
    steady: tuple[Link, ...] = ()
    """What on its way goes on in other zones, with the table's entry that says so."""

    @property
    def returns(self) -> Literal["stays", "by itself", "by itself, nobody publishes when", "not by itself"]:
        """Say how the journey comes back to what it was before the failure."""
        if self.after.status is not self.before.status or self.after.share < self.before.share - 1e-9:
            return "not by itself"
        if self.downtime is None or self.degraded is None:
            return "by itself, nobody publishes when"
        return "by itself" if self.downtime.max or self.degraded.max else "stays"

    @property
    def static_stability(self) -> str:
        """Say whether what brings the journey back needs a control plane (AWS: static stability)."""
        helping = [link for link in self.chain if link.automatic and link.seconds is not None]
        planes = sorted({plane for link in self.chain if link.automatic for plane in link.control_planes})
        if planes:
            return f"Not statically stable: its recovery needs the control plane of {' and '.join(planes)}."
        return "Statically stable: nothing that brings it back needs a control plane." if helping else ""

    @property
    def meets_rto(self) -> bool | None:
        """Whether the journey is back within its RTO; None: it has none."""
        if self.rto is None:
            return None
        return self.downtime is not None and self.downtime.max <= self.rto

    @property
    def meets_rpo(self) -> bool | None:
        """Whether no more data is lost than its RPO allows; None: it has none."""
        if self.rpo is None:
            return None
        return self.data_loss is not None and self.data_loss.max <= self.rpo

    def to_json(self) -> dict[str, Json]:
        """Return the report as the command line prints it."""
        return {
            "name": self.name,
            "expect": self.expect,
            "before": str(self.before.status),
            "during": str(self.during.status),
            "after": str(self.after.status),
            "downtime_s": _number(self.downtime),
            "data_loss_s": _number(self.data_loss),
            "chain": [link.to_json() for link in self.chain],
            "sentence": self.sentence,
            "downtime_min_s": self.downtime.min if self.downtime else None,
            "returns": self.returns,
            "steady": [link.to_json() for link in self.steady],
            "degraded_s": _number(self.degraded),
            "degraded_min_s": self.degraded.min if self.degraded else None,
            "share": {
                "before": round(self.before.share, 9),
                "during": round(self.during.share, 9),
                "after": round(self.after.share, 9),
            },
            "served": [{"t": round(t, 3), "share": round(share, 9)} for t, share in self.served],
            "missed_s": round(missed(self.served), 3),
            "shares": [{"t": t, "share": round(share, 9)} for t, share in self.shares],
            "why": self.during.why or self.after.why,
            "static_stability": self.static_stability,
            "missing": list(dict.fromkeys((*self.during.missing, *self.after.missing))),
            "rto_s": self.rto,
            "rpo_s": self.rpo,
            "meets_rto": self.meets_rto,
            "meets_rpo": self.meets_rpo,
        }


def _number(span: Span | None) -> float | None:
    return None if span is None else span.max


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happens, seconds after the failure."""

    t: float
    kind: Literal["failure", "returned", "lost", "journey", "noticed", "begun", "recovered", "hindered"]
    event: str
    component: str
    """The component it happens to; a target (``az:eu-west-1a``) for the failure itself; empty for a journey."""
    journey: str = ""
    earliest: float | None = None
    """The earliest moment it may happen, where the seconds are a range."""

    def to_json(self) -> dict[str, Json]:
        """Return the event as the command line prints it."""
        shown: dict[str, Json] = {"t": self.t, "event": self.event, "component": self.component, "kind": self.kind}
        if self.journey:
            shown["journey"] = self.journey
        if self.earliest is not None and self.earliest != self.t:
            shown["earliest_t"] = self.earliest
        return shown


@dataclass(frozen=True, slots=True)
class FailureReport:
    """What happens when ``targets`` fail at second 0."""

    targets: tuple[str, ...]
    journeys: tuple[JourneyReport, ...]
    lost: tuple[str, ...]
    """Components that do not work right after the failure."""
    degraded: tuple[str, ...]
    """Components that work with less than they have."""
    recovered: tuple[str, ...]
    """Lost components that come back by themselves."""
    timeline: tuple[Event, ...]
    notes: tuple[str, ...] = ()
    """Targets that change nothing, with the reason."""
    conditions: tuple[Timed, ...] = ()
    """The targets with the seconds at which each begins and ends."""
    seed: int | None = None
    """By which the ranges of seconds were drawn; None: they are shown as ranges."""

    def journey(self, name: str) -> JourneyReport:
        """Return the report of the journey ``name``; raises :class:`KeyError` where there is none."""
        for journey in self.journeys:
            if journey.name == name:
                return journey
        raise KeyError(name)

    def to_json(self) -> dict[str, Json]:
        """Return the report as ``archtui fail --format json`` prints it."""
        return {
            "targets": list(self.targets),
            "conditions": [
                {"target": item.target, "start_s": item.start, "end_s": item.end} for item in self.conditions
            ],
            "journeys": [journey.to_json() for journey in self.journeys],
            "lost": list(self.lost),
            "degraded": list(self.degraded),
            "recovered": list(self.recovered),
            "timeline": [event.to_json() for event in self.timeline],
            "notes": list(self.notes),
            "seed": self.seed,
        }


def moment(world: World, report: FailureReport, word: str) -> Condition:
    """Return the condition ``before``, ``during`` (the first moment) or ``after`` the failure of ``report``."""
    from archtui.failure.timeline import condition_at

    if word == "before":
        return HEALTHY
    return condition_at(world, report.targets, 0.0 if word == "during" else math.inf)
