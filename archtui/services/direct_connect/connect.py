"""What Direct Connect connections and gateways connect to."""

from __future__ import annotations

from collections.abc import Mapping

from archtui.model.component import Component, Json
from archtui.model.connect import Way
from archtui.model.edits import add_component, append_to
from archtui.services.direct_connect.properties import (
    DirectConnectGatewayProperties,
    PrivateVirtualInterfaceProperties,
    TransitVirtualInterfaceProperties,
)
from archtui.services.lookups import as_kind, each
from archtui.services.transit_gateway.properties import TransitGatewayAttachmentProperties
from archtui.services.vpc.lookups import blocks_of
from archtui.services.vpn.connect import propagate
from archtui.services.vpn.properties import VirtualPrivateGatewayProperties
from archtui.services.wiring import Wiring, never, way


def _line_to_gateway(wiring: Wiring, line: Component, gateway: Component) -> str:
    transit = as_kind(wiring.world, gateway.id, DirectConnectGatewayProperties) is not None and _is_transit(
        wiring, gateway.id
    )
    made = [(found.connection, found.gateway) for _, found in each(wiring.world, PrivateVirtualInterfaceProperties)]
    made += [(found.connection, found.gateway) for _, found in each(wiring.world, TransitVirtualInterfaceProperties)]
    if (line.id, gateway.id) not in made:
        name = wiring.unused(f"{line.id}-vif")
        body: dict[str, Json] = {"connection": line.id, "gateway": gateway.id}
        kind = "transit_virtual_interface" if transit else "private_virtual_interface"
        wiring.do(add_component(name, kind, body), f"{name} carries {line.id} to {gateway.id}")
    if as_kind(wiring.world, gateway.id, VirtualPrivateGatewayProperties) is not None:
        propagate(wiring, gateway.id)
    return f"{line.id} ends at {gateway.id}"


def _is_transit(wiring: Wiring, hub: str) -> bool:
    properties = as_kind(wiring.world, hub, DirectConnectGatewayProperties)
    ends = [item.gateway for item in properties.associations] if properties else []
    return any(end in wiring.world.components and wiring.world.kind(end).name == "transit_gateway" for end in ends)


def _associate(wiring: Wiring, hub: Component, gateway: Component) -> str:
    properties = as_kind(wiring.world, hub.id, DirectConnectGatewayProperties)
    if properties is not None and all(item.gateway != gateway.id for item in properties.associations):
        row: dict[str, Json] = {"gateway": gateway.id}
        if gateway.kind.name == "transit_gateway":
            vpcs = [
                given.vpc
                for _, given in each(wiring.world, TransitGatewayAttachmentProperties)
                if given.transit_gateway == gateway.id and given.vpc
            ]
            blocks: list[Json] = list(dict.fromkeys(block for vpc in vpcs for block in blocks_of(wiring.world, vpc)))
            row["allowed_prefixes"] = blocks
        edit = append_to(wiring.world.blueprint, hub.id, ("associations",), row)
        wiring.do(edit, f"{hub.id} is associated with {gateway.id}")
    if gateway.kind.name == "virtual_private_gateway":
        propagate(wiring, gateway.id)
    return f"{hub.id} leads to {gateway.id}"


CONNECTION: Mapping[str, Way] = {
    "virtual_private_gateway": way(_line_to_gateway),
    "direct_connect_gateway": way(_line_to_gateway),
    "transit_gateway": never(
        "A transit gateway takes Direct Connect through a Direct Connect gateway.",
        "Connect a Direct Connect gateway to {b}, then {a} to the Direct Connect gateway.",
    ),
    "internet_gateway": never(
        "Direct Connect gives no way to the internet.", "Connect {a} to a virtual private gateway."
    ),
}
GATEWAY: Mapping[str, Way] = {
    "virtual_private_gateway": way(_associate),
    "transit_gateway": way(_associate),
}
