"""Every mechanism in a design of its own: what it needs, its seconds as in the table, what hinders it."""

import pytest

from archtui import facts
from archtui.facts import Span
from archtui.failure import JourneyReport, Link, analyse
from archtui.world.world import World
from tests.failure.designs import (
    SHOP,
    balancer,
    network,
    server,
    two_regions,
    with_database,
    with_group,
    world_of,
)
from tests.proves import proves


def _journey(world: World, *targets: str) -> JourneyReport:
    return analyse(world, targets).journeys[0]


def _link(journey: JourneyReport, mechanism: str) -> Link:
    return next(link for link in journey.chain if link.mechanism == mechanism)


def _two_servers(check: str = "", targets: str = "a, b", reaches: str = "a") -> World:
    return world_of(
        f"blueprint: servers\nregion: eu-west-1\ncomponents:\n{network()}\n{balancer(targets=targets, check=check)}\n"
        f"{server('a', 'net-a')}\n{server('b', 'net-b')}\n"
        "journeys:\n  - {name: "
        + SHOP
        + ", from: internet, to: lb, protocol: http, port: 80, "
        + f"reaches: {reaches}}}\n"
    )


# -- load balancer targets --------------------------------------------------------------------------


@proves(
    "A dead target leaves after interval times unhealthy threshold.",
    area="Failover",
    source="failover table: alb.target",
)
@pytest.mark.parametrize(("interval", "threshold"), [(30, 2), (10, 3), (5, 2), (300, 10)])
def test_a_dead_target_leaves_after_interval_times_threshold(interval: int, threshold: int) -> None:
    journey = _journey(_two_servers(f"interval: {interval}, unhealthy_threshold: {threshold}"), "a")
    seconds = facts.failover("alb.target").detect_seconds(interval=interval, unhealthy_threshold=threshold)
    assert seconds == Span(interval * threshold, interval * threshold)
    assert _link(journey, "alb.target").seconds == seconds
    assert journey.degraded == seconds
    assert str(journey.after.status) == "up"


def test_without_a_health_check_a_dead_target_stays_in_rotation() -> None:
    journey = _journey(_two_servers("enabled: false"), "a")
    assert journey.degraded is None
    assert _link(journey, "alb.target").hindered


def test_with_no_target_left_the_journey_is_down() -> None:
    journey = _journey(_two_servers(), "a", "b")
    assert str(journey.after.status) == "down"
    assert journey.downtime is None


@proves(
    "A balancer's node that is lost leaves its name; clients keep the answer 60 seconds.",
    area="Failover",
    source="failover table: alb.node",
)
def test_a_lost_node_leaves_the_balancers_name_when_its_answer_expires() -> None:
    report = analyse(_two_servers(targets="b", reaches="b"), ("net-a",))
    link = _link(report.journeys[0], "alb.node")
    assert link.seconds == facts.failover("alb.node").switch_seconds() == Span(60, 60)
    assert report.journeys[0].during.share == pytest.approx(0.5)
    assert report.degraded == ("lb",)


# -- databases --------------------------------------------------------------------------------------


@proves(
    "A Multi-AZ instance fails over in 60 to 120 seconds.",
    area="Failover",
    source="failover table: rds.multi_az_instance",
)
@pytest.mark.parametrize("target", ["db", "az:eu-west-1a", "net-a"])
def test_a_standby_takes_over_for_the_primary_its_zone_and_its_subnet(target: str) -> None:
    journey = _journey(with_database("multi_az: true"), target)
    assert _link(journey, "rds.multi_az_instance").seconds == Span(60, 120)
    assert journey.downtime == Span(60, 120)
    assert journey.data_loss == Span(0, 0)


def test_the_standbys_zone_may_be_lost_without_harm() -> None:
    report = analyse(with_database("multi_az: true"), ("az:eu-west-1b",))
    assert str(report.journeys[0].during.status) == "up"
    assert report.degraded == ("db",)


def test_with_both_zones_lost_there_is_no_failover() -> None:
    journey = _journey(with_database("multi_az: true"), "az:eu-west-1a", "az:eu-west-1b")
    assert journey.downtime is None
    assert "eu-west-1b" in _link(journey, "rds.multi_az_instance").hindered


