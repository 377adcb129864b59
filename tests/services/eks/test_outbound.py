"""How pods leave the VPC: by their node's primary address, or with their own."""

from __future__ import annotations

import pytest

from archtui.network.batch import decide_many
from archtui.network.engine import addresses_of, decide, network_of, trace_packet
from archtui.network.flow import Flow
from archtui.network.reach import reach
from archtui.world.condition import HEALTHY
from archtui.world.steps import Verdict
from archtui.world.world import World
from tests.proves import proves
from tests.services.eks.shop import world_of

SOURCE = "Amazon EKS User Guide, 'Enable outbound internet access for Pods'"
PUBLIC = (
    ("app-a: {kind: subnet, vpc: vpc,", "app-a: {kind: subnet, vpc: vpc, map_public_ip: true, route_table: public,"),
    ("app-b: {kind: subnet, vpc: vpc,", "app-b: {kind: subnet, vpc: vpc, map_public_ip: true, route_table: public,"),
)
"""Nodes in public subnets, each with a public address."""
TRANSLATED = (
    (
        "  public: {kind",
        "  eip: {kind: elastic_ip}\n"
        "  nat: {kind: nat_gateway, subnet: public-a, elastic_ip: eip}\n"
        "  out: {kind: route_table, vpc: vpc, routes: [{to: 0.0.0.0/0, via: nat}]}\n"
        "  public: {kind",
    ),
    ("az: a, cidr: 10.0.10.0/24", "az: a, cidr: 10.0.10.0/24, route_table: out"),
    ("az: b, cidr: 10.0.11.0/24", "az: b, cidr: 10.0.11.0/24, route_table: out"),
)
"""Nodes in private subnets behind a NAT gateway."""
EXTERNAL = ("endpoint_private: true", "endpoint_private: true, external_snat: true")
FARGATE = (
    "  workers: {kind: eks_node_group, cluster: cluster, desired: 2, max: 4}",
    "  workers: {kind: eks_fargate_profile, cluster: cluster, namespaces: [default]}",
)
PEERED = (
    "  cluster: {",
    "  far: {kind: vpc, cidr: 10.9.0.0/16}\n"
    "  far-table: {kind: route_table, vpc: far, routes: [{to: 10.0.0.0/16, via: peering}]}\n"
    "  far-a: {kind: subnet, vpc: far, az: a, cidr: 10.9.0.0/24, route_table: far-table}\n"
    "  far-sg: {kind: security_group, vpc: far, ingress: [{port: 443, from: 192.0.2.77/32}]}\n"
    "  office: {kind: ec2_instance, subnet: far-a, security_groups: [far-sg]}\n"
    "  peering: {kind: vpc_peering, requester: vpc, accepter: far}\n"
    "  app-table: {kind: route_table, vpc: vpc, routes: [{to: 10.9.0.0/16, via: peering}]}\n"
    "  cluster: {",
)
OUT = Flow("web:1", "internet", port=443)


def node_of(world: World, pod: str) -> str:
    return network_of(world).interfaces[f"{pod}:eni"].machine


@proves(
    "A pod leaves the VPC with its node's primary address, so that in a public subnet its node's public one counts.",
    area="Kubernetes",
    source=SOURCE,
)
def test_a_pod_leaves_by_its_nodes_public_address() -> None:
    world = world_of(*PUBLIC)
    found = trace_packet(world, OUT)
    node = node_of(world, "web:1")
    assert found.verdict is Verdict.REACHABLE
    assert found.source_address == addresses_of(world, node)[1][0]
    assert [hop.component for hop in found.back][-1] == "web:1"
    assert any(
        node in step.message and "replaces the source" in step.message for hop in found.forward for step in hop.steps
    )


@proves(
    "With AWS_VPC_K8S_CNI_EXTERNALSNAT a pod keeps its own address, which in a public subnet leads nowhere.",
    area="Kubernetes",
    source=SOURCE,
)
def test_with_external_snat_a_pod_keeps_its_address() -> None:
    found = trace_packet(world_of(*PUBLIC, EXTERNAL), OUT)
    assert found.verdict is Verdict.BLOCKED
    assert [(item.component, item.code) for item in found.blockers] == [
        ("web:1", "IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS")
    ]


@pytest.mark.parametrize("changes", [(), (EXTERNAL,)])
def test_behind_a_nat_gateway_both_lead_out(changes: tuple[tuple[str, str], ...]) -> None:
    assert decide(world_of(*TRANSLATED, *changes), OUT).verdict is Verdict.REACHABLE


