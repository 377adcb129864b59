"""How instances and Auto Scaling groups come back."""

from __future__ import annotations

from archtui.failure.interface import Fails, Health, Mechanism, Situation, listed, mechanism, properties_as
from archtui.model.component import Component
from archtui.services.ec2.lookups import machine_of
from archtui.services.ec2.properties import AutoScalingGroupProperties, Ec2InstanceProperties
from archtui.services.elb.lookups import registered
from archtui.services.elb.properties import TargetGroupProperties
from archtui.services.lookups import each

STATUS_CHECKS = 60.0
"""Seconds between status checks (EC2 User Guide, "Status checks for your instances": every minute)."""


class InstanceFails(Fails):
    """An instance stays where it is: a lost zone keeps it down, a lost host may be left by itself.

    Only one that runs a database or a cache (``runs``) is taken to hold data that a journey writes.
    """

    def mechanisms(self, component: Component, situation: Situation) -> tuple[Mechanism, ...]:
        if not situation.is_down(component.id):
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


class ScalingGroupFails(Fails):
    """An Auto Scaling group replaces what it loses, in the zones that still work.

    Fewer instances than zones stand in the first zones, in order of their names.
    """

    managed = True
    control_planes = ("ec2", "autoscaling")

    def mechanisms(self, component: Component, situation: Situation) -> tuple[Mechanism, ...]:
        if self.health(component, situation) == "up":
            return ()
        group = properties_as(component, AutoScalingGroupProperties)
        gone, working = situation.lost_zones(component.id), situation.working_zones(component.id)
        machine = machine_of(situation.world, component.id)
        boot = machine.boot_time if machine else 0.0
        detect, how = _detection(component, group, situation)
        where = f" in {listed(working)}" if working else ""
        unplaced = bool(situation.world.placement(component.id).zones) and not working
        return (
            mechanism(
                "asg.instance",
                component.id,
                lost=tuple(f"{component.id} in {zone}" for zone in gone) or (component.id,),
                settings={"detect": detect, "boot_time": boot},
                formula=f"{how} + {boot:g} s to launch and boot",
                noticed=f"{component.id} knows that instances are lost ({how}) and starts others{where}.",
                done=f"The new instances of {component.id}{where} serve.",
                control_planes=self.control_planes,
                hindered=_hindrance(group, unplaced, machine is None),
            ),
        )

    def health(self, component: Component, situation: Situation) -> Health:
        if situation.is_down(component.id):
            return "lost"
        gone = situation.lost_zones(component.id)
        if not gone:
            return "up"
        group = properties_as(component, AutoScalingGroupProperties)
        wanted = group.desired if group.desired is not None else group.min
        first = situation.world.placement(component.id).zones[:wanted]
        return "lost" if all(zone in gone for zone in first) else "reduced"


def _detection(component: Component, group: AutoScalingGroupProperties, situation: Situation) -> tuple[float, str]:
    """Return how long it takes the group to know, and how that comes about."""
    if group.health_check_type == "ELB":
        for target_group, settings in each(situation.world, TargetGroupProperties):
            names = {item.name for item in registered(situation.world, target_group.id)}
            check = settings.health_check
            if component.id in names and check.enabled:
                return check.interval * check.unhealthy_threshold, (
                    f"{check.interval:g} s x {check.unhealthy_threshold} failed checks of {target_group.id}"
                )
    return STATUS_CHECKS, f"{STATUS_CHECKS:g} s between EC2 status checks"


def _hindrance(group: AutoScalingGroupProperties, unplaced: bool, no_template: bool) -> str:
    if unplaced:
        return "none of its zones works"
    if group.max == 0 or (group.desired == 0):
        return "it is told to run no instance"
    return "" if group.launch_configuration or not no_template else "it has no launch template"


__all__ = ["InstanceFails", "ScalingGroupFails"]
