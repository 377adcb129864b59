"""Edits about balancers that several rules offer."""

from __future__ import annotations

from archtui.model.component import Json
from archtui.model.edits import Edit, append_to, join
from archtui.services.ec2.properties import Ec2InstanceProperties
from archtui.services.elb.properties import TargetGroupProperties
from archtui.services.lookups import as_kind
from archtui.services.spread import twin_instance
from archtui.world.world import World


def register_twin(world: World, group: str, model: str) -> tuple[Edit, ...]:
    """Return the edit that adds an instance like ``model`` in another zone and registers it in ``group``.

    None where ``model`` is no instance that the group names itself, or no twin can be made.
    """
    properties = as_kind(world, group, TargetGroupProperties)
    target = next((item for item in properties.targets if item.id == model), None) if properties else None
    if target is None or as_kind(world, model, Ec2InstanceProperties) is None:
        return ()
    found = twin_instance(world, model)
    if found is None:
        return ()
    twin, edits = found
    entry: Json = {"id": twin, "port": target.port} if target.port else twin
    register = append_to(world.blueprint, group, ("targets",), entry)
    return (join(f"add {twin} in another zone and register it in {group}", (*edits, register)),)
