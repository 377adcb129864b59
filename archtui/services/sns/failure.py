"""How topics fail: not with a zone."""

from __future__ import annotations

from archtui.failure.interface import Managed
from archtui.world.faults import Refusal, Throttled


class TopicFails(Managed, Throttled):
    """SNS keeps a message in several zones before it answers (SNS Developer Guide, "Resilience in Amazon SNS")."""

    refusal = Refusal("Throttled", 429, "https://docs.aws.amazon.com/sns/latest/api/CommonErrors.html")
    sla = "amazon-messaging"
