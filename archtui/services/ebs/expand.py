"""Where a volume stands that does not say."""

from __future__ import annotations

from archtui.model.component import Component
from archtui.services.ebs.properties import EbsVolumeProperties
from archtui.services.ec2.properties import Ec2InstanceProperties
from archtui.services.vpc.defaults import zone_of
from archtui.world.expand import Draft, Expands


class ExpandsVolume(Expands):
    """A volume is in the zone of the instance it is attached to (EC2 User Guide, "Attach an Amazon EBS volume")."""

    order = 46

    def expand(self, component: Component, draft: Draft) -> None:
        volume = component.properties
        if not isinstance(volume, EbsVolumeProperties) or volume.az is not None:
            return
        machine = draft.get(volume.attached_to[0]) if volume.attached_to else None
        place = machine.properties if machine else None
        subnet = draft.get(place.subnet) if isinstance(place, Ec2InstanceProperties) and place.subnet else None
        if subnet:
            draft.fill(component.id, {"az": zone_of(draft, subnet)})
