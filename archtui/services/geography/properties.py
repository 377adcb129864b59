"""Properties of regions and availability zones."""

from __future__ import annotations

from typing import Annotated

from archtui.model.fields import Properties, Reference


class RegionProperties(Properties):
    """A geographic area that contains several availability zones."""

    name: str
    """Its code: ``eu-west-1``."""


class AvailabilityZoneProperties(Properties):
    """An isolated failure domain of a region."""

    name: str
    """Its name: ``eu-west-1a``."""
    inside: Annotated[str, Reference(("region",), "in")]
    """The region it belongs to."""
    az_id: str | None = None
    """The physical zone's id (``euw1-az1``): the letter differs between accounts, this does not."""
