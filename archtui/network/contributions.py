"""Takes what components contribute to the network, in any order."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from archtui.network.addresses import Address, Block
from archtui.network.model import (
    Balancer,
    Gateway,
    LinkedService,
    Nacl,
    OutsideHost,
    Premises,
    PublicService,
    Route,
    SecurityGroup,
    TransitAttachment,
    TransitTable,
    Uplink,
    Vpc,
)
from archtui.network.policies import Firewall, FlowLog, Inspector, PublicAccess
from archtui.network.specs import GroupSpec, InterfaceSpec


@dataclass(frozen=True, slots=True)
class _SubnetSpec:
    id: str
    vpc: str
    block: Block
    zone: str
    table: str | None
    nacl: str | None
    block6: Block | None
    dns64: bool


@dataclass(frozen=True, slots=True)
class _TableSpec:
    id: str
    vpc: str
    main: bool
    routes: tuple[Route, ...]


class Contributions:
    """What has been contributed so far; nothing of it is laid out yet."""

    def __init__(self) -> None:
        self._vpcs: dict[str, Vpc] = {}
        self._subnets: dict[str, _SubnetSpec] = {}
        self._tables: dict[str, _TableSpec] = {}
        self._extra_routes: dict[str, list[Route]] = {}
        self._nacls: dict[str, Nacl] = {}
        self._default_nacls: dict[str, str] = {}
        self._groups: dict[str, SecurityGroup] = {}
        self._default_groups: dict[str, str] = {}
        self._specs: dict[str, InterfaceSpec] = {}
        self._fleets: dict[str, tuple[str, ...]] = {}
        self._gateways: dict[str, Gateway] = {}
        self._attachments: dict[str, TransitAttachment] = {}
        self._transit_tables: dict[str, TransitTable] = {}
        self._balancers: dict[str, tuple[Balancer, tuple[GroupSpec, ...]]] = {}
        self._services: list[PublicService] = []
        self._links: dict[str, LinkedService] = {}
        self._idle: dict[Address, str] = {}
        self._associations: list[tuple[str, Address | None, Address | None, str, int]] = []
        self._externals: dict[str, Address] = {}
        self._externals6: dict[str, Address] = {}
        self._edge_tables: dict[str, str] = {}
        self._premises: dict[str, Premises] = {}
        self._outside_hosts: dict[str, OutsideHost] = {}
        self._public_uplinks: list[Uplink] = []
        self._doubts: dict[str, list[tuple[str, str]]] = {}
        self._problems: list[str] = []
        self._inspectors: dict[str, Inspector] = {}
        self._public_access: dict[tuple[str, str], PublicAccess] = {}
        self._flow_logs: list[FlowLog] = []

    # -- contributions --------------------------------------------------------------------------

    def vpc(self, vpc: Vpc) -> None:
        """Add a VPC."""
        self._vpcs[vpc.id] = vpc

    def subnet(
        self,
        name: str,
        vpc: str,
        block: Block,
        zone: str,
        table: str | None,
        nacl: str | None,
        *,
        block6: Block | None = None,
        dns64: bool = False,
    ) -> None:
        """Add a subnet; without a table or ACL the VPC's main table and default ACL serve it.

        One without IPv4 has its IPv6 block as ``block`` and ``block6``.
        """
        self._subnets[name] = _SubnetSpec(name, vpc, block, zone, table, nacl, block6, dns64)

    def table(self, name: str, vpc: str, routes: Iterable[Route], *, main: bool) -> None:
        """Add a route table; its local routes follow from the VPC."""
        self._tables[name] = _TableSpec(name, vpc, main, tuple(routes))

    def route(self, table: str, route: Route) -> None:
        """Add a row to a table from outside (what a gateway endpoint does)."""
        self._extra_routes.setdefault(table, []).append(route)

    def edge_table(self, gateway: str, table: str) -> None:
        """Associate a route table with a gateway's incoming traffic."""
        self._edge_tables[gateway] = table

    def nacl(self, nacl: Nacl, default_of: str | None) -> None:
        """Add a network ACL, ``default_of`` a VPC or of none."""
        self._nacls[nacl.id] = nacl
        if default_of is not None:
            self._default_nacls[default_of] = nacl.id

    def group(self, group: SecurityGroup, *, default: bool) -> None:
        """Add a security group."""
        self._groups[group.id] = group
        if default:
            self._default_groups[group.vpc] = group.id

    def interface(self, spec: InterfaceSpec) -> None:
        """Add an interface."""
        self._specs[spec.id] = spec

    def fleet(self, name: str, members: tuple[str, ...]) -> None:
        """Say that a component without interfaces of its own is its members: their primary interfaces are its."""
        self._fleets[name] = members

    def associate(
        self, owner: str, private: Address | None, public: Address | None, component: str, place: int = 0
    ) -> None:
        """Say that an Elastic IP (``public``; None: one is chosen) stands for an address of ``owner``, a
        component or an interface: for ``private``, or else for the one at ``place`` among its addresses."""
        self._associations.append((owner, private, public, component, place))

    def idle_public(self, address: Address, component: str) -> None:
        """Add a public address that is allocated but stands for nothing."""
        self._idle[address] = component

    def gateway(self, gateway: Gateway) -> None:
        """Add a route target."""
        self._gateways[gateway.id] = gateway

    def attachment(self, attachment: TransitAttachment) -> None:
        """Add a transit gateway attachment."""
        self._attachments[attachment.id] = attachment

    def transit_table(self, table: TransitTable) -> None:
        """Add a transit gateway route table."""
        self._transit_tables[table.id] = table

    def balancer(self, balancer: Balancer, groups: tuple[GroupSpec, ...]) -> None:
        """Add a Network Load Balancer with its target groups; its nodes are interfaces."""
        self._balancers[balancer.id] = (balancer, groups)

    def inspector(self, inspector: Inspector) -> None:
        """Add what endpoints lead to; a firewall is a route target itself (its endpoint in the packet's zone)."""
        self._inspectors[inspector.id] = inspector
        if isinstance(inspector, Firewall):
            self._gateways[inspector.id] = inspector

    def public_access(self, account: str, region: str, setting: PublicAccess) -> None:
        """Set the VPC Block Public Access of an account's region."""
        self._public_access[(account, region)] = setting

    def flow_log(self, log: FlowLog) -> None:
        """Add an observer of a VPC, a subnet or an interface."""
        self._flow_logs.append(log)

    def link(self, service: LinkedService) -> None:
        """Add an endpoint service."""
        self._links[service.id] = service

    def service(self, service: PublicService) -> None:
        """Add a service that AWS runs on public addresses."""
        self._services.append(service)

    def external(self, component: str, address: Address, ipv6: Address | None = None) -> None:
        """Add someone outside AWS, with an IPv6 address beside the first one or not."""
        self._externals[component] = address
        if ipv6 is not None:
            self._externals6[component] = ipv6

    def premises(self, site: Premises) -> None:
        """Add a network of the customer outside AWS."""
        self._premises[site.id] = site

    def outside_host(self, host: OutsideHost) -> None:
        """Add a named machine of such a network."""
        self._outside_hosts[host.id] = host

    def public_uplink(self, uplink: Uplink) -> None:
        """Add a link to AWS's public addresses; those to private ones come with their gateway or attachment."""
        self._public_uplinks.append(uplink)

    def doubt(self, table: str, gateway: str, missing: str) -> None:
        """Say that a gateway may propagate rows to a route table that are not known."""
        self._doubts.setdefault(table, []).append((gateway, missing))

    def problem(self, text: str) -> None:
        """Note what could not be laid out."""
        self._problems.append(text)
