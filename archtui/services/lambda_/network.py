"""What Lambda functions are to packets: interfaces that only send; and the names by which they are called."""

from __future__ import annotations

from archtui.failure.interface import properties_as
from archtui.model.component import Component
from archtui.network.builder import InterfaceSpec, NetworkBuilder
from archtui.network.model import Silent
from archtui.services.lambda_.gate import url_host
from archtui.services.lambda_.properties import LambdaFunctionProperties
from archtui.services.regional import RegionalApi, region_of
from archtui.world.world import World


class FunctionNetwork(RegionalApi):
    """A function is called by the Lambda API of its region, or by its URL; in a VPC it sends from an interface in
    each of its subnets, never with a public address.

    Source: Lambda Developer Guide, "Giving Lambda functions access to resources in an Amazon VPC", "Enable internet
    access for VPC-connected Lambda functions" (a public subnet alone gives none) and "Creating and managing Lambda
    function URLs".
    """

    def __init__(self) -> None:
        super().__init__("lambda")

    def contribute(self, component: Component, world: World, builder: NetworkBuilder) -> None:
        super().contribute(component, world, builder)
        properties = properties_as(component, LambdaFunctionProperties)
        why = f"the interfaces of {component.id} only send: a function is called by the Lambda API"
        for index, subnet in enumerate(properties.subnets):
            name = f"{component.id}:{subnet}"
            answer = Silent("PROTOCOL_RESTRICTION", why)
            spec = InterfaceSpec(name, component.id, name, subnet, answer, properties.security_groups, rank=index)
            builder.interface(spec)

    def names(self, component: Component, world: World) -> tuple[str, ...]:
        if properties_as(component, LambdaFunctionProperties).url is None:
            return ()
        return (url_host(component, region_of(component, world)),)
