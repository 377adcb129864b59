"""S3: objects in buckets."""

from archtui.model.kinds import Kind
from archtui.services.regional import RegionalApi
from archtui.services.s3 import failure, trace
from archtui.services.s3.permission import BUCKET_CALLS, BucketGuards
from archtui.services.s3.properties import S3BucketProperties

KINDS = (
    Kind(
        name="s3_bucket",
        title="S3 bucket",
        slug="s3",
        family="s3",
        code="s3",
        glyph="◍",
        summary="Stores objects by name in one region, over all its zones.",
        properties=S3BucketProperties,
        scope="region",
        aliases=("bucket",),
        behaviours=(
            RegionalApi("s3", host="{id}.s3.{region}.amazonaws.com"),
            trace.BucketReceives(),
            failure.BucketFails(),
            BucketGuards(),
            BUCKET_CALLS,
        ),
        failure_modes=("region",),
        traces=("request", "event", "replication"),
    ),
)
