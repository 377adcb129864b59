"""What rules ask about names: full names of records, sets of records, what a name leads to."""

from __future__ import annotations

from collections.abc import Mapping

from archtui.model.component import Component
from archtui.services.lookups import as_kind, each
from archtui.services.route53.properties import HostedZoneProperties, RecordProperties
from archtui.world.world import World


def bare(name: str) -> str:
    """Return a name in lower case without the dot at its end."""
    return name.lower().rstrip(".")


def is_inside(name: str, zone: str) -> bool:
    """Say whether ``name`` is ``zone`` or below it."""
    return bare(name) == bare(zone) or bare(name).endswith(f".{bare(zone)}")


def full_name(world: World, record: RecordProperties) -> str:
    """Return the full name of ``record``: ``@`` is the zone's apex, a name outside the zone is relative to it."""
    zone = as_kind(world, record.zone, HostedZoneProperties)
    name = bare(record.name)
    if zone is None or is_inside(name, zone.name):
        return name
    return bare(zone.name) if name in ("@", "") else f"{name}.{bare(zone.name)}"


def record_sets(world: World) -> Mapping[tuple[str, str, str], tuple[tuple[Component, RecordProperties], ...]]:
    """Return the records by (zone, full name, type), in the design's order."""
    return world.part(_record_sets)


def _record_sets(world: World) -> Mapping[tuple[str, str, str], tuple[tuple[Component, RecordProperties], ...]]:
    found: dict[tuple[str, str, str], tuple[tuple[Component, RecordProperties], ...]] = {}
    for component, record in each(world, RecordProperties):
        key = (record.zone, full_name(world, record), record.type)
        found[key] = (*found.get(key, ()), (component, record))
    return found


def siblings(world: World, record: RecordProperties) -> tuple[Component, ...]:
    """Return the records of the same name and type in the same zone, itself included."""
    members = record_sets(world).get((record.zone, full_name(world, record), record.type), ())
    return tuple(member for member, _ in members)


def targets_of(world: World, record: RecordProperties) -> tuple[str, ...]:
    """Return the components that ``record`` points at, by alias or value."""
    named = ((record.alias,) if record.alias else ()) + record.values
    return tuple(name for name in named if name in world.components)


def records_to(world: World, target: str) -> tuple[str, ...]:
    """Return the records that lead to ``target``, in the design's order."""
    return world.part(_records_by_target).get(target, ())


def _records_by_target(world: World) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for component, record in each(world, RecordProperties):
        for target in dict.fromkeys(targets_of(world, record)):
            found.setdefault(target, []).append(component.id)
    return {target: tuple(names) for target, names in found.items()}


def names_of(world: World, target: str) -> tuple[str, ...]:
    """Return the full names of the records that lead to ``target``, in the design's order."""
    records = (as_kind(world, name, RecordProperties) for name in records_to(world, target))
    return tuple(dict.fromkeys(full_name(world, record) for record in records if record))


def ttl_of(record: RecordProperties) -> int:
    """Return the seconds a resolver keeps the answer: what is written, 60 for an alias, otherwise 300.

    Route 53 answers an alias to a load balancer with 60 seconds ("Choosing between alias and non-alias
    records"); 300 seconds is the console's default for other records.
    """
    if record.ttl is not None:
        return record.ttl
    return 60 if record.alias else 300


def names_by_record(world: World, record: str) -> tuple[str, ...]:
    """Return the full name of component ``record`` if it is a record."""
    found = as_kind(world, record, RecordProperties)
    return (full_name(world, found),) if found else ()


def is_apex(world: World, record: RecordProperties) -> bool:
    """Say whether ``record`` is named as its zone itself."""
    zone = as_kind(world, record.zone, HostedZoneProperties)
    return zone is not None and full_name(world, record) == bare(zone.name)
