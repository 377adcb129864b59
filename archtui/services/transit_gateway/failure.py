"""A transit gateway is regional: AWS runs it over the region's zones."""

from __future__ import annotations

from archtui.failure.interface import Managed


class TransitGatewayFails(Managed):
    """A transit gateway goes on when a zone is lost; only attachments in that zone do not."""

    sla = "aws-transit-gateway"


__all__ = ["TransitGatewayFails"]
