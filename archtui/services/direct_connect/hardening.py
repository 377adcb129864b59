"""What makes a Direct Connect line fail less, or its loss be noticed sooner."""

from __future__ import annotations

from archtui.failure.interface import properties_as
from archtui.failure.remedies.interface import Cost, Hardens, Remedy
from archtui.model.component import Component
from archtui.model.edits import set_property
from archtui.services.direct_connect import properties as p
from archtui.services.direct_connect.edits import backup_vpn
from archtui.world.world import World


class ConnectionHardens(Hardens):
    """A VPN connection beside the line."""

    def remedies(self, component: Component, world: World) -> tuple[Remedy, ...]:
        edit = backup_vpn(component.id, properties_as(component, p.DirectConnectConnectionProperties).site or "", world)
        why = "A line has no second way by itself; a VPN connection over the internet carries the traffic without it."
        return (Remedy("direct_connect.vpn_backup", component.id, edit, Cost.LOW, why),) if edit else ()


class VirtualInterfaceHardens(Hardens):
    """BFD on its BGP session."""

    def remedies(self, component: Component, world: World) -> tuple[Remedy, ...]:
        if properties_as(component, p.VirtualInterfaceProperties).bfd:
            return ()
        edit = set_property(component.id, ("bfd",), True)
        why = "BFD notices a dead line in less than a second, the BGP hold timer in 90 s."
        return (Remedy("direct_connect.bfd", component.id, edit, Cost.NONE, why),)
