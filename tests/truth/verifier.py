"""The formal verifier's cases (``../shared/truth/batfish``) in our words, and where we say otherwise on purpose.

The verifier walks over nodes: instance, subnet router, VPC router, gateway, ``isp_16509`` (the backbone of AWS),
``internet``. Its walk ends at the first refusal and knows no way back unless it is asked for. Ours goes over
components, goes on after a refusal, and shows a router of a VPC only where a packet dies there. So that the order
of nodes can be compared,

- the verifier's ``isp_16509`` is left out (nothing of it can be configured), ``__aws-services-gateway__`` is the
  internet, and the node of a balancer in one zone is the balancer;
- ours ends at the first refusal, an address outside is the internet, a peering and an attachment are left out
  (the verifier links routers directly), and the router of the VPC stands behind a subnet that sends a packet on by
  its route table and before one that a packet enters from elsewhere.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NotRequired, TypedDict

from archtui.network.engine import PacketTrace, network_of
from archtui.network.flow import Flow
from archtui.world.steps import Action, Hop, Verdict
from archtui.world.world import World
from tests.labs import VERIFIER

THROUGH = {"ACCEPTED", "EXITS_NETWORK", "DELIVERED_TO_SUBNET", "ACCEPTED_OR_EXITS_NETWORK"}
"""Dispositions of a packet that got through."""
FOLDED = {"vpc_peering_connection", "transit_gateway_attachment", "transit_gateway_peering_attachment"}
"""Kinds of ours that are links between routers to the verifier."""

_BEYOND_A_SUBNET = {"internet_gateway", "vpc", "transit_gateway", "gateway_vpc_endpoint", "subnet"}


class Source(TypedDict):
    """Where a case's packet starts."""

    node: str
    ip: str | None


class Reverse(TypedDict):
    """What is expected of the way back."""

    disposition: str
    hops: list[str]


class Expected(TypedDict):
    """What the verifier asserts."""

    disposition: str
    hops: list[str] | None
    reverse: NotRequired[Reverse]
    extra: NotRequired[str]


class Case(TypedDict):
    """One assertion of the verifier's own tests."""

    id: str
    kind: str
    snapshot: str
    src: Source
    dst_ip: str | None
    protocol: str | None
    src_port: int | None
    dst_port: int | None
    expected: Expected
    proves: str


@dataclass(frozen=True)
class Otherwise:
    """An answer of ours that differs from the verifier's, and why AWS is on our side."""

    reason: str
    source: str
    verdict: Verdict | None = None
    """What we say; None: the verdict agrees and only the hops differ."""
    hops: bool = True
    """Whether the order of nodes differs too."""


DOWN = "describe output says that both tunnels are down (VgwTelemetry Status DOWN); the verifier does not read it"
SITE = "the sender is on premises and the describe output does not hold its router: what it announces is not known"

OTHERWISE: dict[str, Otherwise] = {
    "bf-009": Otherwise(DOWN, "EC2 API Reference, VgwTelemetry", Verdict.BLOCKED, hops=False),
    "bf-010": Otherwise(
        "a virtual private gateway sends nothing of its own",
        "VPN User Guide, 'What is Site-to-Site VPN'",
        Verdict.UNKNOWN,
    ),
    "bf-011": Otherwise(
        "a virtual private gateway sends nothing of its own",
        "VPN User Guide, 'What is Site-to-Site VPN'",
        Verdict.UNKNOWN,
    ),
    "bf-012": Otherwise(
        "a virtual private gateway sends nothing of its own",
        "VPN User Guide, 'What is Site-to-Site VPN'",
        Verdict.UNKNOWN,
    ),
    "bf-014": Otherwise(
        "whether another customer holds an address of AWS's is in no design: the verifier takes it that nobody does",
        "EC2 User Guide, 'Public IPv4 addresses': given out from Amazon's pool and again to others when released",
        Verdict.REACHABLE,
        hops=False,
    ),
    "bf-018": Otherwise(
        "no interface has the source address; an interface that sent it would drop it by its own check",
        "EC2 User Guide, 'Source/destination checking'",
        Verdict.UNKNOWN,
    ),
    "bf-040": Otherwise(
        "neighbours in one subnet talk directly, the node of a balancer too; the verifier hangs it on the router",
        "VPC User Guide, 'Network ACLs': traffic inside a subnet does not cross its edge; the verifier's own bf-019",
    ),
    "bf-021": Otherwise(
        "the router of a VPC sends nothing of its own, and 0.0.0.0 is no source of a routed packet",
        "RFC 1122, 3.2.1.3",
    ),
    "bf-026": Otherwise(
        "the router of a VPC knows the address of every interface: what none has dies there, not in the subnet",
        "measured: an unused address does not answer; Reachability Analyzer names the VPC (NO_POSSIBLE_DESTINATION)",
    ),
    "bf-029": Otherwise(
        "the subnet of the NAT gateway is crossed on the way in and on the way back, and its network ACL decides there",
        "VPC User Guide, 'NAT gateway basics': a network ACL controls traffic to and from the NAT gateway's subnet",
    ),
    "bf-033": Otherwise(SITE, "describe-customer-gateways", Verdict.UNKNOWN),
    "bf-034": Otherwise(SITE, "describe-customer-gateways", Verdict.UNKNOWN),
    "bf-035": Otherwise(SITE, "describe-customer-gateways", Verdict.UNKNOWN),
    "bf-036": Otherwise(DOWN, "EC2 API Reference, VgwTelemetry"),
    "bf-037": Otherwise(DOWN, "EC2 API Reference, VgwTelemetry"),
    "bf-038": Otherwise(
        "AWS's side of a tunnel answers pings and IKE, no other port",
        "measured: lab onug_cost_optimized_s3_path",
        Verdict.BLOCKED,
    ),
    "bf-047": Otherwise(
        "the packet dies at the attachment, which has no interface in its zone",
        "Transit Gateway guide, 'VPC attachments'; Reachability Analyzer code TGW_ROUTE_AZ_RESTRICTION",
    ),
    "bf-048": Otherwise(
        "the packet comes in by the attachment's own subnet, whose network ACL it crosses, and the reply is lost",
        "Transit Gateway guide, 'Network ACLs for transit gateways'; measured: lab aws_tgw_multi_az_intra_region",
    ),
    "bf-070": Otherwise(SITE, "describe-virtual-interfaces", Verdict.UNKNOWN),
    "bf-071": Otherwise(SITE, "describe-virtual-interfaces", Verdict.UNKNOWN),
    "bf-072": Otherwise(SITE, "describe-virtual-interfaces", Verdict.UNKNOWN),
    "bf-073": Otherwise(SITE, "describe-virtual-interfaces", Verdict.UNKNOWN),
}
"""Exactly the cases in which we differ: one more or one less fails a test."""


