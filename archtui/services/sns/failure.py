"""How topics fail: not with a zone."""

from __future__ import annotations

from archtui.failure.interface import Managed


class TopicFails(Managed):
    """SNS keeps a message in several zones before it answers (SNS Developer Guide, "Resilience in Amazon SNS")."""

    sla = "amazon-messaging"
