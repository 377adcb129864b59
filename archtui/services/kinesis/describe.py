"""Reading streams from ``aws kinesis describe-stream`` and ``aws firehose describe-delivery-stream``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from archtui.formats.describe import (
    Data,
    Described,
    Describes,
    Inventory,
    Record,
    UnusableError,
    given,
    items,
    need,
    number,
    text,
)
from archtui.services.described import last_part

_DESTINATIONS: Mapping[str, str] = {
    "ExtendedS3DestinationDescription": "BucketARN",
    "S3DestinationDescription": "BucketARN",
    "RedshiftDestinationDescription": "ClusterJDBCURL",
    "AmazonopensearchserviceDestinationDescription": "DomainARN",
    "HttpEndpointDestinationDescription": "EndpointConfiguration.Url",
}
"""Where a destination's description says what it is, the first that is there counting."""


class DescribesStream(Describes):
    """``kinesis describe-stream`` and ``describe-stream-summary``."""

    keys = ("StreamDescription", "StreamDescriptionSummary")

    def describe(self, record: Record, inventory: Inventory) -> Iterator[Described]:
        data = record.data
        provisioned = text(data, "StreamModeDetails.StreamMode", "PROVISIONED") == "PROVISIONED"
        shards = number(data, "OpenShardCount") or len(items(data, "Shards"))
        hours = number(data, "RetentionPeriodHours")
        properties = given(
            mode="provisioned" if provisioned else None,
            shards=shards if provisioned and shards else None,
            retention=hours * 3600 if hours else None,
            region=record.region,
        )
        weight = int(record.key == "StreamDescriptionSummary")
        yield Described(need(data, "StreamName"), properties, local=True, weight=weight)


class DescribesFirehose(Describes):
    """``firehose describe-delivery-stream``."""

    keys = ("DeliveryStreamDescription",)

    def describe(self, record: Record, inventory: Inventory) -> Iterator[Described]:
        data = record.data
        for destination in items(data, "Destinations"):
            for key, path in _DESTINATIONS.items():
                if text(destination, f"{key}.{path}"):
                    yield self._described(record, f"{key}", path, destination)
                    return
        raise UnusableError("its destination is not modelled")

    @staticmethod
    def _described(record: Record, key: str, path: str, destination: Data) -> Described:
        named = text(destination, f"{key}.{path}")
        to = named if key.startswith("Http") else last_part(named)
        if key.startswith("Redshift"):
            to = named.removeprefix("jdbc:redshift://").partition(".")[0]
        function = next(
            (
                text(parameter, "ParameterValue")
                for processor in items(destination, f"{key}.ProcessingConfiguration.Processors")
                for parameter in items(processor, "Parameters")
                if text(parameter, "ParameterName") == "LambdaArn"
            ),
            "",
        )
        source = text(record.data, "Source.KinesisStreamSourceDescription.KinesisStreamARN")
        bucket = text(destination, f"{key}.S3DestinationDescription.BucketARN")
        properties = given(
            destination=to,
            source=last_part(source),
            buffer_seconds=number(destination, f"{key}.BufferingHints.IntervalInSeconds"),
            buffer_size=number(destination, f"{key}.BufferingHints.SizeInMBs"),
            transform=_function(function),
            staging=last_part(bucket) if key.startswith("Redshift") else None,
            backup=last_part(bucket) if not key.startswith("Redshift") else None,
            region=record.region,
        )
        return Described(need(record.data, "DeliveryStreamName"), properties, local=True)


def _function(arn: str) -> str:
    """Return the name of a function; its ARN may end in a version."""
    parts = arn.split(":")
    return parts[6] if len(parts) > 6 else arn


__all__ = ["DescribesFirehose", "DescribesStream"]
