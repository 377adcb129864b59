"""Properties of VPC endpoints, named as the EC2 API names them."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import model_validator

from archtui.model.fields import Address, Properties, Reference
from archtui.services.permissions import PolicyJson
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
    policy: PolicyJson = ""
    """The endpoint policy as JSON; left out: full access."""
    state: EndpointState = "available"
    """Its state; only ``available`` forwards."""


class InterfaceEndpointProperties(Properties):
    """Interfaces in subnets that stand for a service (AWS PrivateLink)."""

    vpc: VpcIn
    """The VPC it serves."""
    service: str = ""
    """The service's name: ``com.amazonaws.eu-west-1.ec2``, or short ``ec2``; left out: the provider's."""
    provider: Annotated[str, Reference(("vpc_endpoint_service",), "targets")] | None = None
    """The endpoint service of this design that it leads to; left out: the one with the service's name."""
    subnets: tuple[SubnetIn, ...] = ()
    """The subnets with an interface, one for each zone."""
    security_groups: tuple[SecurityGroupRef, ...] = ()
    """Its security groups; left out: the VPC's default group."""
    private_ips: tuple[Address, ...] = ()
    """Its addresses in the order of its subnets; left out: the next free ones."""
    private_dns: bool = True
    """Whether the service's public name resolves to it inside the VPC."""
    policy: PolicyJson = ""
    """The endpoint policy as JSON; left out: full access."""
    state: EndpointState = "available"
    """Its state; only ``available`` answers."""

    @model_validator(mode="after")
    def _names_a_service(self) -> Self:
        if not (self.service or self.provider):
            raise ValueError("it leads nowhere; name a service, or a provider of this design")
        return self


class EndpointServiceProperties(Properties):
    """What a provider offers to endpoints in other VPCs (AWS PrivateLink)."""

    balancers: tuple[Annotated[str, Reference(("network_load_balancer",), "targets")], ...] = ()
    """The Network Load Balancers that take its connections; its zones are theirs."""
    name: str = ""
    """Its name: ``com.amazonaws.vpce.eu-west-1.vpce-svc-...``; left out: what AWS makes up."""
    acceptance_required: bool = True
    """Whether the provider accepts each endpoint by hand."""
    accepted: tuple[Annotated[str, Reference(("interface_vpc_endpoint",), "uses")], ...] | None = None
    """The endpoints it has accepted; left out: all."""
    allowed_principals: tuple[str, ...] = ()
    """Who of other accounts may make endpoints: account numbers, ARNs or ``*``."""
    private_dns_name: str | None = None
    """The host name under which endpoints with private DNS find it."""
    private_dns_verified: bool = True
    """Whether the provider has proved that the host name is its own."""
    state: Literal["available", "pending", "deleting", "deleted", "failed"] = "available"
    """Its state; only ``available`` serves."""


__all__ = ["EndpointServiceProperties", "GatewayEndpointProperties", "InterfaceEndpointProperties"]
