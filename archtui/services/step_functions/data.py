"""What a run of a workflow knows: paths into its data, and conditions on them.

The data of a run are what its caller said and what its states added. What a service returns is not known unless the
design states it: a condition on that is not decided.

Sources: Step Functions Developer Guide, "Specifying input and output in Step Functions" (ResultPath), "Choice workflow
state" (comparison operators).
"""

from __future__ import annotations

import fnmatch
import operator
from collections.abc import Callable, Mapping
from typing import Any, Final

from pydantic import JsonValue

UNKNOWN: Final = "\0unknown"
"""A value that the design does not state."""
_ABSENT: Final = "\0absent"
Condition = Mapping[str, JsonValue]

_ORDER: Mapping[str, Callable[[Any, Any], bool]] = {
    "Equals": operator.eq,
    "LessThan": operator.lt,
    "LessThanEquals": operator.le,
    "GreaterThan": operator.gt,
    "GreaterThanEquals": operator.ge,
}
"""By name; only values of one type are compared."""
_TYPES: Mapping[str, Callable[[JsonValue], bool]] = {
    "IsBoolean": lambda value: isinstance(value, bool),
    "IsNull": lambda value: value is None,
    "IsNumeric": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    "IsString": lambda value: isinstance(value, str),
}


def at(data: JsonValue, path: str) -> JsonValue:
    """Return what stands at ``path`` (``$.order.total``); :data:`UNKNOWN` where that is not stated."""
    here = data
    for key in path.removeprefix("$").strip(".").split("."):
        if here == UNKNOWN or not key:
            continue
        here = here[key] if isinstance(here, dict) and key in here else _ABSENT
        if here == _ABSENT:
            return _ABSENT
    return here


def after(data: JsonValue, result: JsonValue, path: str) -> JsonValue:
    """Return the data after a state: its result put at ``path``; ``$`` stands for all, empty drops the result."""
    if not path:
        return data
    keys = [key for key in path.removeprefix("$").strip(".").split(".") if key]
    return _put(data, keys, result)


def _put(data: JsonValue, keys: list[str], result: JsonValue) -> JsonValue:
    if not keys or data == UNKNOWN:
        return result if not keys else UNKNOWN
    known = data if isinstance(data, dict) else {}
    return {**known, keys[0]: _put(known.get(keys[0], {}), keys[1:], result)}


def holds(condition: Condition, data: JsonValue) -> bool | None:
    """Whether a condition of the Amazon States Language holds; None: it rests on what is not stated."""
    if "And" in condition or "Or" in condition:
        parts = condition.get("And", condition.get("Or"))
        found = [holds(each, data) for each in parts if isinstance(each, dict)] if isinstance(parts, list) else []
        deciding = "Or" in condition
        if deciding in found:
            return deciding
        return None if None in found else not deciding
    inner = condition.get("Not")
    if isinstance(inner, dict):
        one = holds(inner, data)
        return None if one is None else not one
    value = at(data, str(condition.get("Variable", "$")))
    if value == UNKNOWN:
        return None
    tests = [(name, wanted) for name, wanted in condition.items() if name not in ("Variable", "Next", "Comment")]
    return all(_test(name, wanted, value, data) for name, wanted in tests)


def _test(name: str, wanted: JsonValue, value: JsonValue, data: JsonValue) -> bool:
    if name == "IsPresent":
        return (value != _ABSENT) is wanted
    if value == _ABSENT:
        return False
    if name in _TYPES:
        return _TYPES[name](value) is wanted
    if name.endswith("Path"):
        name, wanted = name.removesuffix("Path"), at(data, str(wanted))
    if name == "StringMatches":
        return isinstance(value, str) and fnmatch.fnmatchcase(value, _literal(str(wanted)))
    for kind in ("Boolean", "Numeric", "String", "Timestamp"):
        if name.startswith(kind) and name.removeprefix(kind) in _ORDER and _alike(kind, wanted, value):
            return _ORDER[name.removeprefix(kind)](value, wanted)
    return False


def _alike(kind: str, wanted: JsonValue, value: JsonValue) -> bool:
    test = _TYPES[{"Boolean": "IsBoolean", "Numeric": "IsNumeric"}.get(kind, "IsString")]
    return test(wanted) and test(value)


def _literal(pattern: str) -> str:
    """Return a pattern in which ``*`` alone stands for other characters."""
    return pattern.replace("[", "[[]").replace("?", "[?]")
