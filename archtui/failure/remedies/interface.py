"""What a service implements to say how a component of its can be made to fail less, or to come back sooner."""

from __future__ import annotations

import abc
from dataclasses import dataclass
from enum import IntEnum

from archtui.model.component import Component
from archtui.model.edits import Edit
from archtui.world.world import World


class Cost(IntEnum):
    """A relative class of what a remedy costs to run; no price."""

    NONE = 0
    """A setting."""
    LOW = 1
    """Something small beside what is there: a health check, a gateway, an interface."""
    MEDIUM = 2
    """A second one of something that is there: another server."""
    HIGH = 3
    """What the design's dearest parts cost, again: a database's standby, another line."""

    def __str__(self) -> str:
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class Remedy:
    """One change from the catalogue, for one component."""

    name: str
    """Its entry in the catalogue: ``rds.multi_az``."""
    component: str
    edit: Edit
    cost: Cost
    why: str
    """What it does against which failure, in a sentence."""


class Hardens(abc.ABC):
    """Behaviour of a kind whose components can be made to fail less or to come back sooner."""

    @abc.abstractmethod
    def remedies(self, component: Component, world: World) -> tuple[Remedy, ...]:
        """Return what could be done about ``component``; whether it helps is tried by the search."""


def catalogue(world: World) -> tuple[Remedy, ...]:
    """Return what the services propose for ``world``, in the document's order, once each."""
    found: dict[tuple[str, ...], Remedy] = {}
    for component in world.components.values():
        hardens = component.kind.behaviour(Hardens) if not component.implicit else None
        for remedy in hardens.remedies(component, world) if hardens else ():
            found.setdefault((remedy.name, remedy.component, remedy.edit.label), remedy)
    return tuple(found.values())
