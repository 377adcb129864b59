"""One cell of the matrix: a request that a row of it takes, or one that it does not take."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Final, Literal

from archtui.trace.request import Request, is_address
from archtui.trace.result import Trace
from archtui.world.steps import Verdict

Area = Literal[
    "routing policy",
    "health check",
    "cache outcome",
    "edge function",
    "listener rule",
    "HTTP status",
    "invocation kind",
    "event pattern",
    "filter policy",
    "cache order",
    "delivery",
    "store access",
    "authorizer",
]
"""What the rows of the matrix are of."""


class Unsaid(Enum):
    """What a case does not speak of; ``None`` is an answer: no HTTP status at all."""

    UNSAID = "not said"


UNSAID: Final = Unsaid.UNSAID


@dataclass(frozen=True, slots=True)
class Expected:
    """What becomes of the request."""

    verdict: Verdict = Verdict.REACHABLE
    status: int | Unsaid | None = UNSAID
    """The HTTP status the client gets; None: no answer at all."""
    code: str = ""
    """A reason code that a step of the trace has, at once or in what it sets off."""
    without: str = ""
    """A reason code that no step has."""
    shares: Mapping[str, float] = field(default_factory=dict)
    """Component, or address among the answers to a name, to the share of the requests that come to it: at once,
    or in what they set off."""
    gives: int | None = None
    """The status of an answer that the client follows: a redirect's."""


@dataclass(frozen=True, slots=True)
class MatrixCase:
    """A small design, a request, and what AWS makes of it."""

    area: Area
    row: str
    """The row of the area: ``weighted``, ``condition path``, ``ALB 502``."""
    takes: bool
    """Whether the request is of the row: the policy answers, the rule matches, the status is given."""
    design: str
    """A blueprint as YAML."""
    request: Request
    expected: Expected
    source: str
    """The AWS page or fact id that the expectation comes from."""
    down: tuple[str, ...] = ()
    """What is broken, as ``archtui fail`` names it."""

    @property
    def name(self) -> str:
        """The case as a test report names it."""
        return f"{self.area}-{self.row}-{'takes' if self.takes else 'leaves'}".replace(" ", "_")


def share_of(found: Trace, met: str) -> float:
    """Return the share of the requests that come to ``met``, a component or an address that a name gives."""
    if is_address(met):
        return sum(way.weight for made in found.root.calls for way in made.ways if met in way.label)
    now = sum(path.weight for path in found.paths if any(hop.component == met for hop in path.forward))
    if now:
        return now
    return sum(later.weight for later in found.afterwards if later.stage.at == met)


def answers_in(found: Trace) -> set[object]:
    """Return the HTTP statuses that steps give on the main way."""
    return {step.after["status"] for hop in found.forward for step in hop.steps if "status" in step.after}


def codes_in(found: Trace) -> set[str]:
    """Return the reason codes of all steps, on all ways and in what is set off."""
    stages = [*found.root.all_stages(), *(stage for later in found.afterwards for stage in later.stage.all_stages())]
    hops = [hop for stage in stages for hop in (*stage.forward, *stage.back)]
    return {step.code for hop in hops for step in hop.steps if step.code}
