"""What APIs are to packets and names."""

from __future__ import annotations

from archtui.failure.interface import properties_as
from archtui.model.component import Component
from archtui.network.builder import InterfaceSpec, NetworkBuilder
from archtui.network.model import Silent
from archtui.services.api_gateway.properties import ApiGatewayProperties
from archtui.services.regional import RegionalApi
from archtui.world.world import World


class ApiNetwork(RegionalApi):
    """An API answers behind the ``execute-api`` name of its region; a VPC link gives it interfaces in subnets."""

    def __init__(self) -> None:
        super().__init__("execute-api", host="{id}.execute-api.{region}.amazonaws.com")

    def contribute(self, component: Component, world: World, builder: NetworkBuilder) -> None:
        super().contribute(component, world, builder)
        link = properties_as(component, ApiGatewayProperties).vpc_link
        why = f"the interfaces of the VPC link of {component.id} only send"
        for index, subnet in enumerate(link.subnets if link else ()):
            name = f"{component.id}:{subnet}"
            groups = link.security_groups if link else ()
            answer = Silent("PROTOCOL_RESTRICTION", why)
            builder.interface(InterfaceSpec(name, component.id, name, subnet, answer, groups, rank=index))
