"""The network as the packet engine sees it: plain immutable tables, no service and no blueprint."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from archtui.network.addresses import Address, Block
from archtui.network.flow import PortRange
from archtui.network.policies import ROUTER, Firewall, FlowLog, InspectionEndpoint, Inspector, Policy, PublicAccess

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


@dataclass(frozen=True, slots=True)
class InternetGateway:
    """1:1 NAT between a VPC and the internet."""

    id: str
    vpc: str
    edge_table: str = ""
    """The route table associated with it; empty: none."""


@dataclass(frozen=True, slots=True)
class EgressOnlyGateway:
    """Lets connections over IPv6 out, and their replies in."""

    id: str
    vpc: str
    state: str = ""


@dataclass(frozen=True, slots=True)
class NatGateway:
    """Source NAT with ports."""

    id: str
    interface: str
    """Empty where the gateway has none any more, and for a regional one."""
    state: str = ""
    vpc: str = ""
    """The VPC of a regional gateway, which stands in no subnet; empty for a zonal one."""
    zones: Mapping[str, tuple[Address, ...]] = field(default_factory=dict)
    """The zones a regional gateway works in, each with its public addresses."""
    expands: bool = False
    """Whether a regional gateway adds the zones where interfaces are by itself."""


@dataclass(frozen=True, slots=True)
class Peering:
    """A link between two VPCs."""

    id: str
    sides: tuple[str, str]
    state: str = ""


Medium: TypeAlias = Literal["direct_connect", "vpn_static", "vpn_bgp"]
"""What a link to a network outside AWS runs over, and how its routes come about."""


@dataclass(frozen=True, slots=True)
class Uplink:
    """One link between a gateway of AWS and a network outside: a VPN tunnel, or a virtual interface on the way
    to one gateway."""

    id: str
    """The tunnel or virtual interface."""
    component: str
    """What a trace names: the VPN connection or virtual interface."""
    gateway: str
    """The virtual private gateway or transit gateway at AWS's end; empty for a public virtual interface."""
    attachment: str
    """The attachment to the transit gateway; empty for other gateways."""
    through: tuple[str, ...]
    """What the packet passes between gateway and site, AWS's side first."""
    medium: Medium
    site: str
    """The site at the other end; empty: not known."""
    missing: str
    """What is not known of the other end."""
    learnt: tuple[Block, ...] | None
    """The blocks that AWS sends here; None: not known."""
    offered: tuple[Block, ...] | None
    """The blocks that the other end sends here; None: whatever the gateway leads to."""
    path_length: int
    """How many autonomous systems the routes of the other end pass."""
    med: int
    """The multi-exit discriminator; the lowest is preferred."""
    parts: tuple[str, ...]
    """The components that must all work."""
    bundle: tuple[tuple[str, ...], ...] = ()
    """Parallel lines, each with the components it needs; empty: none beside ``parts``."""
    minimum: int = 1
    """How many lines of the bundle must work."""
    mechanism: str = ""
    """The mechanism that notices its failure, as it stands in ``Condition.recovered``."""
    state: str = ""
    """Why it carries nothing; empty: it does."""
    address: Address | None = None
    """The other end's public address on a public virtual interface."""


@dataclass(frozen=True, slots=True)
class Premises:
    """A network outside AWS that belongs to the customer."""

    id: str
    blocks: tuple[Block, ...] | None
    """None: not stated."""
    firewall: str
    """The filter at its edge, one of ``Network.nacls`` that keeps state; empty: none."""
    answers: bool = True
    """Whether hosts answer there."""
    state: str = ""

    def __contains__(self, address: object) -> bool:
        return any(address in block for block in self.blocks or ())


@dataclass(frozen=True, slots=True)
class OutsideHost:
    """A named machine of the customer's premises."""

    id: str
    site: str
    address: Address
    state: str = ""


@dataclass(frozen=True, slots=True)
class TransitAttachment:
    """What hangs on a transit gateway."""

    id: str
    gateway: str
    kind: Literal["vpc", "peering", "outside", "other"]
    """``outside``: a VPN connection or a Direct Connect gateway; ``other``: not known."""
    vpc: str
    subnets: tuple[str, ...]
    table: str
    """The table that routes what comes in here; empty: not associated."""
    peer: str
    """The transit gateway at the other end of a peering."""
    peer_table: str
    missing: str
    """For ``other``: what is not known behind it."""
    state: str = ""
    uplinks: tuple[Uplink, ...] = ()
    """For ``outside``."""
    state_component: str = ""
    """What to look at where ``state`` says it does not work; empty: the attachment itself."""
    appliance_mode: bool = False
    """Whether both directions of a connection use the interface of one zone."""
    group_references: bool = True
    """Whether groups of the VPC may be named by others, and theirs by it, where the gateway allows it."""


@dataclass(frozen=True, slots=True)
class TransitRoute:
    """A row of a transit gateway route table."""

    block: Block
    attachments: tuple[str, ...]
    """Empty: blackhole."""
    origin: Literal["static", "propagated"]
    active: bool
    component: str
    path: Place
    rank: int = 0
    """Among equal blocks the lowest wins: static, then by the type of attachment that brought it."""
    path_length: int = 0
    """For a row that BGP brought."""
    med: int = 0
    """For a row that BGP brought."""


