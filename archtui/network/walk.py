"""The walk of a packet through the network, forward and back: the deciding core.

A walk notes every blocker and goes on as if it had not been there, as far as a continuation is well
defined, so that all settings that must change are found at once (the idea of CAV 2021, 'Debugging
Network Reachability with Blocked Paths'). With a recorder it also explains each decision; without
one it only decides.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from archtui.network import hosted
from archtui.network.addresses import MULTICAST, is_forwarded, is_internal, is_v6
from archtui.network.ends import takes_over
from archtui.network.filters import Direction
from archtui.network.flow import ANY
from archtui.network.model import (
    BLACKHOLE,
    LOCAL,
    Balances,
    Gateway,
    Host,
    Interface,
    Linked,
    Listens,
    Network,
    Peering,
    Premises,
    Route,
    RouteTable,
    Silent,
    Subnet,
    TransitAttachment,
    Translates,
    Undecided,
    Uplink,
)
from archtui.network.passing import pass_acl, pass_group, pass_outside
from archtui.network.routes import route_lookup
from archtui.network.walk_state import WalkState

if TYPE_CHECKING:
    from archtui.network.flow import Packet


@dataclass(frozen=True, slots=True)
class Ways:
    """What a walk hands packets to; given to it so that the walk itself knows no gateway."""

    gateway: Callable[[Walk, Gateway, Subnet, Packet], None]
    interface: Callable[[Walk, Interface, Subnet, Packet], None]
    peering_of: Callable[[Network, str, str], Peering | None]
    nat_reply: Callable[[Walk, Interface, str, Packet], None]
    instance_reply: Callable[[Walk, Interface, Packet], None]
    balancer: Callable[[Walk, Interface, str, Packet], None]
    target_reply: Callable[[Walk, Subnet, Interface, Packet], None]
    outside: Callable[[Walk, TransitAttachment, Packet], None]
    public_link: Callable[[Walk, Uplink, Packet], None]
    withdrawn: Callable[[Walk, Route], bool]
    node_leaves: Callable[[Walk, Interface, str, Packet], None]
    link: Callable[[Walk, Interface, str, Packet], None]
    masked: Callable[[Walk, Interface, Packet], None]


class Walk(WalkState):
    """One packet and its reply; forks where a balancer or equal routes offer several ways."""

    # -- forks ----------------------------------------------------------------------------------

    def blank(self) -> Walk:
        """Return a walk of the same kind that has not begun."""
        return Walk(
            self.world, self.network, self.condition, self.ways, self.recorder.copy() if self.recorder else None
        )

    def fork(self, choice: str) -> Walk:
        """Return a copy that goes its own way from here."""
        other = self.blank()
        other.blockers = dict(self.blockers)
        other.missing = dict(self.missing)
        other.origin, other.origin_address, other.asked = self.origin, self.origin_address, self.asked
        other.sender = self.sender
        other.origin_site, other.origin_name = self.origin_site, self.origin_name
        other.returning, other.delivered, other.seen, other.hops = (
            self.returning,
            self.delivered,
            self.seen,
            self.hops,
        )
        other.tracked = set(self.tracked)
        other.sessions = dict(self.sessions)
        other.nodes = dict(self.nodes)
        other.pretended = dict(self.pretended)
        other.states, other.kept, other.entered = dict(self.states), dict(self.kept), self.entered
        other.half_seen = dict(self.half_seen)
        other.node, other.choice = self.node, choice
        other.leaves = self.leaves
        return other

    def spread(self, ways: Sequence[tuple[str, Callable[[Walk], None]]]) -> None:
        """Go every way of ``ways`` (label, continuation); each becomes a leaf."""
        if len(ways) == 1:
            ways[0][1](self)
            return
        self.forked = True
        for label, go in ways:
            child = self.fork(label)
            go(child)
            if not child.forked:
                self.leaves.append(child)

    # -- interfaces -----------------------------------------------------------------------------

    def works(self, interface: Interface) -> bool:
        """Check that what owns the interface works; note it as a blocker otherwise."""
        why = interface.state
        if self.broken and not why:
            why = self.failed(interface.component, self.network.subnets[interface.subnet].zone)
            if why and self._promoted(interface):
                why = ""
            if not why and self.failed(interface.subnet):
                why = f"subnet {interface.subnet} is down"
            if not why and interface.machine != interface.component:
                why = self.failed(interface.machine)
        if why:
            self.block(interface.component, "BAD_STATE")
            if self.recorder:
                self.recorder.bad_state(interface.component, "interface", why)
        return not why

    def _promoted(self, interface: Interface) -> bool:
        """Whether the interface is the standby's of a component that is down, has taken over and works itself."""
        component, kind = interface.component, self.world.components[interface.component].kind.name
        if not takes_over(self.network, interface, self.condition) or kind in self.condition.services:
            return False
        rest = self.condition.with_mended(component)
        zone = self.network.subnets[interface.subnet].zone
        return not rest.part_down(component, zone) and not rest.is_down(self.world, component)

    def leave(self, interface: Interface, packet: Packet) -> None:
        """Let ``packet`` out of an interface: source check, security groups, then the subnet."""
        if not self._step():
            return
        self.works(interface)
        if not (self.returning or interface.opens):
            self.block(interface.component, "VPCE_INTRA_VPC_TRAFFIC")
            if self.recorder:
                self.recorder.opens_nothing(interface.component, packet)
        if not self.returning and self._from_amazon(interface, packet):
            return
        if interface.masked_by and not self.returning and self._goes_out(interface, packet):
            self.ways.masked(self, interface, packet)
            return
        if interface.source_dest_check and packet.source not in interface.addresses:
            self.block(interface.component, "ENI_SOURCE_DEST_CHECK_RESTRICTION")
            if self.recorder:
                self.recorder.source_check(interface, packet, "source")
        self.filter_group(interface, packet, "egress")
        if self.returning and self._by_balancer(interface, packet):
            return
        if isinstance(interface.answer, Balances):
            self.ways.node_leaves(self, interface, interface.answer.balancer, packet)
            return
        self.emerge(self.network.subnets[interface.subnet], packet)

    def _goes_out(self, interface: Interface, packet: Packet) -> bool:
        """Whether a packet is for an IPv4 address outside the VPC."""
        return not is_v6(packet.destination) and packet.destination not in self.network.vpcs[interface.vpc]

    def _from_amazon(self, interface: Interface, packet: Packet) -> bool:
        """Answer what the instance's own host answers: DNS, metadata, time; no filter sees it."""
        vpc = self.network.vpcs[interface.vpc]
        service = hosted.service_at(vpc, packet.destination)
        if service is None:
            return False
        self.delivered, self.seen = vpc.id, packet
        if service.dns and not vpc.resolver:
            self.block(vpc.id, "NO_POSSIBLE_DESTINATION")
            if self.recorder:
                self.recorder.silent(vpc.id, "NO_POSSIBLE_DESTINATION", f"DNS support is off in {vpc.id}", packet)
        elif (packet.protocol, packet.destination_ports[0]) in service.ports:
            self.done = True
            if self.recorder:
                self.recorder.hosted(vpc.id, service.name, packet)
        else:
            missing = f"what {service.name} answers beside its own ports"
            self.unknown(missing)
            if self.recorder:
                self.recorder.unknown(vpc.id, "interface", missing, packet)
        return True

    def _by_balancer(self, interface: Interface, packet: Packet) -> bool:
        """Take the answer of a target that saw the client's own address back to the balancer's node.

        AWS routes it by the connection, not by the route table: a target without any way to the client
        still answers (NLB guide, 'Client IP preservation'); the ACLs of the subnets count.
        """

        node = self.nodes.get((packet.source, packet.destination))
        if node is None:
            return False
        self.ways.target_reply(self, self.network.subnets[interface.subnet], self.network.interfaces[node], packet)
        return True

    def emerge(self, subnet: Subnet, packet: Packet) -> None:
        """Send ``packet`` on from inside ``subnet``: straight to a neighbour, or out of the subnet.

        Inside a subnet neither its ACL nor its route table plays a part (VPC User Guide, 'Network
        ACLs'; measured: 1.2 % of the probes).
        """
        to = packet.destination
        if subnet.block.first <= to <= subnet.block.last or (subnet.block6 is not None and to in subnet.block6):
            self.local(subnet.vpc, packet, subnet)
            return
        if not is_forwarded(packet.destination):
            if packet.destination in MULTICAST and self._multicast(subnet, packet):
                return
            self.block(subnet.vpc, "NO_POSSIBLE_DESTINATION")
            if self.recorder:
                self.recorder.nobody(subnet.vpc, packet)
            return
        self.filter_acl(subnet, packet, "egress")
        self.route(subnet, packet)

    def _multicast(self, subnet: Subnet, packet: Packet) -> bool:
        """Leave multicast open where the VPC has a transit gateway; no other part of AWS's networks carries it.

        Source: Amazon VPC FAQ and Transit Gateway guide, 'Multicast in AWS Transit Gateway'.
        """
        attached = [a for a in self.network.attachments.values() if a.vpc == subnet.vpc]
        if not attached:
            return False
        missing = f"the multicast domains of {attached[0].gateway}: they are not modelled"
        self.unknown(missing)
        if self.recorder:
            self.recorder.unknown(attached[0].gateway, "gateway", missing, packet)
        return True

    def filter_group(self, interface: Interface, packet: Packet, at: Direction) -> None:
        """Ask the security groups of an interface; replies of tracked connections pass."""
        pass_group(self, interface, packet, at)

    def filter_acl(self, subnet: Subnet, packet: Packet, at: Direction) -> None:
        """Ask the network ACL of a subnet whose edge the packet crosses."""
        pass_acl(self, subnet, packet, at)

    def filter_outside(self, site: Premises, packet: Packet, at: Direction) -> None:
        """Ask the firewall at the edge of a customer's site; it keeps state, so replies pass."""
        if not self.returning:
            pass_outside(self, site, packet, at)

    # -- routing --------------------------------------------------------------------------------

    def route(self, subnet: Subnet, packet: Packet) -> None:
        """Look the destination up in the subnet's route table and go where the row says."""
        if not self._step():
            return
        table = self.network.tables[subnet.table]
        row = route_lookup(table, packet.destination)
        if row is not None and row.origin == "propagated" and self.ways.withdrawn(self, row):
            row = route_lookup(table, packet.destination, partial(self.ways.withdrawn, self))
        if table.doubts and self._may_be_propagated(table, row, packet):
            return
        if row is not None and self.cut(table.id, row.target):
            row = Route(row.block, row.target, row.origin, False, row.component, row.path)
        if self.recorder:
            self.recorder.route(subnet, table, packet, row)
        if row is None:
            self.block(table.component, "NO_ROUTE_TO_DESTINATION")
            self._pretend_route(subnet, packet)
        elif row.target == BLACKHOLE or not row.active:
            self.block(table.component, "BAD_STATE_ROUTE")
        elif row.target == LOCAL:
            self.local(subnet.vpc, packet, subnet)
        else:
            self.forward(row.target, subnet, packet)

    def _may_be_propagated(self, table: RouteTable, row: Route | None, packet: Packet) -> bool:
        """Leave open what a gateway may have brought a row for that is not known.

        The VPC's own range is never in doubt, and public addresses are taken not to be: what a customer announces of
        them stands in the design.
        """
        if (row is not None and row.target == LOCAL) or not is_internal(packet.destination):
            return False
        doubts = [text for gateway, text in table.doubts if row is None or row.target != gateway]
        for doubt in doubts:
            self.unknown(doubt)
        if self.recorder and doubts:
            self.recorder.unknown(table.component, "route", "; ".join(doubts), packet)
        return bool(doubts)

    def _pretend_route(self, subnet: Subnet, packet: Packet) -> None:
        """Go on after a missing route where only one way is thinkable: a peering of the two VPCs."""

        for name in self.network.by_address.get(packet.destination, ()):
            peering = self.ways.peering_of(self.network, subnet.vpc, self.network.interfaces[name].vpc)
            if peering is not None:
                self.ways.gateway(self, peering, subnet, packet)
                return

    def forward(self, target: str, subnet: Subnet, packet: Packet) -> None:
        """Hand ``packet`` to the gateway, endpoint or interface ``target``."""

        gateway = self.network.gateways.get(target)
        if gateway is not None:
            self.ways.gateway(self, gateway, subnet, packet)
            return
        interfaces = self.network.of_component.get(target, ())
        name = target if target in self.network.interfaces else next(iter(interfaces), None)
        if name is not None:
            self.ways.interface(self, self.network.interfaces[name], subnet, packet)
            return
        missing = f"what {target} does with packets: this kind of route target is not modelled"
        self.unknown(missing)
        if self.recorder:
            self.recorder.unknown(target, "gateway", missing, packet)

    def local(self, vpc: str, packet: Packet, origin: Subnet | None) -> None:
        """Deliver inside ``vpc``; ``origin`` is the subnet the packet comes from, if it is in the VPC."""
        name = self.network.by_private.get((vpc, packet.destination))
        if name is None:
            self._nobody(vpc, packet)
            return
        interface = self.network.interfaces[name]
        subnet = self.network.subnets[interface.subnet]
        if origin is None or origin.id != subnet.id:
            self.filter_acl(subnet, packet, "ingress")
        self.arrive(interface, packet)

    def _nobody(self, vpc: str, packet: Packet) -> None:
        """Nothing here has the address; if a peered VPC that overlaps has it, the overlap is to blame."""
        there = {self.network.interfaces[name].vpc for name in self.network.by_address.get(packet.destination, ())}
        for gateway in self.network.gateways.values():
            if isinstance(gateway, Peering) and gateway.state and vpc in gateway.sides and there & set(gateway.sides):
                self.block(gateway.id, "BAD_STATE")
                if self.recorder:
                    self.recorder.bad_state(gateway.id, "gateway", gateway.state)
        self.block(vpc, "NO_POSSIBLE_DESTINATION")
        if self.recorder:
            self.recorder.nobody(vpc, packet)

    def arrive(self, interface: Interface, packet: Packet) -> None:
        """Let ``packet`` into an interface it is addressed to, and to what answers there."""

        if not self._step():
            return
        if not self.returning or interface is not self.origin:
            self.works(interface)
        self.filter_group(interface, packet, "ingress")
        if (
            self.returning
            and self.origin is not None
            and interface is self.origin
            and packet.destination == self.origin_address
            and not isinstance(interface.answer, Translates)
        ):
            self.finish(interface.component, packet)
            return
        answer = interface.answer
        if isinstance(answer, Translates):
            self.ways.nat_reply(self, interface, answer.nat, packet)
        elif isinstance(answer, Balances):
            self.ways.balancer(self, interface, answer.balancer, packet)
        elif isinstance(answer, Linked):
            self.ways.link(self, interface, answer.service, packet)
        elif self.returning and interface.id in self.sessions:
            self.ways.instance_reply(self, interface, packet)
        elif self.returning:
            self.block(interface.component, "NO_POSSIBLE_DESTINATION")
            if self.recorder:
                self.recorder.stray(interface.component, packet)
        elif isinstance(answer, Host):
            self.deliver(interface, packet)
        elif isinstance(answer, Listens):
            self._listener(interface, answer, packet)
        elif isinstance(answer, Silent):
            self.block(interface.component, answer.code)
            if self.recorder:
                self.recorder.silent(interface.component, answer.code, answer.why, packet)
        elif isinstance(answer, Undecided):
            self.unknown(answer.missing)
            if self.recorder:
                self.recorder.unknown(interface.component, "interface", answer.missing, packet)

    def _listener(self, interface: Interface, answer: Listens, packet: Packet) -> None:
        asked = (packet.protocol, packet.destination_ports[0])
        single = packet.destination_ports[0] == packet.destination_ports[1]
        if asked in answer.ports and single:
            self.deliver(interface, packet)
            return
        low, high = packet.destination_ports
        doubt = answer.ping if packet.protocol in packet.pings else answer.doubtful
        if packet.protocol == ANY or any(packet.protocol == key[0] and low <= key[1] <= high for key in answer.ports):
            doubt = f"which protocol and port is meant: {answer.what}"
        if doubt:
            self.unknown(doubt)
            if self.recorder:
                self.recorder.unknown(interface.component, "listener", doubt, packet)
        else:
            self.block(interface.component, answer.code)
            if self.recorder:
                self.recorder.silent(interface.component, answer.code, answer.what, packet)
        self.deliver(interface, packet)

    def finish(self, component: str, packet: Packet) -> None:
        """The reply is back; it must come from the address that was asked, past every firewall that keeps state.

        A firewall that does not see the replies of a TCP connection is not supported (Network Firewall guide,
        'Considerations for asymmetric routing'): what it does with the rest of the connection is not known.
        """
        self.done = True
        for (device, *_), bits in self.half_seen.items():
            missing = f"what {device} does with a connection of which it does not see the replies"
            self.leave_open(bits, missing)
            if bits and self.recorder:
                self.recorder.unknown(str(device), "firewall", missing, packet, "FIREWALL_ASYMMETRIC_ROUTING")
        if packet.source != self.asked:
            self.block(component, "REPLY_FROM_OTHER_ADDRESS")
            if self.recorder:
                self.recorder.foreign_reply(component, self.asked, packet)
        elif self.recorder:
            self.recorder.returned(component, packet)

    # -- ends -----------------------------------------------------------------------------------

    def deliver(self, interface: Interface, packet: Packet) -> None:
        """The packet has arrived: note what its receiver sees and send the reply."""
        self.delivered, self.seen = interface.component, packet
        if self.recorder:
            self.recorder.delivered(interface.component, packet)
            self.recorder.turn()
        self.returning = True
        self.leave(interface, packet.reply())

    def deliver_outside(self, component: str, packet: Packet, reply: Callable[[Packet], None]) -> None:
        """The packet has left AWS or reached a public service; ``reply`` takes the answer."""
        self.delivered, self.seen = component, packet
        if self.recorder:
            self.recorder.delivered(component, packet)
            self.recorder.turn()
        self.returning = True
        reply(packet.reply())
