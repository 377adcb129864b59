"""Ports of a machine that lead to something else that runs on it."""

from __future__ import annotations

import abc

from archtui.model.component import Component
from archtui.trace.interface import Arrival, Reception, Walk


class PublishesPorts(abc.ABC):
    """Behaviour of what shares a machine's address and takes some of its ports: a container."""

    @abc.abstractmethod
    def taken(self, component: Component, arrival: Arrival, walk: Walk) -> Reception | None:
        """Return what ``component`` makes of what came to its machine; None: it is not for it."""


def taken_by_others(machine: str, arrival: Arrival, walk: Walk) -> Reception | None:
    """Return what whoever publishes the port on ``machine`` makes of the message; None: nobody does."""
    for edge in walk.world.referrers(machine):
        other = walk.world.components[edge.source]
        publishes = other.kind.behaviour(PublishesPorts)
        found = publishes.taken(other, arrival, walk) if publishes else None
        if found is not None:
            return found
    return None
