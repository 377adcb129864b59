"""How streams fail: not with a zone."""

from __future__ import annotations

from archtui.failure.interface import Managed


class StreamFails(Managed):
    """Kinesis keeps every record in three zones before it answers (Kinesis Data Streams Developer Guide,
    "Resilience in Amazon Kinesis Data Streams"); Firehose and Flink run over the zones of their region."""

    sla = "amazon-kinesis"
