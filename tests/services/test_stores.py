"""Copies that follow a database or a bucket, proxies, file systems and brokers: what they do beyond the matrix."""

from __future__ import annotations

import pytest

from archtui.facts import Span
from archtui.failure.interface import Mechanism, Situation
from archtui.services.rds.connections import connections_of, memory_of
from archtui.services.rds.properties import DbInstanceProperties
from archtui.services.s3.failure import BucketFails
from archtui.services.vpc_ways import stands_outside
from archtui.trace.request import Request
from archtui.trace.result import Trace
from archtui.trace.walker import trace
from archtui.world.condition import HEALTHY, Condition, condition_for
from archtui.world.steps import Step, Verdict
from archtui.world.world import World
from tests.proves import proves
from tests.services.traced import NETWORK, asked, codes_of, later, world_of

PLACE = "subnets: [app-b, app-c], security_groups: [data-sg]"
DATA = NETWORK + "  data-sg: {kind: security_group, vpc: vpc, ingress: [{port: all, protocol: tcp, from: any}]}\n"


def steps_of(found: Trace) -> list[Step]:
    stages = [*found.root.all_stages(), *(stage for each in found.afterwards for stage in each.stage.all_stages())]
    return [step for stage in stages for hop in stage.forward for step in hop.steps]


# -- replication ------------------------------------------------------------------------------------

PAIR = f"{DATA}  db: {{kind: rds, engine: postgres, multi_az: true, {PLACE}}}\n"
COPY = f"  copy: {{kind: rds, engine: postgres, replica_of: db, {PLACE}}}\n"
GLOBAL = f"{DATA}  db: {{kind: db_cluster, {PLACE}}}\n  copy: {{kind: db_cluster, replica_of: db, {PLACE}}}\n"


@proves(
    "A change reaches the read replicas after the answer, the standby before it",
    area="RDS",
    source="facts rds_read_replica-async-01, rds_multi_az_instance-standby-01",
)
@pytest.mark.parametrize(
    ("action", "copies", "standby"), [("write", 1, True), ("read", 0, False), ("consistent_read", 0, False)]
)
def test_a_change_goes_to_the_standby_and_then_to_the_replicas(action: str, copies: int, standby: bool) -> None:
    found = asked(world_of(PAIR + COPY, f"app db action: {action}"))
    assert found.verdict is Verdict.REACHABLE
    assert later(found) == [("db > copy", 1.0)] * copies
    assert any("standby of db has the change" in step.message for step in steps_of(found)) is standby


def test_a_lost_replica_is_said_and_holds_nothing_up() -> None:
    world = world_of(PAIR + COPY, "app db action: write")
    found = asked(world, condition=condition_for(world, ("copy",)))
    assert found.verdict is Verdict.REACHABLE
    assert "DATABASE_REPLICA_BEHIND" in {step.code for step in steps_of(found)}


@proves(
    "Storage replication of a global database takes about a second; its secondary takes no writes until promoted",
    area="Aurora",
    source="facts aurora_global_database-lag-01, aurora_global_database-readonly-01",
)
def test_a_global_database_follows_in_a_second() -> None:
    (copied,) = asked(world_of(GLOBAL, "app db action: write")).afterwards
    assert copied.label == "db > copy"
    assert copied.delay is not None
    assert copied.delay.milliseconds == 1000


@pytest.mark.parametrize(
    ("condition", "codes"),
    [
        (HEALTHY, ["DATABASE_READ_ONLY"]),
        (Condition(down=frozenset({"db"}), time=0.0), ["DATABASE_READ_ONLY"]),
        (Condition(down=frozenset({"db"}), time=600.0, recovered=frozenset({"aurora.global_database:copy"})), []),
    ],
)
def test_a_promoted_secondary_takes_writes(condition: Condition, codes: list[str]) -> None:
    assert codes_of(asked(world_of(GLOBAL, "app copy action: write"), condition=condition)) == codes


