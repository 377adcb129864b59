"""S3 beyond the plain object, and queues beyond the plain message."""

from __future__ import annotations

import pytest

from archtui.failure import analyse
from archtui.trace.request import Request
from archtui.trace.result import Trace
from archtui.trace.walker import trace
from archtui.world.condition import HEALTHY, Condition
from archtui.world.steps import Verdict
from tests.proves import proves
from tests.services.traced import codes_of, later, world_of

SIGNED = "?X-Amz-Signature=0"
S3 = "S3 User Guide, "
SQS = "SQS Developer Guide, "


def asked(settings: str, url: str, method: str = "GET", more: str = "", condition: Condition = HEALTHY) -> Trace:
    world = world_of(f"  site: {{kind: s3_bucket, block_public_access: false, {settings}}}\n{more}")
    return trace(world, Request.make("internet", url, method=method), condition)


REST = "https://site.s3.eu-west-1.amazonaws.com"
WEB = "http://site.s3-website-eu-west-1.amazonaws.com"


@proves(
    "A missing object is a 404 for who may list the bucket and a 403 for who may not",
    area="S3",
    source="S3 API Reference, GetObject",
)
@pytest.mark.parametrize(
    ("settings", "path", "status", "codes"),
    [
        ("objects: ['a.html']", "/a.html", 200, []),
        ("objects: ['a.html']", "/b.html", 403, ["S3_MISSING_DENIED"]),
        ("objects: ['a.html'], readers_may_list: true", "/b.html", 404, ["S3_NO_SUCH_KEY"]),
        ("readers_may_list: true", "/b.html", 200, []),
    ],
)
def test_a_missing_object(settings: str, path: str, status: int, codes: list[str]) -> None:
    found = asked(settings, f"{REST}{path}{SIGNED}")
    assert (found.status, codes_of(found)) == (status, codes)


@proves(
    "The website endpoint speaks plain HTTP alone, answers a folder with its index, redirects where told to",
    area="S3",
    source=S3 + "'Key differences between a website endpoint and a REST API endpoint'",
)
@pytest.mark.parametrize(
    ("settings", "url", "codes"),
    [
        ("website: {}, objects: [index.html]", f"{WEB}/{SIGNED}", []),
        ("website: {index: home.html}, objects: [index.html]", f"{WEB}/{SIGNED}", ["S3_MISSING_DENIED"]),
        ("website: {}", f"{WEB.replace('http:', 'https:')}/{SIGNED}", ["S3_WEBSITE_HTTP_ONLY"]),
        ("versioning: true", f"{WEB}/{SIGNED}", ["S3_NO_WEBSITE"]),
    ],
)
def test_the_website_endpoint(settings: str, url: str, codes: list[str]) -> None:
    assert codes_of(asked(settings, url)) == codes


@proves(
    "An archived object has to be restored before it can be read",
    area="S3",
    source=S3 + "'Understanding archive retrieval options'",
)
@pytest.mark.parametrize(
    ("storage", "codes"), [("GLACIER", ["S3_OBJECT_ARCHIVED"]), ("GLACIER_IR", []), ("STANDARD_IA", [])]
)
def test_an_archived_object_is_not_read(storage: str, codes: list[str]) -> None:
    assert codes_of(asked(f"storage_class: {storage}", f"{REST}/a{SIGNED}")) == codes


@proves(
    "A one-zone class is lost with its zone, all others go on",
    area="S3",
    source="failover table: zonal_resource, regional_service",
)
@pytest.mark.parametrize(("storage", "verdict"), [("ONEZONE_IA", Verdict.BLOCKED), ("STANDARD_IA", Verdict.REACHABLE)])
def test_one_zone_is_lost_with_its_zone(storage: str, verdict: Verdict) -> None:
    settings = f"storage_class: {storage}" + (", az: a" if storage == "ONEZONE_IA" else "")
    lost = Condition(zones=frozenset({"eu-west-1a"}))
    assert asked(settings, f"{REST}/a{SIGNED}", condition=lost).verdict is verdict
    if storage == "ONEZONE_IA":
        world = world_of(f"  site: {{kind: s3_bucket, {settings}}}\n")
        assert "site" in analyse(world, ("az:eu-west-1a",)).lost


