"""How VPN connections notice a dead tunnel and go on by the other."""

from __future__ import annotations

from dataclasses import replace

from archtui.facts import NO_TIME
from archtui.failure.interface import Fails, Health, Managed, Mechanism, Situation, listed, mechanism, properties_as
from archtui.model.component import Component
from archtui.services.on_prem.failure import OnPremFails
from archtui.services.vpn.properties import VpnConnectionProperties
from archtui.services.vpn.uplinks import tunnels_of


class VirtualPrivateGatewayFails(Managed):
    """A virtual private gateway has endpoints in two zones by itself."""


class CustomerGatewayFails(OnPremFails):
    """A single device; another one is another customer gateway."""


class VpnTunnelFails(OnPremFails):
    """One of two; the other one takes over."""


class VpnConnectionFails(Fails):
    """Dead peer detection notices a dead tunnel; the other one carries the traffic, if there is one."""

    def mechanisms(self, component: Component, situation: Situation) -> tuple[Mechanism, ...]:
        properties = properties_as(component, VpnConnectionProperties)
        lost = self._lost(component, situation)
        if not lost:
            return ()
        left = self._left(component, situation)
        done = (
            f"The traffic of {component.id} goes by {left[0]}."
            if left
            else f"Routes over {component.id} are withdrawn; what other ways there are carry the traffic."
        )
        found = mechanism(
            "vpn.site_to_site",
            component.id,
            lost=lost,
            noticed=f"Dead peer detection finds {listed(lost)} dead.",
            done=done,
            formula="DPD timeout; the change of routes comes on top",
            settings={"dpd_timeout": properties.dpd_timeout},
            restores=bool(left),
            keeps_data=False,
        )
        return (replace(found, switch=NO_TIME),)

    def _needed(self, component: Component) -> tuple[str, ...]:
        properties = properties_as(component, VpnConnectionProperties)
        return tuple(name for name in (component.id, properties.customer_gateway) if name)

    def _lost(self, component: Component, situation: Situation) -> tuple[str, ...]:
        names = (*self._needed(component), *(name for name, _ in tunnels_of(component.id, situation.world)))
        return tuple(name for name in names if situation.is_down(name))

    def _left(self, component: Component, situation: Situation) -> tuple[str, ...]:
        if any(situation.is_down(name) for name in self._needed(component)):
            return ()
        tunnels = properties_as(component, VpnConnectionProperties).tunnels
        return tuple(
            name
            for name, tunnel in tunnels_of(component.id, situation.world)
            if not situation.is_down(name) and tunnel.number <= len(tunnels) and tunnels[tunnel.number - 1] == "up"
        )

    def health(self, component: Component, situation: Situation) -> Health:
        if not self._lost(component, situation):
            return "up"
        return "reduced" if self._left(component, situation) else "lost"


__all__ = ["CustomerGatewayFails", "VirtualPrivateGatewayFails", "VpnConnectionFails", "VpnTunnelFails"]
