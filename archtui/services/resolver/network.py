"""What resolver endpoints are to packets: interfaces that take questions on port 53, or send them."""

from __future__ import annotations

from archtui.failure.interface import properties_as
from archtui.model.component import Component
from archtui.network.addresses import parse_address
from archtui.network.builder import InterfaceSpec, NetworkBuilder
from archtui.network.flow import TCP, UDP
from archtui.network.interface import Attached, NetworkPart
from archtui.network.model import Listens
from archtui.services.resolver.properties import ResolverEndpointProperties
from archtui.services.vpc.network_interfaces import described_in
from archtui.world.world import World

DNS = 53


class ResolverEndpointNetwork(NetworkPart):
    """An inbound endpoint answers on port 53; an outbound one answers nobody."""

    def contribute(self, component: Component, world: World, builder: NetworkBuilder) -> None:
        properties, attached = properties_as(component, ResolverEndpointProperties), self.attached(component, world)
        for index, subnet in enumerate(properties.subnets):
            if described_in(component, world, subnet) is not None:
                continue
            name, written = f"{component.id}:{subnet}", properties.private_ips[index : index + 1]
            builder.interface(
                InterfaceSpec(
                    name,
                    component.id,
                    name,
                    subnet,
                    attached.answer,
                    properties.security_groups,
                    tuple(parse_address(address) for address in written),
                    state=attached.state,
                    rank=index,
                    opens=attached.opens,
                )
            )

    def attached(self, component: Component, world: World) -> Attached:
        properties = properties_as(component, ResolverEndpointProperties)
        inbound = properties.direction == "inbound"
        ports = frozenset({(TCP, DNS), (UDP, DNS)}) if inbound else frozenset()
        what = f"{component.id} answers on port 53 alone" if inbound else f"{component.id} answers nobody"
        state = "" if properties.state == "operational" else f"it is {properties.state.replace('_', ' ')}"
        return Attached(Listens(ports, "PROTOCOL_RESTRICTION", what), state=state, opens=not inbound)
