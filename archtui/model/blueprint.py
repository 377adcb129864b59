"""The document: what a person writes, reviews and edits. It knows no AWS behaviour."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Protocol, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from archtui.model.component import ID_PATTERN, Component, Journey, Json, Link, Suppression
from archtui.model.errors import InputError, Location, Problem, did_you_mean, one_of
from archtui.model.fields import Reference, no_region
from archtui.model.kinds import Kind, Registry
from archtui.model.operations import Operation, Path, apply_all
from archtui.model.references import written_references
from archtui.model.wording import worded

FORMAT_VERSION = 1
INTERNET = "internet"
"""The one component every design has without writing it down."""

_TOP = ("blueprint", "version", "description", "region", "account", "components", "links", "journeys", "suppress")
M = TypeVar("M", bound=BaseModel)


class Locate(Protocol):
    """Finds the place of the value at a path of the document, or of its key."""

    def __call__(self, path: Path, key: bool = False) -> Location | None:
        """Return the place, or None where the format keeps no places."""
        ...


@dataclass(frozen=True, eq=False)
class Blueprint:
    """A checked document. Build one with :meth:`build`, change it with :meth:`edited`."""

    registry: Registry
    data: dict[str, Json] = field(repr=False)
    """The document as plain data, exactly as written."""
    components: Mapping[str, Component]
    links: tuple[Link, ...]
    journeys: tuple[Journey, ...]
    suppressions: tuple[Suppression, ...]

    @property
    def title(self) -> str:
        """The document's name."""
        return str(self.data.get("blueprint") or "Untitled")

    @property
    def region(self) -> str:
        """The home region; us-east-1 where the document names none."""
        return str(self.data.get("region") or "us-east-1")

    @property
    def account(self) -> str:
        """The home account."""
        return str(self.data.get("account") or "")

    @property
    def description(self) -> str:
        """What the design is about."""
        return str(self.data.get("description") or "")

    @classmethod
    def build(cls, data: Json, registry: Registry, locate: Locate | None = None) -> Blueprint:
        """Check ``data`` and return the blueprint; raise :class:`InputError` with every problem found."""
        return _Builder(registry, None).build(data, locate)

    @classmethod
    def empty(cls, registry: Registry, title: str = "Untitled", region: str = "eu-west-1") -> Blueprint:
        """Return a blueprint with a name and nothing in it."""
        return cls.build({"blueprint": title, "version": FORMAT_VERSION, "region": region, "components": {}}, registry)

    def edited(self, operations: tuple[Operation, ...]) -> tuple[Blueprint, tuple[Operation, ...]]:
        """Return the blueprint after ``operations`` and the operations that undo them.

        Components that the operations do not touch are the same objects as before. Raises
        :class:`EditError` where an operation does not fit and :class:`InputError` where the result
        would not be a valid blueprint; nothing has changed then.
        """
        data, undo = apply_all(self.data, operations)
        return _Builder(self.registry, self).build(data, None), undo

    @cached_property
    def ids(self) -> tuple[str, ...]:
        """The component ids in the document's order."""
        return tuple(self.components)


