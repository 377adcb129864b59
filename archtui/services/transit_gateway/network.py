"""What transit gateways, attachments and their route tables are to packets."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Literal

from archtui.model.component import Component
from archtui.network.addresses import Block, parse_block
from archtui.network.builder import NetworkBuilder
from archtui.network.interface import Attached, NetworkPart
from archtui.network.model import Silent, TransitAttachment, TransitGateway, TransitRoute, TransitTable, Uplink
from archtui.network.routes import RANKS, ordered
from archtui.services.direct_connect.uplinks import uplinks_by
from archtui.services.lookups import as_kind
from archtui.services.transit_gateway import properties as p
from archtui.services.vpc.network import blocks_of, ipv6_blocks
from archtui.services.vpc.properties import VpcProperties
from archtui.services.vpn.properties import VpnConnectionProperties
from archtui.services.vpn.uplinks import uplinks_of
from archtui.world.world import World


def _tables(gateway: str, world: World) -> Iterator[tuple[str, p.TransitGatewayRouteTableProperties]]:
    for component in world.of_kind("transit_gateway_route_table"):
        properties = component.properties
        if isinstance(properties, p.TransitGatewayRouteTableProperties) and properties.transit_gateway == gateway:
            yield component.id, properties


def _attachments(gateway: str, world: World) -> Iterator[tuple[str, p.TransitGatewayAttachmentProperties]]:
    for component in world.of_kind("transit_gateway_attachment"):
        properties = component.properties
        if isinstance(properties, p.TransitGatewayAttachmentProperties) and gateway in (
            properties.transit_gateway,
            properties.peer,
        ):
            yield component.id, properties


def _implied(gateway: str) -> str:
    return f"{gateway}:default-route-table"


def default_table(gateway: str, world: World) -> str:
    """Return the table that serves attachments which name none; AWS makes one with the gateway."""
    found = world.components.get(gateway)
    if found is None or not isinstance(found.properties, p.TransitGatewayProperties):
        return ""
    if not found.properties.default_association:
        return ""
    tables = dict(_tables(gateway, world))
    for name, properties in tables.items():
        if properties.default_association:
            return name
    return "" if tables else _implied(gateway)


class TransitGatewayNetwork(NetworkPart):
    """A transit gateway is a route target; without a table of its own AWS's default one routes."""

    def contribute(self, component: Component, world: World, builder: NetworkBuilder) -> None:
        properties = component.properties
        assert isinstance(properties, p.TransitGatewayProperties)
        state = "" if properties.state in ("available", "modifying") else f"it is {properties.state}"
        region = world.placement(component.id).region
        builder.gateway(TransitGateway(component.id, region, properties.security_group_referencing, state))
        if default_table(component.id, world) == _implied(component.id):
            rows, doubts = _propagated(
                tuple(name for name, _ in _attachments(component.id, world)), component.id, world
            )
            builder.transit_table(
                TransitTable(_implied(component.id), component.id, ordered(rows, ecmp=properties.vpn_ecmp), doubts)
            )


class TransitAttachmentNetwork(NetworkPart):
    """An attachment ties a VPC, a VPN connection or a peer to a gateway."""

    def contribute(self, component: Component, world: World, builder: NetworkBuilder) -> None:
        properties = component.properties
        assert isinstance(properties, p.TransitGatewayAttachmentProperties)
        kind: Literal["vpc", "peering", "outside", "other"] = "other"
        if properties.vpc:
            kind = "vpc"
        elif properties.peer:
            kind = "peering"
        elif properties.vpn_connection or properties.direct_connect_gateway:
            kind = "outside"
        behind = properties.vpn_connection or properties.direct_connect_gateway or properties.resource
        builder.attachment(
            TransitAttachment(
                component.id,
                properties.transit_gateway,
                kind,
                properties.vpc or "",
                properties.subnets,
                self._table(properties.route_table, properties.transit_gateway, world),
                properties.peer or "",
                self._table(properties.peer_route_table, properties.peer or "", world),
                f"the network behind {behind}: it is not in the design",
                "" if properties.state in ("available", "modifying") else f"it is {properties.state}",
                _uplinks(component.id, properties, world),
                appliance_mode=properties.appliance_mode,
                ipv6=properties.ipv6_support or properties.vpc is None,
                group_references=properties.security_group_referencing,
            )
        )

    @staticmethod
    def _table(written: str | None, gateway: str, world: World) -> str:
        if written == "none":
            return ""
        return written or default_table(gateway, world)

    def attached(self, component: Component, world: World) -> Attached:
        why = f"the interfaces of attachment {component.id} answer nothing themselves"
        return Attached(Silent("PROTOCOL_RESTRICTION", why), filtered=False)


