"""Clusters of nodes in a VPC: which node a name gives, what a cache spares the store behind it, who takes over."""

from __future__ import annotations

import pytest

from archtui import facts
from archtui.facts import Span
from archtui.failure import analyse
from archtui.formats.blueprint_file import loads
from archtui.services import registry
from archtui.trace.result import Trace
from archtui.world.compiler import compile_world
from archtui.world.condition import HEALTHY, condition_for
from archtui.world.steps import Verdict
from archtui.world.world import World
from tests.proves import proves
from tests.services.traced import NETWORK, asked, codes_of, world_of

DATA = "  data-sg: {kind: security_group, vpc: vpc, ingress: [{port: all, protocol: tcp, from: sg}]}\n"
SUBNETS = "subnets: [app-b, app-c], security_groups: [data-sg]"
CALLER = NETWORK.replace("subnet: app-b", "subnet: app-a")


def store(kind: str, settings: str = "", *links: str, more: str = "") -> World:
    extra = f", {settings}" if settings else ""
    place = "" if "subnets:" in settings else f", {SUBNETS}"
    return world_of(f"{CALLER}{DATA}  db: {{kind: {kind}{extra}{place}}}\n{more}", *(links or ("app db",)))


def down(world: World, *targets: str) -> Trace:
    return asked(world, condition=condition_for(world, targets) if targets else HEALTHY)


def at_nodes(found: Trace, component: str) -> set[str]:
    return {
        step.message.split(" in ")[1].split(" ")[0]
        for path in found.paths
        for hop in path.forward
        for step in hop.steps
        if hop.component == component and " accepts the connection" in step.message and " in eu" in step.message
    }


# -- names ------------------------------------------------------------------------------------------


@proves(
    "The cluster endpoint leads to the writer, the reader endpoint to the readers, a custom one to its members",
    area="Aurora",
    source="Aurora User Guide, 'Amazon Aurora endpoint connections'",
)
@pytest.mark.parametrize(
    ("endpoint", "zones"),
    [
        ("type: writer", {"eu-west-1a"}),
        ("type: reader", {"eu-west-1b", "eu-west-1c"}),
        ("type: custom, members: [3]", {"eu-west-1c"}),
    ],
)
def test_an_endpoint_chooses_its_instances(endpoint: str, zones: set[str]) -> None:
    more = f"  name: {{kind: db_cluster_endpoint, cluster: db, {endpoint}}}\n"
    three = "instances: 3, subnets: [app-a, app-b, app-c], security_groups: [data-sg]"
    found = asked(store("db_cluster", three, "app name", more=more))
    assert found.verdict is Verdict.REACHABLE
    assert at_nodes(found, "db") == zones


def test_without_readers_the_reader_endpoint_gives_the_writer() -> None:
    more = "  name: {kind: db_cluster_endpoint, cluster: db}\n"
    assert at_nodes(asked(store("db_cluster", "instances: 1", "app name", more=more)), "db") == {"eu-west-1b"}


@proves(
    "Files come from the mount target of the client's own zone",
    area="EFS",
    source="EFS User Guide, 'Mounting EFS file systems'",
)
@pytest.mark.parametrize(
    ("subnets", "nodes"), [("app-a, app-b", {"10.0.10"}), ("app-b, app-c", {"10.0.11", "10.0.12"})]
)
def test_a_client_mounts_in_its_own_zone(subnets: str, nodes: set[str]) -> None:
    found = asked(store("efs_file_system", f"subnets: [{subnets}], security_groups: [data-sg]"))
    text = [s.message for h in found.forward for s in h.steps if h.component == "db" and s.layer == "dns"]
    targets = {way.label.split("(")[1].rpartition(".")[0] for way in found.root.calls[0].ways[0].stage.calls[0].ways}
    assert text
    assert targets == nodes


@proves(
    "A store in a VPC answers on its own port, where the groups let the caller in",
    area="Stores",
    source="VPC User Guide, 'Control traffic with security groups'; the services' own guides for the ports",
)
@pytest.mark.parametrize(
    ("kind", "settings", "port"),
    [
        ("efs_file_system", "", 2049),
        ("fsx_file_system", "type: windows", 445),
        ("fsx_file_system", "type: lustre", 988),
        ("mq_broker", "engine: rabbitmq", 5671),
        ("mq_broker", "", 61617),
        ("msk_cluster", "", 9094),
        ("redshift_cluster", "", 5439),
        ("opensearch_domain", "", 443),
        ("elasticache_cluster", "", 6379),
        ("elasticache_cluster", "engine: memcached", 11211),
        ("memorydb_cluster", "", 6379),
        ("db_cluster", "engine: aurora-mysql", 3306),
        ("db_cluster", "", 5432),
    ],
)
def test_a_store_answers_on_its_port(kind: str, settings: str, port: int) -> None:
    world = store(kind, settings)
    assert asked(world).verdict is Verdict.REACHABLE
    other = 1 if port != 1 else 2
    assert codes_of(asked(store(kind, settings, f"app db port: {other}")))[0] in (
        "CONNECTION_REFUSED",
        "PROTOCOL_RESTRICTION",
    )
    closed = DATA.replace("from: sg", "from: 192.0.2.0/24")
    text = world_of(f"{CALLER}{closed}  db: {{kind: {kind}, {settings or 'label: x'}, {SUBNETS}}}\n", "app db")
    assert codes_of(asked(text)) == ["ENI_SG_RULES_MISMATCH"]


