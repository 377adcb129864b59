"""The resolver of a VPC, as the walker asks it."""

from __future__ import annotations

from archtui.model.component import Component
from archtui.services.vpc.properties import VpcPeeringConnectionProperties, VpcProperties
from archtui.trace import codes
from archtui.trace.interface import Resolves
from archtui.world.steps import Action, RuleRef, Step
from archtui.world.world import World


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


def resolves_privately(world: World, asking: str | None, vpc: str | None) -> bool:
    """Whether public names of what is in ``vpc`` give private addresses to those in the VPC ``asking``.

    They do inside one VPC, and over an active peering whose option for the asking side is on (VPC Peering
    Guide, 'Enable DNS resolution for a VPC peering connection').
    """
    if asking is None or vpc is None:
        return False
    if asking == vpc:
        return True
    for component in world.of_kind("vpc_peering_connection"):
        peering = component.properties
        if isinstance(peering, VpcPeeringConnectionProperties) and peering.status == "active":
            sides = {(peering.requester, peering.accepter): peering.requester_dns}
            sides[peering.accepter, peering.requester] = peering.accepter_dns
            if sides.get((asking, vpc), False):
                return True
    return False
