"""The report for people."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

from archtui.check.finding import Finding
from archtui.check.formats.checked import Checked
from archtui.check.rule import Rule

WIDTH = 100
MARKS = {"error": "✗", "warning": "!", "info": "i"}


def render(checked: Sequence[Checked], rules: Sequence[Rule]) -> str:  # noqa: ARG001
    """Return the journeys and the findings of each file, then the counts."""
    return "\n".join(line for one in checked for line in _file(one)) + "\n"


def _file(one: Checked) -> Iterator[str]:
    report = one.report
    for journey in report.journeys:
        if journey.holds:
            yield f"✓ {one.where_journey(journey)}: journey holds: {journey.name}. {journey.sentence}"
        else:
            yield f"✗ {one.where_journey(journey)}: journey does not hold: {journey.name}. {journey.sentence}"
            yield from (f"    fix: {fix.message}" for fix in journey.fixes)
            for blocker in journey.blockers:
                told = "" if blocker.message in journey.sentence else f": {blocker.message}"
                yield from _indented(f"{blocker.component}{told} [{blocker.code}]")
    if report.journeys:
        yield ""
    for finding in report.findings:
        yield from _finding(one, finding)
    for entry in report.suppressed:
        yield f"- {one.where_finding(entry.finding)}: {entry.finding.rule} suppressed: {entry.reason}"
        yield from _indented(entry.finding.message)
    for unused in report.unused_suppressions:
        yield f"- {one.where(unused.path)}: unused suppression: {unused.message}"
    yield _counts(one)


def _finding(one: Checked, finding: Finding) -> Iterator[str]:
    mark = MARKS[finding.severity]
    where = one.where_finding(finding)
    yield f"{mark} {where}: {finding.severity} {finding.rule} {', '.join(finding.components)}: {finding.message}"
    yield from _indented(f"why: {finding.why}")
    yield from _indented(f"fix: {finding.fix}{' (--fix does it)' if finding.fixable else ''}")
    yield ""


def _indented(text: str) -> list[str]:
    return textwrap.wrap(text, WIDTH, initial_indent="    ", subsequent_indent="         ", break_on_hyphens=False)


def _counts(one: Checked) -> str:
    summary, journeys = one.report.summary, one.report.journeys
    parts = [
        _count(summary.error, "error"),
        _count(summary.warning, "warning"),
        _count(summary.info, "note"),
        f"{sum(journey.holds for journey in journeys)} of {_count(len(journeys), 'journey')} hold",
    ]
    if one.report.suppressed:
        parts.append(f"{len(one.report.suppressed)} suppressed")
    return f"{one.file}: {', '.join(parts)}"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