def cases() -> list[Case]:
    """Return the verifier's cases; none where the folder is absent."""
    path = VERIFIER / "cases.json"
    if not path.is_file():
        return []
    found: list[Case] = json.loads(path.read_text(encoding="utf-8"))["cases"]
    return found


def flow_of(case: Case) -> Flow:
    """Return the packet that a case sends."""
    protocol = (case["protocol"] or "0").split()[0].lower()
    return Flow(
        case["src"]["ip"] or case["src"]["node"],
        str(case["dst_ip"]),
        protocol,
        case["dst_port"],
        case["src_port"],
    )


def wanted(case: Case) -> Verdict:
    """Return the verdict that the verifier's disposition comes to."""
    return Verdict.REACHABLE if case["expected"]["disposition"] in THROUGH else Verdict.BLOCKED


def their_hops(hops: Iterable[str], world: World) -> list[str]:
    """Return the verifier's nodes as components."""
    balancers = [name for name, item in world.components.items() if item.kind.name == "network_load_balancer"]
    found = []
    for hop in hops:
        if hop == "isp_16509":
            continue
        balancer = next((name for name in balancers if f"-{name}." in hop), None)
        found.append("internet" if hop == "__aws-services-gateway__" else balancer or hop)
    return found


def our_hops(world: World, way: Sequence[Hop], start: str = "") -> list[str]:
    """Return the hops of a way as the verifier would count them; ``start`` where the way does not show it."""
    subnets = network_of(world).subnets
    found = [start] if start and not (way and way[0].component == start) else []
    for hop in way:
        subnet = subnets.get(hop.component)
        if subnet is not None and found and found[-1] != subnet.vpc and _from_elsewhere(found[-1], world):
            found.append(subnet.vpc)
        if hop.kind not in FOLDED and not (found and found[-1] == _name(hop, world)):
            found.append(_name(hop, world))
        if hop.denied:
            break
        if subnet is not None and any(step.layer == "route" for step in hop.steps):
            found.append(subnet.vpc)
    return found


def _name(hop: Hop, world: World) -> str:
    return hop.component if hop.component in world.components else "internet"


def _from_elsewhere(before: str, world: World) -> bool:
    """Whether a packet that comes from ``before`` into a subnet passes the router: not from within the subnet."""
    component = world.components.get(before)
    return component is not None and component.kind.name in _BEYOND_A_SUBNET


def reply_start(trace: PacketTrace, world: World) -> str:
    """Return the component that answers, as the verifier would name it."""
    component = trace.delivered or ""
    return component if component in world.components else "internet"


def translations(way: Sequence[Hop]) -> list[tuple[str, str, str]]:
    """Return each rewritten address: (component, before, after)."""
    found = []
    for hop in way:
        for step in hop.steps:
            if step.action is Action.TRANSLATE:
                found += [
                    (hop.component, str(step.before[side]), str(step.after[side]))
                    for side in ("source", "destination")
                    if step.before.get(side) != step.after.get(side)
                ]
    return found
