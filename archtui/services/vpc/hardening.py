"""What makes a NAT gateway matter less."""

from __future__ import annotations

from archtui.failure.remedies.interface import Cost, Hardens, Remedy
from archtui.model.component import Component
from archtui.services.vpc.edits import nat_of_each_zone
from archtui.world.world import World


class NatGatewayHardens(Hardens):
    """A gateway for each zone that it serves."""

    def remedies(self, component: Component, world: World) -> tuple[Remedy, ...]:
        edit = nat_of_each_zone(world, component.id)
        why = "A NAT gateway is lost with its zone; with one in each, the other zones keep their way out."
        return (Remedy("nat_gateway.each_zone", component.id, edit, Cost.LOW, why),) if edit else ()
