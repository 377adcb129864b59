"""The inspector's form, made from a kind's properties: rows with a place, a value, choices and a doc line."""

from __future__ import annotations

import types
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from archtui.model.component import Component
from archtui.model.docs import described
from archtui.model.fields import Reference

Widget = Literal["text", "bool", "choice", "reference", "list", "group"]


@dataclass(frozen=True, slots=True)
class FieldRow:
    """One row of the form."""

    path: tuple[str | int, ...]
    label: str
    depth: int
    value: str
    """The value as shown."""
    written: bool
    """Whether the document says it; otherwise it is a default."""
    widget: Widget
    doc: str
    choices: tuple[str, ...] = ()
    """What may be chosen (enumerations and booleans)."""
    kinds: tuple[str, ...] = ()
    """Which kinds a reference may name (empty: any)."""
    required: bool = False


def form_rows(component: Component) -> tuple[FieldRow, ...]:
    """Return the rows of a component's form, groups and lists unfolded."""
    return tuple(_fields(component.properties, component.raw, (), 0))


def _fields(model: BaseModel, raw: object, path: tuple[str | int, ...], depth: int) -> Iterator[FieldRow]:
    for name, info in type(model).model_fields.items():
        key = info.alias or name
        written = isinstance(raw, Mapping) and (key in raw or name in raw)
        inner = raw.get(key, raw.get(name)) if isinstance(raw, Mapping) else None
        doc = described(type(model), name)
        yield from _value(getattr(model, name), info, doc, key, inner, written, (*path, key), depth)


def _value(
    value: object,
    info: FieldInfo,
    doc: str,
    key: str,
    raw: object,
    written: bool,
    path: tuple[str | int, ...],
    depth: int,
) -> Iterator[FieldRow]:
    shape = _shape(info.annotation, tuple(info.metadata))
    required = info.is_required()
    if isinstance(value, BaseModel):
        yield FieldRow(path, key, depth, "", written, "group", doc, required=required)
        yield from _fields(value, raw, path, depth + 1)
        return
    if shape.widget == "list":
        items = value if isinstance(value, tuple) else ()
        yield FieldRow(path, key, depth, _listed(items), written, "list", doc, kinds=shape.kinds, required=required)
        for index, item in enumerate(items):
            below = raw[index] if isinstance(raw, list) and index < len(raw) else None
            place = (*path, index)
            if isinstance(item, BaseModel):
                summary = ", ".join(_brief(item))
                yield FieldRow(place, f"[{index}]", depth + 1, summary, written, "group", doc)
                yield from _fields(item, below, place, depth + 2)
            else:
                widget: Widget = "reference" if shape.reference else "text"
                yield FieldRow(place, f"[{index}]", depth + 1, str(item), written, widget, doc, kinds=shape.kinds)
        return
    text = "" if value is None else _text(value)
    yield FieldRow(path, key, depth, text, written, shape.widget, doc, shape.choices, shape.kinds, required)


@dataclass(frozen=True, slots=True)
class _Shape:
    widget: Widget
    choices: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    reference: bool = False


def _shape(annotation: Any, marks: tuple[object, ...] = ()) -> _Shape:
    """Return how a property of this type is edited."""
    origin = get_origin(annotation)
    reference = next((mark for mark in marks if isinstance(mark, Reference)), None)
    if origin is Annotated:
        inner, *more = get_args(annotation)
        return _shape(inner, (*marks, *more))
    if origin in (Union, types.UnionType):
        shapes = [_shape(branch, marks) for branch in get_args(annotation) if branch is not type(None)]
        order: tuple[Widget, ...] = ("list", "group", "reference", "choice", "bool", "text")
        best = min(shapes, key=lambda shape: order.index(shape.widget))
        mixed = best.widget == "choice" and any(shape.widget == "text" for shape in shapes)
        return _Shape("text", best.choices) if mixed else best
    if origin is tuple:
        inner = _shape(get_args(annotation)[0])
        return _Shape("list", kinds=inner.kinds, reference=inner.widget == "reference")
    if reference:
        return _Shape("reference", kinds=reference.kinds, reference=True)
    if origin is Literal:
        return _Shape("choice", tuple(str(choice) for choice in get_args(annotation)))
    if annotation is bool:
        return _Shape("bool", ("true", "false"))
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return _Shape("group")
    return _Shape("text")


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {_text(item)}" for key, item in value.items()) + "}"
    if isinstance(value, tuple):
        return "[" + ", ".join(_text(item) for item in value) + "]"
    return str(value)


def _listed(items: tuple[object, ...]) -> str:
    if all(not isinstance(item, BaseModel) for item in items):
        return ", ".join(str(item) for item in items)
    return f"{len(items)} entr{'y' if len(items) == 1 else 'ies'}"


def _brief(model: BaseModel) -> Iterator[str]:
    """Yield the properties of a group that are not defaults, shortly."""
    for name, info in type(model).model_fields.items():
        value = getattr(model, name)
        if value != info.get_default() and not isinstance(value, BaseModel) and value not in ((), {}, "", None):
            if isinstance(value, tuple) and any(isinstance(item, BaseModel) for item in value):
                inner = ", ".join(part for item in value if isinstance(item, BaseModel) for part in _brief(item))
                yield f"{info.alias or name}: {inner}"
            else:
                yield f"{info.alias or name}: {_text(value)}"
