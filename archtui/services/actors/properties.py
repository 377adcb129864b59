"""Properties of those outside AWS who send requests."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from archtui.model.fields import Address, Country, Duration, Part, Properties, Reference, Region


class InternetProperties(Properties):
    """Everything outside AWS and the customer's networks; there is one, and it needs no properties."""


class KeptAnswer(Part):
    """An answer in a resolver's cache."""

    name: str
    """The name."""
    values: tuple[Address, ...] = ()
    """The addresses; none: that the name is missing."""
    left: Duration
    """How much of its TTL is left, counted from the failure where there is one."""


class DnsResolverProperties(Properties):
    """A resolver that clients ask: an internet provider's, a company's, a public one."""

    address: Address = "198.51.100.53"
    """The address that name servers see."""
    country: Country | None = None
    """Where it is, for answers by place where it hides its clients."""
    client_subnet: bool = True
    """Whether it says for whom it asks (EDNS client subnet); otherwise its own place counts."""
    validates: bool = True
    """Whether it checks DNSSEC signatures."""
    cache: tuple[KeptAnswer, ...] = ()
    """What it has in its cache; left out: nothing, so that every name is asked for anew."""


class ClientCertificate(Part):
    """The certificate a client shows to listeners that ask for one."""

    authority: str
    """The certificate authority that issued it, by name."""
    state: Literal["valid", "expired", "revoked"] = "valid"
    """Whether it still holds."""


class ClientProperties(Properties):
    """A person or program outside AWS."""

    address: Address = "203.0.113.10"
    """The public address its requests come from."""
    ipv6_address: Address | None = None
    """Its IPv6 address beside an IPv4 one; it tries IPv6 first where the other side has it too."""
    country: Country | None = None
    """Where it is, for geolocation answers and geographic restrictions."""
    region: Region | None = None
    """The AWS region nearest to it, for latency answers."""
    resolver: Annotated[str, Reference(("dns_resolver",), "uses", pattern=r".*[.:].*")] | None = None
    """Its DNS resolver: a component, or the address of one; left out: one beside it."""
    resolver_country: Country | None = None
    """Where its DNS resolver is, for answers by place where the resolver hides its clients."""
    client_subnet: bool = True
    """Whether its resolver says for whom it asks (EDNS client subnet); otherwise the resolver's place counts."""
    validates: bool = True
    """Whether its resolver checks DNSSEC signatures, as the public ones do."""
    subdivision: str = ""
    """The state within its country (``CA``), for geolocation answers by state."""
    latitude: Annotated[float, Field(ge=-90, le=90)] | None = None
    """Where it is, for geoproximity answers; left out: the place of its region."""
    longitude: Annotated[float, Field(ge=-180, le=180)] | None = None
    """Where it is, for geoproximity answers; left out: the place of its region."""
    latencies: dict[str, Duration] = Field(default_factory=dict)
    """How long an answer of each region takes, for latency answers: ``{eu-west-1: 20ms}``."""
    timeout: Annotated[Duration, Field(gt=0)] | None = None
    """Seconds it waits for an answer before it closes the connection; left out: as long as it takes."""
    pause: Duration = 0.0
    """Seconds of silence within one request: an upload that stalls."""
    certificate: ClientCertificate | None = None
    """The certificate it shows where a listener asks for one (mutual TLS); left out: it has none."""
