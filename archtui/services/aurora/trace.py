"""How clusters' endpoints choose an instance, and what a proxy does with a connection."""

from __future__ import annotations

from dataclasses import replace

from archtui.failure.interface import properties_as
from archtui.model.component import Component
from archtui.services.aurora.properties import DbClusterEndpointProperties, DbClusterProperties, DbProxyProperties
from archtui.services.node_trace import TTL, ClusterBehaviour
from archtui.trace.interface import (
    Arrival,
    Call,
    HasName,
    NameAnswer,
    NameWay,
    Question,
    Receives,
    Reception,
    Walk,
    Way,
    hop,
)
from archtui.trace.message import Message
from archtui.world.expand import Draft, Expands
from archtui.world.steps import Action, RuleRef, Step
from archtui.world.world import World


class DbClusterBehaviour(ClusterBehaviour):
    """The cluster endpoint leads to the writer, the reader endpoint to a reader, or to the writer without any.

    Source: Aurora User Guide, 'Amazon Aurora endpoint connections', 'High availability for Amazon Aurora'.
    """

    host = "{id}.cluster.{region}.rds.amazonaws.com"

    def mechanism(self, component: Component) -> str:
        cluster = properties_as(component, DbClusterProperties)
        if not cluster.is_aurora:
            return "rds.multi_az_cluster"
        return "aurora.cluster_with_replica" if cluster.instances > 1 else "aurora.cluster_no_replica"

    def readers(self, component: Component) -> bool:
        return True

    def text(self, component: Component, arrival: Arrival, walk: Walk) -> str:
        cluster = properties_as(component, DbClusterProperties)
        (writer,), _ = self.chosen(component, walk, reading=False)
        part = "The writer" if arrival.at.interface == writer.interface else "A reader"
        paused = cluster.serverless is not None and cluster.serverless.min == 0
        later = " After a pause the first connection waits about 15 s." if paused else ""
        where = arrival.at.zone or "its zone"
        return f"{part} of {component.id} ({cluster.engine}) in {where} accepts the connection.{later}"


CLUSTER = DbClusterBehaviour()


class EndpointBehaviour(HasName, Receives, Expands):
    """A name of its own for some of a cluster's instances."""

    order = 46

    def expand(self, component: Component, draft: Draft) -> None:
        """Take the port of the cluster."""
        endpoint = component.properties
        if isinstance(endpoint, DbClusterEndpointProperties):
            cluster = draft.get(endpoint.cluster)
            if cluster is not None and isinstance(cluster.properties, DbClusterProperties):
                draft.fill(component.id, {"port": cluster.properties.ports[0]})

    def names(self, component: Component, world: World) -> tuple[str, ...]:
        return (f"{component.id}.cluster-custom.{world.placement(component.id).region}.rds.amazonaws.com".lower(),)

    def port(self, component: Component) -> int | None:
        return properties_as(component, DbClusterEndpointProperties).port

    def receive(self, arrival: Arrival, walk: Walk) -> Reception:
        return Reception(())

    def answer(self, component: Component, question: Question, walk: Walk) -> NameAnswer:
        endpoint = properties_as(component, DbClusterEndpointProperties)
        cluster = walk.world.components[endpoint.cluster]
        nics, _ = CLUSTER.chosen(cluster, walk, reading=endpoint.type == "reader")
        if endpoint.type == "custom":
            every = walk.interfaces(cluster.id)
            named = [every[at - 1] for at in endpoint.members if at <= len(every)]
            nics = tuple(nic for nic in named if not walk.condition.part_down(nic.component, nic.zone)) or tuple(named)
        if not nics:
            return NameAnswer((), (), (f"the instances of {component.id}",))
        picked = ", ".join(f"{nic.address} in {nic.zone or 'its zone'}" for nic in nics)
        text = f"The {endpoint.type} endpoint {component.id} gives {picked}."
        step = Step("dns", Action.ANSWER, "", text, RuleRef(component.id, text, ("type",)))
        return NameAnswer((hop(component, step),), tuple(NameWay(1 / len(nics), nic, ttl=TTL) for nic in nics))


class ProxyBehaviour(ClusterBehaviour):
    """A proxy takes the connection and asks the database over one of its own pool.

    Source: RDS User Guide, 'Amazon RDS Proxy', 'RDS Proxy concepts and terminology' (pinning).
    """

    host = "{id}.proxy.{region}.rds.amazonaws.com"

    def spread(self, component: Component) -> bool:
        return True

    def text(self, component: Component, arrival: Arrival, walk: Walk) -> str:
        proxy = properties_as(component, DbProxyProperties)
        pinned = f"; {proxy.pinned * 100:.3g} % of the sessions are pinned to one connection" if proxy.pinned else ""
        return f"{component.id} takes the session and uses a connection of its pool{pinned}."

    def calls(self, arrival: Arrival, walk: Walk) -> tuple[Call, ...]:
        component = arrival.component
        proxy = properties_as(component, DbProxyProperties)
        target = walk.world.components[proxy.target]
        receives = target.kind.behaviour(Receives)
        port = receives.port(target) if receives else None
        text = f"{component.id} asks {proxy.target} over a connection of its pool."
        step = Step("application", Action.ORIGINATE, "", text, RuleRef(component.id, text, ("target",)))
        message = Message("tcp", port, called=True)
        source = replace(arrival.at, component=component.id)
        way = Way(1.0, proxy.target, source, proxy.target, message, (hop(component, step),))
        return (Call(f"{component.id} > {proxy.target}", (way,), relays=True),)


PROXY = ProxyBehaviour()

__all__ = ["CLUSTER", "PROXY", "EndpointBehaviour"]
