"""What a walk comes to, written down as questions that are asked again for each flow that goes the same way."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import NamedTuple

from archtui.network.addresses import Address
from archtui.network.batch.rules import RuleSet, RuleSets, Unsure
from archtui.network.batch.watched import Traffic
from archtui.network.filters import Direction
from archtui.network.flow import Packet
from archtui.network.gateways import WAYS
from archtui.network.model import Interface, Listens, Nacl, Network, Subnet
from archtui.network.walk import Walk
from archtui.world.condition import Condition
from archtui.world.world import World


@dataclass(frozen=True, slots=True)
class Kind:
    """One end of a flow, and what it has in common with others."""

    interface: Interface | None
    address: Address | None
    """What is asked, or what is sent from."""
    addresses: tuple[Address | None, Address | None]
    """Its own and its public one."""
    alone: int
    """A number of its own."""
    alike: int
    """The number of all ends that nothing on the way tells from it."""


class Case(NamedTuple):
    """The ends and ports of one flow."""

    ends: tuple[Kind, Kind]
    traffic: tuple[Traffic, Traffic]
    """The protocol with the ports sent from, and with those asked."""


class Result:
    """What became of one flow on one course: an :class:`archtui.network.engine.Outcome`."""

    __slots__ = ("blockers", "choice", "done", "missing", "node", "sender")

    def __init__(self, done: bool, node: str = "", choice: str = "", sender: str = "") -> None:
        self.done, self.node, self.choice, self.sender = done, node, choice, sender
        self.blockers: dict[tuple[str, str], None] = {}
        self.missing: dict[str, None] = {}


class Mark(ABC):
    """Something that a walk came to."""

    @abstractmethod
    def apply(self, case: Case, result: Result) -> None:
        """Note what it means for one flow."""


@dataclass(slots=True, eq=False)
class Blocked(Mark):
    """A blocker whatever the flow; ``end`` says whose component it is, if it is one end's."""

    component: str
    code: str
    end: int

    def apply(self, case: Case, result: Result) -> None:
        """Note the blocker."""
        interface = case.ends[self.end].interface if self.end >= 0 else None
        result.blockers[(interface.component if interface else self.component, self.code)] = None


@dataclass(slots=True, eq=False)
class Lacking(Mark):
    """Something that is not known whatever the flow."""

    missing: str

    def apply(self, case: Case, result: Result) -> None:
        """Note what is missing."""
        result.missing[self.missing] = None


@dataclass(slots=True, eq=False)
class AtGroup(Mark):
    """The security groups of an interface are asked."""

    tables: Tables
    rules: dict[str, RuleSet]
    """Of interfaces, for the direction ``at``."""
    at: Direction
    interface: Interface
    end: int
    packet: Packet
    peer: Address
    whose: int
    """2 * end + place in :attr:`Kind.addresses` of the peer's address, if it is one end's."""
    ports: int
    """Place in :attr:`Case.traffic` of what the packet is, if it is the flow's own."""

    def apply(self, case: Case, result: Result) -> None:
        """Ask them about the flow's own ends and ports."""
        packet = self.packet
        interface = (case.ends[self.end].interface if self.end >= 0 else None) or self.interface
        peer = case.ends[self.whose >> 1].addresses[self.whose & 1] if self.whose >= 0 else None
        if peer is None:
            peer = self.peer
        traffic = case.traffic[self.ports] if self.ports >= 0 else (packet.protocol, packet.destination_ports)
        rules = self.rules.get(interface.id) or self.tables.rules.of(interface, self.at)
        try:
            refused = rules.refusal(peer, traffic, packet.icmp, packet.carried)
        except Unsure:
            probe = self.tables.probe()
            asked = _carrying(packet, traffic)._replace(source=peer, destination=peer)
            Walk.filter_group(probe, interface, asked, self.at)
            probe.tell(result)
            return
        if refused is not None:
            result.blockers[refused] = None


@dataclass(slots=True, eq=False)
class AtAcl(Mark):
    """The network ACL of a subnet is asked, which looks at the peer's address (alike for all flows) and at ports."""

    tables: Tables
    at: Direction
    subnet: Subnet
    packet: Packet
    ports: int
    known: dict[Traffic, Result]
    """The answers of the same entries, shared by all marks at which they are asked."""

    def apply(self, case: Case, result: Result) -> None:
        """Ask it about the flow's own ports."""
        packet = self.packet
        traffic = case.traffic[self.ports] if self.ports >= 0 else (packet.protocol, packet.destination_ports)
        said = self.known.get(traffic)
        if said is None:
            said = self.known[traffic] = Result(True)
            probe = self.tables.probe()
            Walk.filter_acl(probe, self.subnet, _carrying(packet, traffic), self.at)
            probe.tell(said)
        if said.blockers:
            result.blockers.update(said.blockers)
        elif said.missing:
            result.missing.update(said.missing)


@dataclass(slots=True, eq=False)
class AtListener(Mark):
    """A packet comes to something that answers on some ports alone."""

    tables: Tables
    interface: Interface
    end: int
    packet: Packet
    ports: int
    """Place in :attr:`Case.traffic` of what the packet is, if it is the flow's own."""

    def apply(self, case: Case, result: Result) -> None:
        """Look the flow's port up."""
        interface = (case.ends[self.end].interface if self.end >= 0 else None) or self.interface
        packet = self.packet
        traffic = case.traffic[self.ports] if self.ports >= 0 else (packet.protocol, packet.destination_ports)
        protocol, (low, high) = traffic
        answer = interface.answer
        assert isinstance(answer, Listens)
        if low == high and (protocol, low) in answer.ports:
            return
        probe = self.tables.probe()
        probe.listener(interface, answer, _carrying(packet, traffic))
        probe.tell(result)


def _carrying(packet: Packet, traffic: Traffic) -> Packet:
    return packet._replace(protocol=traffic[0], destination_ports=traffic[1])


class Tables:
    """What all courses of a network share."""

    def __init__(self, world: World, network: Network, condition: Condition) -> None:
        self.world, self.network, self.condition = world, network, condition
        self.rules = RuleSets(network)
        self._acls: dict[tuple[object, ...], dict[Traffic, Result]] = {}

    def probe(self) -> Probe:
        """Return a walk that asks one thing."""
        return Probe(self.world, self.network, self.condition, WAYS, None)

    def acl(self, nacl: Nacl, at: Direction, packet: Packet) -> dict[Traffic, Result]:
        """Return where the answers are kept of those entries of an ACL that hold a packet's peer."""
        peer = packet.source if at == "ingress" else packet.destination
        entries = nacl.ingress if at == "ingress" else nacl.egress
        holding = tuple([number for number, entry in enumerate(entries) if peer in entry.block])
        return self._acls.setdefault((nacl.id, at, packet.icmp, holding), {})


class Probe(Walk):
    """A walk that never starts: one filter is asked about one packet."""

    def listener(self, interface: Interface, answer: Listens, packet: Packet) -> None:
        """Ask what answers on some ports alone."""
        self._listener(interface, answer, packet)

    def deliver(self, interface: Interface, packet: Packet) -> None:
        """Go no further."""

    def tell(self, result: Result) -> None:
        """Add what was found."""
        result.blockers.update(self.blockers)
        result.missing.update(self.missing)
