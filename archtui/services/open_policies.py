"""Resource policies that let everybody in."""

from __future__ import annotations

import json

from archtui.model.component import Json
from archtui.trace.access.documents import Statement, parse


def open_statements(policy: str) -> tuple[Statement, ...]:
    """Return the statements of ``policy`` (JSON; empty: none) that allow something to any principal without a
    condition (IAM User Guide, "AWS JSON policy elements: Principal", 'All principals')."""
    if not policy:
        return ()
    return tuple(
        statement
        for statement in parse(policy).statements
        if statement.effect == "Allow" and not statement.tests and ("*", "*") in (statement.principals or ())
    )


def with_condition(policy: str, index: int, condition: dict[str, Json]) -> dict[str, Json]:
    """Return ``policy`` with ``condition`` at the statement ``index``."""
    data: dict[str, Json] = json.loads(policy)
    stated = data.get("Statement")
    rows = stated if isinstance(stated, list) else [stated]
    changed = [
        {**row, "Condition": condition} if at == index and isinstance(row, dict) else row for at, row in enumerate(rows)
    ]
    return {**data, "Statement": list(changed)}


__all__ = ["open_statements", "with_condition"]
