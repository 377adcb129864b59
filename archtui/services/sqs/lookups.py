"""What rules ask about queues."""

from __future__ import annotations

from archtui.services.lookups import each
from archtui.services.sqs.properties import SqsQueueProperties
from archtui.world.world import World


def sources_of(world: World, name: str) -> tuple[str, ...]:
    """Return the queues whose dead-letter queue ``name`` is, in the design's order."""
    return tuple(
        component.id
        for component, queue in each(world, SqsQueueProperties)
        if queue.dead_letter is not None and queue.dead_letter.queue == name
    )


def dead_letters(world: World) -> frozenset[str]:
    """Return everything that is named as a dead-letter queue: of a queue, a topic, a function, a rule."""
    return frozenset(
        edge.target
        for component in world.components.values()
        for edge in component.edges
        if "dead_letter" in edge.path or "on_failure" in edge.path
    )
