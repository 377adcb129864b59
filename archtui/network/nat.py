"""What NAT gateways do with a packet and with its reply: zonal ones with an interface, and regional ones.

Sources: VPC User Guide, 'NAT gateways', 'NAT gateway basics' (TCP, UDP and ICMP; a source port of 1024-65535) and
'Regional NAT gateways' (no subnet, one public address for each zone, routes by themselves to the internet gateway).
"""

from __future__ import annotations

from collections.abc import Callable

from archtui.network.addresses import NAT64, PRIVATE, SHARED, Address, address_text, is_v6
from archtui.network.flow import EPHEMERAL, TCP, UDP, Packet
from archtui.network.ipv6 import by_nat64, undo_nat, wrong_family
from archtui.network.model import Interface, NatGateway, Subnet
from archtui.network.routes import route_lookup
from archtui.network.walk import Walk

_OnInternet = Callable[[Walk, Packet], None]


def through_nat(walk: Walk, gateway: NatGateway, subnet: Subnet, packet: Packet, on_internet: _OnInternet) -> None:
    """Give the packet the gateway's address and send it on: from its own subnet, or to the internet at once."""
    interface = walk.network.interfaces.get(gateway.interface)
    if interface is None and not gateway.vpc:
        missing = f"the subnet of {gateway.id}: it is not in the design"
        walk.unknown(missing)
        if walk.recorder:
            walk.recorder.unknown(gateway.id, "nat", missing, packet)
        return
    if (gateway.vpc or (interface.vpc if interface else "")) != subnet.vpc:
        walk.block(gateway.id, "BAD_STATE_ATTACHMENT")
        if walk.recorder:
            walk.recorder.detached(gateway.id, subnet.vpc)
        return
    if walk.origin_site and not walk.returning and packet.source == walk.origin_address:
        walk.block(gateway.id, "NGW_REQUIRES_SOURCE_IN_VPC")
        if walk.recorder:
            walk.recorder.nat_for_outside(gateway.id, packet)
    if not walk.asks(packet, (TCP, UDP, *packet.pings)):
        walk.block(gateway.id, "PROTOCOL_RESTRICTION")
        if walk.recorder:
            why = "a NAT gateway takes TCP, UDP and ICMP alone"
            walk.recorder.silent(gateway.id, "PROTOCOL_RESTRICTION", why, packet)
        return
    if walk.returning:
        table = walk.network.tables[subnet.table].component
        walk.block(table, "REPLY_FROM_OTHER_ADDRESS")
        if walk.recorder:
            walk.recorder.reply_by_nat(table, gateway.id, subnet, packet)
        return
    if interface is None:
        _regional(walk, gateway, subnet, packet, on_internet)
    else:
        _zonal(walk, gateway, interface, subnet, packet)


def _zonal(walk: Walk, gateway: NatGateway, interface: Interface, subnet: Subnet, packet: Packet) -> None:
    home = walk.network.subnets[interface.subnet]
    zone_state = walk.failed(gateway.id, home.zone) if not walk.failed(gateway.id) else ""
    if zone_state:
        walk.block(gateway.id, "BAD_STATE")
        if walk.recorder:
            walk.recorder.bad_state(gateway.id, "nat", zone_state)
    if home.id != subnet.id:
        walk.filter_acl(home, packet, "ingress")
    held = [own for own in interface.addresses if not is_v6(own)]
    if not held:
        missing = f"an address for {gateway.id}: its subnet has none free"
        walk.unknown(missing)
        if walk.recorder:
            walk.recorder.unknown(gateway.id, "nat", missing, packet)
        return
    # Which of several addresses a connection gets is AWS's choice (VPC User Guide, 'NAT gateway basics').
    walk.spread([(address_text(own), _As(gateway, interface, packet, own)) for own in held])


class _As:
    """Go on with one of the gateway's addresses as the source."""

    def __init__(self, gateway: NatGateway, interface: Interface, packet: Packet, own: Address) -> None:
        self.gateway, self.interface, self.packet, self.own = gateway, interface, packet, own

    def __call__(self, walk: Walk) -> None:
        gateway, interface, packet = self.gateway, self.interface, self.packet
        home = walk.network.subnets[interface.subnet]
        after = _translated(walk, gateway, packet, self.own, "vpc")
        if after is None:
            return
        walk.sessions[interface.id] = (packet, after)
        if walk.recorder:
            walk.recorder.nat_gateway(gateway.id, packet, after)
        row = route_lookup(walk.network.tables[home.table], after.destination)
        if row is not None and row.target == gateway.id:
            walk.block(gateway.id, "NO_ROUTE_TO_DESTINATION")
            if walk.recorder:
                walk.recorder.nat_loop(gateway.id, home, walk.network.tables[home.table], row, after)
            return
        walk.emerge(home, after)


