"""Comparing two designs by what they do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from archtui.check.finding import Finding
from archtui.check.journeys import JourneyResult
from archtui.check.report import Report
from archtui.check.rule import Rule
from archtui.check.runner import check
from archtui.diff.ports import without
from archtui.model.component import Component, Json
from archtui.network.reach import Reach, Reachability
from archtui.world.world import World


@dataclass(frozen=True, slots=True)
class ComponentChange:
    """A component in both designs whose kind or properties differ."""

    id: str
    kind: str
    properties: tuple[tuple[str, Json, Json], ...]
    """(name, before, after) as written; None where it is not written. A new kind counts as ``kind``."""

    def to_json(self) -> dict[str, Json]:
        """Return the change as plain data."""
        changed: list[Json] = [{"name": name, "before": old, "after": new} for name, old, new in self.properties]
        return {"id": self.id, "kind": self.kind, "properties": changed}


@dataclass(frozen=True, slots=True)
class ReachChange:
    """What a design reaches and the other does not."""

    added: tuple[Reach, ...]
    removed: tuple[Reach, ...]

    def to_json(self) -> dict[str, Json]:
        """Return the rows as plain data."""
        return {"added": [row.to_json() for row in self.added], "removed": [row.to_json() for row in self.removed]}


@dataclass(frozen=True, slots=True)
class JourneyChange:
    """A journey whose outcome differs; None: the design has no such journey."""

    name: str
    before: JourneyResult | None
    after: JourneyResult | None

    def to_json(self) -> dict[str, Json]:
        """Return the change as plain data."""
        return {
            "name": self.name,
            "before": self.before.to_json() if self.before else None,
            "after": self.after.to_json() if self.after else None,
        }


@dataclass(frozen=True, slots=True)
class Resilience:
    """Availability before and after; not compared so far."""

    note: str = "availability and recovery are not compared yet"

    def to_json(self) -> dict[str, Json]:
        """Return the note as plain data."""
        return {"note": self.note}


@dataclass(frozen=True, slots=True)
class Difference:
    """What the second design has, does and suffers from that the first did not, and the other way round."""

    added: tuple[Component, ...]
    removed: tuple[Component, ...]
    changed: tuple[ComponentChange, ...]
    reach: ReachChange
    """Ports that are reached; ``one_way`` where requests arrive and replies are blocked."""
    undecided: ReachChange
    """Ports of which it cannot be said."""
    findings_added: tuple[Finding, ...]
    findings_removed: tuple[Finding, ...]
    journeys: tuple[JourneyChange, ...]
    resilience: Resilience

    @property
    def is_empty(self) -> bool:
        """Whether the designs do the same."""
        parts: tuple[Sequence[object], ...] = (
            self.added,
            self.removed,
            self.changed,
            self.reach.added,
            self.reach.removed,
            self.undecided.added,
            self.undecided.removed,
            self.findings_added,
            self.findings_removed,
            self.journeys,
        )
        return not any(parts)

    def to_json(self) -> dict[str, Json]:
        """Return the difference as ``archtui diff --format json`` prints it."""
        return {
            "components": {
                "added": [{"id": item.id, "kind": item.kind.name} for item in self.added],
                "removed": [{"id": item.id, "kind": item.kind.name} for item in self.removed],
                "changed": [item.to_json() for item in self.changed],
            },
            "reach": {**self.reach.to_json(), "undecided": self.undecided.to_json()},
            "findings": {
                "added": [finding.to_json() for finding in self.findings_added],
                "removed": [finding.to_json() for finding in self.findings_removed],
            },
            "journeys": [journey.to_json() for journey in self.journeys],
            "resilience": self.resilience.to_json(),
        }


def compare(before: World, after: World, rules: Sequence[Rule]) -> Difference:
    """Return what changed from ``before`` to ``after``; ``rules`` are those that findings come from."""
    old, new = before.blueprint.components, after.blueprint.components
    added, removed = _reach_change(before, after)
    reports = check(before, rules), check(after, rules)
    return Difference(
        tuple(component for name, component in new.items() if name not in old),
        tuple(component for name, component in old.items() if name not in new),
        tuple(_changes(old, new)),
        ReachChange(_settled(added), _settled(removed)),
        ReachChange(_open(added), _open(removed)),
        _only_in(reports[1], reports[0]),
        _only_in(reports[0], reports[1]),
        tuple(_journeys(reports[0].journeys, reports[1].journeys)),
        Resilience(),
    )


def _changes(old: Mapping[str, Component], new: Mapping[str, Component]) -> Iterator[ComponentChange]:
    for name, component in new.items():
        before = old.get(name)
        if before is None or before is component:
            continue
        here: dict[str, Json] = {**before.raw, "kind": before.kind.name}
        there: dict[str, Json] = {**component.raw, "kind": component.kind.name}
        keys = dict.fromkeys((*here, *there))
        changed = tuple((key, here.get(key), there.get(key)) for key in keys if here.get(key) != there.get(key))
        if changed:
            yield ComponentChange(name, component.kind.name, changed)


def _reach_change(before: World, after: World) -> tuple[list[Reach], list[Reach]]:
    """Return the rows that came and those that went, with the ports that differ."""
    old, new = _rows(before), _rows(after)
    return list(_more(new, old)), list(_more(old, new))


def _rows(world: World) -> dict[Reach, str]:
    """Return the rows without their ports, and their ports."""
    return {row._replace(ports=""): row.ports for row in Reachability(world).rows()}


def _more(rows: Mapping[Reach, str], others: Mapping[Reach, str]) -> Iterator[Reach]:
    for row, ports in rows.items():
        known = others.get(row)
        if known is None:
            yield row._replace(ports=ports)
        elif known != ports:
            left = without(ports, known)
            if left:
                yield row._replace(ports=left)


def _settled(rows: Iterable[Reach]) -> tuple[Reach, ...]:
    return tuple(row for row in rows if not row.unknown)


def _open(rows: Iterable[Reach]) -> tuple[Reach, ...]:
    return tuple(row for row in rows if row.unknown)


def _only_in(report: Report, other: Report) -> tuple[Finding, ...]:
    """Return the findings of a report that the other lacks; their place in the document does not count."""
    known = Counter(_identity(finding) for finding in other.findings)
    found: list[Finding] = []
    for finding in report.findings:
        key = _identity(finding)
        if known[key]:
            known[key] -= 1
        else:
            found.append(finding)
    return tuple(found)


def _identity(finding: Finding) -> tuple[str, tuple[str, ...], str]:
    return finding.rule, finding.components, finding.message


def _journeys(before: Sequence[JourneyResult], after: Sequence[JourneyResult]) -> Iterator[JourneyChange]:
    old = {journey.name: journey for journey in before}
    new = {journey.name: journey for journey in after}
    for name in dict.fromkeys((*old, *new)):
        one, other = old.get(name), new.get(name)
        outcomes = [(item.expect, item.verdict, item.holds, item.reasons) if item else None for item in (one, other)]
        if outcomes[0] != outcomes[1]:
            yield JourneyChange(name, one, other)
