"""Explains a walk: turns each decision into a step with a sentence."""

from __future__ import annotations

from archtui.network import words
from archtui.network.addresses import Address, Block, address_text, is_v6
from archtui.network.flow import Packet
from archtui.network.model import Interface, Subnet, Vpc
from archtui.network.record_flow_logs import LoggedRecords
from archtui.network.record_inspection import InspectionRecords
from archtui.network.record_outside import OutsideRecords
from archtui.world.steps import Action, RuleRef

MAX_LOST = 12
"""How many losing rules a step shows; what is nearest to the packet comes first."""


class Recorder(OutsideRecords, InspectionRecords, LoggedRecords):
    """Collects the steps of one walk, forward and back."""

    def bad_state(self, component: str, layer: str, why: str, code: str = "BAD_STATE") -> None:
        """Something on the way does not work."""
        self.deny(component, component, layer, code, f"{component} does not work: {why}.")

    def unknown(
        self, component: str, layer: str, missing: str, packet: Packet, code: str = "UNKNOWN_DESTINATION"
    ) -> None:
        """Something on the way cannot be decided."""
        self.step(component, layer, Action.UNKNOWN, code, f"Not decided: {missing}.", packet)

    def loop(self, component: str, code: str = "MAX_HOPS_EXCEEDED") -> None:
        """The packet goes in a circle."""
        self.deny(component, component, "route", code, "The packet goes round in a circle of routes.")

    def nobody(self, where: str, packet: Packet) -> None:
        """No interface has the address."""
        to = address_text(packet.destination)
        self.deny(
            where, where, "interface", "NO_POSSIBLE_DESTINATION", f"Nothing in {where} has the address {to}.", packet
        )

    def stray(self, component: str, packet: Packet) -> None:
        """A reply came to someone who did not ask."""
        self.deny(
            component,
            component,
            "interface",
            "NO_POSSIBLE_DESTINATION",
            f"The reply to {address_text(packet.destination)} ends at {component}, which did not open the connection.",
            packet,
        )

    def silent(self, component: str, code: str, why: str, packet: Packet) -> None:
        """Nobody answers there."""
        self.deny(component, component, "interface", code, f"No answer: {why}.", packet)

    def detached(self, gateway: str, vpc: str) -> None:
        """A route names a gateway that is not attached to the VPC."""
        self.deny(gateway, gateway, "gateway", "BAD_STATE_ATTACHMENT", f"{gateway} is not attached to {vpc}.")

    def source_check(self, interface: Interface, packet: Packet, side: str) -> None:
        """The interface drops what is neither from nor for it."""
        address = packet.source if side == "source" else packet.destination
        name = interface.component
        self.deny(
            name,
            name,
            "interface",
            "ENI_SOURCE_DEST_CHECK_RESTRICTION",
            f"{name} checks source and destination, and {address_text(address)} is not its address: "
            "switch the check off for what forwards packets of others.",
            packet,
        )

    def attached(self, attachment: str, to: str, packet: Packet) -> None:
        """The packet crosses an attachment."""
        self.step(attachment, "gateway", Action.FORWARD, "", f"Attachment {attachment} carries it to {to}.", packet)

    def not_associated(self, attachment: str, gateway: str) -> None:
        """An attachment has no route table."""
        code = "TGW_ATTACH_MISSING_TGW_RTB_ASSOCIATION"
        message = f"Attachment {attachment} is associated with no route table of {gateway}, so nothing is routed."
        self.deny(attachment, attachment, "gateway", code, message)

    def wrong_zone(self, attachment: str, subnet: Subnet, packet: Packet) -> None:
        """The attachment has no interface in the packet's zone."""
        message = f"Attachment {attachment} has no subnet in {subnet.zone}, the zone of {subnet.id}: add one there."
        self.deny(attachment, attachment, "gateway", "TGW_ROUTE_AZ_RESTRICTION", message, packet)

    def private_destination(self, gateway: str, code: str, block: Block, packet: Packet) -> None:
        """A private destination leaks towards the internet."""
        to = address_text(packet.destination)
        message = f"{to} is private ({block.text}); an internet gateway drops it. A route to its network is missing."
        self.deny(gateway, gateway, "gateway", code, message, packet)

    def private_source(self, gateway: str, code: str, block: Block, packet: Packet) -> None:
        """A packet from a private address comes in from the internet."""
        source = address_text(packet.source)
        message = f"{source} is private ({block.text}); an internet gateway drops what comes in from there."
        self.deny(gateway, gateway, "gateway", code, message, packet)

    def no_public_address(self, gateway: str, owner: str, packet: Packet) -> None:
        """The sender has no public address."""
        code = "IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS"
        message = (
            f"{owner} ({address_text(packet.source)}) has no public address, so nothing can answer it over {gateway}: "
            "give it one, or route through a NAT gateway."
        )
        if is_v6(packet.source):
            message = (
                f"{address_text(packet.source)} of {owner} is private: the internet does not route to it, and no "
                "gateway translates it."
            )
        self.deny(owner, gateway, "nat", code, message, packet, RuleRef(owner, "no public address"))

    def unreachable_from_outside(self, component: str, packet: Packet) -> None:
        """Somebody outside wants to reach a component without a public address."""
        code = "IGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS"
        message = f"{component} has no public address, so nobody outside can address it."
        self.deny(component, "internet", "nat", code, message, packet, RuleRef(component, "no public address"))

    def public_source(self, gateway: str, packet: Packet, after: Packet) -> None:
        """1:1 NAT on the way out."""
        message = (
            f"{gateway} replaces the private source {address_text(packet.source)} by its public address "
            f"{address_text(after.source)}."
        )
        if self._untranslated(gateway, packet, after):
            return
        self.step(gateway, "nat", Action.TRANSLATE, "", message, packet, after)

    def _untranslated(self, gateway: str, packet: Packet, after: Packet) -> bool:
        """Over IPv6 a gateway translates nothing; note that and say so."""
        if not is_v6(packet.source):
            return False
        message = f"{gateway} carries it on as it is: IPv6 addresses are public themselves and are not translated."
        self.step(gateway, "gateway", Action.FORWARD, "", message, packet, after)
        return True

    def egress_reply(self, gateway: str, packet: Packet) -> None:
        """The reply of a connection that left by an egress-only gateway."""
        message = f"{gateway} knows the connection, which was opened from inside, and lets the reply in."
        self.step(gateway, "gateway", Action.FORWARD, "", message, packet)

    def other_family(self, name: str, packet: Packet) -> None:
        """The sender has no address of the destination's family."""
        have, need = ("IPv4", "IPv6") if is_v6(packet.destination) else ("IPv6", "IPv4")
        message = (
            f"{name} has no {need} address and {address_text(packet.destination)} is one: {have} and {need} hosts "
            "cannot talk without a translator between them."
        )
        self.deny(name, name, "interface", "NO_COMMON_ADDRESS_FAMILY", message, packet)

    def private_destination_set(self, gateway: str, packet: Packet, after: Packet) -> None:
        """1:1 NAT on the way in."""
        message = (
            f"{gateway} replaces the public destination {address_text(packet.destination)} by the private address "
            f"{address_text(after.destination)}."
        )
        if not self._untranslated(gateway, packet, after):
            self.step(gateway, "nat", Action.TRANSLATE, "", message, packet, after)

    def no_gateway(self, interface: Interface, packet: Packet) -> None:
        """A public address in a VPC without an internet gateway."""
        message = f"{interface.vpc} has no internet gateway, so its public address cannot be reached."
        self.deny(interface.vpc, interface.vpc, "gateway", "NO_POSSIBLE_DESTINATION", message, packet)

    def idle_address(self, component: str, packet: Packet) -> None:
        """A public address that stands for nothing."""
        code = "IGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS"
        message = f"The public address {address_text(packet.destination)} is associated with no working interface."
        self.deny(component, component, "gateway", code, message, packet)

    def foreign_reply(self, component: str, asked: Address, packet: Packet) -> None:
        """A reply from another address than the one asked."""
        message = (
            f"{component} asked {address_text(asked)} but the reply comes from {address_text(packet.source)}: "
            "it belongs to no connection and is dropped."
        )
        self.deny(component, component, "interface", "REPLY_FROM_OTHER_ADDRESS", message, packet)

    def not_transitive(self, peering: str, here: Vpc, there: Vpc, packet: Packet) -> None:
        """A peering asked to carry what is not between its two VPCs."""
        outside = (
            f"the destination {address_text(packet.destination)} is not in {there.id}"
            if packet.destination not in there
            else f"the source {address_text(packet.source)} is not in {here.id}"
        )
        message = (
            f"{peering} carries only traffic between {here.id} and {there.id}, and {outside}: "
            "peering is not transitive."
        )
        self.deny(peering, peering, "gateway", "PCX_REQUIRES_ADDRESS_IN_VPC_CIDR", message, packet)

    def peering(self, peering: str, there: Vpc, packet: Packet) -> None:
        """Across a peering."""
        self.step(peering, "gateway", Action.FORWARD, "", f"{peering} carries it to {there.id}.", packet)

    def started(self, component: str, packet: Packet) -> None:
        """The packet sets out."""
        message = f"{component} sends {words.traffic(packet)} to {address_text(packet.destination)}."
        self.step(component, "interface", Action.ORIGINATE, "", message, packet)

    def delivered(self, component: str, packet: Packet) -> None:
        """The packet has arrived."""
        self.step(
            component, "interface", Action.ANSWER, "", f"The packet arrives at {component}, which answers.", packet
        )

    def returned(self, component: str, packet: Packet) -> None:
        """The reply has come back."""
        self.step(component, "interface", Action.ACCEPT, "", f"The reply is back at {component}.", packet)

    def loopback(self, component: str, there: str, packet: Packet) -> None:
        """One machine talks to itself."""
        address = address_text(packet.destination)
        whose = f"is {component} itself" if there == component else f"is {there} on the machine of {component}"
        message = f"{address} {whose}: the packet never leaves the machine, no filter sees it."
        self.step(there, "interface", Action.ANSWER, "", message, packet)

    def hosted(self, vpc: str, service: str, packet: Packet) -> None:
        """A service of the instance's own host answers."""
        message = f"{service[0].upper()}{service[1:]} answers on the instance's own host; no filter sees this traffic."
        self.step(vpc, "interface", Action.ANSWER, "", message, packet)
