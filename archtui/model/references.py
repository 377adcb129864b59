"""References in properties that did not pass validation: what they name can be checked all the same."""

from __future__ import annotations

import types
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel

from archtui.model.component import Json
from archtui.model.fields import Reference
from archtui.model.operations import Path

Found = tuple[Path, str, Reference]
"""Where a reference stands, what it names, and what it may name."""


def written_references(model: type[BaseModel], raw: Mapping[str, Json]) -> tuple[Found, ...]:
    """Return every reference that ``raw``, properties as written for ``model``, holds in a place where one belongs."""
    return tuple(dict.fromkeys(_in_model(model, raw, ())))


def _in_model(model: type[BaseModel], raw: Mapping[str, Json], path: Path) -> Iterator[Found]:
    for name, info in model.model_fields.items():
        key = info.alias if info.alias and info.alias in raw else name
        if key in raw:
            yield from _in_value(info.annotation, tuple(info.metadata), raw[key], (*path, key))


def _in_value(annotation: Any, marks: tuple[object, ...], value: Json, path: Path) -> Iterator[Found]:
    if isinstance(value, str):
        for mark in marks:
            if isinstance(mark, Reference) and not mark.admits_literal(value):
                yield path, value, mark
    origin, inner = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        yield from _in_value(inner[0], tuple(inner[1:]), value, path)
    elif origin in (Union, types.UnionType):
        for branch in inner:
            yield from _in_value(branch, (), value, path)
    elif origin in (tuple, list) and isinstance(value, list):
        for index, item in enumerate(value):
            yield from _in_value(inner[0], (), item, (*path, index))
    elif isinstance(annotation, type) and issubclass(annotation, BaseModel) and isinstance(value, dict):
        yield from _in_model(annotation, value, path)
