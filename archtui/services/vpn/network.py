"""What virtual private gateways, customer gateways and VPN connections are to packets."""

from __future__ import annotations

from archtui.model.component import Component
from archtui.network.addresses import parse_block
from archtui.network.builder import NetworkBuilder
from archtui.network.flow import UDP
from archtui.network.interface import NetworkPart
from archtui.network.model import Premises, PrivateGateway, PublicService, Route, Uplink
from archtui.services.direct_connect.uplinks import uplinks_to
from archtui.services.lookups import each
from archtui.services.on_prem.sites import stated
from archtui.services.vpc.properties import RouteTableProperties
from archtui.services.vpn import properties as p
from archtui.services.vpn.uplinks import connections_of, uplinks_of
from archtui.world.world import World


class VirtualPrivateGatewayNetwork(NetworkPart):
    """A route target with links to the customer's networks; it propagates their routes to the tables that take them."""

    def contribute(self, component: Component, world: World, builder: NetworkBuilder) -> None:
        properties = component.properties
        assert isinstance(properties, p.VirtualPrivateGatewayProperties)
        links: list[Uplink] = []
        for connection, given in connections_of(component.id, world):
            links.extend(uplinks_of(connection.id, given, "", world))
        links.extend(uplinks_to(component.id, world))
        state, code = "", "BAD_STATE"
        if properties.state != "available":
            state = f"it is {properties.state}"
        elif not properties.vpc:
            state, code = "it is attached to no VPC", "BAD_STATE_ATTACHMENT"
        elif links and all(link.state for link in links):
            state, code = f"its VPN connections are down ({links[0].component}: {links[0].state})", "BAD_STATE_VPN"
        missing = f"the networks behind {component.id}: no VPN connection or virtual interface of the design ends there"
        gateway = PrivateGateway(component.id, properties.vpc or "", tuple(links), "", state, code, missing)
        builder.gateway(gateway)
        if not state:
            _propagate(gateway, world, builder)


def _propagate(gateway: PrivateGateway, world: World, builder: NetworkBuilder) -> None:
    """Bring the learnt routes into the tables that take them (VPC User Guide, 'Route propagation').

    Rows that the design holds already (AWS lists them) are all there are.
    """
    live = [link for link in gateway.uplinks if not link.state]
    for table, properties in each(world, RouteTableProperties):
        if gateway.id not in properties.propagating or properties.vpc != gateway.vpc:
            continue
        if any(row.via == gateway.id and row.origin == "propagated" for row in properties.routes):
            continue
        for block in dict.fromkeys(block for link in live for block in link.learnt or ()):
            row = Route(block, gateway.id, "propagated", True, table.id, ("propagating",))
            builder.route(table.id, row)
        open_ = [link.missing for link in live if link.learnt is None]
        for missing in dict.fromkeys(open_ if gateway.uplinks else [gateway.missing]):
            builder.doubt(table.id, gateway.id, missing)


class CustomerGatewayNetwork(NetworkPart):
    """A customer gateway that states the networks behind it stands for its site."""

    def contribute(self, component: Component, world: World, builder: NetworkBuilder) -> None:
        properties = component.properties
        assert isinstance(properties, p.CustomerGatewayProperties)
        if properties.networks is not None and not properties.site:
            builder.premises(Premises(component.id, stated(properties.networks), ""))


class VpnConnectionNetwork(NetworkPart):
    """The AWS side of the tunnels: public addresses that take IKE and answer pings (measured)."""

    def contribute(self, component: Component, world: World, builder: NetworkBuilder) -> None:
        properties = component.properties
        assert isinstance(properties, p.VpnConnectionProperties)
        if properties.outside_addresses and properties.state == "available":
            blocks = tuple(parse_block(f"{address}/32") for address in properties.outside_addresses)
            builder.service(PublicService(component.id, blocks, frozenset({(UDP, 500), (UDP, 4500)})))
