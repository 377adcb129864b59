"""Properties of VPC endpoints, named as the EC2 API names them."""

from __future__ import annotations

from typing import Annotated, Literal

from archtui.model.fields import Address, Properties, Reference
from archtui.services.references import RouteTableRef, SecurityGroupRef, SubnetIn, VpcIn

EndpointState = Literal[
    "available", "pendingAcceptance", "pending", "deleting", "deleted", "rejected", "failed", "expired", "partial"
]


class GatewayEndpointProperties(Properties):
    """A route target for S3 or DynamoDB, without an address of its own."""

    vpc: VpcIn
    """The VPC it serves."""
    service: str
    """The service's name: ``com.amazonaws.eu-west-1.s3``, or short ``s3`` or ``dynamodb``."""
    prefix_list: Annotated[str, Reference(("prefix_list",), "uses")] | None = None
    """The service's addresses; left out: the prefix list of that name, where the design has one."""
    route_tables: tuple[RouteTableRef, ...] = ()
    """The tables that get a route to it by themselves."""
    policy: str = ""
    """The endpoint policy as JSON; left out: full access."""
    state: EndpointState = "available"
    """Its state; only ``available`` forwards."""


class InterfaceEndpointProperties(Properties):
    """Interfaces in subnets that stand for a service (AWS PrivateLink)."""

    vpc: VpcIn
    """The VPC it serves."""
    service: str
    """The service's name: ``com.amazonaws.eu-west-1.ec2``, or short ``ec2``."""
    subnets: tuple[SubnetIn, ...] = ()
    """The subnets with an interface, one for each zone."""
    security_groups: tuple[SecurityGroupRef, ...] = ()
    """Its security groups; left out: the VPC's default group."""
    private_ips: tuple[Address, ...] = ()
    """Its addresses in the order of its subnets; left out: the next free ones."""
    private_dns: bool = True
    """Whether the service's public name resolves to it inside the VPC."""
    policy: str = ""
    """The endpoint policy as JSON; left out: full access."""
    state: EndpointState = "available"
    """Its state; only ``available`` answers."""


__all__ = ["GatewayEndpointProperties", "InterfaceEndpointProperties"]
