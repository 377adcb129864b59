"""How regions and zones are drawn: they name frames that stand there anyway."""

from __future__ import annotations

from typing_extensions import override

from archtui.layout.depict import Depiction, Depicts
from archtui.model.component import Component
from archtui.services.geography.properties import AvailabilityZoneProperties, RegionProperties
from archtui.world.world import World


class DepictsRegion(Depicts):
    """The frame of the region it names."""

    @override
    def depict(self, component: Component, world: World) -> Depiction:
        """Return the frame."""
        properties = component.properties
        name = properties.name if isinstance(properties, RegionProperties) else ""
        return Depiction("frame", label=name, frame="region")


class DepictsZone(Depicts):
    """The frames of the zone it names, one in each VPC."""

    @override
    def depict(self, component: Component, world: World) -> Depiction:
        """Return the frame."""
        properties = component.properties
        name = properties.name if isinstance(properties, AvailabilityZoneProperties) else ""
        return Depiction("frame", label=name, frame="zone")
