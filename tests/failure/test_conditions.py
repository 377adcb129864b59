"""What works badly: late answers, throttled calls, quotas, wrong health checks, parts in one zone, copies behind."""

from __future__ import annotations

from pathlib import Path

import pytest

from archtui.facts import Span
from archtui.failure import JourneyReport, analyse
from archtui.failure.timed import parse_all
from archtui.world.condition import TargetError
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
from tests.proves import proves

AREA = "Failure"
BLUEPRINTS = Path(__file__).resolve().parents[2] / "blueprints"


def _first(world: World, *targets: str) -> JourneyReport:
    return analyse(world, targets).journeys[0]


def _statuses(journey: JourneyReport) -> list[str]:
    return [str(sight.status) for sight in (journey.before, journey.during, journey.after)]


def _servers(check: str = "") -> World:
    return world_of(
        f"blueprint: servers\nregion: eu-west-1\ncomponents:\n{network()}\n{balancer(targets='a, b', check=check)}\n"
        f"{server('a', 'net-a')}\n{server('b', 'net-b')}\n"
        f"journeys:\n  - {{name: {SHOP}, from: internet, to: lb, protocol: http, port: 80, reaches: a}}\n"
    )


def _serverless(function: str = "timeout: 10", table: str = "") -> World:
    return world_of(
        "blueprint: api\nregion: eu-west-1\ncomponents:\n"
        "  api: {kind: api_gateway, protocol: HTTP, routes: [{method: ANY, path: /, to: work}]}\n"
        f"  work: {{kind: lambda_function, {function}}}\n  orders: {{kind: dynamodb_table{table}}}\n"
        "links:\n  - {from: work, to: orders, action: 'dynamodb:GetItem'}\n"
        f"journeys:\n  - {{name: {SHOP}, from: internet, to: api, protocol: https, port: 443, reaches: orders}}\n"
    )


# -- slow -------------------------------------------------------------------------------------------


def test_a_slow_dependency_degrades_and_says_by_how_much() -> None:
    journey = _first(three_tier(), "slow:db=2s")
    assert _statuses(journey) == ["up", "degraded", "degraded"]
    assert (journey.during.late, journey.during.share, journey.downtime) == (2.0, 1.0, Span(0, 0))
    assert "2 s" in journey.sentence


@proves(
    "A function that waits longer than its timeout is stopped, whatever it waits for.",
    area=AREA,
    source="Lambda Developer Guide, 'Configure Lambda function timeout'",
)
@pytest.mark.parametrize(("late", "status"), [("9s", "degraded"), ("11s", "down")])
def test_a_caller_gives_up_at_its_timeout(late: str, status: str) -> None:
    assert str(_first(_serverless(), f"slow:orders={late}").during.status) == status


@proves(
    "API Gateway answers 504 when its integration takes longer than 30 seconds (HTTP API).",
    area=AREA,
    source="fact api_gateway-timeout-01",
)
@pytest.mark.parametrize(("late", "status"), [("25s", "degraded"), ("31s", "down")])
def test_an_api_gives_up_on_its_integration(late: str, status: str) -> None:
    assert str(_first(_serverless("timeout: 600"), f"slow:orders={late}").during.status) == status


@pytest.mark.parametrize(("asynchronous", "status"), [("true", "up"), ("false", "down")])
def test_nobody_gives_up_on_what_nobody_waits_for(asynchronous: str, status: str) -> None:
    world = world_of(
        "blueprint: api\nregion: eu-west-1\ncomponents:\n"
        "  api: {kind: api_gateway, protocol: REST, stages: [{name: live}], routes: "
        f"[{{method: POST, path: /x, to: work, asynchronous: {asynchronous}}}]}}\n"
        "  work: {kind: lambda_function, timeout: 90}\n"
        "journeys:\n  - {name: j, from: internet, reaches: work, "
        "request: 'POST https://api.execute-api.eu-west-1.amazonaws.com/live/x'}\n"
    )
    assert str(_first(world, "slow:work=60s").during.status) == status


@proves(
    "A target that answers later than the health check's timeout is found unhealthy.",
    area=AREA,
    source="ELB User Guide, 'Health checks for Application Load Balancer target groups' (HealthCheckTimeoutSeconds)",
)
@pytest.mark.parametrize(("late", "leaves"), [("4s", False), ("6s", True)])
def test_a_slow_target_leaves_when_its_check_times_out(late: str, leaves: bool) -> None:
    journey = _first(_servers(), f"slow:a={late}")
    assert _statuses(journey) == ["up", "degraded", "up" if leaves else "degraded"]
    assert journey.degraded == (Span(60, 60) if leaves else None)


