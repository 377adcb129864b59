"""What VPCs, subnets, route tables and gateways are to packets."""

from __future__ import annotations

from collections.abc import Iterator

from archtui.model.component import Component
from archtui.network.addresses import Block, is_v6, parse_block
from archtui.network.builder import NetworkBuilder
from archtui.network.flow import TCP
from archtui.network.interface import NetworkPart
from archtui.network.model import EgressOnlyGateway, InternetGateway, NatGateway, Peering, PublicService, Route, Vpc
from archtui.services.vpc import properties as p
from archtui.services.vpc.network_filters import NetworkAclNetwork, SecurityGroupNetwork
from archtui.services.vpc.network_interfaces import (
    ElasticIpNetwork,
    NatGatewayInterface,
    NetworkInterfaceNetwork,
    elastic_address,
    interface_of_nat,
)
from archtui.world.world import World, zone_name


def blocks_of(world: World, written: str) -> tuple[Block, ...]:
    """Return the blocks of a CIDR as written, or of a prefix list's id."""
    if "/" in written:
        return (parse_block(written),)
    found = world.components.get(written)
    if found is not None and isinstance(found.properties, p.PrefixListProperties):
        return tuple(parse_block(cidr) for cidr in found.properties.cidrs)
    return ()


def _is_stated(world: World, name: str) -> bool:
    """Whether the design says which blocks a prefix list holds; those that AWS keeps are of public addresses, which
    packets inside do not go to."""
    found = world.components.get(name)
    listed = found.properties if found else None
    return isinstance(listed, p.PrefixListProperties) and (listed.aws_managed or "cidrs" in listed.model_fields_set)


def ipv6_blocks(properties: p.VpcProperties) -> tuple[str, ...]:
    """Return the IPv6 blocks of a VPC."""
    first = (properties.ipv6_cidr,) if properties.ipv6_cidr else ()
    return (*first, *properties.secondary_ipv6_cidrs)


class VpcNetwork(NetworkPart):
    """A VPC is its blocks."""

    def contribute(self, component: Component, world: World, builder: NetworkBuilder) -> None:
        properties = component.properties
        assert isinstance(properties, p.VpcProperties)
        cidrs = [properties.cidr, *properties.secondary_cidrs, *ipv6_blocks(properties)]
        place = world.placement(component.id)
        blocks = tuple(parse_block(cidr) for cidr in cidrs)
        public = properties.ipv6_pool != "private"
        builder.vpc(Vpc(component.id, blocks, place.region, place.account, properties.dns_support, public))


class SubnetNetwork(NetworkPart):
    """A subnet is its block, its zone, its table and its ACL."""

    def contribute(self, component: Component, world: World, builder: NetworkBuilder) -> None:
        properties = component.properties
        assert isinstance(properties, p.SubnetProperties)
        zone = world.placement(component.id).zones[0]
        block = parse_block(properties.cidr)
        block6 = parse_block(properties.ipv6_cidr) if properties.ipv6_cidr else None
        builder.subnet(
            component.id,
            properties.vpc,
            block,
            zone,
            properties.route_table,
            properties.nacl,
            block6=block if is_v6(block.first) else block6,
            dns64=properties.dns64,
        )


class RouteTableNetwork(NetworkPart):
    """A route table is its rows; the local ones follow from the VPC."""

    def contribute(self, component: Component, world: World, builder: NetworkBuilder) -> None:
        properties = component.properties
        assert isinstance(properties, p.RouteTableProperties)
        builder.table(
            component.id, properties.vpc, self._rows(component.id, properties, world, builder), main=properties.main
        )
        if properties.gateway:
            builder.edge_table(properties.gateway, component.id)

    @staticmethod
    def _rows(name: str, properties: p.RouteTableProperties, world: World, builder: NetworkBuilder) -> Iterator[Route]:
        for index, route in enumerate(properties.routes):
            origin = "local" if route.via == "local" else route.origin
            if "/" not in route.to and not _is_stated(world, route.to):
                builder.doubt(name, route.via, f"the blocks of prefix list {route.to}: the design does not hold them")
            for block in blocks_of(world, route.to):
                yield Route(block, route.via, origin, route.state == "active", name, ("routes", index))


