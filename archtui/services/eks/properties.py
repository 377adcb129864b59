"""Properties of EKS clusters, their nodes and what Kubernetes adds, named as the EKS and Kubernetes APIs name them."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from archtui.model.fields import Cidr, Duration, Part, Port, Properties, Reference, Region
from archtui.services.containers import ContainerProperties, FleetProperties
from archtui.services.ec2.properties import Service as Program
from archtui.services.members import HostRef
from archtui.services.permissions import RoleRef
from archtui.services.references import CertificateRef, LaunchTemplateRef, SecurityGroupRef, SubnetIn

ClusterRef = Annotated[str, Reference(("eks_cluster",), "uses")]
ClusterIn = Annotated[str, Reference(("eks_cluster",), "in")]
NodesRef = Annotated[str, Reference(("eks_node_group", "auto_scaling_group", "ec2_instance"), "uses")]
DeploymentRef = Annotated[str, Reference(("k8s_deployment",), "targets")]
ServiceTarget = Annotated[str, Reference(("k8s_service",), "targets")]
NodePort = Annotated[int, Field(ge=30000, le=32767)]


class EksClusterProperties(Properties):
    """A Kubernetes control plane that AWS runs over several zones."""

    subnets: tuple[SubnetIn, ...] = ()
    """The subnets of its control plane's interfaces, in two zones at least; left out: the default VPC's."""
    security_group: SecurityGroupRef | None = None
    """The group that its control plane's interfaces and the nodes of its node groups have; left out: EKS makes one
    whose members reach one another and everything outside."""
    security_groups: tuple[SecurityGroupRef, ...] = ()
    """Further groups of those interfaces."""
    endpoint_public: bool = True
    """Whether its API server answers from the internet."""
    endpoint_private: bool = False
    """Whether inside the VPC its name gives the addresses of its interfaces there."""
    public_access_cidrs: tuple[Cidr, ...] = ("0.0.0.0/0",)
    """Who may come to the public endpoint."""
    version: str = ""
    """The Kubernetes version, as ``1.33``."""
    service_cidr: Cidr = "172.20.0.0/16"
    """The block that Services get their virtual addresses from, nobody's outside the cluster."""
    load_balancer_controller: bool = True
    """Whether the AWS Load Balancer Controller runs in it, which makes balancers for an Ingress and for a Service of
    type LoadBalancer."""
    prefix_delegation: bool = False
    """Whether nodes get addresses by /28 prefixes, so that many more pods fit on one."""
    external_snat: bool = False
    """Whether pods on nodes keep their own addresses out of the VPC (AWS_VPC_K8S_CNI_EXTERNALSNAT of the Amazon VPC
    CNI), for a NAT gateway to translate; else they leave by their node's primary address."""
    role: RoleRef | None = None
    """The role of the control plane."""
    region: Region | None = None
    """The region; left out: its subnets'."""


class EksNodeGroupProperties(Properties):
    """Nodes that EKS starts, updates and drains: an Auto Scaling group of its own."""

    cluster: ClusterRef
    """The cluster its nodes join."""
    subnets: tuple[SubnetIn, ...] = ()
    """Where it starts nodes; left out: the cluster's subnets."""
    min: Annotated[int, Field(ge=0)] = 1
    """The fewest nodes."""
    max: Annotated[int, Field(ge=1)] = 2
    """The most nodes."""
    desired: Annotated[int, Field(ge=0)] | None = None
    """How many it keeps now; left out: the minimum."""
    instance_type: str = "t3.medium"
    """The size of its nodes; t3.medium by EKS."""
    capacity_type: Literal["ON_DEMAND", "SPOT"] = "ON_DEMAND"
    """Whether its nodes may be taken away with two minutes' notice."""
    launch_template: LaunchTemplateRef | None = None
    """A template of one's own; its security groups replace the cluster's."""
    auto_scaling_group: Annotated[str, Reference(("auto_scaling_group",), "uses")] | None = None
    """The group behind it, where that is a component of its own (imported designs); left out: EKS makes one."""
    max_pods: Annotated[int, Field(ge=1)] | None = None
    """The most pods on a node; left out: what its size allows."""
    boot_time: Duration = 120.0
    """Seconds from launch until a node is ready."""
    role: RoleRef | None = None
    """The role of its nodes."""
    scaling: Literal["", "cluster_autoscaler", "karpenter"] = ""
    """What starts nodes for pods that wait; left out: nothing does."""


class EksFargateProfileProperties(Properties):
    """Which pods run on Fargate, without nodes."""

    cluster: ClusterRef
    """The cluster."""
    namespaces: tuple[str, ...]
    """The namespaces whose pods it takes."""
    subnets: tuple[SubnetIn, ...] = ()
    """Where they run, private subnets alone; left out: the cluster's subnets."""


class K8sPodProperties(ContainerProperties):
    """A pod with an address of the VPC: on an interface of its node, or on one of its own."""

    node: HostRef | None = None
    """The node it runs on; left out: on Fargate."""


class K8sDeploymentProperties(FleetProperties):
    """Keeps equal pods running (a Deployment's ``replicas`` are its ``desired``)."""

    cluster: ClusterRef | None = None
    """The cluster it runs in; left out: Kubernetes on the ``nodes`` it names."""
    namespace: str = "default"
    """Its namespace; a Fargate profile that has it takes its pods."""
    nodes: tuple[NodesRef, ...] = ()
    """The node groups, groups or instances whose nodes its pods may run on; left out: all of the cluster's."""
    image: str = ""
    """The image; one of Amazon ECR has ``.dkr.ecr.`` in its name; left out: not stated."""
    listens: tuple[Program, ...] | None = None
    """The programs in its pods; left out: not stated."""
    role: RoleRef | None = None
    """The role its programs call AWS APIs as (pod identity, or a service account's)."""
    toleration: Duration = 300.0
    """Seconds its pods stay bound to a node that cannot be reached."""


