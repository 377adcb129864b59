"""Protocols and ports as bits: the smallest pieces that no rule of a network tells apart.

Every rule, listener and service of a network names ranges of ports. Their ends cut the ports of TCP and UDP
into pieces inside which all ports fare alike; each piece is one bit of a number, and so are a ping and each
other protocol that a rule names. A filter is then one number, and a way through many filters their AND.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Container, Iterable
from functools import lru_cache
from typing import Final, TypeAlias

from archtui.network.filters import protocol_matches
from archtui.network.flow import (
    ALL_PORTS,
    ANY,
    ECHO_REPLY_6,
    ECHO_REQUEST_6,
    ICMP,
    ICMPV6,
    TCP,
    UDP,
    Packet,
    PortRange,
    protocol_name,
)
from archtui.network.model import Host, Listens, Network
from archtui.network.policies import Firewall, FlowRule

Bits: TypeAlias = int
"""A set of atoms."""

ASKED: Final[PortRange] = (-1, -1)
"""Stands in a packet for the port that is asked, whichever it is."""

_HOSTED: Final = ((UDP, 53), (TCP, 53), (TCP, 80), (UDP, 123))


class Atoms:
    """The protocols and ports of one network, as bits."""

    def __init__(self, network: Network) -> None:
        cuts: dict[int, set[int]] = {TCP: {0, 65536}, UDP: {0, 65536}}
        others: set[int] = set()
        for protocol, (low, high) in _ranges(network):
            if protocol in cuts:
                cuts[protocol].update((max(low, 0), min(high, 65535) + 1))
            elif protocol not in (ANY, ICMP):
                others.add(protocol)
        self.protocols: tuple[int, ...] = (TCP, UDP, ICMP, *sorted(others))
        """In the order in which answers list them."""
        self.names: tuple[tuple[int, str], ...] = tuple((number, protocol_name(number)) for number in self.protocols)
        self._starts = {protocol: sorted(found) for protocol, found in cuts.items()}
        self._offsets: dict[int, int] = {}
        self._masks: dict[int, Bits] = {}
        place = 0
        for protocol in self.protocols:
            count = len(self._starts[protocol]) - 1 if protocol in self._starts else 1
            self._offsets[protocol] = place
            self._masks[protocol] = ((1 << count) - 1) << place
            place += count
        self.size: int = place
        """How many atoms there are."""
        self.all: Bits = (1 << place) - 1
        self.matching = lru_cache(maxsize=65536)(self._matching)

    def of(self, protocols: Container[int], ports: Iterable[tuple[int, int]] = ()) -> Bits:
        """Return the atoms of whole protocols and of single ports, each (protocol, port)."""
        found = 0
        for protocol, mask in self._masks.items():
            if protocol in protocols:
                found |= mask
        for protocol, port in ports:
            found |= self.ports(protocol, (port, port))
        return found

    def ports(self, protocol: int, ports: PortRange) -> Bits:
        """Return the atoms of a range of ports; of a protocol without ports, all of it."""
        if protocol not in self._starts:
            return self._masks.get(protocol, 0)
        starts = self._starts[protocol]
        first = bisect_right(starts, max(ports[0], 0)) - 1
        last = bisect_left(starts, min(ports[1], 65535) + 1)
        return ((1 << max(last - first, 0)) - 1) << (first + self._offsets[protocol])

    def _matching(
        self,
        protocol: int,
        ports: PortRange,
        icmp: tuple[int | None, int | None],
        asked: PortRange,
        ping: tuple[int, int],
    ) -> tuple[Bits, Bits]:
        """Return what a rule takes of packets to ``asked`` ports: (all of it, a part of it).

        ``asked`` is :data:`ASKED` or a range that holds for all atoms alike (the ephemeral ports of a reply).
        """
        if protocol == ANY:
            return self.all, 0
        if protocol not in (TCP, UDP):
            if ping in (ECHO_REQUEST_6, ECHO_REPLY_6) and protocol in (ICMP, ICMPV6):
                return (self.of((ICMP, ICMPV6)) if self._takes(ICMPV6, protocol, icmp, ping) else 0), 0
            probe = Packet(0, 0, protocol, (0, 0), (0, 0), ping)
            return (self._masks.get(protocol, 0) if protocol_matches(protocol, icmp, probe) else 0), 0
        if asked == ASKED:
            return self.ports(protocol, ports), 0
        if ports[0] <= asked[0] and asked[1] <= ports[1]:
            return self._masks[protocol], 0
        return 0, (self._masks[protocol] if ports[0] <= asked[1] and asked[0] <= ports[1] else 0)

    def inside(self, protocols: tuple[int, ...], listed: tuple[PortRange, ...], asked: PortRange) -> tuple[Bits, Bits]:
        """Return what a firewall's rule takes of packets whose ports (of one end) are ``asked``: (all, a part).

        Empty protocols and ports take everything; a rule with ports takes no protocol without them.
        """
        of = self.of(protocols) if protocols else self.all
        if not listed:
            return of, 0
        whole = part = 0
        for low, high in listed:
            for protocol in (TCP, UDP):
                if asked == ASKED:
                    whole |= self.ports(protocol, (low, high))
                elif low <= asked[0] and asked[1] <= high:
                    whole |= self._masks[protocol]
                elif low <= asked[1] and asked[0] <= high:
                    part |= self._masks[protocol]
        return of & whole, of & part & ~whole

    @staticmethod
    def _takes(asked: int, protocol: int, icmp: tuple[int | None, int | None], ping: tuple[int, int]) -> bool:
        return protocol_matches(protocol, icmp, Packet(0, 0, asked, (0, 0), (0, 0), ping))

    def listening(self, ports: frozenset[tuple[int, int]], asked: PortRange) -> Bits:
        """Return the atoms of packets to ``asked`` ports that arrive at one of ``ports``."""
        if asked == ASKED:
            return self.of((), ports)
        return self.of([protocol for protocol, port in ports if asked == (port, port)])

    def bit(self, protocol: int, port: int | None = None) -> Bits:
        """Return the one atom of a port, or of a protocol without ports; 0 where no rule names the protocol."""
        low = port or 0
        return self.ports(protocol, (low, low))

    def text(self, bits: Bits, protocol: int) -> str | None:
        """Return the ports of a protocol in ``bits`` as people write them (``80,1024-65535``; empty for a
        protocol without ports), None where there are none."""
        bits = (bits & self._masks[protocol]) >> self._offsets[protocol]
        if not bits:
            return None
        if protocol not in self._starts:
            return ""
        starts = self._starts[protocol]
        shown: list[str] = []
        place = 0
        while bits:
            gap = (bits & -bits).bit_length() - 1
            bits >>= gap
            run = (~bits & (bits + 1)).bit_length() - 1
            low, high = starts[place + gap], starts[place + gap + run] - 1
            shown.append(str(low) if low == high else f"{low}-{high}")
            bits >>= run
            place += gap + run
        return ",".join(shown)

    def each(self) -> Iterable[tuple[int, int | None]]:
        """Yield for each atom, in order, (protocol, its first port)."""
        for protocol in self.protocols:
            if protocol in self._starts:
                yield from ((protocol, start) for start in self._starts[protocol][:-1])
            else:
                yield protocol, None


def firewall_rules(network: Network) -> Iterable[FlowRule]:
    """Yield every rule of a firewall, AWS's or on an instance."""
    policies = [item.policy for item in network.inspectors.values() if isinstance(item, Firewall)]
    policies += [item.answer.policy for item in network.interfaces.values() if isinstance(item.answer, Host)]
    for policy in dict.fromkeys(policies):
        yield from policy.stateless
        yield from policy.stateful


def _ranges(network: Network) -> Iterable[tuple[int, PortRange]]:
    """Yield every range of ports that something in the network tells apart from others."""
    for group in network.groups.values():
        for rule in (*group.ingress, *group.egress):
            yield rule.protocol, rule.ports
    for nacl in network.nacls.values():
        for entry in (*nacl.ingress, *nacl.egress):
            yield entry.protocol, entry.ports if entry.protocol in (TCP, UDP) else ALL_PORTS
    for firewall in firewall_rules(network):
        for protocol in (TCP, UDP):
            for ports in (*firewall.source_ports, *firewall.ports):
                yield protocol, ports
        for protocol in firewall.protocols:
            yield protocol, ALL_PORTS
    named = {
        pair for item in network.interfaces.values() if isinstance(item.answer, Listens) for pair in item.answer.ports
    }
    named.update(pair for service in network.services for pair in service.ports or ())
    named.update((entry.protocol, entry.port) for found in network.balancers.values() for entry in found.listeners)
    for protocol, port in (*sorted(named), *_HOSTED):
        yield protocol, (port, port)
