"""Explains what filters and route tables decide: the rule that decided and those that lost."""

from __future__ import annotations

from typing import Final

from archtui.network import words
from archtui.network.addresses import address_text
from archtui.network.closest import group_differences, said
from archtui.network.filters import AclDecision, Direction, group_rules, peer_of
from archtui.network.flow import ANY, Packet, ports_text
from archtui.network.model import (
    GroupRule,
    Interface,
    Nacl,
    Route,
    RouteTable,
    Subnet,
    TransitRoute,
    TransitTable,
)
from archtui.network.record_base import RecordBase
from archtui.network.routes import lost_code, nearest_first, why_lost
from archtui.world.steps import Action, RuleRef

MAX_LOST = 12
"""How many losing rules a step shows; what is nearest to the packet comes first."""


_BEFORE: Final[dict[Direction, str]] = {"ingress": "out", "egress": "in"}
"""Which way the connection went whose reply goes the given way."""


class RuleRecords(RecordBase):
    """Steps of security groups, network ACLs and route tables."""

    def tracked(self, interface: Interface, packet: Packet, at: Direction) -> None:
        """The reply of a connection that a group has let through."""
        self.step(
            interface.component,
            "security_group",
            Action.ACCEPT,
            "",
            f"Security groups are stateful: this answers a connection they let {_BEFORE[at]}, so it passes.",
            packet,
        )

    def admitted(self, interface: Interface, packet: Packet, at: Direction, rule: GroupRule) -> None:
        """A group's rule admits the packet."""
        self.step(
            interface.component,
            "security_group",
            Action.ACCEPT,
            "",
            f"Security group {rule.component} lets it {words.WAY[at]}: {words.group_rule(rule, at)}.",
            packet,
            decided_by=RuleRef(rule.component, words.group_rule(rule, at), rule.path),
            lost=self._lost_rules(interface, packet, at, rule),
        )

    def refused(
        self, interface: Interface, packet: Packet, at: Direction, component: str, code: str, closest: GroupRule | None
    ) -> None:
        """No group's rule admits the packet."""
        asked = words.traffic(packet)
        peer = address_text(peer_of(packet, at))
        names = ", ".join(interface.groups or ())
        preposition = "from" if at == "ingress" else "to"
        message = f"No rule of {names} lets {asked} {words.WAY[at]} {preposition} {peer} at {interface.component}."
        if code == "SG_HAS_NO_RULES":
            way = "incoming" if at == "ingress" else "outgoing"
            message = (
                f"Security group {component} has no rule for {way} traffic, so nothing passes at {interface.component}."
            )
        elif code == "SG_REFERENCING_SUPPORT" and closest is not None:
            message += (
                f" The rule for group {closest.group} does not match: attachment {component} does not support"
                " security group referencing."
            )
        elif code == "SG_REFERENCES_NOT_PRESERVED" and closest is not None:
            message += (
                f" The rule for group {closest.group} does not match: on this way the sender is no longer known"
                " by its group; allow its address instead."
            )
        elif closest is not None:
            fields = said(group_differences(self.network, closest, interface, packet, at))
            message += f" The closest rule is {words.group_rule(closest, at)}: {fields}."
        rule = self._lost_rule(closest, interface, packet, at) if closest else RuleRef(component, "no rule")
        self.deny(
            component,
            interface.component,
            "security_group",
            code,
            message,
            packet,
            rule,
            self._lost_rules(interface, packet, at, closest),
        )

    def _lost_rule(self, rule: GroupRule, interface: Interface, packet: Packet, at: Direction) -> RuleRef:
        differs = group_differences(self.network, rule, interface, packet, at)
        why = " and ".join(difference.text for difference in differs) or "admits it as well"
        return RuleRef(rule.component, words.group_rule(rule, at), rule.path, why, differs=differs)

    def _lost_rules(
        self, interface: Interface, packet: Packet, at: Direction, winner: GroupRule | None
    ) -> tuple[RuleRef, ...]:
        found = [
            self._lost_rule(rule, interface, packet, at)
            for rule in group_rules(self.network, interface, at)
            if rule is not winner
        ]
        found.sort(key=lambda rule: len(rule.differs))
        return tuple(found[:MAX_LOST])

    def acl(
        self, subnet: Subnet, nacl: Nacl, packet: Packet, at: Direction, decision: AclDecision, *, returning: bool
    ) -> None:
        """The ACL at a subnet's edge has decided."""
        way = "into" if at == "ingress" else "out of"
        what = words.traffic(packet)
        entries = nacl.ingress if at == "ingress" else nacl.egress
        if decision.passes:
            entry = decision.allowed[0][1]
            text = words.acl_entry(entry, at)
            message = f"Network ACL {nacl.id} lets {what} {way} {subnet.id}: rule {text}."
            self.step(
                subnet.id,
                "nacl",
                Action.ACCEPT,
                "",
                message,
                packet,
                decided_by=RuleRef(nacl.id, f"rule {text}", entry.path),
                lost=words.lost_entries(entries, entry, packet, at, nacl.id)[:MAX_LOST],
            )
            return
        ports, decider = decision.denied[0]
        text = f"rule {words.acl_entry(decider, at)}" if decider else "rule * deny: no entry matches"
        reply = " An ACL keeps no state: the reply needs a rule of its own." if returning else ""
        lost = words.lost_entries(entries, decider, packet, at, nacl.id)[:MAX_LOST]
        rule = RuleRef(nacl.id, text, decider.path if decider else ())
        if decision.drops:
            message = f"Network ACL {nacl.id} does not let {what} {way} {subnet.id}: {text}.{reply}"
            closest = next((item for item in lost if item.differs), None) if decider is None else None
            if closest is not None:
                message += f" The closest entry is {closest.text}: {said(closest.differs)}."
            self.deny(nacl.id, subnet.id, "nacl", "SUBNET_ACL_RESTRICTION", message, packet, rule, lost)
            return
        open_ports = ", ".join(ports_text(found) for found, _ in decision.allowed)
        message = (
            f"Network ACL {nacl.id} lets only the ports {open_ports} {way} {subnet.id}; ports {ports_text(ports)} "
            f"are dropped. Which port the other side chose is not known.{reply}"
        )
        if packet.protocol == ANY:
            message = f"Network ACL {nacl.id} lets only a part of {what} {way} {subnet.id}; {text} drops another."
        self.step(
            subnet.id,
            "nacl",
            Action.UNKNOWN,
            "EPHEMERAL_PORTS_PARTLY_OPEN",
            message,
            packet,
            decided_by=rule,
            lost=lost,
        )

    def route(self, subnet: Subnet, table: RouteTable, packet: Packet, row: Route | None) -> None:
        """A route table has been asked."""
        to = address_text(packet.destination)
        lost = tuple(
            RuleRef(
                other.component,
                words.route(other),
                other.path,
                why_lost(other, row, packet.destination),
                lost_code(other, row, packet.destination),
            )
            for other in nearest_first(table.routes, row, packet.destination)
            if other is not row and not _same(other, row)
        )[:MAX_LOST]
        if row is None:
            self.deny(
                table.component,
                subnet.id,
                "route",
                "NO_ROUTE_TO_DESTINATION",
                f"Route table {table.id} of {subnet.id} has no row for {to}.{_nearest(lost)}",
                packet,
                RuleRef(table.component, "no row"),
                lost,
            )
            return
        rule = RuleRef(table.component, words.route(row), row.path)
        if row.target == "blackhole" or not row.active:
            message = f"Route table {table.id}: {words.route(row)} is a blackhole; less specific rows are not tried."
            self.deny(table.component, subnet.id, "route", "BAD_STATE_ROUTE", message, packet, rule, lost)
            return
        message = f"Route table {table.id} of {subnet.id}: {to} is in {row.block.text}, so it goes to {row.target}."
        if row.target == "local":
            message = f"Route table {table.id} of {subnet.id}: {to} is in {row.block.text}, inside the VPC (local)."
        self.step(subnet.id, "route", Action.FORWARD, "", message, packet, decided_by=rule, lost=lost)

    def transit_route(self, gateway: str, table: TransitTable, packet: Packet, row: TransitRoute | None) -> None:
        """A transit gateway route table has been asked."""
        to = address_text(packet.destination)
        lost = tuple(
            RuleRef(
                other.component,
                words.transit_route(other),
                other.path,
                why_lost(other, row, packet.destination),
                lost_code(other, row, packet.destination),
            )
            for other in nearest_first(table.routes, row, packet.destination)
            if other is not row
        )[:MAX_LOST]
        if row is None:
            code = "TGW_RTB_NO_ROUTE_TO_TGW_ATTACHMENT"
            message = f"Transit gateway route table {table.id} has no row for {to}.{_nearest(lost)}"
            self.deny(table.id, gateway, "route", code, message, packet, RuleRef(table.id, "no row"), lost)
            return
        rule = RuleRef(row.component, words.transit_route(row), row.path)
        if not row.active or not row.attachments:
            message = f"Transit gateway route table {table.id}: {words.transit_route(row)} drops the packet."
            rule = RuleRef(table.id, words.transit_route(row), row.path)
            self.deny(table.id, gateway, "route", "TGW_RTB_BAD_STATE_ROUTE", message, packet, rule, lost)
            return
        message = f"Transit gateway route table {table.id}: {to} goes to {', '.join(row.attachments)} ({row.origin})."
        self.step(gateway, "route", Action.FORWARD, "", message, packet, decided_by=rule, lost=lost)


def _nearest(lost: tuple[RuleRef, ...]) -> str:
    return f" The nearest row is {lost[0].text}." if lost else " It has no row at all."


def _same(row: Route, other: Route | None) -> bool:
    return other is not None and (row.block, row.target, row.path) == (other.block, other.target, other.path)
