"""How file systems, brokers, warehouses and search domains come back."""

from __future__ import annotations

from archtui.model.component import Component
from archtui.services.node_failure import ClusterFails
from archtui.services.stores.properties import EfsProperties
from archtui.services.stores.trace import EFS


class EfsFails(ClusterFails):
    """EFS keeps its data in three zones, One Zone in one; each mount target is lost with its zone."""

    def service_level(self, component: Component) -> str:
        settings = component.properties
        return "amazon-efs-onezone" if isinstance(settings, EfsProperties) and settings.one_zone else "amazon-efs"


EFS_FAILS = EfsFails(EFS)
