"""Kinesis: shards and their arithmetic, consumers, delivery streams, windows."""

from __future__ import annotations

import pytest

from archtui.services.kinesis.properties import KinesisStreamProperties, StreamLoad
from archtui.services.kinesis.sharing import shard_use
from archtui.trace.request import Request
from archtui.trace.result import Trace
from archtui.trace.walker import trace
from archtui.world.condition import condition_for
from archtui.world.steps import Verdict
from tests.proves import proves
from tests.services.traced import codes_of, later, world_of

GUIDE = "Kinesis Data Streams Developer Guide, "


def put(settings: str = "", more: str = "", down: tuple[str, ...] = ()) -> Trace:
    extra = f", {settings}" if settings else ""
    world = world_of(f"  clicks: {{kind: kinesis_stream{extra}}}\n{more}")
    return trace(world, Request.make("internet", "clicks", protocol="https"), condition_for(world, down))


@proves(
    "A shard takes 1 MB or 1,000 records in a second; one key is in one shard",
    area="Kinesis",
    source=GUIDE + "'Quotas and limits', 'Kinesis Data Streams terminology and concepts'",
)
@pytest.mark.parametrize(
    ("mode", "shards", "load", "served"),
    [
        ("provisioned", 2, StreamLoad(records=2000, record_size=1), 1.0),
        ("provisioned", 1, StreamLoad(records=2000, record_size=0.1), 0.5),
        ("provisioned", 1, StreamLoad(records=512, record_size=4), 0.5),
        ("on_demand", 1, StreamLoad(records=2000, record_size=0.1), 1.0),
        ("on_demand", 1, StreamLoad(records=4000, record_size=0.1, hot_key=0.5), 0.75),
        ("on_demand", 1, StreamLoad(records=4000, record_size=0.1, hot_key=0.25), 1.0),
    ],
)
def test_a_shard_takes_so_much(mode: str, shards: int, load: StreamLoad, served: float) -> None:
    stream = KinesisStreamProperties.model_validate({"mode": mode, "shards": shards, "load": load})
    use = shard_use(stream)
    assert use is not None
    assert use.served == pytest.approx(served)


def test_what_the_shards_do_not_take_is_throttled() -> None:
    found = put("mode: provisioned, shards: 1, load: {records: 2000, record_size: 0.1}")
    assert codes_of(found) == ["KINESIS_WRITE_THROTTLED"]
    assert found.share == pytest.approx(0.5)


ALL = """
  fn: {kind: lambda_function, event_sources: [{source: clicks}]}
  lake: {kind: s3_bucket}
  delivery: {kind: firehose_stream, source: clicks, destination: lake, buffer_seconds: 60}
  windows: {kind: flink_application, source: clicks, sinks: [totals], window: 5m}
  totals: {kind: dynamodb_table}
"""


@proves(
    "Every consumer of a stream gets every record; Firehose delivers after its buffer, Flink after its window",
    area="Kinesis",
    source=GUIDE
    + "'Read data from Amazon Kinesis Data Streams'; Firehose Developer Guide, 'Configure buffering hints'",
)
def test_every_consumer_gets_every_record() -> None:
    found = put(more=ALL)
    assert later(found) == [
        ("clicks > fn", 1.0),
        ("clicks > delivery", 1.0),
        ("delivery > lake", 1.0),
        ("clicks > windows", 1.0),
        ("windows > totals", 1.0),
    ]
    waits = {each.label: each.delay.milliseconds for each in found.afterwards if each.delay}
    assert waits["delivery > lake"] == 60_000
    assert waits["windows > totals"] == 300_000


@proves(
    "Consumers share 2 MB in a second of each shard unless they have enhanced fan-out",
    area="Kinesis",
    source=GUIDE + "'Develop enhanced fan-out consumers with dedicated throughput'",
)
@pytest.mark.parametrize(("fan_out", "warned"), [("", True), (", enhanced_fan_out: [fn, windows]", False)])
def test_consumers_share_a_shard(fan_out: str, warned: bool) -> None:
    found = put(f"mode: provisioned, shards: 1, load: {{records: 900, record_size: 1}}{fan_out}", ALL)
    assert ("KINESIS_READ_THROTTLED" in [each.code for each in found.warnings]) is warned
    waits = {each.label: each.delay.milliseconds for each in found.afterwards if each.delay}
    assert waits["clicks > fn"] == (200 if warned else 70)


def test_a_stream_without_consumer_warns() -> None:
    assert [each.code for each in put().warnings] == ["STREAM_NO_CONSUMER"]


@proves(
    "What Firehose cannot deliver goes to the backup bucket",
    area="Firehose",
    source="Firehose Developer Guide, 'Handle data delivery failures'",
)
@pytest.mark.parametrize(("down", "kept"), [((), False), (("search",), True)])
def test_what_cannot_be_delivered_is_kept(down: tuple[str, ...], kept: bool) -> None:
    more = """
  vpc: {kind: vpc, cidr: 10.0.0.0/16}
  net: {kind: subnet, vpc: vpc, az: a, cidr: 10.0.0.0/24}
  search: {kind: opensearch_domain, subnets: [net]}
  failed: {kind: s3_bucket}
  delivery: {kind: firehose_stream, source: clicks, destination: search, backup: failed}
"""
    found = put(more=more, down=down)
    assert found.verdict is Verdict.REACHABLE
    assert (("delivery > failed", 1.0) in later(found)) is kept


def test_a_batch_in_a_bucket_is_an_event_of_it() -> None:
    more = ALL.replace("lake: {kind: s3_bucket}", "lake: {kind: s3_bucket, notifications: [{to: fn}]}")
    assert ("lake > fn", 1.0) in later(put(more=more))
