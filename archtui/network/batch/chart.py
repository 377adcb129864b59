"""One walk for many flows: what it asks filters is written down, to be asked again for each flow.

The way of a packet depends on where it starts and ends and on its protocol, hardly ever on its ports; and what a
filter says is noted as a blocker, the walk goes on all the same. So one walk stands for all flows between ends
that nothing on the way tells apart. It is written down as a :class:`Course`, a list of marks. Ports are
:class:`Watched` while it is made: where something looks at them, the course holds for these ports alone.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple, SupportsIndex, TypeAlias

from archtui.network.addresses import Address
from archtui.network.batch.rules import RuleSet, RuleSets, Unsure
from archtui.network.filters import Direction
from archtui.network.flow import Packet, PortRange
from archtui.network.gateways import WAYS
from archtui.network.model import Interface, Listens, Nacl, Network, Premises, Subnet
from archtui.network.walk import Walk
from archtui.world.condition import Condition
from archtui.world.world import World

SOURCE, TARGET = 0, 1
"""Places of the ends in :attr:`Case.ends`."""
SENT, ASKED = 0, 1
"""Places of the ports in :attr:`Case.ports`."""
_FIXED: Final = -1

Connection: TypeAlias = tuple[str, Address, Address, int, PortRange, PortRange]
"""What a security group remembers: interface, source, destination, protocol, ports sent from, ports sent to."""


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
    ports: tuple[PortRange, PortRange]
    """Sent from and asked."""


class Result:
    """What became of one flow on one course: an :class:`archtui.network.engine.Outcome`."""

    __slots__ = ("blockers", "choice", "done", "missing", "node", "origin_address")

    def __init__(self, done: bool, node: str = "", choice: str = "", origin_address: Address = 0) -> None:
        self.done, self.node, self.choice, self.origin_address = done, node, choice, origin_address
        self.blockers: dict[tuple[str, str], None] = {}
        self.missing: dict[str, None] = {}


class Mark(ABC):
    """Something that a walk came to."""

    @abstractmethod
    def apply(self, case: Case, result: Result) -> None:
        """Note what it means for one flow."""


@dataclass(frozen=True, slots=True)
class Course:
    """One way that flows take, with all it comes to."""

    marks: tuple[Mark, ...]
    done: bool
    choice: str
    texts: tuple[str, ...]
    """What it says in its own words; where that names an end, it holds for that end alone."""

    def result(self, case: Case, node: str, origin: Address) -> Result:
        """Return what becomes of one flow."""
        result = Result(self.done, node, self.choice, origin)
        for mark in self.marks:
            mark.apply(case, result)
        return result


# -- marks ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Blocked(Mark):
    """A blocker whatever the flow; ``end`` says whose component it is, if it is one end's."""

    component: str
    code: str
    end: int

    def apply(self, case: Case, result: Result) -> None:
        """Note the blocker."""
        interface = case.ends[self.end].interface if self.end >= 0 else None
        result.blockers[(interface.component if interface else self.component, self.code)] = None


@dataclass(frozen=True, slots=True)
class Lacking(Mark):
    """Something that is not known whatever the flow."""

    missing: str

    def apply(self, case: Case, result: Result) -> None:
        """Note what is missing."""
        result.missing[self.missing] = None


@dataclass(frozen=True, slots=True)
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

    def apply(self, case: Case, result: Result) -> None:
        """Ask them about the flow's own ends and ports."""
        packet = self.packet
        interface = (case.ends[self.end].interface if self.end >= 0 else None) or self.interface
        peer = case.ends[self.whose >> 1].addresses[self.whose & 1] if self.whose >= 0 else None
        if peer is None:
            peer = self.peer
        ports = case.ports[self.ports] if self.ports >= 0 else packet.destination_ports
        rules = self.rules.get(interface.id) or self.tables.rules.of(interface, self.at)
        try:
            refused = rules.refusal(peer, packet.protocol, ports, packet.icmp, packet.carried)
        except Unsure:
            probe = self.tables.probe()
            asked = packet._replace(source=peer, destination=peer, destination_ports=ports)
            Walk.filter_group(probe, interface, asked, self.at)
            probe.tell(result)
            return
        if refused is not None:
            result.blockers[refused] = None


