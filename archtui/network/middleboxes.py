"""What instances do with packets for others: NAT instances, routers and firewalls that routes lead to."""

from __future__ import annotations

from archtui.network.addresses import is_v6
from archtui.network.flow import EPHEMERAL, Packet
from archtui.network.inspection import CARRIED, examine
from archtui.network.model import Host, Interface, Subnet, Undecided
from archtui.network.walk import Walk


def of_other_vpc(walk: Walk, target: str, subnet: Subnet) -> None:
    """A route names a NAT gateway or interface of another VPC, which AWS does not take (VPC User Guide,
    'Route table concepts': targets are of the table's own VPC)."""
    walk.block(target, "BAD_STATE_ATTACHMENT")
    if walk.recorder:
        walk.recorder.detached(target, subnet.vpc)


def through_interface(walk: Walk, interface: Interface, subnet: Subnet, packet: Packet) -> None:
    """A route that names an instance or interface: it must be willing to take what is not for it.

    Sources: VPC User Guide, 'NAT instances' (source/destination check) and 'Middlebox routing'.
    """
    home = walk.network.subnets[interface.subnet]
    if home.vpc != subnet.vpc:
        of_other_vpc(walk, interface.component, subnet)
        return
    if home.id != subnet.id:
        walk.filter_acl(home, packet, "ingress")
    walk.works(interface)
    if interface.source_dest_check:
        walk.block(interface.component, "ENI_SOURCE_DEST_CHECK_RESTRICTION")
        if walk.recorder:
            walk.recorder.source_check(interface, packet, "destination")
    walk.filter_group(interface, packet, "ingress")
    answer = interface.answer
    if isinstance(answer, Host) and answer.forwards == "nat" and not is_v6(packet.destination):
        _translate(walk, interface, packet)
    elif isinstance(answer, Host) and answer.forwards == "route":
        examine(walk, interface.machine, interface.component, answer.policy, packet)
        _forward(walk, interface, packet)
    else:
        missing = f"what {interface.component} does with packets for others (it is a route target)"
        if isinstance(answer, Undecided):
            missing = answer.missing
        _unknown(walk, interface, missing, packet)


def _unknown(walk: Walk, interface: Interface, missing: str, packet: Packet) -> None:
    walk.unknown(missing)
    if walk.recorder:
        walk.recorder.unknown(interface.component, "interface", missing, packet)


def _translate(walk: Walk, interface: Interface, packet: Packet) -> None:
    after = packet._replace(source=interface.addresses[0], source_ports=EPHEMERAL, carried="vpc")
    walk.sessions[interface.id] = (packet, after)
    if walk.recorder:
        walk.recorder.nat(interface.component, packet, after)
    walk.leave(interface, after)


def behind_host(walk: Walk, interface: Interface, packet: Packet) -> None:
    """Let a container's connection out of the VPC with its host's primary address, by the host's primary interface.

    Source: Amazon EKS User Guide, 'Enable outbound internet access for Pods'. The interface's groups and public address
    count, and its subnet's route table.
    """
    host = next(
        (walk.network.interfaces[name] for name in walk.network.of_component.get(interface.masked_by, ())), None
    )
    if host is None or host.masked_by or not host.addresses or is_v6(host.addresses[0]):
        missing = f"the primary IPv4 address of {interface.masked_by}, by which {interface.component} leaves the VPC"
        _unknown(walk, interface, missing, packet)
        return
    after = packet._replace(source=host.addresses[0], source_ports=EPHEMERAL, carried="vpc")
    walk.sessions[host.id] = (packet, after)
    if walk.recorder:
        walk.recorder.masked(interface, host, packet, after)
    walk.leave(host, after)


def _forward(walk: Walk, interface: Interface, packet: Packet) -> None:
    """Send a packet on unchanged; of several interfaces the one in the destination's subnet is sure."""
    siblings = [item for item in walk.network.interfaces.values() if item.machine == interface.machine]
    out = interface
    if len(siblings) > 1:
        near = [i for i in siblings if packet.destination in walk.network.subnets[i.subnet]]
        if len(near) != 1:
            names = ", ".join(item.id for item in siblings)
            missing = f"by which of its interfaces ({names}) {interface.component} sends packets on"
            _unknown(walk, interface, missing, packet)
            return
        out = near[0]
    after = packet._replace(carried=CARRIED)
    if walk.recorder:
        walk.recorder.forwarded(interface.component, after)
    walk.leave(out, after)


def instance_reply(walk: Walk, interface: Interface, packet: Packet) -> None:
    """The reply of a connection that a NAT instance opened for another, or a host for a container of its own."""
    before, _ = walk.sessions[interface.id]
    after = packet._replace(destination=before.source, destination_ports=before.source_ports, carried="vpc")
    if walk.recorder:
        walk.recorder.nat_reply(interface.component, packet, after)
    origin = walk.origin
    if origin and origin.masked_by and origin.machine == interface.machine and walk.origin_address == before.source:
        walk.finish(origin.component, after)
        return
    walk.filter_group(interface, after, "egress")
    walk.emerge(walk.network.subnets[interface.subnet], after)