class EgressOnlyGatewayNetwork(NetworkPart):
    """An egress-only internet gateway belongs to one VPC, or to none."""

    def contribute(self, component: Component, world: World, builder: NetworkBuilder) -> None:
        properties = component.properties
        assert isinstance(properties, p.EgressOnlyInternetGatewayProperties)
        builder.gateway(EgressOnlyGateway(component.id, properties.vpc or ""))


class InternetGatewayNetwork(NetworkPart):
    """An internet gateway belongs to one VPC, or to none."""

    def contribute(self, component: Component, world: World, builder: NetworkBuilder) -> None:
        properties = component.properties
        assert isinstance(properties, p.InternetGatewayProperties)
        builder.gateway(InternetGateway(component.id, properties.vpc or ""))


class NatGatewayNetwork(NatGatewayInterface):
    """A NAT gateway is an interface and a route target."""

    def contribute(self, component: Component, world: World, builder: NetworkBuilder) -> None:
        super().contribute(component, world, builder)
        properties = component.properties
        assert isinstance(properties, p.NatGatewayProperties)
        state = "" if properties.state == "available" else f"it is {properties.state}"
        if properties.availability_mode == "zonal" or properties.vpc is None:
            builder.gateway(NatGateway(component.id, interface_of_nat(component, world), state))
            return
        region = world.placement(component.id).region
        written = {
            zone_name(zone.az, region): tuple(
                address for name in zone.elastic_ips if (address := elastic_address(name, world)) is not None
            )
            for zone in properties.zones
        }
        zones = written or dict.fromkeys(_zones_in_use(properties.vpc, world), ())
        builder.gateway(NatGateway(component.id, "", state, properties.vpc, zones, expands=not written))


def zones_of_nat(component: Component, world: World) -> tuple[str, ...]:
    """Return the zones in which a NAT gateway works now: its own one, those written down, or those in use."""
    properties = component.properties
    assert isinstance(properties, p.NatGatewayProperties)
    place = world.placement(component.id)
    if properties.availability_mode == "zonal" or properties.vpc is None:
        return place.zones
    return tuple(zone_name(zone.az, place.region) for zone in properties.zones) or _zones_in_use(properties.vpc, world)


def _zones_in_use(vpc: str, world: World) -> tuple[str, ...]:
    """Return the zones of a VPC in which something stands: a regional NAT gateway adds them by itself (VPC User
    Guide, 'Regional NAT gateways')."""
    found: dict[str, None] = {}
    for edge in world.referrers(vpc):
        is_subnet = isinstance(world.components[edge.source].properties, p.SubnetProperties)
        if is_subnet and any(inner.role == "in" for inner in world.referrers(edge.source)):
            found.update(dict.fromkeys(world.placement(edge.source).zones))
    return tuple(sorted(found))


class PeeringNetwork(NetworkPart):
    """A peering is a route target of two VPCs."""

    def contribute(self, component: Component, world: World, builder: NetworkBuilder) -> None:
        properties = component.properties
        assert isinstance(properties, p.VpcPeeringConnectionProperties)
        state = "" if properties.status == "active" else f"it is {properties.status}"
        builder.gateway(Peering(component.id, (properties.requester, properties.accepter), state))


_SERVICE_PORTS = {
    "s3": frozenset({(TCP, 80), (TCP, 443)}),
    "dynamodb": frozenset({(TCP, 80), (TCP, 443)}),
}
"""The ports of services with public address lists (AWS General Reference, service endpoints: HTTP and
HTTPS; measured: S3 answers pings and drops port 22)."""


class PrefixListNetwork(NetworkPart):
    """A prefix list AWS manages says where a public service is."""

    def contribute(self, component: Component, world: World, builder: NetworkBuilder) -> None:
        properties = component.properties
        assert isinstance(properties, p.PrefixListProperties)
        if properties.name.startswith("com.amazonaws."):
            blocks = tuple(parse_block(cidr) for cidr in properties.cidrs)
            ports = _SERVICE_PORTS.get(properties.name.rpartition(".")[2])
            builder.service(PublicService(component.id, blocks, ports))


__all__ = [
    "EgressOnlyGatewayNetwork",
    "ElasticIpNetwork",
    "InternetGatewayNetwork",
    "NatGatewayNetwork",
    "NetworkAclNetwork",
    "NetworkInterfaceNetwork",
    "PeeringNetwork",
    "PrefixListNetwork",
    "RouteTableNetwork",
    "SecurityGroupNetwork",
    "SubnetNetwork",
    "VpcNetwork",
    "blocks_of",
    "ipv6_blocks",
]
