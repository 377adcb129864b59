"""How the EKS family is drawn."""

from __future__ import annotations

from typing_extensions import override

from archtui.layout.depict import Always, Depiction, Depicts, ExtraEdge
from archtui.model.component import Component
from archtui.services.eks.balancers import balancer_of
from archtui.world.world import World

SETTING = Always(Depiction("setting", style=None))


class DepictsEntry(Depicts):
    """A node with the pods or Services it sends to; its balancer stands before it."""

    @override
    def depict(self, component: Component, world: World) -> Depiction:
        """Return the node with an edge from the balancer that is made for it."""
        name = balancer_of(component.id)
        edges = (ExtraEdge(name, component.id, "forward"),) if name in world.components else ()
        return Depiction("inside", edges=edges)


__all__ = ["SETTING", "DepictsEntry"]
