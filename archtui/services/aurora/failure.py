"""How database clusters and proxies come back."""

from __future__ import annotations

from archtui.failure.interface import Fails, Managed, Mechanism, Situation, behind, mechanism, properties_as
from archtui.model.component import Component
from archtui.services.aurora.properties import DbClusterProperties, DbProxyProperties
from archtui.services.aurora.trace import CLUSTER
from archtui.services.node_failure import ClusterFails
from archtui.world.faults import Lags
from archtui.world.world import World


class DbClusterFails(ClusterFails, Lags):
    """A reader is promoted, a new instance is started, or a person promotes the secondary of a global database."""

    def service_level(self, component: Component) -> str:
        cluster = properties_as(component, DbClusterProperties)
        return "amazon-aurora" if cluster.is_aurora else "amazon-rds-multiaz"

    @property
    def planes(self) -> tuple[str, ...]:
        """A cluster without a reader needs a new instance, which the control plane creates."""
        return ("rds",)

    def copies(self, component: Component, world: World) -> bool:
        """The secondary of a global database follows its primary asynchronously; readers share the volume."""
        return bool(properties_as(component, DbClusterProperties).replica_of)

    def crosses(self, component: Component, world: World) -> tuple[str, ...]:
        source = properties_as(component, DbClusterProperties).replica_of
        if not source or source not in world.components:
            return ()
        regions = {world.placement(component.id).region, world.placement(source).region}
        return tuple(sorted(regions)) if len(regions) > 1 else ()

    def done(self, component: Component, name: str) -> str:
        if name == "aurora.cluster_no_replica":
            return f"Aurora has started a new instance for {component.id}; the volume of six copies was not touched."
        return f"A reader of {component.id} has become the writer; the cluster endpoint leads there now."

    def mechanisms(self, component: Component, situation: Situation) -> tuple[Mechanism, ...]:
        found = super().mechanisms(component, situation)
        primary = properties_as(component, DbClusterProperties).replica_of
        source = situation.world.components.get(primary) if primary else None
        if source is None or found or situation.is_down(component.id):
            return found
        ways_back = self.mechanisms(source, situation)
        if not ways_back or all(way.automatic and not way.hindered for way in ways_back):
            return ()
        promoted = mechanism(
            "aurora.global_database",
            component.id,
            lost=(source.id,),
            done=f"A person promotes {component.id} in place of {source.id} and points the applications to it.",
        )
        return (behind(promoted, situation, component.id),)


class ProxyFails(Managed):
    """A proxy runs in the zones of its subnets and holds its clients' connections while its database fails over."""

    sla = "amazon-rds-proxy"

    def mechanisms(self, component: Component, situation: Situation) -> tuple[Mechanism, ...]:
        target = situation.world.components.get(properties_as(component, DbProxyProperties).target)
        fails = target.kind.behaviour(Fails) if target else None
        if target is None or fails is None or situation.is_down(component.id):
            return ()
        ways_back = [way for way in fails.mechanisms(target, situation) if way.automatic and not way.hindered]
        if not ways_back:
            return ()
        return (
            mechanism(
                "rds.proxy",
                component.id,
                lost=ways_back[0].lost,
                done=f"{component.id} has held its clients' connections and leads them to the new primary.",
                after=tuple(way.id for way in ways_back),
                restores=False,
            ),
        )


FAILS = DbClusterFails(CLUSTER)

__all__ = ["FAILS", "ProxyFails"]