class _Builder:
    def __init__(self, registry: Registry, before: Blueprint | None) -> None:
        self.registry = registry
        self.before = before
        self.problems: list[Problem] = []
        self.declared: frozenset[str] = frozenset()
        self.broken: dict[str, tuple[Kind, dict[str, Json]]] = {}
        """Components whose properties were refused; what they name is checked all the same."""

    def problem(self, what: str, remedy: str, *path: str | int, on_key: bool = False) -> None:
        self.problems.append(Problem(what, remedy, path, on_key=on_key))

    def build(self, data: Json, locate: Locate | None) -> Blueprint:
        if not isinstance(data, dict):
            self.problem("a blueprint is a mapping", "start with 'blueprint: TITLE' and 'components:'")
            raise InputError(self._located(locate))
        for key in data:
            if key not in _TOP:
                self.problem(f"unknown key {key!r}", did_you_mean(key, _TOP) or one_of(_TOP, 12), key, on_key=True)
        for key in ("blueprint", "description", "region", "account"):
            if not isinstance(data.get(key), str | int | None):
                self.problem(f"{key} is a text", f"write '{key}: ...'", key)
        region = data.get("region")
        if isinstance(region, str | int) and no_region(str(region)):
            self.problem(*no_region(str(region)).split("; "), "region")
        bodies = data.get("components")
        self.declared = frozenset(bodies) if isinstance(bodies, dict) else frozenset()
        components = self._components(bodies)
        links = tuple(item for _, item in self._items(data, "links", Link))
        journeys = tuple(item for _, item in self._items(data, "journeys", Journey))
        suppressions = tuple(item for _, item in self._items(data, "suppress", Suppression))
        self._references(components)
        self._named(links, journeys, suppressions)
        if self.problems:
            raise InputError(self._located(locate))
        return Blueprint(self.registry, data, components, links, journeys, suppressions)

    def _located(self, locate: Locate | None) -> Iterator[Problem]:
        for problem in self.problems:
            where = locate(problem.path, problem.on_key) if locate else None
            yield replace(problem, location=where)

    def _components(self, data: Json) -> dict[str, Component]:
        if data is None:
            return {}
        if not isinstance(data, dict):
            self.problem("components is a mapping from id to component", "write 'web: {kind: ec2}'", "components")
            return {}
        found: dict[str, Component] = {}
        old_data = self.before.data.get("components") if self.before else None
        for name, body in data.items():
            if self.before and isinstance(old_data, dict) and name in old_data and old_data[name] is body:
                found[name] = self.before.components[name]
            else:
                component = self._component(name, body)
                if component:
                    found[name] = component
        return found

    def _component(self, name: str, body: Json) -> Component | None:
        if not isinstance(name, str) or not ID_PATTERN.fullmatch(name):
            remedy = "use letters, digits, '-', '_' and '.'"
            self.problem(f"{name!r} is not a component id", remedy, "components", name, on_key=True)
            return None
        if name == INTERNET and not (isinstance(body, dict) and body.get("kind") == INTERNET):
            taken = "'internet' is taken by the internet itself"
            self.problem(taken, "choose another id", "components", name, on_key=True)
            return None
        if not isinstance(body, dict):
            self.problem(f"component {name!r} is a mapping with a kind", "write 'kind: ec2'", "components", name)
            return None
        word = body.get("kind")
        if not isinstance(word, str):
            self.problem(
                f"component {name!r} has no kind", "add 'kind: ...', see 'archtui services'", "components", name
            )
            return None
        if word not in self.registry:
            remedy = did_you_mean(word, self.registry.names) or "see 'archtui services' for the kinds"
            self.problem(f"unknown kind {word!r}", remedy, "components", name, "kind")
            return None
        kind = self.registry[word]
        raw = {key: value for key, value in body.items() if key != "kind"}
        properties = self._validated(kind.properties, raw, ("components", name))
        if properties is None:
            self.broken[name] = kind, raw
            return None
        return Component(name, kind, properties, raw)

    def _items(self, data: dict[str, Json], key: str, model: type[M]) -> Iterator[tuple[int, M]]:
        items = data.get(key)
        if items is None:
            return
        if not isinstance(items, list):
            self.problem(f"{key} is a list", "start each entry with '- '", key)
            return
        for index, item in enumerate(items):
            if not isinstance(item, dict):
                self.problem(f"an entry of {key} is a mapping", "write '- {from: ..., to: ...}'", key, index)
                continue
            checked = self._validated(model, item, (key, index))
            if checked is not None:
                yield index, checked

    def _validated(self, model: type[M], raw: Mapping[str, Json], path: Path) -> M | None:
        try:
            return model.model_validate(raw)
        except ValidationError as error:
            seen: set[Path] = set()
            for found in error.errors(include_url=False):
                place = tuple(part for part in found["loc"] if not _is_union_tag(part))
                # Where several types are possible pydantic says for each why it is not that one: the first will do.
                if place not in seen:
                    self._schema_problem(model, path, place, found)
                seen.add(place)
            return None

    def _schema_problem(
        self, model: type[BaseModel], path: Path, place: tuple[str | int, ...], found: ErrorDetails
    ) -> None:
        where = (*path, *place)
        if found["type"] == "extra_forbidden":
            known = _fields_at(model, place[:-1])
            self.problem(
                f"unknown property {place[-1]!r}",
                did_you_mean(str(place[-1]), known) or one_of(known, 12),
                *where,
                on_key=True,
            )
        elif found["type"] == "missing":
            self.problem(f"{place[-1]!r} is missing", f"add '{place[-1]}: ...'", *where[:-1], on_key=True)
        else:
            what, remedy = worded(found["type"], found["msg"], found["input"], found.get("ctx", {}))
            label = ".".join(str(part) for part in place)
            self.problem(f"{label}: {what}" if label else what, remedy, *where)

    def _references(self, components: Mapping[str, Component]) -> None:
        for component in components.values():
            for path, value, reference in component.references:
                self._reference(components, component.id, path, value, reference)
        for name, (kind, raw) in self.broken.items():
            refused = {problem.path for problem in self.problems}
            for path, value, reference in written_references(kind.properties, raw):
                if ("components", name, *path) not in refused:
                    self._reference(components, name, path, value, reference)

    def _reference(
        self,
        components: Mapping[str, Component],
        owner: str,
        path: tuple[str | int, ...],
        value: str,
        reference: Reference,
    ) -> None:
        target = components.get(value)
        if target is None:
            if value == INTERNET:
                if not reference.admits(INTERNET):
                    what = f"{owner}.{'.'.join(map(str, path))} names the internet"
                    self.problem(what, f"name a {' or '.join(reference.kinds)}", "components", owner, *path)
            elif value not in self.declared:
                wanted = " or ".join(reference.kinds)
                add = f"add a component {value!r} of kind {wanted}" if wanted else "add it or name another"
                what = f"{owner}.{'.'.join(map(str, path))} names {value!r}, which does not exist"
                self.problem(what, did_you_mean(value, self.declared) or add, "components", owner, *path)
        elif not reference.admits(target.kind.name) and not target.kind.stands_in:
            wanted = " or ".join(reference.kinds)
            what = f"{owner}.{'.'.join(map(str, path))} names {value!r}, a {target.kind.name}"
            self.problem(what, f"name a {wanted}", "components", owner, *path)

    def _named(
        self,
        links: tuple[Link, ...],
        journeys: tuple[Journey, ...],
        suppressions: tuple[Suppression, ...],
    ) -> None:
        def known(value: str | None, *path: str | int) -> None:
            if value and value != INTERNET and value not in self.declared:
                remedy = did_you_mean(value, self.declared) or "name a component of this blueprint"
                self.problem(f"{value!r} does not exist", remedy, *path)

        for index, link in enumerate(links):
            known(link.source, "links", index, "from")
            known(link.target, "links", index, "to")
        names: set[str] = set()
        for index, journey in enumerate(journeys):
            if not _looks_like_address(journey.source):
                known(journey.source, "journeys", index, "from")
            known(journey.reaches, "journeys", index, "reaches")
            if journey.name in names:
                self.problem(f"two journeys are named {journey.name!r}", "give each its own name", "journeys", index)
            names.add(journey.name)
        for index, suppression in enumerate(suppressions):
            for position, name in enumerate(suppression.components):
                if ":" not in name:
                    known(name, "suppress", index, "components", position)


def _looks_like_address(text: str) -> bool:
    return bool(text) and ((text[0].isdigit() and text.count(".") == 3) or text.count(":") >= 2)


def _is_union_tag(part: str | int) -> bool:
    """Pydantic names the branch of a union in an error's place; the document knows no such key."""
    return isinstance(part, str) and (
        part[:1].isupper() or "[" in part or part in {"str", "int", "float", "bool", "constrained-str"}
    )


def _fields_at(model: type[BaseModel], loc: tuple[str | int, ...]) -> tuple[str, ...]:
    """Return the property names allowed at ``loc`` below ``model``."""
    here: type[BaseModel] | None = model
    for part in loc:
        if isinstance(part, int) or _is_union_tag(part) or here is None:
            continue
        info = next((f for n, f in here.model_fields.items() if part in (n, f.alias)), None)
        here = _model_in(info.annotation) if info else None
    return tuple(info.alias or name for name, info in here.model_fields.items()) if here else ()


def _model_in(annotation: object) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for inner in getattr(annotation, "__args__", ()):
        found = _model_in(inner)
        if found:
            return found
    return None
