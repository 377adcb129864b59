"""What APIs are to packets and names."""

from __future__ import annotations

from archtui.failure.interface import properties_as
from archtui.model.component import Component
from archtui.network.builder import InterfaceSpec, NetworkBuilder
from archtui.network.model import Linked, LinkedService, Silent
from archtui.services.api_gateway.properties import ApiGatewayProperties
from archtui.services.elb.properties import LoadBalancerProperties
from archtui.services.regional import RegionalApi
from archtui.world.world import World


def asking_from(api: str, balancer: str, subnet: str) -> str:
    """Return the interface that stands for API Gateway's side of a PrivateLink to ``balancer`` in a subnet."""
    return f"{api}:from:{balancer}:{subnet}"


def linked_at(api: str, balancer: str, subnet: str) -> str:
    """Return the interface that stands for the endpoint of a PrivateLink to ``balancer`` in a subnet."""
    return f"{api}:to:{balancer}:{subnet}"


class ApiNetwork(RegionalApi):
    """An API answers behind the ``execute-api`` name of its region; a VPC link gives it interfaces in subnets.

    A link of a REST API to a Network Load Balancer is a PrivateLink that AWS keeps: the balancer sees it as it sees
    any endpoint, and the targets see the balancer's address. Its two ends stand beside each node of the balancer.
    """

    def __init__(self) -> None:
        super().__init__("execute-api", host="{id}.execute-api.{region}.amazonaws.com")

    def contribute(self, component: Component, world: World, builder: NetworkBuilder) -> None:
        super().contribute(component, world, builder)
        link = properties_as(component, ApiGatewayProperties).vpc_link
        if link is None:
            return
        answer = Silent("PROTOCOL_RESTRICTION", f"the interfaces of the VPC link of {component.id} only send")
        for index, subnet in enumerate(link.subnets):
            name = f"{component.id}:{subnet}"
            spec = InterfaceSpec(name, component.id, name, subnet, answer, link.security_groups, rank=index)
            builder.interface(spec)
        for balancer in link.balancers:
            settings = world.components[balancer].properties
            service = f"{component.id}:{balancer}"
            builder.link(LinkedService(service, (balancer,), {}))
            for subnet in settings.subnets if isinstance(settings, LoadBalancerProperties) else ():
                name = asking_from(component.id, balancer, subnet)
                builder.interface(InterfaceSpec(name, component.id, name, subnet, answer, None))
                name = linked_at(component.id, balancer, subnet)
                ends = Linked(service)
                builder.interface(InterfaceSpec(name, component.id, name, subnet, ends, None, rank=1, opens=False))
