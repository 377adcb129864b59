"""Regions and zones come with what stands in them."""

from __future__ import annotations

from archtui.services.geography.properties import AvailabilityZoneProperties, RegionProperties
from archtui.world.expand import Draft, Starts


class StartsRegion(Starts):
    """Every design has its home region."""

    order = 4

    def start(self, draft: Draft) -> None:
        bring_region(draft, draft.blueprint.region)


def bring_region(draft: Draft, region: str) -> str:
    """Return the component of ``region``; it is added where the design does not write it down."""
    for component in draft.of_kind("region"):
        if isinstance(component.properties, RegionProperties) and component.properties.name == region:
            return component.id
    draft.add(f"region:{region}", "region", {"name": region})
    return f"region:{region}"


def bring_zone(draft: Draft, zone: str, region: str) -> str:
    """Return the component of ``zone`` (its full name); it is added where the design does not write it down."""
    for component in draft.of_kind("availability_zone"):
        if isinstance(component.properties, AvailabilityZoneProperties) and component.properties.name == zone:
            return component.id
    draft.add(f"az:{zone}", "availability_zone", {"name": zone, "inside": bring_region(draft, region)})
    return f"az:{zone}"
