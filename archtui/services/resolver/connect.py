"""What resolver endpoints and rules connect to."""

from __future__ import annotations

from collections.abc import Mapping

from archtui.model.component import Component
from archtui.model.connect import Way
from archtui.model.edits import append_to
from archtui.services.lookups import as_kind
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


def _endpoint_to_site(wiring: Wiring, endpoint: Component, host: Component) -> str:
    properties = as_kind(wiring.world, endpoint.id, ResolverEndpointProperties)
    if properties is None or properties.direction == "inbound":
        raise RefusedError(
            f"{endpoint.id} takes questions in; it asks nobody.", f"Connect {host.id} to {endpoint.id} the other way."
        )
    raise RefusedError(
        f"An endpoint asks name servers by rules: which domain {host.id} is asked for is not said.",
        f"Add a resolver rule with {endpoint.id} and the address of {host.id} as its target.",
    )


ENDPOINT: Mapping[str, Way] = {
    "on_prem_host": way(_endpoint_to_site),
    "hosted_zone": never("A zone is answered by the VPC's resolver itself.", "Associate {b} with the VPC of {a}."),
}
RULE: Mapping[str, Way] = {"vpc": way(_rule_to_vpc)}
