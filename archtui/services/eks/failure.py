"""How clusters, deployments and Services go on when a node, a zone or the control plane is lost."""

from __future__ import annotations

from archtui.failure.interface import Fails, Health, Managed, Mechanism, Situation, listed, mechanism, properties_as
from archtui.model.component import Component
from archtui.services.ec2.properties import AutoScalingGroupProperties
from archtui.services.eks.expand import scaling_group
from archtui.services.eks.properties import (
    EksNodeGroupProperties,
    K8sDeploymentProperties,
    K8sPodProperties,
    K8sServiceProperties,
)
from archtui.services.eks.trace import ENDPOINTS
from archtui.services.fleet_failure import FleetFails, MemberFails, not_pulled
from archtui.services.lookups import as_kind, each
from archtui.world.world import World

CONTROL_PLANE = "eks"


class ClusterFails(Managed):
    """AWS runs the control plane over several zones; without it running pods go on and nothing is scheduled."""

    sla = "amazon-eks"


def is_lost(name: str, situation: Situation) -> bool:
    """Whether a pod does not work: it, its zone, or its node."""
    pod = properties_as(situation.world.components[name], K8sPodProperties)
    return situation.is_down(name) or (pod.node is not None and situation.is_down(pod.node))


class DeploymentFails(FleetFails):
    """The kubelet starts a failed pod again; the control plane starts those of a lost node on others.

    Sources: Kubernetes, "Taint Based Evictions", "Pod Lifecycle" ("Container restart policy").
    """

    name = "eks.pod"
    control_planes = (CONTROL_PLANE,)
    member = "pod"
    stress = "EKS"

    def mechanisms(self, component: Component, situation: Situation) -> tuple[Mechanism, ...]:
        deployment = properties_as(component, K8sDeploymentProperties)
        lost = tuple(name for name in deployment.members if is_lost(name, situation))
        if not lost and not situation.is_down(component.id):
            return ()
        gone = self._lost_nodes(lost, situation)
        settings = {"start_time": deployment.start_time, "detect": 0.0, "toleration": 0.0}
        how, planes = "the kubelet starts it again", ()  # type: tuple[str, tuple[str, ...]]
        if gone or not lost:
            settings = {"start_time": deployment.start_time, "toleration": deployment.toleration}
            how = f"50 s until a node is not ready + {deployment.toleration:g} s toleration"
            planes = self.control_planes
        nodes = _nodes(deployment, situation.world)
        working = tuple(name for name in nodes if not situation.is_down(name))
        after = () if working else tuple(f"asg.instance:{name}" for name in _groups(deployment, situation.world))
        return (
            mechanism(
                self.name,
                component.id,
                lost=lost or (component.id,),
                settings=settings,
                formula=f"{how} + {deployment.start_time:g} s to start",
                noticed=f"{component.id} has lost {listed(lost or (component.id,))} ({how}).",
                done=f"The new pods of {component.id} serve.",
                control_planes=planes,
                after=after if gone else (),
                keeps_data=False,
                hindered=self._hindered(component, deployment, situation),
            ),
        )

    @staticmethod
    def _lost_nodes(lost: tuple[str, ...], situation: Situation) -> tuple[str, ...]:
        pods = (properties_as(situation.world.components[name], K8sPodProperties) for name in lost)
        return tuple(dict.fromkeys(pod.node for pod in pods if pod.node and situation.is_down(pod.node)))

    @staticmethod
    def _hindered(component: Component, deployment: K8sDeploymentProperties, situation: Situation) -> str:
        kinds = {component.kind.name, "eks_cluster" if deployment.cluster else ""}
        if kinds & situation.condition.services:
            return "the whole service is down"
        return "it is told to run none" if deployment.desired == 0 else not_pulled(deployment, situation)

    def health(self, component: Component, situation: Situation) -> Health:
        members = properties_as(component, K8sDeploymentProperties).members
        lost = [name for name in members if is_lost(name, situation)]
        if situation.is_down(component.id) or (members and len(lost) == len(members)):
            return "lost"
        return "reduced" if lost else "up"


def _nodes(deployment: K8sDeploymentProperties, world: World) -> tuple[str, ...]:
    """Return the nodes that a deployment's pods may run on."""
    found: dict[str, None] = {}
    for name in _groups(deployment, world):
        group = as_kind(world, name, AutoScalingGroupProperties)
        found.update(dict.fromkeys(group.instances if group else (name,)))
    return tuple(name for name in found if name in world.components)


def _groups(deployment: K8sDeploymentProperties, world: World) -> tuple[str, ...]:
    """Return the Auto Scaling groups (and instances) that a deployment's pods may run on."""
    names = deployment.nodes
    if not names and deployment.cluster:
        names = tuple(
            group.id for group, nodes in each(world, EksNodeGroupProperties) if nodes.cluster == deployment.cluster
        )
    known = ((name, as_kind(world, name, EksNodeGroupProperties)) for name in names)
    return tuple(scaling_group(name, nodes) if nodes else name for name, nodes in known)


class PodFails(MemberFails):
    """A pod is its deployment's business."""


class ServiceFails(Fails):
    """Addresses of pods on a node that is not ready leave a Service; that is the control plane's work."""

    managed = True
    control_planes = (CONTROL_PLANE,)

    def mechanisms(self, component: Component, situation: Situation) -> tuple[Mechanism, ...]:
        lost = []
        for name in properties_as(component, K8sServiceProperties).selects:
            deployment = as_kind(situation.world, name, K8sDeploymentProperties)
            lost += [pod for pod in (deployment.members if deployment else ()) if is_lost(pod, situation)]
        if not lost:
            return ()
        return (
            mechanism(
                ENDPOINTS,
                component.id,
                lost=tuple(lost),
                formula="50 s until a node is not ready",
                done=f"{component.id} sends to {listed(tuple(lost))} no more.",
                control_planes=self.control_planes,
                keeps_data=False,
                restores=False,
            ),
        )
