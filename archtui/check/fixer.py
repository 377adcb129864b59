"""Apply the fixes that findings offer: one after the other, each proved by checking again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from archtui.check.finding import Finding
from archtui.check.journeys import Walk, walk_journey
from archtui.check.report import Report
from archtui.check.rule import Rule
from archtui.check.runner import check
from archtui.model.edits import Edit
from archtui.model.errors import EditError, InputError
from archtui.world.compiler import compile_world
from archtui.world.world import World

_Key: TypeAlias = tuple[str, tuple[str, ...], str]
"""Rule, components and message: what tells two findings apart."""


@dataclass(frozen=True, slots=True)
class Applied:
    """A fix that was made."""

    finding: Finding
    edit: Edit


@dataclass(frozen=True, slots=True)
class Declined:
    """A finding whose fixes were tried and not kept."""

    finding: Finding
    why: str


@dataclass(frozen=True, slots=True)
class Fixed:
    """What :func:`apply_fixes` did. The edits of ``applied``, in order, turn the old document into the new one."""

    world: World
    report: Report
    applied: tuple[Applied, ...]
    declined: tuple[Declined, ...]


def apply_fixes(
    world: World,
    rules: Sequence[Rule],
    select: Iterable[str] = (),
    ignore: Iterable[str] = (),
    walk: Walk = walk_journey,
) -> Fixed:
    """Apply every fix that removes its finding without adding an error or breaking a journey that held.

    A finding whose fixes were declined is tried again after others were applied: they may have cleared
    the way. One that was fixed is not, so the work ends even where two fixes undo each other.
    """
    select, ignore = tuple(select), tuple(ignore)
    by_id = {rule.id: rule for rule in rules}
    report = check(world, rules, select, ignore, walk=walk)
    applied: list[Applied] = []
    declined: dict[_Key, tuple[Declined, int]] = {}
    fixed: set[_Key] = set()
    while True:
        open_ends = [f for f in report.findings if f.fixable and _key(f) not in fixed]
        untried = (f for f in open_ends if _key(f) not in declined)
        again = (f for f in open_ends if _key(f) in declined and declined[_key(f)][1] < len(applied))
        finding = next(untried, None) or next(again, None)
        if finding is None:
            left = tuple(declined[_key(f)][0] for f in open_ends)
            return Fixed(report.world, report, tuple(applied), left)
        outcome = _try(report, finding, by_id[finding.rule], rules, (select, ignore), walk)
        if isinstance(outcome, Declined):
            declined[_key(finding)] = outcome, len(applied)
        else:
            edit, report = outcome
            fixed.add(_key(finding))
            applied.append(Applied(finding, edit))


def _try(
    report: Report,
    finding: Finding,
    rule: Rule,
    rules: Sequence[Rule],
    selection: tuple[tuple[str, ...], tuple[str, ...]],
    walk: Walk,
) -> tuple[Edit, Report] | Declined:
    reasons: list[str] = []
    for edit in rule.fixes(report.world, finding):
        try:
            blueprint, _ = report.world.blueprint.edited(edit.operations)
        except (EditError, InputError) as error:
            reasons.append(f"{edit.label}: {error}")
            continue
        world = compile_world(blueprint, report.world)
        after = check(world, rules, *selection, before=report, walk=walk)
        objection = _objection(report, after, finding)
        if not objection:
            return edit, after
        reasons.append(f"{edit.label}: {objection}")
    return Declined(finding, "; ".join(reasons) or "no edit is offered for it")


def _objection(before: Report, after: Report, finding: Finding) -> str:
    """Return why the edit that led to ``after`` is not kept; empty if it is."""
    if _key(finding) in {_key(left) for left in after.findings}:
        return "the finding would still be there"
    added = _errors(after) - _errors(before)
    if added:
        rule, components = min(added)
        return f"it would add {rule} for {', '.join(components)}"
    held = {journey.name for journey in before.journeys if journey.holds}
    broken = [journey.name for journey in after.journeys if journey.name in held and not journey.holds]
    return f"the journey {broken[0]!r} would not hold any more" if broken else ""


def _key(finding: Finding) -> _Key:
    return finding.rule, finding.components, finding.message


def _errors(report: Report) -> Counter[tuple[str, tuple[str, ...]]]:
    return Counter((f.rule, f.components) for f in report.findings if f.severity == "error")
