"""What a journey must meet, and which of a request's ways lead there.

A journey works when its request succeeds and meets the goal. The goal may lie on a call that the
answer waits for, on one it can do without, or in what the request sets off: an upload that tells a
queue, whose worker writes a row.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from archtui.trace.result import Made, Stage
from archtui.world.steps import Verdict

EXACT = 1e-9
"""Shares closer than this are equal."""
Asked = tuple[Made, bool]
"""A call, and whether it has to meet the goal."""
Requirement = tuple[tuple[Asked, ...], ...]
"""Alternatives of which one is enough; all calls of an alternative are needed."""
Odds = tuple[float, float]
"""The shares of requests that succeed, and that succeed without meeting the goal."""


@dataclass
class Goal:
    """The components of which one must be met, asked about the stages of one trace."""

    names: frozenset[str]
    hopeful: bool = False
    """Whether what is unknown counts as succeeding."""
    _known: dict[int, Odds] = field(default_factory=dict)

    def reaching(self, stage: Stage) -> float:
        """Return the share of requests that succeed from ``stage`` on and meet the goal."""
        success, elsewhere = self.odds(stage)
        return max(0.0, success - elsewhere)

    def met(self, stage: Stage) -> bool:
        """Whether the stretch of ``stage`` itself meets the goal."""
        return stage.at in self.names or any(hop.component in self.names for hop in stage.forward)

    def odds(self, stage: Stage) -> Odds:
        """Return what becomes of the requests from ``stage`` on.

        Calls are made one after the other, so shares of hard ones multiply; what a soft call does, or
        what comes after the answer, changes only whether the goal is met.
        """
        found = self._known.get(id(stage))
        if found is None:
            found = self._known[id(stage)] = self._odds(stage)
        return found

    def _odds(self, stage: Stage) -> Odds:
        if stage.own is Verdict.BLOCKED or (stage.own is Verdict.UNKNOWN and not self.hopeful):
            return 0.0, 0.0
        success, elsewhere = 1.0, 0.0 if self.met(stage) else 1.0
        for made in stage.calls:
            works, misses = self.odds_of(made)
            if made.dependency == "hard":
                success, elsewhere = success * works, elsewhere * misses
            else:
                elsewhere *= 1.0 - (works - misses)
        return success, elsewhere

    def odds_of(self, made: Made) -> Odds:
        """As :meth:`odds` for a call; where one of equal ways leads to the goal, all of them count."""
        works, misses = 0.0, 0.0
        for way in made.ways:
            if way.weight > 0:
                share, elsewhere = self.odds(way.stage)
                works += way.weight * share
                misses += way.weight * elsewhere
        if self.one_of_equals(made):
            misses = 0.0
        left_out = 1.0 - made.chance
        return left_out + made.chance * works, left_out + made.chance * misses

    def one_of_equals(self, made: Made) -> bool:
        """Whether one of the ways that carry traffic leads to the goal itself, so that any of them will do."""
        return any(way.weight > 0 and way.stage.at in self.names for way in made.ways)

    def leading(self, stage: Stage) -> list[Made]:
        """Return the calls of ``stage`` by which some requests meet the goal."""
        found = []
        for made in stage.calls:
            works, misses = self.odds_of(made)
            if works - misses > EXACT:
                found.append(made)
        return found

    def ways(self, made: Made, wanted: bool) -> tuple[list[Stage], bool]:
        """Return where the ways of a call lead that get through, and whether the goal is still to be met on them.

        ``wanted``: the call has to lead to the goal; then only the ways that do.
        """
        stages = [way.stage for way in made.ways if way.weight > 0]
        stages = [stage for stage in stages if self.odds(stage)[0] > 0] or stages
        if not wanted or self.one_of_equals(made):
            return stages, False
        return [stage for stage in stages if self.reaching(stage) > 0] or stages, True

    def needed_by(self, stage: Stage, wanted: bool) -> list[Requirement]:
        """Return what a request cannot do without: its hard calls, and if ``wanted`` those that lead to the goal.

        Where one hard call alone leads to the goal, it has to; else one of all that do is enough.
        """
        leading = self.leading(stage) if wanted and not self.met(stage) else []
        hard = [made for made in stage.calls if made.dependency == "hard" and made.chance >= 1.0 - EXACT]
        alone = len(leading) == 1 and any(made is leading[0] for made in hard)
        found: list[Requirement] = []
        for made in hard:
            leads = alone and made is leading[0]
            calls = (*(_before(made, stage) if leads else ()), (made, leads))
            found.extend(((call,),) for call in calls)
        if leading and not alone:
            found.append(tuple((*_before(made, stage), (made, True)) for made in leading))
        return found


def _before(made: Made, stage: Stage) -> Iterator[tuple[Made, bool]]:
    """Yield the calls of ``stage`` without whose success ``made`` is not made."""
    earlier = next((each for each in stage.calls if made.follows and each.label == made.follows), None)
    if earlier is not None:
        yield from _before(earlier, stage)
        yield earlier, False
