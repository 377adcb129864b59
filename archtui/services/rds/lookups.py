"""What rules ask about databases."""

from __future__ import annotations

from archtui.services.lookups import each
from archtui.services.rds.properties import DbInstanceProperties
from archtui.world.world import World


def replicas_of(world: World, name: str) -> tuple[str, ...]:
    """Return the read replicas that ``name`` feeds directly, in the design's order."""
    return world.part(_replicas).get(name, ())


def _replicas(world: World) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for component, database in each(world, DbInstanceProperties):
        if database.replica_of:
            found.setdefault(database.replica_of, []).append(component.id)
    return {source: tuple(names) for source, names in found.items()}
