"""The share of all clients over time, and what a seed draws."""

from __future__ import annotations

import json
import random
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archtui.failure import analyse
from archtui.failure.clients import Forgetting, missed, served, share_served
from tests.failure.designs import three_tier, two_regions, with_database, with_group

STEPS = ((0.0, 0.0), (150.0, 1.0))


def test_clients_follow_one_after_the_other_while_caches_forget() -> None:
    points = served(STEPS, [Forgetting(90.0, 150.0, 1.0)])
    assert points == ((0.0, 0.0), (90.0, 0.0), (150.0, 1.0))
    assert [share_served(points, t) for t in (0, 90, 105, 120, 149.4, 150, 900)] == pytest.approx(
        [0, 0, 0.25, 0.5, 0.99, 1, 1]
    )
    assert missed(points) == 90 + 30


def test_without_caches_the_steps_stay_steps() -> None:
    points = served(((0.0, 1.0), (10.0, 0.0), (40.0, 1.0)), [])
    assert points == ((0.0, 1.0), (10.0, 1.0), (10.0, 0.0), (40.0, 0.0), (40.0, 1.0))
    assert missed(points) == 30


def test_the_regions_clients_are_simulated_one_by_one() -> None:
    """A hundred thousand clients whose caches were filled at random in the minute before, against the formula."""
    journey = analyse(two_regions(), ("region:eu-west-1",)).journeys[0]
    rng = random.Random(7)
    back = sorted(90 + rng.uniform(0, 60) for _ in range(100_000))
    for t in (60, 95, 120, 140, 151):
        assert share_served(journey.served, t) == pytest.approx(sum(b <= t for b in back) / len(back), abs=0.01)
    assert missed(journey.served) == pytest.approx(sum(back) / len(back), rel=0.01)


@st.composite
def _courses(draw: st.DrawFn) -> tuple[tuple[tuple[float, float], ...], list[Forgetting]]:
    moments = sorted(set(draw(st.lists(st.integers(1, 500), max_size=6))))
    steps = [(0.0, draw(st.sampled_from((0.0, 0.5, 1.0))))]
    steps += [(float(t), draw(st.sampled_from((0.0, 0.25, 0.5, 1.0)))) for t in moments]
    rising = [(t, share - before) for (_, before), (t, share) in pairwise(steps) if share > before]
    spans = [(t, gain, draw(st.integers(0, 120))) for t, gain in rising if draw(st.booleans())]
    return tuple(steps), [Forgetting(max(0.0, t - ttl), t, gain) for t, gain, ttl in spans]


@settings(deadline=None, max_examples=200)
@given(_courses())
def test_all_clients_together_are_never_worse_off_than_the_last_one(
    course: tuple[tuple[tuple[float, float], ...], list[Forgetting]],
) -> None:
    steps, forgetting = course
    points = served(steps, forgetting)
    assert [t for t, _ in points] == sorted(t for t, _ in points)
    assert all(0 <= share <= 1 for _, share in points)
    for t in range(0, 620, 7):
        last = [share for start, share in steps if start <= t][-1]
        assert share_served(points, t) >= last - 1e-9
    assert points[-1][1] == pytest.approx(steps[-1][1])


# -- one course, drawn by a seed ------------------------------------------------------------------------

DESIGNS = {
    "three-tier": (three_tier(), ("az:eu-west-1a",)),
    "database": (with_database("multi_az: true"), ("db@10..900",)),
    "group": (with_group(), ("asg",)),
    "regions": (two_regions(), ("region:eu-west-1",)),
}


@settings(deadline=None, max_examples=25)
@given(st.sampled_from(sorted(DESIGNS)), st.integers(-(2**31), 2**31))
def test_the_same_seed_gives_the_same_timeline_byte_for_byte_within_the_published_ranges(name: str, seed: int) -> None:
    world, targets = DESIGNS[name]
    first, second = (json.dumps(analyse(world, targets, seed=seed).to_json()) for _ in range(2))
    assert first == second
    ranges = {link.mechanism: link.seconds for journey in analyse(world, targets).journeys for link in journey.chain}
    for journey in analyse(world, targets, seed=seed).journeys:
        assert journey.downtime is None or journey.downtime.min == journey.downtime.max
        for link in journey.chain:
            wide = ranges[link.mechanism]
            assert (link.seconds is None) == (wide is None)
            if link.seconds is not None and wide is not None:
                assert wide.min <= link.seconds.min == link.seconds.max <= wide.max


def test_different_seeds_draw_different_figures() -> None:
    world = with_database("multi_az: true")
    drawn = {analyse(world, ("db",), seed=seed).journeys[0].downtime for seed in range(20)}
    assert len(drawn) > 10
