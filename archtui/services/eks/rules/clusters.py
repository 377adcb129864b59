"""EKS001-EKS006: clusters, their endpoints and what runs their pods."""

from __future__ import annotations

from collections.abc import Iterator

from archtui.check.finding import Finding
from archtui.check.rule import ComponentRule, properties
from archtui.model.component import Component, Json
from archtui.model.edits import Edit, add_component, join, set_property, unused_id
from archtui.services.eks.lookups import node_groups, profiles
from archtui.services.eks.properties import (
    EksClusterProperties,
    EksFargateProfileProperties,
    EksNodeGroupProperties,
)
from archtui.services.examples import NETWORK
from archtui.services.lookups import as_kind, character_of, zones_of
from archtui.services.spread import add_zone
from archtui.services.vpc.properties import SubnetProperties
from archtui.world.world import World

_GUIDE = "https://docs.aws.amazon.com/eks/latest/userguide/"
_ENDPOINT = f"{_GUIDE}cluster-endpoint.html"
_EVERYONE = ("0.0.0.0/0", "::/0")
_NODES = "  workers: {kind: eks_node_group, cluster: cluster, desired: 2}\n"


def _cluster(text: str = "", more: str = _NODES) -> str:
    """Return an example with a cluster of these properties."""
    settings = f", {text}" if text else ""
    return f"{NETWORK}  cluster: {{kind: eks_cluster, subnets: [app-a, app-b]{settings}}}\n{more}"


class OpenToAll(ComponentRule):
    """A cluster whose API server answers everyone."""

    id = "EKS001"
    title = "Public cluster endpoint open to all"
    severity = "warning"
    class_ = "security"
    kinds = ("eks_cluster",)
    reads = ()
    why = "Whoever holds or steals a token can use the API from anywhere, and a flaw in it is open to everyone."
    fix = "Make the endpoint private, or limit it to known blocks."
    sources = (_ENDPOINT,)
    example_bad = _cluster("endpoint_private: true")
    example_good = _cluster("endpoint_private: true, public_access_cidrs: [203.0.113.0/24]")
    example_finds = ("cluster",)

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Look at the blocks that may come."""
        cluster = properties(component, EksClusterProperties)
        if cluster.endpoint_public and any(block in _EVERYONE for block in cluster.public_access_cidrs):
            yield self.finding(component.id, message=f"The API server of {component.id} answers the whole internet.")

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Let it answer inside the VPC alone."""
        edits = (
            set_property(finding.subject, ("endpoint_private",), True),
            set_property(finding.subject, ("endpoint_public",), False),
        )
        return (join(f"make the endpoint of {finding.subject} private", edits),)


class NodesInOneZone(ComponentRule):
    """A cluster whose nodes all stand in one zone."""

    id = "EKS002"
    title = "Nodes of a cluster in one availability zone"
    severity = "warning"
    class_ = "resilience"
    kinds = ("eks_cluster",)
    why = "When that zone is lost every pod is lost, and there is nowhere to start another."
    fix = "Give a node group subnets of two zones."
    sources = (f"{_GUIDE}managed-node-groups.html",)
    facts = ("az-failure-01",)
    example_bad = _cluster(
        "endpoint_private: true", _NODES.replace("cluster: cluster", "cluster: cluster, subnets: [app-a]")
    )
    example_good = _cluster("endpoint_private: true")
    example_finds = ("cluster", "workers")

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Compare the zones of all its nodes."""
        found = tuple(node_groups(world, component.id))
        subnets = [subnet for _, nodes in found for subnet in nodes.subnets]
        subnets += [subnet for _, profile in profiles(world, component.id) for subnet in profile.subnets]
        zones = zones_of(world, subnets)
        if found and len(zones) == 1:
            names = tuple(group.id for group, _ in found)
            message = f"All nodes of {component.id} are in {zones[0]}."
            fixable = bool(add_zone(world, names[0], found[0][1].subnets))
            yield self.finding(component.id, *names, message=message, fixable=fixable)

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Give the first node group a subnet of another zone."""
        name = finding.components[1]
        nodes = as_kind(world, name, EksNodeGroupProperties)
        return add_zone(world, name, nodes.subnets) if nodes else ()


