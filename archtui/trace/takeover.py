"""Which of the components that are down another part has taken over for."""

from __future__ import annotations

from archtui.trace.interface import StandsIn
from archtui.world.condition import Condition
from archtui.world.world import World


def stood_in_for(world: World, condition: Condition) -> frozenset[str]:
    """Return the components that are down and for which another part has taken over.

    Where a whole service is down, every part of it is.
    """
    standing = set()
    for name in condition.down:
        component = world.components.get(name)
        if component and component.kind.name in condition.services:
            continue
        stands = component.kind.behaviour(StandsIn) if component else None
        if component and stands and stands.stands_in(component, world, condition, condition.acts):
            standing.add(name)
    return frozenset(standing)
