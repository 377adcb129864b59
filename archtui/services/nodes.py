"""Managed clusters in a VPC: nodes in subnets behind a name, which AWS runs but packets have to reach.

Databases, caches, brokers and file systems have this in common: an interface for each node, one port, security
groups, and a name that leads to the node that takes requests.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from archtui.model.component import Component, Json
from archtui.model.fields import Port, Properties, Region
from archtui.network.builder import InterfaceSpec, NetworkBuilder
from archtui.network.flow import TCP
from archtui.network.interface import NetworkPart
from archtui.network.model import Listens
from archtui.services.references import SecurityGroupRef, SubnetIn
from archtui.services.vpc.defaults import NeedsDefaultVpc, default_groups, subnets_for
from archtui.world.expand import Draft, Expands
from archtui.world.world import World


@dataclass(frozen=True, slots=True)
class Node:
    """One node of a cluster."""

    name: str
    """What tells it from the others: ``node-1``."""
    subnet: str
    waits: str = ""
    """The mechanism that starts it when the first one is lost; until then it takes nothing; empty: it works."""


class NodeProperties(Properties):
    """What all clusters of nodes have in common."""

    subnets: tuple[SubnetIn, ...] = ()
    """The subnets of its nodes, one for each zone; left out: the default VPC's."""
    security_groups: tuple[SecurityGroupRef, ...] = ()
    """Its security groups; left out: the VPC's default group."""
    port: Port | None = None
    """The port; left out: the usual one."""
    region: Region | None = None
    """The region; left out: its subnets'."""

    usual_ports: ClassVar[tuple[int, ...]] = ()

    @property
    def ports(self) -> tuple[int, ...]:
        """The ports it answers on, the usual one of callers first."""
        return (self.port,) if self.port else self.usual_ports

    @property
    def public(self) -> bool:
        """Whether its nodes have public addresses."""
        return False

    def count(self) -> int:
        """Return how many nodes it has."""
        return max(1, len(self.subnets))

    def nodes(self) -> tuple[Node, ...]:
        """Return its nodes, spread over its subnets in turn, the one that takes writes first."""
        if not self.subnets:
            return ()
        return tuple(Node(f"node-{at + 1}", self.subnets[at % len(self.subnets)]) for at in range(self.count()))


def cluster_of(component: Component) -> NodeProperties:
    """Return the properties of a cluster."""
    if not isinstance(component.properties, NodeProperties):
        raise TypeError(f"{component.id} is no cluster of nodes")
    return component.properties


class NodesNetwork(NetworkPart):
    """Each node has an interface with the cluster's groups and answers on its ports alone."""

    def contribute(self, component: Component, world: World, builder: NetworkBuilder) -> None:
        cluster = cluster_of(component)
        ports = ", ".join(str(port) for port in cluster.ports)
        answer = Listens(
            frozenset((TCP, port) for port in cluster.ports),
            "PROTOCOL_RESTRICTION",
            f"{component.id} listens on tcp {ports} alone and answers no ping",
        )
        for rank, node in enumerate(cluster.nodes()):
            name = f"{component.id}:{node.name}"
            builder.interface(
                InterfaceSpec(
                    name,
                    component.id,
                    name,
                    node.subnet,
                    answer,
                    cluster.security_groups,
                    public="auto" if cluster.public else None,
                    standby=node.waits,
                    rank=rank,
                )
            )


def starts(kind: str) -> NeedsDefaultVpc:
    """Return the behaviour by which a cluster of ``kind`` without subnets stands in the default VPC."""
    return NeedsDefaultVpc(kind, lambda component: not getattr(component.properties, "subnets", ()))


class ExpandsNodes(Expands):
    """A cluster without subnets is in the default VPC's, without groups in the VPC's default one."""

    order = 45

    def expand(self, component: Component, draft: Draft) -> None:
        cluster = cluster_of(component)
        subnets: list[Json] = list(cluster.subnets) or subnets_for(draft, cluster.region or draft.blueprint.region)
        filled: dict[str, Json] = {"subnets": subnets}
        if "security_groups" not in component.raw:
            filled |= default_groups(draft, [str(subnet) for subnet in subnets])
        draft.fill(component.id, filled)


__all__ = ["ExpandsNodes", "Node", "NodeProperties", "NodesNetwork", "cluster_of", "starts"]
