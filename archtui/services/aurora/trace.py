"""How clusters' endpoints choose an instance, and what a proxy does with a connection."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from archtui.failure.interface import properties_as
from archtui.model.component import Component
from archtui.services.aurora.properties import DbClusterEndpointProperties, DbClusterProperties, DbProxyProperties
from archtui.services.database_access import CURRENT, READ, WRITE
from archtui.services.events import API, carried
from archtui.services.lookups import each
from archtui.services.node_trace import TTL, ClusterBehaviour
from archtui.services.replication import promoted, read_only, replicated
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
from archtui.trace.latency import Latency
from archtui.trace.message import Message
from archtui.world.expand import Draft, Expands
from archtui.world.steps import Action, RuleRef, Step
from archtui.world.world import World

GLOBAL = "aurora.global_database"
"""The promotion of a secondary cluster, as the failover table names it."""
GLOBAL_LAG_MS = 1000.0
"""Changes reach other regions in about a second or less (fact aurora_global_database-lag-01)."""


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
        if arrival.message.action == WRITE and not cluster.is_aurora:
            later += " One of the two readers has acknowledged the change before the answer."
        return f"{part} of {component.id} ({cluster.engine}) in {where} accepts the connection.{later}"

    def refusal(self, arrival: Arrival, walk: Walk) -> Step | None:
        component = arrival.component
        primary = properties_as(component, DbClusterProperties).replica_of
        if arrival.message.action != WRITE:
            return None
        if primary is not None and not promoted(f"{GLOBAL}:{component.id}", walk):
            return read_only(component, f"the secondary of {primary} in a global database")
        (writer,), _ = self.chosen(component, walk, reading=False)
        if arrival.at.interface != writer.interface:
            return read_only(component, "asked at a reader")
        return None

    def calls(self, arrival: Arrival, walk: Walk) -> tuple[Call, ...]:
        """Send changes to the secondaries of a global database: by storage, after the answer."""
        component = arrival.component
        if arrival.message.action in (READ, CURRENT):
            return ()
        return tuple(
            replicated(
                component,
                secondary,
                f"The storage of {component.id} sends its changes to {secondary}, in about a second.",
                walk,
                lag=Latency(f"{component.id} > {secondary}", GLOBAL_LAG_MS, "storage replication between regions"),
                facts=("aurora_global_database-lag-01",),
            )
            for secondary in secondaries_of(walk.world, component.id)
        )


def secondaries_of(world: World, name: str) -> tuple[str, ...]:
    """Return the clusters that follow ``name`` in a global database, in the design's order."""
    return tuple(component.id for component, cluster in each(world, DbClusterProperties) if cluster.replica_of == name)


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
        share = f"; {proxy.pinned * 100:.3g} % of the sessions are pinned to one of their own" if proxy.pinned else ""
        return f"{component.id} takes the session and uses a connection of its pool{share}."

    def calls(self, arrival: Arrival, walk: Walk) -> tuple[Call, ...]:
        component = arrival.component
        proxy = properties_as(component, DbProxyProperties)
        target = walk.world.components[proxy.target]
        receives = target.kind.behaviour(Receives)
        port = receives.port(target) if receives else None
        message = Message("tcp", port, called=True, action=arrival.message.action)
        source = replace(arrival.at, component=component.id)
        pooled = f"{component.id} asks {proxy.target} over a connection of its pool."
        kept = f"{component.id} keeps a connection to {proxy.target} for this session alone (pinned) until it ends."
        shared = 1 - (proxy.pinned or 0.0)
        ways = tuple(
            Way(weight, label, source, proxy.target, message, (hop(component, _asks(component, text, path)),))
            for weight, label, text, path in (
                (shared, proxy.target, pooled, "target"),
                (1 - shared, f"{proxy.target} (pinned)", kept, "pinned"),
            )
            if weight > 0
        )
        asked = Call(f"{component.id} > {proxy.target}", ways, relays=True)
        return (*self._signs_in(component, proxy, walk), asked)

    @staticmethod
    def _signs_in(component: Component, proxy: DbProxyProperties, walk: Walk) -> Iterator[Call]:
        """Yield the reading of its secrets, which its role has to be allowed (RDS User Guide, 'Setting up database
        credentials for RDS Proxy')."""
        message = replace(API, action="secretsmanager:GetSecretValue")
        for at, secret in enumerate(proxy.secrets):
            text = f"{component.id} reads the name and password for {proxy.target} from {secret}."
            rule = RuleRef(component.id, f"secret {secret}", ("secrets", at))
            yield carried(component, secret, text, walk, message=message, bond="hard", rule=rule)


def _asks(component: Component, text: str, path: str) -> Step:
    return Step("application", Action.ORIGINATE, "", text, RuleRef(component.id, text, (path,)))


PROXY = ProxyBehaviour()

__all__ = ["CLUSTER", "PROXY", "EndpointBehaviour"]
