"""From a sketch to a working design: the fixes alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from archtui.check.fixer import apply_fixes
from archtui.check.runner import check
from archtui.formats.yaml_text import read_yaml
from archtui.services import rules
from archtui.world.world import World
from tests.check.designs import world_of

BLUEPRINTS = Path(__file__).parents[2] / "blueprints"

WORDS = """\
components:
  dns: {kind: hosted_zone, name: example.com}
  lb: {kind: alb}
  web: {kind: ec2}
  db: {kind: rds}
links: [{from: dns, to: lb}, {from: lb, to: web}, {from: web, to: db}]
journeys: [{name: A visit, from: internet, request: GET http://example.com/, reaches: db, slo: 99.9%}]
"""


def sketches() -> list[tuple[str, str]]:
    """A sketch in four words, and the gallery's."""
    return [("four words", WORDS), ("gallery", (BLUEPRINTS / "sketch.yaml").read_text(encoding="utf-8"))]


@pytest.mark.parametrize("text", [text for _, text in sketches()], ids=[name for name, _ in sketches()])
def test_the_fixes_make_a_sketch_work(text: str) -> None:
    fixed = apply_fixes(world_of(text), rules())
    assert [finding.message for finding in fixed.report.findings if finding.severity == "error"] == []
    assert [result.sentence for result in fixed.report.journeys if not result.holds] == []


def test_no_fix_is_offered_that_names_what_the_document_does_not_hold() -> None:
    """The default VPC's subnets are AWS's, not the blueprint's: a function cannot be put into them by name."""
    text = "components:\n  fn: {kind: lambda_function}\n  db: {kind: rds}\nlinks: [{from: fn, to: db}]\n"
    (found,) = [one for one in check(world_of(text), rules()).findings if one.rule == "LAM005"]
    assert not found.fixable
    assert not [line for line in apply_fixes(world_of(text), rules()).declined if "LAM005" in str(line)]


def everything_in(world: World) -> set[str]:
    return {finding.rule for finding in check(world, rules()).findings}


def test_a_sketch_says_what_is_missing() -> None:
    found = everything_in(world_of(WORDS))
    assert {"ELB009", "GRA011", "RDS001"} <= found
    assert not {"ELB007", "RDS005", "GRA007"} & found, "nothing is said about what does not exist yet"


def gallery() -> list[Path]:
    return sorted(BLUEPRINTS.glob("*.yaml"))


@pytest.mark.parametrize("path", gallery(), ids=lambda path: path.stem)
def test_every_single_point_of_failure_is_one_for_the_failure_engine_too(path: Path) -> None:
    """The rule looks at the structure, the engine traces with the component taken away; they agree."""
    from archtui.failure.structure import single_points

    world = world_of(path.read_text(encoding="utf-8"))
    (rule,) = (rule for rule in rules() if rule.id == "GRA002")
    held = {result.name for result in check(world, rules(), select=("GRA002",)).journeys if result.holds}
    engine = {
        point.component
        for journey in world.blueprint.journeys
        if (journey.slo or journey.rto) and journey.name in held
        for point in single_points(world, journey)
        if point.level == "component" and not point.managed and world.kind(point.component).name in rule.kinds
    }
    assert engine <= {finding.subject for finding in rule.check(world)}


def test_the_gallery_is_there() -> None:
    assert read_yaml((BLUEPRINTS / "three-tier.yaml").read_text(encoding="utf-8"))["blueprint"]
    assert len(gallery()) > 1
