"""What gateways, peerings, balancers and middleboxes do with a packet."""

from __future__ import annotations

from archtui.network.addresses import (
    NAT64,
    PRIVATE,
    PUBLIC_POOL,
    SERVICE_POOL,
    SHARED,
    UNIQUE_LOCAL,
    Address,
    is_v6,
    parse_address,
)
from archtui.network.balancers import at_balancer, from_target, leave_node
from archtui.network.edges import enter, public_access, redirected
from archtui.network.flow import ECHO_REQUEST, ECHO_REQUEST_6, EPHEMERAL, TCP, Packet, protocol_name
from archtui.network.inspection import through_endpoint, through_firewall
from archtui.network.ipv6 import only_replies, reenters, stopped_outside, wrong_family
from archtui.network.middleboxes import behind_host, instance_reply, through_interface
from archtui.network.model import (
    EgressOnlyGateway,
    Gateway,
    Interface,
    InternetGateway,
    NatGateway,
    Network,
    Peering,
    PrivateGateway,
    PublicService,
    ServiceGateway,
    Subnet,
    TransitGateway,
    Uplink,
)
from archtui.network.nat import at_nat, at_regional_nat, through_nat
from archtui.network.outside import into_site, leave_attachment, through_private
from archtui.network.policies import InspectionEndpoint
from archtui.network.private_links import through_link
from archtui.network.transit import through_transit
from archtui.network.uplinks import row_withdrawn
from archtui.network.walk import Walk, Ways

INTERNET = "internet"
_PRETENDED = parse_address("192.0.2.0")
"""RFC 5737 block from which the walk takes the public address an interface ought to have."""


def through_gateway(walk: Walk, gateway: Gateway, subnet: Subnet, packet: Packet) -> None:
    """Send a packet that leaves ``subnet`` through ``gateway``."""
    state = getattr(gateway, "state", "") or walk.failed(gateway.id)
    if state:
        code = gateway.state_code if isinstance(gateway, PrivateGateway) and gateway.state else "BAD_STATE"
        walk.block(gateway.id, code)
        if walk.recorder:
            walk.recorder.bad_state(gateway.id, "gateway", state, code)
        if isinstance(gateway, NatGateway | PrivateGateway | InspectionEndpoint):
            return
    if isinstance(gateway, InternetGateway):
        to_internet(walk, gateway, subnet, packet)
    elif isinstance(gateway, EgressOnlyGateway):
        if not is_v6(packet.destination):
            wrong_family(walk, gateway.id, "an egress-only internet gateway takes IPv6 alone", packet)
        elif not walk.returning:
            walk.sessions[gateway.id] = (packet, packet)
            to_internet(walk, gateway, subnet, packet)
        else:
            only_replies(walk, gateway, packet)
    elif isinstance(gateway, NatGateway):
        through_nat(walk, gateway, subnet, packet, on_internet)
    elif isinstance(gateway, Peering):
        through_peering(walk, gateway, subnet, packet)
    elif isinstance(gateway, TransitGateway):
        through_transit(walk, gateway, subnet, packet)
    elif isinstance(gateway, PrivateGateway):
        through_private(walk, gateway, subnet, packet)
    elif isinstance(gateway, ServiceGateway):
        to_service(walk, gateway, packet)
    elif isinstance(gateway, InspectionEndpoint):
        through_endpoint(walk, gateway, subnet, packet)
    else:
        through_firewall(walk, gateway, subnet, packet)


# -- the internet ---------------------------------------------------------------------------------


