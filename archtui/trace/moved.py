"""The world in which what recovers elsewhere has done so: an Auto Scaling group's new instances in other zones."""

from __future__ import annotations

from collections.abc import Callable

from archtui.model.operations import Operation
from archtui.trace.interface import MovesAway
from archtui.world.compiler import compile_world
from archtui.world.condition import Condition
from archtui.world.world import World


def world_under(world: World, condition: Condition, acts: Callable[[str], bool]) -> World:
    """Return ``world`` with what has moved away from what ``condition`` breaks; ``acts``: what has taken effect."""
    operations: list[Operation] = []
    for kind, moves in world.with_behaviour(MovesAway):
        for component in world.of_kind(kind.name):
            operations.extend(moves.moved(component, world, condition, acts))
    if not operations:
        return world
    made = world.part(_made)
    key = repr(operations)
    if key not in made:
        made[key] = compile_world(world.blueprint.edited(tuple(operations))[0], world)
    return made[key]


def _made(_: World) -> dict[str, World]:
    """The worlds made so far by the edits that lead there, kept with the one they came from."""
    return {}
