"""What is different for IPv6: no address translation but NAT64, and gateways that pass replies alone.

Neighbour discovery and router advertisements are not modelled: AWS answers them inside each subnet and no filter
of the design sees them (VPC User Guide, 'Network ACLs').
"""

from __future__ import annotations

from archtui.network.addresses import NAT64, Address, embedded, is_v6
from archtui.network.flow import (
    ECHO_REPLY,
    ECHO_REPLY_6,
    ECHO_REQUEST,
    ECHO_REQUEST_6,
    EPHEMERAL,
    ICMP,
    ICMPV6,
    Packet,
)
from archtui.network.model import EgressOnlyGateway
from archtui.network.walk import Walk

CODE = "EIGW_UNSOLICITED_INBOUND"

_TO_V4 = {ECHO_REQUEST_6: ECHO_REQUEST, ECHO_REPLY_6: ECHO_REPLY}
_TO_V6 = {four: six for six, four in _TO_V4.items()}
"""RFC 7915, 4.2 and 5.2: types of pings as the other family has them."""


def only_replies(walk: Walk, gateway: EgressOnlyGateway, packet: Packet) -> None:
    """A reply that would leave by an egress-only gateway: the connection did not open through it.

    Source: VPC User Guide, 'Enable outbound IPv6 traffic using an egress-only internet gateway': it is stateful and
    keeps the internet from opening connections.
    """
    walk.block(gateway.id, CODE)
    if walk.recorder:
        why = "an egress-only internet gateway passes what was opened from inside alone"
        walk.recorder.silent(gateway.id, CODE, why, packet)


def wrong_family(walk: Walk, gateway: str, what: str, packet: Packet) -> None:
    """Stop a packet that a gateway does not take because of its family of addresses."""
    walk.block(gateway, "PROTOCOL_RESTRICTION")
    if walk.recorder:
        walk.recorder.silent(gateway, "PROTOCOL_RESTRICTION", what, packet)


def reenters(walk: Walk, vpc: str, internet_gateway: str | None, packet: Packet) -> bool:
    """Let a packet from the internet in by the VPC's egress-only gateway; say whether that is its way.

    It is for replies to what left by it, and for everything where the VPC has no other gateway: that is stopped.
    """
    name = walk.network.egress_gateways.get(vpc)
    if name is None:
        return False
    if walk.returning and name in walk.sessions:
        if walk.recorder:
            walk.recorder.egress_reply(name, packet)
        return True
    if internet_gateway is not None:
        return False
    walk.block(name, CODE)
    if walk.recorder:
        why = "an egress-only internet gateway lets nobody outside open a connection"
        walk.recorder.silent(name, CODE, why, packet)
    return True


def stopped_outside(walk: Walk, packet: Packet) -> bool:
    """Stop a packet on the internet whose destination is a VPC's but not reachable there; say whether it is so."""
    holders = walk.network.by_address.get(packet.destination, ())
    if holders:
        component = walk.network.interfaces[holders[0]].component
        walk.block(component, "IGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS")
        if walk.recorder:
            walk.recorder.unreachable_from_outside(component, packet)
        return True
    home = next((vpc.id for vpc in walk.network.vpcs.values() if packet.destination in vpc), None)
    if home is None:
        return False
    walk.block(home, "NO_POSSIBLE_DESTINATION")
    if walk.recorder:
        walk.recorder.nobody(home, packet)
    return True


def by_nat64(packet: Packet, source: Address) -> Packet | None:
    """Return the IPv4 packet a NAT gateway makes of an IPv6 one; None where it takes no such packet.

    Source: VPC User Guide, 'DNS64 and NAT64': the destination must be in 64:ff9b::/96; RFC 6052, RFC 6146.
    """
    if packet.destination not in NAT64:
        return None
    return packet._replace(
        source=source,
        source_ports=EPHEMERAL,
        destination=embedded(packet.destination),
        protocol=ICMP if packet.protocol == ICMPV6 else packet.protocol,
        icmp=_TO_V4.get(packet.icmp, packet.icmp),
        carried="vpc",
    )


def undo_nat(packet: Packet, before: Packet) -> Packet:
    """Return the reply to ``before`` as its sender expects it: IPv6 again where the connection was that."""
    after = packet._replace(destination=before.source, destination_ports=before.source_ports, carried="vpc")
    if not is_v6(before.source):
        return after
    return after._replace(
        source=before.destination, protocol=before.protocol, icmp=_TO_V6.get(packet.icmp, packet.icmp)
    )
