"""What AWS registers in a target group, and which balancer may use it.

Sources: ELBv2 API, ``RegisterTargets`` and ``CreateTargetGroup``: instances must be in the group's VPC; addresses must
be in its VPC or private (RFC 1918, RFC 6598), "you can't specify publicly routable IP addresses". ELBv2 API,
``CreateListener``: a target group of another VPC than the balancer's is an invalid configuration. Amazon ECS Developer
Guide, "Use an Application Load Balancer for Amazon ECS": tasks of the ``awsvpc`` network mode need the type ``ip``.
"""

from __future__ import annotations

from collections.abc import Mapping

from archtui.model.component import Component
from archtui.network.addresses import PRIVATE, SHARED, is_address, is_v6, parse_address, parse_block
from archtui.services.elb.properties import (
    ApplicationLoadBalancerProperties,
    NetworkLoadBalancerProperties,
    TargetGroupProperties,
)
from archtui.services.members import MemberProperties
from archtui.services.vpc.properties import VpcProperties
from archtui.world.world import World


def target_refusal(group: Component, target: str, world: World) -> str:
    """Say why AWS does not register ``target``, a component or an address, in ``group``; empty: it does."""
    vpc = world.placement(group.id).vpc
    if is_address(target):
        return "" if _is_private(target, vpc, world) else f"{target} is a public address, which no target group takes"
    if not isinstance(group.properties, TargetGroupProperties) or group.properties.target_type != "instance":
        return ""
    if target in world.components and isinstance(world.components[target].properties, MemberProperties):
        return f"{target} has an address of its own, and {group.id} takes instances alone (target type instance)"
    there = world.placement(target).vpc if target in world.components else None
    if vpc is None or there is None or there == vpc:
        return ""
    return f"{target} is in {there}, and {group.id} takes instances of {vpc} alone"


def group_refusal(group: Component, balancer: Component, world: World) -> str:
    """Say why AWS lets no listener of ``balancer`` forward to ``group``; empty: it does."""
    spoken = _unfit_protocol(group.properties, balancer.properties)
    if spoken:
        return f"{group.id} speaks {spoken}, and {balancer.id} forwards to {_SPEAK[type(balancer.properties)]} alone"
    there, here = world.placement(group.id).vpc, world.placement(balancer.id).vpc
    if here is None or there is None or here == there:
        return ""
    return f"{group.id} is in {there} and {balancer.id} in {here}; a balancer forwards to groups of its own VPC alone"


_SPEAK: Mapping[type[object], str] = {
    ApplicationLoadBalancerProperties: "groups in HTTP or HTTPS",
    NetworkLoadBalancerProperties: "groups in TCP, TLS, UDP or TCP_UDP",
}


def _unfit_protocol(group: object, balancer: object) -> str:
    """Return the stated protocol of a group that no listener of such a balancer takes (ALB guide, "Target groups":
    HTTP and HTTPS; NLB guide, "Target groups": TCP, TLS, UDP, TCP_UDP); empty: it fits, or is not stated."""
    if not isinstance(group, TargetGroupProperties) or "protocol" not in group.model_fields_set:
        return ""
    web = group.protocol in ("HTTP", "HTTPS")
    if isinstance(balancer, ApplicationLoadBalancerProperties) and group.target_type != "lambda":
        return "" if web else group.protocol
    return group.protocol if web and isinstance(balancer, NetworkLoadBalancerProperties) else ""


def _is_private(target: str, vpc: str | None, world: World) -> bool:
    """Whether an IPv4 address is private or the VPC's own; of IPv6 addresses nothing is refused here."""
    address = parse_address(target)
    if is_v6(address):
        return True
    network = world.components[vpc].properties if vpc else None
    own = (network.cidr, *network.secondary_cidrs) if isinstance(network, VpcProperties) else ()
    return any(address in block for block in (*PRIVATE, SHARED, *map(parse_block, own)))
