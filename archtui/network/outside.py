"""Networks of the customer outside AWS: into them, out of them, and through virtual private gateways."""

from __future__ import annotations

from archtui.network.addresses import PRIVATE, SHARED, Address, address_text
from archtui.network.edges import enter
from archtui.network.flow import Packet
from archtui.network.model import (
    Premises,
    PrivateGateway,
    Subnet,
    TransitAttachment,
    TransitGateway,
    Uplink,
)
from archtui.network.transit import announced, route
from archtui.network.uplinks import dead, distinct, homewards, towards, trusted
from archtui.network.walk import Walk

# -- from a VPC out -------------------------------------------------------------------------------


def through_private(walk: Walk, gateway: PrivateGateway, subnet: Subnet, packet: Packet) -> None:
    """Leave a VPC by its virtual private gateway: only with the address of an interface of the VPC.

    Source: Reachability Analyzer guide, 'Explanation codes' (VGW_PRIVATE_IP_ASSOCIATION_FOR_EGRESS); VPC Peering Guide
    and Site-to-Site VPN guide: no edge to edge routing through a gateway.
    """
    if gateway.vpc != subnet.vpc or walk.cut(gateway.id, gateway.vpc):
        walk.block(gateway.id, "BAD_STATE_ATTACHMENT")
        if walk.recorder:
            walk.recorder.detached(gateway.id, subnet.vpc)
        return
    if (subnet.vpc, packet.source) not in walk.network.by_private:
        walk.block(gateway.id, "VGW_PRIVATE_IP_ASSOCIATION_FOR_EGRESS")
        if walk.recorder:
            walk.recorder.not_of_vpc(gateway.id, subnet.vpc, packet)
        return
    if not gateway.uplinks:
        walk.unknown(gateway.missing)
        if walk.recorder:
            walk.recorder.unknown(gateway.id, "gateway", gateway.missing, packet)
        return
    leave_by(walk, gateway.id, gateway.uplinks, packet)


def leave_by(walk: Walk, gateway: str, links: tuple[Uplink, ...], packet: Packet) -> None:
    """Send a packet over the best of a gateway's links to where its destination is."""
    live = [link for link in links if trusted(walk, link)]
    chosen = distinct(towards(live, packet.destination))
    open_ = [link for link in live if link.learnt is None]
    if open_ and not _one_site([*chosen, *open_]):
        missing = "; ".join(dict.fromkeys(link.missing for link in open_))
        walk.unknown(missing)
        if walk.recorder:
            walk.recorder.unknown(gateway, "gateway", missing, packet)
        return
    chosen = chosen or distinct(open_)
    if chosen:
        walk.spread([(link.id, _Over(gateway, link, packet)) for link in chosen])
        return
    gone = distinct(towards(links, packet.destination)) or [link for link in links if dead(walk, link)]
    if gone:
        down(walk, gone[0], "BAD_STATE_VPN")
        return
    walk.block(gateway, "NO_POSSIBLE_DESTINATION")
    if walk.recorder:
        walk.recorder.no_uplink(gateway, packet)


def leave_attachment(walk: Walk, attachment: TransitAttachment, packet: Packet) -> None:
    """Leave a transit gateway by an attachment of a VPN connection or a Direct Connect gateway.

    The gateway's own table has chosen the attachment; a row written by hand sends whatever it says, so links that
    learnt nothing for the destination count as well.
    """
    links = attachment.uplinks
    live = [link for link in links if trusted(walk, link)]
    chosen = distinct(towards(live, packet.destination) or live)
    if chosen:
        walk.spread([(link.id, _Over(attachment.gateway, link, packet)) for link in chosen])
    elif links:
        down(walk, links[0], "TGW_BAD_STATE_VPN")
    else:
        missing = attachment.missing or f"the links of {attachment.id} to a customer's network"
        walk.unknown(missing)
        if walk.recorder:
            walk.recorder.unknown(attachment.id, "gateway", missing, packet, "UNKNOWN_RESOURCE")


def _one_site(links: list[Uplink]) -> bool:
    return len({link.site for link in links}) == 1 and bool(links[0].site)


def down(walk: Walk, link: Uplink, vpn_code: str) -> None:
    """A link that carries nothing."""
    code = "BAD_STATE" if link.medium == "direct_connect" else vpn_code
    walk.block(link.component, code)
    if walk.recorder:
        walk.recorder.bad_state(link.component, "gateway", dead(walk, link), code)


