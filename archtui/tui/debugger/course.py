"""What can be stepped through: each branch of a request, and each thing that it sets off."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from archtui.trace.paths import share_text

if TYPE_CHECKING:
    from archtui.trace.aftermath import Aftermath
    from archtui.trace.result import Path, Trace
    from archtui.world.steps import Hop, Step


MARKS = {"reachable": ("✓", "green"), "blocked": ("✗", "bold red"), "unknown": ("?", "bold yellow")}
"""The glyph and the style of each verdict."""


@dataclass(frozen=True)
class Course:
    """One way from its beginning to its end: a branch of the request, or what comes after its answer."""

    path: Path
    label: str
    share: float
    """The share of the requests that take it, from 0 to 1."""
    later: Aftermath | None = None
    """What it is where the request sets it off; None: a branch of the request itself."""

    @property
    def verdict(self) -> str:
        """``reachable``, ``blocked`` or ``unknown``."""
        return str(self.later.verdict if self.later else self.path.verdict)

    @property
    def mark(self) -> tuple[str, str]:
        """The glyph of the verdict and its style."""
        return MARKS[self.verdict]

    @property
    def name(self) -> str:
        """What it is called among others."""
        return self.label if self.later else self.path.name

    @property
    def note(self) -> str:
        """What is said beside its name: its share, its status, when it comes."""
        said = [f"{share_text(self.share)} of requests"]
        if self.later is None:
            said += [f"HTTP {self.path.status}"] if self.path.status is not None else []
        else:
            said.append(f"afterwards, {self.later.when}")
        said += [blocker.code for blocker in (self.later or self.path).blockers[:1]]
        return " · ".join(said)

    @property
    def heading(self) -> str:
        """What stands above its steps; empty where there is no other way."""
        if self.later is None:
            return f"{share_text(self.share)} of requests: {self.label}" if self.label else ""
        return self.later.heading


@dataclass(frozen=True)
class Place:
    """A step of a course and where it stands; of a folded hop: the step that decided it."""

    hop: Hop
    step: Step
    hop_index: int
    reply: bool
    number: int
    """The step's number in its course, from 1."""
    folded: bool = False

    @property
    def denied(self) -> bool:
        """Whether something is refused here."""
        return self.hop.denied if self.folded else str(self.step.action) == "deny"


@dataclass(frozen=True)
class Told:
    """What is said of the moment of a failure at which a trace is taken, the headline first."""

    lines: tuple[str, ...]


@dataclass(frozen=True)
class Entry:
    """A row that leads into another course."""

    course: int


def courses_of(trace: Trace) -> tuple[Course, ...]:
    """Return the branches that carry traffic, the one that tells most first, then what the request sets off."""
    carrying = tuple(path for path in trace.paths if path.weight > 0) or (trace.main,)
    main = next((path for path in carrying if path.label == trace.main.label), trace.main)
    branches = (main, *(path for path in carrying if path is not main))
    own = tuple(Course(path, path.label, path.weight) for path in branches)
    return own + tuple(Course(later.main, later.label, later.weight, later) for later in trace.afterwards)


def most_alike(before: Place, places: list[Place]) -> Place | None:
    """Return the place that is most like ``before``, in a trace that was run again: the same component first."""

    def likeness(place: Place) -> tuple[int, ...]:
        same = place.step.layer == before.step.layer
        rule, old = place.step.decided_by, before.step.decided_by
        decided = rule is not None and old is not None and (rule.component, rule.path) == (old.component, old.path)
        return (
            int(place.reply is before.reply),
            int(same),
            int(decided or place.step.message == before.step.message),
            -abs(place.number - before.number),
        )

    there = [place for place in places if place.hop.component == before.hop.component]
    near = there or places
    key = likeness if there else lambda place: (-abs(place.number - before.number),)
    return max(near, key=key, default=None)
