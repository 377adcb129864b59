"""Links to networks outside AWS: which of them work, which are chosen, which routes they bring."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final

from archtui.network.addresses import Address, Block
from archtui.network.model import Medium, PrivateGateway, Route, TransitRoute, Uplink

if TYPE_CHECKING:
    from archtui.network.walk import Walk

_MEDIA: Final[dict[Medium, int]] = {"direct_connect": 0, "vpn_static": 1, "vpn_bgp": 2}
"""The order of a virtual private gateway for the same block (Site-to-Site VPN guide, 'Route tables and route
priority'): BGP over Direct Connect, static routes of a VPN, BGP over a VPN."""


def dead(walk: Walk, link: Uplink) -> str:
    """Say why a link carries nothing; empty: it works."""
    if link.state or not walk.broken:
        return link.state
    for part in link.parts:
        why = walk.failed(part)
        if why:
            return f"{part} is down" if why == "it is down" else f"{part}: {why}"
    if link.bundle:
        working = sum(not any(walk.failed(part) for part in line) for line in link.bundle)
        if working < link.minimum:
            return f"{len(link.bundle) - working} of its {len(link.bundle)} connections are down"
    ends = (link.component, link.id)
    around = (link.gateway, link.attachment, *link.through, link.site)
    if any(walk.cut(end, other) for end in ends for other in around if other):
        return "the link to it is down"
    return ""


def trusted(walk: Walk, link: Uplink) -> bool:
    """Whether routers still send over a link: it works, or its failure has not been noticed yet."""
    if link.state:
        return False
    unnoticed = not walk.condition.acts(link.mechanism)
    return unnoticed or not dead(walk, link)


def _prefix(blocks: Iterable[Block] | None, address: Address) -> int:
    return max((block.prefix for block in blocks or () if address in block), default=-1)


def towards(links: Sequence[Uplink], address: Address) -> list[Uplink]:
    """Return the links that a virtual private gateway sends packets for ``address`` over, equal ones together.

    The longest block first; for the same block Direct Connect, static VPN routes, BGP over VPN; then the shorter AS
    path, then the lower MED (Site-to-Site VPN guide, 'Route tables and route priority').
    """
    found = [(link, _prefix(link.learnt, address)) for link in links]
    return _best(
        (link, (-prefix, _MEDIA[link.medium], link.path_length, link.med)) for link, prefix in found if prefix >= 0
    )


def homewards(links: Sequence[Uplink], offered: Iterable[int]) -> list[Uplink]:
    """Return the links that a site sends packets over, given how long a block each of ``links`` offers for them
    (-1: none).

    Which of equal ones it takes is the customer's affair; Direct Connect goes before VPN, as AWS advises for a VPN
    that is there as a backup (Direct Connect guide, 'AWS Direct Connect plus VPN').
    """
    return _best(
        (link, (-prefix, link.medium != "direct_connect"))
        for link, prefix in zip(links, offered, strict=True)
        if prefix >= 0
    )


def _best(ranked: Iterable[tuple[Uplink, tuple[int, ...]]]) -> list[Uplink]:
    found = list(ranked)
    first = min((rank for _, rank in found), default=())
    return [link for link, rank in found if rank == first]


def distinct(links: Iterable[Uplink]) -> list[Uplink]:
    """Return one of the links that differ in nothing a packet meets: the tunnels of a connection."""
    found: dict[tuple[str, ...], Uplink] = {}
    for link in links:
        found.setdefault((link.component, link.gateway, link.attachment, link.site), link)
    return list(found.values())


def row_withdrawn(walk: Walk, row: Route) -> bool:
    """Whether a row that a gateway propagated is gone, because every link that brought it is."""
    gateway = walk.network.gateways.get(row.target)
    if row.origin != "propagated" or not isinstance(gateway, PrivateGateway):
        return False
    bringing = [link for link in gateway.uplinks if link.learnt is not None and row.block in link.learnt]
    return bool(bringing) and not any(trusted(walk, link) for link in bringing)


def transit_row_withdrawn(walk: Walk, row: TransitRoute) -> bool:
    """Whether a propagated row of a transit gateway is gone, because no attachment that brought it works."""
    return row.origin == "propagated" and bool(row.attachments) and not live_attachments(walk, row)


def live_attachments(walk: Walk, row: TransitRoute) -> list[str]:
    """Return the attachments of a row that routers still send to."""
    found = []
    for name in row.attachments:
        attachment = walk.network.attachments.get(name)
        if attachment is None or not attachment.uplinks or any(trusted(walk, link) for link in attachment.uplinks):
            found.append(name)
    return found


__all__ = [
    "dead",
    "distinct",
    "homewards",
    "live_attachments",
    "row_withdrawn",
    "towards",
    "transit_row_withdrawn",
    "trusted",
]
