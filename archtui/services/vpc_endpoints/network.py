"""What VPC endpoints are to packets."""

from __future__ import annotations

from archtui.model.component import Component
from archtui.network.addresses import Block, parse_address, parse_block
from archtui.network.builder import InterfaceSpec, NetworkBuilder
from archtui.network.flow import TCP
from archtui.network.interface import Attached, NetworkPart
from archtui.network.model import Listens, Route, ServiceGateway
from archtui.services.regional import LeadsToApi, service_addresses, short_name
from archtui.services.vpc.network_interfaces import described_in
from archtui.services.vpc.properties import PrefixListProperties, RouteTableProperties
from archtui.services.vpc_endpoints import properties as p
from archtui.world.world import World


def _state(state: str) -> str:
    return "" if state == "available" else f"it is {state}"


class GatewayEndpointNetwork(NetworkPart, LeadsToApi):
    """A gateway endpoint is a route target; its tables get a row for each block of the service."""

    def contribute(self, component: Component, world: World, builder: NetworkBuilder) -> None:
        properties = component.properties
        assert isinstance(properties, p.GatewayEndpointProperties)
        builder.gateway(ServiceGateway(component.id, properties.vpc, _state(properties.state)))
        for table in properties.route_tables:
            if not self._has_row(world, table, component.id):
                for block in self._blocks(properties, world):
                    builder.route(table, Route(block, component.id, "static", True, component.id, ("route_tables",)))

    @staticmethod
    def _has_row(world: World, table: str, endpoint: str) -> bool:
        found = world.components.get(table)
        routes = found.properties.routes if found and isinstance(found.properties, RouteTableProperties) else ()
        return any(route.via == endpoint for route in routes)

    @staticmethod
    def _blocks(properties: p.GatewayEndpointProperties, world: World) -> tuple[Block, ...]:
        for found in world.of_kind("prefix_list"):
            listed = found.properties
            if isinstance(listed, PrefixListProperties) and (
                found.id == properties.prefix_list
                or (properties.prefix_list is None and listed.name.endswith(properties.service))
            ):
                return tuple(parse_block(cidr) for cidr in listed.cidrs)
        region = world.placement(properties.vpc).region
        return (parse_block(f"{service_addresses(world)[region, short_name(properties.service)]}/32"),)

    def leads_to(self, component: Component, world: World) -> tuple[str, str]:
        properties = component.properties
        assert isinstance(properties, p.GatewayEndpointProperties)
        return world.placement(properties.vpc).region, short_name(properties.service)


_OTHER_PORTS = {"email-smtp": (25, 465, 587, 2465, 2587)}
"""Ports of AWS services beside HTTPS (AWS General Reference, service endpoints)."""


class InterfaceEndpointNetwork(NetworkPart, LeadsToApi):
    """An interface endpoint answers on the service's ports, and to no ping."""

    def contribute(self, component: Component, world: World, builder: NetworkBuilder) -> None:
        properties = component.properties
        assert isinstance(properties, p.InterfaceEndpointProperties)
        attached = self.attached(component, world)
        for index, subnet in enumerate(properties.subnets):
            if described_in(component, world, subnet) is None:
                written = properties.private_ips[index : index + 1]
                builder.interface(
                    InterfaceSpec(
                        f"{component.id}:{subnet}",
                        component.id,
                        f"{component.id}:{subnet}",
                        subnet,
                        attached.answer,
                        properties.security_groups,
                        tuple(parse_address(address) for address in written),
                        state=attached.state,
                        rank=index,
                    )
                )

    def attached(self, component: Component, world: World) -> Attached:
        properties = component.properties
        assert isinstance(properties, p.InterfaceEndpointProperties)
        short = properties.service.rpartition(".")[2]
        aws = properties.service.startswith("com.amazonaws.") or "." not in properties.service
        ports = frozenset((TCP, port) for port in (*_OTHER_PORTS.get(short, ()), 443)) if aws else frozenset()
        listed = ", ".join(str(port) for _, port in sorted(ports))
        return Attached(
            Listens(
                ports,
                "PROTOCOL_RESTRICTION",
                f"{component.id} answers on tcp {listed} alone and to no ping",
                "" if aws else f"which ports {properties.service} listens on",
            ),
            state=_state(properties.state),
        )

    def leads_to(self, component: Component, world: World) -> tuple[str, str]:
        properties = component.properties
        assert isinstance(properties, p.InterfaceEndpointProperties)
        return world.placement(properties.vpc).region, short_name(properties.service)

    def named_in(self, component: Component) -> str | None:
        properties = component.properties
        assert isinstance(properties, p.InterfaceEndpointProperties)
        return properties.vpc if properties.private_dns and properties.state == "available" else None
