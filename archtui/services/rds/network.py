"""What database instances are to packets."""

from __future__ import annotations

from archtui.model.component import Component
from archtui.network.addresses import parse_address
from archtui.network.builder import InterfaceSpec, NetworkBuilder
from archtui.network.flow import TCP
from archtui.network.interface import Attached, NetworkPart
from archtui.network.model import Listens
from archtui.services.rds.properties import DbInstanceProperties
from archtui.services.vpc.network_interfaces import described_interfaces
from archtui.world.world import World, zone_name

FAILOVER = "rds.multi_az_instance"
"""The mechanism that promotes the standby."""


class DatabaseNetwork(NetworkPart):
    """A database answers on one port, from the primary's subnet; a standby waits in another zone."""

    def contribute(self, component: Component, world: World, builder: NetworkBuilder) -> None:
        properties = component.properties
        assert isinstance(properties, DbInstanceProperties)
        if not properties.subnets or next(described_interfaces(component, world), None) is not None:
            return
        primary, standby = self._subnets(component, properties, world)
        attached = self.attached(component, world)
        for subnet, waits in ((primary, False), (standby, True)):
            if subnet is not None:
                builder.interface(
                    InterfaceSpec(
                        f"{component.id}:standby" if waits else f"{component.id}:eni",
                        component.id,
                        f"{component.id}:standby" if waits else component.id,
                        subnet,
                        attached.answer,
                        properties.security_groups,
                        (parse_address(properties.private_ip),) if properties.private_ip and not waits else (),
                        "auto" if properties.publicly_accessible else None,
                        state=attached.state,
                        standby=FAILOVER if waits else "",
                        rank=int(waits),
                    )
                )

    @staticmethod
    def _subnets(component: Component, properties: DbInstanceProperties, world: World) -> tuple[str, str | None]:
        """Return the subnets of the primary and of the standby."""
        region = world.placement(component.id).region
        zones = {subnet: world.placement(subnet).zones for subnet in properties.subnets}

        def in_zone(zone: str | None) -> str | None:
            name = zone_name(zone, region) if zone else None
            return next((subnet for subnet in properties.subnets if name in zones[subnet]), None)

        primary = in_zone(properties.az) or properties.subnets[0]
        if not properties.multi_az:
            return primary, None
        other = next((subnet for subnet in properties.subnets if zones[subnet] != zones[primary]), None)
        return primary, in_zone(properties.standby_az) or other

    def attached(self, component: Component, world: World) -> Attached:
        properties = component.properties
        assert isinstance(properties, DbInstanceProperties)
        port = properties.listener_port
        what = f"{component.id} listens on tcp {port} alone and answers no ping"
        state = "" if properties.state == "available" else f"it is {properties.state}"
        return Attached(Listens(frozenset({(TCP, port)}), "PROTOCOL_RESTRICTION", what), component.id, state)