def test_a_target_slower_than_the_balancers_patience_fails_its_share() -> None:
    journey = _first(_servers("enabled: false"), "slow:a=61s")
    assert journey.during.share == pytest.approx(0.5)


# -- throttled, out of quota --------------------------------------------------------------------------


@proves(
    "Calls over the rate are refused: ThrottlingException, HTTP 400.",
    area=AREA,
    source="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html",
)
@pytest.mark.parametrize(("share", "left", "status"), [("50%", 0.5, "degraded"), ("100%", 0.0, "down")])
def test_throttled_calls_fail_in_their_share(share: str, left: float, status: str) -> None:
    journey = _first(_serverless(), f"throttle:orders={share}")
    assert (journey.during.share, str(journey.during.status)) == (pytest.approx(left), status)


def test_two_throttled_services_in_a_row_multiply() -> None:
    journey = _first(_serverless(), "throttle:orders=50%", "throttle:work=20%")
    assert journey.during.share == pytest.approx(0.4)


@proves(
    "When the account's concurrency is used up, Lambda refuses calls (429); reserved concurrency is kept apart.",
    area=AREA,
    source="Lambda Developer Guide, 'Understanding Lambda function scaling'",
)
@pytest.mark.parametrize(("function", "status"), [("timeout: 10", "down"), ("reserved_concurrency: 5", "up")])
def test_used_up_concurrency_spares_who_has_reserved_some(function: str, status: str) -> None:
    assert str(_first(_serverless(function), "quota:lambda-concurrency").during.status) == status


@proves(
    "Without vCPUs left in the quota an Auto Scaling group launches nothing.",
    area=AREA,
    source="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-on-demand-instances.html",
)
def test_a_used_up_quota_keeps_instances_from_starting() -> None:
    assert str(_first(with_group(), "asg").after.status) == "up"
    journey = _first(with_group(), "asg", "quota:ec2-vcpus")
    assert str(journey.after.status) == "down"
    assert "quota ec2-vcpus is used up" in journey.chain[-1].hindered


# -- health checks that are wrong -----------------------------------------------------------------------


@proves(
    "Where every target is found unhealthy, the balancer sends to all of them (fail open).",
    area=AREA,
    source="ELB User Guide, 'Health checks for Application Load Balancer target groups'",
)
def test_a_check_that_fails_for_all_stops_nothing() -> None:
    report = analyse(_servers(), ("unhealthy:web",))
    assert _statuses(report.journeys[0]) == ["up", "up", "up"]
    assert any("fail open" in event.event and event.t == 60 for event in report.timeline)


@proves(
    "A group that goes by the balancer's health check replaces what a wrong check finds unhealthy, again and again.",
    area=AREA,
    source="Auto Scaling User Guide, 'Health checks for instances in an Auto Scaling group'",
)
@pytest.mark.parametrize(("more", "again"), [(", health_check_type: ELB", True), ("", False)])
def test_a_group_that_believes_a_wrong_check_replaces_without_end(more: str, again: bool) -> None:
    report = analyse(with_group(more), ("unhealthy:web",))
    assert any("replaced again" in event.event for event in report.timeline) is again


def test_a_check_that_passes_whatever_is_true_leaves_the_dead_target_in() -> None:
    journey = _first(_servers(), "a", "healthy:web")
    assert _statuses(journey) == ["up", "degraded", "degraded"]
    assert "passes whatever is true" in journey.chain[0].hindered


def test_a_wrong_check_of_route_53_moves_everybody_to_the_other_region() -> None:
    report = analyse(two_regions(), ("unhealthy:hc",))
    assert _statuses(report.journeys[0]) == ["up", "up", "up"]
    assert any(event.component == "first" and event.t == 150 for event in report.timeline)


def test_a_blind_check_of_route_53_keeps_everybody_with_the_dead_region() -> None:
    assert _statuses(_first(two_regions(), "region:eu-west-1", "healthy:hc")) == ["up", "down", "down"]


# -- parts, copies, certificates, racks -----------------------------------------------------------------


