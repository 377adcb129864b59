"""Transit gateways, their attachments and route tables."""

from archtui.model.kinds import Kind
from archtui.services.transit_gateway import describe, expand, failure
from archtui.services.transit_gateway import properties as p
from archtui.services.transit_gateway.network import (
    TransitAttachmentNetwork,
    TransitGatewayNetwork,
    TransitRouteTableNetwork,
)

KINDS = (
    Kind(
        name="transit_gateway",
        title="Transit gateway",
        slug="transit_gateway",
        family="transit_gateway",
        code="tw",
        glyph="✣",
        summary="A regional router between VPCs, VPN connections and other transit gateways.",
        properties=p.TransitGatewayProperties,
        aliases=("tgw",),
        traces=("packet",),
        behaviours=(
            TransitGatewayNetwork(),
            failure.TransitGatewayFails(),
            expand.ExpandsTransitGateway(),
            describe.DescribesTransitGateway(),
        ),
    ),
    Kind(
        name="transit_gateway_attachment",
        title="Transit gateway attachment",
        slug="transit_gateway_attachment",
        family="transit_gateway",
        code="ta",
        glyph="⊷",
        summary="Connects a VPC, a VPN connection or another transit gateway with a transit gateway.",
        properties=p.TransitGatewayAttachmentProperties,
        aliases=("tgw_attachment",),
        traces=("packet",),
        behaviours=(
            TransitAttachmentNetwork(),
            expand.ExpandsAttachment(),
            describe.DescribesAttachment(),
        ),
    ),
    Kind(
        name="transit_gateway_route_table",
        title="Transit gateway route table",
        slug="transit_gateway_route_table",
        family="transit_gateway",
        code="tr",
        glyph="⇶",
        summary="Routes between the attachments of a transit gateway.",
        properties=p.TransitGatewayRouteTableProperties,
        aliases=("tgw_route_table",),
        traces=("packet",),
        behaviours=(
            TransitRouteTableNetwork(),
            describe.DescribesTransitRouteTable(),
        ),
    ),
)