def to_internet(walk: Walk, gateway: InternetGateway | EgressOnlyGateway, subnet: Subnet, packet: Packet) -> None:
    """Leave through an internet gateway: only towards public addresses, and only with one of its own.

    An IPv6 address is public itself and stays (VPC User Guide, 'Enable internet access for a VPC using internet
    gateways'), unless it is unique local or of a private pool ('Private IPv6 addresses').
    """
    if gateway.vpc != subnet.vpc or walk.cut(gateway.id, gateway.vpc):
        walk.block(gateway.id, "BAD_STATE_ATTACHMENT")
        if walk.recorder:
            walk.recorder.detached(gateway.id, subnet.vpc)
        return
    private = next((block for block in (*PRIVATE, SHARED, UNIQUE_LOCAL) if packet.destination in block), None)
    if private is not None:
        rfc = "RFC6598" if private is SHARED else "RFC1918"
        code = f"IGW_DESTINATION_ADDRESS_NOT_IN_{rfc}_EGRESS"
        code = "NO_ROUTE_TO_DESTINATION" if private is UNIQUE_LOCAL else code
        walk.block(gateway.id, code)
        if walk.recorder:
            walk.recorder.private_destination(gateway.id, code, private, packet)
        return
    name = walk.network.by_private.get((subnet.vpc, packet.source))
    public = walk.network.interfaces[name].publics.get(packet.source) if name else None
    if public is None:
        owner = walk.network.interfaces[name].component if name else gateway.id
        walk.block(owner, "IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS")
        if walk.recorder:
            walk.recorder.no_public_address(gateway.id, owner, packet)
        if name is None:
            return
        public = pretend_public(walk, walk.network.interfaces[name], packet.source)
    if name is not None:
        public_access(walk, gateway.id, walk.network.interfaces[name], packet, inbound=walk.returning)
    if isinstance(gateway, InternetGateway):
        redirected(walk, gateway, subnet, packet)
    after = packet._replace(source=public, carried="internet")
    if walk.recorder:
        walk.recorder.public_source(gateway.id, packet, after)
    on_internet(walk, after)


def pretend_public(walk: Walk, interface: Interface, private: Address) -> Address:
    """Return a public address for a private one that lacks it, so that the walk can go on."""
    held = (interface.id, private)
    known = next((public for public, holder in walk.pretended.items() if holder == held), None)
    if known is not None:
        return known
    public = private if is_v6(private) else _PRETENDED + 1 + len(walk.pretended)
    walk.pretended[public] = held
    return public


def on_internet(walk: Walk, packet: Packet) -> None:
    """Carry a packet over the internet to whoever has its destination address."""
    if walk.returning and walk.origin is None and not walk.origin_site and packet.destination == walk.origin_address:
        walk.finish(INTERNET, packet)
        return
    if walk.returning and INTERNET in walk.sessions:
        public_reply(walk, packet)
        return
    held = walk.pretended.get(packet.destination)
    name = walk.network.by_public.get(packet.destination)
    if held is not None:
        from_internet(walk, walk.network.interfaces[held[0]], held[1], packet)
    elif name is not None:
        interface = walk.network.interfaces[name]
        private = next(address for address, public in interface.publics.items() if public == packet.destination)
        from_internet(walk, interface, private, packet)
    elif packet.destination in walk.network.nat_publics:
        at_regional_nat(walk, walk.network.nat_publics[packet.destination], packet)
    elif packet.destination in walk.network.idle_publics:
        component = walk.network.idle_publics[packet.destination]
        walk.block(component, "IGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS")
        if walk.recorder:
            walk.recorder.idle_address(component, packet)
    elif is_v6(packet.destination) and stopped_outside(walk, packet):
        return
    elif any(packet.destination in block for block in (*PRIVATE, SHARED, UNIQUE_LOCAL, NAT64)):
        walk.block(INTERNET, "NO_POSSIBLE_DESTINATION")
        if walk.recorder:
            walk.recorder.nobody(INTERNET, packet)
    elif walk.returning:
        walk.block(INTERNET, "NO_POSSIBLE_DESTINATION")
        if walk.recorder:
            walk.recorder.stray(INTERNET, packet)
    else:
        _outside(walk, packet)


def _outside(walk: Walk, packet: Packet) -> None:
    service = _service_at(walk, packet)
    if service is not None and not _service_answers(walk, service, packet):
        return
    component = next(
        (
            name
            for held in (walk.network.externals, walk.network.externals6)
            for name, address in held.items()
            if address == packet.destination
        ),
        INTERNET,
    )
    given_out = packet.destination in PUBLIC_POOL or packet.destination in SERVICE_POOL
    if component == INTERNET and service is None and given_out:
        walk.block(INTERNET, "NO_POSSIBLE_DESTINATION")
        if walk.recorder:
            walk.recorder.nobody(INTERNET, packet)
        return
    why = walk.failed(component)
    if why:
        walk.block(component, "BAD_STATE")
        if walk.recorder:
            walk.recorder.bad_state(component, "interface", why)
    walk.deliver_outside(component, packet, lambda reply: on_internet(walk, reply))


