"""What virtual private gateways and customer gateways connect to."""

from __future__ import annotations

from collections.abc import Mapping

from archtui.model.component import Component, Json
from archtui.model.connect import Way
from archtui.model.edits import add_component, append_to, set_property
from archtui.services.lookups import as_kind, each, route_table_of
from archtui.services.on_prem.properties import OnPremSiteProperties
from archtui.services.vpc.properties import RouteTableProperties, SubnetProperties
from archtui.services.vpn.properties import (
    CustomerGatewayProperties,
    VirtualPrivateGatewayProperties,
    VpnConnectionProperties,
)
from archtui.services.wiring import RefusedError, Wiring, never, way


def attach(wiring: Wiring, gateway: Component, vpc: str | None) -> None:
    """Attach a virtual private gateway to a VPC, where it is attached to none."""
    properties = as_kind(wiring.world, gateway.id, VirtualPrivateGatewayProperties)
    if properties is None or vpc is None:
        raise RefusedError(f"{gateway.id} cannot be attached.", "Connect it to a VPC.")
    if properties.vpc is None:
        for other, found in each(wiring.world, VirtualPrivateGatewayProperties):
            if found.vpc == vpc:
                raise RefusedError(
                    f"{vpc} has the virtual private gateway {other.id}; a VPC has one.", f"Use {other.id}."
                )
        wiring.do(set_property(gateway.id, ("vpc",), vpc), f"{gateway.id} is attached to {vpc}")
    elif properties.vpc != vpc:
        raise RefusedError(
            f"{gateway.id} is attached to {properties.vpc}; a gateway serves one VPC.", f"Use a gateway of {vpc}."
        )


def propagate(wiring: Wiring, gateway: str) -> None:
    """Let every table that serves a subnet of the gateway's VPC take its routes."""
    properties = as_kind(wiring.world, gateway, VirtualPrivateGatewayProperties)
    vpc = properties.vpc if properties else None
    tables = {
        table.id: table
        for component, subnet in each(wiring.world, SubnetProperties)
        if subnet.vpc == vpc and (table := route_table_of(wiring.world, component.id)) is not None
    }
    for name, table in sorted(tables.items()):
        given = table.properties
        if not isinstance(given, RouteTableProperties) or gateway in given.propagating:
            continue
        if table.implicit:
            main = wiring.unused(f"{vpc}-main")
            kept: list[Json] = [{"to": row.to, "via": row.via} for row in given.routes if wiring.written(row.via)]
            body: dict[str, Json] = {"vpc": vpc, "main": True, "routes": kept, "propagating": [gateway]}
            wiring.do(add_component(main, "route_table", body), f"the main route table of {vpc} takes its routes")
        else:
            edit = append_to(wiring.world.blueprint, name, ("propagating",), gateway)
            wiring.do(edit, f"{name} takes the routes of {gateway}")


def join_by_vpn(wiring: Wiring, device: str, gateway: Component) -> str:
    """Make a VPN connection between a customer gateway and a gateway of AWS, where there is none."""
    made = any(
        found.customer_gateway == device and found.gateway == gateway.id and found.state == "available"
        for _, found in each(wiring.world, VpnConnectionProperties)
    )
    if not made:
        name = wiring.unused(f"{device}-vpn")
        body: dict[str, Json] = {"gateway": gateway.id, "customer_gateway": device}
        wiring.do(add_component(name, "vpn_connection", body), f"{name} joins {device} and {gateway.id}")
    if as_kind(wiring.world, gateway.id, VirtualPrivateGatewayProperties) is not None:
        propagate(wiring, gateway.id)
    return f"{device} is joined with {gateway.id}"


def device_of(wiring: Wiring, site: str) -> str:
    """Return the customer gateway of a site; one is made where there is none."""
    for component, found in each(wiring.world, CustomerGatewayProperties):
        if found.site == site:
            return component.id
    name = wiring.unused(f"{site}-gateway")
    wiring.do(add_component(name, "customer_gateway", {"site": site}), f"{site} gets the customer gateway {name}")
    return name


def _device_to_gateway(wiring: Wiring, device: Component, gateway: Component) -> str:
    return join_by_vpn(wiring, device.id, gateway)


def _gateway_to_device(wiring: Wiring, gateway: Component, device: Component) -> str:
    return join_by_vpn(wiring, device.id, gateway)


def _device_to_site(wiring: Wiring, device: Component, site: Component) -> str:
    properties = as_kind(wiring.world, device.id, CustomerGatewayProperties)
    if properties is not None and properties.site != site.id:
        wiring.do(set_property(device.id, ("site",), site.id), f"{device.id} stands in {site.id}")
    return f"{device.id} stands in {site.id}"


def _gateway_to_vpc(wiring: Wiring, gateway: Component, vpc: Component) -> str:
    attach(wiring, gateway, vpc.id)
    propagate(wiring, gateway.id)
    return f"attach {gateway.id} to {vpc.id}"


def site_to_gateway(wiring: Wiring, site: Component, gateway: Component) -> str:
    """Join a site with a gateway of AWS by a VPN connection."""
    if as_kind(wiring.world, site.id, OnPremSiteProperties) is None:
        raise RefusedError(f"{site.id} is no site.", "Connect a site.")
    return join_by_vpn(wiring, device_of(wiring, site.id), gateway)


_DIRECTLY = never(
    "A customer gateway is joined with a gateway of AWS, not with a VPC itself.",
    "Connect {a} to a virtual private gateway of {b}, or to a transit gateway.",
)
VPN_GATEWAY: Mapping[str, Way] = {
    "vpc": way(_gateway_to_vpc),
    "customer_gateway": way(_gateway_to_device),
    "internet": never(
        "A virtual private gateway leads to the customer's networks, not to the internet.",
        "Give the VPC an internet gateway.",
    ),
}
CUSTOMER_GATEWAY: Mapping[str, Way] = {
    "virtual_private_gateway": way(_device_to_gateway),
    "transit_gateway": way(_device_to_gateway),
    "on_prem_site": way(_device_to_site),
    "vpc": _DIRECTLY,
}