# -- caches -----------------------------------------------------------------------------------------

LAZY = "before: {store: rows, hit_ratio: 0.75}"
ROWS = f"  rows: {{kind: rds, engine: postgres, {SUBNETS}}}\n"


def cached(settings: str, *targets: str, method: str = "GET", order: tuple[str, ...] = ("rows", "db")) -> Trace:
    links = [f"app {name} dependency: soft" if name == "db" else f"app {name}" for name in order]
    world = store("elasticache_cluster", settings, *links, more=ROWS)
    return asked(world, condition=condition_for(world, targets) if targets else HEALTHY, method=method)


def store_ways(found: Trace) -> list[tuple[str, float]]:
    app = next(stage for stage in found.root.all_stages() if stage.at == "app")
    return [(way.label, way.weight) for made in app.calls for way in made.ways if "rows" in made.label]


@proves(
    "Lazy loading asks the cache first and the store only after a miss; a change asks the store; a lost cache spares "
    "the store nothing",
    area="ElastiCache",
    source="ElastiCache User Guide, 'Caching strategies'",
)
@pytest.mark.parametrize(
    ("targets", "method", "ways"),
    [
        ((), "GET", [("hit", 0.75), ("miss: rows", 0.25)]),
        ((), "POST", [("rows", 1.0)]),
        (("db",), "GET", [("rows", 1.0)]),
    ],
)
def test_a_cache_spares_the_store_its_hits(
    targets: tuple[str, ...], method: str, ways: list[tuple[str, float]]
) -> None:
    found = cached(LAZY, *targets, method=method)
    assert found.verdict is Verdict.REACHABLE
    assert store_ways(found) == ways


@pytest.mark.parametrize(("method", "first"), [("GET", "app > db"), ("POST", "app > rows")])
def test_the_order_of_cache_and_store(method: str, first: str) -> None:
    app = next(stage for stage in cached(LAZY, method=method).root.all_stages() if stage.at == "app")
    assert app.calls[0].label == first


def test_a_cache_before_no_store_spares_nothing() -> None:
    assert store_ways(cached("label: x")) == [("rows", 1.0)]


@proves(
    "DAX answers eventually consistent reads from its caches; consistent reads and writes pass through to the table",
    area="DAX",
    source="DynamoDB Developer Guide, 'DAX: How it works'; facts dax-write-through-01, dax-vpc-01",
)
@pytest.mark.parametrize(
    ("action", "load", "weights"),
    [
        ("dynamodb:GetItem", "", [("hit", 0.8), ("miss", 0.2)]),
        ("dynamodb:Query", "", [("hit", 0.5), ("miss", 0.5)]),
        ("dynamodb:GetItem", ", load: {consistent: true}", [("miss", 1.0)]),
        ("dynamodb:PutItem", "", [("miss", 1.0)]),
    ],
)
def test_dax_reads_and_writes_through(action: str, load: str, weights: list[tuple[str, float]]) -> None:
    more = f"  items: {{kind: dynamodb_table{load}}}\n"
    found = asked(store("dax_cluster", "table: items", f'app db action: "{action}"', more=more))
    assert found.verdict is Verdict.REACHABLE
    ways = next(made.ways for stage in found.root.all_stages() for made in stage.calls if made.label == "db > items")
    assert [(way.label, pytest.approx(way.weight)) for way in ways] == weights


# -- failovers --------------------------------------------------------------------------------------


def journey_world(kind: str, settings: str, more: str = "", target: str = "db", region: str = "") -> World:
    place = "" if "subnets:" in settings else f", {SUBNETS}"
    text = (
        f"blueprint: test\nregion: eu-west-1\ncomponents:\n{CALLER}{DATA}"
        f"  db: {{kind: {kind}, {settings}{place}{region}}}\n{more}\n"
        f"links:\n  - {{from: app, to: {target}}}\n"
        "journeys:\n  - {name: rows, from: caller, to: app, protocol: http, port: 80, reaches: app}\n"
    )
    return compile_world(loads(text, registry()).blueprint)


