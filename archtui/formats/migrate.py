"""Bringing a blueprint of an older format version up to date.

Each format version but the newest has a migration: a function that looks at the data and returns the
operations that lead to the next version. Migrations are operations, not new data, so the comments and
the order of an old file survive them like any edit.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

from archtui.model.blueprint import FORMAT_VERSION
from archtui.model.component import Json
from archtui.model.edits import Edit
from archtui.model.errors import ArchtuiError
from archtui.model.operations import Operation, Set, apply_all

Migration: TypeAlias = "Callable[[dict[str, Json]], tuple[Operation, ...]]"
MIGRATIONS: Mapping[int, Migration] = {}
"""The migration away from each older version. Version 1 is the first, so there is none yet."""


class VersionError(ArchtuiError):
    """A document has a format version that this program cannot read."""


def migration(
    data: dict[str, Json], table: Mapping[int, Migration] = MIGRATIONS, newest: int = FORMAT_VERSION
) -> Edit | None:
    """Return the edit that brings ``data`` to the newest version, or None where it is there already.

    A document without a version is taken to be of the newest. Raises :class:`VersionError`.
    """
    found = data.get("version", newest)
    if found is None:
        found = newest
    if not isinstance(found, int) or isinstance(found, bool):
        raise VersionError(f"version {found!r} is not a format version; write 'version: {newest}'")
    if found > newest:
        raise VersionError(
            f"the file has format version {found}, this archtui reads up to {newest}; install a newer archtui"
        )
    operations: list[Operation] = []
    now: Json = data
    for version in range(found, newest):
        if version not in table:
            raise VersionError(f"there is no format version {version}; write 'version: {newest}'")
        if not isinstance(now, dict):
            break
        step = (*table[version](now), Set(("version",), version + 1))
        now, _ = apply_all(now, step)
        operations += step
    return Edit(f"bring the file from format version {found} to {newest}", tuple(operations)) if operations else None
