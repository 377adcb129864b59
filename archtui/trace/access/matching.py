"""Patterns of policies against what is asked: actions, resources, principals.

Sources: IAM User Guide, "IAM JSON policy elements: Action", "... Resource", "... Principal", "... NotPrincipal".
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from archtui.trace.access.documents import Statement
from archtui.trace.access.fit import YES, Fit, any_of, no, unknown


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls."""

    kind: Literal["role", "service", "stranger", "unstated"]
    """``unstated``: somebody with an identity of which the design says nothing."""
    title: str
    names: tuple[str, ...] = ()
    """What a policy may call it: ARN and component id."""
    account: str = ""
    """Empty: not stated."""
    service: str = ""
    """The service principal, of a service."""


@lru_cache(maxsize=16384)
def covers(pattern: str, text: str) -> bool | None:
    """Whether ``pattern`` (``*``, ``?``) matches ``text``; a ``*`` in the text is a part that is not known, and the
    answer None where it depends on it."""
    if _walk(pattern, text, certain=True):
        return True
    return None if "*" in text and _walk(pattern, text, certain=False) else False


def _walk(pattern: str, text: str, *, certain: bool) -> bool:
    """Compare character by character: ``places`` are the places in the pattern that may come next."""
    places = _closed(pattern, {0})
    for character in text:
        if character == "*" and not certain:
            places = {later for place in places for later in range(place, len(pattern) + 1)}
            continue
        following = set()
        for place in places:
            if place < len(pattern):
                wanted = pattern[place]
                if wanted == "*":
                    following.add(place)
                elif wanted == character or (wanted == "?" and character != "*"):
                    following.add(place + 1)
        places = _closed(pattern, following)
    return len(pattern) in places


def _closed(pattern: str, places: set[int]) -> set[int]:
    """Add the places that a ``*`` matching nothing leads to."""
    for start in tuple(places):
        place = start
        while place < len(pattern) and pattern[place] == "*":
            place += 1
            places.add(place)
    return places


def action_fits(statement: Statement, action: str) -> Fit:
    """Say whether a statement is about ``action``; case plays no part."""
    return _listed(statement.actions, statement.not_actions, action, lambda p: covers(p.lower(), action.lower()))


def resource_fits(statement: Statement, arn: str, name: str) -> Fit:
    """Say whether a statement is about the resource ``arn``, which the design calls ``name``.

    A statement without Resource (a trust policy) is about what it is attached to. An account or a region that the
    design does not state is taken to be the one that the policy names.
    """
    if statement.resources is None and statement.not_resources is None:
        return YES

    def match(pattern: str) -> bool | None:
        if pattern == name or (pattern.startswith(f"{name}/") and not pattern.startswith("arn:")):
            whole = arn.rpartition(":")[2].partition("/")[0]
            tail = pattern[len(name) :]
            return covers(f"{whole}{tail}", arn.rpartition(":")[2]) if tail else True
        return covers(pattern, _filled(arn, pattern))

    return _listed(statement.resources, statement.not_resources, arn, match)


def _filled(arn: str, pattern: str) -> str:
    """Put region and account of the pattern where the ARN does not know its own."""
    parts, wanted = arn.split(":", 5), pattern.split(":", 5)
    if len(parts) < 6 or len(wanted) < 6:
        return arn
    for place in (3, 4):
        if parts[place] == "*":
            parts[place] = wanted[place]
    return ":".join(parts)


def _listed(
    patterns: tuple[str, ...] | None, but: tuple[str, ...] | None, asked: str, match: Callable[[str], bool | None]
) -> Fit:
    stated = patterns if patterns is not None else but
    if stated is None:
        return YES
    results = [match(pattern) for pattern in stated]
    value = True if True in results else None if None in results else False
    if value is None:
        return unknown(f"which part of {asked} is meant")
    if patterns is None:
        return no(f"{asked} is excepted") if value else YES
    return YES if value else no(f"it is not about {asked}")


def principal_fits(statement: Statement, caller: Caller) -> Fit:
    """Say whether a statement is about ``caller``; one without principals (an identity policy) is about its owner."""
    if statement.principals is not None:
        fits = (_one(kind, name, caller) for kind, name in statement.principals)
        return any_of(fits, f"it is not about {caller.title}")
    if statement.not_principals is not None:
        return any_of((_one(kind, name, caller) for kind, name in statement.not_principals), "").negated
    return YES


def names_account_only(statement: Statement, caller: Caller) -> bool:
    """Whether the statement means the caller only through its account, which leaves the decision to the identity
    policies there (IAM User Guide, "AWS account principals")."""
    listed = statement.principals or ()
    direct = (row for row in listed if not (row[0] == "AWS" and _account_of(row[1])))
    return not any(_one(kind, name, caller).value for kind, name in direct)


def _account_of(name: str) -> str:
    """Return the account that a principal names as a whole; empty: it names somebody in it."""
    if name.isdigit():
        return name
    parts = name.split(":")
    return parts[4] if len(parts) == 6 and parts[5] == "root" else ""


def _one(kind: str, name: str, caller: Caller) -> Fit:
    if kind == "*":
        return YES
    other = no(f"it is about {name}")
    if kind == "Service":
        return YES if caller.kind == "service" and caller.service == name else other
    if caller.kind in ("service", "stranger"):
        return other
    if kind != "AWS":
        return unknown(f"the identity of {caller.title}") if caller.kind == "unstated" else other
    account = _account_of(name)
    if account:
        if not caller.account:
            return unknown(f"the account of {caller.title} (write account: at the top of the design)")
        return YES if caller.account == account else other
    if caller.kind == "unstated":
        return unknown(f"the role of {caller.title}")
    if name in caller.names:
        return YES
    return any_of((_as_role(name, own) for own in caller.names if own.startswith("arn:")), f"it is about {name}")


def _as_role(name: str, own: str) -> Fit:
    """Compare a principal with the ARN of a role; a session of it is not told from others."""
    if ":assumed-role/" in name:
        role = name.split(":assumed-role/")[1].split("/")[0]
        return unknown("the name of the session") if own.endswith(f":role/{role}") else no(f"it is about {name}")
    return YES if _filled(own, name) == name else no(f"it is about {name}")
