"""Compile a blueprint into a world, using what an earlier compilation left behind.

Every expansion notes what it read from the draft. After an edit it runs again only if something it
read is now another object; components are immutable and keep their identity across edits, so the
comparison is by identity and exact. An expansion that runs again and makes what it made before gives
back the earlier objects, so that a change stops spreading where it stops mattering.
"""

from __future__ import annotations

import heapq
import itertools
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TypeAlias

from archtui.model.blueprint import Blueprint
from archtui.model.component import Component, Json, Link
from archtui.model.kinds import Kind
from archtui.world.expand import Draft, Expands, Start, Starts, StartsForOwn
from archtui.world.world import World

_Query: TypeAlias = tuple[str, str, str]
_Answer: TypeAlias = "Component | tuple[Component | str, ...] | None"


@dataclass(slots=True)
class _Record:
    """What one expansion read, and what it made, in order."""

    subject: Component | None
    reads: list[tuple[_Query, _Answer]] = field(default_factory=list)
    made: list[Component] = field(default_factory=list)
    members: dict[str, tuple[str, ...]] = field(default_factory=dict)


_Memo: TypeAlias = "dict[tuple[int, str], _Record]"
_MEMO = "expansions"


def compile_world(blueprint: Blueprint, before: World | None = None) -> World:
    """Return the world of ``blueprint``; ``before`` is the world of an earlier version of it."""
    old: _Memo = {}
    if before is not None and before.blueprint.registry is blueprint.registry:
        found = before._parts.get(_MEMO)
        if isinstance(found, dict) and _same_home(before.blueprint, blueprint):
            old = found
    draft = _Draft(blueprint, old)
    draft.run()
    explicit = blueprint.components
    implicit = sorted((c for name, c in draft.components.items() if name not in explicit), key=lambda c: c.id)
    ordered = {name: draft.components[name] for name in explicit}
    ordered.update((component.id, component) for component in implicit)
    heritage = dict(before.heritage) if before else {}
    world = World(blueprint, ordered, _links(blueprint.links, draft.members), heritage)
    world._parts[_MEMO] = draft.memo
    return world


def _same_home(a: Blueprint, b: Blueprint) -> bool:
    return (a.region, a.account) == (b.region, b.account)


def _links(links: tuple[Link, ...], members: Mapping[str, tuple[str, ...]]) -> tuple[Link, ...]:
    """Return ``links``, and after each those that the members of its source open: each asks the target as a whole, one
    of whose members answers."""
    if not members:
        return links
    found: list[Link] = []
    for link in links:
        found.append(link)
        found.extend(link.model_copy(update={"source": source}) for source in members.get(link.source, ()))
    return tuple(found)


