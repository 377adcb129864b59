"""Policies as AWS reads them: JSON documents of statements.

Source: IAM User Guide, "IAM JSON policy elements reference" and "Grammar of the IAM JSON policy language".
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from archtui.model.component import Json
from archtui.model.errors import ArchtuiError

PrincipalType = Literal["AWS", "Service", "Federated", "CanonicalUser", "*"]
_PRINCIPALS: dict[str, PrincipalType] = {
    "AWS": "AWS",
    "Service": "Service",
    "Federated": "Federated",
    "CanonicalUser": "CanonicalUser",
}
_ELEMENTS = frozenset(
    {
        *("Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction"),
        *("Resource", "NotResource", "Condition"),
    }
)


class PolicyError(ArchtuiError):
    """A policy is not what AWS accepts; the text says what is wrong and how to mend it."""


@dataclass(frozen=True, slots=True)
class Requirement:
    """One line of a condition: an operator, a key, the values of which one has to fit."""

    operator: str
    key: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement; an element that is left out is None."""

    index: int
    sid: str
    effect: Literal["Allow", "Deny"]
    principals: tuple[tuple[PrincipalType, str], ...] | None = None
    not_principals: tuple[tuple[PrincipalType, str], ...] | None = None
    actions: tuple[str, ...] | None = None
    not_actions: tuple[str, ...] | None = None
    resources: tuple[str, ...] | None = None
    not_resources: tuple[str, ...] | None = None
    tests: tuple[Requirement, ...] = ()

    @property
    def text(self) -> str:
        """The statement in a few words: ``Allow s3:GetObject on uploads/*``."""
        acts = self._listed(self.actions, self.not_actions)
        things = self._listed(self.resources, self.not_resources)
        where = f" on {things}" if things else ""
        who = self._listed(_names(self.principals), _names(self.not_principals))
        whom = f" to {who}" if who else ""
        when = f" if {', '.join(f'{test.operator} {test.key}' for test in self.tests)}" if self.tests else ""
        name = f"{self.sid}: " if self.sid else ""
        return f"{name}{self.effect} {acts}{where}{whom}{when}"

    @staticmethod
    def _listed(names: tuple[str, ...] | None, but: tuple[str, ...] | None) -> str:
        if names is None and but is None:
            return ""
        shown = names if names is not None else but or ()
        more = f" and {len(shown) - 2} more" if len(shown) > 3 else ""
        text = ", ".join(shown[:2] if more else shown) + more
        return text if names is not None else f"all but {text}"


@dataclass(frozen=True, slots=True)
class Document:
    """A policy: its statements in their order."""

    statements: tuple[Statement, ...]


@lru_cache(maxsize=4096)
def parse(text: str) -> Document:
    """Return the policy that ``text`` holds; raise :class:`PolicyError` where AWS would refuse it."""
    try:
        data: Json = json.loads(text)
    except ValueError as error:
        raise PolicyError(f"the policy is no JSON ({error}); write an object with Statement") from error
    if not isinstance(data, dict) or "Statement" not in data:
        raise PolicyError("the policy has no Statement; write {Statement: [{Effect: Allow, Action: ...}]}")
    listed = data["Statement"]
    rows = listed if isinstance(listed, list) else [listed]
    return Document(tuple(_statement(index, row) for index, row in enumerate(rows)))


def _statement(index: int, row: Json) -> Statement:
    where = f"statement {index}"
    if not isinstance(row, dict):
        raise PolicyError(f"{where} is no object; write Effect, Action and Resource")
    unknown = sorted(set(row) - _ELEMENTS)
    if unknown:
        raise PolicyError(f"{where} has {unknown[0]!r}, which is no element; use {', '.join(sorted(_ELEMENTS))}")
    effect = row.get("Effect")
    if effect != "Allow" and effect != "Deny":
        raise PolicyError(f"{where} has the effect {effect!r}; write Allow or Deny")
    if ("Action" in row) == ("NotAction" in row):
        raise PolicyError(f"{where} needs either Action or NotAction")
    for one, other in (("Resource", "NotResource"), ("Principal", "NotPrincipal")):
        if one in row and other in row:
            raise PolicyError(f"{where} has both {one} and {other}; keep one of them")
    return Statement(
        index,
        str(row.get("Sid") or ""),
        "Allow" if effect == "Allow" else "Deny",
        _principals(row.get("Principal"), where),
        _principals(row.get("NotPrincipal"), where),
        _texts(row, "Action", where),
        _texts(row, "NotAction", where),
        _texts(row, "Resource", where),
        _texts(row, "NotResource", where),
        tuple(_tests(row.get("Condition"), where)),
    )


def _texts(row: dict[str, Json], key: str, where: str) -> tuple[str, ...] | None:
    if key not in row:
        return None
    value = row[key]
    listed = value if isinstance(value, list) else [value]
    if not all(isinstance(item, str) for item in listed):
        raise PolicyError(f"{key} of {where} is neither a text nor a list of texts")
    return tuple(str(item) for item in listed)


def _principals(value: Json, where: str) -> tuple[tuple[PrincipalType, str], ...] | None:
    if value is None:
        return None
    if value == "*":
        return (("*", "*"),)
    if not isinstance(value, dict):
        raise PolicyError(f'the principal of {where} is {value!r}; write "*" or {{AWS: ...}} or {{Service: ...}}')
    found: list[tuple[PrincipalType, str]] = []
    for kind, names in value.items():
        if kind not in _PRINCIPALS:
            raise PolicyError(f"the principal of {where} is of type {kind!r}; use {', '.join(sorted(_PRINCIPALS))}")
        for name in names if isinstance(names, list) else [names]:
            everybody = kind == "AWS" and name == "*"
            found.append(("*", "*") if everybody else (_PRINCIPALS[kind], str(name)))
    return tuple(found)


def _tests(value: Json, where: str) -> Iterator[Requirement]:
    if value is None:
        return
    if not isinstance(value, dict):
        raise PolicyError(f"the condition of {where} is no object; write {{StringEquals: {{KEY: VALUE}}}}")
    for operator, lines in value.items():
        if not isinstance(lines, dict):
            raise PolicyError(f"{operator} of {where} is no object; write {{KEY: VALUE}}")
        for key, values in lines.items():
            listed = values if isinstance(values, list) else [values]
            yield Requirement(operator, key, tuple(_plain(item) for item in listed))


def _plain(value: Json) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _names(principals: tuple[tuple[PrincipalType, str], ...] | None) -> tuple[str, ...] | None:
    return None if principals is None else tuple(name if name != "*" else "everybody" for _, name in principals)