@pytest.mark.parametrize(
    ("condition", "codes"),
    [
        (HEALTHY, ["DATABASE_READ_ONLY"]),
        (Condition(down=frozenset({"db"}), time=600.0, recovered=frozenset({"rds.read_replica:copy"})), []),
    ],
)
def test_a_promoted_replica_takes_writes(condition: Condition, codes: list[str]) -> None:
    assert codes_of(asked(world_of(PAIR + COPY, "app copy action: write"), condition=condition)) == codes


def after_the_region(world: World) -> tuple[Mechanism, ...]:
    """Return how the bucket ``files`` comes back when its region is lost."""
    bucket = world.components["files"]
    situation = Situation(world, condition_for(world, ("region:eu-west-1",)))
    return BucketFails().mechanisms(bucket, situation)


@proves(
    "After the loss of its region a bucket's copy may lack the last 15 minutes with time control, without it nobody "
    "promises a time",
    area="S3",
    source="S3 User Guide, 'Meeting compliance requirements with S3 Replication Time Control'",
)
@pytest.mark.parametrize(("control", "lost"), [("true", Span(0, 900)), ("false", None)])
def test_the_data_loss_of_a_replicated_bucket(control: str, lost: Span | None) -> None:
    world = world_of(
        f"  files: {{kind: s3_bucket, versioning: true, replication: [{{to: copy, time_control: {control}}}]}}\n"
        "  copy: {kind: s3_bucket, versioning: true, region: eu-central-1}\n"
    )
    (found,) = after_the_region(world)
    assert (found.automatic, found.data_loss) == (False, lost)


def test_a_bucket_without_copy_has_nothing_to_turn_to() -> None:
    world = world_of("  files: {kind: s3_bucket, versioning: true}\n")
    assert after_the_region(world) == ()


# -- proxies ----------------------------------------------------------------------------------------

PROXY = f"{PAIR}  login: {{kind: secret}}\n  pool: {{kind: db_proxy, target: db, {PLACE}, pinned: 25%%, %s}}\n"


@proves(
    "Pinned sessions keep a connection of their own, all others share the pool",
    area="RDS Proxy",
    source="RDS User Guide, 'Avoiding pinning an RDS Proxy'; fact rds_proxy-pool-01",
)
def test_pinned_sessions_are_a_branch() -> None:
    found = asked(world_of(PROXY % "label: x", "app pool"))
    ways = next(made.ways for stage in found.root.all_stages() for made in stage.calls if made.label == "pool > db")
    assert [(way.label, way.weight) for way in ways] == [("db", 0.75), ("db (pinned)", 0.25)]
    assert found.verdict is Verdict.REACHABLE


def test_a_proxy_passes_on_what_is_asked() -> None:
    more = f"  reader: {{kind: db_proxy, target: copy, {PLACE}}}\n"
    assert codes_of(asked(world_of(PAIR + COPY + more, "app reader action: write"))) == ["DATABASE_READ_ONLY"]


@pytest.mark.parametrize(("targets", "verdict"), [((), Verdict.REACHABLE), (("login",), Verdict.BLOCKED)])
def test_a_proxy_signs_in_with_its_secret(targets: tuple[str, ...], verdict: Verdict) -> None:
    world = world_of(PROXY % "secrets: [login]", "app pool")
    found = asked(world, condition=condition_for(world, targets) if targets else HEALTHY)
    assert found.verdict is verdict


# -- connections ------------------------------------------------------------------------------------


@proves(
    "A database takes as many connections as its engine's formula gives for the memory of its class",
    area="RDS",
    source="RDS User Guide, 'Quotas and constraints for Amazon RDS', 'Maximum number of database connections'",
)
@pytest.mark.parametrize(
    ("settings", "most"),
    [
        ({"engine": "postgres", "instance_class": "db.t3.micro"}, 112),
        ({"engine": "mysql", "instance_class": "db.t3.micro"}, 85),
        ({"engine": "mysql", "instance_class": "db.r6g.xlarge"}, 2730),
        ({"engine": "postgres", "instance_class": "db.r5.24xlarge"}, 5000),
        ({"engine": "postgres", "max_connections": 7}, 7),
        ({"engine": "sqlserver"}, None),
        ({"engine": "mysql", "instance_class": "db.x2g.large"}, None),
    ],
)
def test_the_connections_of_a_class(settings: dict[str, object], most: int | None) -> None:
    assert connections_of(DbInstanceProperties.model_validate(settings)) == most


