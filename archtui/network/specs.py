"""What services contribute before anything is laid out: interfaces, targets, target groups."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal, NamedTuple

from archtui.network.addresses import (
    Address,
)
from archtui.network.model import (
    Answer,
)


class InterfaceSpec(NamedTuple):
    """An interface as contributed; what is left out is laid out when everything is known.

    A tuple, because after every edit all of them are made again and compared with those before.
    """

    id: str
    component: str
    machine: str
    subnet: str
    answer: Answer
    groups: tuple[str, ...] | None
    """None: not filtered; an empty tuple: the VPC's default group."""
    addresses: tuple[Address, ...] = ()
    """No IPv4 one: the next free one of the subnet, if that has IPv4."""
    public: Address | Literal["auto"] | None = None
    """For the primary address."""
    publics: Mapping[Address, Address] = MappingProxyType({})
    source_dest_check: bool = True
    state: str = ""
    standby: str = ""
    """The mechanism that lets it take over from the component's primary interface, as in
    ``rds.multi_az_instance``; empty: it is no standby."""
    ipv6: int = 0
    """How many IPv6 addresses it gets beside those in ``addresses``, where its subnet has IPv6."""
    public_ipv6: bool = True
    """Whether the internet may send to its IPv6 addresses; an internal balancer drops that."""
    rank: int = 0
    """The order of a component's interfaces; the lowest is the primary."""
    opens: bool = True
    """Whether it may open connections of its own."""
    further: int = 0
    """How many addresses it has beside those written, or beside its first."""
    masked_by: str = ""
    """The component whose primary address it gets out of the VPC with; empty: its own."""


@dataclass(frozen=True, slots=True)
class TargetSpec:
    """A registered target as contributed: a component or an address."""

    target: str
    port: int
    zone: str
    """Empty: its interface's."""
    unhealthy: bool
    healthy: bool


@dataclass(frozen=True, slots=True)
class GroupSpec:
    """A target group as contributed."""

    id: str
    targets: tuple[TargetSpec, ...]
    preserves_client: bool
    vpc: str = ""
    """The VPC whose addresses it means where several have one; empty: any."""
    missing: str = ""
    """What the design does not say of it; empty: its targets are known."""
    ipv6: bool = False
    """Whether it reaches its targets over IPv6."""
    cross_zone: bool | None = None
    """Whether nodes use its targets in other zones; None: as the balancer does."""
    assumed: bool = False
    """Whether ``preserves_client`` is AWS's default."""
    unread: bool = False
    """Whether its attributes were missing where the design was read from."""
    refused: tuple[str, ...] = ()
    """Why some of what the design names as targets cannot be registered."""
