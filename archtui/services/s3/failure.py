"""How buckets fail: not with a zone."""

from __future__ import annotations

from archtui.failure.interface import Managed


class BucketFails(Managed):
    """S3 keeps objects in at least three zones of a region (S3 User Guide, "Data protection in Amazon S3")."""
