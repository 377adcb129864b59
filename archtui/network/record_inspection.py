"""Explains what happens at the edge of a VPC and at what inspects: firewalls, appliances, public access."""

from __future__ import annotations

from archtui.network import words
from archtui.network.addresses import address_text
from archtui.network.flow import Packet
from archtui.network.model import Interface, Route, Subnet
from archtui.network.policies import FlowRule, PublicAccess
from archtui.network.record_rules import RuleRecords
from archtui.world.steps import Action, RuleRef


class InspectionRecords(RuleRecords):
    """Steps of endpoints, firewalls, appliances and gateway route tables."""

    def to_inspector(self, endpoint: str, inspector: str, packet: Packet) -> None:
        """Through an endpoint to what inspects."""
        self.step(endpoint, "gateway", Action.FORWARD, "", f"{endpoint} carries it to {inspector}.", packet)

    def inspected(self, component: str, what: str, packet: Packet, rule: FlowRule | None = None) -> None:
        """A firewall lets a packet through."""
        decided = RuleRef(rule.component, rule.text, rule.path) if rule else None
        message = f"{component} {what}" + (f": {rule.text}." if rule else ".")
        self.step(component, "firewall", Action.ACCEPT, "", message, packet, decided_by=decided)

    def firewall_drops(self, component: str, owner: str, rule: FlowRule | None, packet: Packet) -> None:
        """A firewall drops a packet."""
        why = f"rule {rule.text}" if rule else "no rule matches, and its default is to drop"
        message = f"{component} drops {words.traffic(packet)} to {address_text(packet.destination)}: {why}."
        ref = RuleRef(owner, rule.text, rule.path) if rule else RuleRef(owner, "default action")
        self.deny(owner, component, "firewall", "FIREWALL_RULES_RESTRICTION", message, packet, ref)

    def asymmetric(self, component: str, owner: str, code: str, packet: Packet) -> None:
        """A reply that comes to a firewall which did not see the connection open."""
        message = f"The reply comes to {component}, which did not see the connection open there, and drops it: "
        message += (
            f"switch appliance mode of {owner} on, so that both directions use one zone."
            if owner != component
            else "route both directions through the same endpoint."
        )
        self.deny(owner, component, "firewall", code, message, packet)

    def appliance_mode(self, attachment: str, packet: Packet) -> None:
        """Inspection behind an attachment that may change zones between the directions."""
        code = "TRANSIT_GATEWAY_APPLIANCE_MODE_RECOMMENDED"
        message = f"{attachment} leads to inspection in several zones without appliance mode: replies may take another."
        self.step(attachment, "gateway", Action.FORWARD, code, message, packet)

    def fleet_not_in_zone(self, balancer: str, home: Subnet, packet: Packet) -> None:
        """A Gateway Load Balancer without a node in the endpoint's zone."""
        message = f"{balancer} has no node in {home.zone}, the zone of the endpoint in {home.id}."
        self.deny(balancer, balancer, "target", "VPCE_SERVICE_NOT_INSTALLED_IN_AZ", message, packet)

    def appliances(self, balancer: str, zone: str, names: list[str], packet: Packet) -> None:
        """Which appliances a Gateway Load Balancer may choose."""
        message = f"The node in {zone} sends the connection, both directions, to one of: {', '.join(names)}."
        self.step(balancer, "target", Action.CHOOSE, "", message, packet)

    def tunnelled(self, balancer: str, component: str, outer: Packet) -> None:
        """Around the packet goes GENEVE."""
        message = f"{balancer} sends it to {component} unchanged, in GENEVE on udp 6081."
        self.step(balancer, "target", Action.FORWARD, "", message, outer)

    def no_geneve(self, balancer: str, group: str, code: str, packet: Packet) -> None:
        """A target group that a Gateway Load Balancer cannot use."""
        what = "port 6081" if code == "GWLB_DESTINATION_PORT_RESTRICTION" else "the protocol GENEVE (udp)"
        message = f"{balancer} reaches appliances on {what} alone, and target group {group} says otherwise."
        self.deny(group, balancer, "target", code, message, packet, RuleRef(group, what))

    def forwarded(self, component: str, packet: Packet) -> None:
        """An instance sends on what is not for it."""
        self.step(component, "interface", Action.FORWARD, "", f"{component} sends it on unchanged.", packet)

    def edge_without_public(self, component: str, table: str, packet: Packet) -> None:
        """A gateway's table names an appliance that has no public address."""
        message = (
            f"Route table {table} of the internet gateway sends it to {component}, which has no public address: "
            "AWS delivers nothing there."
        )
        ref = RuleRef(component, "no public address")
        self.deny(component, table, "route", "INGRESS_RTB_NO_PUBLIC_IP", message, packet, ref)

    def redirected(self, table: str, gateway: str, row: Route, packet: Packet) -> None:
        """A subnet that answers past the middlebox its incoming traffic takes."""
        message = (
            f"What comes in by {gateway} for {address_text(packet.source)} goes to {row.target}; "
            f"{table} must send the other direction there too, not to {gateway}."
        )
        ref = RuleRef(table, f"route to {gateway}")
        self.deny(table, gateway, "route", "INGRESS_RTB_TRAFFIC_REDIRECTION", message, packet, ref)

    def public_access(self, setting: PublicAccess, gateway: str, interface: Interface, packet: Packet) -> None:
        """Block Public Access stops it."""
        message = (
            f"VPC Block Public Access ({setting.mode}) stops traffic between {interface.component} and the internet "
            f"at {gateway}: exclude {interface.vpc} or {interface.subnet}."
        )
        code = "VPC_BLOCK_PUBLIC_ACCESS_ENABLED"
        self.deny(
            setting.component, gateway, "gateway", code, message, packet, RuleRef(setting.component, setting.mode)
        )
