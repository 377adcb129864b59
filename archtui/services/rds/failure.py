"""How a database comes back: its standby by itself, everything else by hand."""

from __future__ import annotations

from dataclasses import replace

from archtui.failure.interface import Fails, Health, Mechanism, Situation, behind, mechanism, properties_as
from archtui.model.component import Component
from archtui.services.rds.properties import DbInstanceProperties
from archtui.world.faults import Lags
from archtui.world.world import World, zone_name


class DatabaseFails(Fails, Lags):
    """A Multi-AZ instance fails over to its standby; a single instance or a replica needs a person.

    RDS promises a level for Multi-AZ instances alone; each copy of the data runs on one instance.
    """

    sla = "ec2-instance"

    def pair_level(self, component: Component) -> str:
        return "amazon-rds-multiaz" if properties_as(component, DbInstanceProperties).multi_az else ""

    def copies(self, component: Component, world: World) -> bool:
        """A read replica follows its primary asynchronously; a standby does so synchronously."""
        return bool(properties_as(component, DbInstanceProperties).replica_of)

    def crosses(self, component: Component, world: World) -> tuple[str, ...]:
        source = properties_as(component, DbInstanceProperties).replica_of
        if not source or source not in world.components:
            return ()
        regions = {world.placement(component.id).region, world.placement(source).region}
        return tuple(sorted(regions)) if len(regions) > 1 else ()

    def mechanisms(self, component: Component, situation: Situation) -> tuple[Mechanism, ...]:
        settings = properties_as(component, DbInstanceProperties)
        primary, standby = zones_of_pair(component, situation)
        by_itself = component.id in situation.condition.down
        if settings.replica_of:
            return self._promotion(component, settings.replica_of, situation)
        if not by_itself and primary not in situation.lost_zones(component.id):
            return ()
        lost = (component.id,) if by_itself else (f"{component.id} in {primary}",)
        if not settings.multi_az:
            return (
                mechanism(
                    "rds.single_az",
                    component.id,
                    lost=lost,
                    done=f"{component.id} has no standby: a person restores a backup to a new instance.",
                ),
            )
        where = f" in {standby}" if standby else ""
        hindered = _hindrance(component, standby, situation)
        failover = mechanism(
            "rds.multi_az_instance",
            component.id,
            lost=lost,
            formula="typical failover time, detection included",
            done=f"The standby of {component.id}{where} is promoted; its name leads there now.",
            hindered=hindered,
        )
        return (replace(failover, data_loss=None) if hindered else failover,)

    def _promotion(self, component: Component, primary: str, situation: Situation) -> tuple[Mechanism, ...]:
        """Offer the replica as what a person could promote where its primary is gone for good."""
        source = situation.world.components.get(primary)
        if situation.is_down(component.id):
            return (
                mechanism(
                    "zonal_resource",
                    component.id,
                    lost=(component.id,),
                    done=f"{component.id} stays down until its zone returns or a person creates another replica.",
                    keeps_data=False,
                ),
            )
        if source is None or source.kind.stands_in:
            return ()
        ways_back = self.mechanisms(source, situation)
        if not ways_back or all(way.automatic and not way.hindered for way in ways_back):
            return ()
        found = mechanism(
            "rds.read_replica",
            component.id,
            lost=(primary,),
            done=f"A person promotes the read replica {component.id} in place of {primary} and points "
            "the applications to it.",
        )
        return (behind(found, situation, component.id),)

    def health(self, component: Component, situation: Situation) -> Health:
        primary, standby = zones_of_pair(component, situation)
        if component.id in situation.condition.down or primary in situation.lost_zones(component.id):
            return "lost"
        if situation.world.placement(component.id).region in situation.condition.regions:
            return "lost"
        multi = properties_as(component, DbInstanceProperties).multi_az
        return "reduced" if multi and standby in situation.lost_zones(component.id) else "up"


def _hindrance(component: Component, standby: str, situation: Situation) -> str:
    if component.kind.name in situation.condition.services:
        return "the whole service is down"
    if situation.world.placement(component.id).region in situation.condition.regions:
        return "its region is lost, the standby with it"
    if standby in situation.lost_zones(component.id):
        return f"the standby's zone {standby} is lost too"
    return ""


def zones_of_pair(component: Component, situation: Situation) -> tuple[str, str]:
    """Return the zones of the primary and of the standby in full; empty where not known."""
    settings = properties_as(component, DbInstanceProperties)
    place = situation.world.placement(component.id)
    world = situation.world
    known = [name for name in settings.subnets if name in world.components]
    subnets = dict.fromkeys(zone for name in known for zone in world.placement(name).zones)
    primary = zone_name(settings.az, place.region) if settings.az else next(iter(subnets), "")
    if settings.standby_az:
        return primary, zone_name(settings.standby_az, place.region)
    return primary, next((zone for zone in subnets if zone != primary), "") if settings.multi_az else ""


__all__ = ["DatabaseFails", "zones_of_pair"]
