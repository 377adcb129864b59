"""The default route table of a transit gateway."""

from __future__ import annotations

from archtui.model.component import Component
from archtui.services.transit_gateway.properties import (
    TransitGatewayAttachmentProperties,
    TransitGatewayProperties,
    TransitGatewayRouteTableProperties,
)
from archtui.world.expand import Draft, Expands


def _tables(draft: Draft, gateway: str) -> list[tuple[str, TransitGatewayRouteTableProperties]]:
    return [
        (component.id, component.properties)
        for component in draft.referrers(gateway, "transit_gateway_route_table")
        if isinstance(component.properties, TransitGatewayRouteTableProperties)
    ]


class ExpandsTransitGateway(Expands):
    """A transit gateway with default association or propagation has a table for it (Transit Gateway
    guide, 'Transit gateway route tables')."""

    order = 12

    def expand(self, component: Component, draft: Draft) -> None:
        properties = component.properties
        if not isinstance(properties, TransitGatewayProperties) or properties.state != "available":
            return
        tables = [table for _, table in _tables(draft, component.id)]
        associating = properties.default_association and not any(table.default_association for table in tables)
        propagating = properties.default_propagation and not any(table.default_propagation for table in tables)
        if associating or propagating:
            draft.add(
                f"{component.id}:default-route-table",
                "transit_gateway_route_table",
                {
                    "transit_gateway": component.id,
                    "default_association": associating,
                    "default_propagation": propagating,
                },
            )


class ExpandsAttachment(Expands):
    """An attachment that names no table is associated with the default one, if there is one."""

    order = 14

    def expand(self, component: Component, draft: Draft) -> None:
        properties = component.properties
        if not isinstance(properties, TransitGatewayAttachmentProperties):
            return
        filled = {"route_table": self._default(properties.transit_gateway, draft)}
        if properties.peer:
            filled["peer_route_table"] = self._default(properties.peer, draft)
        draft.fill(component.id, dict(filled))

    def _default(self, gateway: str, draft: Draft) -> str:
        return next((name for name, table in _tables(draft, gateway) if table.default_association), "none")
