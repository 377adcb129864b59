"""Properties of hosted zones, records and health checks."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from archtui.model.fields import Address, Country, Duration, Port, Properties, Reference, Region
from archtui.services.references import HealthCheckRef, ZoneIn

RecordType = Literal["A", "AAAA", "CNAME", "MX", "TXT", "NS", "SOA", "SRV", "PTR", "CAA"]
RoutingPolicy = Literal[
    "simple", "failover", "weighted", "latency", "geolocation", "geoproximity", "multivalue", "ip_based"
]


class HostedZoneProperties(Properties):
    """The records of one domain."""

    name: str
    """The domain: ``example.com``."""
    private: bool = False
    """Whether only the associated VPCs see it."""
    vpcs: tuple[Annotated[str, Reference(("vpc",), "uses")], ...] = ()
    """The VPCs a private zone answers in."""


class RecordProperties(Properties):
    """One record; several with one name and type make a set under a routing policy."""

    zone: ZoneIn
    """The hosted zone it is in."""
    name: str
    """Its name: full (``shop.example.com``), ``@`` for the zone's apex, or relative to the zone (``shop``)."""
    type: RecordType = "A"
    """Its type."""
    ttl: Annotated[int, Field(ge=0, le=2147483647)] | None = None
    """Seconds a resolver may keep the answer; left out: 300, and 60 for an alias to a load balancer."""
    values: tuple[Annotated[str, Reference((), "targets", pattern=r".*[.:\s\"].*|[^A-Za-z0-9].*")], ...] = ()
    """Addresses, names or texts; an id of a component stands for its address or name."""
    alias: Annotated[str, Reference((), "targets")] | None = None
    """The AWS resource it points at; answers follow its addresses."""
    policy: RoutingPolicy = "simple"
    """How one of several records is chosen."""
    set_id: str = ""
    """Tells records of one name and type apart."""
    failover: Literal["primary", "secondary"] | None = None
    """Its part in a failover pair."""
    weight: Annotated[int, Field(ge=0, le=255)] | None = None
    """Its share under the weighted policy."""
    region: Region | None = None
    """Its region under the latency policy."""
    country: Country | Literal["*"] | None = None
    """Its country under the geolocation policy; ``*``: the default."""
    health_check: HealthCheckRef | None = None
    """The health check that takes it out of the answer."""
    evaluate_target_health: bool = False
    """Whether an alias is taken out when its target is unhealthy."""


class HealthCheckProperties(Properties):
    """Route 53's own view of whether an endpoint works, from checkers around the world."""

    type: Literal["HTTP", "HTTPS", "TCP", "HTTP_STR_MATCH", "HTTPS_STR_MATCH", "CALCULATED", "CLOUDWATCH_METRIC"] = (
        "HTTP"
    )
    """What is checked."""
    target: Annotated[str, Reference((), "targets")] | None = None
    """The component that is asked."""
    address: Address | None = None
    """The address that is asked, where no component is named."""
    host: str | None = None
    """The host name that is asked."""
    port: Port | None = None
    """The port; left out: 443 for HTTPS, otherwise 80."""
    path: str = "/"
    """The path that is asked."""
    interval: Literal[10, 30] = 30
    """Seconds between two checks of one checker."""
    failure_threshold: Annotated[int, Field(ge=1, le=10)] = 3
    """Failures in a row after which a checker calls it unhealthy."""
    inverted: bool = False
    """Whether healthy and unhealthy change places."""
    disabled: bool = False
    """Whether it always counts as healthy."""
    children: tuple[Annotated[str, Reference(("health_check",), "uses")], ...] = ()
    """The checks a calculated one combines."""
    threshold: Annotated[int, Field(ge=0)] | None = None
    """How many children must be healthy; left out: all."""
    measure_latency: bool = False
    """Whether latency is recorded too."""
    request_timeout: Duration = 4.0
    """Seconds until one request counts as failed (4 s to connect)."""


__all__ = ["HealthCheckProperties", "HostedZoneProperties", "RecordProperties"]
