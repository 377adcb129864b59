"""Placement groups: which instances share a rack.

Source: EC2 User Guide, "Placement strategies": a cluster group packs instances close together in one zone; a spread
group places each on a rack of its own, seven running ones at most for each zone; a partition group has up to seven
partitions for each zone, of which no two share a rack, and spreads instances evenly over them unless one is named.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from archtui.model.component import Component
from archtui.services.ec2.properties import Ec2InstanceProperties, PlacementGroupProperties
from archtui.world.racks import AssignsRacks
from archtui.world.world import World

SPREAD_LIMIT = 7
"""Running instances of a spread group in a zone."""


def members_of(group: Component, world: World) -> Iterator[tuple[str, str, int | None]]:
    """Yield the instances of a placement group with their zone and the partition they name."""
    for edge in world.referrers(group.id):
        properties = world.components[edge.source].properties
        if edge.path != ("placement_group",) or not isinstance(properties, Ec2InstanceProperties):
            continue
        if properties.state in ("running", "pending"):
            yield edge.source, next(iter(world.placement(edge.source).zones), ""), properties.partition


class GroupAssignsRacks(AssignsRacks):
    """A cluster is taken as one rack, an instance of a spread group has one, so has a partition in its zone."""

    def racks(self, component: Component, world: World) -> Mapping[str, tuple[str, ...]]:
        properties = component.properties
        if not isinstance(properties, PlacementGroupProperties):
            raise TypeError(f"{component.id} is no placement group")
        members = tuple(members_of(component, world))
        if properties.strategy == "cluster":
            return {"1": tuple(name for name, _, _ in members)} if members else {}
        if properties.strategy == "spread":
            return {str(number): (name,) for number, (name, _, _) in enumerate(members, 1)}
        return _partitions(members, properties.partitions)


def _partitions(members: tuple[tuple[str, str, int | None], ...], count: int) -> Mapping[str, tuple[str, ...]]:
    """Return the partitions with their instances: those that name one there, the others where the fewest are."""
    filled: dict[tuple[str, int], list[str]] = {}
    sizes = Counter((zone, number) for _, zone, number in members if number)
    for name, zone, number in members:
        if number is None:
            number = min((sizes[zone, each], each) for each in range(1, count + 1))[1]
            sizes[zone, number] += 1
        filled.setdefault((zone, number), []).append(name)
    zones = Counter(number for _, number in filled)
    return {
        f"{number}{zone[-1:] if zones[number] > 1 else ''}": tuple(filled[zone, number])
        for zone, number in sorted(filled)
    }


__all__ = ["SPREAD_LIMIT", "GroupAssignsRacks", "members_of"]
