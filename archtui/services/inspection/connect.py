"""What inspection connects to: appliances to a balancer, endpoints to what they lead to, subnets to firewalls."""

from __future__ import annotations

from collections.abc import Mapping

from archtui.model.component import Component, Json
from archtui.model.connect import Way
from archtui.model.edits import add_component, append_to, set_property
from archtui.services.elb.properties import TargetGroupProperties
from archtui.services.inspection.properties import (
    GatewayLoadBalancerProperties,
    GwlbEndpointProperties,
    NetworkFirewallProperties,
)
from archtui.services.lookups import as_kind
from archtui.services.vpc.edits import route_out
from archtui.services.wiring import RefusedError, Wiring, way


def _balancer_to_group(wiring: Wiring, balancer: Component, group: Component) -> str:
    properties = as_kind(wiring.world, group.id, TargetGroupProperties)
    if properties is not None and properties.protocol != "GENEVE":
        raise RefusedError(
            f"{group.id} speaks {properties.protocol}; a Gateway Load Balancer reaches appliances by GENEVE alone.",
            "Use a target group with protocol GENEVE and port 6081.",
        )
    fleet = as_kind(wiring.world, balancer.id, GatewayLoadBalancerProperties)
    if fleet is not None and group.id not in fleet.target_groups:
        edit = append_to(wiring.world.blueprint, balancer.id, ("target_groups",), group.id)
        wiring.do(edit, f"{balancer.id} sends packets to {group.id}")
    return f"{balancer.id} sends to {group.id}"


def _balancer_to_instance(wiring: Wiring, balancer: Component, appliance: Component) -> str:
    fleet = as_kind(wiring.world, balancer.id, GatewayLoadBalancerProperties)
    name = next((group for group in fleet.target_groups if wiring.written(group)), None) if fleet else None
    if name is None:
        name = wiring.unused(f"{balancer.id}-appliances")
        body: dict[str, Json] = {"protocol": "GENEVE", "port": 6081}
        vpc = wiring.vpc(balancer.id)
        if vpc and wiring.written(vpc):
            body["vpc"] = vpc
        wiring.do(add_component(name, "target_group", body), f"the target group {name} holds appliances")
        edit = append_to(wiring.world.blueprint, balancer.id, ("target_groups",), name)
        wiring.do(edit, f"{balancer.id} sends packets to {name}")
    group = as_kind(wiring.world, name, TargetGroupProperties)
    if group is None or not any(target.id == appliance.id for target in group.targets):
        edit = append_to(wiring.world.blueprint, name, ("targets",), appliance.id)
        wiring.do(edit, f"{appliance.id} is registered in {name}")
    return f"{balancer.id} sends to {appliance.id}"


def _endpoint_to_inspector(wiring: Wiring, endpoint: Component, inspector: Component) -> str:
    properties = as_kind(wiring.world, endpoint.id, GwlbEndpointProperties)
    if properties is None or properties.service != inspector.id:
        wiring.do(set_property(endpoint.id, ("service",), inspector.id), f"{endpoint.id} leads to {inspector.id}")
    return f"{endpoint.id} leads to {inspector.id}"


def _subnet_to_inspection(wiring: Wiring, subnet: Component, inspection: Component) -> str:
    here, there = wiring.vpc(subnet.id), wiring.vpc(inspection.id)
    if here != there:
        raise RefusedError(
            f"{subnet.id} is in {here} and {inspection.id} in {there}; a route names an endpoint of its own VPC.",
            f"Put an endpoint into {here}, or route through a transit gateway.",
        )
    own = as_kind(wiring.world, inspection.id, NetworkFirewallProperties)
    endpoint = as_kind(wiring.world, inspection.id, GwlbEndpointProperties)
    if (own and subnet.id in own.subnets) or (endpoint and endpoint.subnet == subnet.id):
        raise RefusedError(
            f"{inspection.id} stands in {subnet.id} itself; inspected packets would come back to it.",
            "Route the subnets it is to protect to it.",
        )
    edit = route_out(wiring.world, [subnet.id], inspection.id, f"{subnet.id}-routes")
    wiring.do(edit, f"{subnet.id} sends what leaves for the internet through {inspection.id}")
    return f"{subnet.id} goes through {inspection.id}"


BALANCER: Mapping[str, Way] = {
    "target_group": way(_balancer_to_group),
    "ec2_instance": way(_balancer_to_instance),
}
ENDPOINT: Mapping[str, Way] = {
    "gateway_load_balancer": way(_endpoint_to_inspector),
    "network_firewall": way(_endpoint_to_inspector),
}
SUBNET: Mapping[str, Way] = {
    "gwlb_endpoint": way(_subnet_to_inspection),
    "network_firewall": way(_subnet_to_inspection),
}
