"""The report as plain data and as text: the contract's keys, the same every time, wrong targets refused."""

import json

import pytest

from archtui.facts import Span
from archtui.failure import Status, analyse, condition_at, render
from archtui.failure.observe import Observer
from archtui.failure.report import moment
from archtui.failure.scenarios import scenarios
from archtui.world.condition import HEALTHY, TargetError
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


def test_the_json_has_the_keys_of_the_contract() -> None:
    found = analyse(three_tier(), ("az:eu-west-1a",)).to_json()
    assert {"journeys", "lost", "degraded", "timeline"} <= found.keys()
    for journey in found["journeys"]:
        assert {"name", "before", "during", "after", "downtime_s", "data_loss_s", "chain"} <= journey.keys()
        for link in journey["chain"]:
            assert {"mechanism", "seconds", "source"} <= link.keys()
    assert all({"t", "event", "component"} <= event.keys() for event in found["timeline"])
    shop = found["journeys"][0]
    assert (shop["downtime_s"], shop["downtime_min_s"], shop["data_loss_s"]) == (120, 60, 0)


@pytest.mark.parametrize("targets", [("az:eu-west-1a",), ("web-1", "db"), ("region:eu-west-1",), ("link:web-1->db",)])
def test_the_same_failure_gives_the_same_report_byte_for_byte(targets: tuple[str, ...]) -> None:
    first, second = (analyse(three_tier(), targets) for _ in range(2))
    assert json.dumps(first.to_json()) == json.dumps(second.to_json())
    assert render(first) == render(second)


@pytest.mark.parametrize(
    ("targets", "message"),
    [
        (("web-3",), "did you mean 'web-"),
        (("az:eu-west-1x",), "availability zone"),
        (("region:us-east-9",), "region"),
        (("link:web-1->lb",), "link"),
        (("service:dynamdb",), "unknown service"),
        ((), "nothing fails"),
    ],
)
def test_an_unknown_target_is_refused_in_one_line(targets: tuple[str, ...], message: str) -> None:
    with pytest.raises(TargetError, match=message) as caught:
        analyse(three_tier(), targets)
    assert "\n" not in str(caught.value)


def test_the_text_tells_statuses_seconds_and_sources() -> None:
    text = render(analyse(three_tier(), ("db",)))
    assert "before up  >  during down  >  after up" in text
    assert "      60-120 s  rds.multi_az_instance of db [1]" in text
    assert "Concepts.MultiAZ.Failover.html" in text
    assert "RTO 180 s: met" in text
    assert all(len(line) <= 80 or "https://" in line for line in text.splitlines())


@pytest.mark.parametrize(
    ("target", "note"),
    [
        ("lb-sg", "is a setting"),
        ("control-plane:ec2", "is skipped"),
        ("service:nlb", "is skipped"),
        ("link:app-a->private-a", "no journey"),
        ("link:web-1->db", ""),
        ("db", ""),
    ],
)
def test_what_changes_nothing_is_said(target: str, note: str) -> None:
    report = analyse(three_tier(), (target,))
    assert bool(report.notes) is bool(note)
    assert all(note in text for text in report.notes)


def test_a_soft_dependency_degrades_and_a_hard_one_takes_down() -> None:
    text = (
        f"blueprint: soft\nregion: eu-west-1\ncomponents:\n{network()}\n{balancer(targets='app')}\n"
        f"{server('app', 'net-b')}\n"
        "  db: {kind: rds, engine: postgres, subnets: [net-a, net-b], security_groups: [db-sg]}\n"
        "links:\n  - {from: app, to: db, port: 5432, dependency: DEPENDENCY}\n"
        "journeys:\n  - {name: " + SHOP + ", from: internet, to: lb, protocol: http, port: 80, reaches: app}\n"
    )
    hard = analyse(world_of(text.replace("DEPENDENCY", "hard")), ("db",)).journeys[0]
    soft = analyse(world_of(text.replace("DEPENDENCY", "soft")), ("db",)).journeys[0]
    assert (hard.during.status, hard.downtime) == (Status.DOWN, None)
    assert (soft.during.status, soft.downtime, soft.degraded) == (Status.DEGRADED, Span(0, 0), None)
    assert soft.during.soft == ("db",)
    assert "soft dependency" in soft.sentence


def test_a_broken_link_degrades_what_goes_over_it() -> None:
    journey = analyse(three_tier(), ("link:web-1->db",)).journey(SHOP)
    assert journey.during.status is Status.DEGRADED
    assert journey.during.share == pytest.approx(0.5)
    assert journey.degraded is None


