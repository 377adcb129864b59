"""Properties of Kinesis data streams, Firehose streams and Flink applications."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from archtui.model.fields import Duration, Part, Percent, Properties, Reference, Region
from archtui.services.permissions import KeyRef, PolicyText, RoleRef


class StreamLoad(Part):
    """What a stream has to bear, for the arithmetic of its shards."""

    records: Annotated[float, Field(ge=0)] = 0.0
    """Records in a second."""
    record_size: Annotated[float, Field(gt=0)] = 1.0
    """KB of the usual record."""
    hot_key: Percent | None = None
    """The share of the records with the busiest partition key; left out: the keys are spread evenly."""


class KinesisStreamProperties(Properties):
    """A stream of records in shards, which consumers read as often as they like until retention ends."""

    mode: Literal["on_demand", "provisioned"] = "on_demand"
    """Whether shards are had as needed or set in advance."""
    shards: Annotated[int, Field(ge=1)] = 1
    """Shards in provisioned mode: each takes 1 MB or 1,000 records and gives 2 MB in a second."""
    retention: Annotated[Duration, Field(ge=86400, le=31536000)] = 86400.0
    """Seconds that records are kept: 24 hours to 365 days."""
    load: StreamLoad | None = None
    """What it has to bear; left out: nothing is said of it."""
    enhanced_fan_out: tuple[Annotated[str, Reference((), "uses")], ...] = ()
    """The consumers with 2 MB in a second of each shard of their own."""
    policy: PolicyText = ""
    """Its resource policy; left out: none."""
    kms_key: KeyRef | None = None
    """The key that encrypts it; left out: an AWS owned key or none."""
    region: Region | None = None
    """The region; left out: the design's."""


class FirehoseStreamProperties(Properties):
    """A Firehose stream: gathers records and delivers them to one destination."""

    source: Annotated[str, Reference(("kinesis_stream",), "uses")] | None = None
    """The data stream it reads; left out: producers put records into it."""
    destination: Annotated[
        str, Reference(("s3_bucket", "redshift_cluster", "opensearch_domain"), "targets", pattern=r"https://.+")
    ]
    """A bucket, a warehouse, a search domain or an HTTPS URL."""
    buffer_seconds: Annotated[int, Field(ge=0, le=900)] = 300
    """Seconds that it gathers at most before it delivers."""
    buffer_size: Annotated[int, Field(ge=1, le=128)] = 5
    """MB that it gathers at most before it delivers."""
    transform: Annotated[str, Reference(("lambda_function",), "uses")] | None = None
    """The function that changes the records on the way."""
    staging: Annotated[str, Reference(("s3_bucket",), "uses")] | None = None
    """The bucket that batches for a warehouse are put into, which copies them from there."""
    backup: Annotated[str, Reference(("s3_bucket",), "uses")] | None = None
    """The bucket for what could not be delivered; a bucket as destination keeps that itself."""
    role: RoleRef | None = None
    """The role that it acts in."""
    kms_key: KeyRef | None = None
    """The key that encrypts what it gathers; left out: none."""
    region: Region | None = None
    """The region; left out: the design's."""


class FlinkApplicationProperties(Properties):
    """An application of Managed Service for Apache Flink: windows over a stream."""

    source: Annotated[str, Reference(("kinesis_stream",), "uses")]
    """The stream it reads."""
    sinks: tuple[Annotated[str, Reference((), "targets")], ...] = ()
    """Where its results go: a stream, a Firehose stream, a table, a bucket."""
    window: Annotated[Duration, Field(ge=0)] = 60.0
    """Seconds that one window gathers before its result goes out."""
    snapshots: bool = True
    """Whether it starts again from where it was."""
    role: RoleRef | None = None
    """The role that it acts in."""
    region: Region | None = None
    """The region; left out: the design's."""


__all__ = ["FirehoseStreamProperties", "FlinkApplicationProperties", "KinesisStreamProperties", "StreamLoad"]