def from_internet(walk: Walk, interface: Interface, private: Address, packet: Packet) -> None:
    """Enter a VPC through its internet gateway: the public destination becomes the private one."""
    name = walk.network.internet_gateways.get(interface.vpc)
    if is_v6(private) and reenters(walk, interface.vpc, name, packet):
        walk.local(interface.vpc, packet._replace(carried="internet"), None)
        return
    if name is None:
        walk.block(interface.vpc, "NO_POSSIBLE_DESTINATION")
        if walk.recorder:
            walk.recorder.no_gateway(interface, packet)
        return
    why = walk.failed(name) or ("its attachment is down" if walk.cut(name, interface.vpc) else "")
    if why:
        walk.block(name, "BAD_STATE")
        if walk.recorder:
            walk.recorder.bad_state(name, "gateway", why)
    after = packet._replace(destination=private, carried="internet")
    if walk.recorder:
        walk.recorder.private_destination_set(name, packet, after)
    unrouted = next((block for block in (*PRIVATE, SHARED) if packet.source in block), None)
    if unrouted is not None:
        code = f"IGW_SOURCE_ADDRESS_NOT_IN_{'RFC6598' if unrouted is SHARED else 'RFC1918'}_INGRESS"
        walk.block(name, code)
        if walk.recorder:
            walk.recorder.private_source(name, code, unrouted, packet)
    gateway = walk.network.gateways[name]
    walk.comes_to(interface.vpc)
    public_access(walk, name, interface, after, inbound=not walk.returning)
    enter(walk, name, interface.vpc, gateway.edge_table if isinstance(gateway, InternetGateway) else "", after)


# -- public services ------------------------------------------------------------------------------


def to_service(walk: Walk, gateway: ServiceGateway, packet: Packet) -> None:
    """Reach a service through a gateway endpoint: TCP or ICMP echo, from inside the VPC, as its policy allows.

    Source: AWS PrivateLink guide, 'Gateway endpoints' (only for resources of the VPC; the policy).
    """
    if not walk.asks(packet, (TCP, *packet.pings) if packet.icmp in (ECHO_REQUEST, ECHO_REQUEST_6) else (TCP,)):
        walk.block(gateway.id, "VPCE_GATEWAY_PROTOCOL_RESTRICTION")
        if walk.recorder:
            walk.recorder.silent(
                gateway.id, "VPCE_GATEWAY_PROTOCOL_RESTRICTION", "a gateway endpoint takes TCP and ping alone", packet
            )
        return
    if not walk.returning and packet.source not in walk.network.vpcs[gateway.vpc]:
        walk.block(gateway.id, "GATEWAY_REJECTS_SPOOFED_TRAFFIC")
        if walk.recorder:
            walk.recorder.endpoint_for_outside(gateway.id, gateway.vpc, packet)
        return
    if gateway.blocks and not any(packet.destination in block for block in gateway.blocks):
        walk.block(gateway.id, "VPCE_GATEWAY_EGRESS_SOURCE_ADDRESS_RESTRICTION")
        if walk.recorder:
            walk.recorder.not_of_service(gateway, packet)
        return
    service = _service_at(walk, packet)
    if walk.recorder:
        walk.recorder.endpoint(gateway, packet)
    if gateway.refuses_all:
        walk.block(gateway.id, "VPCE_POLICY_DENIES")
        if walk.recorder:
            walk.recorder.silent(gateway.id, "VPCE_POLICY_DENIES", "its endpoint policy allows no request", packet)
    if service is not None and not _service_answers(walk, service, packet):
        return
    walk.deliver_outside(
        gateway.id, packet, lambda reply: walk.local(gateway.vpc, reply._replace(carried="endpoint"), None)
    )


def _service_at(walk: Walk, packet: Packet) -> PublicService | None:
    """Return the service of AWS's that has the destination of a packet."""
    return next((s for s in walk.network.services if any(packet.destination in b for b in s.blocks)), None)


def _ports(ports: frozenset[tuple[int, int]]) -> str:
    """Return ``tcp 80, tcp 443``."""
    return ", ".join(f"{protocol_name(protocol)} {port}" for protocol, port in sorted(ports)) or "no port"


def _service_answers(walk: Walk, service: PublicService, packet: Packet) -> bool:
    """A public AWS service answers pings and its own ports; other packets it drops (measured: S3)."""
    if service.ports is None:
        missing = f"what AWS answers at the addresses of {service.name}: its ports are not known"
        walk.unknown(missing)
        if walk.recorder:
            walk.recorder.unknown(INTERNET, "interface", missing, packet)
        return False
    if walk.asks(packet, packet.pings, service.ports):
        return True
    name = service.name
    walk.block(name, "PROTOCOL_RESTRICTION")
    if walk.recorder:
        walk.recorder.silent(name, "PROTOCOL_RESTRICTION", f"{name} answers on {_ports(service.ports)} alone", packet)
    return False


