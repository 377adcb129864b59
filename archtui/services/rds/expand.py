"""Where databases stand when they do not say."""

from __future__ import annotations

from archtui.model.component import Component, Json
from archtui.services.rds.properties import DbInstanceProperties
from archtui.services.vpc.defaults import NeedsDefaultVpc, default_groups, subnets_for, zones_of_subnets
from archtui.world.expand import Draft, Expands
from archtui.world.world import zone_name

DB_STARTS = NeedsDefaultVpc(
    "db_instance", lambda c: isinstance(c.properties, DbInstanceProperties) and not c.properties.subnets
)


class ExpandsDbInstance(Expands):
    """A database without subnet group is in the default VPC's; without zone in the group's first one,
    its standby in the next; without groups in the VPC's default one (RDS User Guide, 'Working with a DB
    instance in a VPC', 'Settings for DB instances')."""

    order = 45

    def expand(self, component: Component, draft: Draft) -> None:
        properties = component.properties
        if not isinstance(properties, DbInstanceProperties):
            return
        region = properties.region or draft.blueprint.region
        subnets: list[Json] = list(properties.subnets) or subnets_for(draft, region)
        names = [str(subnet) for subnet in subnets]
        filled: dict[str, Json] = {"subnets": subnets, "port": properties.listener_port}
        zones = zones_of_subnets(draft, names)
        primary = self._full(properties.az, zones) or (zones[0] if zones else None)
        if primary:
            filled["az"] = primary
        if properties.multi_az:
            others = [zone for zone in zones if zone != primary]
            if others:
                filled["standby_az"] = others[0]
        if "security_groups" not in component.raw:
            filled |= default_groups(draft, names)
        draft.fill(component.id, filled)

    def _full(self, zone: str | None, zones: list[str]) -> str | None:
        """Return the full name of a zone, by the region of the subnets' zones."""
        if zone is None or len(zone) > 1 or not zones:
            return zone
        return zone_name(zone, zones[0][:-1])
