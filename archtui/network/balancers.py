"""What the nodes of a Network or Classic Load Balancer do with a packet and with its reply."""

from __future__ import annotations

from collections.abc import Callable

from archtui.network.addresses import same_family
from archtui.network.flow import EPHEMERAL, Packet
from archtui.network.model import (
    Balancer,
    Interface,
    NodeGroup,
    NodeListener,
    NodeTarget,
    Subnet,
)
from archtui.network.private_links import came_by_link, link_reply
from archtui.network.walk import Walk


def at_balancer(walk: Walk, node: Interface, name: str, packet: Packet) -> None:
    """A packet for a node of a balancer: a new connection, or the reply of a target."""
    balancer = walk.network.balancers[name]
    session = walk.sessions.get(node.id)
    if walk.returning and session is not None:
        balancer_reply(walk, node, packet)
        return
    why = balancer.state
    if why:
        walk.block(name, "BAD_STATE")
        if walk.recorder:
            walk.recorder.bad_state(name, "listener", why)
    listener = next(
        (
            item
            for item in balancer.listeners
            if item.protocol == packet.protocol and packet.destination_ports == (item.port, item.port)
        ),
        None,
    )
    if listener is None:
        walk.block(name, "ELB_LISTENERS_MISMATCH" if balancer.classic else "ELBV2_LISTENERS_MISMATCH")
        if walk.recorder:
            walk.recorder.no_listener(name, balancer, packet)
        return
    if listener.ends:
        walk.deliver(node, packet)
        return
    _choose(walk, node, balancer, listener, packet)


def _choose(walk: Walk, node: Interface, balancer: Balancer, listener: NodeListener, packet: Packet) -> None:
    """Go to each target that the node may choose; a group without one loses its share of the connections."""
    zone = walk.network.subnets[node.subnet].zone
    ways: list[tuple[NodeGroup, NodeTarget]] = []
    refused: list[tuple[NodeGroup, str]] = []
    for group_name in listener.groups:
        group = balancer.groups[group_name]
        if group.missing:
            walk.unknown(group.missing)
            if walk.recorder:
                walk.recorder.unknown(group.id, "target", group.missing, packet)
            return
        found = usable(walk, balancer, group, zone)
        ways.extend((group, target) for target in found)
        if not found:
            refused.append((group, _why_none(balancer, group, zone)))
    if not ways and len(refused) != 1:
        code = "ELBV2_LISTENER_REQUIRES_TG_ACCEPT" if refused else "ELBV2_LISTENER_HAS_NO_TG"
        walk.block(balancer.id, code)
        if walk.recorder:
            walk.recorder.no_group(balancer.id, code, zone, listener, refused, packet)
        return
    if walk.recorder and ways:
        shown = [(group.id, target) for group, target in ways]
        walk.recorder.targets(balancer.id, listener, zone, shown, packet)
    goes: list[tuple[str, Callable[[Walk], None]]] = [
        (f"{t.component}:{t.port}", _to_target(node, balancer, g, t, packet)) for g, t in ways
    ]
    goes.extend((f"{group.id}: no target", _to_none(balancer, group, code, zone, packet)) for group, code in refused)
    walk.spread(goes)


def usable(walk: Walk, balancer: Balancer, group: NodeGroup, zone: str) -> list[NodeTarget]:
    """Return the targets a node may choose: of its own zone unless cross-zone is on, the healthy ones,
    or all of them if none is healthy (NLB guide, 'Target group health': fail-open; a Classic Load Balancer answers
    503 then: Classic Load Balancer guide, 'Troubleshoot'). The group's own
    cross-zone attribute goes before the balancer's (NLB guide, 'Cross-zone load balancing for target groups')."""
    crosses = crosses_zones(balancer, group)
    near = [
        target
        for target in group.targets
        if (crosses and target.zone in (*balancer.zones, "all")) or target.zone in (zone, "all")
    ]
    finds = walk.condition.acts(f"alb.target:{balancer.id if balancer.classic else group.id}")
    healthy = [target for target in near if target.health != "unhealthy" and not (finds and _target_down(walk, target))]
    return healthy if balancer.classic else healthy or near


def crosses_zones(balancer: Balancer, group: NodeGroup) -> bool:
    """Whether a node sends to targets of the group in other zones."""
    return balancer.cross_zone if group.cross_zone is None else group.cross_zone


