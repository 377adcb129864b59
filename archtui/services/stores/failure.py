"""How file systems, brokers, warehouses and search domains come back."""

from __future__ import annotations

from archtui.failure.interface import Mechanism, Situation, mechanism
from archtui.model.component import Component
from archtui.services.node_failure import ClusterFails
from archtui.services.stores.properties import EfsProperties
from archtui.services.stores.trace import EFS


class EfsFails(ClusterFails):
    """EFS keeps its data in three zones, One Zone in one; each mount target is lost with its zone."""

    def steady(self, component: Component, situation: Situation) -> Mechanism | None:
        """The files are in every zone: clients of other zones have mount targets of their own."""
        settings = component.properties
        lost = situation.lost_zones(component.id)
        if not isinstance(settings, EfsProperties) or settings.one_zone or not lost or situation.is_down(component.id):
            return None
        text = f"{component.id} goes on; clients in other zones have mount targets of their own."
        return mechanism("regional_service", component.id, lost=lost, done=text, keeps_data=False)

    def service_level(self, component: Component) -> str:
        settings = component.properties
        return "amazon-efs-onezone" if isinstance(settings, EfsProperties) and settings.one_zone else "amazon-efs"


EFS_FAILS = EfsFails(EFS)
