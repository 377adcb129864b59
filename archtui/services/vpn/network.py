"""What virtual private gateways are to packets: what lies behind them is not decided here."""

from __future__ import annotations

from archtui.model.component import Component
from archtui.network.addresses import parse_block
from archtui.network.builder import NetworkBuilder
from archtui.network.flow import UDP
from archtui.network.interface import NetworkPart
from archtui.network.model import Opaque, PublicService
from archtui.services.vpn import properties as p
from archtui.world.world import World


def connections_of(gateway: str, world: World) -> tuple[p.VpnConnectionProperties, ...]:
    """Return the VPN connections that end at ``gateway``."""
    found = (world.components[edge.source].properties for edge in world.referrers(gateway))
    return tuple(item for item in found if isinstance(item, p.VpnConnectionProperties))


def connection_state(properties: p.VpnConnectionProperties) -> str:
    """Say why a connection carries nothing; empty: it does."""
    if properties.state != "available":
        return f"it is {properties.state}"
    return "" if "up" in properties.tunnels else "both tunnels are down"


class VirtualPrivateGatewayNetwork(NetworkPart):
    """A route target that leads out of AWS."""

    def contribute(self, component: Component, world: World, builder: NetworkBuilder) -> None:
        properties = component.properties
        assert isinstance(properties, p.VirtualPrivateGatewayProperties)
        connections = connections_of(component.id, world)
        missing = f"the networks behind {component.id}: its VPN connections and Direct Connect are not followed"
        state, code = "", "BAD_STATE"
        if properties.state != "available":
            state = f"it is {properties.state}"
        elif not properties.vpc:
            state, code = "it is attached to no VPC", "BAD_STATE_ATTACHMENT"
        elif connections and all(connection_state(item) for item in connections):
            state, code = f"its VPN connections are down ({connection_state(connections[0])})", "BAD_STATE_VPN"
        builder.gateway(Opaque(component.id, missing, state, code))


class VpnConnectionNetwork(NetworkPart):
    """The AWS side of the tunnels: public addresses that take IKE and answer pings (measured)."""

    def contribute(self, component: Component, world: World, builder: NetworkBuilder) -> None:
        properties = component.properties
        assert isinstance(properties, p.VpnConnectionProperties)
        if properties.outside_addresses and properties.state == "available":
            blocks = tuple(parse_block(f"{address}/32") for address in properties.outside_addresses)
            builder.service(PublicService(component.id, blocks, frozenset({(UDP, 500), (UDP, 4500)})))
