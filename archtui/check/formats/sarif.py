"""The report in SARIF 2.1.0 (OASIS Static Analysis Results Interchange Format)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import PurePath
from urllib.parse import quote

from archtui import __version__
from archtui.check.finding import Finding
from archtui.check.formats.checked import Checked
from archtui.check.journeys import JourneyResult
from archtui.check.rule import Rule
from archtui.model.component import Json
from archtui.model.errors import Location

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
JOURNEY = "JOURNEY"
_LEVELS = {"error": "error", "warning": "warning", "info": "note"}


def render(checked: Sequence[Checked], rules: Sequence[Rule]) -> str:
    """Return a SARIF log with one run."""
    return json.dumps(as_data(checked, rules), indent=2, ensure_ascii=False)


def as_data(checked: Sequence[Checked], rules: Sequence[Rule]) -> dict[str, Json]:
    """Return the log as plain data."""
    ran = {name for one in checked for name in one.report.ran}
    active = [rule for rule in rules if rule.id in ran]
    index = {rule.id: position for position, rule in enumerate(active)} | {JOURNEY: len(active)}
    results: list[Json] = []
    for one in checked:
        results += [_journey(one, journey, index) for journey in one.report.journeys if not journey.holds]
        results += [_result(one, finding, index) for finding in one.report.findings]
        for entry in one.report.suppressed:
            shown = _result(one, entry.finding, index)
            shown["suppressions"] = [{"kind": "inSource", "justification": entry.reason}]
            results.append(shown)
    descriptors: list[Json] = [_descriptor(rule) for rule in active]
    driver: dict[str, Json] = {
        "name": "archtui",
        "version": __version__,
        "rules": [*descriptors, _journey_descriptor()],
    }
    notes: list[Json] = [
        {"level": "note", "message": {"text": unused.message}, "locations": [_location(one.where(unused.path), ())]}
        for one in checked
        for unused in one.report.unused_suppressions
    ]
    run: dict[str, Json] = {
        "tool": {"driver": driver},
        "invocations": [{"executionSuccessful": True, "toolExecutionNotifications": notes}],
        "columnKind": "unicodeCodePoints",
        "results": results,
    }
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _descriptor(rule: Rule) -> dict[str, Json]:
    return {
        "id": rule.id,
        "name": type(rule).__name__,
        "shortDescription": {"text": rule.title},
        "fullDescription": {"text": rule.why},
        "help": {"text": rule.fix, "markdown": f"{rule.why}\n\n**Fix:** {rule.fix}"},
        "helpUri": rule.sources[0],
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
        "properties": {"tags": [rule.class_, *rule.kinds]},
    }


def _journey_descriptor() -> dict[str, Json]:
    text = "A journey is a request that the design exists for; it does not come out as the design says."
    return {
        "id": JOURNEY,
        "name": "JourneyDoesNotHold",
        "shortDescription": {"text": "A journey does not hold"},
        "fullDescription": {"text": text},
        "defaultConfiguration": {"level": "error"},
    }


def _result(one: Checked, finding: Finding, index: dict[str, int]) -> dict[str, Json]:
    return {
        "ruleId": finding.rule,
        "ruleIndex": index[finding.rule],
        "level": _LEVELS[finding.severity],
        "message": {"text": f"{finding.message} {finding.fix}"},
        "locations": [_location(one.where_finding(finding), finding.components)],
        "partialFingerprints": {"finding/v1": _fingerprint(finding.rule, *map(str, finding.path), *finding.components)},
    }


def _journey(one: Checked, journey: JourneyResult, index: dict[str, int]) -> dict[str, Json]:
    components = tuple(dict.fromkeys(blocker.component for blocker in journey.blockers))
    return {
        "ruleId": JOURNEY,
        "ruleIndex": index[JOURNEY],
        "level": "error",
        "message": {"text": f"{journey.name}. {journey.sentence}"},
        "locations": [_location(one.where_journey(journey), components)],
        "partialFingerprints": {"finding/v1": _fingerprint(JOURNEY, journey.name)},
    }


def _location(where: Location, components: Sequence[str]) -> dict[str, Json]:
    physical: dict[str, Json] = {"artifactLocation": {"uri": quote(PurePath(where.file).as_posix())}}
    if where.line:
        physical["region"] = {"startLine": where.line, "startColumn": max(where.column, 1)}
    shown: dict[str, Json] = {"physicalLocation": physical}
    if components:
        shown["logicalLocations"] = [{"name": name, "kind": "resource"} for name in components]
    return shown


def _fingerprint(*parts: str) -> str:
    """Return a value that stays the same while the finding does, wherever in the file it moves."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]
