"""Endpoint policies: what may be called through a VPC endpoint, whoever calls."""

from __future__ import annotations

from archtui.model.component import Component
from archtui.services.vpc_endpoints.properties import GatewayEndpointProperties, InterfaceEndpointProperties
from archtui.trace.permission import GuardsWay


class EndpointGuards(GuardsWay):
    """Without a policy an endpoint lets everything pass.

    Source: AWS PrivateLink Guide, "Control access to VPC endpoints using endpoint policies".
    """

    def policy(self, component: Component) -> str:
        return _endpoint(component).policy

    def vpc(self, component: Component) -> str:
        return _endpoint(component).vpc


def _endpoint(component: Component) -> GatewayEndpointProperties | InterfaceEndpointProperties:
    if not isinstance(component.properties, GatewayEndpointProperties | InterfaceEndpointProperties):
        raise TypeError(f"{component.id} is no VPC endpoint")
    return component.properties
