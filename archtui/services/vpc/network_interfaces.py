"""What network interfaces, Elastic IPs and the interface of a NAT gateway are to packets."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from archtui.model.component import Component
from archtui.network.addresses import Address, is_v6, parse_address, parse_block
from archtui.network.builder import InterfaceSpec, NetworkBuilder
from archtui.network.interface import Attached, NetworkPart
from archtui.network.model import Silent, Translates, Undecided
from archtui.services.vpc import properties as p
from archtui.world.world import World


def ipv6_of(subnet: str, world: World, count: int | None = None) -> int:
    """Return how many IPv6 addresses an interface gets that asks for ``count``, or takes what its subnet gives
    (VPC User Guide, 'Modify the IP addressing attributes of your subnet'); without IPv4 always one."""
    found = world.components.get(subnet)
    if found is None or not isinstance(found.properties, p.SubnetProperties):
        return 0
    if is_v6(parse_block(found.properties.cidr).first):
        return count or 1
    if found.properties.ipv6_cidr is None:
        return 0
    return int(found.properties.assign_ipv6) if count is None else count


def described_interfaces(component: Component, world: World) -> Iterator[Component]:
    """Yield the interfaces that the design describes for ``component``, the primary first."""
    if not world.of_kind("network_interface"):
        return
    found: dict[str, Component] = {}
    for edge in component.edges:
        target = world.components.get(edge.target)
        if target is not None and isinstance(target.properties, p.NetworkInterfaceProperties):
            found[target.id] = target
    for edge in world.referrers(component.id):
        source = world.components[edge.source]
        if edge.path == ("attached_to",) and isinstance(source.properties, p.NetworkInterfaceProperties):
            found[source.id] = source
    yield from sorted(found.values(), key=_device)


def _device(component: Component) -> tuple[int, str]:
    properties = component.properties
    assert isinstance(properties, p.NetworkInterfaceProperties)
    return properties.device_index, component.id


def described_in(component: Component, world: World, subnet: str) -> Component | None:
    """Return the interface that the design describes for ``component`` in ``subnet``."""
    for found in described_interfaces(component, world):
        properties = found.properties
        if isinstance(properties, p.NetworkInterfaceProperties) and properties.subnet == subnet:
            return found
    return None


class NetworkInterfaceNetwork(NetworkPart):
    """An interface that the design describes; what answers on it depends on what it belongs to."""

    def contribute(self, component: Component, world: World, builder: NetworkBuilder) -> None:
        properties = component.properties
        assert isinstance(properties, p.NetworkInterfaceProperties)
        owner = self._owner(component, world)
        part = owner.kind.behaviour(NetworkPart) if owner else None
        if owner is not None and part is not None:
            attached = part.attached(owner, world)
        else:
            attached = _unowned(component.id, properties)
        groups: tuple[str, ...] | None = properties.security_groups
        if not attached.filtered or (not groups and "security_groups" in properties.model_fields_set):
            groups = None
        public: Address | Literal["auto"] | None = "auto" if properties.public_ip == "auto" else None
        if properties.public_ip not in (None, "auto"):
            public = parse_address(properties.public_ip)
        asked = ipv6_of(properties.subnet, world, properties.ipv6_count)
        builder.interface(
            InterfaceSpec(
                component.id,
                owner.id if owner else component.id,
                attached.machine or component.id,
                properties.subnet,
                attached.answer,
                groups,
                tuple(parse_address(address) for address in properties.private_ips),
                public,
                {parse_address(own): parse_address(given) for own, given in properties.public_ips.items()},
                source_dest_check=properties.source_dest_check,
                state=attached.state,
                ipv6=0 if properties.private_ips and properties.ipv6_count is None else asked,
                rank=properties.device_index,
                opens=attached.opens,
            )
        )

    @staticmethod
    def _owner(component: Component, world: World) -> Component | None:
        properties = component.properties
        assert isinstance(properties, p.NetworkInterfaceProperties)
        if properties.attached_to:
            return world.components.get(properties.attached_to)
        for edge in world.referrers(component.id):
            if edge.path[0] == "network_interfaces":
                return world.components[edge.source]
        return None


_MUTE_TYPES = {
    "transit_gateway": "a transit gateway attachment answers nothing itself",
    "nat_gateway": "a NAT gateway answers nothing itself",
    "lambda": "a Lambda function takes no connections from the network",
}
"""What AWS's own interfaces of these types do with packets addressed to them (Lambda Developer Guide, 'Giving
Lambda functions access to resources in a VPC': outbound only; the others measured)."""


