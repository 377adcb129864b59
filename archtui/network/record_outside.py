"""Explains the way to and from networks outside AWS."""

from __future__ import annotations

from archtui.network import words
from archtui.network.addresses import address_text
from archtui.network.filters import AclDecision, Direction
from archtui.network.flow import Packet
from archtui.network.model import Premises, Uplink, Vpc
from archtui.network.record_rules import MAX_LOST
from archtui.network.record_ways import WayRecords
from archtui.world.steps import Action, RuleRef

_MEDIA = {
    "direct_connect": "Direct Connect virtual interface",
    "vpn_static": "VPN connection",
    "vpn_bgp": "VPN connection",
}


class OutsideRecords(WayRecords):
    """Steps of virtual private gateways, VPN connections, Direct Connect and the customer's sites."""

    def over(self, link: Uplink, to: str, packet: Packet, *, back: bool = False) -> None:
        """The packet goes over a link."""
        tunnel = f" by {link.id}" if link.id != link.component else ""
        through = link.through[::-1] if back else link.through
        via = f" through {', '.join(through)}" if through else ""
        message = f"{_MEDIA[link.medium]} {link.component} carries it{tunnel}{via} to {to}."
        self.step(link.component, "gateway", Action.FORWARD, "", message, packet)

    def not_of_vpc(self, gateway: str, vpc: str, packet: Packet) -> None:
        """A packet for a virtual private gateway that no interface of its VPC sent."""
        message = (
            f"{gateway} takes packets from interfaces of {vpc} alone, and {address_text(packet.source)} is none of "
            "them: there is no routing from gateway to gateway through a VPC."
        )
        self.deny(gateway, gateway, "gateway", "VGW_PRIVATE_IP_ASSOCIATION_FOR_EGRESS", message, packet)

    def no_interface(self, gateway: str, vpc: str, packet: Packet) -> None:
        """A packet from outside for an address that no interface of the VPC has."""
        message = (
            f"{gateway} delivers to interfaces of {vpc} alone, and none has the address "
            f"{address_text(packet.destination)}: what is beyond the VPC cannot be reached through it."
        )
        self.deny(gateway, gateway, "gateway", "VGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS", message, packet)

    def spoofed(self, gateway: str, vpc: Vpc, packet: Packet) -> None:
        """A packet from outside whose source is inside the VPC."""
        block = next(block.text for block in vpc.blocks if packet.source in block)
        message = (
            f"The source {address_text(packet.source)} is in {block}, a block of {vpc.id} itself: a packet from "
            "outside cannot have it. Renumber one of the two networks."
        )
        self.deny(gateway, gateway, "gateway", "GATEWAY_REJECTS_SPOOFED_TRAFFIC", message, packet)

    def no_uplink(self, gateway: str, packet: Packet) -> None:
        """Nothing behind a gateway announces the destination."""
        message = f"No VPN connection or virtual interface of {gateway} leads to {address_text(packet.destination)}."
        self.deny(gateway, gateway, "gateway", "NO_POSSIBLE_DESTINATION", message, packet)

    def no_way_from_site(self, site: str, packet: Packet) -> None:
        """AWS announces nothing to a site that holds the destination."""
        message = f"No link of {site} to AWS announces a block with {address_text(packet.destination)}."
        self.deny(
            site, site, "route", "NO_ROUTE_TO_DESTINATION", message, packet, RuleRef(site, "no link announces it")
        )

    def outside_firewall(self, site: Premises, packet: Packet, at: Direction, decision: AclDecision) -> None:
        """The firewall of a site has decided."""
        nacl = self.network.nacls[site.firewall]
        way = "into" if at == "ingress" else "out of"
        what = words.traffic(packet)
        decider = decision.allowed[0][1] if decision.passes else decision.denied[0][1]
        lost = words.lost_entries(nacl.ingress if at == "ingress" else nacl.egress, decider, packet, at, site.id)[
            :MAX_LOST
        ]
        text = f"rule {words.acl_entry(decider, at)}" if decider else "no rule allows it"
        rule = RuleRef(site.id, text, decider.path if decider else ())
        if decision.passes:
            message = f"The firewall of {site.id} lets {what} {way} the site: {text}."
            self.step(site.id, "firewall", Action.ACCEPT, "", message, packet, decided_by=rule, lost=lost)
        elif decision.drops:
            message = f"The firewall of {site.id} does not let {what} {way} the site: {text}."
            self.deny(site.id, site.id, "firewall", "ON_PREM_FIREWALL_RESTRICTION", message, packet, rule, lost)
        else:
            message = f"The firewall of {site.id} lets only a part of {what} {way} the site; which port is not known."
            code = "EPHEMERAL_PORTS_PARTLY_OPEN"
            self.step(site.id, "firewall", Action.UNKNOWN, code, message, packet, decided_by=rule, lost=lost)

    def nat_for_outside(self, nat: str, packet: Packet) -> None:
        """Somebody outside wants to go out by a NAT gateway."""
        message = (
            f"{nat} serves interfaces of its own VPC; {address_text(packet.source)} comes over a VPN or Direct Connect "
            "and cannot go out by it."
        )
        self.deny(nat, nat, "nat", "NGW_REQUIRES_SOURCE_IN_VPC", message, packet)

    def endpoint_for_outside(self, endpoint: str, vpc: str, packet: Packet) -> None:
        """Somebody outside the VPC wants to use its gateway endpoint."""
        message = (
            f"Gateway endpoint {endpoint} serves {vpc} alone; {address_text(packet.source)} is outside it. Use an "
            "interface endpoint, which has addresses of the VPC."
        )
        self.deny(endpoint, endpoint, "gateway", "GATEWAY_REJECTS_SPOOFED_TRAFFIC", message, packet)
