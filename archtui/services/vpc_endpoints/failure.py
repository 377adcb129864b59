"""How VPC endpoints behave when a zone is lost."""

from __future__ import annotations

from archtui.failure.interface import Managed


class GatewayEndpointFails(Managed):
    """A gateway endpoint is resilient in its region (failover table: vpc_endpoint.gateway)."""

    goes_on_by = "vpc_endpoint.gateway"


class InterfaceEndpointFails(Managed):
    """An interface endpoint has an interface in each of its subnets (failover table: vpc_endpoint.interface)."""

    sla = "aws-privatelink"
    goes_on_by = "vpc_endpoint.interface"


class EndpointServiceFails(Managed):
    """An endpoint service works in the zones in which its balancers do."""


__all__ = ["EndpointServiceFails", "GatewayEndpointFails", "InterfaceEndpointFails"]
