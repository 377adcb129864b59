"""How instances and Auto Scaling groups come back."""

from __future__ import annotations

from archtui.failure.interface import Fails, Health, Mechanism, Situation, listed, mechanism, properties_as
from archtui.model.component import Component
from archtui.services.ec2.lookups import machine_of
from archtui.services.ec2.properties import (
    AutoScalingGroupProperties,
    Ec2InstanceProperties,
    LifecycleHook,
    PlacementGroupProperties,
)
from archtui.services.elb.properties import TargetGroupProperties
from archtui.services.lookups import as_kind
from archtui.world.faults import HasQuotas, Interruptible, Quota
from archtui.world.world import World

NOTICE = 120.0
"""Seconds between the notice of a spot interruption and its coming (EC2 User Guide, "Spot Instance interruption
notices")."""
STATUS_CHECKS = 60.0
"""Seconds between status checks (EC2 User Guide, "Status checks for your instances": every minute)."""


class InstanceFails(Fails):
    """An instance stays where it is: a lost zone keeps it down, a lost host may be left by itself.

    A member of an Auto Scaling group is the group's business. Only an instance that runs a database
    or a cache (``runs``) is taken to hold data that a journey writes.
    """

    sla = "ec2-instance"
    stress = "EC2"

    def starts_in(self, component: Component) -> float:
        return properties_as(component, Ec2InstanceProperties).boot_time

    def mechanisms(self, component: Component, situation: Situation) -> tuple[Mechanism, ...]:
        if not situation.is_down(component.id) or _is_replaced(component):
            return ()
        lost = situation.lost_zones(component.id)
        settings = properties_as(component, Ec2InstanceProperties)
        keeps = settings.runs in ("database", "cache")
        if lost or component.id not in situation.condition.down:
            return (
                mechanism(
                    "zonal_resource",
                    component.id,
                    lost=lost,
                    done=f"{component.id} stays down until its zone returns or a person starts another instance.",
                    keeps_data=keeps,
                ),
            )
        return (
            mechanism(
                "ec2.recovery",
                component.id,
                lost=(component.id,),
                done=f"If the host of {component.id} is what failed, AWS moves it to another one; otherwise a person "
                "starts it again.",
                hindered="" if settings.recovery else "simplified automatic recovery is switched off",
            ),
        )


def _is_replaced(component: Component) -> bool:
    return properties_as(component, Ec2InstanceProperties).auto_scaling_group is not None


class ScalingGroupFails(Fails, HasQuotas):
    """An Auto Scaling group replaces what it loses, in the zones that still work."""

    managed = True
    control_planes = ("ec2", "autoscaling")
    stress = "EC2"
    sla = "ec2-instance"
    quotas = (
        Quota(
            "ec2-vcpus",
            "vCPUs of running On-Demand instances of the account in the region",
            "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-on-demand-instances.html",
        ),
    )

    def pair_level(self, component: Component) -> str:
        return "ec2-region"

    def mechanisms(self, component: Component, situation: Situation) -> tuple[Mechanism, ...]:
        lost = _lost_members(component, situation)
        if not lost:
            return _misled(component, situation)
        group = properties_as(component, AutoScalingGroupProperties)
        members = tuple(name for name in group.instances if name in situation.world.components)
        working = situation.working_zones(component.id)
        machine = machine_of(situation.world, component.id)
        boot, started = time_to_serve(group, machine.boot_time if machine else 0.0, len(lost))
        detect, how = _detection(group, situation)
        if group.capacity_rebalance and set(lost) <= situation.condition.interrupted:
            detect, boot = 0.0, max(0.0, boot - NOTICE)
            how = f"started when AWS gave its notice, {NOTICE:g} s before"
        where = f" in {listed(working)}" if working else ""
        unplaced = bool(situation.world.placement(component.id).zones) and not working
        return (
            mechanism(
                "asg.instance",
                component.id,
                lost=lost,
                settings={"detect": detect, "boot_time": boot},
                formula=f"{how} + {boot:g} s {started}",
                noticed=f"{component.id} knows that {listed(lost)} is lost ({how}) and starts others{where}.",
                done=f"The new instances of {component.id}{where} serve.",
                control_planes=self.control_planes,
                hindered=_hindrance(component, members, situation)
                or abandoned(group)
                or _refused(group, unplaced, machine is None)
                or _bound(group, situation),
            ),
        )

    def health(self, component: Component, situation: Situation) -> Health:
        members = properties_as(component, AutoScalingGroupProperties).instances
        lost = _lost_members(component, situation)
        if situation.is_down(component.id) or (members and len(lost) == len(members)):
            return "lost"
        return "reduced" if lost else "up"


