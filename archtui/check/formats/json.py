"""The report as one JSON object."""

from __future__ import annotations

import json
from collections.abc import Sequence

from archtui.check.finding import SEVERITIES, Finding
from archtui.check.formats.checked import Checked
from archtui.check.rule import Rule
from archtui.model.component import Json
from archtui.model.errors import Location


def render(checked: Sequence[Checked], rules: Sequence[Rule]) -> str:  # noqa: ARG001
    """Return the findings, the journeys and the counts of all files as one object."""
    return json.dumps(as_data(checked), indent=2, ensure_ascii=False)


def as_data(checked: Sequence[Checked]) -> dict[str, Json]:
    """Return the same as plain data."""
    findings: list[Json] = [_finding(one, finding) for one in checked for finding in one.report.findings]
    suppressed: list[Json] = [
        {**_finding(one, entry.finding), "reason": entry.reason} for one in checked for entry in one.report.suppressed
    ]
    unused: list[Json] = [
        {"rule": entry.rule, "message": entry.message, "location": _location(one.where(entry.path))}
        for one in checked
        for entry in one.report.unused_suppressions
    ]
    journeys: list[Json] = [
        {**journey.to_json(), "location": _location(one.where_journey(journey))}
        for one in checked
        for journey in one.report.journeys
    ]
    summary: dict[str, Json] = {
        name: sum(f.severity == name for one in checked for f in one.report.findings) for name in SEVERITIES
    }
    summary["suppressed"] = len(suppressed)
    return {
        "findings": findings,
        "journeys": journeys,
        "summary": summary,
        "suppressed": suppressed,
        "unused_suppressions": unused,
    }


def _finding(one: Checked, finding: Finding) -> dict[str, Json]:
    return {**finding.to_json(), "location": _location(one.where_finding(finding))}


def _location(where: Location) -> Json:
    return {"file": where.file, "line": where.line, "column": where.column}