def test_a_journey_that_was_down_before_is_told_so() -> None:
    world = with_database("multi_az: true, state: stopped")
    journey = analyse(world, ("app",)).journeys[0]
    assert journey.before.status is Status.DOWN
    assert "before the failure" in journey.sentence
    assert journey.chain == ()


@pytest.mark.parametrize(("seconds", "recovered"), [(0, set()), (59, set()), (60, {"alb.target:web", "alb.node:lb"})])
def test_the_condition_at_a_moment_holds_what_has_recovered(seconds: float, recovered: set[str]) -> None:
    condition = condition_at(three_tier(), ("az:eu-west-1a",), seconds)
    assert condition.recovered == recovered
    assert condition.time == seconds


def test_the_moments_of_a_report() -> None:
    world = three_tier()
    report = analyse(world, ("db",))
    assert moment(world, report, "before") == HEALTHY
    assert moment(world, report, "during").recovered == frozenset()
    assert moment(world, report, "after").recovered == {"rds.multi_az_instance:db"}


def _group_of_one() -> World:
    return with_group(", desired: 1")


def test_a_group_of_one_starts_again_in_the_other_zone() -> None:
    journey = analyse(_group_of_one(), ("az:eu-west-1a",)).journeys[0]
    assert [str(s.status) for s in (journey.before, journey.during, journey.after)] == ["up", "down", "up"]
    assert journey.downtime == Span(150, 150)
    assert "asg.instance" in [link.mechanism for link in journey.chain]


def test_a_group_of_one_stays_down_without_the_control_plane() -> None:
    journey = analyse(_group_of_one(), ("az:eu-west-1a", "control-plane:autoscaling")).journeys[0]
    assert journey.downtime is None
    assert "control plane" in journey.sentence


@pytest.mark.parametrize("world", [three_tier(), with_group(), with_database("multi_az: true")])
def test_every_scenario_can_be_played(world: World) -> None:
    found = scenarios(world)
    assert len({scenario.title for scenario in found}) == len(found)
    assert any(scenario.title.startswith("AZ: Power Interruption in eu-west-1a") for scenario in found)
    assert {"zone", "region", "component"} <= {scenario.group for scenario in found}
    for scenario in found:
        report = analyse(world, scenario.targets)
        assert len(report.journeys) == len(world.blueprint.journeys)
        json.dumps(report.to_json())


def test_of_two_mechanisms_that_would_do_the_earlier_one_counts() -> None:
    journey = analyse(with_group(), ("az:eu-west-1a",)).journeys[0]
    assert [link.mechanism for link in journey.chain] == ["alb.node", "alb.target"]
    assert journey.degraded == Span(60, 60)


def test_a_goal_behind_a_soft_dependency_is_reached_through_it() -> None:
    text = (
        f"blueprint: soft\nregion: eu-west-1\ncomponents:\n{network()}\n{balancer(targets='app')}\n"
        f"{server('app', 'net-b')}\n"
        "  db: {kind: rds, engine: postgres, subnets: [net-a, net-b], security_groups: [db-sg]}\n"
        "links:\n  - {from: app, to: db, port: 5432, dependency: soft}\n"
        "journeys:\n  - {name: " + SHOP + ", from: internet, to: lb, protocol: http, port: 80, reaches: db}\n"
    )
    journey = analyse(world_of(text), ("db",)).journeys[0]
    assert (journey.before.status, journey.during.status) == (Status.UP, Status.DOWN)


@pytest.mark.parametrize(
    ("world", "targets"),
    [
        (three_tier(), ("az:eu-west-1a",)),
        (three_tier(), ("web-1", "db")),
        (_group_of_one(), ("az:eu-west-1a",)),
        (two_regions(), ("region:eu-west-1",)),
    ],
)
def test_a_trace_at_any_moment_agrees_with_the_report(world: World, targets: tuple[str, ...]) -> None:
    report, observer = analyse(world, targets), Observer(world)
    for journey, found in zip(world.blueprint.journeys, report.journeys, strict=True):
        for start, share in found.shares:
            assert observer.sight(journey, condition_at(world, targets, start)).share == pytest.approx(share)
            if start > 0:
                earlier = observer.sight(journey, condition_at(world, targets, start - 0.5)).share
                assert earlier != pytest.approx(share)
