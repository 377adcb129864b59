"""EKS007-EKS010: deployments, Services and Ingresses."""

from __future__ import annotations

from collections.abc import Iterator

from archtui.check.finding import Finding
from archtui.check.rule import ComponentRule, properties
from archtui.model.component import Component
from archtui.model.edits import Edit, join, set_property
from archtui.services.eks.capacity import gives_pods_groups
from archtui.services.eks.lookups import nodes_for, runs_on_fargate
from archtui.services.eks.properties import (
    EksClusterProperties,
    K8sDeploymentProperties,
    K8sIngressProperties,
    K8sServiceProperties,
)
from archtui.services.examples import NETWORK
from archtui.services.lookups import as_kind
from archtui.world.world import World

_GUIDE = "https://docs.aws.amazon.com/eks/latest/userguide/"
_CONTROLLER = "https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/ingress/annotations/"
_CLUSTER = (
    NETWORK
    + """\
  cluster: {kind: eks_cluster, subnets: [app-a, app-b], endpoint_private: true, public_access_cidrs: [203.0.113.0/24]}
  workers: {kind: eks_node_group, cluster: cluster, desired: 2}
"""
)
_SHOP = (
    _CLUSTER
    + """\
  shop: {kind: k8s_deployment, cluster: cluster, desired: 2, listens: [{port: 8080}]}
  shop-svc: {kind: k8s_service, selects: [shop], type: NodePort, ports: [{port: 80, target_port: 8080}]}
  entry: {kind: k8s_ingress, cluster: cluster, default_service: shop-svc}
"""
)


class NoController(ComponentRule):
    """An Ingress or a balanced Service in a cluster in which nothing makes balancers."""

    id = "EKS007"
    title = "Ingress without a controller"
    severity = "error"
    class_ = "correctness"
    kinds = ("k8s_ingress", "k8s_service")
    reads = ("eks_cluster",)
    why = "An Ingress is a wish; the AWS Load Balancer Controller makes the balancer, and without it there is none."
    fix = "Install the AWS Load Balancer Controller in the cluster."
    sources = (f"{_GUIDE}aws-load-balancer-controller.html",)
    facts = ("k8s_ingress-role-01",)
    example_bad = _SHOP.replace("endpoint_private: true", "endpoint_private: true, load_balancer_controller: false")
    example_good = _SHOP
    example_finds = ("entry", "cluster")

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Look into its cluster."""
        asked = component.properties
        if isinstance(asked, K8sServiceProperties) and asked.type != "LoadBalancer":
            return
        name = getattr(asked, "cluster", None)
        cluster = as_kind(world, name, EksClusterProperties)
        if cluster and not cluster.load_balancer_controller:
            yield self.finding(
                component.id, str(name), message=f"Nothing in {name} makes a balancer for {component.id}."
            )

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Install it."""
        name = finding.components[1]
        edit = set_property(name, ("load_balancer_controller",), True)
        return (join(f"install the controller in {name}", (edit,)),)


class NoInstanceTarget(ComponentRule):
    """An Ingress that wants node ports of a Service that has none, or of pods without nodes."""

    id = "EKS008"
    title = "Instance targets need node ports"
    severity = "error"
    class_ = "correctness"
    kinds = ("k8s_ingress",)
    why = "With target type instance the balancer asks a port of every node: a ClusterIP Service has none, and pods on "
    why += "Fargate have no nodes."
    fix = "Set the target type ip, or make the Service one of type NodePort."
    sources = (_CONTROLLER,)
    example_bad = _SHOP.replace("type: NodePort, ", "")
    example_good = _SHOP
    example_finds = ("entry", "shop-svc")

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Look at every Service it sends to."""
        ingress = properties(component, K8sIngressProperties)
        if ingress.target_type != "instance":
            return
        named = dict.fromkeys((*(rule.service for rule in ingress.rules), ingress.default_service or ""))
        for name in named:
            service = as_kind(world, name, K8sServiceProperties)
            if service is None:
                continue
            pods = [as_kind(world, each, K8sDeploymentProperties) for each in service.selects]
            serverless = any(each and runs_on_fargate(world, each) for each in pods)
            if service.type == "ClusterIP" or serverless:
                why = "its pods run on Fargate" if serverless else "it has no node port"
                message = f"{component.id} wants instances as targets for {name}, but {why}."
                yield self.finding(component.id, name, message=message)

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Send to the pods themselves."""
        edit = set_property(finding.subject, ("target_type",), "ip")
        return (join(f"let {finding.subject} send to pods", (edit,)),)


class PodsPending(ComponentRule):
    """Pods that find no node with room."""

    id = "EKS009"
    title = "Pods find no room on the nodes"
    severity = "warning"
    class_ = "limits"
    kinds = ("k8s_deployment",)
    why = "Each pod takes an address of its node's interfaces; what a node's size cannot hold stays pending."
    fix = "Add nodes, take a larger size, or switch prefix delegation on."
    sources = (f"{_GUIDE}choosing-instance-type.html", f"{_GUIDE}cni-increase-ip-addresses.html")
    example_bad = _CLUSTER + "  shop: {kind: k8s_deployment, cluster: cluster, desired: 40}\n"
    example_good = example_bad.replace("desired: 40", "desired: 20")
    example_finds = ("shop",)

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Count the pods that are there."""
        deployment = properties(component, K8sDeploymentProperties)
        started = len(deployment.members)
        if "members" not in component.raw or started >= deployment.desired or not nodes_for(world, deployment):
            return
        message = f"{started} of the {deployment.desired} pods of {component.id} find room on its nodes."
        yield self.finding(component.id, message=message)


class GroupsForPods(ComponentRule):
    """Security groups for pods on nodes that cannot give them."""

    id = "EKS010"
    title = "Node size cannot give pods security groups"
    severity = "error"
    class_ = "correctness"
    kinds = ("k8s_deployment",)
    why = "Pods with groups of their own need branch interfaces, which sizes of the t family do not have: such a pod "
    why += "stays pending."
    fix = "Take nodes of the m, c or r family, or give the groups to the nodes."
    sources = (f"{_GUIDE}security-groups-for-pods.html",)
    example_bad = (
        _CLUSTER
        + """\
  pod-sg: {kind: security_group, vpc: vpc, ingress: [{port: 8080, from: self}]}
  shop: {kind: k8s_deployment, cluster: cluster, desired: 2, security_groups: [pod-sg]}
"""
    )
    example_good = example_bad.replace("cluster: cluster, desired: 2}", "cluster: cluster, instance_type: m5.large}", 1)
    example_finds = ("shop", "pod-sg")

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Look at the sizes of its nodes."""
        deployment = properties(component, K8sDeploymentProperties)
        if not deployment.security_groups or runs_on_fargate(world, deployment):
            return
        sizes = dict.fromkeys(size for _, size in nodes_for(world, deployment))
        unable = [size for size in sizes if gives_pods_groups(size) is False]
        if unable:
            message = f"Nodes of {', '.join(unable)} give no pod of {component.id} security groups of its own."
            yield self.finding(component.id, *deployment.security_groups, message=message)