class _Draft(Draft):
    def __init__(self, blueprint: Blueprint, old: _Memo) -> None:
        self._blueprint = blueprint
        self.old = old
        self.memo: _Memo = {}
        self.components: dict[str, Component] = dict(blueprint.components)
        self.members: dict[str, tuple[str, ...]] = {}
        self._kinds: dict[str, dict[str, None]] = defaultdict(dict)
        self._pointing: dict[str, dict[str, dict[str, None]]] = defaultdict(dict)
        self._targets: dict[str, list[str]] = {}
        self._queue: list[tuple[int, int, str]] = []
        self._arrivals = itertools.count()
        self._record: _Record | None = None
        self._own: dict[str, None] = {}
        self._earlier: dict[str, list[Component]] = {}
        for link in blueprint.links:
            self._targets.setdefault(link.source, []).append(link.target)
        for component in blueprint.components.values():
            self._index(component)

    # -- the run ------------------------------------------------------------------------------

    def run(self) -> None:
        """Do every start and expansion in order; implicit components join the queue as they come."""
        for component in self.components.values():
            self._enqueue(component)
        for kind, start in sorted(self._starts(), key=lambda pair: (pair[1].order, pair[0].name)):
            key = (-1, kind.name)
            if not self._reuse(key, None):
                self._perform(key, None, partial(start.start, self))
        while self._queue:
            order, _, name = heapq.heappop(self._queue)
            component = self.components[name]
            if not self._reuse((order, name), component):
                expands = component.kind.behaviour(Expands)
                if expands is not None:
                    self._perform((order, name), component, partial(expands.expand, component, self))

    def _starts(self) -> Iterator[tuple[Kind, Start]]:
        registry = self._blueprint.registry
        yield from registry.with_behaviour(Starts)
        for name in self._kinds:
            start = registry.kinds[name].behaviour(StartsForOwn)
            if start is not None:
                yield registry.kinds[name], start

    def _enqueue(self, component: Component) -> None:
        expands = component.kind.behaviour(Expands)
        if expands is not None:
            heapq.heappush(self._queue, (expands.order, next(self._arrivals), component.id))

    def _reuse(self, key: tuple[int, str], subject: Component | None) -> bool:
        """Do what an expansion did last time, if all it read is the same; say whether it was."""
        known = self.old.get(key)
        if known is None or known.subject is not subject:
            return False
        get = self.components.get
        for query, answer in known.reads:
            if (get(query[1]) if query[0] == "get" else self._answer(query)) != answer:
                return False
        self.memo[key] = known
        for made in known.made:
            self._put(made)
        self.members.update(known.members)
        return True

    def _perform(self, key: tuple[int, str], subject: Component | None, expand: Callable[[], None]) -> None:
        known = self.old.get(key)
        self._record = self.memo[key] = _Record(subject)
        self._own = {}
        self._earlier = {}
        for made in known.made if known else ():
            self._earlier.setdefault(made.id, []).append(made)
        try:
            expand()
        finally:
            self._record = None

    # -- what an expansion may ask ------------------------------------------------------------

    @property
    def blueprint(self) -> Blueprint:
        return self._blueprint

    def get(self, name: str) -> Component | None:
        found = self._ask(("get", name, ""))
        return found if isinstance(found, Component) else None

    def of_kind(self, kind: str) -> tuple[Component, ...]:
        return self._components(self._ask(("kind", kind, "")))

    def referrers(self, name: str, kind: str) -> tuple[Component, ...]:
        return self._components(self._ask(("referrers", name, kind)))

    def links_from(self, name: str) -> tuple[str, ...]:
        found = self._ask(("links", name, ""))
        return tuple(item for item in found if isinstance(item, str)) if isinstance(found, tuple) else ()

    @staticmethod
    def _components(answer: _Answer) -> tuple[Component, ...]:
        return tuple(item for item in answer if isinstance(item, Component)) if isinstance(answer, tuple) else ()

    def _ask(self, query: _Query) -> _Answer:
        answer = self._answer(query)
        # What an expansion made itself is no input of it.
        if self._record is not None and not (query[0] == "get" and query[1] in self._own):
            self._record.reads.append((query, answer))
        return answer

    def _answer(self, query: _Query) -> _Answer:
        what, name, kind = query
        if what == "get":
            return self.components.get(name)
        if what == "kind":
            return tuple(self.components[member] for member in self._kinds[name])
        if what == "referrers":
            return tuple(self.components[member] for member in self._pointing[kind].get(name, ()))
        return tuple(self._targets.get(name, ()))

    # -- what an expansion may do -------------------------------------------------------------

    def add(self, name: str, kind: str, properties: Mapping[str, Json]) -> None:
        if self.get(name) is None:
            self._make(name, kind, dict(properties), implicit=True)

    def fill(self, name: str, properties: Mapping[str, Json]) -> None:
        old = self._present(name)
        left_out = {key: value for key, value in properties.items() if key not in old.raw}
        if left_out:
            self._make(name, old.kind.name, {**old.raw, **left_out}, implicit=old.implicit)

    def complete(self, name: str, properties: Mapping[str, Json]) -> None:
        old = self._present(name)
        self._make(name, old.kind.name, {**old.raw, **properties}, implicit=old.implicit)

    def share_links(self, name: str, members: Sequence[str]) -> None:
        self.members[name] = tuple(members)
        if self._record is not None:
            self._record.members[name] = tuple(members)

    def _present(self, name: str) -> Component:
        found = self.get(name)
        if found is None:
            raise KeyError(name)
        return found

    def _make(self, name: str, kind: str, raw: dict[str, Json], *, implicit: bool) -> None:
        component = self._remade(name, kind, raw, implicit)
        if component is None:
            found = self._blueprint.registry[kind]
            component = Component(name, found, found.properties.model_validate(raw), raw, implicit)
        self._own[name] = None
        if self._record is not None:
            self._record.made.append(component)
        self._put(component)

    def _remade(self, name: str, kind: str, raw: dict[str, Json], implicit: bool) -> Component | None:
        """Return what this expansion made last time, if it is the same again."""
        for earlier in self._earlier.get(name, ()):
            if earlier.kind.name == kind and earlier.implicit == implicit and earlier.raw == raw:
                return earlier
        return None

    def _put(self, component: Component) -> None:
        old = self.components.get(component.id)
        if old is component:
            return
        self.components[component.id] = component
        if old is None:
            self._index(component)
            self._enqueue(component)
        elif old.kind is not component.kind or old.targets != component.targets:
            self._index(component)
            self._forget(old, component)

    # -- indexes --------------------------------------------------------------------------------

    def _index(self, component: Component) -> None:
        kind = component.kind.name
        self._kinds[kind][component.id] = None
        pointing = self._pointing[kind]
        for target in component.targets:
            found = pointing.get(target)
            if found is None:
                pointing[target] = {component.id: None}
            else:
                found[component.id] = None

    def _forget(self, old: Component, new: Component) -> None:
        """Take out of the index what ``old`` named and ``new`` no longer does."""
        if old.targets != new.targets:
            for target in old.targets:
                if target not in new.targets:
                    self._pointing[old.kind.name][target].pop(old.id)
