"""Journeys as assertions: each is traced and must come out as the design says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeAlias

from archtui.model.component import Journey, Json
from archtui.model.errors import ArchtuiError
from archtui.world.steps import Blocker, Verdict
from archtui.world.world import World

if TYPE_CHECKING:
    from archtui.trace.fixes import Fix


class Walked(Protocol):
    """What a trace tells about a journey."""

    @property
    def verdict(self) -> Verdict:
        """Whether the request got through and its reply came back."""

    @property
    def blockers(self) -> tuple[Blocker, ...]:
        """What stopped it, or what is missing for an answer."""

    @property
    def later_blockers(self) -> tuple[Blocker, ...]:
        """What stops that which the request sets off and does not wait for."""

    @property
    def share(self) -> float:
        """The share of requests that get through."""

    def reaches(self, component: str) -> Verdict:
        """Say whether the request gets to ``component`` and is answered."""


Walk: TypeAlias = Callable[[World, Journey], Walked]


@dataclass(frozen=True, slots=True)
class JourneyResult:
    """How a journey came out."""

    name: str
    index: int
    """Its place among the design's journeys."""
    expect: str
    """``blocked`` or ``reaches ID``."""
    verdict: Verdict
    holds: bool
    reasons: tuple[str, ...]
    """The reason codes of what blocks it, or of what cannot be decided."""
    blockers: tuple[Blocker, ...]
    sentence: str
    """One sentence: what was expected and what is the case."""
    fixes: tuple[Fix, ...] = ()
    """Edits after which it holds (:mod:`archtui.check.mending`), the best first."""

    def to_json(self) -> dict[str, Json]:
        """Return the result as ``archtui check --format json`` prints it."""
        return {
            "name": self.name,
            "expect": self.expect,
            "verdict": str(self.verdict),
            "holds": self.holds,
            "reasons": list(self.reasons),
            "sentence": self.sentence,
            "blockers": [blocker.to_json() for blocker in self.blockers],
            "fixes": [fix.to_json() for fix in self.fixes],
        }


def walk_journey(world: World, journey: Journey) -> Walked:
    """Trace ``journey`` through ``world`` with nothing broken."""
    from archtui.trace.request import Request
    from archtui.trace.walker import trace

    return trace(world, Request.parse_journey(journey))


def check_journeys(world: World, walk: Walk = walk_journey) -> tuple[JourneyResult, ...]:
    """Trace every journey of the design, in its order; one that cannot be traced as written does not hold."""
    return tuple(_checked(world, journey, index, walk) for index, journey in enumerate(world.blueprint.journeys))


def _checked(world: World, journey: Journey, index: int, walk: Walk) -> JourneyResult:
    try:
        return judged(journey, index, walk(world, journey))
    except ArchtuiError as error:
        sentence = f"It cannot be traced as it is written: {error}."
        return JourneyResult(journey.name, index, journey.expect, Verdict.UNKNOWN, False, (), (), sentence)


def judged(journey: Journey, index: int, walked: Walked) -> JourneyResult:
    """Compare what was expected of ``journey`` with what its trace found.

    An unknown verdict never holds: nobody has shown that the design does what it promises.
    """
    blockers = tuple(walked.blockers)
    reasons = tuple(dict.fromkeys(blocker.code for blocker in blockers if blocker.code))
    holds, sentence = _judgement(journey, walked, reasons)
    if not holds and not journey.blocked and not blockers:
        blockers = tuple(walked.later_blockers)
        reasons = tuple(dict.fromkeys(blocker.code for blocker in blockers if blocker.code))
    return JourneyResult(journey.name, index, journey.expect, walked.verdict, holds, reasons, blockers, sentence)


def _judgement(journey: Journey, walked: Walked, reasons: tuple[str, ...]) -> tuple[bool, str]:
    first = f": {walked.blockers[0].message}" if walked.blockers else "."
    if walked.verdict is Verdict.UNKNOWN:
        return False, f"It cannot be decided whether it {_wanted(journey)}{first}"
    if journey.blocked:
        return _blocked_judgement(journey, walked, reasons)
    if walked.verdict is Verdict.BLOCKED:
        return False, f"It should reach {journey.reaches} and is blocked{first}"
    reached = walked.reaches(journey.reaches) if journey.reaches else walked.verdict
    if reached is Verdict.UNKNOWN:
        return False, f"It gets through; whether it {_wanted(journey)} cannot be decided."
    if reached is Verdict.BLOCKED:
        later = f": {walked.later_blockers[0].message}" if walked.later_blockers else "."
        return False, f"It gets through, but never to {journey.reaches}{later}"
    return True, f"It reaches {journey.reaches}."


def _blocked_judgement(journey: Journey, walked: Walked, reasons: tuple[str, ...]) -> tuple[bool, str]:
    if walked.verdict is Verdict.REACHABLE:
        return False, "It should be blocked and gets through."
    if walked.share > 0:
        return False, f"It should be blocked and gets through for {walked.share * 100:.3g} % of the requests."
    missing = [code for code in journey.because if code not in reasons]
    if missing:
        found = ", ".join(reasons) or "no reason at all"
        return False, f"It is blocked, but not because of {', '.join(missing)}: what blocks it is {found}."
    because = f" ({', '.join(reasons)})" if reasons else ""
    return True, f"It is blocked, as it should be{because}."


def _wanted(journey: Journey) -> str:
    return "is blocked" if journey.blocked else f"reaches {journey.reaches}"
