"""What answers behind an address: AWS's public services, balancers with their targets, endpoint services."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from archtui.network.addresses import Address, Block
from archtui.network.model_vpc import Place


@dataclass(frozen=True, slots=True)
class PublicService:
    """A service AWS runs on public addresses (a managed prefix list says which)."""

    name: str
    blocks: tuple[Block, ...]
    ports: frozenset[tuple[int, int]] | None
    """(protocol, port); None: not known."""


@dataclass(frozen=True, slots=True)
class NodeTarget:
    """One registered target of a Network Load Balancer."""

    interface: str
    """Empty where no interface of the design has the address."""
    address: Address
    port: int
    zone: str
    """``all``: outside the VPC, reached from every node."""
    health: Literal["healthy", "unhealthy", "undecided"]
    component: str


@dataclass(frozen=True, slots=True)
class NodeGroup:
    """A target group as a balancer node uses it."""

    id: str
    targets: tuple[NodeTarget, ...]
    preserves_client: bool
    missing: str = ""
    """What the design does not say of it; empty: its targets are known."""
    cross_zone: bool | None = None
    """Whether nodes use its targets in other zones; None: as the balancer does."""
    assumed: bool = False
    """Whether ``preserves_client`` is AWS's default, because the design does not say."""
    unread: bool = False
    """Whether its attributes were missing where the design was read from, so that all of them are assumed."""
    refused: tuple[str, ...] = ()
    """Why AWS registers some of what the design names as targets not."""


@dataclass(frozen=True, slots=True)
class NodeListener:
    """A listener of a Network or Classic Load Balancer."""

    protocol: int
    port: int
    groups: tuple[str, ...]
    """The target groups that get connections."""
    path: Place
    ends: bool = False
    """Whether the connection ends here, and a request is read (HTTP and HTTPS of a Classic Load Balancer)."""


@dataclass(frozen=True, slots=True)
class Balancer:
    """A Network Load Balancer, or a Classic one."""

    id: str
    listeners: tuple[NodeListener, ...]
    groups: Mapping[str, NodeGroup]
    cross_zone: bool
    zones: tuple[str, ...]
    internal: bool = False
    state: str = ""
    classic: bool = False
    guards_links: bool = True
    """Whether its security groups filter what comes in over AWS PrivateLink."""


@dataclass(frozen=True, slots=True)
class LinkedService:
    """An endpoint service as those who connect to it see it (AWS PrivateLink)."""

    id: str
    balancers: tuple[str, ...]
    """The Network Load Balancers behind it."""
    refusals: Mapping[str, str]
    """Endpoint to why the service does not serve it; left out: it does."""
    state: str = ""
