"""What a kind of component is, and the registry through which every engine finds them.

A service folder describes its kinds with :class:`Kind`; what a kind *does* is a tuple of behaviour
objects, each an implementation of an abstract class that one engine publishes. An engine asks
``registry[kind].behaviour(Interface)`` and never knows a service by name.
"""

from __future__ import annotations

import types
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Annotated, Any, Literal, NamedTuple, TypeVar, Union, cast, get_args, get_origin

from pydantic import BaseModel

from archtui.model.fields import Properties, Reference

B = TypeVar("B")
Scope = Literal["global", "edge", "region", "vpc", "az", "subnet", "on_prem"]
Step = str | None
"""One step into a property: a field name, or None for "each element"."""


@dataclass(frozen=True, slots=True)
class ReferenceField:
    """Where in a kind's properties a reference stands: ``("listeners", None, "forward")``."""

    path: tuple[Step, ...]
    reference: Reference


class FoundReference(NamedTuple):
    """A property that names another component."""

    path: tuple[str | int, ...]
    """Where in the properties, by the names the document uses."""
    target: str
    reference: Reference


class _Branch:
    """The reference fields of a kind as a tree, so that one walk finds them all."""

    __slots__ = ("below", "marks")

    def __init__(self) -> None:
        self.marks: list[Reference] = []
        self.below: dict[Step, _Branch] = {}


@cache
def _alias(model: type[BaseModel], name: str) -> str | None:
    """Return the name that the document uses for a field, None where the model has no such field."""
    info = model.model_fields.get(name)
    return (info.alias or name) if info else None


def _collect(value: object, branch: _Branch, path: tuple[str | int, ...], found: list[FoundReference]) -> None:
    if isinstance(value, str):
        for reference in branch.marks:
            if not reference.admits_literal(value):
                found.append(FoundReference(path, value, reference))
        return
    for step, below in branch.below.items():
        if step is None:
            items: Iterable[tuple[str | int, object]] = ()
            if isinstance(value, tuple | list):
                items = enumerate(value)
            elif isinstance(value, Mapping):
                items = value.items()
            for key, item in items:
                _collect(item, below, (*path, key), found)
        elif isinstance(value, BaseModel):
            alias = _alias(type(value), step)
            inner = getattr(value, step) if alias else None
            if alias and inner is not None:
                _collect(inner, below, (*path, alias), found)


@dataclass(frozen=True)
class Kind:
    """One kind of component: AWS's own name, how people find it, its properties and behaviours."""

    name: str
    """AWS's full name in snake case: ``internet_gateway``."""
    title: str
    """As shown to people: ``Internet gateway``."""
    slug: str
    """Its id in the service inventory (``igw``)."""
    family: str
    code: str
    """Two or three letters for quick placing (``ec``)."""
    glyph: str
    """One cell wide, drawn on the canvas before the id."""
    summary: str
    """What it is, in one sentence."""
    properties: type[Properties]
    scope: Scope = "region"
    aliases: tuple[str, ...] = ()
    container: bool = False
    """Drawn as a frame that holds other components."""
    stands_in: bool = False
    """May be named wherever a component of another kind is wanted; what depends on it is unknown."""
    behaviours: tuple[object, ...] = ()
    failure_modes: tuple[str, ...] = ()
    traces: tuple[str, ...] = ()
    """Which traces it takes part in: dns, packet, request, event, replication."""

    def behaviour(self, interface: type[B]) -> B | None:
        """Return this kind's implementation of ``interface``, or None."""
        known = self._implementations
        if interface not in known:
            known[interface] = next((each for each in self.behaviours if isinstance(each, interface)), None)
        return cast("B | None", known[interface])

    @cached_property
    def _implementations(self) -> dict[type, object]:
        """What was asked for so far; a trace asks thousands of times."""
        return {}

    def references(self, properties: Properties) -> tuple[FoundReference, ...]:
        """Return every reference to a component in ``properties``, in their order; literals are none."""
        found: list[FoundReference] = []
        _collect(properties, self._reference_tree, (), found)
        return tuple(found)

    @cached_property
    def _reference_tree(self) -> _Branch:
        root = _Branch()
        for mark in self.reference_fields:
            here = root
            for step in mark.path:
                here = here.below.setdefault(step, _Branch())
            here.marks.append(mark.reference)
        return root

    @cached_property
    def reference_fields(self) -> tuple[ReferenceField, ...]:
        """Every place in the properties that names another component."""
        return tuple(_reference_fields(self.properties, ()))


