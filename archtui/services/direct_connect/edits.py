"""Edits about Direct Connect lines that rules and remedies offer."""

from __future__ import annotations

from archtui.model.edits import Edit, add_component, unused_id
from archtui.services.direct_connect.properties import PrivateVirtualInterfaceProperties
from archtui.services.direct_connect.uplinks import lines_of
from archtui.services.lookups import as_kind, each
from archtui.services.vpn.properties import CustomerGatewayProperties, VirtualPrivateGatewayProperties
from archtui.world.world import World


def devices_of(site: str, world: World) -> list[str]:
    """Return the customer gateways that stand at ``site``."""
    return [c.id for c, p in each(world, CustomerGatewayProperties) if site and p.site == site]


def backup_vpn(line: str, site: str, world: World) -> Edit | None:
    """Return the edit that adds a VPN connection beside ``line``, from a device of ``site``; None: there is none."""
    devices = devices_of(site, world)
    ends = [
        p.gateway
        for _, p in each(world, PrivateVirtualInterfaceProperties)
        if line in [name for name, _ in lines_of(p.connection, world)]
        and as_kind(world, p.gateway, VirtualPrivateGatewayProperties) is not None
    ]
    if not devices or not ends:
        return None
    name = unused_id(world.components, f"{line}-backup")
    return add_component(name, "vpn_connection", {"gateway": ends[0], "customer_gateway": devices[0]})
