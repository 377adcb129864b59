"""What AWS makes along with a VPN connection: two tunnels, and an attachment where a transit gateway is its end."""

from __future__ import annotations

from archtui.model.component import Component
from archtui.services.transit_gateway.properties import TransitGatewayAttachmentProperties
from archtui.services.vpn.properties import VpnConnectionProperties, VpnTunnelProperties
from archtui.services.vpn.uplinks import tunnel_id
from archtui.world.expand import Draft, Expands


class ExpandsVpnConnection(Expands):
    """A connection has two tunnels (Site-to-Site VPN guide, 'How AWS Site-to-Site VPN works'), and one to a transit
    gateway is attached to it (Transit Gateway guide, 'Transit gateway VPN attachments')."""

    order = 13

    def expand(self, component: Component, draft: Draft) -> None:
        properties = component.properties
        if not isinstance(properties, VpnConnectionProperties):
            return
        name = component.id
        written = {
            tunnel.properties.number
            for tunnel in draft.referrers(name, "vpn_tunnel")
            if isinstance(tunnel.properties, VpnTunnelProperties)
        }
        for number in {1, 2} - written:
            draft.add(tunnel_id(name, number), "vpn_tunnel", {"connection": name, "number": number})
        gateway = draft.get(properties.gateway) if properties.gateway else None
        if gateway is None or gateway.kind.name != "transit_gateway" or properties.state != "available":
            return
        attached = [
            item.properties.vpn_connection
            for item in draft.referrers(name, "transit_gateway_attachment")
            if isinstance(item.properties, TransitGatewayAttachmentProperties)
        ]
        if not attached:
            body = {"transit_gateway": gateway.id, "vpn_connection": name}
            draft.add(f"{name}:attachment", "transit_gateway_attachment", dict(body))
