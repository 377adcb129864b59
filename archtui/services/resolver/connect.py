"""What resolver endpoints and rules connect to."""

from __future__ import annotations

from collections.abc import Mapping

from archtui.model.component import Component
from archtui.model.connect import Way
from archtui.model.edits import append_to, set_property
from archtui.services.lookups import as_kind
from archtui.services.on_prem.properties import OnPremHostProperties
from archtui.services.resolver.properties import ResolverEndpointProperties, ResolverRuleProperties
from archtui.services.wiring import RefusedError, Wiring, never, way


def _rule_to_vpc(wiring: Wiring, rule: Component, vpc: Component) -> str:
    properties = as_kind(wiring.world, rule.id, ResolverRuleProperties)
    if properties is None:
        raise RefusedError(f"{rule.id} is no resolver rule.")
    region = wiring.world.placement(vpc.id).region
    own = properties.region or wiring.world.placement(rule.id).region
    if region and own and region != own:
        raise RefusedError(f"{rule.id} is in {own} and {vpc.id} in {region}; rules hold in their own region alone.")
    if vpc.id not in properties.vpcs:
        edit = append_to(wiring.world.blueprint, rule.id, ("vpcs",), vpc.id)
        wiring.do(edit, f"the resolver of {vpc.id} asks {properties.domain} elsewhere")
    return f"{rule.id} is associated with {vpc.id}"


def _endpoint_to_subnet(wiring: Wiring, endpoint: Component, subnet: Component) -> str:
    properties = as_kind(wiring.world, endpoint.id, ResolverEndpointProperties)
    if properties is None:
        raise RefusedError(f"{endpoint.id} is no resolver endpoint.")
    if wiring.vpc(subnet.id) != properties.vpc:
        raise RefusedError(f"{subnet.id} is in {wiring.vpc(subnet.id)}, and {endpoint.id} belongs to {properties.vpc}.")
    if subnet.id not in properties.subnets:
        edit = append_to(wiring.world.blueprint, endpoint.id, ("subnets",), subnet.id)
        wiring.do(edit, f"{endpoint.id} gets an interface in {subnet.id}")
    return f"{endpoint.id} has an interface in {subnet.id}"


def _rule_to_endpoint(wiring: Wiring, rule: Component, endpoint: Component) -> str:
    properties = as_kind(wiring.world, endpoint.id, ResolverEndpointProperties)
    if properties is None or properties.direction == "inbound":
        raise RefusedError(f"{endpoint.id} takes questions in; rules forward through outbound endpoints.")
    known = as_kind(wiring.world, rule.id, ResolverRuleProperties)
    if known is None or known.endpoint != endpoint.id:
        wiring.do(set_property(rule.id, ("endpoint",), endpoint.id), f"{rule.id} forwards through {endpoint.id}")
    return f"{rule.id} forwards through {endpoint.id}"


def _rule_to_host(wiring: Wiring, rule: Component, host: Component) -> str:
    known = as_kind(wiring.world, rule.id, ResolverRuleProperties)
    server = as_kind(wiring.world, host.id, OnPremHostProperties)
    if known is None or server is None:
        raise RefusedError(f"{rule.id} is no resolver rule.")
    if server.address not in {target.address for target in known.targets}:
        edit = append_to(wiring.world.blueprint, rule.id, ("targets",), {"address": server.address})
        wiring.do(edit, f"{rule.id} asks {host.id} for the names of {known.domain}")
    return f"{rule.id} asks {host.id}"


ENDPOINT: Mapping[str, Way] = {
    "subnet": way(_endpoint_to_subnet),
    "on_prem_host": never(
        "An endpoint asks name servers by rules, which say for which domain.",
        "Connect a resolver rule to {a} and to {b}.",
    ),
    "hosted_zone": never("A zone is answered by the VPC's resolver itself.", "Associate {b} with the VPC of {a}."),
}
RULE: Mapping[str, Way] = {
    "vpc": way(_rule_to_vpc),
    "resolver_endpoint": way(_rule_to_endpoint),
    "on_prem_host": way(_rule_to_host),
}
