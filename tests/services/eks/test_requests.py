"""Requests through an Ingress, a Service, a node port and a cluster's endpoint."""

from __future__ import annotations

import pytest

from archtui.services.containers import ContainerProperties, FleetProperties
from archtui.services.eks.capacity import gives_pods_groups, max_pods
from archtui.services.eks.properties import K8sPodProperties
from archtui.services.elb.properties import ApplicationLoadBalancerProperties, TargetGroupProperties
from archtui.trace.request import Request
from archtui.trace.walker import trace
from archtui.world.steps import Verdict
from archtui.world.world import World
from tests.proves import proves
from tests.services.eks.shop import API, SHOP, ask, codes_of, world_of

INSTANCE = ("target_type: ip", "target_type: instance")
NODE_PORT = ("selects: [web], ports", "selects: [web], type: NodePort, ports")


def targets(world: World, group: str) -> list[tuple[str, int | None]]:
    properties = world.components[group].properties
    assert isinstance(properties, TargetGroupProperties)
    return [(target.id, target.port) for target in properties.targets]


def pods(world: World, name: str) -> list[K8sPodProperties]:
    fleet = world.components[name].properties
    assert isinstance(fleet, FleetProperties)
    found = [world.components[member].properties for member in fleet.members]
    return [pod for pod in found if isinstance(pod, K8sPodProperties)]


@proves(
    "With target type ip an Ingress's balancer sends to the pods themselves, by host and path.",
    area="Kubernetes",
    source="AWS Load Balancer Controller, 'Ingress annotations' (target-type)",
)
def test_an_ingress_sends_each_path_to_the_pods_of_its_service() -> None:
    world = world_of()
    assert targets(world, "entry:web-svc-80") == [("web:1", 8080), ("web:2", 8080)]
    for request, shares in ((SHOP, ("web", Verdict.REACHABLE)), (API, ("web", Verdict.BLOCKED))):
        found = trace(world, request)
        assert found.status == 200
        assert found.reaches("api") is Verdict.REACHABLE
        assert found.reaches(shares[0]) is shares[1]


def test_another_host_gets_404() -> None:
    found = ask(Request.make("internet", "entry", protocol="http", path="/basket"))
    assert (found.status, codes_of(found)) == (404, ["ELBV2_FIXED_RESPONSE"])


@proves(
    "With target type instance it sends to every node's port, and kube-proxy there to any ready pod.",
    area="Kubernetes",
    source="AWS Load Balancer Controller, 'Ingress annotations' (target-type); Kubernetes, 'Virtual IPs and Service "
    "Proxies'",
)
def test_an_instance_target_is_a_node_with_the_node_port() -> None:
    world = world_of(INSTANCE, NODE_PORT)
    assert targets(world, "entry:api-svc-80") == [("workers:asg:1", 30001), ("workers:asg:2", 30001)]
    found = trace(world, API)
    assert (found.verdict, found.status) == (Verdict.REACHABLE, 200)
    chosen = [step for path in found.paths for hop in path.forward for step in hop.steps if hop.component == "api-svc"]
    assert {(step.before["port"], step.after["port"]) for step in chosen} == {(30001, 3000)}
    met = {hop.component for path in found.paths for hop in path.forward}
    assert {"workers:asg", "api:1", "api:2", "api:3"} <= met


def test_a_service_without_a_node_port_is_no_instance_target() -> None:
    found = ask(SHOP, INSTANCE)
    assert (found.status, codes_of(found)) == (503, ["ELBV2_LISTENER_HAS_NO_TG"])


@proves(
    "With externalTrafficPolicy Local a node sends to its own pods alone; one without any is unhealthy.",
    area="Kubernetes",
    source="Kubernetes, 'Create an External Load Balancer', 'Preserving the client source IP'",
)
def test_local_traffic_policy_keeps_to_the_nodes_own_pods() -> None:
    local = ("type: NodePort", "type: NodePort, external_traffic_policy: Local")
    one = ("    desired: 3\n", "    desired: 1\n")
    found = ask(API, INSTANCE, local, one)
    assert (found.verdict, found.status) == (Verdict.REACHABLE, 200)
    assert {path.forward[-1].component for path in found.paths} == {"api:1"}
    direct = ask(Request.make("web:2", "workers:asg:2", protocol="http", port=30000), local, one)
    assert codes_of(direct) == ["K8S_NO_ENDPOINTS"]


@proves(
    "A Service's name gives a virtual address, which kube-proxy of the sender's node turns into a ready pod's.",
    area="Kubernetes",
    source="Kubernetes, 'Virtual IPs and Service Proxies', 'DNS for Services and Pods'",
)
@pytest.mark.parametrize("name", ["api-svc", "http://api-svc.default.svc.cluster.local/", "http://api-svc.default/"])
def test_a_pod_asks_a_service_by_name(name: str) -> None:
    found = ask(Request.make("web", name, protocol="http", port=80) if "://" not in name else Request.make("web", name))
    assert (found.verdict, found.status) == (Verdict.REACHABLE, 200)
    assert {path.forward[-1].component for path in found.paths} == {"api:1", "api:2", "api:3"}


