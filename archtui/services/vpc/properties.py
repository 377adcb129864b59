"""Properties of the VPC family, named as the EC2 API names them."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from archtui.model.fields import Address, Cidr, Part, Ports, Properties, Protocol, Reference, Region, Zone
from archtui.services.references import (
    ElasticIpRef,
    NetworkAclRef,
    RouteDestination,
    RouteTableRef,
    RuleSource,
    SecurityGroupRef,
    SubnetIn,
    VpcIn,
)

RouteTarget = Annotated[str, Reference((), "targets", literal=("local", "blackhole"))]
"""A gateway, interface, instance, endpoint, peering or transit gateway; ``local`` or ``blackhole``."""


class VpcProperties(Properties):
    """A private network in one region."""

    cidr: Cidr
    """The primary IPv4 block, /16 to /28."""
    secondary_cidrs: tuple[Cidr, ...] = ()
    """Further IPv4 blocks."""
    ipv6_cidr: Cidr | None = None
    """The IPv6 block: a /56 of Amazon's, or /44 to /60 of one's own."""
    secondary_ipv6_cidrs: tuple[Cidr, ...] = ()
    """Further IPv6 blocks."""
    ipv6_pool: Literal["amazon", "byoip", "private"] = "amazon"
    """Where its IPv6 blocks are from: Amazon, addresses of one's own that AWS announces, or a private pool of IPAM
    that the internet does not know."""
    region: Region | None = None
    """The region; left out: the blueprint's."""
    account: str | None = None
    """The owning account; left out: the blueprint's."""
    default: bool = False
    """Whether it is the region's default VPC."""
    tenancy: Literal["default", "dedicated"] = "default"
    """Whether instances run on hardware of their own."""
    dns_support: bool = True
    """Whether the resolver at the base address plus two answers."""
    dns_hostnames: bool = False
    """Whether instances with a public address get a public DNS name."""
    flow_logs: bool = False
    """Whether flow logs are kept."""


class SubnetProperties(Properties):
    """A range of a VPC in one availability zone."""

    vpc: VpcIn
    """The VPC it is part of."""
    az: Zone
    """The availability zone: a letter (``a``) or the full name (``eu-west-1a``)."""
    cidr: Cidr
    """Its IPv4 block, inside the VPC's; in a subnet without IPv4 its IPv6 block, a /64."""
    ipv6_cidr: Cidr | None = None
    """Its IPv6 block beside the IPv4 one, a /64."""
    assign_ipv6: bool = False
    """Whether an interface made here gets an IPv6 address by default; in a subnet without IPv4 it always does."""
    dns64: bool = False
    """Whether the resolver names hosts that have IPv4 alone by addresses of 64:ff9b::/96."""
    route_table: RouteTableRef | None = None
    """Its route table; left out: the VPC's main table."""
    nacl: NetworkAclRef | None = None
    """Its network ACL; left out: the VPC's default ACL."""
    map_public_ip: bool = False
    """Whether an instance started here gets a public address by default."""
    role: Literal["public", "private", "isolated"] | None = None
    """What the author means it to be; checked against what the route table makes of it."""
    default: bool = False
    """Whether it is the default subnet of its zone."""


class Route(Part):
    """One row of a route table."""

    to: RouteDestination
    """The destination: a CIDR block or a prefix list."""
    via: RouteTarget
    """Where matching packets go."""
    origin: Literal["static", "propagated"] = "static"
    """Written by hand or learnt from a gateway; static wins over propagated for the same block."""
    state: Literal["active", "blackhole"] = "active"
    """``blackhole``: the target is gone, matching packets are dropped."""


class RouteTableProperties(Properties):
    """The routes of the subnets associated with it."""

    vpc: VpcIn
    """The VPC it belongs to."""
    main: bool = False
    """Whether it serves the subnets that name no table."""
    routes: tuple[Route, ...] = ()
    """The rows beside the VPC's local routes, which are always there."""
    gateway: Annotated[str, Reference(("internet_gateway", "virtual_private_gateway"), "uses")] | None = None
    """The gateway whose incoming traffic it routes (an edge association)."""
    propagating: tuple[Annotated[str, Reference(("virtual_private_gateway",), "uses")], ...] = ()
    """The gateways whose learnt routes it takes."""


class EgressOnlyInternetGatewayProperties(Properties):
    """Lets a VPC open connections to the internet over IPv6 and keeps others from opening any to it."""

    vpc: VpcIn | None = None
    """The VPC it is attached to; left out: detached."""


class InternetGatewayProperties(Properties):
    """Connects a VPC with the internet and translates public addresses one to one."""

    vpc: VpcIn | None = None
    """The VPC it is attached to; left out: detached."""


