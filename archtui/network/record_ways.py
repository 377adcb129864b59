"""Explains what balancers, NAT gateways and endpoints make of a packet."""

from __future__ import annotations

from archtui.network import words
from archtui.network.addresses import address_text
from archtui.network.closest import listener_rule
from archtui.network.flow import Packet, protocol_name
from archtui.network.model import (
    Balancer,
    Interface,
    NatGateway,
    NodeGroup,
    NodeListener,
    NodeTarget,
    Route,
    RouteTable,
    ServiceGateway,
    Subnet,
    Vpc,
)
from archtui.network.record_rules import RuleRecords
from archtui.world.steps import Action, RuleRef


class WayRecords(RuleRecords):
    """Steps of what stands on the way and gives packets other addresses."""

    # -- NAT ------------------------------------------------------------------------------------

    def nat(self, component: str, packet: Packet, after: Packet) -> None:
        """Source NAT on the way out."""
        message = (
            f"{component} replaces the source {address_text(packet.source)} by its own address "
            f"{address_text(after.source)} and a source port of 1024-65535, and remembers the connection."
        )
        if after.destination != packet.destination:
            message += (
                f" The destination {address_text(packet.destination)} stands for {address_text(after.destination)} "
                "(NAT64): from here on it is an IPv4 packet."
            )
        self.step(component, "nat", Action.TRANSLATE, "REMAP_EPHEMERAL_PORT", message, packet, after)

    def masked(self, interface: Interface, host: Interface, packet: Packet, after: Packet) -> None:
        """What a container sends out of the VPC gets its host's address."""
        message = (
            f"{address_text(packet.destination)} is outside {interface.vpc}: {host.component} replaces the source "
            f"{address_text(packet.source)} of {interface.component} by its own primary address "
            f"{address_text(after.source)} and sends the packet out of {host.id}."
        )
        self.step(host.component, "nat", Action.TRANSLATE, "REMAP_EPHEMERAL_PORT", message, packet, after)

    def nat_gateway(self, gateway: str, packet: Packet, after: Packet) -> None:
        """Source NAT of a NAT gateway: what it changes, and what it keeps."""
        self.nat(gateway, packet, after)
        own = address_text(after.source)
        text = f"Whoever receives it sees {own} of {gateway} as the source, not {address_text(packet.source)}."
        self.step(gateway, "nat", Action.FORWARD, "NGW_SOURCE_ADDRESS_REASSIGN", text, after)
        if after.destination != packet.destination:
            return
        text = f"{gateway} keeps the destination {address_text(after.destination)}."
        self.step(gateway, "nat", Action.FORWARD, "NGW_DEST_ADDRESS_PRESERVATION", text, after)

    def nat_reply(self, component: str, packet: Packet, after: Packet) -> None:
        """Source NAT undone."""
        message = f"{component} knows the connection and sends the reply on to {address_text(after.destination)}."
        self.step(component, "nat", Action.TRANSLATE, "", message, packet, after)

    def reply_by_nat(self, table: str, nat: str, subnet: Subnet, packet: Packet) -> None:
        """A reply that a route sends to a NAT gateway, which knows nothing of the connection."""
        message = (
            f"The reply leaves {subnet.id} by {nat}, which did not see the connection open and drops it: replies to "
            f"{address_text(packet.destination)} must go back the way the packet came."
        )
        self.deny(table, nat, "nat", "REPLY_FROM_OTHER_ADDRESS", message, packet, RuleRef(table, f"route to {nat}"))

    def nat_loop(self, nat: str, subnet: Subnet, table: RouteTable, row: Route, packet: Packet) -> None:
        """A NAT gateway in a subnet whose route leads back to it."""
        message = (
            f"{nat} stands in {subnet.id}, whose route table {table.id} sends {row.block.text} back to {nat}: "
            "put it into a subnet with a route to an internet gateway."
        )
        self.deny(nat, nat, "route", "NO_ROUTE_TO_DESTINATION", message, packet)

    def not_in_nat_zone(self, gateway: NatGateway, subnet: Subnet, packet: Packet) -> None:
        """A regional NAT gateway that does not work in the packet's zone."""
        zones = ", ".join(sorted(gateway.zones)) or "no zone"
        text = f"{gateway.id} works in {zones} and not in {subnet.zone}, the zone of {subnet.id}: add that zone to it."
        self.deny(gateway.id, gateway.id, "nat", "REGIONAL_NGW_ROUTE_AZ_RESTRICTION", text, packet)

    def regional_to_private(self, gateway: str, packet: Packet) -> None:
        """A regional NAT gateway asked to reach a private address."""
        text = (
            f"{gateway} is regional and sends everything to the internet gateway; "
            f"{address_text(packet.destination)} is private: use a zonal NAT gateway for other networks."
        )
        self.deny(gateway, gateway, "nat", "NO_ROUTE_TO_DESTINATION", text, packet)

    def nat_of_other_vpc(self, nat: str, here: Vpc, there: Vpc, packet: Packet) -> None:
        """A NAT gateway that one would like to use from another VPC."""
        text = (
            f"Nor would {nat} serve it: a NAT gateway of {there.id} takes nothing that comes from {here.id} by peering."
        )
        self.step(nat, "nat", Action.CHOOSE, "NGW_REQUIRES_SOURCE_IN_VPC", text, packet)

    # -- endpoints ------------------------------------------------------------------------------

    def endpoint(self, gateway: ServiceGateway, packet: Packet) -> None:
        """Through a gateway endpoint."""
        message = f"Gateway endpoint {gateway.id} carries it to the service without leaving AWS's network."
        self.step(gateway.id, "gateway", Action.FORWARD, "", message, packet)
        if gateway.policy:
            message = f"The endpoint policy of {gateway.id} lets requests pass only where {gateway.policy}."
            rule = RuleRef(gateway.id, gateway.policy, ("policy",))
            self.step(gateway.id, "policy", Action.ACCEPT, "", message, packet, decided_by=rule)

    def not_of_service(self, gateway: ServiceGateway, packet: Packet) -> None:
        """A gateway endpoint asked for an address that is not its service's."""
        text = (
            f"{address_text(packet.destination)} is none of the addresses of the service behind {gateway.id}, and only "
            "these come back from it: route the service's prefix list to it and nothing else."
        )
        self.deny(gateway.id, gateway.id, "gateway", "VPCE_GATEWAY_EGRESS_SOURCE_ADDRESS_RESTRICTION", text, packet)

    def opens_nothing(self, endpoint: str, packet: Packet) -> None:
        """An endpoint asked to open a connection."""
        text = f"{endpoint} is an endpoint: it passes connections to its service and opens none into its own VPC."
        self.deny(endpoint, endpoint, "interface", "VPCE_INTRA_VPC_TRAFFIC", text, packet)

    def not_served(self, endpoint: str, service: str, why: str) -> None:
        """An endpoint that its service does not serve."""
        text = f"{service} does not serve {endpoint}: {why}."
        self.deny(endpoint, endpoint, "gateway", "BAD_STATE_ATTACHMENT", text)

    def not_in_zone(self, service: str, endpoint: Interface, zone: str, packet: Packet) -> None:
        """A service whose balancers have no node in the zone of an endpoint's interface."""
        text = f"{service} has no balancer node in {zone}, the zone of {endpoint.id}: enable that zone on its balancer."
        self.deny(service, service, "gateway", "VPCE_SERVICE_NOT_INSTALLED_IN_AZ", text, packet)

    def linked(self, endpoint: str, service: str, balancer: str, packet: Packet, after: Packet) -> None:
        """Over AWS PrivateLink to a balancer."""
        text = f"{endpoint} carries it to {balancer}, which stands for {service} in the provider's VPC."
        self.step(endpoint, "gateway", Action.TRANSLATE, "", text, packet, after)

    def link_reply(self, endpoint: str, packet: Packet, after: Packet) -> None:
        """A reply comes back over AWS PrivateLink."""
        text = f"{endpoint} sends the reply on to the client from its own address {address_text(after.source)}."
        self.step(endpoint, "gateway", Action.TRANSLATE, "", text, packet, after)

    # -- balancers ------------------------------------------------------------------------------

    def no_listener(self, name: str, balancer: Balancer, packet: Packet) -> None:
        """No listener takes the packet; of each one that knows the protocol it is said which port it takes."""
        one, none = "ELBV2_LISTENER_PORT_RESTRICTION", "ELBV2_LISTENERS_MISMATCH"
        if balancer.classic:
            one, none = "ELB_LISTENER_PORT_RESTRICTION", "ELB_LISTENERS_MISMATCH"
        for item in balancer.listeners:
            if item.protocol == packet.protocol:
                text = f"Listener {protocol_name(item.protocol)} {item.port} of {name} takes port {item.port} alone."
                rule = RuleRef(name, f"listener {item.port}", item.path)
                self.step(name, "listener", Action.CHOOSE, one, text, packet, decided_by=rule)
        ports = ", ".join(f"{protocol_name(item.protocol)} {item.port}" for item in balancer.listeners) or "nothing"
        message = f"{name} listens on {ports}; {words.traffic(packet)} is dropped."
        lost = tuple(listener_rule(name, item.protocol, item.port, item.path, packet) for item in balancer.listeners)
        self.deny(name, name, "listener", none, message, packet, None, lost)

    def no_target(self, name: str, owner: str, code: str, zone: str, group: NodeGroup, packet: Packet) -> None:
        """The node has no target to choose."""
        why = self._why_none(name, code, zone, group)
        rule = RuleRef(owner, why) if owner != name else None
        self.deny(owner, name, "target", code, f"{name} cannot choose a target: {why}.", packet, rule)

    @staticmethod
    def _why_none(name: str, code: str, zone: str, group: NodeGroup) -> str:
        zones = ", ".join(sorted({target.zone for target in group.targets}))
        return {
            "ELBV2_LISTENER_HAS_NO_TG": f"{group.id} has no targets",
            "TARGET_ADDRESS_RESTRICTION": "; ".join(group.refused),
            "ELB_NO_INSTANCE_IN_SERVICE": f"no instance of {name} that its node in {zone} may use is in service",
            "ELB_NOT_CROSSZONE": f"cross-zone balancing is off and {group.id} has no target in the node's zone {zone}",
            "ELB_INSTALLED_AZ_RESTRICTION": f"{name} is not enabled in {zones}, where the targets of {group.id} are",
        }.get(code, f"no target of {group.id} is in {zone} or another zone of {name}")

    def no_group(
        self,
        name: str,
        code: str,
        zone: str,
        listener: NodeListener,
        refused: list[tuple[NodeGroup, str]],
        packet: Packet,
    ) -> None:
        """A listener none of whose groups takes the connection."""
        for group, why in refused:
            text = f"Target group {group.id} does not take it: {self._why_none(name, why, zone, group)}."
            self.step(name, "target", Action.CHOOSE, why, text, packet, decided_by=RuleRef(group.id, why))
        text = f"No target group of listener {listener.port} of {name} takes the connection."
        rule = RuleRef(name, f"listener {listener.port}", listener.path)
        self.deny(name, name, "listener", code, text, packet, rule)

    def targets(
        self, name: str, listener: NodeListener, zone: str, ways: list[tuple[str, NodeTarget]], packet: Packet
    ) -> None:
        """The node may choose among targets."""
        listed = ", ".join(f"{target.component}:{target.port}" for _, target in ways)
        message = f"The node in {zone} listens on {listener.port} and chooses among: {listed}."
        if all(target.health == "unhealthy" for _, target in ways):
            message += " None is healthy, so all are used (fail-open)."
        rule = RuleRef(name, f"listener {listener.port}", listener.path)
        self.step(name, "listener", Action.CHOOSE, "", message, packet, decided_by=rule)

    def to_target(
        self, balancer: Balancer, group: NodeGroup, target: NodeTarget, packet: Packet, after: Packet, *, keeps: bool
    ) -> None:
        """A node sends a connection to a target."""
        name = balancer.id
        if group.unread:
            text = f"The attributes of target group {group.id} are not in the input; AWS's defaults are assumed."
            self.step(name, "target", Action.CHOOSE, "MISSING_TARGET_GROUP_ATTRIBUTES", text, packet)
        seen = (
            f"the client's address {address_text(after.source)} is kept"
            if keeps
            else f"the target sees the node's address {address_text(after.source)}"
        )
        message = f"{name} sends it to {target.component} ({address_text(target.address)}:{target.port}); {seen}."
        assumed = "ASSUMPTION_PRESERVE_CLIENT_IP_IS_ENABLED" if keeps else "ASSUMPTION_PRESERVE_CLIENT_IP_IS_DISABLED"
        code = assumed if group.assumed else ""
        self.step(name, "target", Action.TRANSLATE, code, message, packet, after)
        if after.destination_ports != packet.destination_ports:
            text = f"{target.component} is registered with port {target.port}: the connection goes there."
            code = "TARGET_PORT_RESTRICTION"
            rule = RuleRef(group.id, f"{target.component}:{target.port}", ("targets",))
            self.step(name, "target", Action.CHOOSE, code, text, after, decided_by=rule)

    def hairpin(self, name: str, group: str, target: NodeTarget, packet: Packet) -> None:
        """The chosen target is the client itself."""
        message = (
            f"The target {target.component} is the client itself and would get a packet from its own address, "
            f"which it drops: switch client address preservation of {group} off."
        )
        rule = RuleRef(group, "client address preservation")
        self.deny(group, name, "target", "ELBV2_SOURCE_ADDRESS_PRESERVATION", message, packet, rule)

    def classic_acl(self, name: str, subnet: Subnet, packet: Packet) -> None:
        """A Classic Load Balancer's packet that the ACL of its own subnet stops."""
        text = (
            f"What {name} sends passes the network ACL of {subnet.id} on the way out even to targets in {subnet.id} "
            "itself: allow it there."
        )
        self.step(name, "network_acl", Action.CHOOSE, "ELB_ACL_RESTRICTION", text, packet)

    def balancer_reply(self, name: str, packet: Packet, after: Packet) -> None:
        """The reply passes the node again."""
        message = f"{name} sends the reply on to the client from its own address {address_text(after.source)}."
        self.step(name, "target", Action.TRANSLATE, "", message, packet, after)
