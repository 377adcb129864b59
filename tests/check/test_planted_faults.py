"""The fourteen planted faults: found by ``check`` and by ``trace``, and gone after the fix."""

from __future__ import annotations

import pytest

from archtui.check.fixer import apply_fixes
from archtui.check.runner import check
from archtui.model.blueprint import Blueprint
from archtui.services import registry, rules
from archtui.trace.request import Request
from archtui.trace.walker import trace
from archtui.world.compiler import compile_world
from archtui.world.condition import condition_for
from archtui.world.steps import Verdict
from tests.check.planted import FAULTS, Fault, planted, three_tier

every_fault = pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)


def test_the_design_itself_is_sound() -> None:
    report = check(compile_world(Blueprint.build(three_tier(), registry())), rules())
    assert [finding for finding in report.findings if finding.severity != "info"] == []
    assert [journey.name for journey in report.journeys if not journey.holds] == []


@every_fault
def test_check_finds_it(fault: Fault) -> None:
    findings = check(planted(fault), rules()).findings
    for rule, component in fault.rules.items():
        assert component in [finding.subject for finding in findings if finding.rule == rule]


@every_fault
def test_check_blames_little_else(fault: Fault) -> None:
    """Every error is about the planted components; nobody has to look for the right one among many."""
    findings = check(planted(fault), rules(), select=("NET", "SEC", "ELB", "RDS", "DNS")).findings
    named = {name for finding in findings if finding.rule in fault.rules for name in finding.components}
    for finding in findings:
        if finding.severity == "error":
            assert named & set(finding.components), finding.message


@every_fault
def test_trace_finds_it(fault: Fault) -> None:
    world = planted(fault)
    journey = next(journey for journey in world.blueprint.journeys if journey.name == fault.journey)
    found = trace(world, Request.parse_journey(journey), condition_for(world, fault.down))
    if not fault.code:
        assert found.verdict is Verdict.REACHABLE
        return
    steps = {(hop.component, step.code) for hop in found.forward for step in hop.steps}
    assert (fault.component, fault.code) in steps | {(item.component, item.code) for item in found.blockers}
    assert found.verdict is (Verdict.BLOCKED if fault.blocks else Verdict.REACHABLE)


@every_fault
def test_fix_takes_it_away(fault: Fault) -> None:
    fixed = apply_fixes(planted(fault), rules())
    left = [finding.rule for finding in fixed.report.findings if finding.rule in fault.rules]
    if fault.fixed:
        assert left == []
        assert all(journey.holds for journey in fixed.report.journeys)
    else:
        assert sorted(set(left)) == sorted(fault.rules)
        assert not set(fault.rules) & {applied.finding.rule for applied in fixed.applied}


@every_fault
def test_applied_edits_lead_from_the_old_document_to_the_new(fault: Fault) -> None:
    world = planted(fault)
    fixed = apply_fixes(world, rules())
    blueprint = world.blueprint
    for applied in fixed.applied:
        blueprint, _ = blueprint.edited(applied.edit.operations)
    assert blueprint.data == fixed.world.blueprint.data
