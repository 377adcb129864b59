"""Edits about VPN connections that rules and remedies offer."""

from __future__ import annotations

from archtui.model.component import Json
from archtui.model.edits import Edit, add_component, join, unused_id
from archtui.services.lookups import as_kind
from archtui.services.vpn.properties import CustomerGatewayProperties, VpnConnectionProperties
from archtui.world.world import World


def second_device(world: World, connection: str, gateway: str) -> Edit | None:
    """Return the edit that adds another device at the site of ``connection``, connected to ``gateway`` too."""
    first = as_kind(world, connection, VpnConnectionProperties)
    if first is None or not first.customer_gateway:
        return None
    given = as_kind(world, first.customer_gateway, CustomerGatewayProperties)
    device = unused_id(world.components, f"{first.customer_gateway}-2")
    name = unused_id(world.components, f"{connection}-2")
    body: dict[str, Json] = {"site": given.site} if given and given.site else {}
    link: dict[str, Json] = {"gateway": gateway, "customer_gateway": device}
    edits = (add_component(device, "customer_gateway", body), add_component(name, "vpn_connection", link))
    return join(f"add a second device {device}", edits)
