"""What walkers keep for each other changes nothing: every trace is the one that a walker alone makes."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from archtui.failure.availability.structure import condition_of
from archtui.failure.interface import Fails
from archtui.failure.observe import Observer
from archtui.failure.scenarios import regions_of, zones_of
from archtui.model.errors import ArchtuiError
from archtui.trace.memory import Memory, memory_of
from archtui.trace.request import Request
from archtui.trace.walker import trace
from archtui.world.condition import Condition
from archtui.world.reads import Log, WatchedCondition
from archtui.world.world import World
from tests.failure.designs import ROOT, three_tier, world_of

GALLERY = sorted((ROOT / "blueprints").glob("*.yaml"))


def _forgotten(world: World) -> None:
    """Let the walkers of ``world`` know nothing of each other."""
    memory = memory_of(world)
    memory.held.clear()
    memory.size = 0


def _conditions(world: World, seed: int) -> list[Condition]:
    names = [name for name, component in world.components.items() if component.kind.behaviour(Fails)]
    names += [f"az:{zone}" for zone in zones_of(world)] + [f"region:{name}" for name in regions_of(world)]
    rng = random.Random(seed)
    observer = Observer(world)
    found = []
    for _ in range(12):
        events = rng.sample(names, min(len(names), rng.randint(1, 3)))
        settled = condition_of(observer, events)
        found += [settled, Condition(settled.down, settled.zones, settled.regions, time=0.0)]
    return found


@pytest.mark.parametrize("path", GALLERY, ids=lambda path: path.stem)
def test_shared_answers_are_those_of_a_walker_alone(path: Path) -> None:
    world = world_of(path.read_text(encoding="utf-8"))
    conditions = _conditions(world, 1)
    for journey in world.blueprint.journeys:
        try:
            request = Request.parse_journey(journey)
        except ArchtuiError:
            continue
        shared = [trace(world, request, condition).to_json() for condition in conditions]
        for condition, told in zip(conditions, shared, strict=True):
            _forgotten(world)
            assert trace(world, request, condition).to_json() == told


def test_a_failure_elsewhere_asks_nothing_anew() -> None:
    world = three_tier()
    request = Request.parse_journey(world.blueprint.journeys[0])
    trace(world, request, Condition(down=frozenset({"nat-b"})))
    before = memory_of(world).size
    trace(world, request, Condition(down=frozenset({"nat-a"})))
    assert memory_of(world).size == before
    trace(world, request, Condition(down=frozenset({"db"})))
    assert memory_of(world).size > before


def test_a_watched_condition_notes_each_question_once_and_hands_it_on() -> None:
    world = three_tier()
    log = Log()
    watched = WatchedCondition(Condition(down=frozenset({"db"}), zones=frozenset({"eu-west-1a"})), world, log)
    with log.noting() as outer:
        with log.noting() as inner:
            assert watched.is_down(world, "db")
            assert not watched.is_down(world, "lb")
            assert watched.zone_down("eu-west-1a")
        assert watched.acts("x:db")
    assert inner == {("is_down", "db"): True, ("is_down", "lb"): False, ("zone_down", "eu-west-1a"): True}
    assert outer == {**inner, ("acts", "x:db"): True}
    assert watched.agrees(inner)
    other = WatchedCondition(Condition(down=frozenset({"lb"}), zones=frozenset({"eu-west-1a"})), world, Log())
    assert not other.agrees(inner)


def test_a_field_that_is_read_as_it_is_counts_as_a_whole() -> None:
    world = three_tier()
    log = Log()
    watched = WatchedCondition(Condition(links=frozenset({("a", "b")})), world, log)
    with log.noting() as reads:
        assert ("a", "b") in watched.links
    assert reads == {("whole", "links"): frozenset({("a", "b")})}


def test_a_memory_that_is_full_begins_anew() -> None:
    memory = Memory(size=20_000)
    watched = WatchedCondition(Condition(), three_tier(), Log())
    memory.keep("a", {}, 1)
    assert memory.size == 1
    found = memory.find("a", watched)
    assert found is not None
    assert found.value == 1
    assert memory.find("b", watched) is None
