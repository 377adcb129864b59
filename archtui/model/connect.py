"""Connecting two components: what AWS would need for it, as one edit, or why it cannot be.

A service folder says in its ``connect`` module what its kinds connect to (:class:`Connects`). The pair
decides; nothing here knows a service.
"""

from __future__ import annotations

import abc
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from archtui.model.component import Component, Json
from archtui.model.edits import Edit
from archtui.model.errors import EditError

if TYPE_CHECKING:
    from archtui.world.world import World


@dataclass(frozen=True, slots=True)
class Proposal:
    """What it takes: one edit, and a sentence that says all it does."""

    edit: Edit
    sentence: str

    def to_json(self) -> dict[str, Json]:
        """Return the proposal as plain data."""
        return {"edit": self.edit.to_json(), "sentence": self.sentence}


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why two components are not connected, and what people do instead."""

    reason: str
    usual_way_round: str = ""

    def to_json(self) -> dict[str, Json]:
        """Return the refusal as plain data."""
        return {"reason": self.reason, "usual_way_round": self.usual_way_round}


Way: TypeAlias = "Callable[[World, Component, Component], Proposal | Refusal]"
"""Makes the connection from the first component to the second."""


class Connects(abc.ABC):
    """Behaviour of a kind whose components can be connected to others."""

    @abc.abstractmethod
    def ways(self) -> Mapping[str, Way]:
        """Return, by the other component's kind, how the connection is made or why it is refused."""


def connect(world: World, source: str, target: str) -> Proposal | Refusal:
    """Return what it takes so that ``source`` gets to ``target``, or why that cannot be.

    Raises :class:`EditError` where one of the two is not in the design.
    """
    for name in (source, target):
        if name not in world.components:
            raise EditError(f"there is no component {name!r}")
    a, b = world.components[source], world.components[target]
    if source == target:
        return Refusal(f"{source} is one thing; a connection needs two.")
    for one in (a, b):
        if one.implicit and one.kind.container:
            return Refusal(f"{one.id} comes from AWS and is not in the document.", "Write it down first.")
    way = _ways(a).get(b.kind.name)
    if way is not None:
        return way(world, a, b)
    return _refused(a, b)


def connectable(world: World, source: str) -> tuple[str, ...]:
    """Return the kinds that a component of ``source``'s kind can be connected to, sorted."""
    return tuple(sorted(_ways(world.components[source])))


def _ways(component: Component) -> Mapping[str, Way]:
    connects = component.kind.behaviour(Connects)
    return connects.ways() if connects else {}


def _refused(a: Component, b: Component) -> Refusal:
    titles = f"{_with_article(a.kind.title)} does not connect to {_with_article(b.kind.title)}."
    if a.kind.name in _ways(b):
        return Refusal(titles, f"It is the other way round: connect {b.id} to {a.id}.")
    known = sorted(_ways(a))
    if known:
        return Refusal(titles, f"{a.kind.title} connects to: {', '.join(known)}.")
    return Refusal(titles, "Set it as a property of the component that uses it.")


def _with_article(title: str) -> str:
    return f"{'an' if title.startswith(('A', 'E', 'I', 'O', 'RDS')) else 'a'} {title}"
