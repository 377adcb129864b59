"""Properties of the VPN family, named as the EC2 API names them."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from archtui.model.fields import Address, Cidr, Duration, Properties, Reference
from archtui.services.on_prem.properties import SiteIn
from archtui.services.references import VpcIn


class VirtualPrivateGatewayProperties(Properties):
    """The VPC's side of VPN connections and Direct Connect."""

    vpc: VpcIn | None = None
    """The VPC it is attached to; left out: detached."""
    asn: int = 64512
    """The Amazon side's autonomous system number."""
    state: Literal["available", "pending", "deleting", "deleted"] = "available"
    """Its state; only ``available`` forwards."""


class CustomerGatewayProperties(Properties):
    """The customer's side of a VPN connection."""

    address: Address | None = None
    """Its public address."""
    site: SiteIn | None = None
    """The site it stands in."""
    asn: int = 65000
    """Its autonomous system number."""
    networks: tuple[Cidr, ...] | None = None
    """The networks behind it, where no site says them; left out: not stated, whether something answers there is
    unknown."""
    state: Literal["available", "pending", "deleting", "deleted"] = "available"
    """Its state."""


class VpnConnectionProperties(Properties):
    """A site-to-site VPN connection: two tunnels between AWS and the customer."""

    gateway: Annotated[str, Reference(("virtual_private_gateway", "transit_gateway"), "uses")] | None = None
    """The AWS side: a virtual private gateway or a transit gateway."""
    customer_gateway: Annotated[str, Reference(("customer_gateway",), "uses")] | None = None
    """The customer's side."""
    static_routes_only: bool = False
    """Whether routes are written by hand; otherwise BGP brings them."""
    static_routes: tuple[Cidr, ...] = ()
    """The blocks behind a static connection."""
    learnt_routes: tuple[Cidr, ...] | None = None
    """The blocks BGP brings; left out: the networks behind the customer gateway, unknown where those are not
    stated."""
    customer_routes: tuple[Cidr, ...] | None = None
    """The blocks that the customer's router sends into the connection; left out: those that AWS announces."""
    prepend: Annotated[int, Field(ge=0, le=10)] = 0
    """How often the customer's router repeats its own number in the AS path, to make the path less preferred."""
    med: int | None = None
    """The multi-exit discriminator of the customer's routes; left out: AWS takes 100."""
    dpd_timeout: Duration = 40.0
    """Seconds without an answer after which a tunnel is taken for dead (30 or more)."""
    tunnels: Annotated[tuple[Literal["up", "down"], ...], Field(max_length=2)] = ("up", "up")
    """The state of its tunnels; one that is up carries the traffic."""
    outside_addresses: tuple[Address, ...] = ()
    """The public addresses of its AWS side, one for each tunnel."""
    state: Literal["available", "pending", "deleting", "deleted"] = "available"
    """Its state; only ``available`` forwards."""


class VpnTunnelProperties(Properties):
    """One of the two IPsec tunnels of a VPN connection."""

    connection: Annotated[str, Reference(("vpn_connection",), "in")]
    """The connection it belongs to."""
    number: Literal[1, 2] = 1
    """Which of the two it is."""
    prepend: Annotated[int, Field(ge=0, le=10)] | None = None
    """How often the customer's router repeats its number in the AS path here; left out: the connection's."""
    med: int | None = None
    """The multi-exit discriminator here; left out: the connection's."""


__all__ = [
    "CustomerGatewayProperties",
    "VirtualPrivateGatewayProperties",
    "VpnConnectionProperties",
    "VpnTunnelProperties",
]
