"""Applying fixes: only those that take their finding away and do no harm are kept."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from archtui.check.finding import Finding
from archtui.check.fixer import apply_fixes
from archtui.check.rule import ComponentRule
from archtui.model.component import Component
from archtui.model.edits import Edit, add_component, clear_property, set_property
from archtui.services import rules
from archtui.world.world import World
from tests.check.designs import world_of

DESIGN = """\
components:
  vpc: {kind: vpc, cidr: 10.0.0.0/16, flow_logs: true}
  app-a: {kind: subnet, vpc: vpc, az: a, cidr: 10.0.0.0/24}
  web: {kind: ec2, subnet: app-a, security_groups: [web-sg], metadata_tokens: required}
  api: {kind: ec2, subnet: app-a, security_groups: [web-sg], metadata_tokens: required}
  web-sg: {kind: security_group, vpc: vpc, ingress: [{port: 443, from: self, description: all}]}
journeys:
  - {name: asks, from: web, to: api, protocol: tcp, port: 443, reaches: api}
"""


class Unlabelled(ComponentRule):
    """A subnet without a label; the fix is what the test wants it to be."""

    id = "TST001"
    title = "Unlabelled"
    severity = "warning"
    class_ = "operations"
    kinds = ("subnet",)
    why = "To try fixes."
    fix = "Give it a label."
    sources = ("https://example.com/",)
    example_bad = example_good = "components: {}"
    example_finds = ()

    def __init__(self, *edits: Edit) -> None:
        self.edits = edits

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        if not component.properties.label:  # type: ignore[attr-defined]
            yield self.finding(component.id, message=f"One of {len(world.of_kind('subnet'))} has no label.")

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        return self.edits


class Forbidden(Unlabelled):
    """A second VPC is an error."""

    id = "TST002"
    severity = "error"
    kinds = ("vpc",)

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        if component.id != "vpc":
            yield self.finding(component.id, message="Too many.", fixable=False)


LABEL = set_property("app-a", ("label",), "applications")
USELESS = set_property("vpc", ("label",), "net")
BROKEN = clear_property("app-a", ("vpc",))
MISSING = clear_property("app-a", ("nothing",))
SHUTTING = Edit("shut", (*LABEL.operations, *set_property("web-sg", ("ingress", 0, "port"), 80).operations))
HARMFUL = Edit("harm", (*LABEL.operations, *add_component("two", "vpc", {"cidr": "10.1.0.0/16"}).operations))


def run(*edits: Edit) -> tuple[list[str], list[str], World]:
    fixed = apply_fixes(world_of(DESIGN), [Unlabelled(*edits), Forbidden()])
    return [item.edit.label for item in fixed.applied], [item.why for item in fixed.declined], fixed.world


def test_a_fix_is_applied() -> None:
    applied, declined, world = run(LABEL)
    assert (applied, declined) == ([LABEL.label], [])
    assert world.blueprint.components["app-a"].raw["label"] == "applications"


@pytest.mark.parametrize(
    ("edit", "why"),
    [
        (USELESS, "the finding would still be there"),
        (BROKEN, "'vpc' is missing"),
        (MISSING, "there is nothing at"),
        (SHUTTING, "the journey 'asks' would not hold any more"),
        (HARMFUL, "it would add TST002 for two"),
    ],
    ids=["useless", "broken", "missing", "shutting", "harmful"],
)
def test_a_fix_that_does_harm_is_not_kept(edit: Edit, why: str) -> None:
    applied, declined, world = run(edit)
    assert applied == []
    assert len(declined) == 1
    assert why in declined[0]
    assert world.blueprint.data == world_of(DESIGN).blueprint.data


def test_the_next_best_fix_is_tried() -> None:
    applied, declined, _ = run(HARMFUL, BROKEN, LABEL)
    assert (applied, declined) == ([LABEL.label], [])


def test_fixing_twice_changes_nothing_more() -> None:
    world = world_of(DESIGN.replace(", flow_logs: true", ""))
    once = apply_fixes(world, rules())
    assert once.applied
    twice = apply_fixes(once.world, rules())
    assert twice.applied == ()
    assert twice.world.blueprint.data == once.world.blueprint.data


def test_selected_rules_alone_are_fixed() -> None:
    world = world_of(DESIGN.replace(", flow_logs: true", "").replace("required", "optional"))
    fixed = apply_fixes(world, rules(), select=("NET040",))
    assert {item.finding.rule for item in fixed.applied} == {"NET040"}


class Tagged(Unlabelled):
    """An unlabelled VPC; its fix is harmless only once the subnets have labels."""

    id = "TST000"
    kinds = ("vpc",)


class Ordered(ComponentRule):
    """A labelled VPC with an unlabelled subnet is an error."""

    id = "TST003"
    title = "Labels from below"
    severity = "error"
    class_ = "operations"
    kinds = ("subnet",)
    why = fix = "To try the order of fixes."
    sources = ("https://example.com/",)
    example_bad = example_good = "components: {}"
    example_finds = ()

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        labels = [world.components[name].raw.get("label") for name in (component.id, "vpc")]
        if labels[1] and not labels[0]:
            yield self.finding(component.id, message="The VPC has a label before its subnet.", fixable=False)


def test_a_declined_fix_is_tried_again_after_others() -> None:
    fixed = apply_fixes(world_of(DESIGN), [Tagged(USELESS), Unlabelled(LABEL), Ordered()])
    assert [item.edit.label for item in fixed.applied] == [LABEL.label, USELESS.label]
    assert fixed.declined == ()
