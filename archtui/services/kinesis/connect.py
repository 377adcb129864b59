"""What streams connect to."""

from archtui.services.telling import FIREHOSE, STREAM

__all__ = ["FIREHOSE", "STREAM"]
