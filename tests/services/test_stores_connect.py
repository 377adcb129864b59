"""Connecting stores and queues: what was asked for works after the edit, and a second time nothing is left to do."""

from __future__ import annotations

import pytest

from archtui.check.runner import check
from archtui.model.connect import Proposal, Refusal, connect
from archtui.services import rules
from archtui.trace.request import Request
from archtui.trace.result import Trace
from archtui.trace.walker import trace
from archtui.world.compiler import compile_world
from archtui.world.steps import Verdict
from archtui.world.world import World
from tests.services.traced import world_of

DESIGN = """
  vpc: {kind: vpc, cidr: 10.0.0.0/16}
  app-a: {kind: subnet, vpc: vpc, az: a, cidr: 10.0.10.0/24}
  app-b: {kind: subnet, vpc: vpc, az: b, cidr: 10.0.11.0/24}
  app: {kind: ec2_instance, subnet: app-a, security_groups: [app-sg], listens: [{port: 80, protocol: http}]}
  app-sg: {kind: security_group, vpc: vpc, ingress: [{port: 80, from: any}], egress: [{port: 80, to: 10.0.0.0/16}]}
  caller: {kind: ec2_instance, subnet: app-b, security_groups: [caller-sg]}
  caller-sg: {kind: security_group, vpc: vpc}
  data-sg: {kind: security_group, vpc: vpc}
  fn: {kind: lambda_function}
  files: {kind: s3_bucket}
  copy: {kind: s3_bucket, region: eu-central-1}
  items: {kind: dynamodb_table}
  jobs:
    kind: sqs_queue
    policy: {Statement: [{Effect: Deny, Principal: "*", Action: "sqs:PurgeQueue", Resource: jobs}]}
  dead: {kind: sqs_queue, retention: 14d}
  ordered: {kind: sqs_queue, fifo: true}
  news: {kind: sns_topic}
  first: {kind: sns_topic, fifo: true}
  clicks: {kind: kinesis_stream}
  fire: {kind: firehose_stream, destination: copy}
"""
NODES = {
    "db_cluster": "",
    "db_proxy": "target: rows, ",
    "dax_cluster": "table: items, ",
    "efs_file_system": "",
    "elasticache_cluster": "",
    "fsx_file_system": "",
    "memorydb_cluster": "",
    "mq_broker": "",
    "msk_cluster": "",
    "opensearch_domain": "",
    "redshift_cluster": "",
}
ROWS = "  rows: {kind: rds, engine: postgres, subnets: [app-a, app-b], security_groups: [caller-sg]}\n"


def after(world: World, *pairs: tuple[str, str]) -> World:
    """Make the connections one after the other."""
    for source, target in pairs:
        answer = connect(world, source, target)
        assert isinstance(answer, Proposal), answer
        assert answer.sentence
        assert answer.edit.operations
        blueprint, _ = world.blueprint.edited(answer.edit.operations)
        world = compile_world(blueprint, world)
        again = connect(world, source, target)
        assert isinstance(again, Proposal)
        assert not again.edit.operations, f"{source} to {target} is done: {again.sentence}"
    return world


def asked(world: World) -> Trace:
    return trace(world, Request.make("caller", "app", protocol="http"))


def reached(found: Trace) -> set[str]:
    """Return what a request comes to, at once and in what it sets off."""
    stages = [*found.root.all_stages(), *(stage for each in found.afterwards for stage in each.stage.all_stages())]
    return {stage.at for stage in stages}


@pytest.mark.parametrize("target", ["files", "items", "jobs", "news", "clicks", "fire"])
def test_an_application_in_a_closed_subnet_gets_a_way_to_an_api(target: str) -> None:
    world = after(world_of(DESIGN), ("app", target))
    found = asked(world)
    assert found.verdict is Verdict.REACHABLE, found.sentence
    assert target in reached(found)


