"""What Direct Connect is to packets; private and transit virtual interfaces come with the gateways they end at."""

from __future__ import annotations

from archtui.model.component import Component
from archtui.network.builder import NetworkBuilder
from archtui.network.interface import NetworkPart
from archtui.services.direct_connect.uplinks import public_uplinks
from archtui.world.world import World


class PublicVirtualInterfaceNetwork(NetworkPart):
    """A public virtual interface is a link to AWS's public addresses."""

    def contribute(self, component: Component, world: World, builder: NetworkBuilder) -> None:
        for link in public_uplinks(world):
            if link.component == component.id:
                builder.public_uplink(link)
