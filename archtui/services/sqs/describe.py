"""Reading queues from ``aws sqs get-queue-attributes --attribute-names All``."""

from __future__ import annotations

import json
from collections.abc import Iterator

from archtui.formats.describe import Data, Described, Describes, Inventory, Record, flag, given, need, number, text
from archtui.model.component import Json
from archtui.services.described import last_part, region_of_arn


class DescribesQueue(Describes):
    """``sqs get-queue-attributes``: one document for each queue."""

    keys = ("Attributes",)

    def claims(self, record: Record) -> bool:
        return record.key in self.keys and "QueueArn" in record.data

    def describe(self, record: Record, inventory: Inventory) -> Iterator[Described]:
        data = record.data
        arn = need(data, "QueueArn")
        name, size = last_part(arn), number(data, "MaximumMessageSize")
        properties = given(
            fifo=flag(data, "FifoQueue") or None,
            name=name if name.endswith(".fifo") else None,
            content_deduplication=flag(data, "ContentBasedDeduplication") or None,
            high_throughput=text(data, "FifoThroughputLimit") == "perMessageGroupId" or None,
            visibility_timeout=number(data, "VisibilityTimeout"),
            delay=number(data, "DelaySeconds") or None,
            retention=number(data, "MessageRetentionPeriod"),
            receive_wait=number(data, "ReceiveMessageWaitTimeSeconds") or None,
            max_message_size=size // 1024 if size else None,
            policy=text(data, "Policy"),
            account=arn.split(":")[4] if arn.count(":") >= 5 else None,
            region=region_of_arn(arn) or record.region,
        )
        redrive = _redrive(data)
        if redrive is not None:
            properties["dead_letter"] = redrive
        yield Described(name, properties, local=True)


def _redrive(data: Data) -> Json:
    try:
        policy = json.loads(text(data, "RedrivePolicy") or "{}")
    except ValueError:
        return None
    if not isinstance(policy, dict) or not policy.get("deadLetterTargetArn"):
        return None
    count = number(policy, "maxReceiveCount")
    return given(queue=last_part(str(policy["deadLetterTargetArn"])), max_receive_count=count)


__all__ = ["DescribesQueue"]
