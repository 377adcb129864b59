"""What an endpoint policy lets pass, read as far as it can be said without a request."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

from archtui.model.component import Json


@dataclass(frozen=True, slots=True)
class EndpointPolicy:
    """A policy in a few words (AWS PrivateLink guide, 'Control access to VPC endpoints using endpoint policies')."""

    allowed: str = ""
    """What its statements allow; empty: everything, or it cannot be read."""
    refuses_all: bool = False
    """Whether no statement allows anything, or one denies everything."""


def read_policy(document: str) -> EndpointPolicy:
    """Return what a policy as JSON lets pass; one left out allows everything, one that is no JSON is shown as it is."""
    if not document.strip():
        return EndpointPolicy()
    try:
        policy = json.loads(document)
    except ValueError:
        return EndpointPolicy(allowed=f"its policy allows them ({document[:60]})")
    statements = list(_statements(policy))
    allows = [item for item in statements if item.get("Effect") == "Allow"]
    if not allows or any(_denies_everything(item) for item in statements):
        return EndpointPolicy(refuses_all=True)
    if len(statements) == 1 and _covers(allows[0]) and "Condition" not in allows[0]:
        return EndpointPolicy()
    shown = "; ".join(_words(item) for item in statements)
    return EndpointPolicy(allowed=shown)


def _statements(policy: Json) -> Iterator[dict[str, Json]]:
    listed = policy.get("Statement") if isinstance(policy, dict) else None
    for item in listed if isinstance(listed, list) else [listed]:
        if isinstance(item, dict):
            yield item


def _texts(value: Json) -> tuple[str, ...]:
    return tuple(str(item) for item in value) if isinstance(value, list) else (str(value),)


def _covers(statement: dict[str, Json]) -> bool:
    principal = statement.get("Principal", "*")
    everyone = principal == "*" or (isinstance(principal, dict) and "*" in _texts(principal.get("AWS")))
    return everyone and "*" in _texts(statement.get("Action")) and "*" in _texts(statement.get("Resource"))


def _denies_everything(statement: dict[str, Json]) -> bool:
    return statement.get("Effect") == "Deny" and _covers(statement) and "Condition" not in statement


def _words(statement: dict[str, Json]) -> str:
    verb = "allow" if statement.get("Effect") == "Allow" else "deny"
    actions = ", ".join(_texts(statement["Action"])) if "Action" in statement else "all but its NotAction"
    resources = ", ".join(_texts(statement["Resource"])) if "Resource" in statement else "all but its NotResource"
    condition = " under its condition" if "Condition" in statement else ""
    return f"statements {verb} {actions} on {resources}{condition}"
