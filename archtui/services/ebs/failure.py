"""What becomes of a volume when its zone is lost."""

from __future__ import annotations

from archtui.failure.interface import Fails, Mechanism, Situation, mechanism, properties_as
from archtui.model.component import Component
from archtui.services.ebs.properties import EbsVolumeProperties


class VolumeFails(Fails):
    """A volume stays where it is; elsewhere there is what its snapshots hold (fact ebs-fail-az-01)."""

    def mechanisms(self, component: Component, situation: Situation) -> tuple[Mechanism, ...]:
        if not situation.is_down(component.id):
            return ()
        kept = properties_as(component, EbsVolumeProperties).backups
        what = "a person restores a snapshot in another" if kept else "it has no snapshot to restore elsewhere"
        text = f"{component.id} stays out of reach until its zone returns; {what}."
        lost = situation.lost_zones(component.id) or (component.id,)
        return (mechanism("zonal_resource", component.id, lost=lost, done=text),)
