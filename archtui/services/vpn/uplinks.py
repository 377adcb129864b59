"""The links that VPN connections are: one for each tunnel."""

from __future__ import annotations

from collections.abc import Iterator

from archtui.model.component import Component
from archtui.network.addresses import Block, parse_block
from archtui.network.model import Uplink
from archtui.services.lookups import as_kind, each
from archtui.services.on_prem.sites import FarEnd, far_end, stated
from archtui.services.vpn import properties as p
from archtui.world.world import World

VPN_MED = 100
"""What AWS takes for routes over a VPN that carry no MED (Transit Gateway guide, 'Route evaluation order')."""


def tunnel_id(connection: str, number: int) -> str:
    """Return the id of a tunnel that the design does not name."""
    return f"{connection}:tunnel-{number}"


def tunnels_of(connection: str, world: World) -> Iterator[tuple[str, p.VpnTunnelProperties]]:
    """Yield the tunnels of a connection in their order."""
    found = [
        (component.id, properties)
        for edge in world.referrers(connection)
        if (component := world.components[edge.source]).kind.name == "vpn_tunnel"
        and isinstance(properties := component.properties, p.VpnTunnelProperties)
    ]
    yield from sorted(found, key=lambda item: (item[1].number, item[0]))


def connections_of(gateway: str, world: World) -> Iterator[tuple[Component, p.VpnConnectionProperties]]:
    """Yield the VPN connections that end at ``gateway``."""
    for component, properties in each(world, p.VpnConnectionProperties):
        if properties.gateway == gateway:
            yield component, properties


def connection_state(properties: p.VpnConnectionProperties) -> str:
    """Say why a connection carries nothing; empty: it does."""
    if properties.state != "available":
        return f"it is {properties.state}"
    return "" if "up" in properties.tunnels else "both tunnels are down"


def customer_end(properties: p.VpnConnectionProperties, world: World) -> FarEnd:
    """Return the customer's end of a connection; a customer gateway with networks of its own is a site itself."""
    name = properties.customer_gateway or ""
    gateway = as_kind(world, name, p.CustomerGatewayProperties)
    if gateway is None:
        return FarEnd("", None, f"the networks behind {name or 'the VPN connection'}: no customer gateway says them")
    if gateway.site:
        found = far_end(world, gateway.site, name)
        return FarEnd(found.site, stated(gateway.networks) or found.blocks, found.missing)
    missing = f"the networks behind {name}: the customer gateway does not state them"
    blocks = stated(gateway.networks)
    return FarEnd(name if blocks is not None else "", blocks, missing)


def learnt_over(properties: p.VpnConnectionProperties, world: World) -> tuple[Block, ...] | None:
    """Return the blocks that AWS sends into a connection; None: not known."""
    if properties.static_routes_only:
        return tuple(parse_block(cidr) for cidr in properties.static_routes)
    told = stated(properties.learnt_routes)
    return told if told is not None else customer_end(properties, world).blocks


def uplinks_of(name: str, properties: p.VpnConnectionProperties, attachment: str, world: World) -> tuple[Uplink, ...]:
    """Return the links of a connection: its tunnels that are up, or all of them with why they carry nothing."""
    end = customer_end(properties, world)
    learnt = learnt_over(properties, world)
    device = properties.customer_gateway or ""
    state = connection_state(properties)
    if not state and device:
        gateway = as_kind(world, device, p.CustomerGatewayProperties)
        state = f"customer gateway {device} is {gateway.state}" if gateway and gateway.state != "available" else ""
    links = []
    for tunnel, given in tunnels_of(name, world):
        own = properties.tunnels[given.number - 1] if given.number <= len(properties.tunnels) else "down"
        prepend = properties.prepend if given.prepend is None else given.prepend
        med = properties.med if given.med is None else given.med
        links.append(
            Uplink(
                tunnel,
                name,
                properties.gateway or "",
                attachment,
                (device,) if device and device != end.site else (),
                "vpn_static" if properties.static_routes_only else "vpn_bgp",
                end.site,
                end.missing,
                learnt,
                stated(properties.customer_routes),
                0 if properties.static_routes_only else 1 + prepend,
                VPN_MED if med is None else med,
                tuple(part for part in (name, tunnel, device) if part in world.components),
                mechanism=f"vpn.site_to_site:{name}",
                state=state or ("" if own == "up" else f"tunnel {given.number} is down"),
            )
        )
    return tuple(links)
