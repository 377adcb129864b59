"""Private origins: CloudFront's own interfaces in the VPC of a balancer or instance without a public address.

Source: CloudFront Developer Guide, "Restrict access with VPC origins": the VPC needs an internet gateway, which carries
nothing; the origin stands in private subnets; its security group admits the managed prefix list or the group that
CloudFront makes; a Network Load Balancer needs a security group and no TLS listener; Gateway Load Balancers cannot be
origins.
"""

from __future__ import annotations

from archtui.failure.interface import properties_as
from archtui.model.component import Component
from archtui.network.addresses import EVERYWHERE
from archtui.network.builder import InterfaceSpec, NetworkBuilder
from archtui.network.flow import ALL_PORTS, ANY
from archtui.network.model import GroupRule, Listens, SecurityGroup
from archtui.services.cloudfront.properties import CloudFrontDistributionProperties, Origin
from archtui.services.elb.matching import listener_protocol
from archtui.services.elb.properties import LoadBalancerProperties, NetworkLoadBalancerProperties
from archtui.services.managed_lists import CLOUDFRONT_LIST
from archtui.services.vpc.properties import InternetGatewayProperties
from archtui.trace.interface import Walk
from archtui.trace.message import Endpoint
from archtui.world.world import World

KINDS = ("application_load_balancer", "network_load_balancer", "ec2_instance")
"""What can be a VPC origin."""


def private_origins(component: Component) -> tuple[Origin, ...]:
    """Return the VPC origins of a distribution."""
    properties = properties_as(component, CloudFrontDistributionProperties)
    return tuple(origin for origin in properties.origins if origin.vpc_origin)


def contribute(component: Component, world: World, builder: NetworkBuilder) -> None:
    """Add CloudFront's interface in each subnet of its VPC origins."""
    seen: dict[str, Origin] = {}
    for origin in private_origins(component):
        for subnet in world.placement(origin.to).subnets if origin.to in world.components else ():
            seen.setdefault(subnet, origin)
    if not seen:
        return
    first = world.placement(next(iter(seen))).vpc or ""
    out = GroupRule(ANY, ALL_PORTS, (None, None), EVERYWHERE, "", "any", CLOUDFRONT_LIST, ())
    builder.group(SecurityGroup(CLOUDFRONT_LIST, first, (), (out,)), default=False)
    for rank, (subnet, origin) in enumerate(seen.items()):
        name = f"{component.id}:{subnet}"
        own = (origin.security_group,) if origin.security_group else ()
        silent = Listens(frozenset(), "PROTOCOL_RESTRICTION", f"the interface of {component.id} answers nobody")
        groups = (*own, CLOUDFRONT_LIST)
        builder.interface(InterfaceSpec(name, component.id, name, subnet, silent, groups, rank=rank))


def sender(component: Component, origin: Origin, walk: Walk) -> Endpoint | None:
    """Return CloudFront's interface from which it asks a VPC origin; None: none works."""
    there = walk.world.placement(origin.to).subnets if origin.to in walk.world.components else ()
    nics = (nic for nic in walk.interfaces(component.id) if nic.subnet in there)
    return next((nic for nic in nics if not walk.condition.zone_down(nic.zone) and not walk.is_down(nic.subnet)), None)


def hindrance(origin: Origin, world: World) -> str:
    """Say why an origin cannot be a VPC origin, a clause; empty: it can."""
    target = world.components.get(origin.to)
    if target is None or target.kind.name not in KINDS:
        what = f"a {target.kind.title}" if target else "outside AWS"
        return f"{origin.to} is {what}; VPC origins are balancers and instances"
    vpc = world.placement(target.id).vpc
    gateways = (gateway.properties for gateway in world.of_kind("internet_gateway"))
    if not any(isinstance(found, InternetGatewayProperties) and found.vpc == vpc for found in gateways):
        return f"{vpc} has no internet gateway, which a VPC origin needs although nothing passes it"
    properties = target.properties
    if isinstance(properties, LoadBalancerProperties) and properties.scheme != "internal":
        return f"{target.id} is internet-facing; a VPC origin stands in private subnets"
    if isinstance(properties, NetworkLoadBalancerProperties):
        if not properties.security_groups:
            return f"{target.id} has no security group, which a Network Load Balancer needs as a VPC origin"
        if any(listener_protocol(listener) == "TLS" for listener in properties.listeners):
            return f"{target.id} has a TLS listener; such a Network Load Balancer cannot be a VPC origin"
    return ""
