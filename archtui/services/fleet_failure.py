"""How a service of equal members (tasks, pods) replaces what it loses."""

from __future__ import annotations

from typing import ClassVar

from archtui.failure.interface import Fails, Health, Mechanism, Situation, listed, mechanism, properties_as
from archtui.model.component import Component
from archtui.services.container_requests import ContainerReceives
from archtui.services.containers import ContainerProperties, FleetProperties
from archtui.services.elb.properties import TargetGroupProperties
from archtui.services.image_pull import hindered_pull
from archtui.services.lookups import as_kind
from archtui.services.members import MemberProperties


def is_lost(name: str, situation: Situation) -> bool:
    """Whether a member does not work: it, its zone, or the host it runs on."""
    host = properties_as(situation.world.components[name], ContainerProperties).host
    return situation.is_down(name) or (host is not None and situation.is_down(host))


class FleetFails(Fails):
    """A service replaces the members it loses."""

    managed = True
    name: ClassVar[str]
    """The mechanism in the failover table."""
    member: ClassVar[str]
    """What a member is called."""

    def detection(self, component: Component, situation: Situation) -> tuple[dict[str, float], str]:
        """Return the settings that say when a loss is noticed, and how that comes about.

        A health check counts as soon as one target group has it; without any the table's own value stands.
        """
        for registration in properties_as(component, FleetProperties).load_balancers:
            group = as_kind(situation.world, registration.target_group, TargetGroupProperties)
            if group and group.health_check.enabled:
                check = group.health_check
                seconds = check.interval * check.unhealthy_threshold
                how = f"{check.interval:g} s x {check.unhealthy_threshold} failed checks of {registration.target_group}"
                return {"detect": seconds}, how
        return {}, f"the scheduler notices that the {self.member} is gone"

    def mechanisms(self, component: Component, situation: Situation) -> tuple[Mechanism, ...]:
        fleet = properties_as(component, FleetProperties)
        lost = tuple(name for name in fleet.members if is_lost(name, situation))
        if not lost and not situation.is_down(component.id):
            return ()
        working = situation.working_zones(component.id)
        settings, how = self.detection(component, situation)
        unplaced = bool(situation.world.placement(component.id).zones) and not working
        names = listed(lost or (component.id,))
        where = f" in {listed(working)}" if working else ""
        hindered = self._hindrance(component, fleet, situation) or ("none of its zones works" if unplaced else "")
        return (
            mechanism(
                self.name,
                component.id,
                lost=lost or (component.id,),
                settings={**settings, "start_time": fleet.start_time},
                formula=f"{how} + {fleet.start_time:g} s to start",
                noticed=f"{component.id} knows that {names} is lost ({how}) and starts others{where}.",
                done=f"The new {self.member}s of {component.id}{where} serve.",
                control_planes=self.control_planes,
                keeps_data=False,
                hindered=hindered,
            ),
        )

    def _hindrance(self, component: Component, fleet: FleetProperties, situation: Situation) -> str:
        world = situation.world
        kinds = {component.kind.name, *(world.kind(name).name for name in fleet.members)}
        if kinds & situation.condition.services:
            return "the whole service is down"
        hosts = {
            host for name in fleet.members if (host := properties_as(world.components[name], ContainerProperties).host)
        }
        if hosts and all(situation.is_down(host) for host in hosts):
            return "none of its hosts works"
        return "it is told to run none" if fleet.desired == 0 else not_pulled(fleet, situation)

    def health(self, component: Component, situation: Situation) -> Health:
        members = properties_as(component, FleetProperties).members
        lost = [name for name in members if is_lost(name, situation)]
        if situation.is_down(component.id) or (members and len(lost) == len(members)):
            return "lost"
        return "reduced" if lost else "up"


def not_pulled(fleet: FleetProperties, situation: Situation) -> str:
    """Say that no new member could pull its image where others still run; empty: one could, or nothing is said."""
    found = ""
    for name in fleet.members:
        component = situation.world.components[name]
        receives = component.kind.behaviour(ContainerReceives)
        if receives is None or is_lost(name, situation):
            continue
        image, machine = receives.image(component, situation.world)
        why = hindered_pull(machine, image, situation.at_rest)
        if not why:
            return ""
        found = found or why
    return found.rstrip(".")


class MemberFails(Fails):
    """A member that a service keeps is the service's business; one that nobody keeps stays away."""

    def mechanisms(self, component: Component, situation: Situation) -> tuple[Mechanism, ...]:
        kept = properties_as(component, MemberProperties).service
        if kept or not situation.is_down(component.id):
            return ()
        text = f"{component.id} stays down until a person starts another: no service keeps it."
        return (
            mechanism(
                "zonal_resource",
                component.id,
                lost=situation.lost_zones(component.id) or (component.id,),
                done=text,
                keeps_data=False,
            ),
        )