def _misled(component: Component, situation: Situation) -> tuple[Mechanism, ...]:
    """Say that a group that believes a wrong health check of its target groups replaces instances without end (Auto
    Scaling User Guide, "Health checks for instances in an Auto Scaling group")."""
    group = properties_as(component, AutoScalingGroupProperties)
    wrong = [name for name in group.target_groups if situation.condition.judgement(name) is False]
    if group.health_check_type != "ELB" or not wrong:
        return ()
    return (
        mechanism(
            "asg.instance",
            component.id,
            lost=tuple(wrong),
            done=f"{component.id} replaces its instances again and again: {wrong[0]} finds the new ones unhealthy too.",
            control_planes=ScalingGroupFails.control_planes,
            hindered=f"{wrong[0]} finds the new instances of {component.id} unhealthy too, so they are replaced again",
        ),
    )


def _lost_members(component: Component, situation: Situation) -> tuple[str, ...]:
    """Return the instances of a group that are lost; all of them where the group as a whole is down."""
    members = properties_as(component, AutoScalingGroupProperties).instances
    if situation.is_down(component.id):
        return members or (component.id,)
    return tuple(name for name in members if situation.is_down(name))


def _detection(group: AutoScalingGroupProperties, situation: Situation) -> tuple[float, str]:
    """Return how long it takes the group to know, and how that comes about."""
    if group.health_check_type == "ELB":
        for name in group.target_groups:
            settings = as_kind(situation.world, name, TargetGroupProperties)
            if settings and settings.health_check.enabled:
                check = settings.health_check
                return check.interval * check.unhealthy_threshold, (
                    f"{check.interval:g} s x {check.unhealthy_threshold} failed checks of {name}"
                )
    return STATUS_CHECKS, f"{STATUS_CHECKS:g} s between EC2 status checks"


def _hindrance(component: Component, members: tuple[str, ...], situation: Situation) -> str:
    """Say that the service of the group or of its instances is down as a whole; empty: neither is."""
    kinds = {component.kind.name, *(situation.world.kind(name).name for name in members)}
    return "the whole service is down" if kinds & situation.condition.services else ""


def time_to_serve(group: AutoScalingGroupProperties, boot: float, count: int) -> tuple[float, str]:
    """Return the seconds until ``count`` new instances serve, and in words what they are for.

    Sources: EC2 Auto Scaling User Guide, "Warm pools" (instances that wait are taken first), "Lifecycle hooks" (an
    instance waits until it is told to go on, or until the timeout where CONTINUE is the default result).
    """
    said = "to launch and boot"
    if group.warm_pool and group.warm_pool.min_size >= count:
        boot, said = group.warm_pool.start_time, "to come out of the warm pool"
    held = [_held(hook) for hook in group.lifecycle_hooks if hook.transition == "launching"]
    if any(held):
        boot, said = boot + sum(held), f"{said}, {sum(held):g} s of it held by lifecycle hooks"
    return boot, said


def _held(hook: LifecycleHook) -> float:
    """Return the seconds for which a hook holds an instance; one of which nothing is said holds nobody."""
    return min(hook.takes or 0.0, hook.heartbeat_timeout)


def abandoned(group: AutoScalingGroupProperties) -> str:
    """Say that a hook gives every new instance up before it is told to go on; empty: none does."""
    for hook in group.lifecycle_hooks:
        late = hook.takes is not None and hook.takes > hook.heartbeat_timeout
        if hook.transition == "launching" and late and hook.default_result == "ABANDON":
            return f"its lifecycle hook gives up after {hook.heartbeat_timeout:g} s and abandons each new instance"
    return ""


class SpotInterrupted(Interruptible):
    """AWS takes spot instances back two minutes after it said so (EC2 User Guide, "Spot Instance interruption
    notices")."""

    def spare(self, component: Component, world: World) -> tuple[str, ...]:
        properties = component.properties
        members = properties.instances if isinstance(properties, AutoScalingGroupProperties) else (component.id,)
        known = ((name, as_kind(world, name, Ec2InstanceProperties)) for name in members)
        return tuple(name for name, machine in known if machine and machine.purchasing == "spot")


def _bound(group: AutoScalingGroupProperties, situation: Situation) -> str:
    """Say that the group's cluster placement group holds it in a lost zone; empty: none does."""
    members = [name for name in group.instances if name in situation.world.components]
    named = [getattr(situation.world.components[name].properties, "placement_group", None) for name in members[:1]]
    placement = as_kind(situation.world, named[0] if named else None, PlacementGroupProperties)
    if placement is None or placement.strategy != "cluster":
        return ""
    zone = next(iter(situation.world.placement(members[0]).zones), "")
    return f"{named[0]} is a cluster placement group, bound to {zone}" if situation.zone_down(zone) else ""


def _refused(group: AutoScalingGroupProperties, unplaced: bool, no_template: bool) -> str:
    """Say why the group starts no instance; empty: it does."""
    if unplaced:
        return "none of its zones works"
    if group.max == 0 or (group.desired == 0):
        return "it is told to run no instance"
    return "" if group.launch_configuration or not no_template else "it has no launch template"


__all__ = ["InstanceFails", "ScalingGroupFails", "SpotInterrupted", "abandoned", "time_to_serve"]
