"""Properties of transit gateways, named as the EC2 API names them."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from archtui.model.fields import Part, Properties, Reference, Region
from archtui.services.references import RouteDestination, SubnetIn

TransitGatewayIn = Annotated[str, Reference(("transit_gateway",), "in")]
TransitGatewayRef = Annotated[str, Reference(("transit_gateway",), "uses")]
TransitRouteTableRef = Annotated[str, Reference(("transit_gateway_route_table",), "uses", literal=("none",))]
AttachmentTarget = Annotated[str, Reference(("transit_gateway_attachment",), "targets", literal=("blackhole",))]
AttachmentRef = Annotated[str, Reference(("transit_gateway_attachment",), "uses")]


class TransitGatewayProperties(Properties):
    """A regional router between VPCs, VPN connections and other transit gateways."""

    region: Region | None = None
    """The region; left out: the blueprint's."""
    account: str | None = None
    """The owning account; left out: the blueprint's."""
    asn: int = 64512
    """The Amazon side's autonomous system number."""
    default_association: bool = True
    """Whether new attachments are associated with the default route table."""
    default_propagation: bool = True
    """Whether new attachments propagate their routes to the default route table."""
    vpn_ecmp: bool = True
    """Whether equal routes over VPN connections share the traffic."""
    auto_accept_shared_attachments: bool = False
    """Whether attachments of other accounts that the gateway is shared with are accepted automatically."""
    security_group_referencing: bool = False
    """Whether groups of one attached VPC may be named in rules of another."""
    state: Literal["available", "pending", "modifying", "deleting", "deleted"] = "available"
    """Its state; only ``available`` forwards."""


class TransitGatewayAttachmentProperties(Properties):
    """What hangs on a transit gateway: a VPC (with one subnet for each zone it serves), a VPN connection, a
    Direct Connect gateway, or another transit gateway. Exactly one of ``vpc``, ``vpn_connection``,
    ``direct_connect_gateway``, ``peer`` and ``resource`` says which."""

    transit_gateway: TransitGatewayIn
    """The transit gateway; for a peering the one that asked for it."""
    vpc: Annotated[str, Reference(("vpc",), "uses")] | None = None
    """The attached VPC."""
    subnets: tuple[SubnetIn, ...] = ()
    """The subnets of the VPC it has an interface in: one for each zone it serves."""
    vpn_connection: Annotated[str, Reference(("vpn_connection",), "uses")] | None = None
    """The attached VPN connection."""
    direct_connect_gateway: Annotated[str, Reference(("direct_connect_gateway",), "uses")] | None = None
    """The attached Direct Connect gateway."""
    peer: TransitGatewayRef | None = None
    """The other transit gateway of a peering."""
    resource: str = ""
    """The AWS id of an attached thing that the design does not hold (another account's VPC, a
    Connect attachment): what lies behind it is unknown."""
    route_table: TransitRouteTableRef | None = None
    """The route table that routes what comes in here (its association); left out: the gateway's default
    table; ``none``: not associated."""
    peer_route_table: TransitRouteTableRef | None = None
    """The same at the other end of a peering."""
    appliance_mode: bool = False
    """Whether both directions of a connection use the same zone's interface."""
    ipv6_support: bool = False
    """Whether a VPC's IPv6 blocks are propagated and its IPv6 packets carried."""
    security_group_referencing: bool = True
    """Whether rules here may name groups of other attached VPCs, and theirs groups of this one, where the gateway
    supports it too."""
    state: Literal[
        "available",
        "initiating",
        "initiatingRequest",
        "pendingAcceptance",
        "rollingBack",
        "pending",
        "modifying",
        "deleting",
        "deleted",
        "failed",
        "rejected",
        "rejecting",
        "failing",
    ] = "available"
    """Its state; only ``available`` forwards."""

    @model_validator(mode="after")
    def _one_thing(self) -> TransitGatewayAttachmentProperties:
        held = (self.vpc, self.vpn_connection, self.direct_connect_gateway, self.peer, self.resource)
        if sum(bool(item) for item in held) != 1:
            raise ValueError(
                "an attachment holds one thing; give one of vpc, vpn_connection, direct_connect_gateway, peer and "
                "resource"
            )
        return self


class TransitRoute(Part):
    """One row of a transit gateway route table."""

    to: RouteDestination
    """The destination block."""
    via: tuple[AttachmentTarget, ...] | AttachmentTarget
    """The attachment matching packets leave by, several for equal-cost paths, or ``blackhole``."""
    origin: Literal["static", "propagated"] = "static"
    """Static wins over propagated for the same block."""
    state: Literal["active", "blackhole"] = "active"
    """``blackhole``: matching packets are dropped."""

    @property
    def attachments(self) -> tuple[str, ...]:
        """The attachments, or ``("blackhole",)``."""
        return (self.via,) if isinstance(self.via, str) else self.via


class TransitGatewayRouteTableProperties(Properties):
    """Routes between the attachments of a transit gateway."""

    transit_gateway: TransitGatewayIn
    """The transit gateway it belongs to."""
    default_association: bool = False
    """Whether attachments that name no table are associated with it."""
    default_propagation: bool = False
    """Whether attachments propagate to it unless ``propagations`` says which do."""
    routes: tuple[TransitRoute, ...] = ()
    """The static rows; propagated ones follow from ``propagations``."""
    propagations: tuple[AttachmentRef, ...] | None = None
    """The attachments whose blocks appear here by themselves; left out: all of the transit gateway if
    this is its default propagation table, otherwise none."""
    state: Literal["available", "pending", "deleting", "deleted"] = Field(default="available")
    """Its state."""


__all__ = [
    "TransitGatewayAttachmentProperties",
    "TransitGatewayProperties",
    "TransitGatewayRouteTableProperties",
    "TransitRoute",
]
