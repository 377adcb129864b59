"""DynamoDB tables: the way to them, capacity, consistency, streams, global tables."""

from __future__ import annotations

import pytest

from archtui.services.dynamodb.capacity import demand, read_units, write_units
from archtui.services.dynamodb.properties import DynamoDbTableProperties, Load
from archtui.services.dynamodb.trace import access_of
from archtui.trace.result import Trace
from archtui.world.condition import HEALTHY, Condition, condition_for
from archtui.world.steps import Verdict
from tests.proves import proves
from tests.services.traced import NETWORK, asked, codes_of, later, world_of

ENDPOINT = "  to-ddb: {kind: gateway_endpoint, vpc: vpc, service: dynamodb, route_tables: [private]}\n"
GUIDE = "DynamoDB Developer Guide, "


def table(settings: str = "", action: str = "dynamodb:PutItem", more: str = ENDPOINT, down: str = "") -> Trace:
    extra = f", {settings}" if settings else ""
    world = world_of(f"{NETWORK}  orders: {{kind: dynamodb_table{extra}}}\n{more}", f'app orders action: "{action}"')
    return asked(world, condition=condition_for(world, (down,)) if down else HEALTHY)


@proves(
    "A private application reaches DynamoDB by a gateway endpoint",
    area="DynamoDB",
    source=GUIDE + "'Using Amazon VPC endpoints to access DynamoDB'; fact dynamodb-public-01",
)
def test_a_closed_subnet_reaches_a_table_by_the_gateway_endpoint_only() -> None:
    assert table().verdict is Verdict.REACHABLE
    assert "to-ddb" in [hop.component for hop in table().forward]
    assert codes_of(table(more="")) == ["NO_ROUTE_TO_DESTINATION"]


@proves(
    "RCU = reads x ceil(KB / 4), half for eventually consistent reads; WCU = writes x ceil(KB)",
    area="DynamoDB",
    source=GUIDE + "'DynamoDB provisioned capacity mode'; facts dynamodb-rcu-example-01, dynamodb-wcu-example-01",
)
@pytest.mark.parametrize(
    ("load", "size", "reads", "writes"),
    [
        (Load(reads=10, writes=10, consistent=True), 2.5, 10, 30),
        (Load(reads=10, writes=10), 2.5, 5, 30),
        (Load(reads=10, writes=10, consistent=True), 4.1, 20, 50),
        (Load(reads=10, writes=10, consistent=True, transactional=True), 1, 20, 20),
    ],
)
def test_capacity_units_follow_the_formula(load: Load, size: float, reads: float, writes: float) -> None:
    assert (read_units(load, size), write_units(load, size)) == (reads, writes)


@proves(
    "What is beyond the provisioned capacity is throttled; a table within it or on demand is not",
    area="DynamoDB",
    source=GUIDE + "'Error handling with DynamoDB' (ProvisionedThroughputExceededException)",
)
@pytest.mark.parametrize(
    ("settings", "share"),
    [
        ("billing_mode: provisioned, write_capacity: 30, item_size: 2.5, load: {writes: 10}", 1.0),
        ("billing_mode: provisioned, write_capacity: 15, item_size: 2.5, load: {writes: 10}", 0.5),
        (
            "billing_mode: provisioned, write_capacity: 15, max_write_capacity: 60, item_size: 2.5, load: {writes: 10}",
            1.0,
        ),
        ("item_size: 2.5, load: {writes: 10}", 1.0),
        ("load: {writes: 4000, hot_key: 50%}", 0.75),
        ("load: {writes: 4000, hot_key: 10%}", 1.0),
        (
            "billing_mode: provisioned, write_capacity: 40, load: {writes: 40}, "
            "indexes: [{name: by-day, partition_key: day, write_capacity: 10}]",
            0.25,
        ),
    ],
)
def test_the_share_beyond_capacity_is_throttled(settings: str, share: float) -> None:
    found = table(settings)
    assert found.share == pytest.approx(share)
    assert codes_of(found) == ([] if share == 1 else ["DYNAMODB_THROTTLED"])
    for made in found.root.calls:
        assert sum(way.weight for way in made.ways) == pytest.approx(1)


def test_reads_are_not_throttled_by_what_writes_need() -> None:
    settings = "billing_mode: provisioned, write_capacity: 1, read_capacity: 10, load: {writes: 10, reads: 10}"
    assert table(settings, "dynamodb:GetItem").verdict is Verdict.REACHABLE
    assert table(settings).verdict is Verdict.BLOCKED


