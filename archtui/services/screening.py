"""Who looks at a web request before the component it is for: web ACLs in front of an entry point.

An entry point (a balancer, a distribution, an API) asks :func:`screened` once it has taken the connection and
before it looks for a rule or a route of its own.
"""

from __future__ import annotations

import abc
from collections.abc import Mapping
from dataclasses import dataclass

from archtui.model.component import Component
from archtui.trace.interface import Arrival, Reception, Walk
from archtui.world.steps import Hop
from archtui.world.world import World


@dataclass(frozen=True, slots=True)
class Screening:
    """What came of looking at a request: the hops that tell of it, and the answer where it was stopped."""

    hops: tuple[Hop, ...] = ()
    status: int | None = None
    """The HTTP status the client gets; None: the request goes on, or whether it does is not known."""
    missing: tuple[str, ...] = ()
    """What would have to be known to decide."""

    @property
    def stops(self) -> bool:
        """Whether the request does not get on, for all that is known."""
        return self.status is not None or bool(self.missing)

    def reception(self, *before: Hop) -> Reception:
        """Return the reception of a stopped request; ``before`` are the entry point's own hops."""
        return Reception((*before, *self.hops), status=self.status, missing=self.missing)


class Screens(abc.ABC):
    """Behaviour of what looks at the requests for others."""

    @abc.abstractmethod
    def protects(self, component: Component) -> tuple[str, ...]:
        """Return the components it stands in front of."""

    @abc.abstractmethod
    def screen(self, component: Component, arrival: Arrival, walk: Walk) -> Screening:
        """Look at the request that came to ``arrival.component``."""


def screened(arrival: Arrival, walk: Walk) -> Screening:
    """Ask what stands in front of the component an HTTP request has come to; without any it goes on."""
    if arrival.message.http is None:
        return Screening()
    found = walk.world.part(_screens).get(arrival.component.id)
    return found[1].screen(found[0], arrival, walk) if found else Screening()


def screen_of(world: World, name: str) -> str | None:
    """Return what looks at the requests for component ``name``; None: nothing does."""
    found = world.part(_screens).get(name)
    return found[0].id if found else None


def _screens(world: World) -> Mapping[str, tuple[Component, Screens]]:
    found: dict[str, tuple[Component, Screens]] = {}
    for kind, screens in world.registry.with_behaviour(Screens):
        for component in world.of_kind(kind.name):
            for name in screens.protects(component):
                found.setdefault(name, (component, screens))
    return found
