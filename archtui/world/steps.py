"""The words in which every engine says what happened: steps, hops, headers, verdicts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from archtui.model.component import Json


class Verdict(StrEnum):
    """The answer of a trace. ``UNKNOWN``: the model cannot decide, and the trace says what is missing."""

    REACHABLE = "reachable"
    BLOCKED = "blocked"
    UNKNOWN = "unknown"

    def __str__(self) -> str:
        return self.value


class Action(StrEnum):
    """What a component did with what came to it."""

    FORWARD = "forward"
    ACCEPT = "accept"
    DENY = "deny"
    TRANSLATE = "translate"
    ANSWER = "answer"
    CHOOSE = "choose"
    ORIGINATE = "originate"
    UNKNOWN = "unknown"

    def __str__(self) -> str:
        return self.value


@dataclass(frozen=True, slots=True)
class Difference:
    """A field in which a rule that almost matched differs from what came: what was asked, what the rule takes."""

    field: str
    """``protocol``, ``port``, ``source``, ``destination`` or ``ICMP type``."""
    asked: str
    rule: str

    @property
    def text(self) -> str:
        """The difference as a phrase: ``port differs (443 asked)``."""
        if self.field in ("source", "destination"):
            return f"{self.field} differs ({self.asked} is not in {self.rule})"
        return f"{self.field} differs ({self.asked} asked)"

    def to_json(self) -> dict[str, Json]:
        """Return the difference as plain data."""
        return {"field": self.field, "asked": self.asked, "rule": self.rule}


@dataclass(frozen=True, slots=True)
class RuleRef:
    """The exact thing that decided or lost: a route, a NACL entry, a security-group rule, a listener rule.

    ``component`` is the blueprint's component, ``path`` the place in its properties (so that an
    editor can jump there), ``text`` the rule as a person reads it, ``why`` why it lost (empty for
    the one that decided), ``code`` AWS's reason code for that (empty where it has none), ``differs`` the
    fields in which a rule that almost matched differs.
    """

    component: str
    text: str
    path: tuple[str | int, ...] = ()
    why: str = ""
    code: str = ""
    differs: tuple[Difference, ...] = ()

    def to_json(self) -> dict[str, Json]:
        """Return the rule as plain data."""
        shown: dict[str, Json] = {"component": self.component, "text": self.text, "path": list(self.path)}
        if self.code:
            shown["code"] = self.code
        if self.why:
            shown["why"] = self.why
        if self.differs:
            shown["differs"] = [difference.to_json() for difference in self.differs]
        return shown


@dataclass(frozen=True, slots=True)
class Step:
    """One decision of one component."""

    layer: str
    """``dns``, ``route``, ``nacl``, ``security_group``, ``nat``, ``gateway``, ``listener``, ``target``,
    ``health``, ``interface``, ``application``, ..."""
    action: Action
    code: str
    """A reason code: AWS's own where one exists, ours in the same style otherwise; empty if nothing needs one."""
    message: str
    """One sentence a beginner understands and an expert can check."""
    decided_by: RuleRef | None = None
    lost: tuple[RuleRef, ...] = ()
    before: Mapping[str, Json] = field(default_factory=dict)
    after: Mapping[str, Json] = field(default_factory=dict)
    facts: tuple[str, ...] = ()

    @property
    def rule_word(self) -> str:
        """What to call ``decided_by``: where no rule admits, the closest one stands there."""
        nothing_admits = self.action is Action.DENY and self.decided_by is not None and self.decided_by.differs
        return "closest" if nothing_admits else "decided by"

    def to_json(self) -> dict[str, Json]:
        """Return the step as the command line prints it."""
        return {
            "layer": self.layer,
            "action": str(self.action),
            "code": self.code,
            "message": self.message,
            "decided_by": self.decided_by.to_json() if self.decided_by else None,
            "lost": [rule.to_json() for rule in self.lost],
            "before": dict(self.before),
            "after": dict(self.after),
            "facts": list(self.facts),
        }


@dataclass(frozen=True, slots=True)
class Hop:
    """The steps of one component."""

    component: str
    kind: str
    steps: tuple[Step, ...]

    def to_json(self) -> dict[str, Json]:
        """Return the hop as the command line prints it."""
        return {"component": self.component, "kind": self.kind, "steps": [step.to_json() for step in self.steps]}

    @property
    def denied(self) -> bool:
        """Whether a step of this hop stops the traffic."""
        return any(step.action is Action.DENY for step in self.steps)


@dataclass(frozen=True, slots=True, order=True)
class Blocker:
    """One reason why traffic does not get through: the component to look at, the code, the sentence."""

    component: str
    code: str
    message: str

    def to_json(self) -> dict[str, Json]:
        """Return the blocker as the command line prints it."""
        return {"component": self.component, "code": self.code, "message": self.message}


def blockers_of(hops: Iterable[Hop]) -> tuple[Blocker, ...]:
    """Return every denial in ``hops``, in their order, once each."""
    found: dict[Blocker, None] = {}
    for hop in hops:
        for step in hop.steps:
            if step.action is Action.DENY:
                owner = step.decided_by.component if step.decided_by else hop.component
                found[Blocker(owner, step.code, step.message)] = None
    return tuple(found)
