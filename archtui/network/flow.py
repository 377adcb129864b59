"""What is asked of the packet engine, and the packet it sends through the network."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, NamedTuple, TypeAlias

from archtui.model.component import Json
from archtui.model.errors import ArchtuiError
from archtui.network.addresses import Address, address_text, is_v6

PortRange: TypeAlias = tuple[int, int]
"""Both ends included."""

ALL_PORTS: Final[PortRange] = (0, 65535)
EPHEMERAL: Final[PortRange] = (1024, 65535)
"""What NAT gateways, balancers and unknown clients choose a source port from (VPC User Guide, 'Network
ACLs', 'Ephemeral ports')."""
LINUX_EPHEMERAL: Final[PortRange] = (32768, 60999)
"""What a Linux host chooses from: net.ipv4.ip_local_port_range of the kernel's documentation."""

ICMP, TCP, UDP, ICMPV6, ANY = 1, 6, 17, 58, -1
PROTOCOLS: Final = {"icmp": ICMP, "tcp": TCP, "udp": UDP, "icmpv6": ICMPV6, "all": ANY}
_NAMES: Final = {number: name for name, number in PROTOCOLS.items()}
ECHO_REQUEST: Final = (8, 0)
ECHO_REPLY: Final = (0, 0)
ECHO_REQUEST_6: Final = (128, 0)
"""A ping over IPv6 (RFC 4443, 4.1)."""
ECHO_REPLY_6: Final = (129, 0)
_ANSWERS: Final = {ECHO_REQUEST: ECHO_REPLY, ECHO_REQUEST_6: ECHO_REPLY_6}


class FlowError(ArchtuiError):
    """A flow that cannot be sent: its protocol or port is none."""


def protocol_number(name: str) -> int:
    """Return the IP protocol number of a name or number; raise :class:`FlowError` for another word."""
    number = PROTOCOLS.get(name)
    if number is not None:
        return number
    if name.isdecimal() and int(name) <= 255:
        return int(name)
    raise FlowError(f"{name!r} is not a protocol; write tcp, udp, icmp or a number up to 255")


def protocol_name(number: int) -> str:
    """Return the name people use for a protocol number."""
    return _NAMES.get(number, str(number))


def ports_text(ports: PortRange) -> str:
    """Return ``443`` or ``1024-65535``."""
    return str(ports[0]) if ports[0] == ports[1] else f"{ports[0]}-{ports[1]}"


def over_ipv6(packet: Packet) -> Packet:
    """Return a packet as IPv6 has it: a ping is one of ICMPv6 (RFC 4443)."""
    return packet._replace(
        protocol=ICMPV6 if packet.protocol == ICMP else packet.protocol,
        icmp=ECHO_REQUEST_6 if packet.icmp == ECHO_REQUEST else packet.icmp,
    )


@dataclass(frozen=True, slots=True)
class Flow:
    """A connection asked about: may ``source`` open it to ``destination``, and does the reply come back?

    ``source`` and ``destination`` are component ids, IP addresses or ``internet``. A source port left
    out is an ephemeral one: the whole range must be able to come back.
    """

    source: str
    destination: str
    protocol: str = "tcp"
    port: int | None = None
    source_port: int | None = None
    icmp: tuple[int, int] = ECHO_REQUEST
    """Type and code, for ICMP: an echo request unless said otherwise."""
    family: Literal["", "ipv4", "ipv6"] = ""
    """The addresses to use where the sender does not choose; empty: a client's choice, IPv6 first where both ends
    have it (RFC 6724, 8305)."""


class Packet(NamedTuple):
    """A packet under way, or a set of packets that differ in their ports alone."""

    source: Address
    destination: Address
    protocol: int
    source_ports: PortRange
    destination_ports: PortRange
    icmp: tuple[int, int]
    carried: str = "vpc"
    """How it came here: ``vpc``, ``peering:ID``, ``transit:ID``, ``closed:ID`` (a transit gateway
    attachment without group references), ``middlebox``, ``internet``, ``balancer:ID``. Security-group
    references hold only for some."""

    def reply(self) -> Packet:
        """Return the packet that answers this one."""
        icmp = _ANSWERS.get(self.icmp, self.icmp)
        return Packet(
            self.destination, self.source, self.protocol, self.destination_ports, self.source_ports, icmp, "vpc"
        )

    @property
    def pings(self) -> tuple[int, ...]:
        """The protocols that are a ping in the packet's family of addresses."""
        return (ICMP, ICMPV6) if is_v6(self.destination) else (ICMP,)

    @property
    def has_ports(self) -> bool:
        """Whether its protocol knows ports."""
        return self.protocol in (TCP, UDP)

    def to_json(self) -> dict[str, Json]:
        """Return the header as steps show it."""
        shown: dict[str, Json] = {
            "source": address_text(self.source),
            "destination": address_text(self.destination),
            "protocol": protocol_name(self.protocol),
        }
        if self.has_ports:
            shown["source_port"] = ports_text(self.source_ports)
            shown["destination_port"] = ports_text(self.destination_ports)
        elif self.protocol in (ICMP, ICMPV6):
            shown["icmp_type"], shown["icmp_code"] = self.icmp
        return shown
