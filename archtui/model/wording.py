"""What pydantic finds wrong with a value, in the words of a blueprint's author: what is wrong, how to mend it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from archtui.model.errors import did_you_mean, one_of

_SHOWN = 40
"""How many characters of a wrong value are repeated."""
_QUOTED = re.compile(r"'([^']*)'")


def worded(code: str, message: str, value: object, context: Mapping[str, Any]) -> tuple[str, str]:
    """Return what is wrong with ``value`` and the remedy, for an error of pydantic with its ``code`` and context."""
    if code in ("value_error", "assertion_error"):
        what, _, remedy = message.partition(", ")[2].partition("; ")
        return what, remedy or "check the value"
    make = _WORDS.get(code)
    return make(value, context) if make else (f"{message} (got {_short(value)})", "check the value")


def _short(value: object) -> str:
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list | tuple):
        return "a list"
    text = repr(value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}..."


def _word(value: object, context: Mapping[str, Any]) -> tuple[str, str]:
    known = _QUOTED.findall(str(context.get("expected", "")))
    near = ""
    if isinstance(value, str):
        other_case = next((word for word in known if word.lower() == value.lower()), "")
        near = f"did you mean {other_case!r}?" if other_case else did_you_mean(value, known)
    return f"{_short(value)} is not known here", near or one_of(known, 12)


def _integer(value: object, _: Mapping[str, Any]) -> tuple[str, str]:
    plain = isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < _SHOWN
    return f"{_short(value)} is not a whole number", f"write {value}, without quotes" if plain else "write one, like 3"


def _number(value: object, _: Mapping[str, Any]) -> tuple[str, str]:
    return f"{_short(value)} is not a number", "write one, like 1.5"


def _boolean(value: object, _: Mapping[str, Any]) -> tuple[str, str]:
    meant = {"yes": "true", "on": "true", "y": "true", "no": "false", "off": "false", "n": "false"}
    return f"{_short(value)} is neither true nor false", f"write {meant.get(str(value).lower(), 'true or false')}"


def _text(value: object, _: Mapping[str, Any]) -> tuple[str, str]:
    scalar = isinstance(value, str | int | float) and len(str(value)) < _SHOWN
    return f"{_short(value)} is not a text", f"put it in quotes: '{value}'" if scalar else "write one word or text"


def _list(value: object, _: Mapping[str, Any]) -> tuple[str, str]:
    scalar = isinstance(value, str | int | float) and len(str(value)) < _SHOWN
    return f"{_short(value)} is not a list", f"write [{value}]" if scalar else "start each entry with '- '"


def _mapping(value: object, _: Mapping[str, Any]) -> tuple[str, str]:
    return f"{_short(value)} is not a mapping", "write its properties as {name: value}"


def _bound(word: str, key: str, remedy: str) -> Callable[[object, Mapping[str, Any]], tuple[str, str]]:
    def make(value: object, context: Mapping[str, Any]) -> tuple[str, str]:
        return f"{_short(value)} is too {word}", remedy.format(context.get(key))

    return make


_WORDS: Mapping[str, Callable[[object, Mapping[str, Any]], tuple[str, str]]] = {
    **dict.fromkeys(("literal_error", "enum"), _word),
    **dict.fromkeys(("int_type", "int_parsing", "int_parsing_size", "int_from_float"), _integer),
    **dict.fromkeys(("float_type", "float_parsing", "finite_number"), _number),
    **dict.fromkeys(("bool_type", "bool_parsing"), _boolean),
    "string_type": _text,
    **dict.fromkeys(("tuple_type", "list_type"), _list),
    **dict.fromkeys(("dict_type", "mapping_type", "model_type", "model_attributes_type"), _mapping),
    "greater_than_equal": _bound("small", "ge", "the least is {}"),
    "greater_than": _bound("small", "gt", "write more than {}"),
    "less_than_equal": _bound("large", "le", "the most is {}"),
    "less_than": _bound("large", "lt", "write less than {}"),
    "string_too_short": _bound("short", "min_length", "write at least {} characters"),
    "string_too_long": _bound("long", "max_length", "write at most {} characters"),
    "too_short": _bound("short", "min_length", "write at least {} entries"),
    "too_long": _bound("long", "max_length", "write at most {} entries"),
}
