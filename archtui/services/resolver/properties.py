"""Properties of resolver endpoints and rules, named as the Route 53 Resolver API names them."""

from __future__ import annotations

from typing import Annotated, Literal

from archtui.model.fields import Address, Part, Port, Properties, Reference, Region
from archtui.services.references import SecurityGroupRef, SubnetIn, VpcIn


class ResolverEndpointProperties(Properties):
    """Interfaces in subnets of a VPC, for questions that come in or go out."""

    vpc: VpcIn
    """The VPC whose resolver it belongs to."""
    direction: Literal["inbound", "outbound"]
    """Whether others ask the VPC's resolver through it, or the resolver asks others."""
    subnets: tuple[SubnetIn, ...] = ()
    """The subnets with an interface; two or more for more than one zone."""
    private_ips: tuple[Address, ...] = ()
    """Its addresses in the order of its subnets; left out: the next free ones."""
    security_groups: tuple[SecurityGroupRef, ...] = ()
    """Its security groups; left out: the VPC's default group."""
    state: Literal["operational", "action_needed", "creating", "deleting"] = "operational"
    """Its state; only an operational one works."""


class NameServer(Part):
    """A name server that questions are forwarded to."""

    address: Address
    """Its address."""
    port: Port = 53
    """Its port."""


class ResolverRuleProperties(Properties):
    """Which names the resolver of the associated VPCs asks elsewhere."""

    domain: str
    """The domain it is for, with all below it; ``.``: every name."""
    type: Literal["forward", "system"] = "forward"
    """``forward`` asks ``targets``; ``system`` takes a part of a forwarded domain back to the VPC's own resolver."""
    endpoint: Annotated[str, Reference(("resolver_endpoint",), "uses")] | None = None
    """The outbound endpoint that it forwards through."""
    targets: tuple[NameServer, ...] = ()
    """The name servers it forwards to."""
    vpcs: tuple[Annotated[str, Reference(("vpc",), "uses")], ...] = ()
    """The VPCs it is associated with, also of other accounts that it is shared with."""
    region: Region | None = None
    """Its region; left out: the design's."""
    account: str | None = None
    """The owning account; left out: the blueprint's."""


__all__ = ["NameServer", "ResolverEndpointProperties", "ResolverRuleProperties"]
