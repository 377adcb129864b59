"""Conditions of statements against what is known of a request.

Sources: IAM User Guide, "IAM JSON policy elements: Condition operators", "Conditions with multiple context keys or
values" and "AWS global condition context keys".
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from archtui.trace.access.documents import Requirement
from archtui.trace.access.fit import YES, Fit, no, unknown
from archtui.trace.access.matching import covers


@dataclass(frozen=True, slots=True)
class Context:
    """What is known of a request, by keys in lower case; a key in neither is not known."""

    known: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The value of each key, in every spelling that a policy may use (an ARN, the id in the design)."""
    absent: frozenset[str] = frozenset()
    """Keys that the request does not have."""


def _equal(wanted: str, value: str) -> bool | None:
    return wanted == value


def _equal_folded(wanted: str, value: str) -> bool | None:
    return wanted.lower() == value.lower()


def _like(wanted: str, value: str) -> bool | None:
    return covers(wanted, value)


def _arn_like(wanted: str, value: str) -> bool | None:
    """Compare ARNs part by part; a value that is no ARN is an id of the design."""
    a, b = wanted.split(":", 5), value.split(":", 5)
    if len(a) < 6 or len(b) < 6:
        return wanted == value
    found = [covers(one, other) for one, other in zip(a, b, strict=True)]
    return False if False in found else None if None in found else True


def _in_block(wanted: str, value: str) -> bool | None:
    try:
        return ipaddress.ip_address(value) in ipaddress.ip_network(wanted, strict=False)
    except ValueError:
        return None


_OPERATORS: Final[Mapping[str, Callable[[str, str], bool | None]]] = {
    "StringEquals": _equal,
    "StringEqualsIgnoreCase": _equal_folded,
    "StringLike": _like,
    "ArnEquals": _arn_like,
    "ArnLike": _arn_like,
    "IpAddress": _in_block,
    "Bool": _equal_folded,
}
"""Positive operators: one of the values has to fit."""
_NEGATED: Final[Mapping[str, str]] = {
    "StringNotEquals": "StringEquals",
    "StringNotEqualsIgnoreCase": "StringEqualsIgnoreCase",
    "StringNotLike": "StringLike",
    "ArnNotEquals": "ArnEquals",
    "ArnNotLike": "ArnLike",
    "NotIpAddress": "IpAddress",
}
"""Negated ones: none of the values may fit; a key that is absent fits."""
_VARIABLE = re.compile(r"\$\{([^}]*)\}")
_LITERALS = {"*": "*", "?": "?", "$": "$"}


def condition_fits(test: Requirement, context: Context) -> Fit:
    """Say whether a request passes one line of a condition."""
    operator, key = test.operator, test.key.lower()
    quantifier, _, plain = operator.rpartition(":")
    plain, optional = plain.removesuffix("IfExists"), plain.endswith("IfExists")
    phrase = f"{test.operator} {test.key} is not met"
    if plain == "Null":
        return _null(test, key, context, phrase)
    base = _NEGATED.get(plain, plain)
    if key in context.absent:
        passes = optional or quantifier == "ForAllValues" or (plain in _NEGATED and quantifier != "ForAnyValue")
        return YES if passes else no(f"{phrase}: the request has no {test.key}")
    if key not in context.known:
        return unknown(f"{test.key} of the request")
    compare = _OPERATORS.get(base)
    if compare is None:
        return unknown(f"what the operator {test.operator} says of {test.key}")
    wanted = [_resolved(value, context) for value in test.values]
    found = [None if one is None else compare(one, value) for one in wanted for value in context.known[key]]
    value = True if True in found else None if None in found else False
    if value is None:
        return unknown(f"{test.key} of the request")
    passes = value != (plain in _NEGATED)
    return YES if passes else no(f"{phrase}: it is {context.known[key][0]}")


def _null(test: Requirement, key: str, context: Context, phrase: str) -> Fit:
    if key not in context.absent and key not in context.known:
        return unknown(f"whether the request has {test.key}")
    return YES if (key in context.absent) == (test.values[:1] == ("true",)) else no(phrase)


def _resolved(value: str, context: Context) -> str | None:
    """Put in policy variables; None where one is not known."""
    for name in _VARIABLE.findall(value):
        known = (_LITERALS[name],) if name in _LITERALS else context.known.get(name.lower())
        if not known:
            return None
        value = value.replace(f"${{{name}}}", known[0])
    return value