class NothingToRunOn(ComponentRule):
    """A cluster with neither nodes nor a Fargate profile."""

    id = "EKS003"
    title = "Cluster without nodes"
    severity = "error"
    class_ = "correctness"
    kinds = ("eks_cluster",)
    reads = ("eks_node_group", "eks_fargate_profile", "k8s_deployment")
    why = "The control plane runs no pods; without nodes or a Fargate profile every pod stays pending."
    fix = "Add a node group or a Fargate profile."
    sources = (f"{_GUIDE}eks-compute.html",)
    facts = ("eks_node_group-pods-01", "eks-nodes-01")
    example_bad = _cluster("endpoint_private: true", more="  shop: {kind: k8s_deployment, cluster: cluster}\n")
    example_good = example_bad + _NODES
    example_finds = ("cluster",)

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Look for something that runs pods."""
        on_its_own = any(
            getattr(world.components[edge.source].properties, "nodes", ()) and edge.path == ("cluster",)
            for edge in world.referrers(component.id)
        )
        if not (on_its_own or any(node_groups(world, component.id)) or any(profiles(world, component.id))):
            yield self.finding(component.id, message=f"{component.id} has nothing to run pods on.")

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Add a node group of two."""
        name = unused_id(world.components, f"{finding.subject}-nodes")
        body: dict[str, Json] = {"cluster": finding.subject, "min": 2, "desired": 2, "max": 4}
        return (join(f"add nodes to {finding.subject}", (add_component(name, "eks_node_group", body),)),)


class ControlPlaneInOneZone(ComponentRule):
    """A cluster whose subnets stand in one zone."""

    id = "EKS004"
    title = "Cluster subnets in one availability zone"
    severity = "error"
    class_ = "correctness"
    kinds = ("eks_cluster",)
    why = "EKS refuses a cluster whose subnets are not in two zones at least."
    fix = "Give it a subnet of a second zone."
    sources = (f"{_GUIDE}network-reqs.html",)
    facts = ("eks-control-01",)
    example_bad = _cluster("endpoint_private: true").replace("[app-a, app-b]", "[app-a]")
    example_good = _cluster("endpoint_private: true")
    example_finds = ("cluster", "app-a")

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Count the zones."""
        subnets = properties(component, EksClusterProperties).subnets
        zones = zones_of(world, subnets)
        if len(zones) == 1:
            message = f"The subnets of {component.id} are all in {zones[0]}."
            fixable = bool(add_zone(world, component.id, subnets))
            yield self.finding(component.id, *subnets, message=message, path=(), fixable=fixable)

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Add a subnet of another zone."""
        cluster = as_kind(world, finding.subject, EksClusterProperties)
        return add_zone(world, finding.subject, cluster.subnets) if cluster else ()


class FargateInPublic(ComponentRule):
    """A Fargate profile with a public subnet."""

    id = "EKS005"
    title = "Fargate profile in a public subnet"
    severity = "error"
    class_ = "correctness"
    kinds = ("eks_fargate_profile",)
    why = "Pods on Fargate get no public address, so EKS takes private subnets alone for a profile."
    fix = "Name private subnets."
    sources = (f"{_GUIDE}fargate-profile.html",)
    example_bad = _cluster(
        more="  pods: {kind: eks_fargate_profile, cluster: cluster, namespaces: [shop], subnets: [public-a, app-b]}\n"
    )
    example_good = example_bad.replace("public-a, app-b", "app-a, app-b")
    example_finds = ("pods", "public-a")

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Look at the routes of its subnets."""
        subnets = properties(component, EksFargateProfileProperties).subnets
        public = tuple(name for name in subnets if character_of(world, name) == "public")
        if public:
            message = f"{', '.join(public)} has a route to an internet gateway; {component.id} takes private subnets."
            yield self.finding(component.id, *public, message=message)


class NodesCannotJoin(ComponentRule):
    """Nodes from which the API server cannot be reached."""

    id = "EKS006"
    title = "Nodes cannot reach the cluster's endpoint"
    severity = "error"
    class_ = "reachability"
    kinds = ("eks_node_group",)
    why = "A node joins by the API server; where its endpoint is public alone, a subnet without a way out has none."
    fix = "Switch private access on, or give the subnets a way to the internet."
    sources = (_ENDPOINT, f"{_GUIDE}private-clusters.html")
    example_bad = _cluster()
    example_good = _cluster("endpoint_private: true")
    example_finds = ("workers", "cluster", "app-a", "app-b")

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Look for a way out of each subnet."""
        nodes = properties(component, EksNodeGroupProperties)
        cluster = as_kind(world, nodes.cluster, EksClusterProperties)
        if cluster is None or cluster.endpoint_private or not cluster.endpoint_public:
            return
        stuck = tuple(name for name in nodes.subnets if self._is_stuck(world, name))
        if stuck:
            message = f"From {', '.join(stuck)} nodes do not reach the public endpoint of {nodes.cluster}."
            yield self.finding(component.id, nodes.cluster, *stuck, message=message)

    @staticmethod
    def _is_stuck(world: World, subnet: str) -> bool:
        character = character_of(world, subnet)
        if character == "public":
            home = as_kind(world, subnet, SubnetProperties)
            return home is not None and not home.map_public_ip
        return character == "isolated"

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Switch private access on."""
        name = finding.components[1]
        edit = set_property(name, ("endpoint_private",), True)
        return (join(f"let nodes reach {name} inside the VPC", (edit,)),)
