"""The parts of a VPC: subnets, routes, filters, interfaces and what answers on them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from archtui.network.addresses import Address, Block
from archtui.network.flow import PortRange
from archtui.network.policies import ROUTER, Policy

Place: TypeAlias = tuple[str | int, ...]
"""Where in a component's properties something stands: ``("ingress", 2)``."""

LOCAL = "local"
BLACKHOLE = "blackhole"


@dataclass(frozen=True, slots=True)
class Vpc:
    """A private network."""

    id: str
    blocks: tuple[Block, ...]
    region: str
    account: str
    resolver: bool = True
    """Whether the Amazon DNS server answers in it."""
    public_ipv6: bool = True
    """Whether its IPv6 blocks are announced to the internet; not those of a private pool."""

    def __contains__(self, address: object) -> bool:
        return any(address in block for block in self.blocks)


@dataclass(frozen=True, slots=True)
class Subnet:
    """A range of a VPC in one zone."""

    id: str
    vpc: str
    block: Block
    zone: str
    """The zone's full name."""
    table: str
    nacl: str
    block6: Block | None = None
    """Its IPv6 block; ``block`` too in a subnet without IPv4."""
    dns64: bool = False
    """Whether its resolver names IPv4 hosts by NAT64 addresses."""

    def __contains__(self, address: object) -> bool:
        return address in self.block or (self.block6 is not None and address in self.block6)


@dataclass(frozen=True, slots=True)
class Route:
    """One row: where packets for a block go."""

    block: Block
    target: str
    """A component id, ``local`` or ``blackhole``."""
    origin: Literal["local", "static", "propagated"]
    active: bool
    component: str
    path: Place


@dataclass(frozen=True, slots=True)
class RouteTable:
    """Rows in the order in which they win: longest prefix first, then local, static, propagated."""

    id: str
    component: str
    """The component to look at; the VPC where AWS's implied main table decides."""
    routes: tuple[Route, ...]
    doubts: tuple[tuple[str, str], ...] = ()
    """Gateways that propagate rows which are not known, each with what is missing; such a row may exist."""


@dataclass(frozen=True, slots=True)
class NaclEntry:
    """A numbered entry; ``ports`` are destination ports."""

    number: int
    allow: bool
    protocol: int
    ports: PortRange
    icmp: tuple[int | None, int | None]
    block: Block
    path: Place


@dataclass(frozen=True, slots=True)
class Nacl:
    """A stateless filter; entries in rising number."""

    id: str
    ingress: tuple[NaclEntry, ...]
    egress: tuple[NaclEntry, ...]


@dataclass(frozen=True, slots=True)
class GroupRule:
    """Admits one kind of traffic from (or to) blocks, or members of a group."""

    protocol: int
    ports: PortRange
    icmp: tuple[int | None, int | None]
    blocks: tuple[Block, ...]
    group: str
    """The referenced group; empty where ``blocks`` count."""
    peer: str
    """The source or destination as written."""
    component: str
    path: Place


@dataclass(frozen=True, slots=True)
class SecurityGroup:
    """A stateful filter that only admits."""

    id: str
    vpc: str
    ingress: tuple[GroupRule, ...]
    egress: tuple[GroupRule, ...]
    known: bool = True
    """False for a group that an interface names but the design does not hold."""


@dataclass(frozen=True, slots=True)
class Host:
    """Answers whatever arrives: a connection is accepted or refused, a ping returned."""

    forwards: Literal["", "nat", "route"] = ""
    """What it does with packets for others: not stated, source NAT, or sending them on as they are."""
    stated: bool = False
    """Whether the design says which programs run on it; otherwise an appliance's answers are open."""
    policy: Policy = ROUTER
    """What it lets through of what it sends on."""


@dataclass(frozen=True, slots=True)
class Listens:
    """Answers on the given ports alone, and to no ping; ``doubtful`` ports are not decided."""

    ports: frozenset[tuple[int, int]]
    """(protocol, port)."""
    code: str
    """The reason code where another port is asked."""
    what: str
    """As in 'lb listens on 80, 443 only'."""
    doubtful: str = ""
    """What is missing to decide for ports not listed; empty: they are refused."""
    ping: str = ""
    """What is missing to decide whether pings are answered; empty: they are not."""


@dataclass(frozen=True, slots=True)
class Silent:
    """Never answers a packet addressed to it."""

    code: str
    why: str


@dataclass(frozen=True, slots=True)
class Translates:
    """The interface of a NAT gateway."""

    nat: str


@dataclass(frozen=True, slots=True)
class Balances:
    """A node of a Network Load Balancer."""

    balancer: str


@dataclass(frozen=True, slots=True)
class Linked:
    """An interface of an endpoint that hands connections to a service of another VPC (AWS PrivateLink)."""

    service: str


@dataclass(frozen=True, slots=True)
class Undecided:
    """Whether it answers cannot be said."""

    missing: str


Answer: TypeAlias = Host | Listens | Silent | Translates | Balances | Linked | Undecided


@dataclass(frozen=True, slots=True)
class Interface:
    """An elastic network interface, written in the design or implied by what stands in the subnet."""

    id: str
    component: str
    """The component it belongs to: what a trace names."""
    machine: str
    """What shares one operating system: traffic between its interfaces never leaves it."""
    subnet: str
    vpc: str
    addresses: tuple[Address, ...]
    """The primary first, IPv6 addresses last."""
    publics: Mapping[Address, Address]
    """Private to public; an IPv6 address that the internet knows is its own public one."""
    groups: tuple[str, ...] | None
    """None: no security group filters here."""
    source_dest_check: bool
    answer: Answer
    state: str = ""
    """Why it does not work ('it is stopped'); empty: it works."""
    opens: bool = True
    """Whether it may open connections of its own (an endpoint may not)."""
    masked_by: str = ""
    """The component whose primary address connections get that it opens to IPv4 addresses outside the VPC, leaving by
    that one's interface; empty: it keeps its own."""
