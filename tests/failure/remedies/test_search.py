"""What would help: every proposal is applied here again and must do what it says."""

from __future__ import annotations

import json

import pytest

from archtui.failure.availability import resilience
from archtui.failure.remedies.interface import Cost, Remedy, catalogue
from archtui.failure.remedies.search import Proposal, Search, search
from archtui.failure.remedies.text import render_search
from archtui.model.edits import Edit, set_property
from archtui.model.operations import Remove
from archtui.world.compiler import compile_world
from archtui.world.world import World
from tests.failure.designs import (
    SHOP,
    balancer,
    network,
    server,
    three_tier,
    two_regions,
    with_database,
    with_group,
    world_of,
)


def _names(item: Proposal) -> set[str]:
    return {remedy.name for remedy in item.remedies}


def _applied(world: World, edit: Edit) -> World:
    blueprint, _ = world.blueprint.edited(edit.operations)
    return compile_world(blueprint)


def one_server() -> World:
    """One server behind a balancer, and a check that does not look."""
    return world_of(
        f"blueprint: one\nregion: eu-west-1\ncomponents:\n{network()}\n"
        f"{balancer(targets='a', check='enabled: false')}\n{server('a', 'net-a')}\n"
        "journeys:\n  - {name: " + SHOP + ", from: internet, to: lb, protocol: http, port: 80, reaches: web}\n"
    )


@pytest.mark.parametrize(
    ("world", "remedy", "cost"),
    [
        (with_database("multi_az: false"), "rds.multi_az", Cost.HIGH),
        (with_group(), "target_group.fast_check", Cost.NONE),
        (two_regions(interval=30), "route53.fast_check", Cost.LOW),
        (one_server(), "target_group.twin", Cost.MEDIUM),
        (one_server(), "ec2.auto_scaling", Cost.MEDIUM),
    ],
    ids=["database", "group", "regions", "twin", "auto scaling"],
)
def test_the_catalogue_has_a_remedy_where_it_is_wanted(world: World, remedy: str, cost: Cost) -> None:
    found = {item.name: item for item in catalogue(world)}
    assert found[remedy].cost is cost
    assert remedy not in {item.name for item in catalogue(_applied(world, found[remedy].edit))}


@pytest.fixture(scope="module")
def alone() -> tuple[World, Search]:
    world = with_database("multi_az: false")
    return world, search(world)


def test_a_standby_is_the_answer_to_a_single_database(alone: tuple[World, Search]) -> None:
    world, found = alone
    advice = found.advice[0]
    best = min(advice.front, key=lambda item: item.after[SHOP].unavailability or 1.0)
    assert "rds.multi_az" in _names(best)
    told = best.after[SHOP].unavailability
    again = resilience(_applied(world, best.edit), disruptions=False)[0].unavailability
    assert told == again
    assert advice.before.unavailability is not None
    assert told is not None
    assert told < advice.before.unavailability


def test_every_figure_of_the_front_is_that_of_the_edited_design() -> None:
    world = one_server()
    advice = search(world).advice[0]
    assert len(advice.front) > 1
    for item in advice.front:
        again = resilience(_applied(world, item.edit), disruptions=False)[0].unavailability
        assert item.after[SHOP].unavailability == pytest.approx(again, rel=1e-12)


def test_no_member_of_a_front_is_as_good_as_another_in_everything() -> None:
    advice = search(one_server()).advice[0]

    def sizes(item: Proposal) -> tuple[float, ...]:
        after = item.after[SHOP]
        return (after.unavailability or 0.0, after.lost, *item.effort)

    for a in advice.front:
        for b in advice.front:
            assert a is b or not all(x <= y for x, y in zip(sizes(a), sizes(b), strict=True))


def test_pairs_are_made_of_remedies_that_go_together() -> None:
    pairs = [item for item in search(one_server()).advice[0].front if item.edits == 2]
    assert pairs
    assert all(len(_names(item)) == 2 for item in pairs)


def test_what_harms_a_journey_is_not_offered() -> None:
    world = one_server()
    harm = Remedy(
        "test.harm",
        "web",
        Edit(
            "send to nobody",
            (
                Remove(
                    ("components", "web", "targets"),
                ),
            ),
        ),
        Cost.NONE,
        "",
    )
    found = search(world, proposed=[harm])
    assert found.declined == (("send to nobody", f"{SHOP} would do worse"),)
    assert found.advice[0].front == ()


def test_what_cannot_be_applied_is_told() -> None:
    wrong = Remedy("test.wrong", "web", set_property("web", ("port",), "no port"), Cost.NONE, "")
    found = search(one_server(), proposed=[wrong])
    assert found.tried == 0
    assert len(found.declined) == 1


def test_what_a_design_has_is_not_proposed() -> None:
    names = {item.name for item in catalogue(three_tier())}
    assert not names & {"rds.multi_az", "nat_gateway.each_zone", "elb.zone", "target_group.health_check"}


def test_text_and_json_say_the_same(alone: tuple[World, Search]) -> None:
    _, found = alone
    text = render_search(found)
    data = [advice.to_json() for advice in found.advice]
    assert json.loads(json.dumps(data)) == data
    for advice in found.advice:
        for item in advice.front:
            for remedy in item.remedies:
                assert remedy.name in text
    assert max(map(len, text.splitlines())) <= 100
    assert render_search(search(with_database("multi_az: false"))) == text
