"""How clusters of nodes come back: another node takes over, or nothing does until a person acts."""

from __future__ import annotations

from dataclasses import replace

from archtui import facts
from archtui.failure.interface import Fails, Mechanism, Situation, mechanism
from archtui.model.component import Component
from archtui.services.node_trace import ClusterBehaviour
from archtui.services.nodes import cluster_of


class ClusterFails(Fails):
    """The first node's loss starts a failover where the cluster has one; each node is lost with its zone."""

    fallback = "zonal_resource"
    """What happens where nothing takes over."""

    def __init__(self, behaviour: ClusterBehaviour, *, sla: str = "", fallback: str = "") -> None:
        self.behaviour = behaviour
        self.sla = sla
        self.fallback = fallback or type(self).fallback

    def done(self, component: Component, name: str) -> str:
        """Say what has happened when ``name`` is complete."""
        if self.behaviour.replaced(component):
            return f"The node of {component.id} has been replaced, empty; its name leads there."
        return f"Another node of {component.id} has taken over; its name leads there now."

    def mechanisms(self, component: Component, situation: Situation) -> tuple[Mechanism, ...]:
        nodes = cluster_of(component).nodes()
        world = situation.world
        zones = [next(iter(world.placement(node.subnet).zones), "") for node in nodes]
        by_itself = component.id in situation.condition.down
        lost_zones = situation.lost_zones(component.id)
        if not nodes or not (by_itself or zones[0] in lost_zones):
            return ()
        lost = (component.id,) if by_itself else (f"{component.id} in {zones[0]}",)
        left = [zone for zone in zones[1:] if zone not in lost_zones]
        name = self.behaviour.mechanism(component)
        if self.behaviour.spread(component) and left and not by_itself:
            return ()
        if not name:
            text = f"{component.id} stays down until its zone is back or a person restores it elsewhere."
            return (mechanism(self.fallback, component.id, lost=lost, done=text),)
        hindered = ""
        if component.kind.name in situation.condition.services:
            hindered = "the whole service is down"
        elif world.placement(component.id).region in situation.condition.regions:
            hindered = "its region is lost, all nodes with it"
        elif not left and not (by_itself and self.behaviour.replaced(component)):
            hindered = "no node in another zone works" if len(nodes) > 1 else "it has no other node"
        found = mechanism(
            name,
            component.id,
            lost=lost,
            done=self.done(component, name),
            formula="published failover time, detection included",
            control_planes=tuple(plane for plane in (facts.failover(name).control_plane,) if plane),
            hindered=hindered,
        )
        return (replace(found, data_loss=None) if hindered else found,)


__all__ = ["ClusterFails"]
