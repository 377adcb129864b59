"""Properties of hosted zones, records and health checks."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from archtui.model.fields import Address, Cidr, Country, Duration, Part, Percent, Port, Properties, Reference, Region
from archtui.services.references import HealthCheckRef, ZoneIn

RecordType = Literal[
    "A",
    "AAAA",
    "CNAME",
    "MX",
    "TXT",
    "NS",
    "SOA",
    "SRV",
    "PTR",
    "CAA",
    "DS",
    "HTTPS",
    "NAPTR",
    "SPF",
    "SSHFP",
    "SVCB",
    "TLSA",
]
RoutingPolicy = Literal[
    "simple", "failover", "weighted", "latency", "geolocation", "geoproximity", "multivalue", "ip_based"
]


class HostedZoneProperties(Properties):
    """The records of one domain."""

    name: str
    """The domain: ``example.com``."""
    private: bool = False
    """Whether only the associated VPCs see it."""
    name_servers: tuple[str, ...] = ()
    """Its four name servers, where the design states them."""
    dnssec: bool = False
    """Whether Route 53 signs its answers."""
    ds_record: Literal["none", "matches", "wrong"] = "none"
    """The key that the parent zone vouches for: none, the one the zone signs with, or another one."""
    vpcs: tuple[Annotated[str, Reference(("vpc",), "uses")], ...] = ()
    """The VPCs a private zone answers in."""
    account: str | None = None
    """The owning account; left out: the blueprint's."""
    authorized: tuple[Annotated[str, Reference(("vpc",), "uses")], ...] | None = None
    """The VPCs of other accounts whose association the zone's owner has authorized; left out: all of ``vpcs``."""
    soa_ttl: Annotated[int, Field(ge=0)] = 900
    """The TTL of its SOA record; with ``soa_minimum``, how long resolvers keep that a name is missing."""
    soa_minimum: Annotated[int, Field(ge=0)] = 86400
    """The last field of its SOA record: the upper bound for negative answers."""


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
    subdivision: str = ""
    """Its state within the country, under the geolocation policy (``CA`` of ``US``)."""
    continent: Literal["AF", "AN", "AS", "EU", "NA", "OC", "SA"] | None = None
    """Its continent under the geolocation policy, in the place of a country."""
    bias: Annotated[int, Field(ge=-99, le=99)] = 0
    """How much larger or smaller its area is under the geoproximity policy, in percent."""
    latitude: Annotated[float, Field(ge=-90, le=90)] | None = None
    """Where it is under the geoproximity policy, where it is in no region."""
    longitude: Annotated[float, Field(ge=-180, le=180)] | None = None
    """Where it is under the geoproximity policy, where it is in no region."""
    cidrs: tuple[Cidr | Literal["*"], ...] = ()
    """The blocks of clients it is for under the IP-based policy; ``*``: the default."""
    health_check: HealthCheckRef | None = None
    """The health check that takes it out of the answer."""
    evaluate_target_health: bool = False
    """Whether an alias is taken out when its target is unhealthy."""


class HealthCheckProperties(Properties):
    """Route 53's own view of whether an endpoint works, from checkers around the world."""

    type: Literal[
        "HTTP",
        "HTTPS",
        "TCP",
        "HTTP_STR_MATCH",
        "HTTPS_STR_MATCH",
        "CALCULATED",
        "CLOUDWATCH_METRIC",
        "RECOVERY_CONTROL",
    ] = "HTTP"
    """What is checked."""
    target: Annotated[str, Reference((), "targets")] | None = None
    """The component that is asked, or that the alarm watches."""
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
    search_string: str = ""
    """What the first 5,120 bytes of the answer must hold, for the types that end in ``STR_MATCH``."""
    holds_string: bool = True
    """Whether the answer holds the string, which a request does not show."""
    healthy_checkers: Percent | None = None
    """The share of checkers that call the endpoint healthy, where they differ; more than 18 % make it healthy."""
    alarm: Literal["ok", "alarm", "insufficient_data"] | None = None
    """The state of the CloudWatch alarm it watches; left out: ok while nothing is broken."""
    insufficient_data: Literal["healthy", "unhealthy", "last_known"] = "last_known"
    """What an alarm without data counts as."""
    last_known: Literal["healthy", "unhealthy"] | None = None
    """What the check said before the alarm's data ran short; left out: not known."""
    routing_control: Literal["on", "off"] = "on"
    """The state of the routing control it follows (recovery control)."""
    measure_latency: bool = False
    """Whether latency is recorded too."""
    request_timeout: Duration = 4.0
    """Seconds until one request counts as failed (4 s to connect)."""


