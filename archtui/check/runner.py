"""Run the rules over a world, again only those that an edit concerns."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from archtui.check.finding import Finding
from archtui.check.journeys import Walk, check_journeys, walk_journey
from archtui.check.report import Report, RuleResult, Suppressed, UnusedSuppression
from archtui.check.rule import EVERYTHING, JOURNEYS, LINKS, ComponentRule, Rule
from archtui.check.selection import chosen
from archtui.model.component import Component, Suppression
from archtui.model.errors import did_you_mean
from archtui.world.world import World

__all__ = ["Report", "check"]


def check(
    world: World,
    rules: Sequence[Rule],
    select: Iterable[str] = (),
    ignore: Iterable[str] = (),
    before: Report | None = None,
    walk: Walk = walk_journey,
) -> Report:
    """Run ``rules`` (those that ``select`` and ``ignore`` leave) and the journeys over ``world``.

    ``before`` is the report of an earlier version of the design: a rule none of whose kinds changed
    since then is not asked again. Components keep their identity across edits, so the comparison is
    exact and the result the same as without ``before``.

    Raises :class:`archtui.check.selection.SelectionError` where a word of ``select`` or ``ignore``
    names no rule.
    """
    active = chosen(rules, select, ignore)
    results = _run(world, active, before)
    found = sorted({finding for result in results.values() for finding in result.findings}, key=lambda f: f.order)
    findings, suppressed, unused = _suppress(found, world.blueprint.suppressions, rules, active)
    if before is not None and before.world is world and before.journeys:
        journeys = before.journeys
    else:
        journeys = check_journeys(world, walk)
    return Report(world, findings, suppressed, unused, journeys, tuple(rule.id for rule in active), results)


def _run(world: World, rules: Sequence[Rule], before: Report | None) -> dict[str, RuleResult]:
    old = before.results if before else {}
    changed = _changed(before.world, world) if before else None
    results: dict[str, RuleResult] = {}
    for rule in rules:
        known = old.get(rule.id)
        if known is not None and changed is not None and not _concerns(changed, rule):
            results[rule.id] = known
        elif isinstance(rule, ComponentRule) and rule.reads == ():
            reusable = known if changed is not None and EVERYTHING[0] not in changed else None
            results[rule.id] = _one_by_one(world, rule, reusable)
        else:
            results[rule.id] = RuleResult(tuple(rule.check(world)))
    return results


def _one_by_one(world: World, rule: ComponentRule, known: RuleResult | None) -> RuleResult:
    old = known.by_component if known and known.by_component is not None else {}
    found: dict[Component, tuple[Finding, ...]] = {}
    for component in rule.subjects(world):
        seen = old.get(component)
        found[component] = tuple(rule.examine(component, world)) if seen is None else seen
    return RuleResult(tuple(finding for findings in found.values() for finding in findings), found)


def _changed(old: World, new: World) -> frozenset[str]:
    """Return the kinds (and ``@links``, ``@journeys``) whose members are not the same objects any more."""
    if old is new:
        return frozenset()
    home = (new.blueprint.region, new.blueprint.account)
    if old.registry is not new.registry or (old.blueprint.region, old.blueprint.account) != home:
        return frozenset(EVERYTHING)
    changed = {kind.name for kind in new.registry if old.of_kind(kind.name) != new.of_kind(kind.name)}
    if old.links != new.links:
        changed.add(LINKS)
    if old.blueprint.journeys != new.blueprint.journeys:
        changed.add(JOURNEYS)
    return frozenset(changed)


def _concerns(changed: frozenset[str], rule: Rule) -> bool:
    if rule.reads == EVERYTHING or EVERYTHING[0] in changed:
        return bool(changed)
    return not changed.isdisjoint((*rule.kinds, *rule.reads))


def _suppress(
    found: Sequence[Finding], suppressions: Sequence[Suppression], rules: Sequence[Rule], active: Sequence[Rule]
) -> tuple[tuple[Finding, ...], tuple[Suppressed, ...], tuple[UnusedSuppression, ...]]:
    used: set[int] = set()
    left: list[Finding] = []
    suppressed: list[Suppressed] = []
    for finding in found:
        matching = [index for index, entry in enumerate(suppressions) if _covers(entry, finding)]
        used.update(matching)
        if matching:
            suppressed.append(Suppressed(finding, suppressions[matching[0]].reason))
        else:
            left.append(finding)
    known = {rule.id for rule in rules}
    ran = {rule.id for rule in active}
    unused = tuple(
        UnusedSuppression(entry.rule, _unused_message(entry, known), ("suppress", index))
        for index, entry in enumerate(suppressions)
        if index not in used and (entry.rule in ran or entry.rule not in known)
    )
    return tuple(left), tuple(suppressed), unused


def _covers(entry: Suppression, finding: Finding) -> bool:
    return entry.rule == finding.rule and (
        not entry.components or not set(entry.components).isdisjoint(finding.components)
    )


def _unused_message(entry: Suppression, known: set[str]) -> str:
    if entry.rule not in known:
        near = did_you_mean(entry.rule, known)
        return f"There is no rule {entry.rule!r} to suppress{f'; {near}' if near else '; see archtui rules'}"
    where = f" for {', '.join(entry.components)}" if entry.components else ""
    return f"{entry.rule} finds nothing{where}; the suppression can go."
