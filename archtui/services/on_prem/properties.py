"""Properties of what the customer runs outside AWS."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from archtui.model.fields import Address, Cidr, Part, Ports, Properties, Protocol, Reference

SiteIn = Annotated[str, Reference(("on_prem_site",), "in")]


class FirewallRule(Part):
    """One rule of the firewall at a site's edge; the first that matches a connection decides."""

    action: Literal["allow", "deny"] = "allow"
    """What happens to a connection that matches."""
    protocol: Protocol = "all"
    """tcp, udp, icmp, all or a number."""
    ports: Ports | None = Field(default=None, alias="port")
    """The destination port or range; left out: all."""


class IncomingRule(FirewallRule):
    """A rule for connections that come into the site."""

    source: Cidr = Field(default="0.0.0.0/0", alias="from")
    """Where they come from."""


class OutgoingRule(FirewallRule):
    """A rule for connections that leave the site."""

    destination: Cidr = Field(default="0.0.0.0/0", alias="to")
    """Where they go."""


class Forwarder(Part):
    """A domain whose names the site's name servers ask elsewhere."""

    domain: str
    """The domain, with all below it; ``.``: every name."""
    to: tuple[Annotated[str, Reference(("resolver_endpoint",), "targets", pattern=r".*[.:].*")], ...]
    """Whom they ask: inbound resolver endpoints, or addresses of name servers."""


class OnPremSiteProperties(Properties):
    """The customer's own building and network."""

    networks: tuple[Cidr, ...] | None = None
    """The blocks of its network; left out: not stated, and what depends on them is unknown."""
    answers: bool = True
    """Whether the hosts of its network answer; named hosts do in any case."""
    ingress: tuple[IncomingRule, ...] | None = None
    """The firewall's rules for connections from outside; left out: everything passes; otherwise what no rule
    allows is dropped. Replies always pass."""
    egress: tuple[OutgoingRule, ...] | None = None
    """The firewall's rules for connections to the outside, in the same way."""
    state: Literal["up", "down"] = "up"
    """Whether the site works."""
    names: dict[str, str] = Field(default_factory=dict)
    """What its own name servers answer: a name (``*.corp.example`` for all below) to an address, a component or
    another name; left out: not stated."""
    forwarders: tuple[Forwarder, ...] = ()
    """Domains whose names they ask elsewhere."""


class OnPremHostProperties(Properties):
    """A machine in the customer's own network."""

    site: SiteIn
    """The site it stands in."""
    address: Address
    """Its address, in one of the site's networks."""
    state: Literal["up", "down"] = "up"
    """Whether it works."""


__all__ = ["Forwarder", "IncomingRule", "OnPremHostProperties", "OnPremSiteProperties", "OutgoingRule", "SiteIn"]