@dataclass(frozen=True, slots=True)
class AtAcl(Mark):
    """The network ACL of a subnet is asked, which looks at the peer's address (alike for all flows) and at ports."""

    tables: Tables
    at: Direction
    subnet: Subnet
    packet: Packet
    ports: int
    known: dict[PortRange, Result]
    """The answers of the same entries, shared by all marks at which they are asked."""

    def apply(self, case: Case, result: Result) -> None:
        """Ask it about the flow's own ports."""
        ports = case.ports[self.ports] if self.ports >= 0 else self.packet.destination_ports
        said = self.known.get(ports)
        if said is None:
            said = self.known[ports] = Result(True)
            probe = self.tables.probe()
            Walk.filter_acl(probe, self.subnet, self.packet._replace(destination_ports=ports), self.at)
            probe.tell(said)
        if said.blockers:
            result.blockers.update(said.blockers)
        elif said.missing:
            result.missing.update(said.missing)


@dataclass(frozen=True, slots=True)
class AtListener(Mark):
    """A packet comes to something that answers on some ports alone."""

    tables: Tables
    interface: Interface
    end: int
    packet: Packet
    ports: int

    def apply(self, case: Case, result: Result) -> None:
        """Look the flow's port up."""
        interface = (case.ends[self.end].interface if self.end >= 0 else None) or self.interface
        ports = case.ports[self.ports] if self.ports >= 0 else self.packet.destination_ports
        answer = interface.answer
        assert isinstance(answer, Listens)
        if ports[0] == ports[1] and (self.packet.protocol, ports[0]) in answer.ports:
            return
        probe = self.tables.probe()
        probe.listener(interface, answer, self.packet._replace(destination_ports=ports))
        probe.tell(result)


# -- making a course ------------------------------------------------------------------------------


class Watched(tuple[int, int]):
    """A range of ports that tells when someone looks at it. Handing it on is not looking."""

    look: Callable[[], None]

    def __eq__(self, other: object) -> bool:
        if other is self:
            return True
        self.look()
        return super().__eq__(other)

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        self.look()
        return super().__hash__()

    def __iter__(self) -> Iterator[int]:
        self.look()
        return super().__iter__()

    def __getitem__(self, index: SupportsIndex | slice) -> int | tuple[int, ...]:  # type: ignore[override]
        self.look()
        return super().__getitem__(index)

    def __lt__(self, other: tuple[int, ...]) -> bool:
        self.look()
        return super().__lt__(other)

    def __le__(self, other: tuple[int, ...]) -> bool:
        self.look()
        return super().__le__(other)

    def __gt__(self, other: tuple[int, ...]) -> bool:
        self.look()
        return super().__gt__(other)

    def __ge__(self, other: tuple[int, ...]) -> bool:
        self.look()
        return super().__ge__(other)

    def __contains__(self, key: object) -> bool:
        self.look()
        return super().__contains__(key)


class Looks:
    """The ports of a flow, watched: which of them the walk looked at."""

    def __init__(self, ports: tuple[PortRange, PortRange]) -> None:
        self.seen = [False, False]
        self.ports = (self._watched(ports[SENT], SENT), self._watched(ports[ASKED], ASKED))
        self.plain = ports

    def _watched(self, ports: PortRange, place: int) -> Watched:
        found = Watched(ports)
        found.look = lambda: self.seen.__setitem__(place, True)
        return found

    def place(self, ports: PortRange) -> int:
        """Return which of the flow's ports these are, -1 for others."""
        return SENT if ports is self.ports[SENT] else ASKED if ports is self.ports[ASKED] else _FIXED

    def name(self, ports: PortRange) -> PortRange:
        """Return ports that nobody watches: the flow's own by numbers that no port has."""
        place = self.place(ports)
        return ports if place < 0 else (~place, ~place)

    def told(self, ports: PortRange) -> PortRange:
        """Return the ports of a name."""
        return ports if ports[0] >= 0 else self.plain[~ports[0]]

    def packet(self, packet: Packet) -> Packet:
        """Return a packet whose ports nobody watches."""
        source, destination, protocol, sent, asked, icmp, carried = packet
        sent, asked = (ports if (place := self.place(ports)) < 0 else self.plain[place] for ports in (sent, asked))
        return Packet(source, destination, protocol, sent, asked, icmp, carried)


class Tables:
    """What all courses of a network share."""

    def __init__(self, world: World, network: Network, condition: Condition) -> None:
        self.world, self.network, self.condition = world, network, condition
        self.rules = RuleSets(network)
        self._acls: dict[tuple[object, ...], dict[PortRange, Result]] = {}

    def probe(self) -> Probe:
        """Return a walk that asks one thing."""
        return Probe(self.world, self.network, self.condition, WAYS, None)

    def acl(self, nacl: Nacl, at: Direction, packet: Packet) -> dict[PortRange, Result]:
        """Return where the answers are kept of those entries of an ACL that hold a packet's peer."""
        peer = packet.source if at == "ingress" else packet.destination
        entries = nacl.ingress if at == "ingress" else nacl.egress
        holding = tuple([number for number, entry in enumerate(entries) if peer in entry.block])
        return self._acls.setdefault((nacl.id, at, packet.protocol, packet.icmp, holding), {})


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


