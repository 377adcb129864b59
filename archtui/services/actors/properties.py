"""Properties of those outside AWS who send requests."""

from __future__ import annotations

from archtui.model.fields import Address, Country, Properties, Region


class InternetProperties(Properties):
    """Everything outside AWS and the customer's networks; there is one, and it needs no properties."""


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
    resolver: Address | None = None
    """The address of its DNS resolver; left out: one beside it."""
