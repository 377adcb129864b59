"""What volumes connect to."""

from __future__ import annotations

from collections.abc import Mapping

from archtui.model.component import Component
from archtui.model.connect import Way
from archtui.model.edits import append_to
from archtui.services.ebs.properties import EbsVolumeProperties
from archtui.services.lookups import as_kind
from archtui.services.wiring import RefusedError, Wiring, way


def _attach(wiring: Wiring, volume: Component, machine: Component) -> str:
    known = as_kind(wiring.world, volume.id, EbsVolumeProperties)
    zones = (wiring.world.placement(volume.id).zones, wiring.world.placement(machine.id).zones)
    if known is None or machine.id in known.attached_to:
        return f"{volume.id} is attached to {machine.id}"
    if all(zones) and zones[0] != zones[1]:
        raise RefusedError(
            f"{volume.id} is in {zones[0][0]} and {machine.id} in {zones[1][0]}; a volume serves its own zone alone.",
            "Take a snapshot and make a volume of it there.",
        )
    if known.attached_to and not known.multi_attach:
        raise RefusedError(
            f"{volume.id} is attached to {known.attached_to[0]} already.",
            "Share files with EFS, or take an io2 volume with multi-attach.",
        )
    edit = append_to(wiring.world.blueprint, volume.id, ("attached_to",), machine.id)
    wiring.do(edit, f"{volume.id} is attached to {machine.id}")
    return f"{volume.id} is attached to {machine.id}"


VOLUME: Mapping[str, Way] = {"ec2_instance": way(_attach)}