@pytest.mark.parametrize(
    ("name", "memory"),
    [("db.m5.large", 8), ("db.m5.2xlarge", 32), ("db.t4g.medium", 4), ("db.m5.metal", None), ("m5", None)],
)
def test_the_memory_of_a_class(name: str, memory: int | None) -> None:
    assert memory_of(name) == memory


# -- places -----------------------------------------------------------------------------------------

PLACES = """
  far: {kind: vpc, cidr: 10.9.0.0/16}
  far-a: {kind: subnet, vpc: far, az: a, cidr: 10.9.0.0/24}
  other: {kind: ec2_instance, subnet: far-a}
  fn: {kind: lambda_function}
  inside: {kind: lambda_function, subnets: [app-a]}
  reader: {kind: client}
"""
PEERING = "  peer: {kind: vpc_peering_connection, requester: vpc, accepter: far}\n"


@pytest.mark.parametrize(
    ("name", "more", "outside"),
    [
        ("app", "", False),
        ("inside", "", False),
        ("fn", "", True),
        ("reader", "", True),
        ("internet", "", True),
        ("other", "", True),
        ("other", PEERING, False),
    ],
)
def test_who_stands_outside_a_vpc(name: str, more: str, outside: bool) -> None:
    assert stands_outside(world_of(NETWORK + PLACES + more), name, "vpc") is outside


# -- files and brokers ------------------------------------------------------------------------------


def test_an_access_point_shows_its_clients_a_root_of_their_own() -> None:
    points = "access_points: [{name: data, path: /data, clients: [app]}]"
    found = asked(world_of(f"{DATA}  files: {{kind: efs, {PLACE}, {points}}}\n", "app files"))
    assert any("with /data of data as its root" in step.message for step in steps_of(found))


def brokered(settings: str, *links: str, more: str = "") -> World:
    return world_of(f"{DATA}  bus: {{{settings}, {PLACE}}}\n{more}", *links)


@pytest.mark.parametrize(
    ("settings", "action"),
    [("kind: msk_cluster", "kafka-cluster:ReadData"), ("kind: mq_broker, deployment: active_standby", "read")],
)
def test_a_worker_comes_for_messages_of_a_broker(settings: str, action: str) -> None:
    found = asked(brokered(settings, "app bus", f'caller bus action: "{action}"'))
    assert found.verdict is Verdict.REACHABLE
    assert {each.label for each in found.afterwards} == {"bus > caller"}
    assert sum(each.weight for each in found.afterwards) == pytest.approx(1)
    assert {each.verdict for each in found.afterwards} == {Verdict.REACHABLE}


@proves(
    "A broker is reached from outside its VPC only with public addresses",
    area="Amazon MQ",
    source="Amazon MQ Developer Guide, 'Using Amazon MQ securely'; fact amazon_mq-vpc-01",
)
@pytest.mark.parametrize(("public", "verdict"), [("true", Verdict.REACHABLE), ("false", Verdict.BLOCKED)])
def test_a_public_broker(public: str, verdict: Verdict) -> None:
    open_way = """
  igw: {kind: internet_gateway, vpc: vpc}
  out: {kind: route_table, vpc: vpc, routes: [{to: 0.0.0.0/0, via: igw}]}
  pub: {kind: subnet, vpc: vpc, az: a, cidr: 10.0.0.0/24, route_table: out}
"""
    bus = f"  bus: {{kind: mq_broker, publicly_accessible: {public}, subnets: [pub], security_groups: [data-sg]}}\n"
    world = world_of(DATA + open_way + bus)
    assert trace(world, Request.make("internet", "bus", protocol="tcp", port=61617)).verdict is verdict
