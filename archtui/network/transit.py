"""Transit gateways: attachment, association, route table, attachment again."""

from __future__ import annotations

from functools import partial

from archtui.network.addresses import Address, is_v6
from archtui.network.flow import Packet
from archtui.network.model import Network, Subnet, TransitAttachment, TransitGateway, TransitRoute, Uplink
from archtui.network.routes import transit_lookup
from archtui.network.uplinks import live_attachments, transit_row_withdrawn
from archtui.network.walk import Walk


def through_transit(walk: Walk, gateway: TransitGateway, subnet: Subnet, packet: Packet) -> None:
    """Leave a VPC towards a transit gateway, by the attachment's interface in the packet's own zone.

    Sources: Transit Gateway guide, 'Transit gateway VPC attachments' (resources reach it only in zones
    where the attachment has a subnet) and 'Network ACLs for transit gateways'; measured: 13 probes.
    """
    attachment = attachment_of(walk.network, gateway.id, subnet.vpc)
    if attachment is None:
        walk.block(gateway.id, "BAD_STATE_ATTACHMENT")
        if walk.recorder:
            walk.recorder.detached(gateway.id, subnet.vpc)
        return
    _attachment_works(walk, attachment, packet)
    entry = in_zone(walk.network, attachment, subnet.zone)
    if entry is None and not _subnets_known(walk.network, attachment):
        _subnets_missing(walk, attachment, packet)
        return
    if entry is None:
        walk.block(attachment.id, "TGW_ROUTE_AZ_RESTRICTION")
        if walk.recorder:
            walk.recorder.wrong_zone(attachment.id, subnet, packet)
        entry = walk.network.subnets[attachment.subnets[0]]
    if entry.id != subnet.id:
        walk.filter_acl(entry, packet, "ingress")
    if walk.recorder:
        walk.recorder.attached(attachment.id, gateway.id, packet)
    route(walk, gateway, attachment, attachment.table, packet, subnet.zone)


def attachment_of(network: Network, gateway: str, vpc: str) -> TransitAttachment | None:
    """Return the VPC's attachment to the gateway, a working one if there is one."""
    found = [a for a in network.attachments.values() if a.gateway == gateway and a.kind == "vpc" and a.vpc == vpc]
    found.sort(key=lambda item: (bool(item.state), item.id))
    return found[0] if found else None


def in_zone(network: Network, attachment: TransitAttachment, zone: str) -> Subnet | None:
    """Return the attachment's subnet in ``zone``."""
    subnets = (network.subnets[name] for name in attachment.subnets if name in network.subnets)
    return next((subnet for subnet in subnets if subnet.zone == zone), None)


def _subnets_known(network: Network, attachment: TransitAttachment) -> bool:
    return bool(attachment.subnets) and all(name in network.subnets for name in attachment.subnets)


def _subnets_missing(walk: Walk, attachment: TransitAttachment, packet: Packet) -> None:
    missing = f"the subnets of attachment {attachment.id}: they decide which zones it serves"
    walk.unknown(missing)
    if walk.recorder:
        walk.recorder.unknown(attachment.id, "gateway", missing, packet)


def _attachment_works(walk: Walk, attachment: TransitAttachment, packet: Packet) -> bool:
    ends = (attachment.gateway, attachment.vpc, attachment.peer)
    severed = any(walk.cut(attachment.id, end) for end in ends)
    why = attachment.state or walk.failed(attachment.id) or ("the link to it is down" if severed else "")
    if not why and not attachment.ipv6 and is_v6(packet.destination):
        why = "its IPv6 support is off"
    if why:
        walk.block(attachment.id, "BAD_STATE_ATTACHMENT")
        if walk.recorder:
            walk.recorder.bad_state(attachment.id, "gateway", why, "BAD_STATE_ATTACHMENT")
    return not why


