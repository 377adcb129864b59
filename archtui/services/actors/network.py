"""What clients are to packets."""

from __future__ import annotations

from archtui.model.component import Component
from archtui.network.addresses import parse_address
from archtui.network.builder import NetworkBuilder
from archtui.network.interface import NetworkPart
from archtui.services.actors.properties import ClientProperties
from archtui.world.world import World


class ClientNetwork(NetworkPart):
    """A client is a public address outside AWS."""

    def contribute(self, component: Component, world: World, builder: NetworkBuilder) -> None:
        properties = component.properties
        assert isinstance(properties, ClientProperties)
        ipv6 = parse_address(properties.ipv6_address) if properties.ipv6_address else None
        builder.external(component.id, parse_address(properties.address), ipv6)
