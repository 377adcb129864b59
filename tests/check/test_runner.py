"""Running rules: selection, suppression, order, and checking again after an edit."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from archtui.check.finding import Finding
from archtui.check.report import Report
from archtui.check.rule import ComponentRule, Rule
from archtui.check.runner import check
from archtui.check.selection import SelectionError
from archtui.model.blueprint import Blueprint
from archtui.model.component import Component, Journey
from archtui.model.edits import remove_component
from archtui.model.errors import EditError, InputError
from archtui.model.operations import Operation, Remove, Set
from archtui.services import registry, rules
from archtui.world.compiler import compile_world
from archtui.world.steps import Verdict
from archtui.world.world import World
from tests.check.designs import world_of
from tests.check.planted import FAULTS, planted, three_tier

DESIGN = """\
components:
  vpc: {kind: vpc, cidr: 10.0.0.0/16}
  one: {kind: vpc, cidr: 10.1.0.0/16}
  wide: {kind: security_group, vpc: vpc, ingress: [{port: 22, from: 0.0.0.0/0, description: all}]}
"""


def quick(text: str, **options: object) -> Report:
    return check(world_of(text), rules(), **options)  # type: ignore[arg-type]


def test_findings_come_in_order_of_weight() -> None:
    report = quick(DESIGN)
    assert [(finding.severity, finding.rule, finding.subject) for finding in report.findings] == [
        ("error", "SEC001", "wide"),
        ("info", "NET040", "one"),
        ("info", "NET040", "vpc"),
    ]
    assert (report.summary.error, report.summary.warning, report.summary.info) == (1, 0, 2)


@pytest.mark.parametrize(
    ("select", "ignore", "found"),
    [
        (("SEC001",), (), {"SEC001"}),
        (("NET",), (), {"NET040"}),
        (("security",), (), {"SEC001"}),
        (("operations", "SEC001"), (), {"SEC001", "NET040"}),
        ((), ("NET040",), {"SEC001"}),
        (("sec001",), (), {"SEC001"}),
        (("SEC", "NET"), ("security",), {"NET040"}),
    ],
)
def test_selection(select: tuple[str, ...], ignore: tuple[str, ...], found: set[str]) -> None:
    assert {finding.rule for finding in quick(DESIGN, select=select, ignore=ignore).findings} == found


@pytest.mark.parametrize("word", ["SEC999", "safety", ""])
def test_unknown_selection_is_refused(word: str) -> None:
    with pytest.raises(SelectionError, match="no rule is called"):
        quick(DESIGN, select=(word,))


def test_selection_error_suggests() -> None:
    with pytest.raises(SelectionError, match="did you mean 'security'"):
        quick(DESIGN, ignore=("securty",))


@pytest.mark.parametrize(("fail_on", "failed"), [("error", True), ("warning", True), ("info", True), ("never", False)])
def test_failed(fail_on: str, failed: bool) -> None:
    assert quick(DESIGN).failed(fail_on) is failed  # type: ignore[arg-type]


def test_notes_fail_only_where_asked() -> None:
    report = quick("components:\n  vpc: {kind: vpc, cidr: 10.0.0.0/16}\n")
    assert not report.failed("warning")
    assert report.failed("info")


SUPPRESSED = (
    DESIGN
    + """\
suppress:
  - {rule: NET040, components: [vpc], reason: the landing zone keeps the logs}
  - {rule: SEC003, reason: there was a database here once}
  - {rule: NET004O, reason: a slip of the finger}
