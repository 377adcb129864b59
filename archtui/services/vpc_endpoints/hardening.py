"""What makes an interface endpoint fail less."""

from __future__ import annotations

from archtui.failure.interface import properties_as
from archtui.failure.remedies.interface import Cost, Hardens, Remedy
from archtui.model.component import Component
from archtui.services.lookups import zones_of
from archtui.services.spread import add_zone
from archtui.services.vpc_endpoints.properties import InterfaceEndpointProperties
from archtui.world.world import World


class InterfaceEndpointHardens(Hardens):
    """An interface in one more zone."""

    def remedies(self, component: Component, world: World) -> tuple[Remedy, ...]:
        subnets = properties_as(component, InterfaceEndpointProperties).subnets
        if len(zones_of(world, subnets)) > 1:
            return ()
        why = "With an interface in another zone, its name leads there when the first zone is lost."
        return tuple(
            Remedy("vpc_endpoint.zone", component.id, edit, Cost.LOW, why)
            for edit in add_zone(world, component.id, subnets)
        )
