"""What happens at the edge of a VPC: route tables of gateways, and VPC Block Public Access."""

from __future__ import annotations

from archtui.network.addresses import Address
from archtui.network.flow import Packet
from archtui.network.model import LOCAL, EgressOnlyGateway, Interface, InternetGateway, Route, Subnet, Translates
from archtui.network.policies import PublicAccess
from archtui.network.routes import route_lookup
from archtui.network.walk import Walk


def edge_row(walk: Walk, gateway: InternetGateway, address: Address) -> Route | None:
    """Return the row of a gateway's own route table that redirects packets for ``address``; None: they go straight."""
    table = walk.network.tables.get(gateway.edge_table)
    row = route_lookup(table, address) if table is not None else None
    return None if row is None or row.target == LOCAL else row


def enter(walk: Walk, gateway: str, vpc: str, edge_table: str, packet: Packet) -> None:
    """Bring a packet from a gateway into its VPC, by the gateway's own route table where it has one.

    Source: VPC User Guide, 'Gateway route tables': targets are network interfaces and Gateway Load Balancer
    endpoints; for an internet gateway the interface must have a public address.
    """
    table = walk.network.tables.get(edge_table)
    row = route_lookup(table, packet.destination) if table is not None else None
    if table is None or row is None or row.target == LOCAL:
        walk.local(vpc, packet, None)
        return
    holder = walk.network.by_private.get((vpc, packet.destination))
    there = walk.network.subnets[walk.network.interfaces[holder].subnet] if holder else None
    block = there.block if there else walk.network.vpcs[vpc].blocks[0]
    edge = Subnet(gateway, vpc, block, there.zone if there else "", table.id, "")
    if walk.recorder:
        walk.recorder.route(edge, table, packet, row)
    if not row.active:
        walk.block(table.component, "BAD_STATE_ROUTE")
        return
    _needs_public(walk, gateway, vpc, table.component, row, packet)
    walk.forward(row.target, edge, packet)


def _needs_public(walk: Walk, gateway: str, vpc: str, table: str, row: Route, packet: Packet) -> None:
    names = (row.target,) if row.target in walk.network.interfaces else walk.network.of_component.get(row.target, ())
    if not names or walk.network.internet_gateways.get(vpc) != gateway or row.target in walk.network.gateways:
        return
    interface = walk.network.interfaces[names[0]]
    if not interface.publics:
        walk.block(interface.component, "INGRESS_RTB_NO_PUBLIC_IP")
        if walk.recorder:
            walk.recorder.edge_without_public(interface.component, table, packet)


def redirected(walk: Walk, gateway: InternetGateway, subnet: Subnet, packet: Packet) -> None:
    """A subnet whose incoming traffic is sent to a middlebox must send its own there too."""
    row = edge_row(walk, gateway, packet.source)
    if row is None or packet.carried == "middlebox":
        return
    holder = walk.network.by_private.get((subnet.vpc, packet.source))
    if holder is not None and row.target in (holder, walk.network.interfaces[holder].component):
        return
    table = walk.network.tables[subnet.table].component
    walk.block(table, "INGRESS_RTB_TRAFFIC_REDIRECTION")
    if walk.recorder:
        walk.recorder.redirected(table, gateway.id, row, packet)


# -- VPC Block Public Access ------------------------------------------------------------------------


def public_access(walk: Walk, gateway: str, interface: Interface, packet: Packet, *, inbound: bool) -> None:
    """Ask the account's Block Public Access about a packet between an interface and the internet.

    ``inbound``: the connection was opened from outside. Source: VPC User Guide, 'Block public access to VPCs
    and subnets': bidirectional blocks all; ingress-only leaves open what NAT gateways and egress-only internet
    gateways carry; exclusions name a VPC or a subnet.
    """
    network = walk.network
    vpc = network.vpcs[interface.vpc]
    setting = network.public_access.get((vpc.account, vpc.region))
    if setting is None:
        return
    whole = setting.exclusions.get(interface.vpc)
    exclusion = whole or setting.exclusions.get(interface.subnet)
    outward = isinstance(network.gateways.get(gateway), EgressOnlyGateway)
    translated = outward or isinstance(interface.answer, Translates)
    missing = ""
    if exclusion == "allow-bidirectional" or (exclusion and translated):
        if whole:
            return
        if packet.carried == "middlebox" or (translated and _from_elsewhere(walk, setting)):
            missing = f"what {setting.component} makes of traffic that only passes the excluded subnet"
    elif translated and setting.mode == "block-ingress":
        return
    elif exclusion and setting.mode == "block-bidirectional" and not inbound:
        missing = f"whether {setting.component} lets replies to {interface.component} in: its exclusion is for egress"
    else:
        walk.block(setting.component, "VPC_BLOCK_PUBLIC_ACCESS_ENABLED")
        if walk.recorder:
            walk.recorder.public_access(setting, gateway, interface, packet)
    if missing:
        walk.unknown(missing)
        if walk.recorder:
            walk.recorder.unknown(gateway, "gateway", missing, packet)


def _from_elsewhere(walk: Walk, setting: PublicAccess) -> bool:
    """Whether the sender behind a NAT gateway is in no excluded network itself."""
    origin = walk.origin
    return origin is not None and not {origin.subnet, origin.vpc} & setting.exclusions.keys()
