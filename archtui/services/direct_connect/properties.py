"""Properties of the Direct Connect family, named as the Direct Connect API names them."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from archtui.model.fields import Address, Cidr, Part, Properties, Reference

LocationIn = Annotated[str, Reference(("direct_connect_location",), "in")]
LineRef = Annotated[str, Reference(("direct_connect_connection", "direct_connect_lag"), "uses")]
State = Literal["available", "pending", "down", "deleting", "deleted"]


class DirectConnectLocationProperties(Properties):
    """The building where AWS's and the customer's routers are joined."""

    location_code: str = ""
    """AWS's code for it (``EqDC2``)."""


class DirectConnectLagProperties(Properties):
    """Several connections at one location that work as one (LAG)."""

    location: LocationIn | None = None
    """The location."""
    minimum_links: Annotated[int, Field(ge=0, le=4)] = 0
    """How many of its connections must work for the group to work; 0 counts as 1."""
    state: State = "available"
    """Its state; only ``available`` forwards."""


class DirectConnectConnectionProperties(Properties):
    """A physical line between a customer's site and AWS."""

    location: LocationIn | None = None
    """The location it is made at."""
    site: Annotated[str, Reference(("on_prem_site",), "uses")] | None = None
    """The customer's site at its other end."""
    lag: Annotated[str, Reference(("direct_connect_lag",), "uses")] | None = None
    """The link aggregation group it is part of."""
    bandwidth: Annotated[str, Field(pattern=r"^\d+(M|G)bps$")] = "1Gbps"
    """Its port speed."""
    encrypted: bool = False
    """Whether MACsec encrypts the line; Direct Connect by itself does not."""
    state: State = "available"
    """Its state; only ``available`` forwards."""


class VirtualInterfaceProperties(Properties):
    """What all virtual interfaces have in common."""

    connection: LineRef
    """The connection or link aggregation group it runs over."""
    vlan: Annotated[int, Field(ge=1, le=4094)] = 100
    """The VLAN that tells it from others on the same line."""
    asn: int = 65000
    """The customer's autonomous system number."""
    learnt_routes: tuple[Cidr, ...] | None = None
    """The blocks that the customer announces; left out: the networks of the site, unknown where those are not
    stated."""
    prepend: Annotated[int, Field(ge=0, le=10)] = 0
    """How often the customer's router repeats its own number in the AS path, to make the path less preferred."""
    med: int | None = None
    """The multi-exit discriminator of the customer's routes; left out: AWS takes 0."""
    bfd: bool = False
    """Whether the customer's router uses bidirectional forwarding detection, which notices a dead line in less
    than a second; otherwise BGP's hold timer does."""
    bgp: Literal["up", "down"] = "up"
    """The state of the BGP session."""
    state: State = "available"
    """Its state; only ``available`` forwards."""


class PrivateVirtualInterfaceProperties(VirtualInterfaceProperties):
    """A channel of Direct Connect to the private addresses of VPCs."""

    gateway: Annotated[str, Reference(("virtual_private_gateway", "direct_connect_gateway"), "uses")] | None = None
    """Where it ends: a virtual private gateway or a Direct Connect gateway."""


class TransitVirtualInterfaceProperties(VirtualInterfaceProperties):
    """A channel of Direct Connect to transit gateways."""

    gateway: Annotated[str, Reference(("direct_connect_gateway",), "uses")] | None = None
    """The Direct Connect gateway where it ends."""


class PublicVirtualInterfaceProperties(VirtualInterfaceProperties):
    """A channel of Direct Connect to AWS's public addresses; it does not lead to the internet."""

    customer_address: Address | None = None
    """The public address that the customer's router translates its hosts to; left out: unknown."""


class GatewayAssociation(Part):
    """A virtual private gateway or transit gateway that a Direct Connect gateway leads to."""

    gateway: Annotated[str, Reference(("virtual_private_gateway", "transit_gateway"), "uses")]
    """The gateway."""
    allowed_prefixes: tuple[Cidr, ...] | None = None
    """What is announced to the customer: with a transit gateway these blocks exactly; with a virtual private gateway
    the VPC's blocks that one of these covers; left out: the VPC's blocks, nothing of a transit gateway."""


class DirectConnectGatewayProperties(Properties):
    """Links virtual interfaces with virtual private gateways or transit gateways in any region."""

    asn: int = 64512
    """The Amazon side's autonomous system number."""
    associations: tuple[GatewayAssociation, ...] = ()
    """The gateways it leads to."""
    state: Literal["available", "pending", "deleting", "deleted"] = "available"
    """Its state; only ``available`` forwards."""


__all__ = [
    "DirectConnectConnectionProperties",
    "DirectConnectGatewayProperties",
    "DirectConnectLagProperties",
    "DirectConnectLocationProperties",
    "GatewayAssociation",
    "PrivateVirtualInterfaceProperties",
    "PublicVirtualInterfaceProperties",
    "TransitVirtualInterfaceProperties",
    "VirtualInterfaceProperties",
]