def announced(walk: Walk, link: Uplink, address: Address) -> int:
    """Return how long a block for ``address`` a transit gateway announces over a link to a customer; -1: none.

    Over a VPN it announces what stands in the table of the attachment, over Direct Connect the allowed prefixes alone
    (Transit Gateway guide, 'Transit gateway VPN attachments'; Direct Connect guide, 'Allowed prefixes interactions').
    A customer with static routes is taken to have the same.
    """
    attachment = walk.network.attachments.get(link.attachment)
    if link.offered is not None:
        return max((block.prefix for block in link.offered if address in block), default=-1)
    table = walk.network.transit_tables.get(attachment.table) if attachment else None
    if attachment is None or table is None:
        return 0
    row = transit_lookup(table, address, partial(transit_row_withdrawn, walk))
    if row is None:
        return 0 if table.doubts else -1
    return -1 if row.attachments == (attachment.id,) else row.block.prefix


def route(
    walk: Walk, gateway: TransitGateway, entry: TransitAttachment, table_name: str, packet: Packet, zone: str
) -> None:
    """Look the destination up in the table the attachment is associated with, and leave by its row."""
    walk.hops += 1
    if walk.hops > 64:
        walk.block(gateway.id, "CYCLIC_PATH_DETECTED")
        if walk.recorder:
            walk.recorder.loop(gateway.id, "CYCLIC_PATH_DETECTED")
        return
    why = gateway.state or walk.failed(gateway.id)
    if why:
        walk.block(gateway.id, "BAD_STATE")
        if walk.recorder:
            walk.recorder.bad_state(gateway.id, "gateway", why)
    table = walk.network.transit_tables.get(table_name)
    if table is None:
        walk.block(entry.id, "TGW_ATTACH_MISSING_TGW_RTB_ASSOCIATION")
        if walk.recorder:
            walk.recorder.not_associated(entry.id, gateway.id)
        return
    row = transit_lookup(table, packet.destination, partial(transit_row_withdrawn, walk))
    if table.doubts and not _home_of(walk.network, row, packet):
        for doubt in table.doubts:
            walk.unknown(doubt)
        if walk.recorder:
            missing = "; ".join(table.doubts)
            walk.recorder.unknown(gateway.id, "route", missing, packet, "TGW_RTB_ROUTES_ARE_UNKNOWN")
        return
    if walk.recorder:
        walk.recorder.transit_route(gateway.id, table, packet, row)
    if row is None:
        walk.block(table.id, "TGW_RTB_NO_ROUTE_TO_TGW_ATTACHMENT")
        return
    if not row.active or not row.attachments:
        walk.block(table.id, "TGW_RTB_BAD_STATE_ROUTE")
        return
    live = live_attachments(walk, row) or row.attachments
    attachments = [walk.network.attachments[name] for name in live if name in walk.network.attachments]
    if not attachments:
        missing = f"the attachment {', '.join(row.attachments)} is not in the design"
        walk.unknown(missing)
        if walk.recorder:
            walk.recorder.unknown(gateway.id, "route", missing, packet, "UNKNOWN_RESOURCE")
        return
    walk.spread([(item.id, _Out(gateway, entry, item, packet, zone)) for item in attachments])


def _home_of(network: Network, row: TransitRoute | None, packet: Packet) -> bool:
    """Whether the row leads to the very VPC whose block the destination is in.

    Then it is taken as decided although BGP might bring a more specific block: nobody announces a part of
    a VPC's own range from elsewhere.
    """
    if row is None:
        return False
    attached = [network.attachments[name] for name in row.attachments if name in network.attachments]
    return bool(attached) and all(
        item.vpc in network.vpcs and packet.destination in network.vpcs[item.vpc] for item in attached
    )


def _carried(gateway: TransitGateway, entry: TransitAttachment, out: TransitAttachment, packet: Packet) -> str:
    """Say how a packet comes that leaves a gateway; groups are known over one transit gateway, not two, and
    where both attachments support it (Transit Gateway guide, 'Security group referencing': not over peering
    attachments, on by default at attachments and off at the gateway)."""
    if packet.carried != "vpc":
        return "middlebox"
    closed = next((item.id for item in (out, entry) if not item.group_references), "")
    return f"closed:{closed}" if closed and gateway.group_references else f"transit:{gateway.id}"


