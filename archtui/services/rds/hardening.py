"""What makes a database fail less."""

from __future__ import annotations

from collections.abc import Iterator

from archtui.failure.interface import properties_as
from archtui.failure.remedies.interface import Cost, Hardens, Remedy
from archtui.model.component import Component
from archtui.model.edits import join, set_property
from archtui.services.lookups import zones_of
from archtui.services.rds.properties import DbInstanceProperties
from archtui.services.spread import add_zone
from archtui.world.world import World


class DatabaseHardens(Hardens):
    """A standby in another zone."""

    def remedies(self, component: Component, world: World) -> tuple[Remedy, ...]:
        return tuple(_remedies(component, world))


def _remedies(component: Component, world: World) -> Iterator[Remedy]:
    database = properties_as(component, DbInstanceProperties)
    if database.multi_az or database.replica_of:
        return
    on = set_property(component.id, ("multi_az",), True)
    zones = len(zones_of(world, database.subnets))
    wider = add_zone(world, component.id, database.subnets) if database.subnets and zones < 2 else ()
    edit = join(f"turn Multi-AZ on for {component.id}", (*wider, on))
    why = "A synchronous standby in another zone takes over by itself, under the same name, and nothing is lost."
    yield Remedy("rds.multi_az", component.id, edit, Cost.HIGH, why)
