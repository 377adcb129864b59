"""What permission means to a bucket: which action a request is, on which object, and whether strangers may."""

from __future__ import annotations

import json

from archtui.failure.interface import properties_as
from archtui.model.component import Component, Json
from archtui.services.permissions import GuardedApi, ServiceCalls
from archtui.services.policy_edits import with_statement
from archtui.services.s3.properties import S3BucketProperties
from archtui.trace.message import Message
from archtui.world.world import World

_BY_METHOD = {"PUT": "s3:PutObject", "POST": "s3:PutObject", "DELETE": "s3:DeleteObject"}
_OF_BUCKET = frozenset({"s3:ListBucket", "s3:GetBucketLocation", "s3:ListBucketVersions"})


class BucketGuards(GuardedApi):
    """A bucket asks for permission to each object.

    Sources: Service Authorization Reference, "Actions, resources, and condition keys for Amazon S3"; S3 User Guide,
    "Blocking public access to your Amazon S3 storage" (on for every new bucket) and "Using server-side encryption with
    AWS KMS keys" (an upload needs kms:GenerateDataKey, a download kms:Decrypt).
    """

    def __init__(self) -> None:
        uses = {"s3:GetObject": ("kms:Decrypt",), "s3:PutObject": ("kms:GenerateDataKey",)}
        super().__init__("arn:aws:s3:::{id}", "s3:GetObject", uses)

    def actions(self, component: Component, message: Message) -> tuple[str, ...]:
        if message.purpose == "health_check":
            return ()
        method = message.http.method if message.http else "GET"
        return (message.action or _BY_METHOD.get(method, "s3:GetObject"),)

    def resource(self, component: Component, message: Message, world: World) -> str:
        bucket = super().resource(component, message, world)
        if message.action in _OF_BUCKET:
            return bucket
        key = message.http.path.lstrip("/") if message.http and not message.action else ""
        return f"{bucket}/{key or '*'}"

    def unsigned(self, component: Component, message: Message) -> bool:
        """A presigned URL or the header Authorization names who signs (SigV4, "Authenticating requests")."""
        if message.http is None or message.action:
            return False
        signed = message.http.header("Authorization") is not None
        return not signed and "X-Amz-Signature=" not in message.http.query

    def policy(self, component: Component) -> str:
        """The bucket policy, and what a public ACL grants as one more statement (S3 User Guide, "Access control list
        (ACL) overview": READ of an object is s3:GetObject; that of the bucket, which lists it, is not stated)."""
        bucket = properties_as(component, S3BucketProperties)
        if not bucket.public_acl:
            return bucket.policy
        found: Json = json.loads(bucket.policy) if bucket.policy else None
        actions: list[Json] = ["s3:GetObject"]
        if bucket.public_acl == "public-read-write":
            actions.append("s3:PutObject")
        opened: dict[str, Json] = {"Sid": f"ACL {bucket.public_acl}", "Effect": "Allow", "Principal": "*"}
        return json.dumps(with_statement(found, {**opened, "Action": actions, "Resource": "arn:aws:s3:::*"}))

    def keeps_strangers_out(self, component: Component) -> bool:
        return properties_as(component, S3BucketProperties).block_public_access


BUCKET_CALLS = ServiceCalls("s3.amazonaws.com", "arn:aws:s3:::{id}")
"""A bucket tells queues, topics and functions of its objects as S3 itself."""