def test_two_pods_of_one_node_talk_past_every_filter() -> None:
    closed = ("cluster: {kind: eks_cluster,", "shut: {kind: security_group, vpc: vpc}\n  cluster: {kind: eks_cluster,")
    template = (
        "workers: {kind: eks_node_group,",
        "lt: {kind: launch_template, security_groups: [shut]}\n  workers: {kind: eks_node_group, launch_template: lt,",
    )
    near = ask(Request.make("web:1", "api:1", protocol="http", port=3000), closed, template)
    far = ask(Request.make("web:1", "api:2", protocol="http", port=3000), closed, template)
    assert (near.status, far.status) == (200, None)
    assert codes_of(far) == ["ENI_SG_RULES_MISMATCH"]


@pytest.mark.parametrize(
    ("request_", "change", "code"),
    [
        (Request.make("web", "api-svc", protocol="http", port=81), (), "K8S_NO_PORT"),
        (Request.make("web", "api-svc", protocol="http", port=80), ("selects: [api], ", ""), "K8S_NO_ENDPOINTS"),
        (Request.make("internet", "web-svc", protocol="http", port=80), (), "K8S_CLUSTER_ONLY"),
        (SHOP, ("endpoint_private: true", "load_balancer_controller: false"), "NO_BALANCER_MADE"),
    ],
)
def test_what_a_service_refuses(request_: Request, change: tuple[str, str] | tuple[()], code: str) -> None:
    found = ask(request_, *([change] if change else []))
    assert (found.verdict, codes_of(found)) == (Verdict.BLOCKED, [code])


@proves(
    "A Service of type LoadBalancer gets a Network Load Balancer, internal unless it says otherwise.",
    area="Kubernetes",
    source="AWS Load Balancer Controller, 'Network Load Balancer', 'secure by default'",
)
@pytest.mark.parametrize("target_type", ["instance", "ip"])
def test_a_balanced_service_has_a_network_load_balancer(target_type: str) -> None:
    kind = ("selects: [web], ports", f"selects: [web], type: LoadBalancer, target_type: {target_type}, ports")
    world = world_of(kind)
    inside = [world.components["web-svc:lb"].raw["scheme"], world.components["web-svc:lb"].raw["subnets"]]
    assert inside == ["internal", ["app-a", "app-b"]]
    public = world_of(kind, ("type: LoadBalancer", "type: LoadBalancer, scheme: internet-facing"))
    found = trace(public, Request.make("internet", "web-svc", protocol="http", port=80))
    assert (found.verdict, found.status) == (Verdict.REACHABLE, 200)
    assert found.reaches("web") is Verdict.REACHABLE


@proves(
    "Where an Ingress names security groups, the controller leaves those of nodes and pods alone.",
    area="Kubernetes",
    source="AWS Load Balancer Controller, 'Ingress annotations' (security-groups, manage-backend-security-group-rules)",
)
@pytest.mark.parametrize(("more", "status"), [("", 504), (", backend_rules: true", 200)])
def test_groups_of_ones_own_are_not_let_in_unasked(more: str, status: int) -> None:
    group = (
        "  entry:\n",
        "  own: {kind: security_group, vpc: vpc, ingress: [{port: 80, from: 0.0.0.0/0}]}\n  entry:\n",
    )
    named = (
        "    target_type: ip\n",
        f"    target_type: ip\n    security_groups: [own]{more.replace(', ', chr(10) + '    ')}\n",
    )
    assert ask(API, group, named).status == status


@proves(
    "Exact paths decide before prefixes, longer prefixes before shorter ones.",
    area="Kubernetes",
    source="Kubernetes, 'Ingress', 'Multiple matches'",
)
def test_the_most_particular_path_decides() -> None:
    world = world_of(
        (
            "      - {host: shop.example, path: /api, service: api-svc}\n",
            "      - {path: /api/orders, service: web-svc, path_type: Exact}\n"
            "      - {host: shop.example, path: /, service: web-svc}\n"
            "      - {host: shop.example, path: /api, service: api-svc}\n"
            "      - {host: shop.example, path: /api/orders, service: web-svc, path_type: Exact}\n",
        )
    )
    balancer = world.components["entry:lb"].properties
    assert isinstance(balancer, ApplicationLoadBalancerProperties)
    assert [(rule.host, rule.path) for rule in balancer.listeners[0].rules][:3] == [
        (("shop.example",), ("/api/orders",)),
        (("shop.example",), ("/api", "/api/*")),
        (("shop.example",), ("/*",)),
    ]


