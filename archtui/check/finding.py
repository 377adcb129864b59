"""A finding: one thing a rule has to say about one place of a design."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from archtui.model.blueprint import Locate
from archtui.model.component import Json
from archtui.model.operations import Path

Severity: TypeAlias = Literal["error", "warning", "info"]
"""``error``: AWS refuses it or it does not work; ``warning``: it works and will hurt; ``info``: worth knowing."""
RuleClass: TypeAlias = Literal[
    "reachability", "resilience", "correctness", "cost", "limits", "security", "operations", "performance"
]
"""What a rule is about."""

SEVERITIES: tuple[Severity, ...] = ("error", "warning", "info")
"""The worst first."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule found. Build one with :meth:`archtui.check.rule.Rule.finding`."""

    rule: str
    severity: Severity
    class_: RuleClass
    components: tuple[str, ...]
    """The components concerned; the first is the one to change."""
    message: str
    """What is wrong here, with the names and values of this design; one sentence."""
    why: str
    """Why it matters."""
    fix: str
    """What to do about it."""
    facts: tuple[str, ...] = ()
    fixable: bool = False
    """Whether the rule offers an edit for it (``Rule.fixes``)."""
    path: Path = ()
    """The place in the document: ``("components", "web-sg", "ingress", 0)``."""
    detail: tuple[str | int, ...] = ()
    """What the rule wants to remember for its fix."""

    @property
    def order(self) -> tuple[int, str, tuple[str, ...], tuple[tuple[bool, str], ...], str]:
        """The key by which reports sort: the worst first, then rule, components and place."""
        place = tuple((isinstance(part, int), f"{part:06}" if isinstance(part, int) else part) for part in self.path)
        return SEVERITIES.index(self.severity), self.rule, self.components, place, self.message

    @property
    def subject(self) -> str:
        """The component to change; empty for a finding about the design as a whole."""
        return self.components[0] if self.components else ""

    def to_json(self, locate: Locate | None = None) -> dict[str, Json]:
        """Return the finding as ``archtui check --format json`` prints it; ``locate`` finds places in the file."""
        where = locate(self.path) if locate else None
        return {
            "rule": self.rule,
            "severity": self.severity,
            "class": self.class_,
            "components": list(self.components),
            "message": self.message,
            "why": self.why,
            "fix": self.fix,
            "facts": list(self.facts),
            "fixable": self.fixable,
            "path": list(self.path),
            "location": {"file": where.file, "line": where.line, "column": where.column} if where else None,
        }