def test_nothing_stated_needs_no_capacity() -> None:
    assert demand(DynamoDbTableProperties(), "read") is None


@pytest.mark.parametrize(
    ("action", "access"),
    [("dynamodb:Query", "read"), ("dynamodb:UpdateItem", "write"), ("", "both"), ("dynamodb:*", "both")],
)
def test_what_an_action_does(action: str, access: str) -> None:
    assert access_of(action) == access


@proves(
    "A global secondary index gives eventually consistent reads only; a local one strongly consistent ones too",
    area="DynamoDB",
    source="facts dynamodb_gsi-eventual-01, dynamodb_lsi-strong-01",
)
@pytest.mark.parametrize(
    ("index", "load", "codes"),
    [
        ("type: global", "consistent: true", ["DYNAMODB_GSI_CONSISTENT_READ"]),
        ("type: global", "consistent: false", []),
        ("type: local", "consistent: true", []),
    ],
)
def test_only_a_local_index_can_be_read_consistently(index: str, load: str, codes: list[str]) -> None:
    settings = f"indexes: [{{name: i, {index}, sort_key: day}}], load: {{index: i, {load}}}"
    assert codes_of(table(settings, "dynamodb:Query")) == codes


@proves("An item is at most 400 KB", area="DynamoDB", source="fact dynamodb-item-size-01")
@pytest.mark.parametrize(("size", "codes"), [(400, []), (401, ["DYNAMODB_ITEM_TOO_LARGE"])])
def test_an_item_is_at_most_400_kb(size: int, codes: list[str]) -> None:
    assert codes_of(table(f"item_size: {size}")) == codes


@proves(
    "A change invokes the functions on the table's stream; a read does not, nor is there one without a stream",
    area="DynamoDB",
    source="facts dynamodb_streams-enable-01, dynamodb_streams-trigger-01",
)
@pytest.mark.parametrize(
    ("settings", "action", "events"),
    [
        ("stream: NEW_IMAGE", "dynamodb:PutItem", [("orders > fn", 1.0)]),
        ("stream: NEW_IMAGE", "dynamodb:GetItem", []),
        ("", "dynamodb:PutItem", []),
    ],
)
def test_a_change_reaches_the_consumers_of_the_stream(
    settings: str, action: str, events: list[tuple[str, float]]
) -> None:
    more = f"{ENDPOINT}  fn: {{kind: lambda_function, event_sources: [{{source: orders}}]}}\n"
    assert later(table(settings, action, more)) == events


@proves(
    "A global table is written in the caller's region and reaches the others within a second",
    area="DynamoDB",
    source="facts dynamodb_global_tables-replicas-01, dynamodb_global_tables-lag-01",
)
def test_a_caller_uses_the_replica_of_its_region_and_the_others_follow() -> None:
    found = table("region: us-east-1, replicas: [eu-west-1, ap-south-1]")
    said = [step.message for hop in found.forward for step in hop.steps if hop.component == "orders"]
    assert any("its replica in eu-west-1" in text for text in said)
    assert later(found) == [("orders > us-east-1", 1.0), ("orders > ap-south-1", 1.0)]
    assert {each.delay.milliseconds for each in found.afterwards if each.delay} == {1000.0}


def test_without_a_replica_there_a_caller_goes_to_the_tables_region() -> None:
    assert codes_of(table("region: us-east-1")) == ["NO_ROUTE_TO_DESTINATION"]


@pytest.mark.parametrize(("replicas", "verdict"), [("[eu-west-1]", Verdict.REACHABLE), ("[]", Verdict.BLOCKED)])
def test_the_loss_of_a_tables_first_region_leaves_its_replicas(replicas: str, verdict: Verdict) -> None:
    outside = ENDPOINT.replace("to-ddb", "igw").replace("gateway_endpoint", "internet_gateway").split(", service")[0]
    more = f"{ENDPOINT}{outside}}}\n"
    settings = f"region: us-east-1, replicas: {replicas}"
    assert table(settings, more=more, down="region:us-east-1").verdict is verdict


def test_a_zone_lost_changes_nothing() -> None:
    found = table(down="az:eu-west-1c")
    assert found.verdict is Verdict.REACHABLE
    assert Condition(zones=frozenset({"eu-west-1c"})).zone_down("eu-west-1c")
