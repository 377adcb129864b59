"""What VPC endpoints are to packets."""

from __future__ import annotations

from archtui.model.component import Component
from archtui.network.addresses import Block, parse_address, parse_block
from archtui.network.builder import InterfaceSpec, NetworkBuilder
from archtui.network.flow import TCP
from archtui.network.interface import Attached, NetworkPart
from archtui.network.model import Linked, LinkedService, Listens, Route, ServiceGateway
from archtui.services.regional import LeadsToApi, service_addresses, short_name
from archtui.services.vpc.network_interfaces import described_in
from archtui.services.vpc.properties import PrefixListProperties, RouteTableProperties
from archtui.services.vpc_endpoints import properties as p
from archtui.services.vpc_endpoints.lookups import aws_name, dns_hindrance, provider_of, service_refusal, service_region
from archtui.services.vpc_endpoints.policy import read_policy
from archtui.world.world import World


def _state(state: str) -> str:
    return "" if state == "available" else f"it is {state}"


class GatewayEndpointNetwork(NetworkPart, LeadsToApi):
    """A gateway endpoint is a route target; its tables get a row for each block of the service."""

    def contribute(self, component: Component, world: World, builder: NetworkBuilder) -> None:
        properties = component.properties
        assert isinstance(properties, p.GatewayEndpointProperties)
        listed = self._listed(properties, world)
        blocks = listed if listed is not None else self._assumed(properties, world)
        policy = read_policy(properties.policy)
        state = _state(properties.state) or self._elsewhere(component, properties, world)
        builder.gateway(
            ServiceGateway(component.id, properties.vpc, state, listed or (), policy.allowed, policy.refuses_all)
        )
        for table in properties.route_tables:
            if not self._has_row(world, table, component.id):
                for block in blocks:
                    builder.route(table, Route(block, component.id, "static", True, component.id, ("route_tables",)))

    @staticmethod
    def _elsewhere(component: Component, properties: p.GatewayEndpointProperties, world: World) -> str:
        """A gateway endpoint serves its own region alone (AWS PrivateLink guide, 'Gateway endpoints')."""
        region = service_region(properties.service)
        here = world.placement(component.id).region
        return f"its service is in {region}, and it in {here}" if region and here and region != here else ""

    @staticmethod
    def _has_row(world: World, table: str, endpoint: str) -> bool:
        found = world.components.get(table)
        routes = found.properties.routes if found and isinstance(found.properties, RouteTableProperties) else ()
        return any(route.via == endpoint for route in routes)

    @staticmethod
    def _listed(properties: p.GatewayEndpointProperties, world: World) -> tuple[Block, ...] | None:
        for found in world.of_kind("prefix_list"):
            listed = found.properties
            if isinstance(listed, PrefixListProperties) and (
                found.id == properties.prefix_list
                or (properties.prefix_list is None and listed.name.endswith(properties.service))
            ):
                return tuple(parse_block(cidr) for cidr in listed.cidrs)
        return None

    @staticmethod
    def _assumed(properties: p.GatewayEndpointProperties, world: World) -> tuple[Block, ...]:
        """Return the address that stands for the service where the design has no prefix list of it."""
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
                        opens=False,
                    )
                )

    def attached(self, component: Component, world: World) -> Attached:
        properties = component.properties
        assert isinstance(properties, p.InterfaceEndpointProperties)
        service = provider_of(component, world)
        if service is not None:
            return Attached(Linked(service.id), state=_state(properties.state), opens=False)
        short = aws_name(properties.service)
        aws = bool(short)
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
            opens=False,
        )

    def leads_to(self, component: Component, world: World) -> tuple[str, str]:
        properties = component.properties
        assert isinstance(properties, p.InterfaceEndpointProperties)
        return world.placement(properties.vpc).region, short_name(properties.service)

    def named_in(self, component: Component, world: World) -> str | None:
        properties = component.properties
        assert isinstance(properties, p.InterfaceEndpointProperties)
        if properties.state != "available" or not properties.private_dns or dns_hindrance(properties.vpc, world):
            return None
        return properties.vpc


class EndpointServiceNetwork(NetworkPart):
    """An endpoint service is its balancers, and whom it serves."""

    def contribute(self, component: Component, world: World, builder: NetworkBuilder) -> None:
        properties = component.properties
        assert isinstance(properties, p.EndpointServiceProperties)
        refusals = {
            endpoint.id: why
            for endpoint in world.of_kind("interface_vpc_endpoint")
            if (found := provider_of(endpoint, world)) is not None
            and found.id == component.id
            and (why := service_refusal(component, endpoint, world))
        }
        builder.link(LinkedService(component.id, properties.balancers, refusals, _state(properties.state)))