class _Over:
    """Go over one link to the site at its other end."""

    def __init__(self, gateway: str, link: Uplink, packet: Packet) -> None:
        self.gateway, self.link, self.packet = gateway, link, packet

    def __call__(self, walk: Walk) -> None:
        link, packet = self.link, self.packet
        if dead(walk, link):
            down(walk, link, "TGW_BAD_STATE_VPN" if link.attachment else "BAD_STATE_VPN")
        if walk.recorder:
            walk.recorder.over(link, link.site or "the customer's network", packet)
        site = walk.network.premises.get(link.site)
        if site is None:
            walk.unknown(link.missing)
            if walk.recorder:
                walk.recorder.unknown(link.component, "gateway", link.missing, packet)
            return
        into_site(walk, site, packet._replace(carried="outside"))


# -- at a site ------------------------------------------------------------------------------------


def into_site(walk: Walk, site: Premises, packet: Packet, *, inside: bool = False) -> None:
    """Let a packet into a site, to the host that has its destination address; ``inside``: it comes from there."""
    if not inside:
        works(walk, site)
        if site.firewall:
            walk.filter_outside(site, packet, "ingress")
    if walk.returning and walk.origin_site == site.id and packet.destination == walk.origin_address:
        walk.finish(walk.origin_name, packet)
        return
    if site.blocks is None or packet.destination not in site:
        if site.blocks is None:
            missing = f"the networks of {site.id}: whether {address_text(packet.destination)} is one of its hosts"
            walk.unknown(missing)
            if walk.recorder:
                walk.recorder.unknown(site.id, "interface", missing, packet)
        else:
            walk.block(site.id, "NO_POSSIBLE_DESTINATION")
            if walk.recorder:
                walk.recorder.nobody(site.id, packet)
        return
    if walk.returning:
        walk.block(site.id, "NO_POSSIBLE_DESTINATION")
        if walk.recorder:
            walk.recorder.stray(site.id, packet)
        return
    host = next(
        (h for h in walk.network.outside_hosts.values() if h.site == site.id and h.address == packet.destination), None
    )
    name = host.id if host else site.id
    why = (host.state or walk.failed(host.id)) if host else ""
    if why:
        walk.block(name, "BAD_STATE")
        if walk.recorder:
            walk.recorder.bad_state(name, "interface", why)
    elif not site.answers and host is None:
        walk.block(site.id, "PROTOCOL_RESTRICTION")
        if walk.recorder:
            walk.recorder.silent(site.id, "PROTOCOL_RESTRICTION", f"nothing in {site.id} answers from outside", packet)
    walk.deliver_outside(name, packet, lambda reply: from_site(walk, site, reply, inside=inside))


def works(walk: Walk, site: Premises) -> None:
    """Check that a site works; note it as a blocker otherwise."""
    why = site.state or walk.failed(site.id)
    if why:
        walk.block(site.id, "BAD_STATE")
        if walk.recorder:
            walk.recorder.bad_state(site.id, "interface", why)


def from_site(walk: Walk, site: Premises, packet: Packet, *, inside: bool = False) -> None:
    """Send a packet from a host of a site: to a neighbour, or over the best link to AWS."""
    if packet.destination in site or inside:
        into_site(walk, site, packet, inside=True)
        return
    works(walk, site)
    host = walk.network.outside_hosts.get(walk.origin_name)
    why = (host.state or walk.failed(host.id)) if host and not walk.returning else ""
    if host and why:
        walk.block(host.id, "BAD_STATE")
        if walk.recorder:
            walk.recorder.bad_state(host.id, "interface", why)
    if site.firewall:
        walk.filter_outside(site, packet, "egress")
    links = [link for link in walk.network.uplinks_of.get(site.id, ()) if trusted(walk, link)]
    chosen = distinct(homewards(links, [offers(walk, link, packet.destination) for link in links]))
    if chosen:
        walk.spread([(link.id, _Home(site, link, packet)) for link in chosen])
        return
    every = walk.network.uplinks_of.get(site.id, ())
    gone = homewards(every, [offers(walk, link, packet.destination) for link in every])
    if gone:
        down(walk, gone[0], "TGW_BAD_STATE_VPN" if gone[0].attachment else "BAD_STATE_VPN")
    elif any(packet.destination in block for block in (*PRIVATE, SHARED)):
        walk.block(site.id, "NO_ROUTE_TO_DESTINATION")
        if walk.recorder:
            walk.recorder.no_way_from_site(site.id, packet)
    else:
        missing = f"how {site.id} reaches the internet: only its links to AWS are in the design"
        walk.unknown(missing)
        if walk.recorder:
            walk.recorder.unknown(site.id, "route", missing, packet)