def test_the_whole_service_down_leaves_no_standby() -> None:
    journey = _journey(with_database("multi_az: true"), "service:rds")
    assert journey.downtime is None
    assert _link(journey, "rds.multi_az_instance").hindered == "the whole service is down"


@proves(
    "A Single-AZ database is restored by hand and loses up to five minutes.",
    area="Failover",
    source="failover table: rds.single_az",
)
def test_a_single_instance_is_restored_by_hand_and_loses_up_to_five_minutes() -> None:
    journey = _journey(with_database("multi_az: false"), "db")
    link = _link(journey, "rds.single_az")
    assert not link.automatic
    assert link.seconds is None
    assert journey.downtime is None
    assert journey.data_loss == facts.failover("rds.single_az").data_loss == Span(0, 300)


def test_a_read_replica_waits_for_a_person() -> None:
    replica = "  rep: {kind: rds, engine: postgres, subnets: [net-b], security_groups: [db-sg], replica_of: db}\n"
    journey = _journey(with_database("multi_az: false", replica), "db")
    link = _link(journey, "rds.read_replica")
    assert link.component == "rep"
    assert not link.automatic
    assert journey.data_loss is None
    assert journey.meets_rpo is None


# -- instances and scaling groups -------------------------------------------------------------------


@proves(
    "An Auto Scaling group replaces a lost instance.",
    area="Failover",
    source="failover table: asg.instance",
)
@pytest.mark.parametrize(
    ("more", "check", "boot", "seconds"),
    [
        ("", "", "90s", 60 + 90),
        (", health_check_type: ELB", "interval: 10, unhealthy_threshold: 3", "2m", 30 + 120),
        (", health_check_type: ELB, health_check_grace: 5m", "", "30s", 60 + 30),
    ],
)
def test_a_group_replaces_its_instances_after_detection_and_boot(
    more: str, check: str, boot: str, seconds: float
) -> None:
    journey = _journey(with_group(more, boot, check), "asg")
    assert journey.downtime == Span(seconds, seconds)
    link = _link(journey, "asg.instance")
    assert link.seconds == Span(seconds, seconds)
    assert link.control_planes == ("ec2", "autoscaling")


@pytest.mark.parametrize("plane", ["ec2", "autoscaling"])
def test_without_the_control_plane_nothing_is_launched(plane: str) -> None:
    journey = _journey(with_group(), "asg", f"control-plane:{plane}")
    assert journey.downtime is None
    assert plane in _link(journey, "asg.instance").hindered


@pytest.mark.parametrize("service", ["service:ec2_instance", "service:asg"])
def test_a_group_starts_nothing_while_its_service_is_down(service: str) -> None:
    journey = _journey(with_group(), "asg", service)
    assert journey.downtime is None
    assert _link(journey, "asg.instance").hindered == "the whole service is down"


def test_a_zone_lost_under_a_group_needs_no_launch_where_the_rest_suffices() -> None:
    report = analyse(with_group(), ("az:eu-west-1a", "control-plane:ec2"))
    assert str(report.journeys[0].after.status) == "up"
    assert "asg" in report.degraded
    assert all(link.mechanism != "asg.instance" for link in report.journeys[0].chain)
    assert any(event.kind == "hindered" and event.component == "asg" for event in report.timeline)


def test_a_group_with_all_its_zones_lost_has_nowhere_to_go() -> None:
    journey = _journey(with_group(), "az:eu-west-1a", "az:eu-west-1b")
    assert journey.downtime is None
    assert "none of its zones works" in [link.hindered for link in journey.chain]


@proves(
    "EC2 recovers an instance from the failure of its host only.",
    area="Failover",
    source="failover table: ec2.recovery",
)
@pytest.mark.parametrize(
    ("target", "mechanism", "automatic"),
    [("app", "ec2.recovery", True), ("az:eu-west-1c", "zonal_resource", False)],
)
def test_an_instance_is_recovered_from_its_host_only(target: str, mechanism: str, automatic: bool) -> None:
    journey = _journey(with_database("multi_az: true"), target)
    link = _link(journey, mechanism)
    assert (link.automatic, link.seconds) == (automatic, None)
    assert journey.downtime is None
    assert journey.data_loss == Span(0, 0)


