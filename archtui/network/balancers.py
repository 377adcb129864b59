"""What the nodes of a Network Load Balancer do with a packet and with its reply."""

from __future__ import annotations

from archtui.network.addresses import same_family
from archtui.network.flow import EPHEMERAL, Packet
from archtui.network.model import (
    Balancer,
    Interface,
    NodeGroup,
    NodeTarget,
    Subnet,
)
from archtui.network.walk import Walk


def at_balancer(walk: Walk, node: Interface, name: str, packet: Packet) -> None:
    """A packet for a node of a Network Load Balancer: a new connection, or the reply of a target."""
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
        walk.block(name, "ELBV2_LISTENERS_MISMATCH")
        if walk.recorder:
            walk.recorder.no_listener(name, balancer, packet)
        return
    zone = walk.network.subnets[node.subnet].zone
    ways: list[tuple[NodeGroup, NodeTarget]] = []
    for group_name in listener.groups:
        group = balancer.groups[group_name]
        if group.missing:
            walk.unknown(group.missing)
            if walk.recorder:
                walk.recorder.unknown(group.id, "target", group.missing, packet)
            return
        ways.extend((group, target) for target in usable(walk, balancer, group, zone))
    if not ways:
        groups = [balancer.groups[group] for group in listener.groups]
        empty = not any(group.targets for group in groups)
        code = "ELBV2_LISTENER_HAS_NO_TG" if empty else "ELBV2_NO_TARGETS_IN_AZ"
        if not empty and any(target.zone in balancer.zones for group in groups for target in group.targets):
            code = "ELB_NOT_CROSSZONE"
        owner = groups[0].id if groups and empty else name
        walk.block(owner, code)
        if walk.recorder:
            walk.recorder.no_target(name, owner, code, zone, packet)
        return
    if walk.recorder:
        walk.recorder.targets(name, listener, zone, [(group.id, target) for group, target in ways], packet)
    walk.spread([(_label(t), _to_target(node, balancer, g, t, packet)) for g, t in ways])


def _label(target: NodeTarget) -> str:
    return f"{target.component}:{target.port}"


def usable(walk: Walk, balancer: Balancer, group: NodeGroup, zone: str) -> list[NodeTarget]:
    """Return the targets a node may choose: of its own zone unless cross-zone is on, the healthy ones,
    or all of them if none is healthy (NLB guide, 'Target group health': fail-open)."""
    near = [
        target
        for target in group.targets
        if (balancer.cross_zone and target.zone in (*balancer.zones, "all")) or target.zone in (zone, "all")
    ]
    healthy = [target for target in near if target.health != "unhealthy" and not _target_down(walk, target)]
    return healthy or near


def _target_down(walk: Walk, target: NodeTarget) -> bool:
    interface = walk.network.interfaces.get(target.interface)
    if interface is None:
        return False
    zone = walk.network.subnets[interface.subnet].zone
    return bool(interface.state or walk.failed(interface.component, zone))


class _to_target:  # noqa: N801 -- a continuation: used like a function
    """Send a connection from a node to one target."""

    def __init__(
        self, node: Interface, balancer: Balancer, group: NodeGroup, target: NodeTarget, packet: Packet
    ) -> None:
        self.node, self.balancer, self.group, self.target, self.packet = node, balancer, group, target, packet

    def __call__(self, walk: Walk) -> None:
        packet, target, node = self.packet, self.target, self.node
        keeps = self.group.preserves_client and same_family(packet.source, target.address)
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
            walk.recorder.to_target(self.balancer.id, target, packet, after, keeps=keeps)
        if keeps and interface is not None and packet.source in interface.addresses:
            walk.block(self.group.id, "ELBV2_SOURCE_ADDRESS_PRESERVATION")
            if walk.recorder:
                walk.recorder.hairpin(self.balancer.id, self.group.id, target, packet)
        walk.sessions[node.id] = (packet, after)
        if keeps:
            walk.nodes[(target.address, packet.source)] = node.id
        walk.filter_group(node, after, "egress")
        walk.emerge(walk.network.subnets[node.subnet], after)


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
    walk.filter_group(node, after, "egress")
    walk.emerge(walk.network.subnets[node.subnet], after)
