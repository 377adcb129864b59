"""What makes a VPN connection fail less."""

from __future__ import annotations

from archtui.failure.interface import properties_as
from archtui.failure.remedies.interface import Cost, Hardens, Remedy
from archtui.model.component import Component
from archtui.model.edits import set_property
from archtui.services.vpn.edits import second_device
from archtui.services.vpn.properties import VpnConnectionProperties
from archtui.services.vpn.uplinks import connections_of
from archtui.world.world import World

_FAST = 30.0
"""The shortest DPD timeout in seconds that AWS allows ("Tunnel options for your Site-to-Site VPN connection")."""


class VpnConnectionHardens(Hardens):
    """A second device at the site, and a shorter DPD timeout."""

    def remedies(self, component: Component, world: World) -> tuple[Remedy, ...]:
        given = properties_as(component, VpnConnectionProperties)
        found: list[Remedy] = []
        devices = {p.customer_gateway for _, p in connections_of(given.gateway, world)} if given.gateway else set()
        edit = second_device(world, component.id, given.gateway) if given.gateway and len(devices) == 1 else None
        if edit:
            why = "Both tunnels end at one device of the customer; a second one keeps the site connected without it."
            found.append(Remedy("vpn.second_device", component.id, edit, Cost.MEDIUM, why))
        if given.dpd_timeout > _FAST:
            quicker = set_property(component.id, ("dpd_timeout",), "30s")
            why = "Dead peer detection gives a dead tunnel up sooner."
            found.append(Remedy("vpn.dpd_timeout", component.id, quicker, Cost.NONE, why))
        return tuple(found)
