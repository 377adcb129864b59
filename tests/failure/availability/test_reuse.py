"""Analysing again after an edit gives what analysing anew gives."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archtui.failure.availability import resilience
from archtui.failure.availability.reuse import analysis_of
from archtui.formats.yaml_text import read_yaml
from archtui.model.blueprint import Blueprint
from archtui.model.edits import Edit, add_component, set_property
from archtui.model.errors import ArchtuiError
from archtui.services import registry
from archtui.world.compiler import compile_world
from archtui.world.world import World
from tests.failure.designs import three_tier, two_regions

ROOT = Path(__file__).resolve().parents[3]
SCALING = "wordpress-4-scaling"


def _gallery(name: str) -> World:
    text = (ROOT / "blueprints" / f"{name}.yaml").read_text(encoding="utf-8")
    return compile_world(Blueprint.build(read_yaml(text), registry()))


def _edited(world: World, edit: Edit) -> World:
    blueprint, _ = world.blueprint.edited(edit.operations)
    return compile_world(blueprint, world)


def test_an_edit_beside_a_journey_keeps_its_figures() -> None:
    world = three_tier()
    before = analysis_of(world, disruptions=False)
    after = analysis_of(_edited(world, set_property("nat-a", ("availability",), 0.9)), before, disruptions=False)
    assert "The other server does too" in after.reused
    assert after.journeys[2] is before.journeys[2]
    assert after.journeys[1].unavailability != before.journeys[1].unavailability
    other = analysis_of(_edited(world, set_property("nat-a", ("state",), "failed")), before, disruptions=False)
    assert "The servers reach the payment provider" not in other.reused


def test_a_figure_or_a_promise_traces_nothing_again() -> None:
    world = three_tier()
    before = analysis_of(world, disruptions=False)
    again = _edited(world, set_property("lb", ("availability",), 0.5))
    after = analysis_of(again, before, disruptions=False)
    assert after.reused == set(after.kept)
    assert not after.observer.traces(world.blueprint.journeys[0])
    assert [item.to_json() for item in after.journeys] == [i.to_json() for i in resilience(again, disruptions=False)]


def test_an_edit_on_the_way_is_analysed_again() -> None:
    world = two_regions()
    before = analysis_of(world, disruptions=False)
    after = analysis_of(_edited(world, set_property("p-web", ("targets",), ["p-app-a"])), before, disruptions=False)
    assert not after.reused
    assert after.journeys[0].unavailability != before.journeys[0].unavailability


def test_another_depth_is_analysed_again() -> None:
    before = analysis_of(three_tier(), disruptions=False)
    assert not analysis_of(three_tier(), before, order=1, disruptions=False).reused


def test_another_account_or_region_is_analysed_again() -> None:
    world = three_tier()
    before = analysis_of(world, disruptions=False)
    for key, value in (("account", "111122223333"), ("region", "eu-west-2")):
        moved = compile_world(Blueprint.build({**world.blueprint.data, key: value}, registry()))
        assert not analysis_of(moved, before, disruptions=False).reused
    same = compile_world(Blueprint.build({**world.blueprint.data, "blueprint": "another title"}, registry()))
    assert analysis_of(same, before, disruptions=False).reused


EDITS = {
    "three-tier": [
        set_property("db", ("multi_az",), False),
        set_property("web", ("health_check", "enabled"), False),
        set_property("web", ("targets",), ["web-1"]),
        set_property("app-a", ("route_table",), "private-b"),
        set_property("private-b", ("routes", 0, "via"), "nat-a"),
        set_property("nat-a", ("availability",), 0.9),
        set_property("db-sg", ("ingress",), []),
        set_property("eip-a", ("label",), "address"),
        set_property("isolated", ("routes",), []),
        set_property("lb", ("subnets",), ["public-a"]),
        add_component("acl", "network_acl", {"vpc": "vpc", "subnets": ["app-a"]}),
        add_component("spare", "ec2", {"subnet": "app-b"}),
        add_component("bucket", "s3", {}),
    ],
    SCALING: [
        set_property("db", ("multi_az",), True),
        set_property("servers", ("subnets",), ["app-a"]),
        set_property("servers", ("max",), 9),
        set_property("files", ("subnet",), "data-b"),
        set_property("private", ("routes",), []),
        set_property("nat", ("availability",), 0.5),
        add_component("spare", "ec2", {"subnet": "data-b"}),
    ],
}


@pytest.mark.parametrize("name", EDITS)
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_after_any_edits_the_figures_are_those_of_a_fresh_analysis(name: str, data: st.DataObject) -> None:
    world = _gallery(name)
    kept = analysis_of(world, order=1, disruptions=False)
    for edit in data.draw(st.lists(st.sampled_from(EDITS[name]), min_size=1, max_size=3, unique_by=id)):
        try:
            world = _edited(world, edit)
        except ArchtuiError:
            continue
        kept = analysis_of(world, kept, order=1, disruptions=False)
        fresh = resilience(compile_world(world.blueprint), 1, disruptions=False)
        assert [item.to_json() for item in kept.journeys] == [item.to_json() for item in fresh]
