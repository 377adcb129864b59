"""VPC endpoints: private ways to AWS services and to services of others."""

from archtui.model.kinds import Kind
from archtui.services.hardening import Hardening
from archtui.services.policy_edits import PolicyRemedies
from archtui.services.vpc_endpoints import describe, failure
from archtui.services.vpc_endpoints import properties as p
from archtui.services.vpc_endpoints.names import EndpointName, PrivateName
from archtui.services.vpc_endpoints.network import (
    EndpointServiceNetwork,
    GatewayEndpointNetwork,
    InterfaceEndpointNetwork,
)
from archtui.services.vpc_endpoints.permission import EndpointGuards

KINDS = (
    Kind(
        name="gateway_vpc_endpoint",
        title="Gateway VPC endpoint",
        slug="gateway_endpoint",
        family="vpc_endpoints",
        code="ge",
        glyph="⊳",
        summary="A route target that reaches S3 or DynamoDB without the internet.",
        properties=p.GatewayEndpointProperties,
        scope="vpc",
        traces=("packet",),
        behaviours=(
            GatewayEndpointNetwork(),
            failure.GatewayEndpointFails(),
            EndpointGuards(),
            PolicyRemedies(),
            describe.DescribesGatewayEndpoint(),
        ),
    ),
    Kind(
        name="interface_vpc_endpoint",
        title="Interface VPC endpoint",
        slug="interface_endpoint",
        family="vpc_endpoints",
        code="ie",
        glyph="⊲",
        summary="Interfaces in subnets that stand for a service (AWS PrivateLink).",
        properties=p.InterfaceEndpointProperties,
        scope="vpc",
        aliases=("vpc_endpoint",),
        traces=("packet", "request"),
        behaviours=(
            InterfaceEndpointNetwork(),
            EndpointName(),
            failure.InterfaceEndpointFails(),
            EndpointGuards(),
            PolicyRemedies(),
            Hardening(__name__, "InterfaceEndpointHardens"),
            describe.DescribesInterfaceEndpoint(),
        ),
    ),
    Kind(
        name="vpc_endpoint_service",
        title="VPC endpoint service",
        slug="privatelink",
        family="vpc_endpoints",
        code="es",
        glyph="⊶",
        summary="Offers what is behind a Network Load Balancer to endpoints in other VPCs (AWS PrivateLink).",
        properties=p.EndpointServiceProperties,
        scope="region",
        aliases=("endpoint_service",),
        traces=("packet", "request"),
        behaviours=(
            EndpointServiceNetwork(),
            PrivateName(),
            failure.EndpointServiceFails(),
            describe.DescribesEndpointService(),
        ),
    ),
)
