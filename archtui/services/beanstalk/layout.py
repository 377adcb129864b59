"""How environments are drawn."""

from __future__ import annotations

from typing_extensions import override

from archtui.layout.depict import Depiction, Depicts, ExtraEdge
from archtui.model.component import Component
from archtui.services.beanstalk.expand import part
from archtui.world.world import World


class DepictsEnvironment(Depicts):
    """A node behind the balancer that Beanstalk makes for it."""

    @override
    def depict(self, component: Component, world: World) -> Depiction:
        """Return the node with the balancer's edge."""
        name = part(component.id, "lb")
        return Depiction(
            "inside", edges=(ExtraEdge(name, component.id, "forward"),) if name in world.components else ()
        )
