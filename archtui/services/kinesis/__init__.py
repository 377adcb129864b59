"""Kinesis: data streams, Firehose and Managed Service for Apache Flink."""

from archtui.layout.depict import Line, Lines
from archtui.model.kinds import Kind
from archtui.services.connecting import Connections
from archtui.services.kinesis import describe, failure, trace
from archtui.services.kinesis import properties as p
from archtui.services.permissions import GuardedApi, ServiceCalls
from archtui.services.regional import RegionalApi

_KEY_USES = {
    "kinesis:PutRecord": ("kms:GenerateDataKey",),
    "kinesis:PutRecords": ("kms:GenerateDataKey",),
    "kinesis:GetRecords": ("kms:Decrypt",),
}
"""Kinesis Data Streams Developer Guide, "Permissions to use user-generated KMS keys"."""

KINDS = (
    Kind(
        name="kinesis_stream",
        title="Kinesis data stream",
        slug="kinesis_data_streams",
        family="kinesis",
        code="kd",
        glyph="≈",
        summary="Keeps records in shards, in their order, for many consumers to read.",
        properties=p.KinesisStreamProperties,
        scope="region",
        aliases=("kinesis", "stream"),
        behaviours=(
            RegionalApi("kinesis"),
            trace.StreamReceives(),
            failure.StreamFails(),
            describe.DescribesStream(),
            Connections(__name__, "STREAM"),
            GuardedApi("arn:aws:kinesis:{region}:{account}:stream/{id}", "kinesis:PutRecord", _KEY_USES),
            Lines((Line("enhanced_fan_out"),)),
        ),
        failure_modes=("region", "throttled"),
        traces=("request", "event"),
    ),
    Kind(
        name="firehose_stream",
        title="Firehose stream",
        slug="data_firehose",
        family="kinesis",
        code="fh",
        glyph="⇝",
        summary="Gathers records and delivers them to a bucket, a warehouse, a search domain or a URL.",
        properties=p.FirehoseStreamProperties,
        scope="region",
        aliases=("firehose",),
        behaviours=(
            RegionalApi("firehose"),
            trace.FirehoseReceives(),
            failure.StreamFails(),
            describe.DescribesFirehose(),
            Connections(__name__, "FIREHOSE"),
            GuardedApi("arn:aws:firehose:{region}:{account}:deliverystream/{id}", "firehose:PutRecord"),
            ServiceCalls("firehose.amazonaws.com"),
            Lines(
                (Line("source", back=True), Line("transform", "forward"), Line("staging", "forward"), Line("backup")),
                style="event",
            ),
        ),
        failure_modes=("region",),
        traces=("request", "event"),
    ),
    Kind(
        name="flink_application",
        title="Managed Flink application",
        slug="managed_flink",
        family="kinesis",
        code="fk",
        glyph="⋙",
        summary="Computes over a stream as it flows, in windows.",
        properties=p.FlinkApplicationProperties,
        scope="region",
        aliases=("flink", "kinesis_data_analytics"),
        behaviours=(
            trace.FlinkReceives(),
            failure.StreamFails(),
            ServiceCalls("kinesisanalytics.amazonaws.com"),
            Lines((Line("source", back=True),), style="event"),
        ),
        failure_modes=("region",),
        traces=("event",),
    ),
)
