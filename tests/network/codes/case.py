"""One reason code: a flow that raises it, and its twin that differs in the one thing and does not."""

from __future__ import annotations

from dataclasses import dataclass

from archtui.network.flow import Flow
from archtui.world.condition import HEALTHY, Condition
from archtui.world.steps import Verdict


@dataclass(frozen=True, slots=True)
class CodeCase:
    """A code and two designs; the code is in a step of the first one's trace and in none of the second's."""

    code: str
    behaviour: str
    """What AWS does, in a sentence."""
    source: str
    """The AWS page, RFC or measured probe that says so."""
    design: str
    """A blueprint as YAML."""
    flow: Flow
    twin: str
    """The same blueprint with the one thing changed."""
    twin_flow: Flow | None = None
    """The flow for the twin where it is not the same."""
    verdict: Verdict = Verdict.BLOCKED
    """The verdict on the design: a code of an additional detail stands on reachable flows too."""
    twin_verdict: Verdict = Verdict.REACHABLE
    condition: Condition = HEALTHY
    """What is broken, in both."""


def edited(design: str, old: str, new: str) -> str:
    """Return ``design`` with its one ``old`` replaced: how a twin is made."""
    if design.count(old) != 1:
        raise ValueError(f"{old!r} stands {design.count(old)} times in the design; a twin changes one place")
    return design.replace(old, new)
