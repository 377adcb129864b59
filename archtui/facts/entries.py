"""The entries of the fact base, as frozen data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from archtui.facts.formula import evaluate

if TYPE_CHECKING:
    from archtui.model.component import Json

FactKind = Literal["behaviour", "rule", "definition", "choice", "limit", "best_practice", "default", "timing"]


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that is true of a service, in our own words."""

    id: str
    service: str
    """The slug of the service it is about."""
    topic: str
    kind: FactKind
    use: str
    """What it serves: validate, trace, fail, choose, capacity or catalog."""
    text: str
    numbers: Mapping[str, Json] = field(default_factory=dict)
    """The figures in it, with their units."""
    note: str = ""
    """Where a detail comes from, or what limits it."""
    correction: str = ""
    """What is often said instead, and why that is wrong or out of date."""
    certainty: str = ""
    """How sure the correction is: low, medium, medium-high, high."""

    def to_json(self) -> dict[str, Json]:
        """Return the fact as ``archtui facts --format json`` lists it."""
        shown: dict[str, Json] = {
            "id": self.id,
            "service": self.service,
            "topic": self.topic,
            "kind": self.kind,
            "fact": self.text,
            "numbers": dict(self.numbers),
        }
        extra = {"note": self.note, "correction": self.correction, "certainty": self.certainty}
        return shown | {key: value for key, value in extra.items() if value}


@dataclass(frozen=True, slots=True)
class Connection:
    """What one service does with another."""

    source: str
    target: str
    how: str


@dataclass(frozen=True, slots=True)
class Service:
    """One entry of the service inventory."""

    slug: str
    name: str
    aliases: tuple[str, ...]
    category: str
    role: str
    """What it is for, in one sentence."""
    scope: str
    in_flow: str
    """Its part in a flow: dns, request_hop, packet_hop, data_store, event, control_plane, attachment, observer."""
    contained_in: tuple[str, ...]
    failure_domain: str
    failover: str
    """What it does when its failure domain is lost."""
    must_work: tuple[str, ...]
    """What a simulator should show of it."""
    connects_to: tuple[Connection, ...]


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Seconds, as a range; a single figure has equal ends."""

    min: float
    max: float

    def __add__(self, other: Span) -> Span:
        return Span(self.min + other.min, self.max + other.max)

    def __str__(self) -> str:
        low, high = f"{self.min:g}", f"{self.max:g}"
        return f"{low} s" if low == high else f"{low}-{high} s"


NO_TIME = Span(0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Parameter:
    """A setting that a failover's seconds depend on."""

    name: str
    default: float
    meaning: str
    min: float | None = None
    max: float | None = None


@dataclass(frozen=True, slots=True)
class Failover:
    """How a component recovers from one event: the mechanism, its seconds, what is lost, who says so."""

    id: str
    """``rds.multi_az_instance``: the service and the set-up."""
    also: tuple[str, ...]
    """Further components that behave alike."""
    services: tuple[str, ...]
    event: str
    mechanism: str
    automatic: bool
    """Whether it happens without a person."""
    control_plane: str
    """The control plane it needs; empty: none, it is statically stable."""
    detect: str | Span | None
    """Seconds until the platform knows: a range, a formula over ``parameters``; None: not known."""
    switch: str | Span | None
    """Seconds until traffic works again after that."""
    data_loss: Span | None
    """Seconds of writes that are lost; None: not known."""
    detect_note: str
    switch_note: str
    data_loss_note: str
    parameters: tuple[Parameter, ...]
    sources: tuple[str, ...]
    """Addresses of pages, or ``AWS documentation: ...``."""
    note: str

    def detect_seconds(self, **settings: float) -> Span | None:
        """Return the seconds to detect under ``settings`` (the parameters' defaults where left out)."""
        return self._seconds(self.detect, settings)

    def switch_seconds(self, **settings: float) -> Span | None:
        """Return the seconds to switch under ``settings`` (the parameters' defaults where left out)."""
        return self._seconds(self.switch, settings)

    def _seconds(self, value: str | Span | None, settings: Mapping[str, float]) -> Span | None:
        if not isinstance(value, str):
            return value
        figure = evaluate(value, {p.name: p.default for p in self.parameters} | dict(settings))
        return Span(figure, figure)

    @property
    def source(self) -> str:
        """The sources on one line."""
        return "; ".join(self.sources)

    def to_json(self) -> dict[str, Json]:
        """Return the entry as plain data."""
        return {
            "id": self.id,
            "event": self.event,
            "mechanism": self.mechanism,
            "automatic": self.automatic,
            "control_plane": self.control_plane,
            "detect_s": _shown(self.detect),
            "switch_s": _shown(self.switch),
            "data_loss_s": _shown(self.data_loss),
            "notes": [note for note in (self.detect_note, self.switch_note, self.data_loss_note, self.note) if note],
            "sources": list(self.sources),
        }


def _shown(value: str | Span | None) -> Json:
    if isinstance(value, Span):
        return value.min if value.min == value.max else {"min": value.min, "max": value.max}
    return value


@dataclass(frozen=True, slots=True)
class Sla:
    """A published service level: a threshold for refunds, not a measured availability."""

    key: str
    service: str
    percent: float | None
    """None: the service has no such promise in this set-up."""
    condition: str
    source: str


@dataclass(frozen=True, slots=True)
class RuleEntry:
    """A rule of the catalogue: its name and what it is about, whether it is implemented or not."""

    id: str
    title: str
    severity: str
    class_: str
    services: tuple[str, ...]