def _uplinks(name: str, properties: p.TransitGatewayAttachmentProperties, world: World) -> tuple[Uplink, ...]:
    """Return the links to customers' networks that an attachment stands for."""
    connection = properties.vpn_connection or ""
    vpn = as_kind(world, connection, VpnConnectionProperties) if connection else None
    if vpn is not None:
        return tuple(
            replace(link, gateway=properties.transit_gateway) for link in uplinks_of(connection, vpn, name, world)
        )
    if properties.direct_connect_gateway:
        return uplinks_by(properties.direct_connect_gateway, properties.transit_gateway, name, world)
    return ()


class TransitRouteTableNetwork(NetworkPart):
    """A table is its static rows and what the propagating attachments bring."""

    def contribute(self, component: Component, world: World, builder: NetworkBuilder) -> None:
        properties = component.properties
        assert isinstance(properties, p.TransitGatewayRouteTableProperties)
        rows: list[TransitRoute] = []
        for index, route in enumerate(properties.routes):
            attachments = tuple(name for name in route.attachments if name != "blackhole")
            for block in blocks_of(world, route.to):
                rows.append(
                    TransitRoute(
                        block, attachments, route.origin, route.state == "active", component.id, ("routes", index)
                    )
                )
        learnt, doubts = _propagated(self._propagating(properties, world), component.id, world)
        gateway = as_kind(world, properties.transit_gateway, p.TransitGatewayProperties)
        in_order = ordered((*rows, *learnt), ecmp=gateway is None or gateway.vpn_ecmp)
        builder.transit_table(TransitTable(component.id, properties.transit_gateway, in_order, doubts))

    @staticmethod
    def _propagating(properties: p.TransitGatewayRouteTableProperties, world: World) -> tuple[str, ...]:
        if properties.propagations is not None:
            return properties.propagations
        gateway = world.components.get(properties.transit_gateway)
        given = gateway.properties if gateway else None
        if (
            properties.default_propagation
            and isinstance(given, p.TransitGatewayProperties)
            and given.default_propagation
        ):
            return tuple(name for name, _ in _attachments(properties.transit_gateway, world))
        return ()


def _propagated(
    attachments: tuple[str, ...], table: str, world: World
) -> tuple[tuple[TransitRoute, ...], tuple[str, ...]]:
    """Return the rows attachments bring, and what is not known of those that BGP brings.

    A peering propagates nothing (Transit Gateway guide, 'Transit gateway peering attachments').
    """
    rows: list[TransitRoute] = []
    doubts: list[str] = []
    for name in attachments:
        component = world.components.get(name)
        properties = component.properties if component else None
        if not isinstance(properties, p.TransitGatewayAttachmentProperties) or properties.state in (
            "deleted",
            "deleting",
            "failed",
            "rejected",
        ):
            continue
        vpc = as_kind(world, properties.vpc, VpcProperties) if properties.vpc else None
        if vpc is not None:
            ipv6 = ipv6_blocks(vpc) if properties.ipv6_support else ()
            blocks = [parse_block(cidr) for cidr in (vpc.cidr, *vpc.secondary_cidrs, *ipv6)]
            rows.extend(
                TransitRoute(block, (name,), "propagated", True, table, ("propagations",), RANKS["vpc"])
                for block in blocks
            )
        elif properties.resource:
            doubts.append(f"the routes {properties.resource} propagates to {table}")
        else:
            brought, missing = _from_outside(name, properties, table, world)
            rows.extend(brought)
            doubts.extend(missing)
    return tuple(rows), tuple(doubts)


def _from_outside(
    name: str, properties: p.TransitGatewayAttachmentProperties, table: str, world: World
) -> tuple[list[TransitRoute], list[str]]:
    """Return the rows that the links of an attachment bring: of equal ones the best (the shortest AS path, then the
    lowest MED)."""
    best: dict[Block, Uplink] = {}
    doubts: dict[str, None] = {}
    for link in _uplinks(name, properties, world):
        if link.state:
            continue
        if link.learnt is None:
            doubts[f"the routes {link.component} learns by BGP (they may win in {table}); {link.missing}"] = None
        for block in link.learnt or ():
            held = best.get(block)
            if held is None or (link.path_length, link.med) < (held.path_length, held.med):
                best[block] = link
    ranks = {"direct_connect": RANKS["direct_connect"], "vpn_static": RANKS["static"], "vpn_bgp": RANKS["vpn"]}
    rows = [
        TransitRoute(
            block,
            (name,),
            "propagated",
            True,
            table,
            ("propagations",),
            ranks[link.medium],
            link.path_length,
            link.med,
        )
        for block, link in best.items()
    ]
    return rows, list(doubts)
