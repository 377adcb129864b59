"""Rules and packets as a person reads them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from archtui.network.addresses import is_v6
from archtui.network.closest import entry_differences
from archtui.network.filters import Direction
from archtui.network.flow import ALL_PORTS, ANY, ICMP, ICMPV6, Packet, ports_text, protocol_name
from archtui.network.model import GroupRule, NaclEntry, Route, TransitRoute
from archtui.world.steps import RuleRef

WAY: Final[dict[Direction, str]] = {"ingress": "in", "egress": "out"}
_PREPOSITION: Final[dict[Direction, str]] = {"ingress": "from", "egress": "to"}


def traffic(packet: Packet) -> str:
    """Return ``tcp 443``, ``a ping``, ``all traffic`` or ``protocol 47``."""
    if packet.protocol == ANY:
        return "all traffic"
    if packet.has_ports:
        return f"{protocol_name(packet.protocol)} {ports_text(packet.destination_ports)}"
    if packet.protocol == ICMP:
        return {(8, 0): "a ping", (0, 0): "a ping's reply"}.get(packet.icmp, f"ICMP type {packet.icmp[0]}")
    if packet.protocol == ICMPV6 and is_v6(packet.destination):
        return {(128, 0): "a ping", (129, 0): "a ping's reply"}.get(packet.icmp, f"ICMPv6 type {packet.icmp[0]}")
    return f"protocol {protocol_name(packet.protocol)}"


def _kind(protocol: int, ports: tuple[int, int], icmp: tuple[int | None, int | None]) -> str:
    if protocol == ANY:
        return "all traffic"
    if protocol in (ICMP, ICMPV6):
        return protocol_name(protocol) + (f" type {icmp[0]}" if icmp[0] not in (None, -1) else "")
    return f"{protocol_name(protocol)} {'all ports' if ports == ALL_PORTS else ports_text(ports)}"


def group_rule(rule: GroupRule, at: Direction) -> str:
    """Return ``tcp 443 from 0.0.0.0/0``."""
    return f"{_kind(rule.protocol, rule.ports, rule.icmp)} {_PREPOSITION[at]} {rule.peer}"


def acl_entry(entry: NaclEntry, at: Direction) -> str:
    """Return ``100 allow tcp 443 from 0.0.0.0/0``."""
    kind = _kind(entry.protocol, entry.ports, entry.icmp)
    return f"{entry.number} {'allow' if entry.allow else 'deny'} {kind} {_PREPOSITION[at]} {entry.block.text}"


def route(row: Route) -> str:
    """Return ``0.0.0.0/0 via igw``."""
    return f"{row.block.text} via {row.target}" + ("" if row.active else " (blackhole)")


def transit_route(row: TransitRoute) -> str:
    """Return ``10.2.0.0/16 via attachment (propagated)``."""
    return f"{row.block.text} via {', '.join(row.attachments) or 'blackhole'} ({row.origin})"


def lost_entries(
    entries: Iterable[NaclEntry], winner: NaclEntry | None, packet: Packet, at: Direction, nacl: str
) -> tuple[RuleRef, ...]:
    """Return the entries that did not decide, each with why; where none did, the closest come first."""
    found: list[RuleRef] = []
    after = False
    for entry in entries:
        if entry is winner:
            after = True
            continue
        differs = entry_differences(entry, packet, at)
        why = " and ".join(difference.text for difference in differs) or "covers a part of the ports"
        if after and not differs:
            why = "a lower number has decided"
        found.append(RuleRef(nacl, f"rule {acl_entry(entry, at)}", entry.path, why, differs=differs))
    if winner is None:
        found.sort(key=lambda rule: len(rule.differs))
    return tuple(found)
