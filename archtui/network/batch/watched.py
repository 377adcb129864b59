"""The protocol and the ports of a flow, watched: whether a walk looks at them or only hands them on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeAlias

from archtui.network.flow import Packet, PortRange

SENT, ASKED, PROTOCOL = 0, 1, 2
FIXED: Final = -1

Traffic: TypeAlias = tuple[int, PortRange]
"""Protocol and destination ports."""
Header: TypeAlias = tuple[PortRange, PortRange, int]
"""Ports sent from, ports asked, protocol: by :data:`SENT`, :data:`ASKED`, :data:`PROTOCOL`."""


class WatchedPorts(tuple[int, int]):
    """A range of ports that tells when someone looks at it. Handing it on is not looking."""

    look: Callable[[], None]


class WatchedProtocol(int):
    """A protocol that tells when someone looks at it."""

    look: Callable[[], None]


def _telling(plain: Callable[..., object]) -> Callable[..., object]:

    def method(self: WatchedPorts | WatchedProtocol, *others: object) -> object:
        self.look()
        return plain(self, *others)

    return method


_COMPARING: Final = ("__eq__", "__ne__", "__lt__", "__le__", "__gt__", "__ge__", "__hash__", "__repr__", "__format__")
for _name in (*_COMPARING, "__iter__", "__getitem__", "__contains__", "__len__", "__add__"):
    setattr(WatchedPorts, _name, _telling(getattr(tuple, _name)))
for _name in (*_COMPARING, "__bool__", "__int__", "__index__", "__add__", "__sub__", "__and__", "__or__", "__xor__"):
    setattr(WatchedProtocol, _name, _telling(getattr(int, _name)))


class Looks:
    """What a walk of one flow looked at."""

    def __init__(self, plain: Header) -> None:
        self.plain = plain
        self._sent, self._asked, self._protocol = sent, asked, protocol = plain
        self.seen = [False, False, False]
        self.sent, self.asked, self.protocol = WatchedPorts(sent), WatchedPorts(asked), WatchedProtocol(protocol)
        self.sent.look, self.asked.look = self._noting(SENT), self._noting(ASKED)
        self.protocol.look = self._noting(PROTOCOL)

    def _noting(self, place: int) -> Callable[[], None]:
        def note() -> None:
            self.seen[place] = True

        return note

    def place(self, ports: PortRange) -> int:
        """Return which of the flow's ports these are, -1 for others."""
        return SENT if ports is self.sent else ASKED if ports is self.asked else FIXED

    def traffic(self, packet: Packet) -> tuple[int, Packet]:
        """Return which of the flow's ports a packet goes to (-1 for others), and the packet with nothing watched.

        What a filter makes of it follows from the flow's protocol and these ports; where only one of the two is
        the flow's own, that one counts as looked at.
        """
        source, destination, protocol, sent, asked, icmp, carried = packet
        place = self.place(asked)
        own = protocol is self.protocol
        if own != (place != FIXED):
            self.seen[PROTOCOL if own else place] = True
            place = FIXED
        number = self._protocol if own else protocol
        return place, Packet(source, destination, number, self._plain(sent), self._plain(asked), icmp, carried)

    def _plain(self, ports: PortRange) -> PortRange:
        return self._sent if ports is self.sent else self._asked if ports is self.asked else ports

    def name(self, ports: PortRange) -> PortRange:
        """Return ports that nobody watches: the flow's own by numbers that no port has."""
        place = self.place(ports)
        return ports if place == FIXED else (~place, ~place)

    def told(self, name: PortRange) -> PortRange:
        """Return the ports of a name."""
        return name if name[0] >= 0 else self._sent if ~name[0] == SENT else self._asked
