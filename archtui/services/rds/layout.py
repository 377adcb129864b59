"""How databases are drawn."""

from __future__ import annotations

from archtui.layout.depict import Depiction, Depicts, ExtraEdge
from archtui.model.component import Component
from archtui.services.rds.properties import DbInstanceProperties
from archtui.world.world import World, zone_name


class DepictsDatabase(Depicts):
    """A node across the zones of its subnet group, with the primary and the standby named where known."""

    def depict(self, component: Component, world: World) -> Depiction:
        """Return the node."""
        properties = component.properties
        if not isinstance(properties, DbInstanceProperties):
            return Depiction("inside")
        words: dict[str, str] = {}
        for zone, word in ((properties.az, "primary"), (properties.standby_az, "standby")):
            for subnet in properties.subnets:
                place = world.placement(subnet) if subnet in world.components else None
                if zone and place and zone_name(zone, place.region) in place.zones:
                    words.setdefault(subnet, word)
        edges = (
            (ExtraEdge(properties.replica_of, component.id, "replica"),) if properties.replica_of is not None else ()
        )
        return Depiction("inside", words=words, edges=edges)