class Charting(Walk):
    """A walk that writes down what it comes to, filters as questions."""

    def __init__(self, tables: Tables, case: Case, looks: Looks) -> None:
        super().__init__(tables.world, tables.network, tables.condition, WAYS, None)
        self.tables, self.case, self.looks = tables, case, looks
        self.marks: list[Mark] = []

    def blank(self) -> Charting:
        """Return a walk of the same flow that has not begun."""
        return Charting(self.tables, self.case, self.looks)

    def fork(self, choice: str) -> Charting:
        """Return a copy that goes its own way from here."""
        other = super().fork(choice)
        assert isinstance(other, Charting)
        other.marks = list(self.marks)
        return other

    def course(self) -> Course:
        """Return what was written down."""
        return Course(tuple(self.marks), self.done, self.choice, (self.choice, *self.missing))

    def block(self, component: str, code: str) -> None:
        """Note a blocker."""
        super().block(component, code)
        named = (kind.interface is not None and kind.interface.component == component for kind in self.case.ends)
        self.marks.append(Blocked(component, code, next((end for end, same in enumerate(named) if same), _FIXED)))

    def unknown(self, missing: str) -> None:
        """Note what is missing."""
        super().unknown(missing)
        self.marks.append(Lacking(missing))

    def filter_group(self, interface: Interface, packet: Packet, at: Direction) -> None:
        """Write down what the security groups are asked; replies of tracked connections pass."""
        if interface.groups is None or (self.returning and self._is_reply(interface, packet)):
            return
        self.tracked.add(self._connection(interface, packet))
        peer = packet.source if at == "ingress" else packet.destination
        here, there = self.case.ends
        addresses = (*here.addresses, *there.addresses)
        whose = addresses.index(peer) if peer in addresses else _FIXED
        plain, ports = self.looks.packet(packet), self.looks.place(packet.destination_ports)
        rules = self.tables.rules.known[at]
        self.marks.append(AtGroup(self.tables, rules, at, interface, self._end(interface), plain, peer, whose, ports))

    def _is_reply(self, interface: Interface, packet: Packet) -> bool:
        """Whether the groups have let the connection of a packet pass before.

        Ports that come from the flow itself are the same for every flow; where others would have to be compared
        with them, the course holds for this flow's ports alone.
        """
        _, source, destination, protocol, sent, asked = self._connection(interface, packet)
        if (interface.id, destination, source, protocol, asked, sent) in self.tracked:
            return True
        plain = (self.looks.told(asked), self.looks.told(sent))
        for known in self.tracked:
            if known[:4] == (interface.id, destination, source, protocol):
                self.looks.seen[:] = [True, True]
                if (self.looks.told(known[4]), self.looks.told(known[5])) == plain:
                    return True
        return False

    def _connection(
        self, interface: Interface, packet: Packet
    ) -> tuple[str, Address, Address, int, PortRange, PortRange]:
        """Return what a connection is known by; the flow's own ports by where they come from."""
        sent, asked = self.looks.name(packet.source_ports), self.looks.name(packet.destination_ports)
        return interface.id, packet.source, packet.destination, packet.protocol, sent, asked

    def filter_acl(self, subnet: Subnet, packet: Packet, at: Direction) -> None:
        """Write down what the ACL of a subnet is asked."""
        if (subnet.nacl, at) in self.network.open_acls:
            return
        known = self.tables.acl(self.network.nacls[subnet.nacl], at, packet)
        plain, ports = self.looks.packet(packet), self.looks.place(packet.destination_ports)
        self.marks.append(AtAcl(self.tables, at, subnet, plain, ports, known))

    def filter_outside(self, site: Premises, packet: Packet, at: Direction) -> None:
        """Ask the firewall of a customer's site; the course holds for this flow's ports alone."""
        self.looks.seen[:] = [True, True]
        super().filter_outside(site, self.looks.packet(packet), at)

    def _listener(self, interface: Interface, answer: Listens, packet: Packet) -> None:
        plain, ports = self.looks.packet(packet), self.looks.place(packet.destination_ports)
        self.marks.append(AtListener(self.tables, interface, self._end(interface), plain, ports))
        self.deliver(interface, packet)

    def _end(self, interface: Interface) -> int:
        """Return which end of the flow an interface is, -1 for neither."""
        here, there = self.case.ends
        return SOURCE if interface is here.interface else TARGET if interface is there.interface else _FIXED
