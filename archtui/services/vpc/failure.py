"""How the parts of a network behave when a zone is lost."""

from __future__ import annotations

from archtui.failure.interface import Fails, Managed, Mechanism, Situation, Zonal, listed, mechanism, properties_as
from archtui.model.component import Component
from archtui.services.vpc.network import zones_of_nat
from archtui.services.vpc.properties import NatGatewayProperties


class NatGatewayFails(Fails):
    """A zonal NAT gateway stays down with its zone; nothing takes over by itself. A regional one works on in the
    other zones."""

    sla = "amazon-vpc-ip-nat-gateway"

    def mechanisms(self, component: Component, situation: Situation) -> tuple[Mechanism, ...]:
        if properties_as(component, NatGatewayProperties).availability_mode == "regional":
            return ()
        if not situation.is_down(component.id):
            return ()
        return (
            mechanism(
                "nat_gateway.zonal",
                component.id,
                lost=(component.id,),
                done=f"Nothing stands in for {component.id}: a person changes the routes to a gateway in another zone.",
            ),
        )

    def steady(self, component: Component, situation: Situation) -> Mechanism | None:
        """A regional gateway works on in the zones that are left."""
        regional = properties_as(component, NatGatewayProperties).availability_mode == "regional"
        zones = zones_of_nat(component, situation.world)
        lost = tuple(zone for zone in zones if situation.condition.part_down(component.id, zone))
        if not regional or not lost or len(lost) == len(zones) or situation.is_down(component.id):
            return None
        return mechanism(
            "nat_gateway.regional",
            component.id,
            lost=lost,
            done=f"{component.id} goes on in its other zones; connections of {listed(lost)} are lost.",
        )


class InterfaceFails(Zonal):
    """A network interface is in one zone."""


class GatewayFails(Managed):
    """An internet gateway or a peering is redundant by itself."""


__all__ = ["GatewayFails", "InterfaceFails", "NatGatewayFails"]