def _why_none(balancer: Balancer, group: NodeGroup, zone: str) -> str:
    """Return the reason code of a group in which a node finds no target."""
    if not group.targets:
        return "TARGET_ADDRESS_RESTRICTION" if group.refused else "ELBV2_LISTENER_HAS_NO_TG"
    near = (*balancer.zones, "all") if crosses_zones(balancer, group) else (zone, "all")
    if any(target.zone in near for target in group.targets):
        return "ELB_NO_INSTANCE_IN_SERVICE"
    if any(target.zone in balancer.zones for target in group.targets):
        return "ELB_NOT_CROSSZONE"
    return "ELB_INSTALLED_AZ_RESTRICTION" if crosses_zones(balancer, group) else "ELBV2_NO_TARGETS_IN_AZ"


def _target_down(walk: Walk, target: NodeTarget) -> bool:
    interface = walk.network.interfaces.get(target.interface)
    if interface is None:
        return False
    zone = walk.network.subnets[interface.subnet].zone
    return bool(interface.state or walk.failed(interface.component, zone))


class _to_none:  # noqa: N801 -- a continuation: used like a function
    """End the connections that fall to a group in which the node finds no target."""

    def __init__(self, balancer: Balancer, group: NodeGroup, code: str, zone: str, packet: Packet) -> None:
        self.balancer, self.group, self.code, self.zone, self.packet = balancer, group, code, zone, packet

    def __call__(self, walk: Walk) -> None:
        of_group = self.code in ("ELBV2_LISTENER_HAS_NO_TG", "TARGET_ADDRESS_RESTRICTION") and not self.balancer.classic
        owner = self.group.id if of_group else self.balancer.id
        walk.block(owner, self.code)
        if walk.recorder:
            walk.recorder.no_target(self.balancer.id, owner, self.code, self.zone, self.group, self.packet)


class _to_target:  # noqa: N801 -- a continuation: used like a function
    """Send a connection from a node to one target."""

    def __init__(
        self, node: Interface, balancer: Balancer, group: NodeGroup, target: NodeTarget, packet: Packet
    ) -> None:
        self.node, self.balancer, self.group, self.target, self.packet = node, balancer, group, target, packet

    def __call__(self, walk: Walk) -> None:
        packet, target, node = self.packet, self.target, self.node
        keeps = self.group.preserves_client and not came_by_link(packet) and same_family(packet.source, target.address)
        after = packet._replace(
            destination=target.address,
            destination_ports=(target.port, target.port),
            carried=f"balancer:{self.balancer.id}",
        )
        if not keeps:
            own = next((held for held in node.addresses if same_family(held, target.address)), node.addresses[0])
            after = after._replace(source=own, source_ports=EPHEMERAL)
        interface = walk.network.interfaces.get(target.interface)
        if walk.recorder:
            walk.recorder.to_target(self.balancer, self.group, target, packet, after, keeps=keeps)
        if keeps and interface is not None and packet.source in interface.addresses:
            walk.block(self.group.id, "ELBV2_SOURCE_ADDRESS_PRESERVATION")
            if walk.recorder:
                walk.recorder.hairpin(self.balancer.id, self.group.id, target, packet)
        walk.sessions[node.id] = (packet, after)
        if keeps:
            walk.nodes[(target.address, packet.source)] = node.id
        walk.filter_group(node, after, "egress")
        leave_node(walk, node, self.balancer.id, after)


def leave_node(walk: Walk, node: Interface, name: str, packet: Packet) -> None:
    """Send a packet on from a node. What a Classic Load Balancer sends passes its subnet's ACL on the way out
    even where the target is in the same subnet (Reachability Analyzer guide, ELB_ACL_RESTRICTION)."""
    home = walk.network.subnets[node.subnet]
    if walk.network.balancers[name].classic and packet.destination in home.block:
        before = len(walk.blockers)
        walk.filter_acl(home, packet, "egress")
        if walk.recorder and len(walk.blockers) > before:
            walk.recorder.classic_acl(name, home, packet)
    walk.emerge(home, packet)


def from_target(walk: Walk, subnet: Subnet, node: Interface, packet: Packet) -> None:
    """Carry a target's answer to the client's address back to the node, across the subnets' edges."""
    home = walk.network.subnets[node.subnet]
    if home.id != subnet.id:
        walk.filter_acl(subnet, packet, "egress")
        walk.filter_acl(home, packet, "ingress")
    walk.filter_group(node, packet, "ingress")
    balancer_reply(walk, node, packet)


def balancer_reply(walk: Walk, node: Interface, packet: Packet) -> None:
    """Send a target's answer back to the client, from the node's address."""
    before, _ = walk.sessions[node.id]
    after = packet._replace(
        source=before.destination,
        source_ports=before.destination_ports,
        destination=before.source,
        destination_ports=before.source_ports,
        carried="vpc",
    )
    if walk.recorder:
        walk.recorder.balancer_reply(node.component, packet, after)
    if came_by_link(before):
        link_reply(walk, before, after)
        return
    walk.filter_group(node, after, "egress")
    walk.emerge(walk.network.subnets[node.subnet], after)
