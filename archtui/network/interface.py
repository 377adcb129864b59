"""What a kind of component implements to take part in the network.

At compile time every component whose kind has a :class:`NetworkPart` contributes what it is to the
packet engine: a range, a filter, a route target, interfaces. The engine itself knows no kind.
"""

from __future__ import annotations

import abc
from dataclasses import dataclass
from typing import TYPE_CHECKING

from archtui.model.component import Component
from archtui.network.model import Answer, Silent
from archtui.world.world import World

if TYPE_CHECKING:
    from archtui.network.builder import NetworkBuilder


@dataclass(frozen=True, slots=True)
class Attached:
    """What an interface is when it belongs to a certain component."""

    answer: Answer
    machine: str = ""
    """Interfaces with the same machine share an operating system; empty: the interface stands alone."""
    state: str = ""
    """Why it does not work; empty: it works."""
    filtered: bool = True
    """Whether security groups filter here at all."""
    opens: bool = True
    """Whether it may open connections of its own."""


class NetworkPart(abc.ABC):
    """Behaviour of a kind that is part of the network."""

    @abc.abstractmethod
    def contribute(self, component: Component, world: World, builder: NetworkBuilder) -> None:
        """Tell ``builder`` what ``component`` is to packets."""

    def attached(self, component: Component, world: World) -> Attached:
        """Say what stands behind an interface that the design describes and ``component`` owns."""
        return Attached(
            Silent("PROTOCOL_RESTRICTION", f"nothing on {component.id} ({component.kind.title}) answers packets"),
            component.id,
        )
