"""Conditions with a start and an end, and the ready-made scenarios."""

from __future__ import annotations

import json

import pytest

from archtui.failure import analyse, condition_at
from archtui.failure.scenarios import named, scenarios
from archtui.failure.timed import Timed, parse_all, parse_timed
from archtui.world.condition import TargetError
from archtui.world.world import World
from tests.failure.designs import (
    balancer,
    network,
    server,
    three_tier,
    two_regions,
    with_database,
    with_group,
    world_of,
)
from tests.proves import proves


@pytest.mark.parametrize(
    ("text", "timed"),
    [
        ("db", Timed("db")),
        ("az:eu-west-1a@30", Timed("az:eu-west-1a", 30)),
        ("az:eu-west-1a@30..600", Timed("az:eu-west-1a", 30, 600)),
        ("link:a->b@..1.5", Timed("link:a->b", 0, 1.5)),
    ],
)
def test_a_target_may_carry_its_time(text: str, timed: Timed) -> None:
    assert parse_timed(text) == timed
    assert parse_timed(str(timed)) == timed


@pytest.mark.parametrize(
    ("texts", "said"),
    [
        (["db@60..30"], "give an end after the start"),
        (["db@30..30"], "give an end after the start"),
        (["db@soon"], "is no time"),
        (["db@"], "is no time"),
        (["db@-5"], "is no time"),
        (["db@0..60", "db@30..90"], "it is still down then"),
        (["db", "db@30"], "it is still down then"),
        (["nobody@5"], "nothing is called"),
        (["az:eu-west-9z@5"], "there is no availability zone"),
        ([], "nothing fails"),
    ],
)
def test_what_contradicts_itself_or_cannot_be_is_refused_with_a_reason(texts: list[str], said: str) -> None:
    with pytest.raises(TargetError, match=said):
        parse_all(three_tier(), texts)


@pytest.mark.parametrize(
    ("world", "target", "start"),
    [
        (with_database("multi_az: true"), "db", 0),
        (with_database("multi_az: true"), "az:eu-west-1a", 40),
        (two_regions(), "p-lb", 25),
        (with_group(), "az:eu-west-1b", 10),
    ],
    ids=["standby", "zone", "regions", "group"],
)
def test_a_failure_that_starts_later_is_the_same_failure_later(world: World, target: str, start: float) -> None:
    plain, later = analyse(world, (target,)), analyse(world, (f"{target}@{start}..100000",))
    for one, other in zip(plain.journeys, later.journeys, strict=True):
        assert one.downtime == other.downtime
        moved = [(t + start, share) for t, share in one.shares]
        for t, share in moved:
            seen = [s for moment, s in other.shares if moment <= t][-1]
            assert seen == pytest.approx(share)


def test_what_does_not_come_back_by_itself_comes_back_at_the_end() -> None:
    world = three_tier()
    found = analyse(world, ("az:eu-west-1a@30..600",)).journeys[1]
    assert str(found.before.status) == "up"
    assert str(found.during.status) == "down"
    assert str(found.after.status) == "up"
    # 570 s without the zone, and 120 s until the instance has started again.
    assert found.downtime is not None
    assert found.downtime.max == 570 + 120
    assert analyse(world, ("az:eu-west-1a",)).journeys[1].downtime is None


def test_an_end_before_the_takeover_ends_the_downtime() -> None:
    found = analyse(with_database("multi_az: true"), ("db@10..40",)).journeys[0]
    assert found.downtime is not None
    assert found.downtime.max == 30
    assert found.shares == ((0.0, 1.0), (10.0, 0.0), (40.0, 1.0))


def test_two_failures_that_follow_each_other_start_two_clocks() -> None:
    found = analyse(with_database("multi_az: true"), ("db@0..500", "db@1000..2000")).journeys[0]
    assert [t for t, share in found.shares if share == 0] == [0.0, 1000.0]
    assert found.downtime is not None
    assert found.downtime.max == 240


def test_a_failure_on_top_keeps_the_clocks_that_run() -> None:
    """The standby's clock does not begin anew because a server fails meanwhile."""
    world = with_database("multi_az: true")
    alone = analyse(world, ("db@0..1000",)).journeys[0].shares
    both = analyse(world, ("db@0..1000", "link:app->db@2000..2001")).journeys[0].shares
    assert both[: len(alone)] == alone
    assert (2000.0, 0.0) in both


def test_the_same_input_gives_the_same_bytes() -> None:
    texts = ("az:eu-west-1a@30..600", "web-2@100..200")
    first, second = (json.dumps(analyse(three_tier(), texts).to_json()) for _ in range(2))
    assert first == second


def test_the_moment_can_be_traced() -> None:
    world = with_database("multi_az: true")
    texts = ("db@10..1000",)
    assert condition_at(world, texts, 5).is_healthy
    assert condition_at(world, texts, 20).down == {"db"}
    assert "rds.multi_az_instance:db" in condition_at(world, texts, 130).recovered
    assert condition_at(world, texts, 1000).is_healthy


@pytest.mark.parametrize(("boot", "stable"), [("90s", False)])
def test_a_recovery_that_needs_a_control_plane_is_not_statically_stable(boot: str, stable: bool) -> None:
    found = analyse(with_group(boot=boot), ("asg",)).journeys[0]
    assert ("Not statically stable" not in found.static_stability) is stable
    assert "autoscaling" in found.static_stability


@proves(
    "A Multi-AZ failover needs no control plane of yours: it is statically stable.",
    area="Failover",
    source="failover table: rds.multi_az_instance",
)
def test_a_standby_is_statically_stable() -> None:
    found = analyse(with_database("multi_az: true"), ("db",)).journeys[0]
    assert found.static_stability.startswith("Statically stable")


@proves(
    "FIS's AZ Availability: Power Interruption leaves a zone without power for 30 minutes.",
    area="Failover",
    source="https://docs.aws.amazon.com/fis/latest/userguide/az-availability-scenario.html",
)
def test_fis_scenarios_are_ready_made() -> None:
    found = named(three_tier(), "az availability: power interruption")
    assert [item.targets for item in found] == [("az:eu-west-1a@0..1800",), ("az:eu-west-1b@0..1800",)]
    assert named(three_tier(), found[0].title) == found[:1]


def test_a_scenario_without_a_target_is_none_and_an_unknown_one_is_refused() -> None:
    assert named(three_tier(), "Cross-Region: Connectivity") == ()
    with pytest.raises(TargetError, match="there is no scenario"):
        named(three_tier(), "Meteor")


def test_regions_that_talk_can_be_parted() -> None:
    world = world_of(
        f"blueprint: two\nregion: eu-west-1\ncomponents:\n{network('p-')}\n"
        f"{network('s-', '10.1', 'ab', 'eu-central-1')}\n"
        f"{server('p-app', 'p-net-a', 'p-')}\n{server('s-app', 's-net-a', 's-')}\n{balancer('p-', targets='p-app')}\n"
        "links:\n  - {from: p-app, to: s-app, port: 8080}\n"
    )
    found = named(world, "Cross-Region: Connectivity")
    assert [item.targets for item in found] == [("link:p-app->s-app@0..10800",)] * 2


def test_every_scenario_can_be_played() -> None:
    world = three_tier()
    for item in scenarios(world):
        assert parse_all(world, item.targets)