class NatZone(Part):
    """One zone of a regional NAT gateway."""

    az: Zone
    """The zone: a letter (``a``) or the full name (``eu-west-1a``)."""
    elastic_ips: tuple[ElasticIpRef, ...] = ()
    """The Elastic IPs it uses there; left out: one that AWS brings."""


class NatGatewayProperties(Properties):
    """Lets private addresses open connections to the outside."""

    availability_mode: Literal["zonal", "regional"] = "zonal"
    """``zonal``: in one subnet; ``regional``: in no subnet, in several zones of its VPC at once."""
    subnet: SubnetIn | None = None
    """The subnet a zonal one stands in; a public one, if it is to reach the internet."""
    vpc: VpcIn | None = None
    """The VPC of a regional one."""
    zones: tuple[NatZone, ...] = ()
    """The zones a regional one works in; left out: it adds the zones where something stands by itself."""
    connectivity: Literal["public", "private"] = "public"
    """``public``: towards the internet, needs an Elastic IP; ``private``: towards other networks."""
    elastic_ip: ElasticIpRef | None = None
    """Its Elastic IP."""
    private_ip: Address | None = None
    """Its private address; left out: the next free one of the subnet."""
    secondary_elastic_ips: tuple[ElasticIpRef, ...] = ()
    """Further Elastic IPs of a public one; each lets it hold 55,000 more connections to one destination."""
    secondary_private_ips: tuple[Address, ...] = ()
    """Its further private addresses, in the order of the further Elastic IPs; left out: the next free ones."""
    public_ip: Address | None = None
    """Its public address where no Elastic IP component says it (imported designs)."""
    state: Literal["available", "pending", "failed", "deleting", "deleted"] = "available"
    """Its state; only ``available`` forwards."""

    @model_validator(mode="after")
    def _stands_somewhere(self) -> Self:
        if self.availability_mode == "zonal" and self.subnet is None:
            raise ValueError("a zonal NAT gateway stands in a subnet; name it, or make the gateway regional")
        if self.availability_mode == "regional" and (self.vpc is None or self.subnet is not None):
            raise ValueError("a regional NAT gateway stands in no subnet; name its VPC instead")
        if self.availability_mode == "regional" and self.connectivity == "private":
            raise ValueError("a regional NAT gateway is public; make it zonal to reach other networks")
        return self


class ElasticIpProperties(Properties):
    """A public IPv4 address that stays until it is released."""

    address: Address | None = None
    """The address; left out: one of the documentation range, the same at each run."""
    attached_to: Annotated[str, Reference(("ec2_instance", "network_interface"), "uses")] | None = None
    """What it is associated with; a NAT gateway names its Elastic IP itself."""
    private_ip: Address | None = None
    """Which private address of an interface with several it stands for."""
    region: Region | None = None
    """The region it was allocated in; left out: the blueprint's."""
    released: bool = False
    """Whether it was given back (the address of a deleted NAT gateway): nobody here answers at it."""


class NetworkInterfaceProperties(Properties):
    """An elastic network interface: addresses, security groups, and what it is attached to."""

    subnet: SubnetIn
    """The subnet it stands in."""
    private_ips: tuple[Address, ...] = ()
    """Its addresses inside the VPC, the primary first, IPv6 ones too; without an IPv4 one: the next free one of the
    subnet."""
    ipv6_count: Annotated[int, Field(ge=0)] | None = None
    """How many IPv6 addresses it gets beside those written; left out: none where addresses are written, else one if
    the subnet assigns them."""
    public_ip: Address | Literal["auto"] | None = None
    """A public address; ``auto``: one from Amazon's pool."""
    security_groups: tuple[SecurityGroupRef, ...] = ()
    """Its security groups; left out: the VPC's default group; an empty list: none (the interfaces of NAT
    gateways, transit gateway attachments and balancers without groups)."""
    source_dest_check: bool = True
    """Whether packets that are neither from nor for it are dropped."""
    attached_to: Annotated[str, Reference((), "uses")] | None = None
    """The instance or service it belongs to: an instance, NAT gateway, load balancer, endpoint, transit
    gateway attachment, database. What answers on it follows from that."""
    device_index: int = 0
    """Which of the instance's interfaces it is; 0 is the primary."""
    owner: str = ""
    """What AWS says it is for (``Interface for NAT Gateway nat-...``)."""
    interface_type: str = "interface"
    """AWS's type: ``interface``, ``nat_gateway``, ``network_load_balancer``, ``vpc_endpoint``, ..."""
    status: str = "in-use"
    """``in-use`` where it is attached, ``available`` where it is not."""
    public_ips: dict[Address, Address] = Field(default_factory=dict)
    """Public addresses of its further private addresses, private to public."""


