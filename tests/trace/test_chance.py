"""The shares of a trace's branches against a simple simulator that sends requests one by one."""

from __future__ import annotations

import math
import random
from collections import Counter
from pathlib import Path

import pytest

from archtui.formats.opening import open_any
from archtui.services import registry
from archtui.trace.request import Request
from archtui.trace.stages import Stage
from archtui.trace.walker import trace
from archtui.world.compiler import compile_world
from archtui.world.steps import Verdict
from archtui.world.world import World
from tests.conftest import ROOT
from tests.proves import proves

BLUEPRINTS = sorted((ROOT / "blueprints").glob("*.yaml"))
SENT = 2000
SIGMAS = 4.5
"""One comparison in 150 000 is further off by chance; the seed makes it the same one every time."""


def sent(stage: Stage, dice: random.Random) -> tuple[bool, tuple[str, ...]]:
    """Send one request: it takes one way at every call; return whether it succeeds and which ways it took."""
    succeeds, taken = stage.own is Verdict.REACHABLE, []
    for made in stage.awaited:
        roll, way = dice.random(), made.ways[-1]
        for each in made.ways:
            roll -= each.weight
            if roll < 0:
                way = each
                break
        below, ways = sent(way.stage, dice)
        if len(made.ways) > 1:
            taken.append(way.label)
        taken += ways
        succeeds = succeeds and (below or made.dependency != "hard")
    return succeeds, tuple(taken)


def world_of(path: Path) -> World:
    return compile_world(open_any(path, registry()).file.blueprint)


@pytest.mark.parametrize("path", BLUEPRINTS, ids=lambda path: path.stem)
@proves(
    "Every branch of a trace has the share of requests that a simulator finds which sends them one by one",
    area="time and chance",
    source="tests/trace/test_chance.py: Monte Carlo, seeded, within its own error",
)
def test_the_shares_of_the_branches_are_those_of_a_simulation(path: Path) -> None:
    world = world_of(path)
    for journey in world.blueprint.journeys:
        found = trace(world, Request.parse_journey(journey))
        dice = random.Random(journey.name)
        outcomes = [sent(found.root, dice) for _ in range(SENT)]
        _close(found.share, sum(succeeds for succeeds, _ in outcomes), f"{journey.name}: the share that succeeds")
        expected: Counter[str] = Counter()
        for way in found.paths:
            expected[way.label] += way.weight
        assert math.isclose(sum(expected.values()), 1.0, abs_tol=1e-9)
        seen = Counter(", ".join(ways) for _, ways in outcomes)
        assert set(seen) <= set(expected)
        for label, share in expected.items():
            _close(share, seen[label], f"{journey.name}: {label}")


def _close(share: float, count: int, what: str) -> None:
    error = math.sqrt(share * (1 - share) / SENT)
    assert abs(count / SENT - share) <= SIGMAS * error + 1e-9, f"{what}: {share} computed, {count / SENT} simulated"


def test_branches_that_come_to_the_same_connection_share_what_follows() -> None:
    world = world_of(ROOT / "blueprints" / "three-tier.yaml")
    found = trace(world, Request.make("internet", "https://shop.example.com/"))
    calls = {id(stage): stage for stage in found.root.all_stages() if stage.at.startswith("db")}
    assert len(calls) == 2, "the servers ask the database alike, whichever node of the balancer chose them"


def test_a_trace_asked_twice_is_word_for_word_the_same() -> None:
    world, request = (
        world_of(ROOT / "blueprints" / "three-tier.yaml"),
        Request.make("internet", "https://shop.example.com/"),
    )
    assert trace(world, request).to_json() == trace(world, request).to_json()
    assert (
        trace(world, request).to_json() == trace(world_of(ROOT / "blueprints" / "three-tier.yaml"), request).to_json()
    )
