"""What a component says of its own recovery after a failure."""

from __future__ import annotations

from archtui.facts import Span
from archtui.failure.interface import Fails, Situation
from archtui.world.condition import condition_for
from archtui.world.world import World


def mechanism_seconds(world: World, name: str, *down: str) -> dict[str, Span | None]:
    """Return the seconds of each mechanism by which ``name`` gets over the loss of ``down``."""
    component = world.components[name]
    fails = component.kind.behaviour(Fails)
    assert fails is not None
    return {
        each.name: each.seconds for each in fails.mechanisms(component, Situation(world, condition_for(world, down)))
    }