def _regional(walk: Walk, gateway: NatGateway, subnet: Subnet, packet: Packet, on_internet: _OnInternet) -> None:
    """A regional gateway works where the packet is: in its zone, or in no zone yet where it adds zones by itself."""
    publics = gateway.zones.get(subnet.zone, ())
    if not publics and gateway.expands:
        publics = tuple(address for found in gateway.zones.values() for address in found)
    zone_state = walk.failed(gateway.id, subnet.zone) if not walk.failed(gateway.id) else ""
    if zone_state:
        walk.block(gateway.id, "BAD_STATE")
        if walk.recorder:
            walk.recorder.bad_state(gateway.id, "nat", zone_state)
    if not publics:
        walk.block(gateway.id, "REGIONAL_NGW_ROUTE_AZ_RESTRICTION")
        if walk.recorder:
            walk.recorder.not_in_nat_zone(gateway, subnet, packet)
        publics = tuple(address for found in gateway.zones.values() for address in found)
    if not publics:
        return
    private = next((block for block in (*PRIVATE, SHARED) if packet.destination in block), None)
    if private is not None:
        walk.block(gateway.id, "NO_ROUTE_TO_DESTINATION")
        if walk.recorder:
            walk.recorder.regional_to_private(gateway.id, packet)
        return
    _public_access(walk, gateway, packet)
    name = walk.network.internet_gateways.get(gateway.vpc)
    why = f"{gateway.vpc} has no internet gateway" if name is None else walk.failed(name)
    if not why and name is not None and walk.cut(name, gateway.vpc):
        why = f"the attachment of {name} is down"
    if why:
        walk.block(name or gateway.id, "BAD_STATE")
        if walk.recorder:
            walk.recorder.bad_state(name or gateway.id, "nat", why)
    walk.spread([(address_text(public), _ToInternet(gateway, packet, public, on_internet)) for public in publics])


def _public_access(walk: Walk, gateway: NatGateway, packet: Packet) -> None:
    """Ask the account's Block Public Access: what a NAT gateway carries passes unless both directions are blocked
    (VPC User Guide, 'Block public access to VPCs and subnets')."""
    vpc = walk.network.vpcs[gateway.vpc]
    setting = walk.network.public_access.get((vpc.account, vpc.region))
    if setting is None or setting.mode != "block-bidirectional" or gateway.vpc in setting.exclusions:
        return
    walk.block(setting.component, "VPC_BLOCK_PUBLIC_ACCESS_ENABLED")
    if walk.recorder:
        why = f"it lets nothing of {gateway.vpc} reach the internet"
        walk.recorder.silent(setting.component, "VPC_BLOCK_PUBLIC_ACCESS_ENABLED", why, packet)


class _ToInternet:
    """Go on to the internet with one of a regional gateway's public addresses."""

    def __init__(self, gateway: NatGateway, packet: Packet, public: Address, on_internet: _OnInternet) -> None:
        self.gateway, self.packet, self.public, self.on_internet = gateway, packet, public, on_internet

    def __call__(self, walk: Walk) -> None:
        after = _translated(walk, self.gateway, self.packet, self.public, "internet")
        if after is None:
            return
        walk.sessions[self.gateway.id] = (self.packet, after)
        if walk.recorder:
            walk.recorder.nat_gateway(self.gateway.id, self.packet, after)
        self.on_internet(walk, after)


def at_regional_nat(walk: Walk, name: str, packet: Packet) -> None:
    """A packet for a public address of a regional gateway: the reply of a session, or nothing it would answer."""
    session = walk.sessions.get(name)
    if session is None or not walk.returning:
        unsolicited(walk, name, packet)
        return
    gateway = walk.network.gateways[name]
    assert isinstance(gateway, NatGateway)
    walk.local(gateway.vpc, _undone(walk, name, session[0], packet), None)


def at_nat(walk: Walk, interface: Interface, nat: str, packet: Packet) -> None:
    """A packet addressed to a NAT gateway's interface: the reply of a session, or nothing it would answer."""
    session = walk.sessions.get(interface.id)
    if session is None or not walk.returning:
        unsolicited(walk, nat, packet)
        return
    walk.emerge(walk.network.subnets[interface.subnet], _undone(walk, nat, session[0], packet))


def unsolicited(walk: Walk, nat: str, packet: Packet) -> None:
    """Refuse what belongs to no connection."""
    walk.block(nat, "NGW_UNSOLICITED_INBOUND")
    if walk.recorder:
        why = "a NAT gateway passes replies alone and answers nothing itself"
        walk.recorder.silent(nat, "NGW_UNSOLICITED_INBOUND", why, packet)


def _undone(walk: Walk, nat: str, before: Packet, packet: Packet) -> Packet:
    after = undo_nat(packet, before)
    if walk.recorder:
        walk.recorder.nat_reply(nat, packet, after)
    return after


def _translated(walk: Walk, gateway: NatGateway, packet: Packet, own: Address, carried: str) -> Packet | None:
    """Return the packet with the gateway's address; None for IPv6 that no NAT64 turns into IPv4."""
    found = by_nat64(packet, own) if is_v6(packet.destination) else packet
    if found is None:
        wrong_family(walk, gateway.id, f"a NAT gateway takes IPv6 packets to {NAT64.text} alone (NAT64)", packet)
        return None
    return found._replace(source=own, source_ports=EPHEMERAL, carried=carried)
