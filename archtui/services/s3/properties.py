"""Properties of S3 buckets, named as the S3 API names them."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from archtui.model.fields import Part, Properties, Reference, Region, Zone
from archtui.services.permissions import KeyRef, PolicyText

Receiver = Annotated[str, Reference(("lambda_function", "sns_topic", "sqs_queue"), "uses")]
"""What a bucket can tell of new objects."""

StorageClass = Literal[
    "STANDARD",
    "INTELLIGENT_TIERING",
    "STANDARD_IA",
    "ONEZONE_IA",
    "EXPRESS_ONEZONE",
    "GLACIER_IR",
    "GLACIER",
    "DEEP_ARCHIVE",
]
ONE_ZONE = frozenset({"ONEZONE_IA", "EXPRESS_ONEZONE"})
"""The classes that keep objects in one zone only."""
ARCHIVED = {"GLACIER": "3 to 5 hours", "DEEP_ARCHIVE": "12 hours"}
"""The classes whose objects have to be restored first, and how long a standard retrieval takes (S3 User Guide,
'Understanding archive retrieval options')."""


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


class Website(Part):
    """The website endpoint of a bucket, which speaks plain HTTP alone."""

    index: str = "index.html"
    """The object that answers for a folder."""
    error: str = ""
    """The object that is shown with an error; left out: S3's own page."""
    redirect_to: str = ""
    """The host that all requests are sent to; left out: none."""


class Replication(Part):
    """Where copies of new objects go."""

    to: Annotated[str, Reference(("s3_bucket",), "uses")]
    """The bucket, in the same region or another."""
    prefix: str = ""
    """Only of objects whose name begins so."""
    time_control: bool = False
    """Whether 99.99 % of the objects arrive within 15 minutes, with a service level (S3 RTC)."""


class CorsRule(Part):
    """What scripts of other sites may ask for."""

    origins: tuple[str, ...] = ("*",)
    """The sites."""
    methods: tuple[str, ...] = ("GET",)
    """The methods."""


class LifecycleRule(Part):
    """What becomes of objects as they age."""

    prefix: str = ""
    """Only of objects whose name begins so."""
    days: Annotated[int, Field(ge=0)] = 30
    """Days after which it happens."""
    to: StorageClass | None = None
    """The class they move to; left out: they are deleted."""


class S3BucketProperties(Properties):
    """A bucket of objects."""

    storage_class: StorageClass = "STANDARD"
    """The class of its objects."""
    az: Zone | None = None
    """The zone of a one-zone class; left out: any."""
    versioning: bool = False
    """Whether old versions are kept."""
    objects: tuple[str, ...] | None = None
    """The names of its objects, with ``*`` for many; left out: not stated, what is asked for is there."""
    readers_may_list: bool = False
    """Whether who reads may list it too: only then a missing object is a 404, otherwise a 403."""
    website: Website | None = None
    """Its website endpoint; left out: it has none."""
    replication: tuple[Replication, ...] = ()
    """Where copies of new objects go."""
    cors: tuple[CorsRule, ...] = ()
    """What scripts of other sites may ask for; left out: nothing."""
    lifecycle: tuple[LifecycleRule, ...] = ()
    """What becomes of objects as they age."""
    reproducible: bool = False
    """Whether its objects can be made again (thumbnails, build results), so that none needs to be kept safe."""
    logs_to: Annotated[str, Reference(("s3_bucket",), "uses")] | None = None
    """The bucket that its access log is written to; left out: it has none."""
    acl: Literal["private", "public-read", "public-read-write", "authenticated-read"] = "private"
    """The canned ACL of its objects; counts only where ``object_ownership`` leaves ACLs on."""
    object_ownership: Literal["BucketOwnerEnforced", "BucketOwnerPreferred", "ObjectWriter"] = "BucketOwnerEnforced"
    """Whether ACLs count: BucketOwnerEnforced, as in every new bucket, turns them off."""
    transfer_acceleration: bool = False
    """Whether uploads may enter at edge locations."""
    notifications: tuple[Notification, ...] = ()
    """Whom it tells of what happens to its objects."""
    eventbridge: bool = False
    """Whether it tells the region's default event bus of everything that happens to its objects."""
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

    @property
    def public_acl(self) -> str:
        """The canned ACL by which strangers get at objects; empty: none does."""
        public = self.acl.startswith("public") and self.object_ownership != "BucketOwnerEnforced"
        return self.acl if public and not self.block_public_access else ""


class AccessPointProperties(Properties):
    """A name of its own for a bucket, with a policy of its own."""

    bucket: Annotated[str, Reference(("s3_bucket",), "targets")]
    """The bucket."""
    vpc: Annotated[str, Reference(("vpc",), "uses")] | None = None
    """The only VPC whose requests it takes; left out: it takes the internet's too."""
    policy: PolicyText = ""
    """Its policy; left out: not stated."""
    account: str | None = None
    """The owning account; left out: the blueprint's."""
    region: Region | None = None
    """The region; left out: the design's."""


class ObjectLambdaProperties(Properties):
    """An Object Lambda access point: a function changes what is read (closed to new customers)."""

    access_point: Annotated[str, Reference(("s3_access_point",), "targets")]
    """The access point it reads from."""
    function: Annotated[str, Reference(("lambda_function",), "uses")]
    """The function that changes the object on its way."""
    region: Region | None = None
    """The region; left out: the design's."""


__all__ = [
    "ARCHIVED",
    "ONE_ZONE",
    "AccessPointProperties",
    "CorsRule",
    "LifecycleRule",
    "Notification",
    "ObjectLambdaProperties",
    "Replication",
    "S3BucketProperties",
    "StorageClass",
    "Website",
]
