"""Properties of the VPN family, named as the EC2 API names them."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from archtui.model.fields import Address, Cidr, Properties, Reference
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
    asn: int = 65000
    """Its autonomous system number."""
    networks: tuple[Cidr, ...] | None = None
    """The networks behind it; left out: not stated, whether something answers there is unknown."""
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
    """The blocks BGP brings; left out: not stated, and unknown."""
    tunnels: Annotated[tuple[Literal["up", "down"], ...], Field(max_length=2)] = ("up", "up")
    """The state of its tunnels; one that is up carries the traffic."""
    outside_addresses: tuple[Address, ...] = ()
    """The public addresses of its AWS side, one for each tunnel."""
    state: Literal["available", "pending", "deleting", "deleted"] = "available"
    """Its state; only ``available`` forwards."""


__all__ = ["CustomerGatewayProperties", "VirtualPrivateGatewayProperties", "VpnConnectionProperties"]