def offers(walk: Walk, link: Uplink, address: Address) -> int:
    """Return how long a block for ``address`` a site learns over a link; -1: none.

    A virtual private gateway announces its VPC's blocks and, to other sites, what those announce (Site-to-Site VPN
    guide, 'VPN CloudHub'); a transit gateway what stands in the table its attachment is associated with; a Direct
    Connect gateway only the allowed prefixes (Direct Connect guide, 'Allowed prefixes interactions').
    """
    network = walk.network
    gateway = network.gateways.get(link.gateway)
    if not link.gateway:
        public = address in network.by_public or any(
            address in block for service in network.services for block in service.blocks
        )
        return 0 if public else -1
    if isinstance(gateway, TransitGateway):
        return announced(walk, link, address)
    if link.offered is not None and link.medium != "direct_connect":
        return max((block.prefix for block in link.offered if address in block), default=-1)
    if not isinstance(gateway, PrivateGateway):
        return -1
    vpc = network.vpcs.get(gateway.vpc)
    own = [block for block in vpc.blocks if address in block] if vpc else []
    if own and (link.offered is None or any(offer.covers(block) for offer in link.offered for block in own)):
        return own[0].prefix
    others = [other for other in gateway.uplinks if other.site != link.site and other.medium != "vpn_static"]
    if link.offered is not None or link.medium == "vpn_static":
        return -1
    return max(
        (block.prefix for other in others if trusted(walk, other) for block in other.learnt or () if address in block),
        default=-1,
    )


# -- from a site in -------------------------------------------------------------------------------


class _Home:
    """Go over one link from a site to AWS."""

    def __init__(self, site: Premises, link: Uplink, packet: Packet) -> None:
        self.site, self.link, self.packet = site, link, packet

    def __call__(self, walk: Walk) -> None:
        link, packet = self.link, self.packet
        if dead(walk, link):
            down(walk, link, "TGW_BAD_STATE_VPN" if link.attachment else "BAD_STATE_VPN")
        if walk.recorder:
            walk.recorder.over(link, link.gateway or "AWS's public addresses", packet, back=True)
        gateway = walk.network.gateways.get(link.gateway)
        if isinstance(gateway, PrivateGateway):
            into_vpc(walk, gateway, link, packet._replace(carried="outside"))
        elif isinstance(gateway, TransitGateway):
            self._to_transit(walk, gateway, walk.network.attachments[link.attachment])
        else:
            walk.ways.public_link(walk, link, packet)

    def _to_transit(self, walk: Walk, gateway: TransitGateway, attachment: TransitAttachment) -> None:
        if walk.recorder:
            walk.recorder.attached(attachment.id, gateway.id, self.packet)
        route(walk, gateway, attachment, attachment.table, self.packet._replace(carried="outside"), "")


def into_vpc(walk: Walk, gateway: PrivateGateway, link: Uplink, packet: Packet) -> None:
    """Enter a VPC by its virtual private gateway: only to an interface of the VPC, or on to another site.

    Sources: Reachability Analyzer guide, 'Explanation codes' (VGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS,
    GATEWAY_REJECTS_SPOOFED_TRAFFIC); Site-to-Site VPN guide, 'VPN CloudHub'.
    """
    state = gateway.state or walk.failed(gateway.id)
    if state:
        code = gateway.state_code if gateway.state else "BAD_STATE"
        walk.block(gateway.id, code)
        if walk.recorder:
            walk.recorder.bad_state(gateway.id, "gateway", state, code)
    vpc = walk.network.vpcs.get(gateway.vpc)
    if vpc is None:
        return
    if packet.source in vpc:
        walk.block(gateway.id, "GATEWAY_REJECTS_SPOOFED_TRAFFIC")
        if walk.recorder:
            walk.recorder.spoofed(gateway.id, vpc, packet)
        return
    elsewhere = [other for other in gateway.uplinks if other.site != link.site]
    if packet.destination not in vpc and towards(elsewhere, packet.destination):
        leave_by(walk, gateway.id, tuple(elsewhere), packet)
        return
    if (vpc.id, packet.destination) not in walk.network.by_private:
        walk.block(gateway.id, "VGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS")
        if walk.recorder:
            walk.recorder.no_interface(gateway.id, vpc.id, packet)
        return
    walk.comes_to(vpc.id)
    enter(walk, gateway.id, vpc.id, gateway.edge_table, packet)
