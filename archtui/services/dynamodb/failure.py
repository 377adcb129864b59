"""How tables fail: not with a zone, and with their region only where there is no replica elsewhere."""

from __future__ import annotations

from archtui.failure.interface import (
    Health,
    Managed,
    Mechanism,
    Situation,
    behind,
    listed,
    mechanism,
    properties_as,
)
from archtui.model.component import Component
from archtui.services.dynamodb.properties import DynamoDbTableProperties
from archtui.services.dynamodb.trace import TABLE_API
from archtui.world.faults import Lags, Refusal, Throttled
from archtui.world.world import World


class TableFails(Managed, Throttled, Lags):
    """A table is kept in three zones; a global table in further regions, to which the callers have to turn."""

    refusal = Refusal(
        "ThrottlingException",
        400,
        "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html",
    )
    sla = "amazon-dynamodb"
    goes_on_by = "dynamodb.table"

    def copies(self, component: Component, world: World) -> bool:
        """The replicas of a global table follow each other asynchronously, unless they are strongly consistent."""
        table = properties_as(component, DynamoDbTableProperties)
        return bool(table.replicas) and table.multi_region_consistency != "strong"

    def crosses(self, component: Component, world: World) -> tuple[str, ...]:
        return TABLE_API.regions(component, world) if self.copies(component, world) else ()

    def service_level(self, component: Component) -> str:
        replicas = properties_as(component, DynamoDbTableProperties).replicas
        return "amazon-dynamodb-globaltables" if replicas else self.sla

    def mechanisms(self, component: Component, situation: Situation) -> tuple[Mechanism, ...]:
        table = properties_as(component, DynamoDbTableProperties)
        regions = TABLE_API.regions(component, situation.world)
        lost = tuple(region for region in regions if region in situation.condition.regions)
        left = tuple(region for region in regions if region not in lost)
        if not lost or len(regions) == 1 or component.id in situation.condition.down:
            return ()
        mode = "MRSC" if table.multi_region_consistency == "strong" else "MREC"
        where = listed(left) if left else "no other region"
        found = mechanism(
            f"dynamodb.global_table_{mode}",
            component.id,
            lost=tuple(f"{component.id} in {region}" for region in lost),
            done=f"Callers of {component.id} turn to its replica in {where}: by DNS or in the application.",
            hindered="" if left else "all of its regions are lost",
        )
        return (behind(found, situation, component.id),)

    def health(self, component: Component, situation: Situation) -> Health:
        regions = TABLE_API.regions(component, situation.world)
        lost = [region for region in regions if region in situation.condition.regions]
        if component.id in situation.condition.down or len(lost) == len(regions):
            return "lost"
        return "reduced" if lost else "up"


__all__ = ["TableFails"]
