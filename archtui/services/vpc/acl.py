"""What the entries of a network ACL let through, as port ranges."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Sequence
from typing import Literal, TypeAlias

from archtui.model.fields import port_range
from archtui.services.lookups import network, overlap
from archtui.services.vpc.lookups import within
from archtui.services.vpc.properties import AclEgress, AclEntry, AclIngress, NetworkAclProperties

Direction: TypeAlias = Literal["ingress", "egress"]
PortRange: TypeAlias = tuple[int, int]

EPHEMERAL: PortRange = (1024, 65535)
"""The ports that NAT gateways, load balancers and unknown clients ask from (VPC User Guide, 'Ephemeral ports')."""
LINUX: PortRange = (32768, 60999)
"""The ports that a Linux instance asks from (net.ipv4.ip_local_port_range)."""


def entries_of(acl: NetworkAclProperties, direction: Direction) -> tuple[AclEntry, ...]:
    """Return the entries of one direction as written."""
    return acl.ingress if direction == "ingress" else acl.egress


def block_of(entry: AclEntry) -> str:
    """Return the block an entry is about."""
    if isinstance(entry, AclIngress):
        return entry.source
    return entry.destination if isinstance(entry, AclEgress) else "0.0.0.0/0"


def ports_of(entry: AclEntry) -> PortRange:
    """Return the destination ports an entry is about."""
    return (0, 65535) if entry.protocol == "all" or entry.ports is None else port_range(entry.ports)


def about(entry: AclEntry, protocol: str) -> bool:
    """Say whether ``entry`` is about ``protocol``."""
    return entry.protocol in ("all", protocol)


def hides(first: AclEntry, later: AclEntry) -> bool:
    """Say whether ``first`` decides every packet that ``later`` is about, so that it is never asked."""
    if first.rule >= later.rule or first.protocol not in ("all", later.protocol):
        return False
    if first.icmp_type is not None or first.icmp_code is not None:
        return False
    low, high = ports_of(first)
    start, end = ports_of(later)
    return low <= start and end <= high and within(block_of(later), block_of(first))


def allowed(entries: Sequence[AclEntry], block: str, wanted: PortRange) -> tuple[PortRange, ...]:
    """Return which of ``wanted`` TCP ports are open towards ``block``.

    The lowest number that matches decides. Entries about a part of ``block`` decide for that part
    alone; the answer is for the rest. Where such parts make up all of it, everything counts as open:
    it cannot be said for the block as one.
    """
    relevant = [entry for entry in sorted(entries, key=lambda item: item.rule) if about(entry, "tcp")]
    if _covered(
        [block_of(e) for e in relevant if not within(block, block_of(e)) and overlap(block, block_of(e))], block
    ):
        return (wanted,)
    undecided: list[PortRange] = [wanted]
    opened: list[PortRange] = []
    for entry in relevant:
        if within(block, block_of(entry)):
            if entry.action == "allow":
                opened += _common(undecided, ports_of(entry))
            undecided = _without(undecided, ports_of(entry))
    return tuple(sorted(opened))


def _covered(parts: Sequence[str], block: str) -> bool:
    """Say whether ``parts``, each inside ``block``, make up all of it."""
    whole = network(block)
    if isinstance(whole, ipaddress.IPv4Network):
        merged = ipaddress.collapse_addresses([ipaddress.IPv4Network(part) for part in parts])
        return sum(part.num_addresses for part in merged) >= whole.num_addresses
    merged6 = ipaddress.collapse_addresses([ipaddress.IPv6Network(part) for part in parts])
    return sum(part.num_addresses for part in merged6) >= whole.num_addresses


def missing(opened: Iterable[PortRange], wanted: PortRange) -> tuple[PortRange, ...]:
    """Return which of ``wanted`` are not in ``opened``."""
    left: list[PortRange] = [wanted]
    for ports in opened:
        left = _without(left, ports)
    return tuple(left)


def _common(ranges: Iterable[PortRange], ports: PortRange) -> list[PortRange]:
    found = [(max(low, ports[0]), min(high, ports[1])) for low, high in ranges]
    return [(low, high) for low, high in found if low <= high]


def _without(ranges: Iterable[PortRange], ports: PortRange) -> list[PortRange]:
    found: list[PortRange] = []
    for low, high in ranges:
        parts = ((low, min(high, ports[0] - 1)), (max(low, ports[1] + 1), high))
        found += [(start, end) for start, end in parts if start <= end]
    return found


def free_number(entries: Sequence[AclEntry], block: str, ports: PortRange) -> int | None:
    """Return a number at which a new entry for TCP ``ports`` and ``block`` is asked before any entry that denies them.

    None where there is none left.
    """
    taken = {entry.rule for entry in entries}
    denying = [
        entry.rule
        for entry in entries
        if entry.action == "deny"
        and about(entry, "tcp")
        and overlap(block, block_of(entry))
        and _common([ports], ports_of(entry))
    ]
    if not denying:
        number = (max(taken, default=0) // 10 + 1) * 10 if taken else 100
        return number if number <= 32766 else None
    return next((number for number in range(min(denying) - 1, 0, -1) if number not in taken), None)


def ports_text(ports: PortRange) -> str:
    """Return ``443`` or ``1024-65535``."""
    return str(ports[0]) if ports[0] == ports[1] else f"{ports[0]}-{ports[1]}"
