"""Regions and availability zones: the failure domains everything stands in."""

from archtui.model.kinds import Kind
from archtui.services.geography import describe, expand, layout
from archtui.services.geography.properties import AvailabilityZoneProperties, RegionProperties

KINDS = (
    Kind(
        name="region",
        title="Region",
        slug="region",
        family="geography",
        code="re",
        glyph="◎",
        summary="A geographic area that contains several availability zones.",
        properties=RegionProperties,
        container=True,
        behaviours=(
            expand.StartsRegion(),
            describe.DescribesRegion(),
            layout.DepictsRegion(),
        ),
    ),
    Kind(
        name="availability_zone",
        title="Availability zone",
        slug="az",
        family="geography",
        code="az",
        glyph="▥",
        summary="An isolated failure domain of a region, with subnets and zonal resources.",
        properties=AvailabilityZoneProperties,
        scope="az",
        container=True,
        behaviours=(
            describe.DescribesZone(),
            layout.DepictsZone(),
        ),
    ),
)
