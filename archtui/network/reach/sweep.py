"""A walk for all protocols and ports at once: the deciding core, asked a set of questions.

The way of a packet depends on addresses; protocols and ports only decide whether a filter or a listener lets it
pass. So one :class:`Sweep` carries a set of atoms along the way of one pair of ends and takes out what is
stopped. What a security group at either end says is not asked but noted as a :class:`Question`, because it is
the only thing that differs between ends that are otherwise alike.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass, replace
from typing import Final

from archtui.network import hosted
from archtui.network.addresses import NAT64, Address
from archtui.network.balancers import at_balancer
from archtui.network.ends import End
from archtui.network.engine import send
from archtui.network.filters import Direction, decide_acl
from archtui.network.flow import ICMP, Flow, Packet, PortRange
from archtui.network.gateways import WAYS
from archtui.network.model import Interface, Listens, Nacl, Network, NodeListener, Premises, Subnet
from archtui.network.policies import FlowRule
from archtui.network.reach.atoms import ASKED, Atoms, Bits
from archtui.network.reach.groups import Groups, Question, Role
from archtui.network.reach.sites import way_signatures
from archtui.network.walk import Walk
from archtui.world.condition import Condition
from archtui.world.world import World


@dataclass(frozen=True, slots=True)
class Leaf:
    """One way of a pair of ends, with the atoms that go it."""

    node: str
    part: Bits
    """Which atoms take this way."""
    open: Bits
    """What comes back, were it not for the questions."""
    doubt: Bits
    """Of that, what cannot be decided."""
    arrived: Bits
    """What surely arrives."""
    questions: tuple[Question, ...]
    back: int
    """How many of the questions come before the reply."""


class _Over(Exception):  # noqa: N818 -- no error: nothing is left on this way
    """Nothing is left on this way."""


class Tables:
    """What all sweeps of a network share."""

    def __init__(self, world: World, network: Network, condition: Condition) -> None:
        self.world, self.network, self.condition = world, network, condition
        self.atoms = Atoms(network)
        self.groups = Groups(network, self.atoms)
        self.signatures = way_signatures(network)
        self._acls: dict[tuple[str, Direction, int, PortRange, tuple[int, int]], tuple[Bits, Bits]] = {}

    def acl(self, nacl: Nacl, packet: Packet, at: Direction) -> tuple[Bits, Bits]:
        """Return what an ACL does with packets like ``packet``: (it lets all pass, it lets a part pass)."""
        peer = packet.source if at == "ingress" else packet.destination
        key = (nacl.id, at, self.signatures.of(peer), packet.destination_ports, packet.icmp)
        known = self._acls.get(key)
        if known is None:
            known = self._acls[key] = self._decide(nacl, packet, at, peer)
        return known

    def _decide(self, nacl: Nacl, packet: Packet, at: Direction, peer: Address) -> tuple[Bits, Bits]:
        """The first entry that takes an atom decides about it, as in :func:`filters.decide_acl`, which is asked
        itself where an entry takes a part of a range of ports."""
        left, passing = self.atoms.all, 0
        for entry in nacl.ingress if at == "ingress" else nacl.egress:
            if peer in entry.block:
                whole, part = self.atoms.matching(
                    entry.protocol, entry.ports, entry.icmp, packet.destination_ports, packet.icmp
                )
                if part & left:
                    return self._ranged(nacl, packet, at)
                passing |= left & whole if entry.allow else 0
                left &= ~whole
                if not left:
                    break
        return passing, 0

    def _ranged(self, nacl: Nacl, packet: Packet, at: Direction) -> tuple[Bits, Bits]:
        passing = partly = 0
        for protocol in self.atoms.protocols:
            asked = packet.pings[-1] if protocol == ICMP else protocol
            decision = decide_acl(nacl, packet._replace(protocol=asked), at)
            if decision.passes:
                passing |= self.atoms.of((protocol,))
            elif not decision.drops:
                partly |= self.atoms.of((protocol,))
        return passing, partly


class Sweep(Walk):
    """A walk that carries a set of atoms instead of one packet."""

    def __init__(self, tables: Tables, goal: Interface | None, goal_address: Address | None = None) -> None:
        super().__init__(tables.world, tables.network, tables.condition, _SWEEPING, None)
        self.tables = tables
        self.goal, self.goal_address = goal, goal_address
        self.touched = False
        """Whether anything was asked that only the target's own place decides."""
        self.part = self.open = tables.atoms.all
        self.doubt: Bits = 0
        self.arrived: Bits = 0
        self.questions: list[Question] = []
        self.forth = 0
        self.named: PortRange | None = None
        """The port that is asked, once a listener has told the atoms apart."""

    def blank(self) -> Sweep:
        """Return a sweep to the same goal that has not begun."""
        return Sweep(self.tables, self.goal, self.goal_address)

    def fork(self, choice: str) -> Sweep:
        """Return a copy that goes its own way from here."""
        other = super().fork(choice)
        assert isinstance(other, Sweep)
        other.touched, other.part, other.open, other.doubt = self.touched, self.part, self.open, self.doubt
        other.arrived, other.questions, other.forth = self.arrived, list(self.questions), self.forth
        other.named = self.named
        return other

    def spread(self, ways: Sequence[tuple[str, Callable[[Walk], None]]]) -> None:
        """Go every way; one that ends before the reply is back ends alone."""
        if len(ways) == 1:
            ways[0][1](self)
            return
        self.forked = True
        for label, go in ways:
            child = self.fork(label)
            try:
                go(child)
            except _Over:
                child.open = 0
            if not child.forked:
                self.leaves.append(child)

    def start(self, source: End, target: str, address: Address | None) -> list[Leaf]:
        """Send all atoms and return the ways they go."""
        try:
            send(self, Flow(source.name, target, port=ASKED[0]), source, address)
        except _Over:
            self.open = 0
        ways = [leaf for leaf in (self.leaves if self.forked else [self]) if isinstance(leaf, Sweep)]
        self.touched = any(way.touched for way in ways)
        return [way.leaf() for way in ways]

    def leaf(self) -> Leaf:
        """Return what this way came to."""
        doubt = self.doubt & self.open if self.done else self.open
        forth = self.forth if self.returning else len(self.questions)
        return Leaf(self.node, self.part, self.open, doubt, self.arrived, tuple(self.questions), forth)

    # -- taking atoms out -----------------------------------------------------------------------

    def keep(self, bits: Bits) -> None:
        """Stop all atoms but ``bits``."""
        self.open &= bits
        if not self.open:
            raise _Over

    def narrow(self, bits: Bits) -> None:
        """Follow ``bits`` alone from here; the others go another way."""
        self.part &= bits
        self.doubt &= bits
        self.arrived &= bits
        self.keep(bits)

    def block(self, component: str, code: str) -> None:
        """Stop all atoms."""
        raise _Over

    def unknown(self, missing: str) -> None:
        """Leave all atoms undecided."""
        self.doubt |= self.open

    def asks(self, packet: Packet, protocols: Container[int], ports: Container[tuple[int, int]] = ()) -> bool:
        """Stop the atoms of other protocols and ports; say whether any is left."""
        listed = ports if isinstance(ports, frozenset) else frozenset[tuple[int, int]]()
        atoms = self.tables.atoms
        self.open &= atoms.of(protocols) | atoms.listening(listed, packet.destination_ports)
        return bool(self.open)

    @property
    def everything(self) -> Bits:
        """What a firewall is asked about: all that is left."""
        return self.open

    def takes(self, rule: FlowRule, packet: Packet) -> tuple[Bits, Bits]:
        """Return the atoms that a firewall's rule takes: (wholly, partly)."""
        atoms = self.tables.atoms
        ways = [(packet.source, packet.destination, packet.source_ports, packet.destination_ports)]
        if rule.both_ways:
            ways.append((packet.destination, packet.source, packet.destination_ports, packet.source_ports))
        whole = part = 0
        for source, destination, sending, receiving in ways:
            if rule.holds(source, destination):
                sent = atoms.inside(rule.protocols, rule.source_ports, sending)
                received = atoms.inside(rule.protocols, rule.ports, receiving)
                whole |= sent[0] & received[0]
                part |= (sent[0] | sent[1]) & (received[0] | received[1])
        return whole, part & ~whole

    def of_protocols(self, packet: Packet, protocols: Container[int]) -> Bits:
        """Return the atoms of the protocols."""
        return self.tables.atoms.of(protocols)

    def stop(self, bits: Bits, component: str, code: str) -> None:
        """Stop some atoms."""
        self.keep(~bits)

    def leave_open(self, bits: Bits, missing: str) -> None:
        """Leave some atoms undecided."""
        self.doubt |= bits & self.open

    # -- what protocols and ports decide --------------------------------------------------------

    def filter_acl(self, subnet: Subnet, packet: Packet, at: Direction) -> None:
        """Stop what the ACL of a subnet drops."""
        if (subnet.nacl, at) in self.network.open_acls:
            return
        passing, partly = self.tables.acl(self.network.nacls[subnet.nacl], packet, at)
        self.keep(passing | partly)
        self.doubt |= partly & self.open

    def filter_outside(self, site: Premises, packet: Packet, at: Direction) -> None:
        """Stop what the firewall of a customer's site drops."""
        if self.returning:
            return
        passing, partly = self.tables.acl(self.network.nacls[site.firewall], packet, at)
        self.keep(passing | partly)
        self.doubt |= partly & self.open

    def filter_group(self, interface: Interface, packet: Packet, at: Direction) -> None:
        """Note what the security groups of an interface are asked; replies of tracked connections pass."""
        if interface.groups is None:
            return
        source_ports, destination_ports = self._plain(packet.source_ports), self._plain(packet.destination_ports)
        ends = (packet.source, packet.destination)
        if self.returning and (interface.id, ends[1], ends[0], 0, destination_ports, source_ports) in self.tracked:
            return
        self.tracked.add((interface.id, *ends, 0, source_ports, destination_ports))
        peer = self._role(packet.source if at == "ingress" else packet.destination)
        who = self._who(interface)
        carried = packet.carried if at == "ingress" else "vpc"
        question = Question(who, at, peer, carried, packet.destination_ports, packet.icmp)
        if who == interface.id and isinstance(peer, int):
            whole, doubt = self.tables.groups.one(interface, question, peer)
            self.keep(whole | doubt)
            self.doubt |= doubt & self.open
            return
        self.questions.append(question)

    def _plain(self, ports: PortRange) -> PortRange:
        """A connection is the same before and after a listener has told its port."""
        return ASKED if ports == self.named else ports

    def _who(self, interface: Interface) -> str:
        if self.origin is not None and interface.id == self.origin.id:
            return "source"
        return "target" if self.goal is not None and interface.id == self.goal.id else interface.id

    def _role(self, address: Address) -> Role | Address:
        if address == self.origin_address:
            return "source"
        if self.goal is not None and address == self.goal_address:
            return "target"
        if address == self.asked and address in NAT64:
            return address
        if self.origin is not None and address == self.origin.publics.get(self.origin_address):
            return "source public"
        if address == self.asked:
            return "target public" if self.goal is not None else "target"
        return address

    def _listener(self, interface: Interface, answer: Listens, packet: Packet) -> None:
        atoms = self.tables.atoms
        listening = atoms.listening(answer.ports, packet.destination_ports)
        pings = atoms.of(packet.pings)
        doubtful = (pings if answer.ping else 0) | (atoms.all & ~pings if answer.doubtful else 0)
        self.keep(listening | doubtful)
        self.doubt |= doubtful & ~listening & self.open
        self.deliver(interface, packet)

    def _from_amazon(self, interface: Interface, packet: Packet) -> bool:
        vpc = self.network.vpcs[interface.vpc]
        service = hosted.service_at(vpc, packet.destination)
        if service is None:
            return False
        if service.dns and not vpc.resolver:
            raise _Over
        self.doubt |= self.open & ~self.tables.atoms.listening(service.ports, packet.destination_ports)
        self.done = True
        return True

    # -- the way --------------------------------------------------------------------------------

    def comes_to(self, vpc: str) -> None:
        """In the target's VPC its own place counts."""
        if self.goal is not None and vpc == self.goal.vpc:
            self.touched = True

    def emerge(self, subnet: Subnet, packet: Packet) -> None:
        """Send on from inside a subnet; in the target's VPC the target's own place counts."""
        self.comes_to(subnet.vpc)
        super().emerge(subnet, packet)

    def local(self, vpc: str, packet: Packet, origin: Subnet | None) -> None:
        """Deliver inside a VPC; in the target's own its place counts."""
        self.comes_to(vpc)
        super().local(vpc, packet, origin)

    def _nobody(self, vpc: str, packet: Packet) -> None:
        raise _Over

    def deliver(self, interface: Interface, packet: Packet) -> None:
        """Note what arrives, and turn."""
        self.arrived, self.forth = self.open & ~self.doubt, len(self.questions)
        super().deliver(interface, packet)

    def deliver_outside(self, component: str, packet: Packet, reply: Callable[[Packet], None]) -> None:
        """Note what arrives, and turn."""
        self.arrived, self.forth = self.open & ~self.doubt, len(self.questions)
        super().deliver_outside(component, packet, reply)


