"""How load balancers are drawn."""

from __future__ import annotations

from archtui.layout.depict import Depiction, Depicts, ExtraEdge
from archtui.model.component import Component
from archtui.services.elb.properties import LoadBalancerProperties
from archtui.world.world import World


class DepictsBalancer(Depicts):
    """A node across its zones; an internet-facing one is fed by its VPC's internet gateway."""

    def depict(self, component: Component, world: World) -> Depiction:
        """Return the node."""
        properties = component.properties
        vpc = world.placement(component.id).vpc
        edges: tuple[ExtraEdge, ...] = ()
        if isinstance(properties, LoadBalancerProperties) and properties.scheme == "internet-facing" and vpc:
            edges = tuple(
                ExtraEdge(edge.source, component.id, "flow")
                for edge in world.referrers(vpc)
                if world.kind(edge.source).name == "internet_gateway"
            )
        return Depiction("inside", edges=edges)
