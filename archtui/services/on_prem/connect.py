"""What the customer's sites connect to."""

from __future__ import annotations

from collections.abc import Mapping

from archtui.model.component import Component
from archtui.model.connect import Way
from archtui.model.edits import set_property
from archtui.services.direct_connect.properties import DirectConnectConnectionProperties
from archtui.services.lookups import as_kind
from archtui.services.vpn.connect import site_to_gateway
from archtui.services.wiring import Wiring, never, way


def _site_to_line(wiring: Wiring, site: Component, line: Component) -> str:
    properties = as_kind(wiring.world, line.id, DirectConnectConnectionProperties)
    if properties is not None and properties.site != site.id:
        wiring.do(set_property(line.id, ("site",), site.id), f"{line.id} ends at {site.id}")
    return f"{line.id} ends at {site.id}"


SITE: Mapping[str, Way] = {
    "virtual_private_gateway": way(site_to_gateway),
    "transit_gateway": way(site_to_gateway),
    "direct_connect_connection": way(_site_to_line),
    "vpc": never(
        "A site is joined with a gateway of AWS, not with a VPC itself.",
        "Connect {a} to a virtual private gateway of {b}, or to a transit gateway.",
    ),
    "internet_gateway": never(
        "An internet gateway serves public addresses; it carries nothing to a private network.",
        "Connect {a} to a virtual private gateway or a transit gateway.",
    ),
}
