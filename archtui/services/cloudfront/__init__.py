"""Amazon CloudFront: distributions, behaviours, origins, edge functions."""

from archtui.model.kinds import Kind
from archtui.services.cloudfront import describe, failure, layout, names, trace
from archtui.services.cloudfront.properties import CloudFrontDistributionProperties
from archtui.services.connecting import Connections
from archtui.services.handing import HandsOn
from archtui.services.permissions import SignsAsService

KINDS = (
    Kind(
        name="cloudfront_distribution",
        title="CloudFront distribution",
        slug="cloudfront",
        family="cloudfront",
        code="cf",
        glyph="◎",
        summary="Caches and serves content from edge locations near the viewers.",
        properties=CloudFrontDistributionProperties,
        scope="global",
        aliases=(
            "cdn",
            "distribution",
            "cf_behavior",
            "cf_origin_group",
            "oac",
            "oai",
            "cloudfront_function",
            "lambda_edge",
        ),
        behaviours=(
            names.DistributionName(),
            trace.DistributionReceives(),
            SignsAsService("cloudfront.amazonaws.com", "arn:aws:cloudfront::{account}:distribution/{id}"),
            HandsOn(),
            failure.DistributionFails(),
            describe.DescribesDistribution(),
            layout.DepictsDistribution(),
            Connections(__name__, "DISTRIBUTION"),
        ),
        failure_modes=("origin",),
        traces=("dns", "packet", "request"),
    ),
)
