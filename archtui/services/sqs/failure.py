"""How queues fail: not with a zone."""

from __future__ import annotations

from archtui.failure.interface import Managed
from archtui.world.faults import Refusal, Throttled


class QueueFails(Managed, Throttled):
    """SQS keeps messages in several zones of a region (SQS Developer Guide, "Resilience in Amazon SQS")."""

    refusal = Refusal(
        "RequestThrottled",
        400,
        "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html",
    )
