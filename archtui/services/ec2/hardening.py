"""What makes instances and groups of them fail less."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy

from archtui.failure.interface import properties_as
from archtui.failure.remedies.interface import Cost, Hardens, Remedy
from archtui.model.component import Component, Json
from archtui.model.edits import Edit, add_component, join, set_property, unused_id
from archtui.model.operations import Remove, Set
from archtui.services.ec2.properties import AutoScalingGroupProperties, LaunchTemplateProperties
from archtui.services.elb.properties import TargetGroupProperties
from archtui.services.lookups import each, zones_of
from archtui.services.spread import add_zone, subnet_elsewhere
from archtui.world.world import World


class InstanceHardens(Hardens):
    """An Auto Scaling group of two in two zones instead of a single instance behind a balancer."""

    def remedies(self, component: Component, world: World) -> tuple[Remedy, ...]:
        edit = _as_group(component, world)
        if edit is None:
            return ()
        why = "A group replaces an instance that fails, in whichever of its zones works."
        return (Remedy("ec2.auto_scaling", component.id, edit, Cost.MEDIUM, why),)


def _as_group(component: Component, world: World) -> Edit | None:
    """Return the edit that turns an instance into a group under the same id; None where it cannot be one."""
    raw = world.blueprint.components[component.id].raw
    homes = [
        (group.id, place)
        for group, settings in each(world, TargetGroupProperties)
        for place, target in enumerate(settings.targets)
        if target.id == component.id and not group.implicit
    ]
    subnet = raw.get("subnet")
    known = {"subnet", "public_ip", *LaunchTemplateProperties.model_fields}
    if not homes or not isinstance(subnet, str) or not set(raw) <= known or raw.get("runs"):
        return None
    other = subnet_elsewhere(world, subnet, world.placement(component.id).zones)
    if other is None:
        return None
    template = unused_id(world.components, f"{component.id}-template")
    body: dict[str, Json] = {
        "kind": "auto_scaling_group",
        "subnets": [subnet, other.subnet],
        "launch_template": template,
        "min": 2,
        "desired": 2,
        "max": 4,
        "target_groups": [name for name, _ in homes],
        "health_check_type": "ELB",
    }
    machine = {key: deepcopy(value) for key, value in raw.items() if key not in ("subnet", "public_ip")}
    label = f"run {component.id} as an Auto Scaling group in two zones"
    changed = Edit(
        label,
        (
            Set(("components", component.id), body),
            *(Remove(("components", name, "targets", place)) for name, place in reversed(homes)),
        ),
    )
    return join(label, (*other.edits, add_component(template, "launch_template", machine), changed))


class ScalingGroupHardens(Hardens):
    """One more zone, a second instance, and the balancer's word on health."""

    def remedies(self, component: Component, world: World) -> tuple[Remedy, ...]:
        return tuple(self._remedies(component, world))

    @staticmethod
    def _remedies(component: Component, world: World) -> Iterator[Remedy]:
        group = properties_as(component, AutoScalingGroupProperties)
        if len(zones_of(world, group.subnets)) < 2:
            why = "With subnets in two zones, the group starts instances in the other one when a zone is lost."
            for edit in add_zone(world, component.id, group.subnets):
                yield Remedy("asg.zone", component.id, edit, Cost.NONE, why)
        if max(group.min, group.desired or 0) < 2:
            edits = [set_property(component.id, ("min",), 2)]
            if group.max < 2:
                edits.append(set_property(component.id, ("max",), 2))
            if group.desired is not None and group.desired < 2:
                edits.append(set_property(component.id, ("desired",), 2))
            why = "With two instances one answers while the other is replaced: nothing has to be started first."
            yield Remedy(
                "asg.two", component.id, join(f"keep two instances in {component.id}", edits), Cost.MEDIUM, why
            )
        if group.target_groups and group.health_check_type == "EC2":
            edit = set_property(component.id, ("health_check_type",), "ELB")
            why = "The group replaces what the balancer finds unhealthy, not only what fails its status checks."
            yield Remedy("asg.elb_health", component.id, edit, Cost.NONE, why)
