"""How the loss of a line is noticed, so that routes over another one take effect."""

from __future__ import annotations

from dataclasses import replace

from archtui.facts import NO_TIME
from archtui.failure.interface import (
    Fails,
    Health,
    Managed,
    Mechanism,
    Situation,
    Zonal,
    listed,
    mechanism,
    properties_as,
)
from archtui.model.component import Component
from archtui.services.direct_connect import properties as p
from archtui.services.direct_connect.uplinks import lines_of, minimum_of


def noticed_after(
    name: str, component: str, *, lost: tuple[str, ...], noticed: str, done: str, formula: str
) -> Mechanism:
    """Return a mechanism that takes as long as it takes to notice the loss; the routes follow at once."""
    found = mechanism(
        name,
        component,
        lost=lost,
        noticed=noticed,
        done=done,
        formula=f"{formula}; BGP's convergence comes on top",
        restores=False,
        keeps_data=False,
    )
    return replace(found, switch=NO_TIME)


class DirectConnectGatewayFails(Managed):
    """A Direct Connect gateway is global and redundant by itself."""


class LocationFails(Zonal):
    """A building: every line that is made there is lost with it."""


class LagFails(Zonal):
    """A group of lines goes on while enough of them work; each is a component of its own."""


def _dead(name: str, line: p.DirectConnectConnectionProperties, situation: Situation) -> bool:
    return any(situation.is_down(part) for part in (name, line.location, line.site) if part)


class ConnectionFails(Fails):
    """A line stays down until it is repaired."""

    def mechanisms(self, component: Component, situation: Situation) -> tuple[Mechanism, ...]:
        line = properties_as(component, p.DirectConnectConnectionProperties)
        if not _dead(component.id, line, situation):
            return ()
        return (
            mechanism(
                "direct_connect.single",
                component.id,
                lost=(component.id, *dict.fromkeys(edge.source for edge in situation.world.referrers(component.id))),
                done=f"Nothing stands in for {component.id} itself: a person has it repaired.",
                keeps_data=False,
            ),
        )

    def health(self, component: Component, situation: Situation) -> Health:
        line = properties_as(component, p.DirectConnectConnectionProperties)
        return "lost" if _dead(component.id, line, situation) else "up"


class VirtualInterfaceFails(Fails):
    """BGP's hold timer, or BFD, notices a dead line; then the routes over it are withdrawn."""

    def mechanisms(self, component: Component, situation: Situation) -> tuple[Mechanism, ...]:
        properties = properties_as(component, p.VirtualInterfaceProperties)
        lost = self._lost(component, properties, situation)
        if not lost:
            return ()
        # The withdrawal of the routes comes on top; AWS publishes no figure for it.
        return (
            noticed_after(
                "direct_connect.bfd" if properties.bfd else "direct_connect.bgp",
                component.id,
                lost=lost,
                noticed=f"{'BFD' if properties.bfd else 'The BGP hold timer'} finds {listed(lost)} dead.",
                done=f"Routes over {component.id} are withdrawn; what other ways there are carry the traffic.",
                formula="3 missed BFD packets, 300 ms apart" if properties.bfd else "BGP hold timer",
            ),
        )

    def _lost(
        self, component: Component, properties: p.VirtualInterfaceProperties, situation: Situation
    ) -> tuple[str, ...]:
        if situation.is_down(component.id):
            return (component.id,)
        if situation.is_down(properties.connection):
            return (properties.connection,)
        lines = lines_of(properties.connection, situation.world)
        dead = tuple(name for name, line in lines if _dead(name, line, situation))
        return dead if len(lines) - len(dead) < minimum_of(properties.connection, situation.world) else ()

    def health(self, component: Component, situation: Situation) -> Health:
        properties = properties_as(component, p.VirtualInterfaceProperties)
        return "lost" if self._lost(component, properties, situation) else "up"


__all__ = ["ConnectionFails", "DirectConnectGatewayFails", "LagFails", "LocationFails", "VirtualInterfaceFails"]
