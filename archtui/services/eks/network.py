"""What pods are to packets: addresses of their node's subnet, behind its security groups or their own.

Sources: EKS User Guide, "Amazon VPC CNI" (a pod has a secondary address of one of its node's interfaces, so that the
interface's security groups hold for it and pods of one node talk without the network), "Assign security groups to
individual Pods" (an interface of its own), "Enable outbound internet access for Pods" (out of the VPC a pod has its
node's primary IPv4 address, unless AWS_VPC_K8S_CNI_EXTERNALSNAT is set); README of amazon-vpc-cni-k8s,
POD_SECURITY_GROUP_ENFORCING_MODE (by default pods with groups of their own are not translated); "Simplify compute
management with AWS Fargate" (a pod there has an interface of its own in a private subnet).
"""

from __future__ import annotations

from archtui.model.component import Component
from archtui.network.builder import InterfaceSpec, NetworkBuilder
from archtui.network.interface import NetworkPart
from archtui.network.model import Host
from archtui.services.ec2.properties import Ec2InstanceProperties
from archtui.services.eks.properties import EksClusterProperties, K8sDeploymentProperties, K8sPodProperties
from archtui.services.lookups import as_kind
from archtui.services.vpc.network_interfaces import ipv6_of
from archtui.world.world import World

_AFTER_THE_NODES_OWN = 100_000
"""The rank of pods' interfaces among those of their node's machine."""


class PodNetwork(NetworkPart):
    """A pod's address stands in its node's subnet; node and pods share a machine."""

    def contribute(self, component: Component, world: World, builder: NetworkBuilder) -> None:
        pod = component.properties
        if not isinstance(pod, K8sPodProperties) or pod.subnet is None or pod.host is not None:
            return
        node = as_kind(world, pod.node, Ec2InstanceProperties)
        keeper = as_kind(world, pod.service, K8sDeploymentProperties)
        own = keeper is not None and bool(keeper.security_groups)
        shares = node is not None and not own and set(node.security_groups) == set(pod.security_groups)
        cluster = as_kind(world, keeper.cluster if keeper else None, EksClusterProperties) or EksClusterProperties()
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
                masked_by=pod.node if pod.node and shares and not cluster.external_snat else "",
            )
        )
