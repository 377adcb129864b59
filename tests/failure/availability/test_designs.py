"""Availability of whole designs against enumeration: of the tree's states, and of the tracer's."""

from __future__ import annotations

from itertools import combinations
from math import prod

import pytest

from archtui.failure.availability import resilience
from archtui.failure.availability.structure import condition_of, structure_of
from archtui.failure.faulttree import analyse_tree
from archtui.failure.observe import Observer
from archtui.failure.report import Status
from tests.failure.designs import balancer, network, server, with_database, world_of
from tests.failure.faulttree import brute
from tests.failure.random_designs import JOURNEY, random_design

MOST = 18


@pytest.mark.parametrize("seed", range(60))
def test_a_design_is_as_available_as_enumeration_says(seed: int) -> None:
    """More of them: ``python -m tests.benchmarks.exactness --designs``."""
    (figures,) = resilience(random_design(seed), disruptions=False)
    if figures.structure is None or len(figures.structure.tree.events) > MOST:
        pytest.skip("the design does not hold, or has too many events to be enumerated")
    want = brute.probability(figures.structure.tree)
    assert figures.unavailability == pytest.approx(want, rel=1e-12)


SMALL = {
    "database": lambda: with_database("multi_az: true"),
    "one server": lambda: world_of(
        f"blueprint: s\nregion: eu-west-1\ncomponents:\n{network()}\n{balancer(targets='a')}\n{server('a', 'net-a')}\n"
        + JOURNEY % "a"
    ),
    "two servers": lambda: world_of(
        f"blueprint: s\nregion: eu-west-1\ncomponents:\n{network()}\n{balancer(targets='a, b')}\n"
        f"{server('a', 'net-a')}\n{server('b', 'net-b')}\n" + JOURNEY % "a"
    ),
}


@pytest.mark.parametrize("name", SMALL)
def test_every_state_of_a_small_design_is_as_the_tracer_finds_it(name: str) -> None:
    """No tree at all: each combination of failures is traced, and its probability counted where it is down."""
    world = SMALL[name]()
    observer = Observer(world)
    journey = world.blueprint.journeys[0]
    structure = structure_of(world, journey, observer, order=9)
    assert structure is not None
    odds = {prior.event: prior.unavailability for prior in structure.priors}
    assert len(odds) <= 9
    total = 0.0
    for size in range(len(odds) + 1):
        for broken in combinations(odds, size):
            if observer.sight(journey, condition_of(observer, broken)).status is Status.DOWN:
                total += prod(p if event in broken else 1.0 - p for event, p in odds.items())
    assert analyse_tree(structure.tree).probability == pytest.approx(total, rel=1e-9)


def test_a_design_of_five_hundred_events_is_solved_within_a_second() -> None:
    import time

    from archtui.failure.faulttree import exact_probability
    from tests.benchmarks.resilience import shared_design

    tree = shared_design(80, 2)
    assert len(tree.events) > 480
    start = time.process_time()
    exact_probability(tree)
    assert time.process_time() - start < 1.0


def test_random_designs_are_of_all_shapes() -> None:
    names = {name for seed in range(40) for name in random_design(seed).components}
    assert {"db", "inner", "asg", "jobs", "s-lb"} <= names
