"""A cluster's API server: who reaches its endpoint, from the internet and from inside the VPC.

Source: EKS User Guide, "Cluster API server endpoint": with private access on, the endpoint's name gives the addresses
of the control plane's interfaces inside the VPC; with public access off it gives them everywhere; the public endpoint
admits the blocks that are stated.
"""

from __future__ import annotations

from archtui.model.component import Component
from archtui.network.addresses import parse_address, parse_block
from archtui.network.builder import InterfaceSpec, NetworkBuilder
from archtui.network.flow import TCP
from archtui.network.model import Listens
from archtui.services.eks.properties import EksClusterProperties
from archtui.services.regional import TTL, RegionalApi
from archtui.trace import codes
from archtui.trace.interface import Arrival, NameAnswer, NameWay, Question, Receives, Reception, Walk, hop
from archtui.trace.message import Endpoint
from archtui.world.steps import Action, RuleRef, Step
from archtui.world.world import World


def cluster_of(component: Component) -> EksClusterProperties:
    """Return the properties of a cluster."""
    if not isinstance(component.properties, EksClusterProperties):
        raise TypeError(f"{component.id} is no EKS cluster")
    return component.properties


class ClusterEndpoint(RegionalApi, Receives):
    """The API server answers on 443, at interfaces in the VPC and at a public address."""

    def __init__(self) -> None:
        super().__init__("eks-endpoint", host="{id}.gr7.{region}.eks.amazonaws.com")

    def contribute(self, component: Component, world: World, builder: NetworkBuilder) -> None:
        super().contribute(component, world, builder)
        cluster = cluster_of(component)
        answer = Listens(frozenset({(TCP, 443)}), "PROTOCOL_RESTRICTION", f"{component.id} listens on tcp 443 alone")
        for number, subnet in enumerate(cluster.subnets, 1):
            name = f"{component.id}:eni-{number}"
            groups = (*((cluster.security_group,) if cluster.security_group else ()), *cluster.security_groups)
            builder.interface(InterfaceSpec(name, component.id, name, subnet, answer, groups, rank=number))

    def answer(self, component: Component, question: Question, walk: Walk) -> NameAnswer:
        cluster = cluster_of(component)
        asker = question.asker.component
        vpc = walk.world.placement(component.id).vpc
        inside = asker in walk.world.components and walk.world.placement(asker).vpc == vpc
        if cluster.endpoint_public and not (inside and cluster.endpoint_private):
            return super().answer(component, question, walk)
        nics = tuple(nic for nic in walk.interfaces(component.id) if not walk.condition.zone_down(nic.zone))
        if not nics:
            return NameAnswer((), (), (f"the subnets of {component.id}",))
        key = "endpoint_private" if cluster.endpoint_private else "endpoint_public"
        text = f"The endpoint of {component.id} is private here: its name gives the control plane's own interfaces."
        step = Step("dns", Action.ANSWER, "", text, RuleRef(component.id, key, (key,)))
        return NameAnswer((hop(component, step),), tuple(NameWay(1 / len(nics), nic, ttl=TTL) for nic in nics))

    def port(self, component: Component) -> int | None:
        return 443

    def receive(self, arrival: Arrival, walk: Walk) -> Reception:
        component = arrival.component
        cluster = cluster_of(component)
        if walk.is_down(component.id) or "eks" in walk.condition.control_planes:
            text = f"The control plane of {component.id} is away: nothing is scheduled, what runs goes on."
            step = Step("application", Action.DENY, codes.BAD_STATE, text, RuleRef(component.id, text))
            return Reception((hop(component, step),))
        if not arrival.at.interface and not _admitted(cluster, arrival.sender):
            text = f"{arrival.sender.address} is in none of the blocks that may come to the public endpoint."
            rule = RuleRef(component.id, ", ".join(cluster.public_access_cidrs), ("public_access_cidrs",))
            step = Step("application", Action.DENY, codes.EKS_PUBLIC_ACCESS_RESTRICTED, text, rule)
            return Reception((hop(component, step),))
        step = Step("application", Action.ACCEPT, "", f"The API server of {component.id} takes the request.")
        return Reception((hop(component, step),), status=200 if arrival.message.http else None)


def _admitted(cluster: EksClusterProperties, sender: Endpoint) -> bool:
    if not sender.address:
        return True
    address = parse_address(sender.address)
    return any(address in parse_block(block) for block in cluster.public_access_cidrs)


__all__ = ["ClusterEndpoint", "cluster_of"]
