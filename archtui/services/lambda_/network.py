"""What Lambda functions are to packets: interfaces that only send."""

from __future__ import annotations

from archtui.failure.interface import properties_as
from archtui.model.component import Component
from archtui.network.builder import InterfaceSpec, NetworkBuilder
from archtui.network.interface import NetworkPart
from archtui.network.model import Silent
from archtui.services.lambda_.properties import LambdaFunctionProperties
from archtui.world.world import World


class FunctionNetwork(NetworkPart):
    """A function in a VPC sends from an interface in each of its subnets, never with a public address.

    Source: Lambda Developer Guide, "Giving Lambda functions access to resources in an Amazon VPC" and "Enable
    internet access for VPC-connected Lambda functions" (a public subnet alone gives none).
    """

    def contribute(self, component: Component, world: World, builder: NetworkBuilder) -> None:
        properties = properties_as(component, LambdaFunctionProperties)
        why = f"the interfaces of {component.id} only send: a function is called by the Lambda API"
        for index, subnet in enumerate(properties.subnets):
            name = f"{component.id}:{subnet}"
            answer = Silent("PROTOCOL_RESTRICTION", why)
            spec = InterfaceSpec(name, component.id, name, subnet, answer, properties.security_groups, rank=index)
            builder.interface(spec)