class ServicePort(Part):
    """A port of a Service."""

    port: Port
    """What callers ask."""
    target_port: Port | None = None
    """The port of the pods; left out: the same."""
    node_port: NodePort | None = None
    """For NodePort and LoadBalancer: the port of every node; left out: one of 30000-32767."""
    protocol: Literal["tcp", "udp"] = "tcp"
    """The protocol."""
    app_protocol: Literal["http", "https"] | None = None
    """What is spoken; left out: what the pods' programs speak."""

    @property
    def inner(self) -> int:
        """The port of the pods."""
        return self.target_port or self.port


class K8sServiceProperties(Properties):
    """A stable name and address in front of pods."""

    cluster: ClusterRef | None = None
    """The cluster; left out: that of the pods."""
    namespace: str = "default"
    """Its namespace."""
    selects: tuple[DeploymentRef, ...] = ()
    """Whose pods it leads to."""
    type: Literal["ClusterIP", "NodePort", "LoadBalancer"] = "ClusterIP"
    """``ClusterIP``: an address for the cluster alone; ``NodePort``: a port of every node too; ``LoadBalancer``: a
    Network Load Balancer too, which the AWS Load Balancer Controller makes."""
    ports: tuple[ServicePort, ...]
    """Its ports."""
    external_traffic_policy: Literal["Cluster", "Local"] = "Cluster"
    """``Local``: a node sends what comes to its node port to its own pods alone."""
    target_type: Literal["instance", "ip"] = "instance"
    """What its balancer's target groups hold: nodes with the node port, or pods."""
    scheme: Literal["internet-facing", "internal"] = "internal"
    """Its balancer's scheme."""
    subnets: tuple[SubnetIn, ...] = ()
    """Its balancer's subnets; left out: those of the cluster's VPC that the scheme asks for, one of each zone."""
    security_groups: tuple[SecurityGroupRef, ...] = ()
    """Its balancer's groups; left out: the controller makes one."""
    source_ranges: tuple[Cidr, ...] = ("0.0.0.0/0",)
    """Who may come to its balancer, where the controller makes the group."""
    certificate: CertificateRef | None = None
    """Its balancer's certificate."""
    backend_rules: bool | None = None
    """Whether the controller lets its balancer in at the groups of nodes or pods; left out: where it makes the
    balancer's group."""
    targets_on: tuple[HostRef, ...] = ()
    """The nodes that answer on its node ports; left out: all of the cluster's."""


class IngressPath(Part):
    """Which requests go to which Service."""

    host: str = ""
    """The host name, a leading ``*.`` allowed; left out: any."""
    path: str = "/"
    """The path."""
    path_type: Literal["Prefix", "Exact", "ImplementationSpecific"] = "Prefix"
    """``Prefix``: element by element; ``Exact``; ``ImplementationSpecific``: as a pattern of the balancer."""
    service: ServiceTarget
    """The Service."""
    port: Port | None = None
    """Its port; left out: its first."""


class K8sIngressProperties(Properties):
    """The entry from outside: an Application Load Balancer that the AWS Load Balancer Controller makes."""

    cluster: ClusterIn
    """The cluster."""
    rules: tuple[IngressPath, ...] = ()
    """Its rules."""
    default_service: ServiceTarget | None = None
    """The Service of what no rule takes; left out: the balancer answers 404."""
    scheme: Literal["internet-facing", "internal"] = "internal"
    """The balancer's scheme."""
    target_type: Literal["instance", "ip"] = "instance"
    """What its target groups hold: nodes with the node port, or pods."""
    certificate: CertificateRef | None = None
    """The certificate of its HTTPS listener; left out: it has an HTTP listener alone."""
    ssl_redirect: bool = False
    """Whether an HTTP listener sends clients to the HTTPS one."""
    ssl_policy: str | None = None
    """The TLS policy; left out: AWS's default."""
    subnets: tuple[SubnetIn, ...] = ()
    """The balancer's subnets; left out: those of the cluster's VPC that the scheme asks for, one of each zone."""
    security_groups: tuple[SecurityGroupRef, ...] = ()
    """The balancer's groups; left out: the controller makes one."""
    inbound_cidrs: tuple[Cidr, ...] = ("0.0.0.0/0",)
    """Who may come to the balancer, where the controller makes the group."""
    health_check_path: str = "/"
    """The path that health checks of its target groups ask."""
    success_codes: str = "200"
    """The statuses that count as healthy."""
    backend_rules: bool | None = None
    """Whether the controller lets the balancer in at the groups of nodes or pods; left out: where it makes the
    balancer's group."""
    waf: bool = False
    """Whether a web ACL stands before the balancer."""
    deletion_protection: bool = False
    """Whether the balancer is guarded against deletion."""
    access_logs: bool = False
    """Whether access logs of the balancer are kept."""


__all__ = [
    "EksClusterProperties",
    "EksFargateProfileProperties",
    "EksNodeGroupProperties",
    "IngressPath",
    "K8sDeploymentProperties",
    "K8sIngressProperties",
    "K8sPodProperties",
    "K8sServiceProperties",
    "ServicePort",
]
