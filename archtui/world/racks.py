"""Racks: hardware with a power source and a network of its own, below the availability zone.

AWS says which instances share a rack, and which do not, only where a placement group asks for it (EC2 User Guide,
"Placement groups"). A kind whose components decide that implements :class:`AssignsRacks`; every engine asks
:func:`racks`. A rack is named ``GROUP/N``.
"""

from __future__ import annotations

import abc
from collections.abc import Mapping

from archtui.model.component import Component
from archtui.world.world import World


class AssignsRacks(abc.ABC):
    """Behaviour of what decides which instances share a rack: a placement group."""

    @abc.abstractmethod
    def racks(self, component: Component, world: World) -> Mapping[str, tuple[str, ...]]:
        """Return the racks of ``component`` by their number (``1``, or ``1b`` where two zones have one of the same
        number), each with the components on it."""


def racks(world: World) -> Mapping[str, tuple[str, ...]]:
    """Return every rack that the design tells of, as ``GROUP/N``, with the components on it.

    A component on no rack is one of which nothing is said: it shares its rack with nobody who is known.
    """
    return world.part(_racks)


def _racks(world: World) -> Mapping[str, tuple[str, ...]]:
    return {
        f"{component.id}/{number}": members
        for kind, assigns in world.with_behaviour(AssignsRacks)
        for component in world.of_kind(kind.name)
        for number, members in assigns.racks(component, world).items()
    }


def rack_of(world: World, name: str) -> str | None:
    """Return the rack that component ``name`` sits on; None: nothing is said of it."""
    return world.part(_homes).get(name)


def _homes(world: World) -> Mapping[str, str]:
    return {name: rack for rack, members in racks(world).items() for name in members}


__all__ = ["AssignsRacks", "rack_of", "racks"]
