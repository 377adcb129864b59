"""The reference design broken in three ways: verdicts, seconds and sources."""

import pytest

from archtui import facts
from archtui.facts import Span
from archtui.failure import FailureReport, Status, analyse
from tests.failure.designs import SHOP, three_tier

FIRST, SECOND = "The servers reach the payment provider", "The other server does too"
CLOSED = ("Nobody outside reaches the database", "Nobody outside reaches a server")


@pytest.fixture(scope="module")
def reports() -> dict[str, FailureReport]:
    world = three_tier()
    return {target: analyse(world, (target,)) for target in ("az:eu-west-1a", "az:eu-west-1b", "web-1", "db", "nat-a")}


def _statuses(report: FailureReport, name: str) -> tuple[str, str, str]:
    journey = report.journey(name)
    return str(journey.before.status), str(journey.during.status), str(journey.after.status)


STATUSES = [
    ("az:eu-west-1a", SHOP, ("up", "down", "up")),
    ("az:eu-west-1a", FIRST, ("up", "down", "down")),
    ("az:eu-west-1a", SECOND, ("up", "up", "up")),
    ("az:eu-west-1b", SHOP, ("up", "degraded", "up")),
    ("az:eu-west-1b", SECOND, ("up", "down", "down")),
    ("web-1", SHOP, ("up", "degraded", "up")),
    ("web-1", FIRST, ("up", "down", "down")),
    ("web-1", SECOND, ("up", "up", "up")),
    ("db", SHOP, ("up", "down", "up")),
    ("db", FIRST, ("up", "up", "up")),
    ("nat-a", SHOP, ("up", "up", "up")),
    ("nat-a", FIRST, ("up", "down", "down")),
]


@pytest.mark.parametrize(("target", "journey", "statuses"), STATUSES)
def test_each_journey_before_during_and_after(
    reports: dict[str, FailureReport], target: str, journey: str, statuses: tuple[str, str, str]
) -> None:
    assert _statuses(reports[target], journey) == statuses


@pytest.mark.parametrize("target", ["az:eu-west-1a", "web-1", "db"])
@pytest.mark.parametrize("journey", CLOSED)
def test_what_is_closed_stays_closed(reports: dict[str, FailureReport], target: str, journey: str) -> None:
    assert _statuses(reports[target], journey) == ("up", "up", "up")
    assert reports[target].journey(journey).downtime == Span(0, 0)


def _chain(report: FailureReport, name: str) -> dict[str, Span | None]:
    return {f"{link.mechanism}:{link.component}": link.seconds for link in report.journey(name).chain}


def test_the_loss_of_the_primary_takes_the_failover_of_the_table(reports: dict[str, FailureReport]) -> None:
    switch = facts.failover("rds.multi_az_instance").switch_seconds()
    journey = reports["db"].journey(SHOP)
    assert switch == Span(60, 120)
    assert journey.downtime == switch
    assert journey.data_loss == Span(0, 0)
    assert _chain(reports["db"], SHOP) == {"rds.multi_az_instance:db": switch}
    assert journey.meets_rto
    assert journey.meets_rpo
    assert reports["db"].lost == ("db",)
    assert reports["db"].recovered == ("db",)


def test_the_loss_of_an_instance_is_noticed_by_the_health_check(reports: dict[str, FailureReport]) -> None:
    detect = facts.failover("alb.target").detect_seconds(interval=30, unhealthy_threshold=2)
    journey = reports["web-1"].journey(SHOP)
    assert detect == Span(60, 60)
    assert journey.downtime == Span(0, 0)
    assert journey.degraded == detect
    assert journey.during.share == pytest.approx(0.5)
    assert _chain(reports["web-1"], SHOP) == {"alb.target:web": detect}
    assert reports["web-1"].degraded == ("web",)


def test_the_loss_of_a_zone_sets_off_all_three_side_by_side(reports: dict[str, FailureReport]) -> None:
    report = reports["az:eu-west-1a"]
    assert _chain(report, SHOP) == {
        "alb.node:lb": Span(60, 60),
        "alb.target:web": Span(60, 60),
        "rds.multi_az_instance:db": Span(60, 120),
    }
    assert report.journey(SHOP).downtime == Span(60, 120)
    assert set(report.lost) == {"public-a", "app-a", "data-a", "nat-a", "web-1", "db"}
    assert set(report.degraded) == {"lb", "web"}
    assert report.journey(FIRST).downtime is None


def test_the_other_zone_has_no_primary_and_a_quarter_gets_through(reports: dict[str, FailureReport]) -> None:
    journey = reports["az:eu-west-1b"].journey(SHOP)
    assert journey.during.share == pytest.approx(0.25)
    assert journey.downtime == Span(0, 0)
    assert journey.degraded == Span(60, 60)
    assert "db" in reports["az:eu-west-1b"].degraded


def test_a_nat_gateway_has_nobody_to_stand_in(reports: dict[str, FailureReport]) -> None:
    journey = reports["nat-a"].journey(FIRST)
    assert journey.downtime is None
    assert journey.chain[0].mechanism == "nat_gateway.zonal"
    assert not journey.chain[0].automatic
    assert journey.chain[0].seconds is None
    assert "person" in journey.sentence


@pytest.mark.parametrize("target", ["az:eu-west-1a", "web-1", "db"])
def test_every_second_has_its_source(reports: dict[str, FailureReport], target: str) -> None:
    links = [link for journey in reports[target].journeys for link in journey.chain]
    assert links
    for link in links:
        assert link.source == facts.failover(link.mechanism).source
        assert link.source


def test_the_timeline_tells_cause_before_effect(reports: dict[str, FailureReport]) -> None:
    events = reports["az:eu-west-1a"].timeline
    assert [event.t for event in events] == sorted(event.t for event in events)
    assert events[0].kind == "failure"
    assert events[0].component == "az:eu-west-1a"
    back = next(i for i, event in enumerate(events) if event.journey == SHOP and "up" in event.event)
    promoted = next(i for i, event in enumerate(events) if event.component == "db" and event.kind == "recovered")
    assert promoted < back
    assert (events[promoted].earliest, events[promoted].t) == (60, 120)


def test_status_words_are_those_of_the_contract() -> None:
    assert [str(status) for status in Status] == ["up", "degraded", "down", "unknown"]
