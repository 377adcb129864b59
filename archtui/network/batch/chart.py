"""One walk for many flows: what it asks filters is written down, to be asked again for each flow.

The way of a packet depends on where it starts and ends, hardly ever on its protocol and ports; and what a filter
says is noted as a blocker, the walk goes on all the same. So one walk stands for all flows between ends that
nothing on the way tells apart. It is written down as a :class:`Course`, a list of marks. Protocol and ports are
watched meanwhile: where something looks at them, the course holds for these alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from archtui.network.addresses import Address
from archtui.network.batch.marks import AtAcl, AtGroup, AtListener, Blocked, Case, Lacking, Mark, Result, Tables
from archtui.network.batch.watched import ASKED, FIXED, SENT, Looks
from archtui.network.filters import Direction
from archtui.network.flow import Packet, PortRange
from archtui.network.gateways import WAYS
from archtui.network.model import Interface, Listens, Subnet
from archtui.network.walk import Walk

_OWN: Final = -2
"""Stands for the flow's own protocol."""
_SOURCE, _TARGET = 0, 1


@dataclass(frozen=True, slots=True)
class Course:
    """One way that flows take, with all it comes to."""

    marks: tuple[Mark, ...]
    done: bool
    choice: str
    texts: tuple[str, ...]
    """What it says in its own words; where that names an end, it holds for that end alone."""

    def result(self, case: Case, node: str, sender: str) -> Result:
        """Return what becomes of one flow."""
        result = Result(self.done, node, self.choice, sender)
        for mark in self.marks:
            mark.apply(case, result)
        return result


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
        self.marks.append(Blocked(component, code, next((end for end, same in enumerate(named) if same), FIXED)))

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
        whose = addresses.index(peer) if peer in addresses else FIXED
        ports, plain = self.looks.traffic(packet)
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
                self.looks.seen[SENT] = self.looks.seen[ASKED] = True
                if (self.looks.told(known[4]), self.looks.told(known[5])) == plain:
                    return True
        return False

    def _connection(
        self, interface: Interface, packet: Packet
    ) -> tuple[str, Address, Address, int, PortRange, PortRange]:
        """Return what a connection is known by; the flow's own ports by where they come from."""
        sent, asked = self.looks.name(packet.source_ports), self.looks.name(packet.destination_ports)
        protocol = _OWN if packet.protocol is self.looks.protocol else packet.protocol
        return interface.id, packet.source, packet.destination, protocol, sent, asked

    def filter_acl(self, subnet: Subnet, packet: Packet, at: Direction) -> None:
        """Write down what the ACL of a subnet is asked."""
        if (subnet.nacl, at) in self.network.open_acls:
            return
        known = self.tables.acl(self.network.nacls[subnet.nacl], at, packet)
        ports, plain = self.looks.traffic(packet)
        self.marks.append(AtAcl(self.tables, at, subnet, plain, ports, known))

    def _listener(self, interface: Interface, answer: Listens, packet: Packet) -> None:
        ports, plain = self.looks.traffic(packet)
        self.marks.append(AtListener(self.tables, interface, self._end(interface), plain, ports))
        self.deliver(interface, packet)

    def _end(self, interface: Interface) -> int:
        """Return which end of the flow an interface is, -1 for neither."""
        here, there = self.case.ends
        return _SOURCE if interface is here.interface else _TARGET if interface is there.interface else FIXED
