"""Edits: named changes to a blueprint that can be applied, undone and shown.

An edit is a label and the operations on the document's plain data. The constructors below make the
usual ones; the TUI, quick fixes and ``connect`` speak nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from archtui.model.blueprint import Blueprint
from archtui.model.component import Json
from archtui.model.errors import EditError
from archtui.model.kinds import values_at
from archtui.model.operations import Insert, Operation, Path, Remove, Rename, Set, apply, value_at


@dataclass(frozen=True, slots=True)
class Edit:
    """A change with a name: ``label`` is a sentence, ``operations`` are done in order."""

    label: str
    operations: tuple[Operation, ...]

    def to_json(self) -> dict[str, Json]:
        """Return the edit as plain data, as the command line prints it."""
        return {"label": self.label, "operations": [_operation_json(operation) for operation in self.operations]}


def _operation_json(operation: Operation) -> dict[str, Json]:
    shown: dict[str, Json] = {"op": type(operation).__name__.lower(), "path": list(operation.path)}
    if isinstance(operation, Set | Insert):
        shown["value"] = operation.value
    if isinstance(operation, Set) and operation.position is not None:
        shown["position"] = operation.position
    if isinstance(operation, Rename):
        shown["name"] = operation.name
    return shown


def edit_from_json(data: Json) -> Edit:
    """Return the edit that :meth:`Edit.to_json` wrote; raise :class:`EditError` for anything else."""
    if not isinstance(data, dict) or not isinstance(data.get("operations"), list):
        raise EditError("this is no edit; it needs a label and operations")
    rows = data["operations"]
    return Edit(str(data.get("label")), tuple(map(_operation, rows if isinstance(rows, list) else [])))


def _operation(row: Json) -> Operation:
    kind = row.get("op") if isinstance(row, dict) else None
    path = row.get("path") if isinstance(row, dict) else None
    if not isinstance(row, dict) or not isinstance(kind, str) or not isinstance(path, list) or not path:
        raise EditError("this is no operation; it needs op and path")
    place = tuple(part for part in path if isinstance(part, str | int))
    if kind == "set" and "value" in row:
        position = row.get("position")
        return Set(place, row["value"], position if isinstance(position, int) else None)
    if kind == "insert" and "value" in row:
        return Insert(place, row["value"])
    if kind == "remove":
        return Remove(place)
    if kind == "rename" and isinstance(row.get("name"), str):
        return Rename(place, str(row["name"]))
    raise EditError(f"{kind!r} is no operation; use set, insert, remove or rename")


def join(label: str, edits: Iterable[Edit]) -> Edit:
    """Return one edit that does ``edits`` in turn."""
    return Edit(label, tuple(operation for edit in edits for operation in edit.operations))


def add_component(name: str, kind: str, properties: Mapping[str, Json] | None = None) -> Edit:
    """Add a component at the end of the document."""
    return Edit(f"add {kind} {name}", (Set(("components", name), {"kind": kind, **(properties or {})}),))


def set_property(name: str, path: Path, value: Json) -> Edit:
    """Set the property at ``path`` (``("cidr",)``, ``("listeners", 0, "port")``) of component ``name``."""
    return Edit(f"set {name}.{'.'.join(map(str, path))} to {_short(value)}", (Set(("components", name, *path), value),))


def clear_property(name: str, path: Path) -> Edit:
    """Take a property away, so that AWS's default holds again."""
    return Edit(f"clear {name}.{'.'.join(map(str, path))}", (Remove(("components", name, *path)),))


def append_to(blueprint: Blueprint, name: str, path: Path, value: Json) -> Edit:
    """Append ``value`` to the list property at ``path`` of ``name``; the list is made where there is none."""
    full: Path = ("components", name, *path)
    label = f"add {_short(value)} to {name}.{'.'.join(map(str, path))}"
    try:
        current = value_at(blueprint.data, full)
    except EditError:
        return Edit(label, (Set(full, [value]),))
    if not isinstance(current, list):
        raise EditError(f"{name}.{'.'.join(map(str, path))} is not a list")
    return Edit(label, (Insert((*full, len(current)), value),))


def add_link(blueprint: Blueprint, link: Mapping[str, Json]) -> Edit:
    """Add a link between two applications."""
    label = f"link {link.get('from')} to {link.get('to')}"
    links = blueprint.data.get("links")
    if not isinstance(links, list):
        return Edit(label, (Set(("links",), [dict(link)]),))
    return Edit(label, (Insert(("links", len(links)), dict(link)),))


def add_journey(blueprint: Blueprint, journey: Mapping[str, Json]) -> Edit:
    """Add a named request that the design exists for."""
    label = f"add the journey {journey.get('name')!r}"
    journeys = blueprint.data.get("journeys")
    if not isinstance(journeys, list):
        return Edit(label, (Set(("journeys",), [dict(journey)]),))
    return Edit(label, (Insert(("journeys", len(journeys)), dict(journey)),))


def disconnect(blueprint: Blueprint, source: str, target: str) -> Edit:
    """Remove the links from ``source`` to ``target`` and every property of ``source`` that names ``target``."""
    operations: list[Operation] = []
    if source in blueprint.components:
        paths = sorted(_raw_references(blueprint, source, target), key=_deepest_first)
        operations += [Remove(("components", source, *path)) for path in dict.fromkeys(paths)]
    for index in reversed(range(len(blueprint.links))):
        if (blueprint.links[index].source, blueprint.links[index].target) == (source, target):
            operations.append(Remove(("links", index)))
    if not operations:
        raise EditError(f"nothing of {source} names {target}")
    return Edit(f"disconnect {source} from {target}", tuple(operations))