"""
)


def test_suppression_takes_one_component_out() -> None:
    report = quick(SUPPRESSED)
    assert [finding.subject for finding in report.findings if finding.rule == "NET040"] == ["one"]
    assert [(entry.finding.subject, entry.reason) for entry in report.suppressed] == [
        ("vpc", "the landing zone keeps the logs")
    ]
    assert report.summary.info == 1


def test_suppression_without_components_holds_everywhere() -> None:
    report = quick(DESIGN + "suppress:\n  - {rule: NET040, reason: the landing zone keeps the logs}\n")
    assert [entry.finding.subject for entry in report.suppressed] == ["one", "vpc"]


def test_unused_suppressions_are_reported() -> None:
    unused = quick(SUPPRESSED).unused_suppressions
    assert [(entry.rule, entry.path) for entry in unused] == [("SEC003", ("suppress", 1)), ("NET004O", ("suppress", 2))]
    assert "NET004" in unused[1].message or "NET040" in unused[1].message


def test_a_rule_that_did_not_run_leaves_its_suppression_alone() -> None:
    assert [entry.rule for entry in quick(SUPPRESSED, select=("NET040",)).unused_suppressions] == ["NET004O"]


class Counting(ComponentRule):
    """Counts how often it looks."""

    id = "TST001"
    title = "Counted"
    severity = "info"
    class_ = "operations"
    kinds = ("security_group",)
    reads = ()
    why = "To count."
    fix = "Nothing."
    sources = ("https://example.com/",)
    example_bad = example_good = "components: {}"
    example_finds = ()

    def __init__(self) -> None:
        self.seen: list[str] = []

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        self.seen.append(component.id)
        yield self.finding(component.id, message="Seen.")


class Whole(Counting):
    """Looks at subnets with their VPCs."""

    id = "TST002"
    kinds = ("subnet",)
    reads = ("vpc",)


def edited(world: World, *operations: Operation) -> World:
    blueprint, _ = world.blueprint.edited(operations)
    return compile_world(blueprint, world)


def test_only_what_an_edit_concerns_is_checked_again() -> None:
    one, whole = Counting(), Whole()
    active: list[Rule] = [one, whole]
    world = compile_world(Blueprint.build(three_tier(), registry()))
    first = check(world, active)
    total = len(whole.seen)
    assert sorted(one.seen) == ["db-sg", "lb-sg", "web-sg"]
    one.seen.clear(), whole.seen.clear()

    after = edited(world, Set(("components", "web-sg", "description"), "the servers"))
    second = check(after, active, before=first)
    assert (one.seen, whole.seen) == (["web-sg"], [])
    assert second.findings == first.findings

    third = check(edited(after, Set(("components", "vpc", "flow_logs"), False)), active, before=second)
    assert (one.seen, len(whole.seen)) == (["web-sg"], total)
    assert third.findings == first.findings


def _edits(world: World) -> Iterator[tuple[str, tuple[Operation, ...]]]:
    """Yield edits that touch every component: without each of its properties, and without itself."""
    for name, component in world.blueprint.components.items():
        for key in component.raw:
            yield f"{name}.{key}", (Remove(("components", name, key)),)
        yield name, remove_component(world.blueprint, name).operations
    yield "links", (Remove(("links",)),)
    yield "journeys", (Remove(("journeys",)),)
    yield "region", (Set(("region",), "us-east-1"),)


class Arrived:
    """A trace that got through."""

    verdict = Verdict.REACHABLE
    blockers = ()
    share = 1.0

    def reaches(self, component: str) -> Verdict:
        return Verdict.REACHABLE


def arrives(*_: World | Journey) -> Arrived:
    """Stand in for the tracer where only the rules count."""
    return Arrived()


SEEDS = {fault.name: fault for fault in FAULTS}


@pytest.mark.parametrize("seed", ["", "acl_without_replies", "open_database", "transit_through_peer", "blind_failover"])
def test_checking_again_equals_checking_anew(seed: str) -> None:
    """Whatever is edited, the report with and without the earlier one is the same: no rule reads what it hides."""
    world = planted(SEEDS[seed]) if seed else compile_world(Blueprint.build(three_tier(), registry()))
    first = check(world, rules(), walk=arrives)
    tried = 0
    for label, operations in _edits(world):
        try:
            after = edited(world, *operations)
        except (EditError, InputError):
            continue
        tried += 1
        again = check(after, rules(), before=first, walk=arrives)
        assert again.findings == check(after, rules(), walk=arrives).findings, label
    assert tried > 40
