"""Changes to the plain data of a document: four operations, each with an exact inverse."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from archtui.model.component import Json
from archtui.model.errors import EditError

Path: TypeAlias = tuple[str | int, ...]
"""A place in a document: ``("components", "web", "listeners", 0, "port")``."""


@dataclass(frozen=True, slots=True)
class Set:
    """Put ``value`` at ``path``: replaces what is there or adds a key (``position``: where, default last)."""

    path: Path
    value: Json
    position: int | None = None


@dataclass(frozen=True, slots=True)
class Remove:
    """Take away the key or the list element at ``path``."""

    path: Path


@dataclass(frozen=True, slots=True)
class Insert:
    """Insert ``value`` into a list so that it stands at the index that ends ``path``."""

    path: Path
    value: Json


@dataclass(frozen=True, slots=True)
class Rename:
    """Give the key at ``path`` a new name in the same position."""

    path: Path
    name: str


Operation: TypeAlias = Set | Remove | Insert | Rename


def value_at(data: Json, path: Path) -> Json:
    """Return the value at ``path``; raise :class:`EditError` where there is none."""
    here = data
    for part in path:
        if isinstance(here, dict) and isinstance(part, str) and part in here:
            here = here[part]
        elif isinstance(here, list) and isinstance(part, int) and 0 <= part < len(here):
            here = here[part]
        else:
            raise EditError(f"there is nothing at {'.'.join(map(str, path))}")
    return here


def _on_parent(data: Json, path: Path, change: _Change) -> Json:
    """Copy the containers along ``path`` and let ``change`` alter the copy of the last one."""
    if not path:
        raise EditError("the document itself cannot be replaced by an edit")
    if isinstance(data, dict):
        copy: dict[str, Json] | list[Json] = dict(data)
    elif isinstance(data, list):
        copy = list(data)
    else:
        raise EditError(f"{path[0]!r} is not inside a mapping or a list")
    if len(path) == 1:
        return change(copy)
    head = path[0]
    inner = value_at(copy, (head,))
    changed = _on_parent(inner, path[1:], change)
    if isinstance(copy, dict):
        copy[str(head)] = changed
    elif isinstance(head, int):
        copy[head] = changed
    return copy


class _Change:
    """What one operation does to the container it stands in."""

    def __init__(self, operation: Operation) -> None:
        self.operation = operation

    def __call__(self, box: dict[str, Json] | list[Json]) -> Json:
        operation, key = self.operation, self.operation.path[-1]
        if isinstance(box, dict) and isinstance(key, str):
            return self._in_mapping(box, key)
        if isinstance(box, list) and isinstance(key, int):
            if isinstance(operation, Insert) and 0 <= key <= len(box):
                box.insert(key, operation.value)
                return box
            if isinstance(operation, Set) and 0 <= key < len(box):
                box[key] = operation.value
                return box
            if isinstance(operation, Remove) and 0 <= key < len(box):
                del box[key]
                return box
        raise EditError(f"cannot {type(operation).__name__.lower()} {'.'.join(map(str, operation.path))}")

    def _in_mapping(self, box: dict[str, Json], key: str) -> Json:
        operation = self.operation
        if isinstance(operation, Set):
            if key in box or operation.position is None:
                box[key] = operation.value
                return box
            items = list(box.items())
            items.insert(operation.position, (key, operation.value))
            return dict(items)
        if key not in box:
            raise EditError(f"there is nothing at {'.'.join(map(str, operation.path))}")
        if isinstance(operation, Remove):
            del box[key]
            return box
        if isinstance(operation, Rename):
            if operation.name in box:
                raise EditError(f"{operation.name!r} exists already; choose another name")
            return {operation.name if name == key else name: value for name, value in box.items()}
        raise EditError(f"{key!r} stands in a mapping; an insert needs a list")


def apply(data: Json, operation: Operation) -> Json:
    """Return ``data`` with ``operation`` done; what it does not touch is shared, nothing is changed in place."""
    return _on_parent(data, operation.path, _Change(operation))


def inverse(data: Json, operation: Operation) -> Operation:
    """Return the operation that takes ``apply(data, operation)`` back to ``data``."""
    path = operation.path
    if isinstance(operation, Insert):
        return Remove(path)
    if isinstance(operation, Rename):
        return Rename((*path[:-1], operation.name), str(path[-1]))
    box = value_at(data, path[:-1])
    key = path[-1]
    if isinstance(box, dict) and isinstance(key, str):
        if key not in box:
            return Remove(path)
        return Set(path, box[key], position=list(box).index(key))
    old = value_at(data, path)
    return Set(path, old) if isinstance(operation, Set) else Insert(path, old)


def apply_all(data: Json, operations: Sequence[Operation]) -> tuple[Json, tuple[Operation, ...]]:
    """Do ``operations`` in turn; return the new data and the operations that undo them, in order."""
    undo: list[Operation] = []
    for operation in operations:
        undo.append(inverse(data, operation))
        data = apply(data, operation)
    return data, tuple(reversed(undo))
