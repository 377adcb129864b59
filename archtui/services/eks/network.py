"""What pods are to packets: addresses of their node's subnet, behind its security groups or their own.

Sources: EKS User Guide, "Amazon VPC CNI" (a pod has a secondary address of one of its node's interfaces, so that the
interface's security groups hold for it and pods of one node talk without the network), "Assign security groups to
individual Pods" (an interface of its own).
"""

from __future__ import annotations

from archtui.model.component import Component
from archtui.network.builder import InterfaceSpec, NetworkBuilder
from archtui.network.interface import NetworkPart
from archtui.network.model import Host
from archtui.services.ec2.properties import Ec2InstanceProperties
from archtui.services.eks.properties import K8sPodProperties
from archtui.services.lookups import as_kind
from archtui.services.vpc.network_interfaces import ipv6_of
from archtui.world.world import World

_AFTER_THE_NODES_OWN = 100
"""The rank of pods' interfaces among those of their node's machine."""


class PodNetwork(NetworkPart):
    """A pod's address stands in its node's subnet; node and pods share a machine."""

    def contribute(self, component: Component, world: World, builder: NetworkBuilder) -> None:
        pod = component.properties
        if not isinstance(pod, K8sPodProperties) or pod.subnet is None or pod.host is not None:
            return
        node = as_kind(world, pod.node, Ec2InstanceProperties)
        shares = node is not None and set(node.security_groups) == set(pod.security_groups)
        builder.interface(
            InterfaceSpec(
                f"{component.id}:eni",
                component.id,
                pod.node if pod.node and shares else component.id,
                pod.subnet,
                Host(stated=pod.listens is not None),
                pod.security_groups,
                ipv6=ipv6_of(pod.subnet, world),
                rank=_AFTER_THE_NODES_OWN if shares else 0,
            )
        )