@dataclass(frozen=True, slots=True)
class TransitTable:
    """Rows in the order in which they win."""

    id: str
    gateway: str
    routes: tuple[TransitRoute, ...]
    doubts: tuple[str, ...] = ()
    """What is not known about rows learnt by BGP; such a row may exist."""


@dataclass(frozen=True, slots=True)
class TransitGateway:
    """A regional router between attachments."""

    id: str
    region: str
    group_references: bool = False
    state: str = ""


@dataclass(frozen=True, slots=True)
class ServiceGateway:
    """A gateway endpoint: a route target that reaches a service's public addresses."""

    id: str
    vpc: str
    state: str = ""
    blocks: tuple[Block, ...] = ()
    """The addresses of its service; empty: not known."""
    policy: str = ""
    """What its policy allows, in a few words; empty: everything."""
    refuses_all: bool = False
    """Whether its policy lets no request pass."""


@dataclass(frozen=True, slots=True)
class PrivateGateway:
    """A virtual private gateway: the VPC's side of VPN connections and Direct Connect."""

    id: str
    vpc: str
    """Empty: attached to none."""
    uplinks: tuple[Uplink, ...]
    edge_table: str = ""
    """The route table associated with it; empty: none."""
    state: str = ""
    state_code: str = "BAD_STATE"
    missing: str = ""
    """What is not known of it where the design has no link."""


Gateway: TypeAlias = (
    InternetGateway
    | EgressOnlyGateway
    | NatGateway
    | Peering
    | TransitGateway
    | ServiceGateway
    | PrivateGateway
    | InspectionEndpoint
    | Firewall
)


@dataclass(frozen=True, slots=True)
class PublicService:
    """A service AWS runs on public addresses (a managed prefix list says which)."""

    name: str
    blocks: tuple[Block, ...]
    ports: frozenset[tuple[int, int]]


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


@dataclass(frozen=True, eq=False)
class Network:
    """Everything, indexed. Compiled once from a world and never changed."""

    vpcs: Mapping[str, Vpc]
    subnets: Mapping[str, Subnet]
    tables: Mapping[str, RouteTable]
    nacls: Mapping[str, Nacl]
    groups: Mapping[str, SecurityGroup]
    interfaces: Mapping[str, Interface]
    gateways: Mapping[str, Gateway]
    attachments: Mapping[str, TransitAttachment]
    transit_tables: Mapping[str, TransitTable]
    balancers: Mapping[str, Balancer]
    services: tuple[PublicService, ...]
    internet_gateways: Mapping[str, str]
    """VPC to the gateway attached to it."""
    by_private: Mapping[tuple[str, Address], str]
    """(VPC, address) to interface."""
    by_address: Mapping[Address, tuple[str, ...]]
    """Private address to interfaces, in any VPC."""
    by_public: Mapping[Address, str]
    """Public address to interface."""
    idle_publics: Mapping[Address, str]
    """Public addresses that are allocated but stand for nothing, with their component."""
    of_component: Mapping[str, tuple[str, ...]]
    """Component to its interfaces, the primary first."""
    members: Mapping[str, Mapping[Address, tuple[str, ...]]]
    """Group to the private addresses of its members, each with the VPCs it is in."""
    externals: Mapping[str, Address]
    """Components outside AWS and their address."""
    externals6: Mapping[str, Address]
    """Those that have an IPv6 address beside it."""
    egress_gateways: Mapping[str, str]
    """VPC to the egress-only internet gateway attached to it."""
    open_acls: frozenset[tuple[str, str]]
    """(ACL, direction) whose first entries admit all traffic: nothing to ask there."""
    premises: Mapping[str, Premises] = field(default_factory=dict)
    """The customer's networks outside AWS."""
    outside_hosts: Mapping[str, OutsideHost] = field(default_factory=dict)
    """Named machines in them."""
    uplinks_of: Mapping[str, tuple[Uplink, ...]] = field(default_factory=dict)
    """Site to its links to AWS."""
    standby: frozenset[str] = frozenset()
    """Interfaces that take over when the primary's is lost."""
    inspectors: Mapping[str, Inspector] = field(default_factory=dict)
    """Firewalls and Gateway Load Balancers that endpoints lead to."""
    public_access: Mapping[tuple[str, str], PublicAccess] = field(default_factory=dict)
    """(account, region) to its VPC Block Public Access."""
    flow_logs: tuple[FlowLog, ...] = ()
    """Who writes down what filters decide."""
    links: Mapping[str, LinkedService] = field(default_factory=dict)
    """Endpoint services."""
    nat_publics: Mapping[Address, str] = field(default_factory=dict)
    """Public addresses of regional NAT gateways, which have no interface."""
    problems: tuple[str, ...] = ()
    """What could not be laid out (a full subnet, an address outside its subnet)."""
    dual: bool = False
    """Whether anything here has an IPv6 address."""
    cache: dict[object, object] = field(default_factory=dict, repr=False)
