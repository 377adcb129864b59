"""Properties of S3 buckets, named as the S3 API names them."""

from __future__ import annotations

from typing import Annotated

from archtui.model.fields import Part, Properties, Reference, Region
from archtui.services.permissions import KeyRef, PolicyText

Receiver = Annotated[str, Reference(("lambda_function", "sns_topic", "sqs_queue"), "uses")]
"""What a bucket can tell of new objects."""


class Notification(Part):
    """Whom the bucket tells of what happens to its objects."""

    to: Receiver
    """Who is told."""
    events: tuple[str, ...] = ("s3:ObjectCreated:*",)
    """Which events, as S3 names them."""
    prefix: str = ""
    """Only of objects whose name begins so."""
    suffix: str = ""
    """Only of objects whose name ends so."""


class S3BucketProperties(Properties):
    """A bucket of objects."""

    notifications: tuple[Notification, ...] = ()
    """Whom it tells of what happens to its objects."""
    policy: PolicyText = ""
    """The bucket policy; left out: not stated, and strangers get nothing."""
    kms_key: KeyRef | None = None
    """The customer managed key that encrypts its objects (SSE-KMS); left out: S3's own keys."""
    block_public_access: bool = True
    """Whether no policy may open it to strangers (all four settings of Block Public Access)."""
    account: str | None = None
    """The owning account; left out: the blueprint's."""
    region: Region | None = None
    """The region; left out: the design's."""


__all__ = ["Notification", "S3BucketProperties"]