def _reference_fields(model: type[BaseModel], prefix: tuple[Step, ...]) -> Iterator[ReferenceField]:
    for name, info in model.model_fields.items():
        marks = [mark for mark in info.metadata if isinstance(mark, Reference)]
        if marks:
            yield ReferenceField((*prefix, name), marks[0])
        yield from _in_annotation(info.annotation, (*prefix, name))


def _in_annotation(annotation: Any, path: tuple[Step, ...]) -> Iterator[ReferenceField]:
    origin = get_origin(annotation)
    if origin is Annotated:
        for mark in get_args(annotation)[1:]:
            if isinstance(mark, Reference):
                yield ReferenceField(path, mark)
        yield from _in_annotation(get_args(annotation)[0], path)
    elif origin in (Union, types.UnionType):
        for branch in get_args(annotation):
            yield from _in_annotation(branch, path)
    elif origin in (tuple, list):
        for inner in get_args(annotation):
            if inner is not Ellipsis:
                yield from _in_annotation(inner, (*path, None))
    elif origin in (dict, Mapping):
        yield from _in_annotation(get_args(annotation)[1], (*path, None))
    elif isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield from _reference_fields(annotation, path)


def values_at(value: object, path: tuple[Step, ...]) -> Iterator[tuple[tuple[str | int, ...], object]]:
    """Yield ``(path, value)`` for each value under ``path``; None steps fan out over lists and mappings."""
    if value is None:
        return
    if not path:
        yield (), value
        return
    head, rest = path[0], path[1:]
    if head is None:
        items: Iterable[tuple[str | int, object]] = ()
        if isinstance(value, tuple | list):
            items = enumerate(value)
        elif isinstance(value, Mapping):
            items = value.items()
        for key, item in items:
            for tail, found in values_at(item, rest):
                yield (key, *tail), found
    elif isinstance(value, BaseModel) and head in type(value).model_fields:
        info = type(value).model_fields[head]
        for tail, found in values_at(getattr(value, head), rest):
            yield (info.alias or head, *tail), found


def interface_name(interface: type) -> str:
    """Return the name by which an index knows an interface."""
    return f"{interface.__module__}.{interface.__qualname__}"


@dataclass(frozen=True)
class Registry:
    """All kinds, found by name, slug or alias."""

    kinds: Mapping[str, Kind]
    """By name, in the order of names; a mapping may load a kind when it is first asked for."""
    names: Mapping[str, str] = field(repr=False)
    interfaces: Mapping[str, frozenset[str]] | None = field(default=None, repr=False)
    """What each kind implements, so that no other kind need be loaded to find out; None: ask every kind."""

    @classmethod
    def of(cls, kinds: Iterable[Kind]) -> Registry:
        """Build a registry; two kinds that claim one word are a programming error."""
        by_name: dict[str, Kind] = {}
        names: dict[str, str] = {}
        for kind in kinds:
            by_name[kind.name] = kind
            for word in {kind.name, kind.slug, *kind.aliases}:
                if names.setdefault(word, kind.name) != kind.name:
                    raise ValueError(f"kinds {names[word]} and {kind.name} both claim the name {word!r}")
        return cls({name: by_name[name] for name in sorted(by_name)}, names)

    def __getitem__(self, name: str) -> Kind:
        return self.kinds[self.names[name]]

    def __contains__(self, name: object) -> bool:
        return name in self.names

    def __iter__(self) -> Iterator[Kind]:
        return iter(self.kinds.values())

    def implementing(self, interface: type) -> Iterator[Kind]:
        """Yield every kind that may implement ``interface``, in order of name."""
        wanted = interface_name(interface)
        for name in self.kinds:
            if self.interfaces is None or wanted in self.interfaces[name]:
                yield self.kinds[name]

    def with_behaviour(self, interface: type[B]) -> Iterator[tuple[Kind, B]]:
        """Yield every kind that implements ``interface``, in order of name."""
        for kind in self.implementing(interface):
            found = kind.behaviour(interface)
            if found is not None:
                yield kind, found
