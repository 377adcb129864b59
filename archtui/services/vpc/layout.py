"""How the VPC family is drawn."""

from __future__ import annotations

from typing import TypeVar

from typing_extensions import override

from archtui.layout.depict import Always, Depiction, Depicts, ExtraEdge
from archtui.model.blueprint import INTERNET
from archtui.model.component import Component
from archtui.model.fields import Properties
from archtui.services.vpc.properties import (
    EgressOnlyInternetGatewayProperties,
    InternetGatewayProperties,
    NetworkInterfaceProperties,
    RouteTableProperties,
    SubnetProperties,
    VpcPeeringConnectionProperties,
    VpcProperties,
)
from archtui.world.world import World

P = TypeVar("P", bound=Properties)
SETTING = Always(Depiction("setting", style=None))
TIERS = {"public": 0, "private": 1, "isolated": 2}


def _of(component: Component, kind: type[P]) -> P:
    properties = component.properties
    assert isinstance(properties, kind)
    return properties


class DepictsVpc(Depicts):
    """A frame with its address block."""

    @override
    def depict(self, component: Component, world: World) -> Depiction:
        """Return the frame."""
        return Depiction("frame", detail=_of(component, VpcProperties).cidr, frame="vpc")


class DepictsSubnet(Depicts):
    """A frame in its zone's column; its tier is what its route table makes of it."""

    @override
    def depict(self, component: Component, world: World) -> Depiction:
        """Return the frame, with the gateways its routes name."""
        properties = _of(component, SubnetProperties)
        table = world.components.get(properties.route_table or "") or _main_table(properties.vpc, world)
        routes = _of(table, RouteTableProperties).routes if table else ()
        gateways = [world.components[route.via] for route in routes if route.via in world.components]
        default = [
            world.components[route.via].kind.name
            for route in routes
            if route.to in ("0.0.0.0/0", "::/0") and route.via in world.components
        ]
        if "internet_gateway" in default:
            tier = 0
        elif properties.role is not None:
            tier = TIERS[properties.role]
        else:
            tier = 1 if default or gateways else 2
        edges = tuple(ExtraEdge(component.id, gateway.id, "route") for gateway in gateways)
        return Depiction("frame", detail=properties.cidr, tier=tier, edges=edges, frame="subnet")


def _main_table(vpc: str, world: World) -> Component | None:
    for edge in world.referrers(vpc):
        component = world.components[edge.source]
        properties = component.properties
        if isinstance(properties, RouteTableProperties) and properties.main:
            return component
    return None


class DepictsInternetGateway(Depicts):
    """On its VPC's border, towards the internet."""

    @override
    def depict(self, component: Component, world: World) -> Depiction:
        """Return the node; a detached one stands in the settings."""
        if _of(component, InternetGatewayProperties).vpc is None:
            return Depiction("setting")
        return Depiction("border", edges=(ExtraEdge(INTERNET, component.id, "flow"),))


class DepictsEgressOnlyGateway(Depicts):
    """On its VPC's border, with a line out to the internet."""

    @override
    def depict(self, component: Component, world: World) -> Depiction:
        """Return the node; a detached one stands in the settings."""
        if _of(component, EgressOnlyInternetGatewayProperties).vpc is None:
            return Depiction("setting")
        return Depiction("border", edges=(ExtraEdge(component.id, INTERNET, "flow"),))


class DepictsInterface(Depicts):
    """A node of its own only where nothing else stands for it."""

    @override
    def depict(self, component: Component, world: World) -> Depiction:
        """Return a node, or nothing for an interface that belongs to a drawn component."""
        attached = _of(component, NetworkInterfaceProperties).attached_to
        used = any(edge.role == "uses" for edge in world.referrers(component.id))
        return Depiction("setting" if (attached in world.components or used) else "inside")


class DepictsPeering(Depicts):
    """Between its two VPCs."""

    @override
    def depict(self, component: Component, world: World) -> Depiction:
        """Return the node with a line to each VPC."""
        properties = _of(component, VpcPeeringConnectionProperties)
        ends = (properties.requester, properties.accepter)
        edges = tuple(ExtraEdge(component.id, vpc, "peer") for vpc in ends)
        return Depiction("inside", edges=edges, anchors=ends)
