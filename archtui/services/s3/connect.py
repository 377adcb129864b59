"""What buckets connect to."""

from archtui.services.telling import BUCKET

__all__ = ["BUCKET"]