@pytest.mark.parametrize("kind", sorted(NODES))
def test_an_application_gets_to_the_nodes_of_a_store(kind: str) -> None:
    store = f"  store: {{kind: {kind}, {NODES[kind]}subnets: [app-a, app-b], security_groups: [data-sg]}}\n"
    more = ROWS + "  open: {kind: gateway_endpoint, vpc: vpc, service: dynamodb}\n"
    pairs = [("app", "store"), *([("store", "rows")] if kind == "db_proxy" else [])]
    world = after(world_of(DESIGN + more + store), *pairs)
    assert not [
        line for line in check(world, rules(), select=("RDS005", "EFS002")).findings if "app" in line.components
    ]
    found = asked(world)
    own = [blocker for blocker in found.blockers if blocker.component != "items"]
    assert "store" in reached(found)
    assert kind == "dax_cluster" or not own


@pytest.mark.parametrize(
    ("pairs", "met"),
    [
        ([("app", "jobs"), ("jobs", "fn")], {"jobs", "fn"}),
        ([("app", "jobs"), ("jobs", "caller")], {"jobs", "caller"}),
        ([("app", "clicks"), ("clicks", "fn")], {"clicks", "fn"}),
        ([("app", "clicks"), ("clicks", "fire"), ("fire", "files")], {"clicks", "fire", "files"}),
        ([("app", "items"), ("items", "fn")], {"items", "fn"}),
        ([("app", "news"), ("news", "jobs"), ("jobs", "fn")], {"news", "jobs", "fn"}),
        ([("app", "news"), ("news", "fn")], {"news", "fn"}),
    ],
)
def test_what_is_told_arrives(pairs: list[tuple[str, str]], met: set[str]) -> None:
    found = asked(after(world_of(DESIGN), *pairs))
    assert met <= reached(found)
    assert {each.verdict for each in found.afterwards} <= {Verdict.REACHABLE}


@pytest.mark.parametrize(
    ("pairs", "met"),
    [
        ([("files", "jobs"), ("jobs", "fn")], {"jobs", "fn"}),
        ([("files", "news"), ("news", "jobs")], {"news", "jobs"}),
        ([("files", "fn")], {"fn"}),
        ([("files", "copy")], {"copy"}),
    ],
)
def test_an_upload_is_told(pairs: list[tuple[str, str]], met: set[str]) -> None:
    upload = "https://files.s3.eu-west-1.amazonaws.com/a?X-Amz-Signature=0"
    found = trace(after(world_of(DESIGN), *pairs), Request.make("internet", upload, method="PUT"))
    assert met <= reached(found)
    assert {each.verdict for each in found.afterwards} == {Verdict.REACHABLE}


def test_a_queue_gets_its_dead_letter_queue() -> None:
    world = after(world_of(DESIGN), ("jobs", "fn"), ("jobs", "dead"))
    assert not check(world, rules(), select=("SQS001", "SQS002", "SQS003")).findings


def test_one_endpoint_serves_several() -> None:
    world = after(world_of(DESIGN), ("app", "files"), ("caller", "files"))
    assert [endpoint.id for endpoint in world.of_kind("gateway_vpc_endpoint")] == ["to-s3"]


@pytest.mark.parametrize(
    ("pair", "word"),
    [
        (("jobs", "ordered"), "one type"),
        (("files", "ordered"), "FIFO"),
        (("first", "fn"), "queues alone"),
        (("app", "copy"), "eu-central-1"),
    ],
)
def test_what_cannot_be_is_refused_with_the_usual_way_round(pair: tuple[str, str], word: str) -> None:
    answer = connect(world_of(DESIGN), *pair)
    assert isinstance(answer, Refusal)
    assert word in answer.reason
    assert answer.usual_way_round


GLOBAL = """
  far: {kind: vpc, cidr: 10.9.0.0/16, region: us-east-1}
  far-a: {kind: subnet, vpc: far, az: a, cidr: 10.9.0.0/24}
  far-b: {kind: subnet, vpc: far, az: b, cidr: 10.9.1.0/24}
  orders: {kind: db_cluster, subnets: [app-a, app-b]}
  near: {kind: db_cluster, subnets: [app-a, app-b]}
  abroad: {kind: db_cluster, subnets: [far-a, far-b]}
"""


def test_a_global_database_spans_regions() -> None:
    world = world_of(DESIGN + GLOBAL)
    assert "abroad" in {edge.source for edge in after(world, ("orders", "abroad")).referrers("orders")}
    assert isinstance(connect(world, "orders", "near"), Refusal)
