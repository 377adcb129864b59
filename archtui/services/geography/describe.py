"""Reading regions and zones from ``aws ec2 describe-availability-zones``.

AWS lists every zone it has; those in which no subnet stands are no part of the design.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from archtui.formats.describe import Described, Describes, Inventory, Record, given, need, text


def _used(inventory: Inventory) -> set[str]:
    return {text(record.data, "AvailabilityZone") for record in inventory.of("Subnets")}


def _physical(inventory: Inventory) -> Mapping[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for record in inventory.of("AvailabilityZones"):
        found[text(record.data, "ZoneName")].add(text(record.data, "ZoneId"))
    return found


class DescribesRegion(Describes):
    """The region of the zones in use."""

    keys = ("AvailabilityZones",)

    def describe(self, record: Record, inventory: Inventory) -> Iterator[Described]:
        name = text(record.data, "RegionName") or record.region
        if name and text(record.data, "ZoneName") in inventory.part(_used):
            yield Described(name, {"name": name})


class DescribesZone(Describes):
    """``describe-availability-zones``; accounts may give one physical zone different letters."""

    keys = ("AvailabilityZones",)

    def describe(self, record: Record, inventory: Inventory) -> Iterator[Described]:
        name = need(record.data, "ZoneName")
        if name not in inventory.part(_used):
            return
        physical = sorted(inventory.part(_physical)[name] - {""})
        notes = (
            (f"the accounts give this name to different zones ({', '.join(physical)}); it is taken to be one",)
            if len(physical) > 1
            else ()
        )
        region = text(record.data, "RegionName") or record.region
        one = physical[0] if len(physical) == 1 else None
        yield Described(name, given(name=name, inside=region, az_id=one), notes=notes)
