"""How the ECS family is drawn."""

from __future__ import annotations

from typing_extensions import override

from archtui.layout.depict import Always, Depiction, Depicts, ExtraEdge
from archtui.model.component import Component
from archtui.services.containers import FleetProperties
from archtui.world.world import World

SETTING = Always(Depiction("setting", style=None))


class DepictsFleet(Depicts):
    """A node across its zones, behind the target groups in which its members are registered."""

    @override
    def depict(self, component: Component, world: World) -> Depiction:
        """Return the node; traffic comes from the target group to it, whoever names whom."""
        properties = component.properties
        found = properties.load_balancers if isinstance(properties, FleetProperties) else ()
        edges = tuple(ExtraEdge(item.target_group, component.id, "forward") for item in found)
        return Depiction("inside", style=None, edges=edges)
