"""The resolver of a VPC, as the walker asks it."""

from __future__ import annotations

from archtui.model.component import Component
from archtui.services.vpc.properties import VpcProperties
from archtui.trace import codes
from archtui.trace.interface import Resolves
from archtui.world.steps import Action, RuleRef, Step


class VpcResolver(Resolves):
    """The address at the base of the VPC's block plus two answers unless DNS support is off."""

    def refusal(self, component: Component) -> Step | None:
        properties = component.properties
        if not isinstance(properties, VpcProperties) or properties.dns_support:
            return None
        rule = RuleRef(component.id, "dns_support: false", ("dns_support",))
        text = f"DNS support is off in {component.id}, so its resolver answers nobody."
        return Step("dns", Action.DENY, codes.DNS_SUPPORT_DISABLED, text, rule)

    def hides_private_zones(self, component: Component) -> str:
        """Private zones need DNS host names as well (VPC User Guide, 'DNS attributes for your VPC')."""
        properties = component.properties
        if not isinstance(properties, VpcProperties) or properties.dns_hostnames:
            return ""
        return f"dns_hostnames is off in {component.id}"
