"""Deliveries: each way by which AWS carries a message on, taken and not taken."""

from __future__ import annotations

from collections.abc import Iterator

from archtui.trace.request import Request
from tests.matrix.case import Area, Expected, MatrixCase
from tests.matrix.store_designs import CALL, INSIDE, OUTSIDE, PLACE, VPC, design, met, table

_SNS = "SNS Developer Guide, 'Amazon SNS event destinations'"
_HOOK = VPC + "  igw: {kind: internet_gateway, vpc: vpc}\n  out: {kind: route_table, vpc: vpc, routes: [%s]}\n"
_WEB = (
    "  pub: {kind: subnet, vpc: vpc, az: a, cidr: 10.0.0.0/24, route_table: out}\n"
    "  web: {kind: ec2_instance, subnet: pub, public_ip: true, security_groups: [open], "
    "listens: [{port: %d, protocol: %s}]}\n"
    "  open: {kind: security_group, vpc: vpc, ingress: [{port: all, protocol: tcp, from: any}]}\n"
)


def _topic(subscription: str, target: str) -> str:
    topic = f"  news: {{kind: sns_topic, subscriptions: [{subscription}]}}\n"
    return design(OUTSIDE % "" + topic + target, "fn news")


def _posted(protocol: str, route: str) -> str:
    web = _HOOK % route + _WEB % (80 if protocol == "http" else 443, protocol)
    return _topic(f"{{to: web, protocol: {protocol}}}", web)


def _delivery(
    row: str, source: str, taken: tuple[str, Expected], left: tuple[str, Expected], request: Request = CALL
) -> Iterator[MatrixCase]:
    yield MatrixCase("delivery", row, True, taken[0], request, taken[1], source)
    yield MatrixCase("delivery", row, False, left[0], request, left[1], source)


_PUT = Request.make("internet", "https://files.s3.eu-west-1.amazonaws.com/a?X-Amz-Signature=0", method="PUT")
_OPEN_ROUTE = "{to: 0.0.0.0/0, via: igw}"
_QUEUE_FOR = (
    "  jobs: {kind: sqs_queue, policy: {Statement: [{Effect: Allow, Principal: {Service: %s.amazonaws.com}, "
    "Action: 'sqs:SendMessage', Resource: jobs}]}}\n"
)


def _fires(destination: str, more: str, extra: str = "") -> str:
    stream = f"  fire: {{kind: firehose_stream, destination: {destination}{extra}}}\n"
    return design(OUTSIDE % "" + stream + more, 'fn fire action: "firehose:PutRecord"')


def _streamed(settings: str = "", worker: str = "") -> str:
    clicks = f"  clicks: {{kind: kinesis_stream, load: {{records: 900, record_size: 1.1}}, {settings}}}\n"
    readers = "".join(
        f"  {name}: {{kind: lambda_function, event_sources: [{{source: clicks{worker}}}]}}\n"
        for name in ("x", "y", "z")
    )
    return design(OUTSIDE % "" + clicks + readers, 'fn clicks action: "kinesis:PutRecord"')


def _redriven(outcome: str) -> str:
    queues = "  jobs: {kind: sqs_queue, dead_letter: {queue: dead, max_receive_count: 3}}\n  dead: {kind: sqs_queue}\n"
    worker = f"  x: {{kind: lambda_function, outcome: {outcome}, event_sources: [{{source: jobs}}]}}\n"
    return design(OUTSIDE % "" + queues + worker, "fn jobs")


def _broker(
    kind: str, settings: str, worker: str = "  x: {kind: lambda_function, event_sources: [{source: bus}]}\n"
) -> str:
    bus = f"  bus: {{kind: {kind}, {settings}, {PLACE}}}\n"
    return design(INSIDE % "" + bus + worker, "fn bus")


def _replicated(prefix: str) -> str:
    files = f"  files: {{kind: s3_bucket, versioning: true, replication: [{{to: copy, prefix: {prefix}}}]}}\n"
    return design(files + "  copy: {kind: s3_bucket, versioning: true, region: eu-central-1}\n")


