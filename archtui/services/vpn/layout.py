"""How VPN gateways are drawn."""

from __future__ import annotations

from typing_extensions import override

from archtui.layout.depict import Depiction, Depicts
from archtui.model.component import Component
from archtui.services.vpn.properties import VirtualPrivateGatewayProperties
from archtui.world.world import World


class DepictsVpnGateway(Depicts):
    """On its VPC's border, towards the customer."""

    @override
    def depict(self, component: Component, world: World) -> Depiction:
        """Return the node; a detached one stands in the settings."""
        properties = component.properties
        attached = isinstance(properties, VirtualPrivateGatewayProperties) and properties.vpc is not None
        return Depiction("border" if attached else "setting")
