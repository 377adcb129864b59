"""Reading distributions from ``aws cloudfront get-distribution``."""

from __future__ import annotations

from collections.abc import Iterator

from archtui.formats.describe import (
    Data,
    Described,
    Describes,
    Inventory,
    Record,
    arn_name,
    flag,
    given,
    items,
    listed,
    need,
    number,
    text,
    texts,
    value,
)
from archtui.model.component import Json

_DISABLED_POLICY = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
"""The managed policy CachingDisabled (CloudFront Developer Guide, "Use managed cache policies")."""
_CONFIG = "DistributionConfig"


class DescribesDistribution(Describes):
    """``get-distribution`` (key ``Distribution``): policies named by their ids are not in it, apart from AWS's own."""

    keys = ("Distribution",)

    def describe(self, record: Record, inventory: Inventory) -> Iterator[Described]:
        data = record.data
        balancers = {
            text(each.data, "DNSName").lower(): arn_name(text(each.data, "LoadBalancerArn"))
            for each in inventory.of("LoadBalancers")
        }
        buckets = {text(each.data, "Name") for each in inventory.of("Buckets")}
        origins = [_origin(item, balancers, buckets) for item in items(data, f"{_CONFIG}.Origins.Items")]
        certificate = arn_name(text(data, f"{_CONFIG}.ViewerCertificate.ACMCertificateArn"))
        restriction = text(data, f"{_CONFIG}.Restrictions.GeoRestriction.RestrictionType")
        countries = texts(data, f"{_CONFIG}.Restrictions.GeoRestriction.Items")
        behaviors: list[Json] = [
            {"path": text(item, "PathPattern"), **_behavior(item)}
            for item in items(data, f"{_CONFIG}.CacheBehaviors.Items")
        ]
        config = data.get(_CONFIG)
        default = config.get("DefaultCacheBehavior") if isinstance(config, dict) else None
        groups: list[Json] = [dict(_group(item)) for item in items(data, f"{_CONFIG}.OriginGroups.Items")]
        pages: list[Json] = [dict(_page(item)) for item in items(data, f"{_CONFIG}.CustomErrorResponses.Items")]
        geo: Json = None
        if restriction in ("whitelist", "blacklist") and countries:
            geo = {"type": "allow" if restriction == "whitelist" else "block", "countries": listed(countries)}
        properties = given(
            aliases=listed(texts(data, f"{_CONFIG}.Aliases.Items")) or None,
            certificate=certificate or None,
            origins=list(origins),
            origin_groups=groups or None,
            default=_behavior(default) if isinstance(default, dict) else None,
            behaviors=behaviors or None,
            default_root_object=text(data, f"{_CONFIG}.DefaultRootObject") or None,
            geo_restriction=geo,
            error_pages=pages or None,
            enabled=None if flag(data, f"{_CONFIG}.Enabled", True) else False,
        )
        outside = {certificate: "certificate"} if certificate else {}
        yield Described(need(data, "Id"), properties, outside=outside)


def _origin(item: Data, balancers: dict[str, str], buckets: set[str]) -> Json:
    name = text(item, "DomainName").lower()
    bucket = name.partition(".s3")[0]
    target = balancers.get(name.removeprefix("dualstack."), bucket if ".s3" in name and bucket in buckets else name)
    oac, oai = text(item, "OriginAccessControlId"), text(item, "S3OriginConfig.OriginAccessIdentity")
    found: dict[str, Json] = given(
        id=need(item, "Id"),
        to=target,
        access="oac" if oac else "oai" if oai else None,
        website=".s3-website" in name or None,
        vpc_origin=True if text(item, "VpcOriginConfig.VpcOriginId") else None,
        protocol=text(item, "CustomOriginConfig.OriginProtocolPolicy") or None,
        path=text(item, "OriginPath") or None,
        connection_attempts=number(item, "ConnectionAttempts"),
        connection_timeout=number(item, "ConnectionTimeout"),
    )
    return found


def _behavior(item: Data) -> dict[str, Json]:
    methods = set(texts(item, "AllowedMethods.Items"))
    allowed = "all" if "PUT" in methods else "read-options" if "OPTIONS" in methods else None
    disabled = text(item, "CachePolicyId") == _DISABLED_POLICY
    functions: list[Json] = [
        given(event=text(each, "EventType"), function=arn_name(text(each, "LambdaFunctionARN")) or None)
        for each in items(item, "FunctionAssociations.Items")
    ]
    return given(
        origin=text(item, "TargetOriginId"),
        viewer_protocol=text(item, "ViewerProtocolPolicy") or None,
        methods=allowed,
        cache={"enabled": False} if disabled else None,
        signed=flag(item, "TrustedKeyGroups.Enabled") or None,
        functions=functions or None,
    )


def _group(item: Data) -> dict[str, Json]:
    members = [text(each, "OriginId") for each in items(item, "Members.Items")]
    statuses = [code for code in _numbers(item, "FailoverCriteria.StatusCodes.Items") if code]
    first, second = [*members, "", ""][:2]
    return {"id": need(item, "Id"), "primary": first, "secondary": second, "statuses": list(statuses)}


def _numbers(item: Data, path: str) -> list[int]:
    found = value(item, path)
    return [each for each in found if isinstance(each, int)] if isinstance(found, list) else []


def _page(item: Data) -> dict[str, Json]:
    return given(
        error=number(item, "ErrorCode"),
        page=text(item, "ResponsePagePath") or None,
        status=number(item, "ResponseCode"),
    )