class SecurityGroupRule(Part):
    """Admits one kind of traffic; there are no rules that deny."""

    protocol: Protocol = "tcp"
    """tcp, udp, icmp, all or a number."""
    ports: Ports | None = Field(default=None, alias="port")
    """The port or range; left out: all."""
    icmp_type: int | None = None
    """The ICMP type; left out: all."""
    icmp_code: int | None = None
    """The ICMP code; left out: all."""
    description: str = ""
    """What it is for."""


class IngressRule(SecurityGroupRule):
    """Admits traffic to the group's members."""

    source: RuleSource = Field(alias="from")
    """Where from: a CIDR block, a security group, ``self``, ``any`` or a prefix list."""


class EgressRule(SecurityGroupRule):
    """Lets the group's members open connections."""

    destination: RuleSource = Field(alias="to")
    """Where to: a CIDR block, a security group, ``self``, ``any`` or a prefix list."""


class SecurityGroupProperties(Properties):
    """A stateful filter on network interfaces."""

    vpc: VpcIn | None = None
    """The VPC it belongs to; left out: the region's default VPC."""
    description: str = ""
    """What it is for."""
    ingress: tuple[IngressRule, ...] = ()
    """What may come in; nothing by default."""
    egress: tuple[EgressRule, ...] | None = None
    """What may go out; left out: everything (AWS's default), an empty list: nothing."""
    default: bool = False
    """Whether it is the VPC's default group."""


class AclEntry(Part):
    """A numbered entry; the lowest number that matches decides."""

    rule: Annotated[int, Field(ge=1, le=32766)]
    """Its number."""
    action: Literal["allow", "deny"] = "allow"
    """What happens to a packet that matches."""
    protocol: Protocol = "all"
    """tcp, udp, icmp, all or a number."""
    ports: Ports | None = Field(default=None, alias="port")
    """The destination port or range; left out: all."""
    icmp_type: int | None = None
    """The ICMP type; left out: all."""
    icmp_code: int | None = None
    """The ICMP code; left out: all."""


class AclIngress(AclEntry):
    """An entry for packets that enter the subnet."""

    source: Cidr = Field(alias="from")
    """The source block."""


class AclEgress(AclEntry):
    """An entry for packets that leave the subnet."""

    destination: Cidr = Field(alias="to")
    """The destination block."""


class NetworkAclProperties(Properties):
    """A stateless filter at the edge of subnets; what no entry allows is denied."""

    vpc: VpcIn
    """The VPC it belongs to."""
    default: bool = False
    """Whether it serves the subnets that name no ACL."""
    ingress: tuple[AclIngress, ...] = ()
    """Entries for packets into the subnet."""
    egress: tuple[AclEgress, ...] = ()
    """Entries for packets out of the subnet."""


class PrefixListProperties(Properties):
    """A named set of address blocks for routes and security-group rules."""

    name: str = ""
    """Its name: ``com.amazonaws.eu-west-1.s3``, or one's own."""
    cidrs: tuple[Cidr, ...] = ()
    """Its blocks."""
    max_entries: Annotated[int, Field(ge=1)] | None = None
    """How many blocks it may hold; each place counts against the quotas of what uses it."""
    address_family: Literal["ipv4", "ipv6"] | None = None
    """Whether its blocks are IPv4 or IPv6; left out: as they are written."""
    version: Annotated[int, Field(ge=1)] = 1
    """Which version of it this is; each change makes a new one."""
    aws_managed: bool = False
    """Whether AWS keeps it (a service's addresses)."""
    region: Region | None = None
    """The region it is in; left out: the blueprint's."""


class VpcPeeringConnectionProperties(Properties):
    """A link between two VPCs; it carries only traffic between their own blocks."""

    requester: Annotated[str, Reference(("vpc",), "uses")]
    """The VPC that asked for it."""
    accepter: Annotated[str, Reference(("vpc",), "uses")]
    """The VPC that accepted."""
    status: Literal["active", "pending-acceptance", "failed", "expired", "rejected", "deleting", "deleted"] = "active"
    """Its state; only ``active`` forwards."""
    requester_dns: bool = False
    """Whether the accepter's public names resolve to private addresses in the requester."""
    accepter_dns: bool = False
    """Whether the requester's public names resolve to private addresses in the accepter."""


__all__ = [
    "AclEgress",
    "AclIngress",
    "EgressOnlyInternetGatewayProperties",
    "EgressRule",
    "ElasticIpProperties",
    "IngressRule",
    "InternetGatewayProperties",
    "NatGatewayProperties",
    "NatZone",
    "NetworkAclProperties",
    "NetworkInterfaceProperties",
    "PrefixListProperties",
    "Route",
    "RouteTableProperties",
    "SecurityGroupProperties",
    "SubnetProperties",
    "VpcPeeringConnectionProperties",
    "VpcProperties",
]
