"""Edits about records that rules and remedies offer."""

from __future__ import annotations

from archtui.model.component import Json
from archtui.model.edits import Edit, add_component, join, set_property, unused_id
from archtui.services.lookups import as_kind
from archtui.services.route53.lookups import targets_of
from archtui.services.route53.properties import RecordProperties
from archtui.world.world import World


def watch(world: World, name: str) -> tuple[Edit, ...]:
    """Return the edit that lets Route 53 watch what record ``name`` points at; none where it cannot be told."""
    record = as_kind(world, name, RecordProperties)
    if record is None:
        return ()
    if record.alias:
        return (set_property(name, ("evaluate_target_health",), True),)
    if len(record.values) != 1:
        return ()
    body: dict[str, Json] = {"type": "TCP", "port": 443}
    if targets_of(world, record):
        body["target"] = record.values[0]
    elif record.type == "A":
        body["address"] = record.values[0]
    else:
        body["host"] = record.values[0]
    check = unused_id(world.components, f"{name}-check")
    edits = (add_component(check, "health_check", body), set_property(name, ("health_check",), check))
    return (join(f"watch {record.values[0]} with the health check {check}", edits),)
