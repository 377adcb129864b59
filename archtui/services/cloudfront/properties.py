"""Properties of CloudFront distributions, named as the console and the API name them."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, field_validator

from archtui.model.fields import Country, Duration, Part, Percent, Port, Properties, Reference, Region
from archtui.services.references import CertificateRef, SecurityGroupRef

OriginTarget = Annotated[str, Reference((), "targets", pattern=r"[^.]+\..*")]
"""A component, or the host name of a server."""
FunctionRef = Annotated[str, Reference(("lambda_function",), "uses")]
HttpStatus = Annotated[int, Field(ge=100, le=599)]
Chosen = Literal["none", "all"] | tuple[str, ...]
"""``none``, ``all``, or the names of those that count."""
FAILOVER_STATUSES = (500, 502, 503, 504, 403, 404, 416, 429)
"""The statuses an origin group may fail over on (API, OriginGroupFailoverCriteria)."""


class Origin(Part):
    """Where CloudFront gets what it does not have."""

    id: str
    """Its name, by which behaviours and groups choose it."""
    to: OriginTarget
    """A bucket, a load balancer, an instance, an API, or a host name."""
    access: Literal["public", "oac", "oai"] = "public"
    """How a bucket is asked: as anyone, or signed by an origin access control (``oac``; ``oai`` is its old form)."""
    website: bool = False
    """Whether a bucket's website endpoint is asked, which is a custom origin and speaks HTTP alone."""
    vpc_origin: bool = False
    """Whether a private balancer or instance is asked from inside its VPC."""
    security_group: SecurityGroupRef | None = None
    """The group that CloudFront made for its interfaces in the VPC, where the design holds it."""
    protocol: Literal["http-only", "https-only", "match-viewer"] = "https-only"
    """What a custom origin is asked by."""
    http_port: Port = 80
    """The port for HTTP."""
    https_port: Port = 443
    """The port for HTTPS."""
    path: str = ""
    """Put before the path of each request (``/site``)."""
    headers: dict[str, str] = Field(default_factory=dict)
    """Headers that CloudFront adds, a secret that shows where requests come from say."""
    max_age: Duration | None = None
    """The ``Cache-Control: max-age`` its answers carry; left out: none."""
    connection_attempts: Annotated[int, Field(ge=1, le=3)] = 3
    """How often CloudFront tries to connect."""
    connection_timeout: Annotated[Duration, Field(ge=1, le=10)] = 10.0
    """Seconds for each attempt."""
    response_timeout: Annotated[Duration, Field(ge=1, le=120)] = 30.0
    """Seconds CloudFront waits for an answer of a custom origin."""
    shield: Region | None = None
    """The region of Origin Shield, a further cache before the origin; left out: none."""


class OriginGroup(Part):
    """Two origins: the second is asked where the first fails."""

    id: str
    """Its name, by which behaviours choose it."""
    primary: str
    """The id of the origin that is asked first."""
    secondary: str
    """The id of the origin that is asked where the first fails."""
    statuses: tuple[HttpStatus, ...] = (500, 502, 503, 504)
    """The statuses of the primary on which the secondary is asked."""

    @field_validator("statuses")
    @classmethod
    def _allowed(cls, statuses: tuple[int, ...]) -> tuple[int, ...]:
        wrong = sorted(set(statuses) - set(FAILOVER_STATUSES))
        if wrong:
            allowed = ", ".join(map(str, sorted(FAILOVER_STATUSES)))
            raise ValueError(f"an origin group does not fail over on {wrong[0]}; choose among {allowed}")
        return statuses


class CachePolicy(Part):
    """What makes two requests the same, and how long an object is kept."""

    enabled: bool = True
    """Whether anything is cached; off is the managed policy CachingDisabled."""
    headers: Chosen = "none"
    """Headers in the cache key."""
    cookies: Chosen = "none"
    """Cookies in the cache key."""
    query: Chosen = "none"
    """Query strings in the cache key."""
    min_ttl: Duration = 1.0
    """Seconds an object is kept at least, whatever the origin says."""
    default_ttl: Duration = 86400.0
    """Seconds an object is kept whose origin says nothing."""
    max_ttl: Duration = 31536000.0
    """Seconds an object is kept at most, whatever the origin says."""


class OriginRequestPolicy(Part):
    """What is sent to the origin beside the cache key, which always goes there."""

    headers: Chosen = "none"
    """Headers sent on; ``Host`` among them keeps the viewer's host name."""
    cookies: Chosen = "none"
    """Cookies sent on."""
    query: Chosen = "none"
    """Query strings sent on."""


class EdgeFunction(Part):
    """A function that runs at the edge: a CloudFront function, or Lambda@Edge."""

    event: Literal["viewer-request", "viewer-response", "origin-request", "origin-response"] = "viewer-request"
    """When it runs."""
    function: FunctionRef | None = None
    """The function of Lambda@Edge; left out: a CloudFront function, for the viewer's events alone."""
    does: Literal["pass", "rewrite", "redirect", "respond", "fail"] = "pass"
    """What it does with requests for ``paths``."""
    paths: tuple[str, ...] = ("*",)
    """The paths it acts on; others pass."""
    path: str = ""
    """``rewrite``: the new path; ``*`` in it stands for the old one."""
    origin: str = ""
    """``rewrite`` at the origin's request: the id of another origin."""
    url: str = ""
    """``redirect``: where it sends the viewer."""
    status: HttpStatus = 302
    """``redirect`` and ``respond``: the status; at a response it takes the place of the origin's."""


