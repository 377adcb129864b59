"""Edits after which a journey holds: those that open what should be reached, or close what should be blocked."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from archtui.check.report import Report
from archtui.model.component import Journey
from archtui.model.errors import ArchtuiError
from archtui.world.world import World

if TYPE_CHECKING:
    from archtui.trace.fixes import Fix

MAX_MENDED = 5
"""For so many journeys of one design edits are searched."""


def with_journey_fixes(report: Report) -> Report:
    """Return the report with edits for the journeys that do not hold, each proved by tracing again."""
    failing = [result.index for result in report.journeys if not result.holds][:MAX_MENDED]
    if not failing:
        return report
    journeys = report.world.blueprint.journeys
    mended = {index: journey_fixes(report.world, journeys[index]) for index in failing}
    results = (replace(result, fixes=mended.get(result.index, ())) for result in report.journeys)
    return replace(report, journeys=tuple(results))


def journey_fixes(world: World, journey: Journey) -> tuple[Fix, ...]:
    """Return the best edits after which ``journey`` comes out as it should; none where none is known."""
    from archtui.trace.fixes import find_closings, find_fixes
    from archtui.trace.request import Request
    from archtui.trace.walker import trace

    try:
        found = trace(world, Request.parse_journey(journey))
    except ArchtuiError:
        return ()
    return find_closings(world, found) if journey.blocked else find_fixes(world, found)
