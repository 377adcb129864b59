"""Predicting: each component's decision stays hidden until the user has said what it will be."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from archtui.tui.debugger.outline import deciding, kind_text

if TYPE_CHECKING:
    from archtui.trace.result import Path
    from archtui.world.steps import Hop

ANSWERS = {"a": "pass", "d": "deny", "u": "unknown"}
"""Key to answer."""
WORDS = {"pass": "lets it pass", "deny": "denies it", "unknown": "cannot be decided"}


@dataclass(frozen=True)
class Prediction:
    """How far a path is shown, and how many of the answers were right."""

    hops: tuple[Hop, ...]
    shown: int = 1
    right: int = 0
    asked: int = 0

    @classmethod
    def of(cls, path: Path) -> Prediction:
        """Begin with the first hop of ``path`` shown."""
        return cls((*path.forward, *path.back))

    @property
    def done(self) -> bool:
        """Whether nothing is hidden any more: the end, or a denial, behind which nothing comes by itself."""
        return self.shown >= len(self.hops) or any(hop.denied for hop in self.hops[: self.shown])

    @property
    def next(self) -> Hop | None:
        """The hop to be predicted."""
        return None if self.done else self.hops[self.shown]

    def guess(self, answer: str) -> tuple[Prediction, str]:
        """Take an answer; return the prediction with one more hop shown, and a sentence that says what was right."""
        hop = self.hops[self.shown]
        truth = decision(hop)
        right = answer == truth
        text = f"{'right' if right else 'no'}: {hop.component} {WORDS[truth]}"
        return replace(self, shown=self.shown + 1, right=self.right + right, asked=self.asked + 1), text

    @property
    def score(self) -> str:
        """The score as people say it."""
        return f"{self.right} of {self.asked} right"

    @property
    def question(self) -> str:
        """What to ask."""
        hop = self.next
        what = f"{hop.component} ({kind_text(hop)})" if hop else ""
        return f"{what}: what does it do?  a passes  d denies  u undecided  Esc later"


def decision(hop: Hop) -> str:
    """Return what a hop does with what comes to it: ``pass``, ``deny`` or ``unknown``."""
    action = str(deciding(hop).action)
    return action if action in ("deny", "unknown") else "pass"
