"""The ways packets take beyond a subnet: gateways, peerings, transit gateways, links to sites."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from archtui.network.addresses import Address, Block
from archtui.network.model_vpc import Place
from archtui.network.policies import Firewall, InspectionEndpoint


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
    ipv6: bool = True
    """Whether it carries IPv6 (Transit Gateway guide, 'Transit gateway VPC attachments', IPv6 support)."""
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
