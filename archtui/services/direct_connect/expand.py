"""What AWS makes along with a Direct Connect gateway: an attachment to each transit gateway it is associated with."""

from __future__ import annotations

from archtui.model.component import Component
from archtui.services.direct_connect.properties import DirectConnectGatewayProperties
from archtui.services.transit_gateway.properties import TransitGatewayAttachmentProperties
from archtui.world.expand import Draft, Expands


class ExpandsDirectConnectGateway(Expands):
    """An association with a transit gateway is an attachment of it (Transit Gateway guide, 'Transit gateway
    attachments to a Direct Connect gateway')."""

    order = 13

    def expand(self, component: Component, draft: Draft) -> None:
        properties = component.properties
        if not isinstance(properties, DirectConnectGatewayProperties):
            return
        attached = {
            item.properties.transit_gateway
            for item in draft.referrers(component.id, "transit_gateway_attachment")
            if isinstance(item.properties, TransitGatewayAttachmentProperties)
        }
        for association in properties.associations:
            gateway = draft.get(association.gateway)
            if gateway is not None and gateway.kind.name == "transit_gateway" and gateway.id not in attached:
                body = {"transit_gateway": gateway.id, "direct_connect_gateway": component.id}
                draft.add(f"{component.id}:{gateway.id}-attachment", "transit_gateway_attachment", dict(body))
