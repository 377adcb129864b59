"""How far failures reach: what the tracer says when each is tried, and what hangs on what."""

from __future__ import annotations

import json

import pytest

from archtui.failure.availability import resilience
from archtui.failure.availability.structure import condition_of
from archtui.failure.observe import Observer
from archtui.failure.radius import dependents_of, reach_of, render_reach
from archtui.failure.report import Status
from archtui.world.world import World
from tests.failure.designs import three_tier, with_database, with_group


def _down(world: World, observer: Observer, *events: str) -> set[str]:
    condition = condition_of(observer, events)
    journeys = [journey for journey in world.blueprint.journeys if not journey.blocked]
    return {journey.name for journey in journeys if observer.sight(journey, condition).status is Status.DOWN}


DESIGNS = {"three tiers": three_tier, "one database": lambda: with_database("az: a"), "scaling group": with_group}


@pytest.mark.parametrize("name", DESIGNS)
def test_every_single_and_every_double_failure_is_as_the_tracer_says(name: str) -> None:
    world = DESIGNS[name]()
    observer = Observer(world)
    reach = reach_of(world, resilience(world, observer=observer, disruptions=False))
    alone = {item.event: set(item.journeys) for item in reach.singles}
    for event, journeys in alone.items():
        assert _down(world, observer, event) == journeys, event
    for pair in reach.pairs[:40]:
        more = _down(world, observer, *pair.events) - alone[pair.events[0]] - alone[pair.events[1]]
        assert set(pair.journeys) <= more, pair.events


def test_what_hangs_on_a_zone_a_gateway_and_a_database() -> None:
    hanging = dependents_of(three_tier())
    assert {"web-1", "nat-a", "app-a"} <= set(hanging["az:eu-west-1a"])
    assert "lb" not in hanging["az:eu-west-1a"]
    assert {"web-1", "web-2", "web", "lb"} <= set(hanging["db"])
    assert "web" not in hanging.get("web-1", ())


def test_the_furthest_comes_first_and_text_and_json_agree() -> None:
    world = three_tier()
    reach = reach_of(world, resilience(world, disruptions=False))
    assert reach.singles[0].event == "region:eu-west-1"
    data = json.loads(json.dumps(reach.to_json()))
    assert data["blast_radius"][0]["journeys"] == list(reach.singles[0].journeys)
    text = render_reach(reach)
    assert "web-1 + web-2: A customer opens the shop" in text
    assert max(map(len, text.splitlines())) <= 100
