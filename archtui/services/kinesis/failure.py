"""How streams fail: not with a zone."""

from __future__ import annotations

from archtui.failure.interface import Managed
from archtui.world.faults import Refusal, Throttled


class StreamFails(Managed, Throttled):
    """Kinesis keeps every record in three zones before it answers (Kinesis Data Streams Developer Guide,
    "Resilience in Amazon Kinesis Data Streams"); Firehose and Flink run over the zones of their region."""

    refusal = Refusal(
        "ProvisionedThroughputExceededException",
        400,
        "https://docs.aws.amazon.com/kinesis/latest/APIReference/API_PutRecord.html",
    )
    sla = "amazon-kinesis"