# -- peering --------------------------------------------------------------------------------------


def peering_between(network: Network, vpc: str, other: str) -> Peering | None:
    """Return an active peering of two VPCs."""
    found = (g for g in network.gateways.values() if isinstance(g, Peering) and set(g.sides) == {vpc, other})
    return next((peering for peering in sorted(found, key=lambda p: p.id) if not peering.state), None)


def through_peering(walk: Walk, peering: Peering, subnet: Subnet, packet: Packet) -> None:
    """Cross a peering: from an address of the one VPC to an address of the other, nothing beyond.

    Source: VPC Peering Guide, 'Edge to edge routing through a gateway or private connection' and
    'Transitive peering' (both not supported).
    """
    if subnet.vpc not in peering.sides or any(walk.cut(peering.id, side) for side in peering.sides):
        walk.block(peering.id, "BAD_STATE_ATTACHMENT")
        if walk.recorder:
            walk.recorder.detached(peering.id, subnet.vpc)
        return
    here = walk.network.vpcs[subnet.vpc]
    there = walk.network.vpcs.get(peering.sides[1] if peering.sides[0] == here.id else peering.sides[0])
    if there is None:
        missing = f"the VPC at the other end of {peering.id} is not in the design"
        walk.unknown(missing)
        if walk.recorder:
            walk.recorder.unknown(peering.id, "gateway", missing, packet)
        return
    if packet.source not in here or packet.destination not in there:
        walk.block(peering.id, "PCX_REQUIRES_ADDRESS_IN_VPC_CIDR")
        if walk.recorder:
            walk.recorder.not_transitive(peering.id, here, there, packet)
            nats = _gateways_to_share(walk, there.id, packet)
            if nats:
                walk.recorder.nat_of_other_vpc(nats[0], here, there, packet)
        return
    after = packet._replace(carried=f"peering:{peering.id}")
    if walk.recorder:
        walk.recorder.peering(peering.id, there, after)
    walk.local(there.id, after, None)


# -- public virtual interfaces --------------------------------------------------------------------


def over_public_link(walk: Walk, link: Uplink, packet: Packet) -> None:
    """Reach a public address of AWS from a customer's site over a public virtual interface.

    The customer's router must send from a public address that it announces there (Direct Connect guide, 'Public
    virtual interfaces': private addresses are translated by the customer).
    """
    if link.address is None:
        missing = f"the public address behind {link.component}: {walk.origin_site} has to translate to it"
        walk.unknown(missing)
        if walk.recorder:
            walk.recorder.unknown(link.component, "nat", missing, packet)
        return
    after = packet._replace(source=link.address, source_ports=EPHEMERAL, carried="internet")
    walk.sessions[INTERNET] = (packet, after)
    walk.sessions[link.component] = (packet, after)
    if walk.recorder:
        walk.recorder.nat(link.site, packet, after)
    on_internet(walk, after)


def public_reply(walk: Walk, packet: Packet) -> None:
    """Take a reply back over the public virtual interface that the request came by."""
    before, after = walk.sessions[INTERNET]
    site = walk.network.premises.get(walk.origin_site)
    if site is None or packet.destination != after.source:
        walk.block(INTERNET, "NO_POSSIBLE_DESTINATION")
        if walk.recorder:
            walk.recorder.stray(INTERNET, packet)
        return
    home = packet._replace(destination=before.source, destination_ports=before.source_ports, carried="outside")
    if walk.recorder:
        walk.recorder.nat_reply(site.id, packet, home)
    into_site(walk, site, home)


def _gateways_to_share(walk: Walk, vpc: str, packet: Packet) -> list[str]:
    """Return the NAT gateways of a VPC where a packet for the internet looks like one that was meant for them."""
    if any(packet.destination in block for block in (*PRIVATE, SHARED)):
        return []
    return sorted(
        gateway.id
        for gateway in walk.network.gateways.values()
        if isinstance(gateway, NatGateway)
        and vpc in (gateway.vpc, *(item.vpc for item in (walk.network.interfaces.get(gateway.interface),) if item))
    )


WAYS = Ways(
    gateway=through_gateway,
    interface=through_interface,
    peering_of=peering_between,
    nat_reply=at_nat,
    instance_reply=instance_reply,
    balancer=at_balancer,
    target_reply=from_target,
    outside=leave_attachment,
    public_link=over_public_link,
    withdrawn=row_withdrawn,
    node_leaves=leave_node,
    link=through_link,
    masked=behind_host,
)
