"""What clusters bring with them: a security group, node groups' machines, and pods on nodes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from archtui.model.component import Component, Json
from archtui.services.containers import Host, hosts_behind, place_on_hosts
from archtui.services.ec2.properties import Ec2InstanceProperties
from archtui.services.eks.capacity import HOST_NETWORK_PODS, max_pods
from archtui.services.eks.properties import (
    EksClusterProperties,
    EksFargateProfileProperties,
    EksNodeGroupProperties,
    K8sDeploymentProperties,
)
from archtui.services.vpc.defaults import NeedsDefaultVpc, places, subnets_for, vpc_of
from archtui.world.expand import Draft, Expands

CLUSTER_STARTS = NeedsDefaultVpc("eks_cluster", lambda component: not getattr(component.properties, "subnets", ()))


def cluster_group(cluster: str, draft: Draft) -> str:
    """Return the security group that the nodes of a cluster have: what it names, or what EKS makes."""
    component = draft.get(cluster)
    known = component.properties if component else None
    named = known.security_group if isinstance(known, EksClusterProperties) else None
    return named or f"{cluster}:sg"


def scaling_group(name: str, nodes: EksNodeGroupProperties) -> str:
    """Return the Auto Scaling group behind the node group ``name``: the one it names, or the one that EKS makes."""
    return nodes.auto_scaling_group or f"{name}:asg"


class ExpandsCluster(Expands):
    """EKS makes a security group for a cluster, whose members reach one another and everything outside; its control
    plane's interfaces and the nodes of managed node groups have it (EKS User Guide, "View Amazon EKS security group
    requirements for clusters")."""

    order = 26

    def expand(self, component: Component, draft: Draft) -> None:
        cluster = component.properties
        if not isinstance(cluster, EksClusterProperties):
            return
        subnets: list[Json] = list(cluster.subnets) or subnets_for(draft, cluster.region or draft.blueprint.region)
        vpc = vpc_of(draft, [str(subnet) for subnet in subnets])
        body: dict[str, Json] = {"description": f"of the cluster {component.id}", "ingress": [{"from": "self"}]}
        own = cluster.security_group or f"{component.id}:sg"
        if cluster.security_group is None:
            draft.add(own, "security_group", {**body, "vpc": vpc} if vpc else body)
        draft.fill(component.id, {"subnets": subnets, "security_group": own})


class ExpandsNodeGroup(Expands):
    """A managed node group is an Auto Scaling group with a launch template, both made by EKS; its instances have the
    cluster's security group unless a template of one's own names others (EKS User Guide, "Customize managed nodes with
    launch templates")."""

    order = 35

    def expand(self, component: Component, draft: Draft) -> None:
        nodes = component.properties
        if not isinstance(nodes, EksNodeGroupProperties):
            return
        cluster = draft.get(nodes.cluster)
        known = cluster.properties if cluster else None
        inherited = known.subnets if isinstance(known, EksClusterProperties) else ()
        subnets: list[Json] = list(nodes.subnets or inherited)
        if nodes.auto_scaling_group:
            draft.fill(component.id, {"subnets": subnets})
            return
        groups: dict[str, Json] = {"security_groups": [cluster_group(nodes.cluster, draft)]}
        template = nodes.launch_template
        if template is None:
            template = f"{component.id}:template"
            made: dict[str, Json] = {"instance_type": nodes.instance_type, "boot_time": nodes.boot_time, **groups}
            made |= {"metadata_tokens": "required", "purchasing": _PURCHASING[nodes.capacity_type]}
            draft.add(template, "launch_template", {**made, "role": nodes.role} if nodes.role else made)
        elif draft.get(template):
            draft.fill(template, groups)
        desired = nodes.min if nodes.desired is None else nodes.desired
        body: dict[str, Json] = {"subnets": subnets, "launch_template": template, "min": nodes.min, "max": nodes.max}
        draft.add(scaling_group(component.id, nodes), "auto_scaling_group", {**body, "desired": desired})
        draft.fill(component.id, {"subnets": subnets, "desired": desired})


_PURCHASING = {"ON_DEMAND": "on-demand", "SPOT": "spot"}


@dataclass(frozen=True, slots=True)
class Node:
    """A node with the room it has."""

    host: Host
    pods: int | None
    """The most pods beside those on the host's network; None: not known."""


def nodes_of(names: Sequence[str], draft: Draft) -> tuple[Node, ...]:
    """Return the nodes behind node groups, Auto Scaling groups and instances."""
    found: list[Node] = []
    for name in names:
        component = draft.get(name)
        group = component.properties if component else None
        managed = group if isinstance(group, EksNodeGroupProperties) else None
        behind = scaling_group(name, managed) if managed else name
        prefixes = bool(managed) and _has_prefixes(managed, draft)
        for host in hosts_behind(draft, (behind,)):
            most = managed.max_pods if managed else None
            most = most or max_pods(_size(host.id, draft), prefixes=prefixes)
            found.append(Node(host, None if most is None else most - HOST_NETWORK_PODS))
    return tuple(found)


