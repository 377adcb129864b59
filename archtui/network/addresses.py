"""Addresses and blocks as numbers, so that a lookup is a comparison.

An IPv6 address is its value plus 2**128: the two families share one number line and never meet, so
a rule for ``0.0.0.0/0`` cannot match an IPv6 packet.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, TypeAlias

Address: TypeAlias = int
"""An IPv4 address as its value, an IPv6 address as its value plus 2**128."""

_V6: Final = 1 << 128


@lru_cache(maxsize=65536)
def parse_address(text: str) -> Address:
    """Return the number of an IPv4 or IPv6 address; raise :class:`ValueError` where it is none."""
    address = ipaddress.ip_address(text)
    return int(address) if address.version == 4 else _V6 | int(address)


@lru_cache(maxsize=65536)
def is_address(text: str) -> bool:
    """Whether ``text`` is an IPv4 or IPv6 address."""
    try:
        parse_address(text)
    except ValueError:
        return False
    return True


@lru_cache(maxsize=65536)
def address_text(address: Address) -> str:
    """Return an address as people write it."""
    if address >= _V6:
        return str(ipaddress.IPv6Address(address - _V6))
    return str(ipaddress.IPv4Address(address))


def is_v6(address: Address) -> bool:
    """Whether the number stands for an IPv6 address."""
    return address >= _V6


@dataclass(frozen=True, slots=True, order=True)
class Block:
    """A CIDR block: first and last address, prefix length, and the text it came from."""

    first: Address
    last: Address
    prefix: int
    text: str

    def __contains__(self, address: object) -> bool:
        return isinstance(address, int) and self.first <= address <= self.last

    def covers(self, other: Block) -> bool:
        """Whether every address of ``other`` is in this block."""
        return self.first <= other.first and other.last <= self.last

    def overlaps(self, other: Block) -> bool:
        """Whether the two blocks share an address."""
        return self.first <= other.last and other.first <= self.last


@lru_cache(maxsize=65536)
def parse_block(text: str) -> Block:
    """Return a CIDR block; raise :class:`ValueError` where ``text`` is none."""
    network = ipaddress.ip_network(text)
    shift = 0 if network.version == 4 else _V6
    return Block(
        int(network.network_address) | shift, int(network.broadcast_address) | shift, network.prefixlen, str(network)
    )


EVERYWHERE: Final = (parse_block("0.0.0.0/0"), parse_block("::/0"))
PRIVATE: Final = tuple(parse_block(text) for text in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"))
"""RFC 1918."""
SHARED: Final = parse_block("100.64.0.0/10")
"""RFC 6598, carrier-grade NAT."""
LINK_LOCAL: Final = parse_block("169.254.0.0/16")
"""RFC 3927; AWS answers on some of them inside each VPC."""
MULTICAST: Final = parse_block("224.0.0.0/4")
"""RFC 5771."""
UNROUTED: Final = (
    LINK_LOCAL,
    *(parse_block(text) for text in ("0.0.0.0/8", "127.0.0.0/8", "240.0.0.0/4")),
    *(parse_block(text) for text in ("::/127", "fe80::/10", "ff00::/8")),
)
"""Blocks no router forwards to: link-local, this host, loopback, reserved with the limited broadcast address
(RFC 6890, 2.2.2; Amazon VPC FAQ: no broadcast), IPv6 multicast (VPC FAQ: none in a VPC)."""
UNIQUE_LOCAL: Final = parse_block("fc00::/7")
"""RFC 4193: private IPv6 addresses, which nobody on the internet routes to."""
NAT64: Final = parse_block("64:ff9b::/96")
"""RFC 6052: IPv4 addresses as IPv6 hosts name them; a NAT gateway translates them (VPC User Guide, 'DNS64 and
NAT64')."""
PUBLIC_POOL: Final = parse_block("198.18.0.0/16")
"""The lower half of the benchmark range (RFC 2544), from which public addresses are given out; not the documentation
ranges (RFC 5737), which authors use for hosts of their own choice."""
SERVICE_POOL: Final = parse_block("198.19.0.0/16")
"""The upper half, from which the public addresses of AWS's own services are given out."""
SOMEWHERE: Final = parse_address("8.8.8.8")
"""The address that stands for an unnamed host of the internet."""
SOMEWHERE_6: Final = parse_address("2001:4860:4860::8888")
"""The same host's IPv6 address."""


def is_private(address: Address) -> bool:
    """Whether an address is of RFC 1918."""
    return any(address in block for block in PRIVATE)


def is_internal(address: Address) -> bool:
    """Whether an address is of RFC 1918 or RFC 6598: the internet has no route to it."""
    return address in SHARED or is_private(address)


def same_family(one: Address, other: Address) -> bool:
    """Whether both are IPv4 addresses or both IPv6 addresses."""
    return (one < _V6) == (other < _V6)


def first_v6(addresses: Sequence[Address]) -> Address | None:
    """Return the first IPv6 address of an interface's, which stand behind the IPv4 ones."""
    if not addresses or addresses[-1] < _V6:
        return None
    return next(address for address in addresses if address >= _V6)


def behind_nat64(address: Address) -> Address:
    """Return the IPv6 address that stands for an IPv4 address (RFC 6052, 2.2)."""
    return NAT64.first | address


def embedded(address: Address) -> Address:
    """Return the IPv4 address that an address of :data:`NAT64` stands for."""
    return address - NAT64.first


@lru_cache(maxsize=65536)
def is_forwarded(address: Address) -> bool:
    """Whether routers of AWS's networks send packets for an address on at all."""
    return not any(address in block for block in (MULTICAST, *UNROUTED))
