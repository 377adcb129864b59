"""The network as the packet engine sees it: plain immutable tables, no service and no blueprint."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from archtui.network.addresses import Address
from archtui.network.model_gateways import (
    EgressOnlyGateway,
    Gateway,
    InternetGateway,
    Medium,
    NatGateway,
    OutsideHost,
    Peering,
    Premises,
    PrivateGateway,
    ServiceGateway,
    TransitAttachment,
    TransitGateway,
    TransitRoute,
    TransitTable,
    Uplink,
)
from archtui.network.model_nodes import Balancer, LinkedService, NodeGroup, NodeListener, NodeTarget, PublicService
from archtui.network.model_vpc import (
    BLACKHOLE,
    LOCAL,
    Answer,
    Balances,
    GroupRule,
    Host,
    Interface,
    Linked,
    Listens,
    Nacl,
    NaclEntry,
    Place,
    Route,
    RouteTable,
    SecurityGroup,
    Silent,
    Subnet,
    Translates,
    Undecided,
    Vpc,
)
from archtui.network.policies import FlowLog, Inspector, PublicAccess


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
    standby: Mapping[str, str] = field(default_factory=dict)
    """Interfaces that take over when the primary's is lost, each with the mechanism that does it."""
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


__all__ = [
    "BLACKHOLE",
    "LOCAL",
    "Answer",
    "Balancer",
    "Balances",
    "EgressOnlyGateway",
    "Gateway",
    "GroupRule",
    "Host",
    "Interface",
    "InternetGateway",
    "Linked",
    "LinkedService",
    "Listens",
    "Medium",
    "Nacl",
    "NaclEntry",
    "NatGateway",
    "Network",
    "NodeGroup",
    "NodeListener",
    "NodeTarget",
    "OutsideHost",
    "Peering",
    "Place",
    "Premises",
    "PrivateGateway",
    "PublicService",
    "Route",
    "RouteTable",
    "SecurityGroup",
    "ServiceGateway",
    "Silent",
    "Subnet",
    "TransitAttachment",
    "TransitGateway",
    "TransitRoute",
    "TransitTable",
    "Translates",
    "Undecided",
    "Uplink",
    "Vpc",
]
