"""What a Classic Load Balancer takes when it does not say."""

from __future__ import annotations

from archtui.model.component import Component, Json
from archtui.services.elb_classic.properties import ClassicLoadBalancerProperties
from archtui.services.vpc.defaults import NeedsDefaultVpc, default_groups, subnets_for
from archtui.world.expand import Draft, Expands


def _without_subnets(component: Component) -> bool:
    return isinstance(component.properties, ClassicLoadBalancerProperties) and not component.properties.subnets


CLASSIC_STARTS = NeedsDefaultVpc("classic_load_balancer", _without_subnets)


class ExpandsClassic(Expands):
    """It works in all subnets of the default VPC and has the VPC's default group (Classic Load Balancer guide,
    'Security groups for your Classic Load Balancer')."""

    order = 50

    def expand(self, component: Component, draft: Draft) -> None:
        properties = component.properties
        if not isinstance(properties, ClassicLoadBalancerProperties):
            return
        subnets: list[Json] = list(properties.subnets) or subnets_for(draft, draft.blueprint.region)
        filled: dict[str, Json] = {"subnets": subnets}
        if "security_groups" not in component.raw:
            filled |= default_groups(draft, [str(subnet) for subnet in subnets])
        draft.fill(component.id, filled)
