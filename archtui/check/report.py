"""What a check says: findings, what was suppressed, how the journeys came out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal, TypeAlias

from archtui.check.finding import SEVERITIES, Finding
from archtui.check.journeys import JourneyResult
from archtui.model.component import Component, Json
from archtui.model.operations import Path
from archtui.world.world import World

FailOn: TypeAlias = Literal["error", "warning", "info", "never"]


@dataclass(frozen=True, slots=True)
class Summary:
    """How many findings of each severity there are; suppressed ones do not count."""

    error: int
    warning: int
    info: int

    def to_json(self) -> dict[str, Json]:
        """Return the counts as plain data."""
        return {"error": self.error, "warning": self.warning, "info": self.info}


@dataclass(frozen=True, slots=True)
class Suppressed:
    """A finding that the owner has judged."""

    finding: Finding
    reason: str


@dataclass(frozen=True, slots=True)
class UnusedSuppression:
    """A suppression that suppresses nothing: the design has changed, or the rule's id is wrong."""

    rule: str
    message: str
    path: Path
    """Its place in the document: ``("suppress", 0)``."""


@dataclass(frozen=True, slots=True)
class RuleResult:
    """What one rule found, kept for the next check."""

    findings: tuple[Finding, ...]
    by_component: Mapping[Component, tuple[Finding, ...]] | None = None
    """The findings of each component, for rules that look at one at a time."""


@dataclass(frozen=True)
class Report:
    """The answer of :func:`archtui.check.runner.check`."""

    world: World = field(repr=False)
    findings: tuple[Finding, ...]
    """Sorted: the worst first, then by rule, components and place."""
    suppressed: tuple[Suppressed, ...]
    unused_suppressions: tuple[UnusedSuppression, ...]
    journeys: tuple[JourneyResult, ...]
    ran: tuple[str, ...] = ()
    """The ids of the rules that were asked."""
    results: Mapping[str, RuleResult] = field(default_factory=dict, repr=False, compare=False)
    """What each rule found, suppressed or not; the next check uses it again where nothing changed."""

    @cached_property
    def summary(self) -> Summary:
        """The number of findings of each severity."""
        count = {name: sum(finding.severity == name for finding in self.findings) for name in SEVERITIES}
        return Summary(count["error"], count["warning"], count["info"])

    def failed(self, fail_on: FailOn = "error") -> bool:
        """Whether the check's answer is "no": a finding of ``fail_on`` or worse, or a journey that does not hold."""
        if fail_on == "never":
            return False
        bad = SEVERITIES[: SEVERITIES.index(fail_on) + 1]
        return any(finding.severity in bad for finding in self.findings) or any(not j.holds for j in self.journeys)
