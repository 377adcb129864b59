"""S3: objects in buckets."""

from archtui.layout.depict import Line, Lines
from archtui.model.kinds import Kind
from archtui.services.connecting import Connections
from archtui.services.permissions import GuardedApi
from archtui.services.regional import RegionalApi
from archtui.services.s3 import access_points, describe, failure, trace
from archtui.services.s3.objects import BucketApi
from archtui.services.s3.permission import BUCKET_CALLS, BucketGuards
from archtui.services.s3.properties import AccessPointProperties, ObjectLambdaProperties, S3BucketProperties

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
        aliases=("bucket", "s3_storage_class", "s3_replication", "s3_website"),
        behaviours=(
            BucketApi(),
            trace.BucketReceives(),
            failure.BucketFails(),
            BucketGuards(),
            describe.DescribesBucket(),
            Connections(__name__, "BUCKET"),
            BUCKET_CALLS,
            Lines((Line("notifications.to"), Line("replication.to", "replica"), Line("logs_to"))),
        ),
        failure_modes=("region",),
        traces=("request", "event", "replication"),
    ),
    Kind(
        name="s3_access_point",
        title="S3 access point",
        slug="s3_access_point",
        family="s3",
        code="ap",
        glyph="◌",
        summary="A name of its own for a bucket, with a policy of its own, maybe for one VPC alone.",
        properties=AccessPointProperties,
        scope="region",
        behaviours=(
            RegionalApi("s3", host="{id}.s3-accesspoint.{region}.amazonaws.com"),
            access_points.AccessPointReceives(),
            failure.AccessPointFails(),
            GuardedApi("arn:aws:s3:{region}:{account}:accesspoint/{id}", "s3:GetObject"),
        ),
        failure_modes=("region",),
        traces=("request",),
    ),
    Kind(
        name="s3_object_lambda",
        title="S3 Object Lambda access point",
        slug="s3_object_lambda",
        family="s3",
        code="ol",
        glyph="◔",
        summary="Reads an object through a function that changes it; closed to new customers.",
        properties=ObjectLambdaProperties,
        scope="region",
        behaviours=(
            RegionalApi("s3-object-lambda", host="{id}.s3-object-lambda.{region}.amazonaws.com"),
            access_points.ObjectLambdaReceives(),
            failure.AccessPointFails(),
            Lines((Line("function", "forward"),)),
        ),
        failure_modes=("region",),
        traces=("request",),
    ),
)