@proves(
    "Replication copies new objects within 15 minutes, with versioning on both buckets",
    area="S3",
    source=S3 + "'Requirements and considerations for replication', 'S3 Replication Time Control'",
)
@pytest.mark.parametrize(
    ("here", "there", "verdict"),
    [("true", "true", Verdict.REACHABLE), ("true", "false", Verdict.BLOCKED), ("false", "true", Verdict.BLOCKED)],
)
def test_replication_needs_versioning(here: str, there: str, verdict: Verdict) -> None:
    found = asked(
        f"versioning: {here}, replication: [{{to: copy, time_control: true}}]",
        f"{REST}/a{SIGNED}",
        "PUT",
        f"  copy: {{kind: s3_bucket, region: eu-central-1, versioning: {there}}}\n",
    )
    assert later(found) == [("site > copy", 1.0)]
    copied = found.afterwards[0]
    assert copied.verdict is verdict
    assert (copied.delay is not None and copied.delay.milliseconds == 900_000) is (verdict is Verdict.REACHABLE)


def test_a_read_is_not_copied() -> None:
    more = "  copy: {kind: s3_bucket, versioning: true}\n"
    assert later(asked("versioning: true, replication: [{to: copy}]", f"{REST}/a{SIGNED}", more=more)) == []


# -- queues -----------------------------------------------------------------------------------------


def sent(settings: str, worker: str = "", more: str = "") -> Trace:
    world = world_of(
        f"  jobs: {{kind: sqs_queue, {settings}}}\n  dead: {{kind: sqs_queue}}\n"
        f"  worker: {{kind: lambda_function, event_sources: [{{source: jobs}}]{worker}}}\n{more}"
    )
    return trace(world, Request.make("internet", "jobs", protocol="https"))


@proves(
    "A message that its consumer fails on goes to the dead-letter queue after the most receives, and only then",
    area="SQS",
    source=SQS + "'Using dead-letter queues in Amazon SQS'; fact sqs_dlq-threshold-01",
)
@pytest.mark.parametrize(
    ("worker", "events"),
    [
        (", reserved_concurrency: 0", [("jobs > worker", 1.0), ("jobs > dead", 1.0)]),
        ("", [("jobs > worker", 1.0)]),
    ],
)
def test_what_fails_ends_in_the_dead_letter_queue(worker: str, events: list[tuple[str, float]]) -> None:
    found = sent("visibility_timeout: 20s, dead_letter: {queue: dead, max_receive_count: 3}", worker)
    assert later(found) == events
    if len(events) == 2:
        delay = found.afterwards[1].delay
        assert delay is not None
        assert delay.milliseconds == 60_000


def test_without_a_dead_letter_queue_a_message_comes_back() -> None:
    assert later(sent("fifo: false", ", reserved_concurrency: 0")) == [("jobs > worker", 1.0)]


@proves("A queue takes messages of 1 MiB at most", area="SQS", source="fact sqs-size-01")
@pytest.mark.parametrize(
    ("settings", "codes"),
    [
        ("message_size: 1024", []),
        ("message_size: 1025", ["SQS_MESSAGE_TOO_LARGE"]),
        ("message_size: 300, max_message_size: 256", ["SQS_MESSAGE_TOO_LARGE"]),
    ],
)
def test_the_size_of_a_message(settings: str, codes: list[str]) -> None:
    assert codes_of(sent(settings)) == codes


@proves(
    "A FIFO queue takes 3,000 messages a second in batches, a standard one any number",
    area="SQS",
    source="fact sqs_fifo-throughput-01",
)
@pytest.mark.parametrize(
    ("settings", "share"),
    [
        ("fifo: true, rate: 6000", 0.5),
        ("fifo: true, rate: 3000", 1.0),
        ("fifo: true, rate: 6000, high_throughput: true", 1.0),
        ("rate: 6000", 1.0),
    ],
)
def test_the_throughput_of_a_fifo_queue(settings: str, share: float) -> None:
    assert sent(settings).share == pytest.approx(share)
