"""Reading distributions from ``aws cloudfront get-distribution`` or ``get-distribution-config``."""

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
from archtui.services.cloudfront.describe_policies import policies_of

_CONFIG = "DistributionConfig"


class DescribesDistribution(Describes):
    """``get-distribution`` (key ``Distribution``), or its configuration alone, which does not say its id.

    Policies are read from ``get-cache-policy`` and ``get-origin-request-policy``, private origins from
    ``get-vpc-origin``.
    """

    keys = ("Distribution", "DistributionConfig")
    details = ("CachePolicy", "OriginRequestPolicy", "VpcOrigin")

    def describe(self, record: Record, inventory: Inventory) -> Iterator[Described]:
        data = record.data
        if record.key == _CONFIG:
            name = next(iter(texts(data, "Aliases.Items")), text(data, "CallerReference"))
            data = {"Id": name.replace("*", "wildcard"), _CONFIG: dict(data)}
        balancers = {
            text(each.data, "DNSName").lower(): arn_name(text(each.data, "LoadBalancerArn"))
            for each in inventory.of("LoadBalancers")
        }
        buckets = {text(each.data, "Name") for each in inventory.of("Buckets")}
        inside = inventory.part(_private)
        origins = [_origin(item, balancers, buckets, inside) for item in items(data, f"{_CONFIG}.Origins.Items")]
        certificate = arn_name(text(data, f"{_CONFIG}.ViewerCertificate.ACMCertificateArn"))
        restriction = text(data, f"{_CONFIG}.Restrictions.GeoRestriction.RestrictionType")
        countries = texts(data, f"{_CONFIG}.Restrictions.GeoRestriction.Items")
        notes: list[str] = []
        behaviors: list[Json] = [
            {"path": text(item, "PathPattern"), **_behavior(item, inventory, notes)}
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
            default=_behavior(default, inventory, notes) if isinstance(default, dict) else None,
            behaviors=behaviors or None,
            default_root_object=text(data, f"{_CONFIG}.DefaultRootObject") or None,
            geo_restriction=geo,
            error_pages=pages or None,
            price_class=_PRICES.get(text(data, f"{_CONFIG}.PriceClass")),
            http_version=text(data, f"{_CONFIG}.HttpVersion") or None,
            ipv6=None if flag(data, f"{_CONFIG}.IsIPV6Enabled", True) else False,
            access_logs=flag(data, f"{_CONFIG}.Logging.Enabled") or None,
            enabled=None if flag(data, f"{_CONFIG}.Enabled", True) else False,
        )
        outside = {certificate: "certificate"} if certificate else {}
        outside |= dict.fromkeys(_functions(data), "function")
        yield Described(need(data, "Id"), properties, notes=tuple(dict.fromkeys(notes)), outside=outside)


def _functions(data: Data) -> list[str]:
    """Return the functions of Lambda@Edge that the behaviours name."""
    config = data.get(_CONFIG)
    default = config.get("DefaultCacheBehavior") if isinstance(config, dict) else None
    behaviors = [default, *items(data, f"{_CONFIG}.CacheBehaviors.Items")]
    return [
        _function(each)
        for item in behaviors
        for each in items(item if isinstance(item, dict) else {}, "LambdaFunctionAssociations.Items")
    ]


def _function(association: Data) -> str:
    return text(association, "LambdaFunctionARN").partition(":function:")[2].partition(":")[0]


_PRICES = {"PriceClass_100": "100", "PriceClass_200": "200"}


def _private(inventory: Inventory) -> dict[str, str]:
    """Return the balancer or instance of each VPC origin, from ``get-vpc-origin``."""
    return {
        text(record.data, "Id"): arn_name(text(record.data, "VpcOriginEndpointConfig.Arn")).removeprefix("instance-")
        for record in inventory.of("VpcOrigin")
    }


def _origin(item: Data, balancers: dict[str, str], buckets: set[str], inside: dict[str, str]) -> Json:
    name = text(item, "DomainName").lower()
    bucket = name.partition(".s3")[0]
    target = balancers.get(name.removeprefix("dualstack."), bucket if ".s3" in name and bucket in buckets else name)
    target = inside.get(text(item, "VpcOriginConfig.VpcOriginId"), target)
    headers: dict[str, Json] = {
        text(each, "HeaderName"): text(each, "HeaderValue") for each in items(item, "CustomHeaders.Items")
    }
    timeout = "VpcOriginConfig" if "VpcOriginConfig" in item else "CustomOriginConfig"
    oac, oai = text(item, "OriginAccessControlId"), text(item, "S3OriginConfig.OriginAccessIdentity")
    found: dict[str, Json] = given(
        id=need(item, "Id"),
        to=target,
        access="oac" if oac else "oai" if oai else None,
        website=".s3-website" in name or None,
        vpc_origin=True if text(item, "VpcOriginConfig.VpcOriginId") else None,
        protocol=text(item, "CustomOriginConfig.OriginProtocolPolicy") or None,
        path=text(item, "OriginPath") or None,
        http_port=number(item, "CustomOriginConfig.HTTPPort"),
        https_port=number(item, "CustomOriginConfig.HTTPSPort"),
        response_timeout=number(item, f"{timeout}.OriginReadTimeout"),
        headers=headers or None,
        shield=text(item, "OriginShield.OriginShieldRegion") or None,
        connection_attempts=number(item, "ConnectionAttempts"),
        connection_timeout=number(item, "ConnectionTimeout"),
    )
    return found


def _behavior(item: Data, inventory: Inventory, notes: list[str]) -> dict[str, Json]:
    methods = set(texts(item, "AllowedMethods.Items"))
    allowed = "all" if "PUT" in methods else "read-options" if "OPTIONS" in methods else None
    functions: list[Json] = [{"event": text(each, "EventType")} for each in items(item, "FunctionAssociations.Items")]
    for each in items(item, "LambdaFunctionAssociations.Items"):
        functions.append({"event": text(each, "EventType"), "function": _function(each)})
    policies, unread = policies_of(item, inventory)
    notes.extend(unread)
    return policies | given(
        origin=text(item, "TargetOriginId"),
        viewer_protocol=text(item, "ViewerProtocolPolicy") or None,
        methods=allowed,
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
        ttl=number(item, "ErrorCachingMinTTL"),
    )
