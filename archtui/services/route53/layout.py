"""How names are drawn: above the regions, as what they are called."""

from __future__ import annotations

from typing_extensions import override

from archtui.layout.depict import Always, Depiction, Depicts
from archtui.model.component import Component
from archtui.services.route53.properties import HostedZoneProperties, RecordProperties
from archtui.world.world import World

HEALTH_CHECK = Always(Depiction("outside", style="dns"))


class DepictsZone(Depicts):
    """A node with the domain's name."""

    @override
    def depict(self, component: Component, world: World) -> Depiction:
        """Return the node."""
        properties = component.properties
        name = properties.name if isinstance(properties, HostedZoneProperties) else ""
        return Depiction("outside", label=name)


class DepictsRecord(Depicts):
    """A node with the record's name, a dashed line to what it answers with."""

    @override
    def depict(self, component: Component, world: World) -> Depiction:
        """Return the node."""
        properties = component.properties
        if not isinstance(properties, RecordProperties):
            return Depiction("outside", style="dns")
        shown = properties.set_id or properties.failover or ""
        return Depiction("outside", label=f"{properties.name} {shown}".strip(), style="dns")