def remove_component(blueprint: Blueprint, name: str) -> Edit:
    """Remove a component with every link, journey and reference that names it.

    A reference that its owner cannot do without makes the edit invalid; applying it then raises
    :class:`InputError` naming the owner.
    """
    if name not in blueprint.components:
        raise EditError(f"there is no component {name!r}")
    operations: list[Operation] = []
    data: Json = blueprint.data

    def step(operation: Operation) -> None:
        nonlocal data
        operations.append(operation)
        data = apply(data, operation)

    for other in blueprint.components.values():
        if other.id != name:
            for path in sorted(_raw_references(blueprint, other.id, name), key=_deepest_first):
                step(Remove(("components", other.id, *path)))
    for index in reversed(range(len(blueprint.links))):
        if name in (blueprint.links[index].source, blueprint.links[index].target):
            step(Remove(("links", index)))
    for index in reversed(range(len(blueprint.journeys))):
        journey = blueprint.journeys[index]
        if name in (journey.source, journey.reaches, journey.to):
            step(Remove(("journeys", index)))
    for index in reversed(range(len(blueprint.suppressions))):
        named = blueprint.suppressions[index].components
        if name in named:
            if len(named) == 1:
                step(Remove(("suppress", index)))
            else:
                for position in reversed([i for i, value in enumerate(named) if value == name]):
                    step(Remove(("suppress", index, "components", position)))
    step(Remove(("components", name)))
    return Edit(f"remove {name}", tuple(operations))


def rename_component(blueprint: Blueprint, old: str, new: str) -> Edit:
    """Give a component a new id everywhere it is named."""
    if old not in blueprint.components:
        raise EditError(f"there is no component {old!r}")
    if new in blueprint.components:
        raise EditError(f"{new!r} exists already; choose another id")
    operations: list[Operation] = [Rename(("components", old), new)]
    for other in blueprint.components.values():
        owner = new if other.id == old else other.id
        for path in _raw_references(blueprint, other.id, old, shorten=False):
            operations.append(Set(("components", owner, *path), new))
    for index, link in enumerate(blueprint.links):
        operations += [
            Set(("links", index, key), new)
            for key, value in (("from", link.source), ("to", link.target))
            if value == old
        ]
    for index, journey in enumerate(blueprint.journeys):
        named = (("from", journey.source), ("reaches", journey.reaches), ("to", journey.to))
        operations += [Set(("journeys", index, key), new) for key, value in named if value == old]
    for index, suppression in enumerate(blueprint.suppressions):
        operations += [
            Set(("suppress", index, "components", position), new)
            for position, value in enumerate(suppression.components)
            if value == old
        ]
    return Edit(f"rename {old} to {new}", tuple(operations))


def suppress(blueprint: Blueprint, rule: str, components: Iterable[str], reason: str) -> Edit:
    """Put a judged finding on record: ``rule`` is right as it is on ``components``, because of ``reason``."""
    entry: dict[str, Json] = {"rule": rule, "components": [*components], "reason": reason}
    label = f"suppress {rule}"
    entries = blueprint.data.get("suppress")
    if not isinstance(entries, list):
        return Edit(label, (Set(("suppress",), [entry]),))
    return Edit(label, (Insert(("suppress", len(entries)), entry),))


def unused_id(taken: Iterable[str], stem: str) -> str:
    """Return ``stem`` or the first free ``stem-2``, ``stem-3``, ..."""
    known = set(taken)
    if stem not in known:
        return stem
    number = 2
    while f"{stem}-{number}" in known:
        number += 1
    return f"{stem}-{number}"


def _raw_references(blueprint: Blueprint, owner: str, target: str, shorten: bool = True) -> Iterator[Path]:
    """Yield the places in ``owner``'s written properties that name ``target``.

    With ``shorten`` a place inside a list element that is about nothing but the target (a route, a
    rule, a listener's forward) is given as the element, so that removing it leaves no husk.
    """
    component = blueprint.components[owner]
    for mark in component.kind.reference_fields:
        for path, value in values_at(component.properties, mark.path):
            if value != target:
                continue
            written = _written(blueprint, owner, path)
            if written is None:
                continue
            if shorten:
                indexes = [i for i, part in enumerate(written) if isinstance(part, int)]
                written = written[: indexes[-1] + 1] if indexes else written
            yield written


def _written(blueprint: Blueprint, owner: str, path: Path) -> Path | None:
    """Return where ``path`` of the checked properties stands in the document (a bare value may stand for a group)."""
    for end in range(len(path), 0, -1):
        try:
            value = value_at(blueprint.data, ("components", owner, *path[:end]))
        except EditError:
            continue
        return path[:end] if end == len(path) or isinstance(value, str | int) else None
    return None


def _deepest_first(path: Path) -> tuple[tuple[int, ...], str]:
    """Order removals so that a later index goes before an earlier one."""
    return tuple(-part for part in path if isinstance(part, int)), ".".join(map(str, path))


def _short(value: Json) -> str:
    text = str(value)
    return text if len(text) <= 40 else f"{text[:37]}..."
