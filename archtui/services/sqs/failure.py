"""How queues fail: not with a zone."""

from __future__ import annotations

from archtui.failure.interface import Managed


class QueueFails(Managed):
    """SQS keeps messages in several zones of a region (SQS Developer Guide, "Resilience in Amazon SQS")."""
