"""Security groups and network ACLs: which rule decides about a packet. Pure, without state."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

from archtui.network.addresses import Address
from archtui.network.flow import ALL_PORTS, ANY, ICMP, ICMPV6, Packet, PortRange
from archtui.network.model import GroupRule, Interface, Nacl, NaclEntry, Network, Peering

Direction: TypeAlias = Literal["ingress", "egress"]


def peer_of(packet: Packet, direction: Direction) -> Address:
    """Return the address a rule of ``direction`` looks at: the other side's."""
    return packet.source if direction == "ingress" else packet.destination


def protocol_matches(protocol: int, icmp: tuple[int | None, int | None], packet: Packet) -> bool:
    """Whether a rule's protocol, ICMP type and code take the packet."""
    if protocol == ANY:
        return True
    if protocol != packet.protocol:
        return False
    if protocol not in (ICMP, ICMPV6):
        return True
    return icmp[0] in (None, -1, packet.icmp[0]) and icmp[1] in (None, -1, packet.icmp[1])


def ports_match(protocol: int, ports: PortRange, packet: Packet) -> bool:
    """Whether a rule's ports hold all of the packet's destination ports."""
    if protocol == ANY or not packet.has_ports:
        return True
    low, high = packet.destination_ports
    return ports[0] <= low and high <= ports[1]


# -- security groups ------------------------------------------------------------------------------


def group_rules(network: Network, interface: Interface, direction: Direction) -> Iterator[GroupRule]:
    """Yield every rule that filters at the interface, group by group."""
    for name in interface.groups or ():
        group = network.groups[name]
        yield from group.ingress if direction == "ingress" else group.egress


def peered(network: Network, vpc: str, other: str) -> bool:
    """Whether an active peering in one region joins two VPCs, over which groups may be referenced.

    Source: VPC Peering Guide, 'Update your security groups to reference peer security groups'
    (not across regions).
    """
    key = ("peered", vpc, other)
    known = network.cache.get(key)
    if known is None:
        known = network.vpcs[vpc].region == network.vpcs[other].region and any(
            isinstance(gateway, Peering) and not gateway.state and set(gateway.sides) == {vpc, other}
            for gateway in network.gateways.values()
        )
        network.cache[key] = known
    return bool(known)


def refers(network: Network, rule: GroupRule, interface: Interface, address: Address, carried: str) -> bool:
    """Whether ``address`` counts as a member of the group the rule references, as the packet comes.

    A reference stands for the private addresses of the group's interfaces and holds inside the VPC,
    over a peering of the same region, and over a transit gateway that supports it; what passed an
    internet gateway, a NAT gateway, a middlebox or a balancer that keeps the client's address does
    not match any more (EC2 User Guide, 'Security group referencing'; NLB guide, 'Target security
    groups'). A balancer's own group holds for what the balancer sends.
    """
    if carried.startswith("balancer:"):
        nodes = network.of_component.get(carried.removeprefix("balancer:"), ())
        return any(rule.group in (network.interfaces[node].groups or ()) for node in nodes)
    vpcs = network.members.get(rule.group, {}).get(address, ())
    if not vpcs or carried in ("internet", "middlebox") or carried.startswith("closed:"):
        return False
    if carried.startswith("transit:"):
        gateway = network.gateways.get(carried.removeprefix("transit:"))
        return bool(getattr(gateway, "group_references", False))
    if carried.startswith("peering:"):
        return any(vpc != interface.vpc and peered(network, interface.vpc, vpc) for vpc in vpcs)
    return any(vpc == interface.vpc or peered(network, interface.vpc, vpc) for vpc in vpcs)


def address_matches(network: Network, rule: GroupRule, interface: Interface, packet: Packet, at: Direction) -> bool:
    """Whether the rule's source (or destination) takes the packet's."""
    peer = peer_of(packet, at)
    if rule.group:
        return refers(network, rule, interface, peer, packet.carried if at == "ingress" else "vpc")
    return any(peer in block for block in rule.blocks)


def admitting_rule(network: Network, interface: Interface, packet: Packet, at: Direction) -> GroupRule | None:
    """Return the first rule that admits the packet at the interface."""
    for rule in group_rules(network, interface, at):
        if (
            protocol_matches(rule.protocol, rule.icmp, packet)
            and ports_match(rule.protocol, rule.ports, packet)
            and address_matches(network, rule, interface, packet, at)
        ):
            return rule
    return None


def partly_admitting_rule(network: Network, interface: Interface, packet: Packet, at: Direction) -> GroupRule | None:
    """Return the first rule that admits some of what the packet stands for: a protocol of all, a port of a range."""
    for rule in group_rules(network, interface, at):
        protocol = packet.protocol == ANY or protocol_matches(rule.protocol, rule.icmp, packet)
        low, high = packet.destination_ports
        ports = not packet.has_ports or rule.protocol == ANY or (rule.ports[0] <= high and low <= rule.ports[1])
        if protocol and ports and address_matches(network, rule, interface, packet, at):
            return rule
    return None


