"""What queues connect to."""

from archtui.services.telling import QUEUE

__all__ = ["QUEUE"]
