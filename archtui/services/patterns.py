"""Filter policies: whether a message has the values that a pattern asks for.

Each key of a pattern must hold, by one of its values: a text, a number, true, false or null as it is, or an
operator. Sources: SNS Developer Guide, 'Amazon SNS subscription filter policies', 'String value matching', 'Numeric
value matching', 'AND/OR logic'; EventBridge User Guide, 'Comparison operators for use in event patterns'.
"""

from __future__ import annotations

import fnmatch
import ipaddress
import operator
from collections.abc import Callable, Mapping, Sequence

from pydantic import JsonValue

from archtui.model.errors import ArchtuiError

Pattern = Mapping[str, JsonValue]
Values = Mapping[str, JsonValue]


class PatternError(ArchtuiError):
    """A pattern uses an operator that is not known."""


_COMPARE: Mapping[str, Callable[[float, float], bool]] = {
    "=": operator.eq,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def matches(pattern: Pattern, values: Values) -> bool:
    """Whether ``values`` have what ``pattern`` asks for; keys it does not name play no part.

    Raises :class:`PatternError` for an operator that is not known.
    """
    return all(
        _any_of(wanted, values) if key == "$or" else _holds(wanted, values.get(key, _ABSENT))
        for key, wanted in pattern.items()
    )


_ABSENT: JsonValue = "\0absent"


def _any_of(patterns: JsonValue, values: Values) -> bool:
    return isinstance(patterns, list) and any(isinstance(each, dict) and matches(each, values) for each in patterns)


def _holds(wanted: JsonValue, value: JsonValue) -> bool:
    if isinstance(wanted, dict):
        return isinstance(value, dict) and matches(wanted, value)
    choices = wanted if isinstance(wanted, list) else [wanted]
    given = value if isinstance(value, list) and value else [value]
    return any(_one(choice, each) for choice in choices for each in given)


def _one(choice: JsonValue, value: JsonValue) -> bool:
    if not isinstance(choice, dict):
        return (value != _ABSENT and type(choice) is type(value) and choice == value) or _same_number(choice, value)
    return all(_operator(name, wanted, value) for name, wanted in choice.items())


def _same_number(one: JsonValue, other: JsonValue) -> bool:
    return _is_number(one) and _is_number(other) and one == other


def _is_number(value: JsonValue) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _operator(name: str, wanted: JsonValue, value: JsonValue) -> bool:
    if name == "exists":
        return (value != _ABSENT) is wanted
    if name not in OPERATORS:
        raise PatternError(f"a pattern has no operator {name!r}; use {', '.join(sorted((*OPERATORS, 'exists')))}")
    return value != _ABSENT and OPERATORS[name](wanted, value)


def _text(test: Callable[[str, str], bool]) -> Callable[[JsonValue, JsonValue], bool]:
    """Return the operator of a test of texts; ``{equals-ignore-case: text}`` leaves upper and lower case aside."""

    def holds(wanted: JsonValue, value: JsonValue) -> bool:
        folded = wanted.get("equals-ignore-case") if isinstance(wanted, dict) else None
        if isinstance(folded, str):
            return isinstance(value, str) and test(value.lower(), folded.lower())
        return isinstance(wanted, str) and isinstance(value, str) and test(value, wanted)

    return holds


def _anything_but(wanted: JsonValue, value: JsonValue) -> bool:
    if isinstance(wanted, dict):
        return not any(_operator(name, each, value) for name, inner in wanted.items() for each in _listed(inner))
    return not any(_one(each, value) for each in _listed(wanted))


def _listed(value: JsonValue) -> Sequence[JsonValue]:
    return value if isinstance(value, list) else [value]


def _numeric(wanted: JsonValue, value: JsonValue) -> bool:
    if not isinstance(wanted, list) or not isinstance(value, int | float) or isinstance(value, bool):
        return False
    return all(
        isinstance(figure, int | float) and str(sign) in _COMPARE and _COMPARE[str(sign)](value, figure)
        for sign, figure in zip(wanted[::2], wanted[1::2], strict=False)
    )


def _cidr(wanted: JsonValue, value: JsonValue) -> bool:
    try:
        return ipaddress.ip_address(str(value)) in ipaddress.ip_network(str(wanted), strict=False)
    except ValueError:
        return False


OPERATORS: Mapping[str, Callable[[JsonValue, JsonValue], bool]] = {
    "anything-but": _anything_but,
    "cidr": _cidr,
    "equals-ignore-case": _text(lambda value, wanted: value.lower() == wanted.lower()),
    "numeric": _numeric,
    "prefix": _text(str.startswith),
    "suffix": _text(str.endswith),
    "wildcard": _text(lambda value, wanted: fnmatch.fnmatchcase(value, wanted.replace("[", "[[]").replace("?", "[?]"))),
}
"""The operators, each by what a pattern gives it and a value; ``exists`` stands by itself."""
