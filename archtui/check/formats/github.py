"""The report as GitHub Actions workflow commands: annotations on the changed lines.

Source of the syntax and its escapes: GitHub documentation, "Workflow commands for GitHub Actions".
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from archtui.check.formats.checked import Checked
from archtui.check.rule import Rule
from archtui.model.errors import Location

_COMMANDS = {"error": "error", "warning": "warning", "info": "notice"}


def render(checked: Sequence[Checked], rules: Sequence[Rule]) -> str:  # noqa: ARG001
    """Return one workflow command for each finding and each journey that does not hold."""
    return "".join(f"{line}\n" for one in checked for line in _file(one))


def _file(one: Checked) -> Iterator[str]:
    for journey in one.report.journeys:
        if not journey.holds:
            yield _command(
                "error", one.where_journey(journey), "Journey does not hold", f"{journey.name}. {journey.sentence}"
            )
    for finding in one.report.findings:
        message = f"{finding.message}\nWhy: {finding.why}\nFix: {finding.fix}"
        yield _command(_COMMANDS[finding.severity], one.where_finding(finding), finding.rule, message)
    for unused in one.report.unused_suppressions:
        yield _command("notice", one.where(unused.path), "Unused suppression", unused.message)


def _command(level: str, where: Location, title: str, message: str) -> str:
    fields = [f"file={_property(where.file)}"]
    if where.line:
        fields += [f"line={where.line}", f"col={where.column}"]
    return f"::{level} {','.join([*fields, f'title={_property(title)}'])}::{_data(message)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
