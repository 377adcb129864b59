"""Who hands a request on to one of the components it names: distributions, accelerators, APIs."""

from __future__ import annotations

from archtui.model.component import Component
from archtui.world.world import World


class HandsOn:
    """Behaviour of a kind that hands each request on to one of what its ``targets`` references name.

    The rules about journeys follow it as they follow records and balancers.
    """

    def hands_to(self, component: Component, world: World) -> tuple[str, ...]:
        """Return the components that may get a request."""
        found = (edge.target for edge in component.edges if edge.role == "targets")
        return tuple(dict.fromkeys(name for name in found if name in world.components))