POOL = "  pool-sg: {kind: security_group, vpc: vpc, ingress: [{port: 5432, from: sg}]}\n"
TABLE = [
    ("aurora.cluster_with_replica", "db_cluster", "instances: 2"),
    ("aurora.cluster_no_replica", "db_cluster", "instances: 1"),
    (
        "rds.multi_az_cluster",
        "db_cluster",
        "engine: postgres, subnets: [app-b, app-c, app-a], security_groups: [data-sg]",
    ),
    ("elasticache.redis_multi_az", "elasticache_cluster", "replicas: 1, automatic_failover: true, multi_az: true"),
    ("memorydb.multi_az", "memorydb_cluster", "replicas: 1"),
    ("redshift", "redshift_cluster", "port: 5439"),
    ("zonal_resource", "efs_file_system", "one_zone: true"),
    ("zonal_resource", "mq_broker", "deployment: single_instance"),
]


@proves(
    "Each cluster comes back by the mechanism of its set-up, in the seconds published for it",
    area="Failover",
    source="failover table: aurora.*, rds.multi_az_cluster, elasticache.redis_multi_az, memorydb.multi_az, redshift, "
    "zonal_resource",
)
@pytest.mark.parametrize(("name", "kind", "settings"), TABLE)
def test_the_seconds_are_those_of_the_table(name: str, kind: str, settings: str) -> None:
    world = journey_world(kind, settings)
    report = analyse(world, ("az:eu-west-1b",))
    journey = report.journeys[0]
    link = next(link for link in journey.chain if link.mechanism == name)
    entry = facts.failover(name)
    detect, switch = entry.detect_seconds(), entry.switch_seconds()
    published = detect + switch if detect is not None and switch is not None else None
    assert link.seconds == published
    assert journey.downtime == published
    assert journey.data_loss == entry.data_loss
    assert link.automatic is entry.automatic
    assert str(journey.after.status) == ("up" if entry.automatic else "down")


@pytest.mark.parametrize(("name", "kind", "settings"), TABLE)
def test_the_loss_of_another_zone_stops_nothing(name: str, kind: str, settings: str) -> None:  # noqa: ARG001
    report = analyse(journey_world(kind, settings), ("az:eu-west-1c",))
    assert str(report.journeys[0].during.status) == "up"


@pytest.mark.parametrize(
    ("kind", "settings"),
    [
        ("efs_file_system", "one_zone: false"),
        ("msk_cluster", "brokers: 2"),
        ("mq_broker", "deployment: active_standby"),
    ],
)
def test_stores_over_several_zones_survive_one(kind: str, settings: str) -> None:
    report = analyse(journey_world(kind, settings), ("az:eu-west-1b",))
    assert str(report.journeys[0].after.status) == "up"


def test_a_node_that_fails_by_itself_is_replaced_by_its_replica() -> None:
    journey = analyse(journey_world("db_cluster", "instances: 2"), ("db",)).journeys[0]
    assert journey.downtime == Span(30, 60)


def test_without_the_control_plane_aurora_starts_no_instance() -> None:
    journey = analyse(journey_world("db_cluster", "instances: 1"), ("db", "control-plane:rds")).journeys[0]
    assert journey.downtime is None


def test_with_all_zones_lost_nothing_takes_over() -> None:
    journey = analyse(journey_world("db_cluster", "instances: 2"), ("az:eu-west-1b", "az:eu-west-1c")).journeys[0]
    assert journey.downtime is None


@proves(
    "A proxy keeps its clients' connections while the database behind it fails over",
    area="Failover",
    source="failover table: rds.proxy",
)
def test_a_proxy_waits_for_the_database_behind_it() -> None:
    proxy = f"  pool: {{kind: db_proxy, target: db, {SUBNETS}}}\n"
    closed = journey_world("db_cluster", "instances: 2", proxy, "pool")
    assert set(codes_of(asked(closed))) == {"ENI_SG_RULES_MISMATCH"}
    own = proxy.replace("[data-sg]", "[sg]")
    world = journey_world("db_cluster", "instances: 2", own.replace("[sg]", "[pool-sg, sg]") + POOL, "pool")
    assert asked(world).verdict is Verdict.REACHABLE
    journey = analyse(world, ("db",)).journeys[0]
    assert journey.downtime == Span(30, 60)
    report = analyse(world, ("db",))
    assert any("connections" in event.event and event.component == "pool" for event in report.timeline)


@proves(
    "A person promotes the secondary of a global database when the primary's region is lost; about a second is lost",
    area="Failover",
    source="failover table: aurora.global_database",
)
def test_a_global_database_is_promoted_by_hand() -> None:
    far = (
        "  far: {kind: vpc, cidr: 10.9.0.0/16, region: eu-central-1}\n"
        "  far-a: {kind: subnet, vpc: far, az: a, cidr: 10.9.0.0/24}\n"
        "  copy: {kind: db_cluster, subnets: [far-a], replica_of: db}\n"
    )
    report = analyse(journey_world("db_cluster", "instances: 2", far), ("region:eu-west-1",))
    link = next(link for link in report.journeys[0].chain if link.mechanism == "aurora.global_database")
    assert (link.component, link.automatic) == ("copy", False)