class _Out:
    """Leave a transit gateway by one attachment."""

    def __init__(
        self,
        gateway: TransitGateway,
        entry: TransitAttachment,
        attachment: TransitAttachment,
        packet: Packet,
        zone: str,
    ) -> None:
        self.gateway, self.entry, self.attachment, self.packet, self.zone = gateway, entry, attachment, packet, zone

    def __call__(self, walk: Walk) -> None:
        attachment = self.attachment
        packet = self.packet._replace(carried=_carried(self.gateway, self.entry, attachment, self.packet))
        if not _attachment_works(walk, attachment, packet) and attachment.kind != "vpc":
            return
        if attachment.kind == "outside":
            if walk.recorder:
                walk.recorder.attached(attachment.id, "the customer's network", packet)
            walk.ways.outside(walk, attachment, packet)
            return
        if attachment.kind == "peering":
            self._to_peer(walk, packet)
        elif attachment.kind == "vpc":
            self._into_vpc(walk, packet)
        else:
            walk.unknown(attachment.missing)
            if walk.recorder:
                walk.recorder.unknown(attachment.id, "gateway", attachment.missing, packet, "UNKNOWN_RESOURCE")

    def _to_peer(self, walk: Walk, packet: Packet) -> None:
        attachment = self.attachment
        there = attachment.peer if attachment.gateway == self.gateway.id else attachment.gateway
        table = attachment.peer_table if attachment.gateway == self.gateway.id else attachment.table
        peer = walk.network.gateways.get(there)
        if not isinstance(peer, TransitGateway):
            missing = f"the transit gateway at the other end of {attachment.id} is not in the design"
            walk.unknown(missing)
            if walk.recorder:
                walk.recorder.unknown(attachment.id, "gateway", missing, packet)
            return
        if walk.recorder:
            walk.recorder.attached(attachment.id, peer.id, packet)
        route(walk, peer, attachment, table, packet, "")

    def _into_vpc(self, walk: Walk, packet: Packet) -> None:
        network, attachment = walk.network, self.attachment
        if attachment.appliance_mode and len(attachment.subnets) > 1 and _subnets_known(network, attachment):
            self._one_zone(walk, packet)
            return
        exit_subnet = in_zone(network, attachment, self.zone) or next(
            (network.subnets[name] for name in sorted(attachment.subnets) if name in network.subnets), None
        )
        self.enter(walk, exit_subnet, packet)

    def _one_zone(self, walk: Walk, packet: Packet) -> None:
        """Choose one of the attachment's zones for the life of the connection, both directions (Transit Gateway
        guide, 'Appliance in a shared services VPC'): a hash of the flow decides, so any may be taken."""
        attachment = self.attachment
        there = (packet.source, packet.source_ports)
        here = (packet.destination, packet.destination_ports)
        key = (attachment.id, here, there) if walk.returning else (attachment.id, there, here)
        usable = [
            name
            for name in attachment.subnets
            if not walk.failed(name) and not walk.condition.zone_down(walk.network.subnets[name].zone)
        ]
        chosen = walk.kept.get(key)
        names = [chosen] if chosen in usable else usable or list(attachment.subnets)
        walk.spread([(f"{attachment.id} in {name}", _InSubnet(self, name, key, packet)) for name in names])

    def enter(self, walk: Walk, exit_subnet: Subnet | None, packet: Packet) -> None:
        """Go into the VPC by the interface in one subnet; None: it is not known."""
        attachment = self.attachment
        walk.entered = attachment.id
        if walk.recorder:
            walk.recorder.attached(attachment.id, attachment.vpc, packet)
        if exit_subnet is None:
            _subnets_missing(walk, attachment, packet)
        elif packet.destination in exit_subnet:
            walk.local(attachment.vpc, packet, None)
        else:
            walk.emerge(exit_subnet, packet)


class _InSubnet:
    """Leave by the attachment's interface in one subnet and keep to it."""

    def __init__(self, out: _Out, subnet: str, key: tuple[object, ...], packet: Packet) -> None:
        self.out, self.subnet, self.key, self.packet = out, subnet, key, packet

    def __call__(self, walk: Walk) -> None:
        walk.kept[self.key] = self.subnet
        self.out.enter(walk, walk.network.subnets[self.subnet], self.packet)