def mismatches(
    network: Network, rule: GroupRule, interface: Interface, packet: Packet, at: Direction
) -> tuple[str, ...]:
    """Return the fields in which a rule differs from the packet: protocol, port, peer."""
    found: list[str] = []
    if not protocol_matches(rule.protocol, rule.icmp, packet):
        found.append("protocol")
    elif not ports_match(rule.protocol, rule.ports, packet):
        found.append("port")
    if not address_matches(network, rule, interface, packet, at):
        found.append("source" if at == "ingress" else "destination")
    return tuple(found)


def refusal(network: Network, interface: Interface, packet: Packet, at: Direction) -> tuple[str, str, GroupRule | None]:
    """Return (component, code, closest rule) for a packet that no rule admits.

    The component is the group of the closest rule, the one with the fewest fields that differ.
    """
    rules = list(group_rules(network, interface, at))
    groups = interface.groups or ()
    if not rules:
        return (groups[0] if groups else interface.component), "SG_HAS_NO_RULES", None
    closest = min(rules, key=lambda rule: len(mismatches(network, rule, interface, packet, at)))
    peer = peer_of(packet, at)
    lost = next((rule for rule in rules if _lost_reference(network, rule, packet, at, peer)), None)
    if lost is not None and packet.carried.startswith("closed:"):
        return packet.carried.removeprefix("closed:"), "SG_REFERENCING_SUPPORT", lost
    if lost is not None:
        return lost.component, "SG_REFERENCES_NOT_PRESERVED", lost
    return closest.component, "ENI_SG_RULES_MISMATCH", closest


def _lost_reference(network: Network, rule: GroupRule, packet: Packet, at: Direction, peer: Address) -> bool:
    """Whether the rule names a group the sender is in, but the way the packet came hides that."""
    if not rule.group or at == "egress" or packet.carried == "vpc":
        return False
    if not protocol_matches(rule.protocol, rule.icmp, packet) or not ports_match(rule.protocol, rule.ports, packet):
        return False
    members = network.members.get(rule.group, {})
    if peer in members:
        return True
    holder = network.by_public.get(peer)
    return holder is not None and rule.group in (network.interfaces[holder].groups or ())


def unknown_group(network: Network, interface: Interface, packet: Packet, at: Direction) -> str | None:
    """Return a group that the design does not hold and that could admit the packet: one of the interface's
    own, or one that a rule names whose other fields match."""
    for name in interface.groups or ():
        if not network.groups[name].known:
            return name
    for rule in group_rules(network, interface, at):
        named = network.groups.get(rule.group)
        if (
            rule.group
            and (named is None or not named.known)
            and protocol_matches(rule.protocol, rule.icmp, packet)
            and ports_match(rule.protocol, rule.ports, packet)
        ):
            return rule.group
    return None


# -- network ACLs ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class AclDecision:
    """What an ACL does with a packet; several entries decide where the ports are a range or any protocol is meant."""

    allowed: tuple[tuple[PortRange, NaclEntry], ...]
    denied: tuple[tuple[PortRange, NaclEntry | None], ...]
    """None: no entry matched, the final ``*`` denies."""

    @property
    def passes(self) -> bool:
        """Whether all of it may pass."""
        return not self.denied

    @property
    def drops(self) -> bool:
        """Whether nothing of it may pass."""
        return not self.allowed


def decide_acl(nacl: Nacl, packet: Packet, at: Direction) -> AclDecision:
    """Return what the entries, in the order of their numbers, make of the packet.

    Source: VPC User Guide, 'Network ACL rules': evaluated from the lowest number, the first that
    matches decides, what none matches is denied.
    """
    entries: Iterable[NaclEntry] = nacl.ingress if at == "ingress" else nacl.egress
    peer = packet.source if at == "ingress" else packet.destination
    remaining: list[PortRange] = [packet.destination_ports if packet.has_ports else ALL_PORTS]
    allowed: list[tuple[PortRange, NaclEntry]] = []
    denied: list[tuple[PortRange, NaclEntry | None]] = []
    for entry in entries:
        if peer not in entry.block:
            continue
        if packet.protocol == ANY != entry.protocol:
            (allowed if entry.allow else denied).append((entry.ports, entry))
            continue
        if not protocol_matches(entry.protocol, entry.icmp, packet):
            continue
        ports = entry.ports if entry.protocol != ANY and packet.has_ports else ALL_PORTS
        rest: list[PortRange] = []
        for low, high in remaining:
            first, last = max(low, ports[0]), min(high, ports[1])
            if first > last:
                rest.append((low, high))
                continue
            if entry.allow:
                allowed.append(((first, last), entry))
            else:
                denied.append(((first, last), entry))
            if low < first:
                rest.append((low, first - 1))
            if last < high:
                rest.append((last + 1, high))
        remaining = rest
        if not remaining:
            break
    denied.extend((ports, None) for ports in remaining)
    return AclDecision(tuple(allowed), tuple(denied))