# -- names ------------------------------------------------------------------------------------------


@proves(
    "DNS failover takes the checks and the record's TTL.",
    area="Failover",
    source="failover table: route53.failover_record",
)
@pytest.mark.parametrize(
    ("interval", "threshold", "ttl", "seconds"), [(30, 3, 60, 150), (10, 3, 60, 90), (10, 1, 0, 10), (30, 10, 300, 600)]
)
def test_dns_fails_over_after_the_checks_and_the_ttl(interval: int, threshold: int, ttl: int, seconds: float) -> None:
    journey = _journey(two_regions(interval=interval, threshold=threshold, ttl=ttl), "region:eu-west-1")
    entry = facts.failover("route53.failover_record")
    settings = {"interval": float(interval), "failure_threshold": float(threshold), "ttl": float(ttl)}
    detect, switch = entry.detect_seconds(**settings), entry.switch_seconds(**settings)
    assert detect is not None
    assert switch is not None
    assert detect + switch == Span(seconds, seconds) == journey.downtime
    assert _link(journey, "route53.failover_record").seconds == detect + switch
    assert [str(s.status) for s in (journey.before, journey.during, journey.after)] == ["up", "down", "up"]


def test_an_alias_that_evaluates_its_target_waits_for_the_target_group_first() -> None:
    journey = _journey(two_regions("evaluate_target_health: true"), "p-app-a", "p-app-b")
    link = _link(journey, "route53.failover_record")
    assert link.starts == Span(60, 60)
    assert link.seconds == Span(60, 60)
    assert journey.downtime == Span(120, 120)


def test_a_record_that_nothing_checks_stays_with_the_lost_primary() -> None:
    journey = _journey(two_regions("evaluate_target_health: false"), "region:eu-west-1")
    assert journey.downtime is None
    assert "health check" in _link(journey, "route53.failover_record").hindered


def test_without_a_failure_of_the_primary_dns_does_not_move() -> None:
    report = analyse(two_regions(), ("p-app-a",))
    assert all(event.component != "first" for event in report.timeline)


def test_a_lost_region_leaves_a_replica_elsewhere_to_be_promoted_by_hand() -> None:
    replica = (
        network("far-", "10.9", "ab", "eu-central-1")
        + "\n  rep: {kind: rds, engine: postgres, subnets: [far-net-a, far-net-b], security_groups: [far-db-sg],"
        + " replica_of: db}\n"
    )
    journey = _journey(with_database("multi_az: true", replica), "region:eu-west-1")
    assert _link(journey, "rds.read_replica").component == "rep"
    assert "region" in _link(journey, "rds.multi_az_instance").hindered
    assert journey.data_loss is None


def test_a_lost_replica_is_made_again_by_hand_and_loses_nothing() -> None:
    replica = "  rep: {kind: rds, engine: postgres, subnets: [net-b], security_groups: [db-sg], replica_of: db}\n"
    report = analyse(with_database("multi_az: true", replica), ("rep",))
    assert "rep" in report.lost
    assert any(event.kind == "hindered" and "replica" in event.event for event in report.timeline)


def test_a_set_whose_members_are_all_lost_answers_nobody() -> None:
    text = (
        f"blueprint: group\nregion: eu-west-1\ncomponents:\n{network()}\n{balancer()}\n"
        "  lt: {kind: launch_template, security_groups: [app-sg]}\n"
        "  asg: {kind: asg, subnets: [net-a], launch_template: lt, target_groups: [web]}\n"
        "journeys:\n  - {name: closed, from: internet, to: asg, protocol: tcp, port: 8080, blocked: true}\n"
    )
    journey = _journey(world_of(text), "az:eu-west-1a")
    assert [str(s.status) for s in (journey.before, journey.during, journey.after)] == ["up", "up", "up"]
