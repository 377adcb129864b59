"""What the host of an instance answers itself: DNS, instance metadata, time.

Security groups and network ACLs do not see this traffic (VPC User Guide, 'Network ACLs': DNS, DHCP, metadata
and time cannot be blocked; Route 53 Developer Guide, 'Amazon DNS server': base of the VPC plus two).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from archtui.network.addresses import Address, parse_address
from archtui.network.flow import TCP, UDP
from archtui.network.model import Vpc


@dataclass(frozen=True, slots=True)
class HostedService:
    """A service at a link-local address, or at a unique local one of IPv6 (EC2 User Guide: fd00:ec2::254)."""

    name: str
    ports: frozenset[tuple[int, int]]
    dns: bool = False


_RESOLVER: Final = HostedService("the Amazon DNS server", frozenset({(UDP, 53), (TCP, 53)}), dns=True)
_METADATA: Final = HostedService("the instance metadata service", frozenset({(TCP, 80)}))
_TIME: Final = HostedService("the Amazon Time Sync Service", frozenset({(UDP, 123)}))
_LINK_LOCAL: Final = {
    parse_address("169.254.169.253"): _RESOLVER,
    parse_address("169.254.169.254"): _METADATA,
    parse_address("fd00:ec2::253"): _RESOLVER,
    parse_address("fd00:ec2::254"): _METADATA,
    parse_address("fd00:ec2::123"): _TIME,
    parse_address("169.254.169.123"): _TIME,
}


def service_at(vpc: Vpc, address: Address) -> HostedService | None:
    """Return the service that answers at ``address`` inside ``vpc``."""
    if vpc.blocks and address == vpc.blocks[0].first + 2:
        return _RESOLVER
    return _LINK_LOCAL.get(address)