def _unowned(name: str, properties: p.NetworkInterfaceProperties) -> Attached:
    """What stands behind an interface whose owner the design does not hold."""
    kind = properties.interface_type
    if kind in _MUTE_TYPES:
        return Attached(Silent("PROTOCOL_RESTRICTION", _MUTE_TYPES[kind]), filtered=False)
    if properties.status == "available" or not (properties.attached_to or properties.owner or kind != "interface"):
        return Attached(Silent("UNASSOCIATED_COMPONENT", f"nothing is attached to {name}"))
    shown = properties.owner or properties.attached_to or kind
    return Attached(Undecided(f"what answers on {name}: its owner ({shown}) is not modelled"))


class ElasticIpNetwork(NetworkPart):
    """An Elastic IP stands for a private address, or for nothing."""

    def contribute(self, component: Component, world: World, builder: NetworkBuilder) -> None:
        properties = component.properties
        assert isinstance(properties, p.ElasticIpProperties)
        address = parse_address(properties.address) if properties.address else None
        if properties.attached_to and not properties.released:
            private = parse_address(properties.private_ip) if properties.private_ip else None
            builder.associate(properties.attached_to, private, address, component.id)
        elif address is not None:
            builder.idle_public(address, component.id)


def interface_of_nat(component: Component, world: World) -> str:
    """Return the id of a zonal NAT gateway's interface."""
    described = next(described_interfaces(component, world), None)
    return described.id if described else f"{component.id}:eni"


def elastic_address(name: str, world: World) -> Address | None:
    """Return the address of an Elastic IP where the design says it."""
    elastic = world.components.get(name)
    written = elastic.properties.address if elastic and isinstance(elastic.properties, p.ElasticIpProperties) else None
    return parse_address(written) if written else None


class NatGatewayInterface(NetworkPart):
    """The interface of a zonal NAT gateway: no security group, no source check."""

    def contribute(self, component: Component, world: World, builder: NetworkBuilder) -> None:
        properties = component.properties
        assert isinstance(properties, p.NatGatewayProperties)
        public = parse_address(properties.public_ip) if properties.public_ip else None
        if properties.state in ("deleted", "deleting", "failed"):
            if public is not None:
                builder.idle_public(public, component.id)
        elif properties.subnet is not None and next(described_interfaces(component, world), None) is None:
            addresses = (properties.private_ip, *properties.secondary_private_ips)
            further = len(properties.secondary_elastic_ips) - len(properties.secondary_private_ips)
            builder.interface(
                InterfaceSpec(
                    f"{component.id}:eni",
                    component.id,
                    component.id,
                    properties.subnet,
                    Translates(component.id),
                    None,
                    tuple(parse_address(address) for address in addresses if address),
                    public,
                    source_dest_check=False,
                    further=max(further, 0)
                    + (properties.private_ip is None and bool(properties.secondary_private_ips)),
                )
            )
        if properties.connectivity == "public" and properties.state == "available" and properties.subnet is not None:
            if properties.elastic_ip:
                address = elastic_address(properties.elastic_ip, world)
                builder.associate(component.id, None, address, properties.elastic_ip)
            for place, elastic in enumerate(properties.secondary_elastic_ips, 1):
                builder.associate(component.id, None, elastic_address(elastic, world), elastic, place)

    def attached(self, component: Component, world: World) -> Attached:
        return Attached(Translates(component.id), component.id, filtered=False)
