"""What the rules ask about clusters and what runs in them."""

from __future__ import annotations

from collections.abc import Iterator

from archtui.model.component import Component
from archtui.services.ec2.properties import AutoScalingGroupProperties, Ec2InstanceProperties
from archtui.services.eks.expand import scaling_group
from archtui.services.eks.properties import (
    EksFargateProfileProperties,
    EksNodeGroupProperties,
    K8sDeploymentProperties,
)
from archtui.services.lookups import as_kind, each
from archtui.world.world import World


def node_groups(world: World, cluster: str) -> Iterator[tuple[Component, EksNodeGroupProperties]]:
    """Yield the node groups of a cluster."""
    return ((component, nodes) for component, nodes in each(world, EksNodeGroupProperties) if nodes.cluster == cluster)


def profiles(world: World, cluster: str) -> Iterator[tuple[Component, EksFargateProfileProperties]]:
    """Yield the Fargate profiles of a cluster."""
    found = each(world, EksFargateProfileProperties)
    return ((component, profile) for component, profile in found if profile.cluster == cluster)


def runs_on_fargate(world: World, deployment: K8sDeploymentProperties) -> bool:
    """Whether a profile takes the pods of a deployment."""
    found = profiles(world, deployment.cluster) if deployment.cluster else ()
    return any(deployment.namespace in profile.namespaces for _, profile in found)


def nodes_for(world: World, deployment: K8sDeploymentProperties) -> tuple[tuple[str, str], ...]:
    """Return the nodes that a deployment's pods may run on, each with its size; none on Fargate."""
    names = deployment.nodes
    if not names and deployment.cluster:
        names = tuple(component.id for component, _ in node_groups(world, deployment.cluster))
    found: dict[str, str] = {}
    for name in names:
        managed = as_kind(world, name, EksNodeGroupProperties)
        behind = scaling_group(name, managed) if managed else name
        group = as_kind(world, behind, AutoScalingGroupProperties)
        for member in group.instances if group else (behind,):
            machine = as_kind(world, member, Ec2InstanceProperties)
            if machine:
                found[member] = machine.instance_type
    return tuple(found.items())


__all__ = ["node_groups", "nodes_for", "profiles", "runs_on_fargate"]