class RegisteredDomainProperties(Properties):
    """A domain at a registrar, which tells the registry who answers for it."""

    name: str
    """The domain: ``example.com``."""
    registrar: Literal["route53", "other"] = "route53"
    """Whether it is registered with Route 53."""
    name_servers: tuple[Annotated[str, Reference(("hosted_zone",), "uses", pattern=r"[^.]+\..*")], ...] = ()
    """The name servers it delegates to: the hosted zone whose they are, or their names."""
    state: Literal["active", "expired", "on_hold"] = "active"
    """Whether the registry answers for it; an expired or held domain resolves nowhere."""
    auto_renew: bool = True
    """Whether it is renewed by itself."""


class TrafficItem(Part):
    """One branch of a traffic policy's rule."""

    rule: str = ""
    """The rule it leads to; left out: ``to``."""
    to: Annotated[str, Reference((), "targets", pattern=r".*[.:].*")] | None = None
    """The endpoint it leads to: an address, or a component whose name or address is given."""
    failover: Literal["primary", "secondary"] | None = None
    """Its part in a failover rule."""
    weight: Annotated[int, Field(ge=0, le=255)] | None = None
    """Its share in a weighted rule."""
    region: Region | None = None
    """Its region in a latency or geoproximity rule."""
    country: Country | Literal["*"] | None = None
    """Its country in a geolocation rule; ``*``: the default."""
    subdivision: str = ""
    """Its state in a geolocation rule."""
    continent: Literal["AF", "AN", "AS", "EU", "NA", "OC", "SA"] | None = None
    """Its continent in a geolocation rule."""
    bias: Annotated[int, Field(ge=-99, le=99)] = 0
    """How much larger or smaller its area is in a geoproximity rule, in percent."""
    latitude: Annotated[float, Field(ge=-90, le=90)] | None = None
    """Where it is in a geoproximity rule, where it is in no region."""
    longitude: Annotated[float, Field(ge=-180, le=180)] | None = None
    """Where it is in a geoproximity rule, where it is in no region."""
    health_check: HealthCheckRef | None = None
    """The health check that takes it out of the answer."""
    evaluate_target_health: bool = True
    """Whether it is taken out when what it leads to is unhealthy."""

    @model_validator(mode="after")
    def _leads_somewhere(self) -> Self:
        if bool(self.rule) == (self.to is not None):
            raise ValueError("a branch leads to one thing; name a rule or an endpoint (to)")
        return self


class TrafficRule(Part):
    """One rule of a traffic policy: a routing policy over its branches."""

    id: str
    """Its name, by which others lead to it."""
    policy: Literal["failover", "weighted", "latency", "geolocation", "geoproximity", "multivalue"]
    """How one of its branches is chosen."""
    items: Annotated[tuple[TrafficItem, ...], Field(min_length=1)]
    """Its branches."""


class TrafficPolicyProperties(Properties):
    """A tree of routing policies, and the name of a zone that it answers for (a policy record)."""

    zone: ZoneIn
    """The hosted zone of the name."""
    name: str
    """The name it answers for: full, ``@`` for the apex, or relative to the zone."""
    type: Literal["A", "AAAA"] = "A"
    """The type of the records it makes."""
    ttl: Annotated[int, Field(ge=0, le=2147483647)] = 60
    """Seconds a resolver may keep the answer."""
    rules: tuple[TrafficRule, ...] = ()
    """Its rules; the first is asked first."""

    @model_validator(mode="after")
    def _is_a_tree(self) -> Self:
        known = [rule.id for rule in self.rules]
        for rule in self.rules:
            for item in rule.items:
                if item.rule and (item.rule not in known or known.index(item.rule) <= known.index(rule.id)):
                    raise ValueError(f"{rule.id} leads to {item.rule!r}; name a rule that stands below it")
        twice = next((name for name in known if known.count(name) > 1), None)
        if twice:
            raise ValueError(f"two rules are called {twice!r}; give each its own id")
        return self


__all__ = [
    "HealthCheckProperties",
    "HostedZoneProperties",
    "RecordProperties",
    "RegisteredDomainProperties",
    "TrafficItem",
    "TrafficPolicyProperties",
    "TrafficRule",
]
