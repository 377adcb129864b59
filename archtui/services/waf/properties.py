"""Properties of web ACLs and of Shield Advanced protections."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from archtui.model.fields import Cidr, Country, Duration, Part, Properties, Reference, Region

Status = Annotated[int, Field(ge=200, le=599)]
Protected = Annotated[str, Reference((), "uses")]
"""What a web ACL or a protection stands in front of."""


class WebAclRule(Part):
    """One rule: its conditions have to hold. Rules are asked in the order of their priorities."""

    name: str = ""
    """Its name."""
    priority: Annotated[int, Field(ge=0)]
    """Its place: the lowest number is asked first."""
    action: Literal["allow", "block", "count", "captcha", "challenge"] = "block"
    """What is done with a request that matches; ``count`` goes on to the next rule."""
    status: Status = 403
    """The HTTP status of a blocked request (a custom response)."""
    when: Literal["all", "any"] = "all"
    """Whether all conditions have to hold (AND) or one of them (OR)."""
    unless: bool = False
    """Whether it matches where the conditions do not hold (NOT)."""
    labels: tuple[str, ...] = ()
    """Labels it puts on a request that matches, for the rules after it."""
    label: tuple[str, ...] = ()
    """The request has one of these labels."""
    ip_set: tuple[Cidr, ...] = ()
    """The address is in one of these blocks."""
    countries: tuple[Country, ...] = ()
    """The address belongs to one of these countries."""
    negated: bool = False
    """Whether the address or country must not be one of those."""
    path: tuple[str, ...] = ()
    """The path is like one of these; ``*`` any characters, ``?`` one."""
    host: tuple[str, ...] = ()
    """The host name is like one of these."""
    method: tuple[str, ...] = ()
    """The method is one of these."""
    header: dict[str, str] = Field(default_factory=dict)
    """Headers are like these."""
    query: tuple[str, ...] = ()
    """The query string is like one of these."""
    body_over: Annotated[int, Field(ge=0)] | None = None
    """The body is longer than so many bytes."""
    oversize: Literal["continue", "match", "no_match"] = "continue"
    """What a condition on the body makes of one that is longer than what is inspected."""
    managed: str = ""
    """A managed rule group: ``AWSManagedRulesCommonRuleSet``."""
    excluded: tuple[str, ...] = ()
    """Rules of the managed group that are set to count, or are left out."""
    attack: Literal["sqli", "xss"] | None = None
    """What is searched for: SQL injection or cross-site scripting."""
    rate: Annotated[int, Field(ge=10, le=2_000_000_000)] | None = None
    """A rate-based rule: more requests than this from one address within the window."""
    window: Duration = 300.0
    """The time within which a rate-based rule counts."""
    matches: Literal["none", "all", "unknown"] = "none"
    """Which requests of this design a managed group, an attack search or a rate is taken to match."""
    forwarded_header: str = ""
    """Take the client's address from this header (``X-Forwarded-For``); empty: the address that asks."""


class WebAclProperties(Properties):
    """Rules that look at web requests before what they protect handles them."""

    protects: tuple[Protected, ...] = ()
    """What it stands in front of: distributions, load balancers, APIs, user pools."""
    default_action: Literal["allow", "block"] = "allow"
    """What is done with a request that no rule stops or allows."""
    default_status: Status = 403
    """The HTTP status where the default action blocks."""
    rules: tuple[WebAclRule, ...] = ()
    """Its rules."""
    body_limit: Literal[16, 32, 48, 64] = 16
    """How many KB of a body are inspected; always 8 for a load balancer."""
    region: Region | None = None
    """The region it is in; left out: us-east-1 for distributions, the design's for others."""
    logging: bool = False
    """Whether what it decides is logged."""


class ShieldProtectionProperties(Properties):
    """Shield Advanced for some resources; Shield Standard protects all without being asked."""

    protects: tuple[Protected, ...] = ()
    """What it protects: distributions, hosted zones, accelerators, load balancers, Elastic IPs."""
    response_team: bool = False
    """Whether the Shield Response Team may act."""
    health_check: Annotated[str, Reference(("health_check",), "uses")] | None = None
    """The health check that tells Shield whether an attack hurts."""
    automatic_response: bool = False
    """Whether Shield writes rules into the web ACL by itself when an attack is seen (layer 7)."""


__all__ = ["ShieldProtectionProperties", "WebAclProperties", "WebAclRule"]