def _size(name: str, draft: Draft) -> str:
    machine = draft.get(name)
    properties = machine.properties if machine else None
    return properties.instance_type if isinstance(properties, Ec2InstanceProperties) else ""


def _has_prefixes(nodes: EksNodeGroupProperties | None, draft: Draft) -> bool:
    cluster = draft.get(nodes.cluster) if nodes else None
    known = cluster.properties if cluster else None
    return isinstance(known, EksClusterProperties) and known.prefix_delegation


def node_names(deployment: K8sDeploymentProperties, draft: Draft) -> tuple[str, ...]:
    """Return what a deployment's pods may run on: what it names, or all node groups of its cluster."""
    if deployment.nodes or deployment.cluster is None:
        return deployment.nodes
    return tuple(group.id for group in draft.referrers(deployment.cluster, "eks_node_group"))


def profile_of(deployment: K8sDeploymentProperties, draft: Draft) -> EksFargateProfileProperties | None:
    """Return the Fargate profile that takes a deployment's pods."""
    if deployment.cluster is None:
        return None
    for component in draft.referrers(deployment.cluster, "eks_fargate_profile"):
        profile = component.properties
        if isinstance(profile, EksFargateProfileProperties) and deployment.namespace in profile.namespaces:
            return profile
    return None


class ExpandsFargateProfile(Expands):
    """A profile without subnets takes the cluster's."""

    order = 34

    def expand(self, component: Component, draft: Draft) -> None:
        profile = component.properties
        if isinstance(profile, EksFargateProfileProperties):
            draft.fill(component.id, {"subnets": list[Json](_cluster_subnets(profile.cluster, draft))})


def _cluster_subnets(name: str, draft: Draft) -> tuple[str, ...]:
    cluster = draft.get(name)
    known = cluster.properties if cluster else None
    return known.subnets if isinstance(known, EksClusterProperties) else ()


class ExpandsDeployment(Expands):
    """A deployment's pods, ``NAME:1``, ``NAME:2``, ..., spread over zones and nodes as the scheduler does by default.

    A pod has an address of its node's subnet on an interface of the node, whose security groups hold for it (EKS User
    Guide, "Amazon VPC CNI"), or on one of its own where it has groups ("Assign security groups to individual Pods") or
    runs on Fargate. What finds no room stays pending: it is not there.
    """

    order = 45

    def expand(self, component: Component, draft: Draft) -> None:
        deployment = component.properties
        if not isinstance(deployment, K8sDeploymentProperties):
            return
        name = component.id
        members = list(deployment.members)
        filled: dict[str, Json] = {}
        if "members" not in component.raw:
            members = []
            common: dict[str, Json] = {"service": name}
            if deployment.listens is not None:
                common["listens"] = [item.model_dump(exclude_none=True) for item in deployment.listens]
            for number, own in enumerate(self._placed(deployment, draft), 1):
                members.append(f"{name}:{number}")
                draft.add(members[-1], "k8s_pod", {**common, **own})
            filled["members"] = list[Json](members)
        draft.share_links(name, members)
        draft.fill(name, filled)

    def _placed(self, deployment: K8sDeploymentProperties, draft: Draft) -> Iterator[dict[str, Json]]:
        own: list[Json] = list(deployment.security_groups)
        profile = profile_of(deployment, draft)
        if profile is not None and deployment.cluster:
            groups = own or [cluster_group(deployment.cluster, draft)]
            for subnet in places(draft, list(profile.subnets), deployment.desired):
                yield {"subnet": subnet, "security_groups": groups}
            return
        nodes = {node.host.id: node for node in nodes_of(node_names(deployment, draft), draft)}
        taken = {name: len(draft.referrers(name, "k8s_pod")) for name in nodes}
        hosts = tuple(node.host for node in nodes.values())
        started = 0
        for host in place_on_hosts(draft, hosts, deployment.desired * max(1, len(hosts)), ()):
            most = nodes[host.id].pods
            if started == deployment.desired or (most is not None and taken[host.id] >= most):
                continue
            started += 1
            taken[host.id] += 1
            yield {"subnet": host.subnet, "node": host.id, "security_groups": own or _groups_of(host.id, draft)}


def _groups_of(host: str, draft: Draft) -> list[Json]:
    machine = draft.get(host)
    properties = machine.properties if machine else None
    return list(properties.security_groups) if isinstance(properties, Ec2InstanceProperties) else []


__all__ = [
    "CLUSTER_STARTS",
    "ExpandsCluster",
    "ExpandsDeployment",
    "ExpandsFargateProfile",
    "ExpandsNodeGroup",
    "cluster_group",
    "node_names",
    "nodes_of",
    "profile_of",
    "scaling_group",
]