@pytest.mark.parametrize(("part", "downtime"), [("db/eu-west-1a", Span(60, 120)), ("db/eu-west-1b", Span(0, 0))])
def test_the_part_in_one_zone_fails_alone(part: str, downtime: Span) -> None:
    report = analyse(with_database("multi_az: true"), (part,))
    assert report.journeys[0].downtime == downtime
    assert "net-a" not in report.lost


def test_an_endpoints_part_in_one_zone_is_left_by_its_name() -> None:
    world = world_of((BLUEPRINTS / "private-services.yaml").read_text(encoding="utf-8"))
    report = analyse(world, ("pull-api/eu-west-1a",))
    assert "pull-api" in report.degraded
    assert all(journey.downtime == Span(0, 0) for journey in report.journeys if str(journey.before.status) == "up")


REPLICA = "  rep: {kind: rds, engine: postgres, subnets: [net-b], security_groups: [db-sg], replica_of: db}\n"


@pytest.mark.parametrize(
    ("targets", "lost"), [((), None), (("lag:rep=300",), Span(0, 300)), (("lag:rep=0",), Span(0, 0))]
)
def test_what_a_copy_lacks_is_lost_with_its_promotion(targets: tuple[str, ...], lost: Span | None) -> None:
    journey = _first(with_database("multi_az: false", REPLICA), "db", *targets)
    assert next(link for link in journey.chain if link.component == "rep").data_loss == lost


def test_a_copy_that_is_behind_harms_no_journey_by_itself() -> None:
    report = analyse(with_database("multi_az: true", REPLICA), ("lag:rep=300",))
    assert _statuses(report.journeys[0]) == ["up", "up", "up"]
    assert "300 s old" in report.notes[0]
    assert report.degraded == ("rep",)


def test_an_expired_certificate_takes_its_listeners_journeys_down_until_it_is_renewed() -> None:
    journey = _first(three_tier(), "expired:cert@60..4000")
    assert journey.downtime == Span(3940, 3940)
    assert str(journey.after.status) == "up" or journey.shares[-1] == (4000.0, 1.0)


@proves(
    "A rack takes down the instances of its partition and no others.",
    area=AREA,
    source="EC2 User Guide, 'Placement strategies'",
)
@pytest.mark.parametrize(("second", "share"), [("a", 0.0), ("b", 0.5)])
def test_a_rack_takes_what_stands_on_it(second: str, share: float) -> None:
    group = "placement_group: racks, partition: "
    other = "1" if second == "a" else "2"
    world = world_of(
        f"blueprint: racks\nregion: eu-west-1\ncomponents:\n{network()}\n{balancer(targets='a, b')}\n"
        "  racks: {kind: placement_group, strategy: partition, partitions: 2}\n"
        f"{server('a', 'net-a', more=group + '1')}\n{server('b', 'net-a', more=group + other)}\n"
        f"journeys:\n  - {{name: {SHOP}, from: internet, to: lb, protocol: http, port: 80, reaches: a}}\n"
    )
    assert _first(world, "rack:racks/1").during.share == pytest.approx(share)


def test_without_dns_changes_health_checks_still_move_the_clients() -> None:
    """Route 53's health checks and answers are its data plane (Route 53 Developer Guide, 'Disaster recovery')."""
    report = analyse(two_regions(), ("region:eu-west-1", "control-plane:route53"))
    assert report.journeys[0].downtime == Span(150, 150)
    assert "health checks and the answers to names go on" in report.notes[0]


# -- together, in time ----------------------------------------------------------------------------------


def test_what_contradicts_itself_only_at_other_times_is_taken() -> None:
    world = three_tier()
    assert len(parse_all(world, ["slow:db=1s@0..10", "slow:db=2s@10..20", "db@20..30"])) == 3
    with pytest.raises(TargetError, match="so it cannot be slow"):
        parse_all(world, ["slow:db=1s@0..25", "db@20..30"])


def test_causes_in_turn_show_in_the_share_over_time() -> None:
    journey = _first(_serverless(), "throttle:orders=50%@10..20", "orders@30..40")
    assert journey.shares == ((0.0, 1.0), (10.0, 0.5), (20.0, 1.0), (30.0, 0.0), (40.0, 1.0))
    assert (journey.downtime, journey.degraded) == (Span(10, 10), Span(10, 10))
