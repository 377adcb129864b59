"""What security groups and network ACLs make of a packet under way: let it pass, note a blocker or what is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archtui.network import filters, words
from archtui.network.filters import Direction
from archtui.network.flow import ANY
from archtui.network.model import Interface, Premises, Subnet

if TYPE_CHECKING:
    from archtui.network.flow import Packet
    from archtui.network.walk import Walk


def pass_group(walk: Walk, interface: Interface, packet: Packet, at: Direction) -> None:
    """Ask the security groups of an interface; replies of tracked connections pass."""
    if interface.groups is None:
        return
    name = interface.id
    reverse = (
        name,
        packet.destination,
        packet.source,
        packet.protocol,
        packet.destination_ports,
        packet.source_ports,
    )
    if walk.returning and reverse in walk.tracked:
        if walk.recorder:
            walk.recorder.tracked(interface, packet, at)
        return
    walk.tracked.add(
        (name, packet.source, packet.destination, packet.protocol, packet.source_ports, packet.destination_ports)
    )
    rule = filters.admitting_rule(walk.network, interface, packet, at)
    if rule is not None:
        if walk.recorder:
            walk.recorder.admitted(interface, packet, at, rule)
        return
    doubt = filters.unknown_group(walk.network, interface, packet, at)
    if doubt is not None:
        missing = f"security group {doubt}, its rules and members: it is not in the design"
        listed = walk.world.components.get(doubt)
        if doubt not in walk.network.groups and listed is not None and not listed.kind.stands_in:
            missing = f"the blocks of {doubt}, which a rule names: the design does not hold them"
        walk.unknown(missing)
        if walk.recorder:
            walk.recorder.unknown(interface.component, "security_group", missing, packet, "UNKNOWN_PEERED_SGS")
        return
    part = filters.partly_admitting_rule(walk.network, interface, packet, at)
    if part is not None:
        missing = f"which protocol and port is meant: {part.component} admits only a part of {words.traffic(packet)}"
        walk.unknown(missing)
        if walk.recorder:
            walk.recorder.unknown(interface.component, "security_group", missing, packet)
        return
    component, code, closest = filters.refusal(walk.network, interface, packet, at)
    walk.block(component, code)
    if walk.recorder:
        walk.recorder.refused(interface, packet, at, component, code, closest)


def pass_acl(walk: Walk, subnet: Subnet, packet: Packet, at: Direction) -> None:
    """Ask the network ACL of a subnet whose edge the packet crosses."""
    if walk.recorder is None and (subnet.nacl, at) in walk.network.open_acls:
        return
    nacl = walk.network.nacls[subnet.nacl]
    decision = filters.decide_acl(nacl, packet, at)
    if decision.drops:
        walk.block(nacl.id, "SUBNET_ACL_RESTRICTION")
    elif not decision.passes:
        low, high = packet.destination_ports
        what = f"the port the other side chose: {nacl.id} admits only a part of {low}-{high}"
        if packet.protocol == ANY:
            what = f"which protocol is meant: {nacl.id} admits only a part of all traffic"
        walk.unknown(f"{what}, the rest is dropped")
    if walk.recorder:
        walk.recorder.acl(subnet, nacl, packet, at, decision, returning=walk.returning)


def pass_outside(walk: Walk, site: Premises, packet: Packet, at: Direction) -> None:
    """Ask the firewall at the edge of a customer's site."""
    decision = filters.decide_acl(walk.network.nacls[site.firewall], packet, at)
    if decision.drops:
        walk.block(site.id, "ON_PREM_FIREWALL_RESTRICTION")
    elif not decision.passes:
        walk.unknown(f"which port is meant: the firewall of {site.id} admits only a part of {words.traffic(packet)}")
    if walk.recorder:
        walk.recorder.outside_firewall(site, packet, at, decision)