CASES = (
    *_delivery(
        "SNS to sqs",
        f"{_SNS}, 'Subscribing an Amazon SQS queue'",
        (_topic("{to: jobs}", _QUEUE_FOR % "sns"), met(jobs=1)),
        (_topic("{to: jobs}", _QUEUE_FOR % "s3"), Expected(code="IAM_IMPLICIT_DENY", shares={"jobs": 1})),
    ),
    *_delivery(
        "SNS to lambda",
        f"{_SNS}; fact lambda-resource-policy-01",
        (_topic("{to: x}", "  x: {kind: lambda_function}\n"), Expected(without="IAM_IMPLICIT_DENY")),
        (
            _topic("{to: x}", "  x: {kind: lambda_function, permissions: []}\n"),
            Expected(code="IAM_IMPLICIT_DENY"),
        ),
    ),
    *_delivery(
        "SNS to firehose",
        f"{_SNS}; fact sns-subscribers-01",
        (
            _topic("{to: fire}", "  fire: {kind: firehose_stream, destination: lake}\n  lake: {kind: s3_bucket}\n"),
            met(fire=1, lake=1),
        ),
        (
            design(
                OUTSIDE % ""
                + "  news: {kind: sns_topic, fifo: true, subscriptions: [{to: fire}]}\n"
                + "  fire: {kind: firehose_stream, destination: lake}\n  lake: {kind: s3_bucket}\n",
                "fn news",
            ),
            Expected(code="SNS_FIFO_SUBSCRIBER", shares={"fire": 0}),
        ),
    ),
    *(
        case
        for protocol in ("http", "https")
        for case in _delivery(
            f"SNS to {protocol}",
            f"{_SNS}, 'Fanout Amazon SNS notifications to HTTPS endpoints'",
            (_posted(protocol, _OPEN_ROUTE), Expected(without="NO_ROUTE_TO_DESTINATION", shares={"web": 1})),
            (_posted(protocol, ""), Expected(code="NO_ROUTE_TO_DESTINATION", shares={"web": 1})),
        )
    ),
    *(
        case
        for protocol, to in (("email", "me@example.com"), ("sms", "'+41791234567'"), ("application", "'arn:aws:sns:x'"))
        for case in _delivery(
            f"SNS to {protocol}",
            f"{_SNS}; fact sns-subscribers-01",
            (_topic(f"{{to: {to}}}", ""), Expected(without="SNS_NO_SUBSCRIPTION")),
            (
                design(OUTSIDE % "" + "  news: {kind: sns_topic}\n", "fn news"),
                Expected(code="SNS_NO_SUBSCRIPTION"),
            ),
        )
    ),
    *_delivery(
        "S3 notification",
        "S3 User Guide, 'Granting permissions to publish event notification messages to a destination'",
        (
            design("  files: {kind: s3_bucket, notifications: [{to: jobs}]}\n" + _QUEUE_FOR % "s3"),
            Expected(without="IAM_IMPLICIT_DENY", shares={"jobs": 1}),
        ),
        (
            design("  files: {kind: s3_bucket, notifications: [{to: jobs}]}\n" + _QUEUE_FOR % "sns"),
            Expected(code="IAM_IMPLICIT_DENY", shares={"jobs": 1}),
        ),
        _PUT,
    ),
    *_delivery(
        "S3 replication",
        "S3 User Guide, 'Replicating objects'; fact s3_replication-async-01",
        (_replicated("a"), met(files=1, copy=1)),
        (_replicated("b"), met(files=1, copy=0)),
        _PUT,
    ),
    *_delivery(
        "DynamoDB stream",
        "DynamoDB Developer Guide, 'DynamoDB Streams and AWS Lambda triggers'; fact dynamodb_streams-enable-01",
        (table(", stream: NEW_IMAGE"), met(items=1, x=1)),
        (table(""), met(items=1, x=0)),
    ),
    *_delivery(
        "Kinesis shared",
        "Kinesis Data Streams Developer Guide, 'Develop custom consumers with dedicated throughput'",
        (_streamed("mode: provisioned"), Expected(code="KINESIS_READ_THROTTLED", shares={"x": 1, "z": 1})),
        (_streamed(), Expected(without="KINESIS_READ_THROTTLED", shares={"x": 1, "z": 1})),
    ),
    *_delivery(
        "Kinesis enhanced fan-out",
        "Kinesis Data Streams Developer Guide, 'Develop enhanced fan-out consumers'; fact kinesis_data_streams-efo-01",
        (
            _streamed("mode: provisioned, enhanced_fan_out: [y, z]"),
            Expected(without="KINESIS_READ_THROTTLED", shares={"y": 1}),
        ),
        (_streamed("mode: provisioned"), Expected(code="KINESIS_READ_THROTTLED", shares={"y": 1})),
    ),
    *_delivery(
        "Firehose to S3",
        "Firehose Developer Guide, 'Understand data delivery in Amazon Data Firehose'",
        (_fires("lake", "  lake: {kind: s3_bucket}\n"), met(lake=1)),
        (
            _fires("lake", "  lake: {kind: s3_bucket}\n  x: {kind: lambda_function}\n", ", transform: x"),
            met(lake=1, x=1),
        ),
    ),
    *_delivery(
        "Firehose to Redshift",
        "Firehose Developer Guide, 'Understand data delivery in Amazon Data Firehose' (a bucket, then COPY)",
        (
            _fires(
                "dw",
                f"{VPC}  lake: {{kind: s3_bucket}}\n  dw: {{kind: redshift_cluster, {PLACE}}}\n",
                ", staging: lake",
            ),
            met(lake=1, dw=1),
        ),
        (_fires("lake", "  lake: {kind: s3_bucket}\n"), met(lake=1)),
    ),
    *_delivery(
        "Firehose to OpenSearch",
        "Firehose Developer Guide, 'Understand data delivery in Amazon Data Firehose' (what fails goes to the backup)",
        (
            _fires(
                "find",
                f"{VPC}  lake: {{kind: s3_bucket}}\n  find: {{kind: opensearch_domain, {PLACE}}}\n",
                ", backup: lake",
            ),
            met(find=1, lake=0),
        ),
        (_fires("lake", "  lake: {kind: s3_bucket}\n"), met(lake=1)),
    ),
    *_delivery(
        "dead-letter queue",
        "SQS Developer Guide, 'Using dead-letter queues in Amazon SQS'; fact sqs_dlq-threshold-01",
        (_redriven("raises"), met(dead=1)),
        (_redriven("returns"), met(dead=0)),
    ),
    *_delivery(
        "MSK to a function",
        "Lambda Developer Guide, 'Using Lambda with Amazon MSK'",
        (_broker("msk_cluster", "brokers: 2"), met(bus=1, x=1)),
        (
            _broker("msk_cluster", "brokers: 2", "  x: {kind: lambda_function}\n"),
            met(bus=1, x=0),
        ),
    ),
    *_delivery(
        "Amazon MQ to a function",
        "Lambda Developer Guide, 'Using Lambda with Amazon MQ'",
        (_broker("mq_broker", "engine: rabbitmq"), met(bus=1, x=1)),
        (_broker("mq_broker", "engine: rabbitmq", "  x: {kind: lambda_function}\n"), met(bus=1, x=0)),
    ),
)
ROWS: dict[Area, tuple[str, ...]] = {"delivery": tuple(dict.fromkeys(case.row for case in CASES))}
