"""The index of kinds: which family has them, their names, what they implement.

With it a kind can be found, and all kinds with a certain behaviour, without loading every family: the start of
the program grows with the kinds a design uses, not with the kinds there are. It is written from the code::

    python -m archtui.services >archtui/services/index.json
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from importlib.resources import files
from typing import TypeAlias, TypedDict

from archtui.model.kinds import Kind, interface_name


class Entry(TypedDict):
    """One kind."""

    names: list[str]
    """All that find it, sorted."""
    interfaces: list[str]
    """The classes of its behaviours and all they derive from, sorted."""


Index: TypeAlias = Mapping[str, Mapping[str, Entry]]
"""Family to its kinds by name."""


def read_index() -> Index | None:
    """Return the index as it was written; None where there is none."""
    file = files("archtui.services") / "index.json"
    if not file.is_file():
        return None
    found: Index = json.loads(file.read_text(encoding="utf-8"))
    return found


def make_index(families: Iterable[tuple[str, Iterable[Kind]]]) -> Index:
    """Return the index of ``families`` (name, kinds)."""
    return {family: {kind.name: _entry(kind) for kind in kinds} for family, kinds in families}


def _entry(kind: Kind) -> Entry:
    bases = {base for behaviour in kind.behaviours for base in type(behaviour).__mro__}
    interfaces = {interface_name(base) for base in bases if base.__module__.startswith("archtui.")}
    return {"names": sorted({kind.name, kind.slug, *kind.aliases}), "interfaces": sorted(interfaces)}


def index_text(index: Index) -> str:
    """Return the index as it is written: one kind a line."""
    lines = []
    for family, kinds in sorted(index.items()):
        inner = ",\n".join(f"  {json.dumps(kind)}: {json.dumps(entry)}" for kind, entry in sorted(kinds.items()))
        lines.append(f"{json.dumps(family)}: {{\n{inner}\n}}")
    return "{\n" + ",\n".join(lines) + "\n}\n"
