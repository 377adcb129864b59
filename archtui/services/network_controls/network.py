"""What VPC Block Public Access and flow logs are to packets."""

from __future__ import annotations

from archtui.model.component import Component
from archtui.network.builder import NetworkBuilder
from archtui.network.interface import NetworkPart
from archtui.network.policies import FlowLog, PublicAccess
from archtui.services.network_controls import properties as p
from archtui.world.world import World


class BlockPublicAccessNetwork(NetworkPart):
    """A mode for all VPCs of an account's region, with exclusions."""

    def contribute(self, component: Component, world: World, builder: NetworkBuilder) -> None:
        properties = component.properties
        assert isinstance(properties, p.BlockPublicAccessProperties)
        if properties.mode == "off":
            return
        place = world.placement(component.id)
        exclusions = {item.resource: item.allow for item in properties.exclusions}
        setting = PublicAccess(component.id, properties.mode, exclusions)
        builder.public_access(place.account, place.region, setting)


class FlowLogsNetwork(NetworkPart):
    """An observer: it changes nothing and notes what filters decide."""

    def contribute(self, component: Component, world: World, builder: NetworkBuilder) -> None:
        properties = component.properties
        assert isinstance(properties, p.FlowLogsProperties)
        builder.flow_log(FlowLog(component.id, properties.resource, properties.traffic))