@proves(
    "A pod has its node's security groups, or with security groups for pods its own on an interface of its own.",
    area="Kubernetes",
    source="EKS User Guide, 'Amazon VPC CNI', 'Assign security groups to individual Pods'",
)
def test_a_pods_groups_are_its_nodes_or_its_own() -> None:
    own = (
        "  api:\n    kind: k8s_deployment\n",
        "  nodes-sg: {kind: security_group, vpc: vpc, ingress: [{from: self}]}\n"
        "  api-sg: {kind: security_group, vpc: vpc, ingress: [{port: 3000, from: nodes-sg}]}\n"
        "  api:\n    kind: k8s_deployment\n    security_groups: [api-sg]\n",
    )
    named = ("endpoint_private: true", "endpoint_private: true, security_group: nodes-sg")
    assert {pod.security_groups for pod in pods(world_of(), "api")} == {("cluster:sg",)}
    assert {pod.security_groups for pod in pods(world_of(own, named), "api")} == {("api-sg",)}
    asked = Request.make("web:1", "api:1", protocol="http", port=3000)
    found = ask(asked, own, named)
    assert found.status == 200
    assert ask(asked, (own[0], own[1].replace("3000", "3001")), named).status is None


@proves(
    "A node takes as many pods as its interfaces have addresses; what finds no room waits.",
    area="Kubernetes",
    source="EKS User Guide, 'Choose an optimal Amazon EC2 node instance type'; the EKS AMI's list of pods by size",
)
@pytest.mark.parametrize(("size", "started"), [("t3.small", 16), ("t3.micro", 2), ("m5.large", 20)])
def test_pods_that_find_no_room_are_not_there(size: str, started: int) -> None:
    many = ("    desired: 3\n", "    desired: 20\n")
    nodes = ("desired: 2, max: 4", f"desired: 2, max: 4, instance_type: {size}")
    world = world_of(many, nodes)
    assert len(pods(world, "api")) == started
    per_node = [
        len([pod for name in ("web", "api") for pod in pods(world, name) if pod.node == f"workers:asg:{n}"])
        for n in (1, 2)
    ]
    assert abs(per_node[0] - per_node[1]) <= 1


@pytest.mark.parametrize(
    ("size", "most"),
    [
        ("t3.medium", 17),
        ("t3.large", 35),
        ("t3.xlarge", 58),
        ("m5.large", 29),
        ("c5.4xlarge", 234),
        ("r5.24xlarge", 737),
        ("m7g.medium", 8),
        ("p4d.24xlarge", None),
    ],
)
def test_the_most_pods_of_a_size(size: str, most: int | None) -> None:
    assert max_pods(size) == most


def test_prefixes_make_more_room() -> None:
    assert (max_pods("t3.medium", prefixes=True), max_pods("m5.24xlarge", prefixes=True)) == (110, 250)
    assert [gives_pods_groups(size) for size in ("t3.large", "m5.large", "p4d.24xlarge")] == [False, True, None]


@proves(
    "Pods that a Fargate profile takes run in its subnets without nodes, with the cluster's security group.",
    area="Kubernetes",
    source="EKS User Guide, 'Define which Pods use AWS Fargate when launched'",
)
def test_a_fargate_profile_takes_a_namespaces_pods() -> None:
    world = world_of(
        ("  web:\n", "  serverless: {kind: eks_fargate_profile, cluster: cluster, namespaces: [back]}\n  web:\n"),
        ("    desired: 3\n", "    desired: 3\n    namespace: back\n"),
    )
    assert [(pod.node, pod.subnet) for pod in pods(world, "api")] == [(None, "app-a"), (None, "app-b"), (None, "app-a")]
    assert isinstance(pods(world, "api")[0], ContainerProperties)
    assert trace(world, API).status == 200


ENDPOINT = "https://cluster.gr7.eu-west-1.eks.amazonaws.com/healthz"


@proves(
    "The API server's endpoint is public unless it is made private, and admits the blocks it is told.",
    area="Kubernetes",
    source="EKS User Guide, 'Cluster API server endpoint'",
)
@pytest.mark.parametrize(
    ("settings", "outside", "inside"),
    [
        ("endpoint_private: true", "", ""),
        ("endpoint_private: false", "", "no way out"),
        ("endpoint_private: true, public_access_cidrs: [203.0.113.0/24]", "EKS_PUBLIC_ACCESS_RESTRICTED", ""),
        ("endpoint_private: true, endpoint_public: false", "no way in", ""),
    ],
)
def test_who_reaches_the_api_server(settings: str, outside: str, inside: str) -> None:
    change = ("endpoint_private: true", settings)
    for sender, refused in (("internet", outside), ("workers:asg:1", inside)):
        found = ask(Request.make(sender, ENDPOINT), change)
        assert (found.verdict is Verdict.BLOCKED) == bool(refused), (sender, codes_of(found))
        if refused.isupper():
            assert codes_of(found) == [refused]
