"""The packet engine as the walker uses it: addresses and packet legs, in the walker's own words."""

from __future__ import annotations

import abc

from archtui.trace.interface import Leg
from archtui.trace.message import Endpoint, Message
from archtui.world.condition import Condition


class Packets(abc.ABC):
    """Who has which address, and whether a packet and its reply get through."""

    somewhere: str
    """The address that stands for an unnamed host of the internet."""
    somewhere6: str
    """The same host's IPv6 address."""

    @abc.abstractmethod
    def interfaces(self, component: str) -> tuple[Endpoint, ...]:
        """Return the interfaces of ``component`` with their private addresses, the primary first."""

    @abc.abstractmethod
    def senders(self, component: str, condition: Condition) -> tuple[Endpoint, ...]:
        """Return where ``component`` sends from: the first interface of each of its machines (nodes, members) whose
        place is not lost; of all where every place is."""

    @abc.abstractmethod
    def public_address(self, endpoint: Endpoint) -> str:
        """Return the public address that stands for the interface of ``endpoint``; empty: none."""

    @abc.abstractmethod
    def ipv6_address(self, endpoint: Endpoint, *, public: bool) -> str:
        """Return the IPv6 address of the interface of ``endpoint``, as the internet knows it where ``public``; empty:
        it has none."""

    @abc.abstractmethod
    def uses_dns64(self, endpoint: Endpoint) -> bool:
        """Whether DNS64 is on in the subnet of ``endpoint``."""

    @abc.abstractmethod
    def owner(self, address: str, near: Endpoint) -> Endpoint:
        """Return whose ``address`` is, seen from ``near``; of several VPCs' holders none is guessed: an outsider's."""

    @abc.abstractmethod
    def leg(self, source: Endpoint, target: Endpoint, message: Message, condition: Condition) -> Leg:
        """Trace a packet from ``source`` to ``target`` and its reply."""
