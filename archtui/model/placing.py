"""What a new component needs before it can stand in a design, and what can be filled in for it.

The kind's required properties decide. A reference to a container is taken from the selection or, if
there is only one candidate, from the design; services suggest the rest (the next free block of
addresses) by implementing :class:`Suggests`.
"""

from __future__ import annotations

import abc
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from archtui.model.component import Component, Json
from archtui.model.docs import described
from archtui.model.kinds import Kind

if TYPE_CHECKING:
    from archtui.world.world import World


class Suggests(abc.ABC):
    """Behaviour of a kind that knows good values for properties nobody has given yet."""

    @abc.abstractmethod
    def suggest(self, world: World, given: Mapping[str, Json]) -> Mapping[str, Json]:
        """Return values for properties of a new component, as far as ``given`` allows to tell."""


@dataclass(frozen=True, slots=True)
class Need:
    """A property that must be asked for."""

    name: str
    doc: str
    suggestion: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    """Candidates with a note each; empty: free text."""


class Placing:
    """A component in the making."""

    def __init__(self, world: World, kind: Kind, selected: str | None = None) -> None:
        self.world = world
        self.kind = kind
        self.properties: dict[str, Json] = {}
        self._selected = world.components.get(selected) if selected else None
        self._nearby = tuple(_around(world, selected)) if selected else ()
        self._fill_references()
        self._suggest()

    @property
    def word(self) -> str:
        """The kind as a blueprint usually calls it: its inventory id if that is a name of the kind, else its name."""
        return self.kind.slug if len(self.kind.slug) < len(self.kind.name) else self.kind.name

    def give(self, name: str, value: Json) -> None:
        """Set a property; what follows from it is suggested again."""
        self.properties[name] = value
        self._suggest()

    def needs(self) -> Iterator[Need]:
        """Yield what is still missing, one need at a time; answer each with :meth:`give` before going on."""
        for key, info in self.kind.properties.model_fields.items():
            name = info.alias or key
            if not info.is_required() or name in self.properties:
                continue
            candidates = self._candidates(key)
            suggestion = str(self._suggestions.get(name, ""))
            doc = described(self.kind.properties, key)
            yield Need(name, doc, suggestion, tuple((other.id, other.kind.title) for other in candidates))

    def _fill_references(self) -> None:
        for key, info in self.kind.properties.model_fields.items():
            mark = next((f for f in self.kind.reference_fields if f.path == (key,)), None)
            if mark is None or (mark.reference.role != "in" and not info.is_required()):
                continue
            name = info.alias or key
            near = next((other for other in self._nearby if other.kind.name in mark.reference.kinds), None)
            candidates = self._candidates(key)
            if near is None and len(candidates) == 1:
                near = candidates[0]
            if near is None and not info.is_required():
                near = next(iter(self._at_home(mark.reference.kinds)), None)
            if near is not None:
                self.properties[name] = near.id
        if not self.properties:
            self._fill_spread()

    def _fill_spread(self) -> None:
        """Give a kind that spreads over zones one place in each zone of the VPC it belongs to.

        In the zone of the selection the selected place, in the others the one that takes the same
        turn there: who selects the second subnet of a zone gets the second subnets.
        """
        mark = next((f for f in self.kind.reference_fields if len(f.path) == 2 and f.reference.role == "in"), None)
        if mark is None:
            return
        by_zone: dict[tuple[str, ...], list[str]] = {}
        for place in self._at_home(mark.reference.kinds):
            by_zone.setdefault(self.world.placement(place.id).zones, []).append(place.id)
        near = {other.id for other in self._nearby}
        turn = next((i for ids in by_zone.values() for i, found in enumerate(ids) if found in near), 0)
        if by_zone:
            self.properties[str(mark.path[0])] = [ids[min(turn, len(ids) - 1)] for ids in by_zone.values()]

    def _at_home(self, kinds: tuple[str, ...]) -> Iterator[Component]:
        """Yield the places of ``kinds`` in the VPC of the selection, else in the only VPC the document has."""
        if self._selected and self._selected.implicit:
            return
        places = [c for c in self.world.components.values() if not c.implicit and c.kind.name in kinds]
        home = next((self.world.placement(other.id).vpc or other.id for other in self._nearby), None)
        own = [place for place in places if self.world.placement(place.id).vpc == home]
        vpcs = {self.world.placement(place.id).vpc for place in places}
        yield from own or (places if len(vpcs) == 1 else ())

    def _candidates(self, key: str) -> tuple[Component, ...]:
        mark = next((f for f in self.kind.reference_fields if f.path == (key,)), None)
        if mark is None:
            return ()
        kinds = mark.reference.kinds
        return tuple(
            other
            for other in self.world.components.values()
            if not other.implicit and (not kinds or other.kind.name in kinds)
        )

    def _suggest(self) -> None:
        service = self.kind.behaviour(Suggests)
        self._suggestions: Mapping[str, Json] = service.suggest(self.world, self.properties) if service else {}


def _around(world: World, name: str) -> Iterator[Component]:
    """Yield the selected component and what it stands in, nearest first; only what the document holds."""
    queue = [name]
    seen: set[str] = set()
    while queue:
        here = queue.pop(0)
        component = world.components.get(here)
        if component is None or here in seen:
            continue
        seen.add(here)
        if not component.implicit:
            yield component
        queue.extend(edge.target for edge in component.edges if edge.role == "in")