class _ToListener:
    """Go on with the atoms of one listener, its protocol and port now known."""

    def __init__(self, node: Interface, name: str, packet: Packet, listener: NodeListener, bits: Bits) -> None:
        self.node, self.name, self.packet, self.listener, self.bits = node, name, packet, listener, bits

    def __call__(self, walk: Walk) -> None:
        assert isinstance(walk, Sweep)
        walk.narrow(self.bits)
        port = self.listener.port
        walk.named = (port, port)
        known = self.packet._replace(destination_ports=walk.named)
        at_balancer(walk, self.node, self.name, known._replace(protocol=self.listener.protocol))


class _NoListener:
    """The atoms that no listener takes."""

    def __init__(self, bits: Bits) -> None:
        self.bits = bits

    def __call__(self, walk: Walk) -> None:
        assert isinstance(walk, Sweep)
        walk.narrow(self.bits)
        raise _Over


def _at_balancer(walk: Walk, node: Interface, name: str, packet: Packet) -> None:
    """Tell the atoms apart by listener where a packet comes to a balancer's node."""
    assert isinstance(walk, Sweep)
    if packet.destination_ports != ASKED:
        at_balancer(walk, node, name, packet)
        return
    left = walk.tables.atoms.all
    ways: list[tuple[str, Callable[[Walk], None]]] = []
    for listener in walk.network.balancers[name].listeners:
        bits = left & walk.tables.atoms.bit(listener.protocol, listener.port)
        if bits:
            ways.append((str(listener.port), _ToListener(node, name, packet, listener, bits)))
            left &= ~bits
    ways.append(("", _NoListener(left)))
    walk.spread(ways)


_SWEEPING: Final = replace(WAYS, balancer=_at_balancer)
