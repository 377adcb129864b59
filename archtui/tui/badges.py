"""The marks on the canvas: what is down or degraded, what was found, what is selected."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

from archtui.tui.canvas import Badge

if TYPE_CHECKING:
    from archtui.check.report import Report
    from archtui.failure.interface import Health
    from archtui.failure.report import FailureReport

ERROR = Badge("✗", "", "error")
WARNING = Badge("!", "", "warning")
DOWN = Badge("✗", "down", "down")
DEGRADED = Badge("◐", "degraded", "degraded")
HEALTHY = Badge("✓", "healthy", "ok")
HEALTH = {"lost": DOWN, "reduced": DEGRADED, "up": HEALTHY}
BREAKPOINT = Badge("●", "stop", "error")
SELECTED = Badge("◆", "selected", "info")


def badges(
    report: Report | None,
    failure: FailureReport | None,
    selected: Collection[str],
    breakpoints: Collection[str] = (),
    marks: Mapping[str, Health] | None = None,
) -> Mapping[str, Badge]:
    """Return one mark per component; a failure hides findings, because it is what the user looks at.

    ``marks``: how the components are at the moment of the failure that is looked at.
    """
    found: dict[str, Badge] = {}
    if failure is not None and marks is not None:
        found.update((name, HEALTH[state]) for name, state in marks.items())
    elif failure is not None:
        found.update(dict.fromkeys(failure.degraded, DEGRADED))
        found.update(dict.fromkeys(failure.lost, DOWN))
    elif report is not None:
        for finding in reversed(report.findings):
            if finding.severity != "info" and finding.components:
                found[finding.components[0]] = ERROR if finding.severity == "error" else WARNING
    found.update(dict.fromkeys(breakpoints, BREAKPOINT))
    found.update(dict.fromkeys(selected, SELECTED))
    return found