def test_a_node_without_a_public_address_is_named() -> None:
    world = world_of(
        *(change for change in PUBLIC),
        ("map_public_ip: true, route_table: public, az: a", "map_public_ip: false, route_table: public, az: a"),
    )
    pod = next(name for name in ("web:1", "web:2") if network_of(world).interfaces[f"{name}:eni"].subnet == "app-a")
    found = decide(world, Flow(pod, "internet", port=443))
    assert [item.code for item in found.blockers] == ["IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS"]
    assert found.blockers[0].component != pod


@proves("Inside the VPC a pod keeps its own address.", area="Kubernetes", source=SOURCE)
def test_inside_the_vpc_a_pod_keeps_its_address() -> None:
    world = world_of(*PUBLIC)
    target = next(f"api:{n}" for n in (1, 2, 3) if node_of(world, f"api:{n}") != node_of(world, "web:1"))
    found = trace_packet(world, Flow("web:1", target, port=3000))
    assert (found.verdict, found.source_address) == (Verdict.REACHABLE, addresses_of(world, "web:1")[0][0])


@proves(
    "Into a peered VPC a pod goes with its node's primary address too, and a connection opened from there to the pod "
    "is answered from the pod's own.",
    area="Kubernetes",
    source=SOURCE,
)
def test_a_peered_vpc_sees_the_node() -> None:
    routed = tuple((f"cidr: 10.0.1{n}.0/24", f"cidr: 10.0.1{n}.0/24, route_table: app-table") for n in (0, 1))
    address = addresses_of(world_of(PEERED, *routed), node_of(world_of(PEERED, *routed), "web:1"))[0][0]
    world = world_of(PEERED, *routed, ("192.0.2.77/32", f"{address}/32"))
    there = Flow("web:1", "office", port=443)
    found = trace_packet(world, there)
    assert (found.verdict, found.source_address) == (Verdict.REACHABLE, address)
    assert (
        decide(world_of(PEERED, *routed, ("192.0.2.77/32", f"{address}/32"), EXTERNAL), there).verdict
        is Verdict.BLOCKED
    )
    back = trace_packet(
        world_of(
            PEERED,
            *routed,
            ("192.0.2.77/32", f"{address}/32"),
            (
                "  workers:",
                "  open: {kind: security_group, vpc: vpc, ingress: [{port: 8080, from: 10.9.0.0/16}]}\n  workers:",
            ),
            ("endpoint_private: true", "endpoint_private: true, security_group: open"),
        ),
        Flow("office", "web:1", port=8080),
    )
    assert (back.verdict, back.destination_address) == (Verdict.REACHABLE, addresses_of(world, "web:1")[0][0])


@proves(
    "Pods on Fargate and pods with security groups of their own have interfaces of their own, whose addresses no node "
    "translates.",
    area="Kubernetes",
    source="Amazon EKS User Guide, 'Simplify compute management with AWS Fargate'; README of amazon-vpc-cni-k8s, "
    "POD_SECURITY_GROUP_ENFORCING_MODE",
)
@pytest.mark.parametrize(
    "changes",
    [
        (FARGATE,),
        (
            ("  workers:", "  own: {kind: security_group, vpc: vpc}\n  workers:"),
            (
                "    kind: k8s_deployment\n    cluster: cluster\n    desired: 2",
                "    kind: k8s_deployment\n    security_groups: [own]\n    cluster: cluster\n    desired: 2",
            ),
        ),
    ],
)
def test_an_interface_of_its_own_is_not_translated(changes: tuple[tuple[str, str], ...]) -> None:
    public = decide(world_of(*PUBLIC, *changes), OUT)
    assert [(item.component, item.code) for item in public.blockers] == [
        ("web:1", "IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS")
    ]
    assert decide(world_of(*TRANSLATED, *changes), OUT).verdict is Verdict.REACHABLE


@pytest.mark.parametrize("changes", [PUBLIC, TRANSLATED, (*PUBLIC, EXTERNAL), (*PUBLIC, FARGATE)])
def test_many_flows_and_reach_say_the_same(changes: tuple[tuple[str, str], ...]) -> None:
    world = world_of(*changes)
    names = [*network_of(world).of_component, "internet"]
    flows = [Flow(one, other, port=443) for one in names for other in names if one != other]
    assert list(decide_many(world, flows)) == [decide(world, flow) for flow in flows]
    for name in ("web:1", "web:2", "api:3"):
        sure = any(not row.one_way and not row.unknown for row in reach(world, HEALTHY, name, "internet"))
        assert sure is (decide(world, Flow(name, "internet", port=443)).verdict is Verdict.REACHABLE)
