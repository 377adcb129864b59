"""Every rule of every family: its examples are its test."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from archtui.check.finding import SEVERITIES, Finding
from archtui.check.rule import EVERYTHING, JOURNEYS, LINKS, Rule
from archtui.services import registry, rules
from archtui.world.compiler import compile_world
from archtui.world.world import World
from tests.check.designs import world_of

every_rule = pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule.id)


def errors(world: World) -> Counter[tuple[str, tuple[str, ...]]]:
    """Count the errors of every rule by rule and components."""
    found = (finding for rule in rules() for finding in rule.check(world))
    return Counter((finding.rule, finding.components) for finding in found if finding.severity == "error")


def test_there_are_rules() -> None:
    assert rules()


@every_rule
def test_bad_example_fires(rule: Rule) -> None:
    findings = sorted(rule.check(world_of(rule.example_bad)), key=lambda finding: finding.order)
    assert findings, "the bad example raises nothing"
    assert rule.example_finds in [finding.components for finding in findings]
    for finding in findings:
        assert finding.rule == rule.id
        assert finding.message.endswith(".")
        assert finding.components, "a finding names what to change"


@every_rule
def test_good_example_is_silent(rule: Rule) -> None:
    assert list(rule.check(world_of(rule.example_good))) == []


@every_rule
def test_findings_point_into_the_document(rule: Rule) -> None:
    world = world_of(rule.example_bad)
    for finding in rule.check(world):
        for name in finding.components:
            assert name in world.components
        if finding.subject in world.blueprint.components:
            here: object = world.blueprint.data
            for part in finding.path:
                if isinstance(here, dict):
                    assert part in here, f"{finding.path} is not in the document"
                    here = here[part]
                elif isinstance(here, list):
                    assert isinstance(part, int)
                    here = here[part]


@every_rule
def test_fix_removes_its_finding_and_adds_no_error(rule: Rule) -> None:
    world = world_of(rule.example_bad)
    before = errors(world)
    for finding in rule.check(world):
        edits = rule.fixes(world, finding)
        assert bool(edits) == finding.fixable
        for edit in edits:
            blueprint, _ = world.blueprint.edited(edit.operations)
            after = compile_world(blueprint)
            assert not any(_same(finding, left) for left in rule.check(after)), edit.label
            assert not errors(after) - before, edit.label


def _same(one: Finding, other: Finding) -> bool:
    return (one.components, one.message) == (other.components, other.message)


@every_rule
def test_rule_explains_itself(rule: Rule) -> None:
    assert re.fullmatch(r"[A-Z][A-Z0-9]{1,2}\d{3}", rule.id)
    assert rule.severity in SEVERITIES
    assert rule.why.endswith(".")
    assert rule.fix.endswith(".")
    assert rule.title
    assert not rule.title.endswith(".")
    assert rule.sources, "no source"
    assert all(source.startswith("https://") for source in rule.sources)
    assert type(rule).__doc__


@every_rule
def test_rule_looks_at_kinds_that_exist(rule: Rule) -> None:
    assert rule.kinds
    for kind in rule.kinds:
        assert registry()[kind].name == kind
    for kind in rule.reads:
        assert kind in (*EVERYTHING, LINKS, JOURNEYS) or registry()[kind].name == kind


@every_rule
def test_rule_is_pure(rule: Rule) -> None:
    world = world_of(rule.example_bad)
    assert list(rule.check(world)) == list(rule.check(world))
    assert list(rule.check(world)) == list(rule.check(world_of(rule.example_bad)))


def test_ids_are_unique_and_sorted() -> None:
    ids = [rule.id for rule in rules()]
    assert ids == sorted(set(ids))
