"""The rules that almost took a packet: which fields differ, what was asked, what the rule says."""

from __future__ import annotations

from collections.abc import Iterable

from archtui.network.addresses import address_text
from archtui.network.filters import Direction, address_matches, peer_of, ports_match, protocol_matches
from archtui.network.flow import ICMP, ICMPV6, Packet, PortRange, ports_text, protocol_name
from archtui.network.model import GroupRule, Interface, NaclEntry, Network
from archtui.world.steps import Difference, RuleRef

_SIDE = {"ingress": "source", "egress": "destination"}


def group_differences(
    network: Network, rule: GroupRule, interface: Interface, packet: Packet, at: Direction
) -> tuple[Difference, ...]:
    """Return in what a security-group rule differs from the packet; nothing: it admits it."""
    found = _kind(rule.protocol, rule.ports, rule.icmp, packet)
    if not address_matches(network, rule, interface, packet, at):
        found.append(Difference(_SIDE[at], address_text(peer_of(packet, at)), rule.peer))
    return tuple(found)


def entry_differences(entry: NaclEntry, packet: Packet, at: Direction) -> tuple[Difference, ...]:
    """Return in what an ACL's entry differs from the packet; nothing: it takes it."""
    found = _kind(entry.protocol, entry.ports, entry.icmp, packet)
    if peer_of(packet, at) not in entry.block:
        found.append(Difference(_SIDE[at], address_text(peer_of(packet, at)), entry.block.text))
    return tuple(found)


def _kind(protocol: int, ports: PortRange, icmp: tuple[int | None, int | None], packet: Packet) -> list[Difference]:
    if not protocol_matches(protocol, icmp, packet):
        if protocol == packet.protocol and protocol in (ICMP, ICMPV6):
            return [Difference("ICMP type", _icmp(packet.icmp), _icmp(icmp))]
        return [Difference("protocol", protocol_name(packet.protocol), protocol_name(protocol))]
    if not ports_match(protocol, ports, packet):
        return [Difference("port", ports_text(packet.destination_ports), ports_text(ports))]
    return []


def _icmp(icmp: tuple[int | None, int | None]) -> str:
    shown = ["any" if part in (None, -1) else str(part) for part in icmp]
    return shown[0] if shown[1] == "any" else "/".join(shown)


def said(differences: Iterable[Difference]) -> str:
    """Return ``the port differs (443 asked) and the source differs (8.8.8.8 is not in web-sg)``."""
    return " and ".join(f"the {difference.text}" for difference in differences)


def listener_rule(balancer: str, protocol: int, port: int, path: tuple[str | int, ...], packet: Packet) -> RuleRef:
    """Return a listener that did not take the packet, with the field that differs."""
    differs = _kind(protocol, (port, port), (None, None), packet)
    why = " and ".join(difference.text for difference in differs)
    return RuleRef(balancer, f"listener {protocol_name(protocol)} {port}", path, why, differs=tuple(differs))
