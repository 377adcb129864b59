"""How the EC2 family is drawn."""

from __future__ import annotations

from typing_extensions import override

from archtui.layout.depict import Always, Depiction, Depicts, ExtraEdge
from archtui.model.component import Component
from archtui.services.ec2.properties import AutoScalingGroupProperties
from archtui.world.world import World

SETTING = Always(Depiction("setting", style=None))


class DepictsGroup(Depicts):
    """A node across its zones, behind the target groups it registers in."""

    @override
    def depict(self, component: Component, world: World) -> Depiction:
        """Return the node; traffic comes from the target group to it, whoever names whom."""
        properties = component.properties
        groups = properties.target_groups if isinstance(properties, AutoScalingGroupProperties) else ()
        return Depiction(
            "inside", style=None, edges=tuple(ExtraEdge(group, component.id, "forward") for group in groups)
        )