class DefaultBehavior(Part):
    """What is done with requests that no path pattern takes."""

    origin: str
    """The id of an origin or origin group."""
    viewer_protocol: Literal["allow-all", "redirect-to-https", "https-only"] = "allow-all"
    """Whether viewers may come by plain HTTP."""
    methods: Literal["read", "read-options", "all"] = "read"
    """Allowed methods: ``read`` GET and HEAD, ``read-options`` also OPTIONS, ``all`` also those that write."""
    cache_options: bool = False
    """Whether answers to OPTIONS are cached too."""
    cache: CachePolicy = CachePolicy()
    """The cache policy."""
    origin_request: OriginRequestPolicy = OriginRequestPolicy()
    """The origin request policy."""
    hit_ratio: Percent | None = None
    """The share of cacheable requests the cache answers; left out: each request is the first for its object."""
    signed: bool = False
    """Whether a signed URL or signed cookies of a trusted key group are wanted."""
    key_ids: tuple[str, ...] = ()
    """The ids of the keys of the trusted key groups; left out: any key counts as one of them."""
    functions: tuple[EdgeFunction, ...] = ()
    """Functions at the edge."""
    compress: bool = True
    """Whether CloudFront compresses answers."""
    field_level_encryption: bool = False
    """Whether chosen fields of a form are encrypted at the edge, for the origin alone to read."""


class Behavior(DefaultBehavior):
    """What is done with requests for one path pattern; the first that matches decides."""

    path: str
    """The path pattern; ``*`` any characters, ``?`` one, case counts."""


class GeoRestriction(Part):
    """Which countries the distribution serves."""

    type: Literal["allow", "block"] = "allow"
    """Whether the countries are those that may, or those that may not."""
    countries: tuple[Country, ...]
    """The countries."""


class ErrorPage(Part):
    """What viewers get in the place of an origin's error."""

    error: HttpStatus
    """The origin's status."""
    page: str = ""
    """The path of the page served in its place; empty: the error itself."""
    status: HttpStatus | None = None
    """The status the viewer gets; left out: the origin's."""
    ttl: Duration = 10.0
    """Seconds the error is kept."""


class Staging(Part):
    """A staging distribution that takes a part of the requests (continuous deployment)."""

    distribution: Annotated[str, Reference(("cloudfront_distribution",), "uses")]
    """The staging distribution."""
    weight: Annotated[float, Field(ge=0, le=0.15)] | None = None
    """Its share of the requests, at most 0.15; left out: those with ``header`` alone."""
    header: str = ""
    """A header, named ``aws-cf-cd-...``, whose requests it takes."""
    value: str = ""
    """The header's value."""


class CloudFrontDistributionProperties(Properties):
    """A distribution: what CloudFront caches and serves from its edge locations."""

    aliases: tuple[str, ...] = ()
    """Alternate domain names: ``www.example.com``, ``*.example.com``."""
    certificate: CertificateRef | None = None
    """The certificate for its alternate names, of us-east-1."""
    origins: tuple[Origin, ...] = ()
    """Where it gets what it does not have."""
    origin_groups: tuple[OriginGroup, ...] = ()
    """Pairs of origins for failover."""
    default: DefaultBehavior | None = None
    """What is done where no path pattern matches."""
    behaviors: tuple[Behavior, ...] = ()
    """What is done by path pattern, asked in this order."""
    default_root_object: str = ""
    """What is served for ``/``: ``index.html``."""
    geo_restriction: GeoRestriction | None = None
    """The countries it serves; left out: all."""
    error_pages: tuple[ErrorPage, ...] = ()
    """What viewers get in the place of errors."""
    invalidated: tuple[str, ...] = ()
    """Paths whose objects have just been invalidated, so that the next request for each goes to the origin."""
    staging: Staging | None = None
    """The staging distribution that is tried out beside it; left out: none."""
    price_class: Literal["all", "200", "100"] = "all"
    """Which edge locations serve: all, all but the most expensive, or North America and Europe alone."""
    http_version: Literal["http1.1", "http2", "http3", "http2and3"] = "http2"
    """The newest HTTP version viewers may use."""
    ipv6: bool = True
    """Whether viewers may come by IPv6."""
    access_logs: bool = False
    """Whether access logs are kept."""
    enabled: bool = True
    """Whether it serves at all."""


__all__ = [
    "Behavior",
    "CachePolicy",
    "CloudFrontDistributionProperties",
    "DefaultBehavior",
    "EdgeFunction",
    "ErrorPage",
    "GeoRestriction",
    "Origin",
    "OriginGroup",
    "OriginRequestPolicy",
    "Staging",
]
