"""What is modelled of each service, read from what the kinds implement: nothing is claimed by hand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from archtui.failure.interface import Fails
from archtui.formats.describe import Describes
from archtui.model.component import Json
from archtui.model.kinds import Kind, Registry
from archtui.network.interface import NetworkPart
from archtui.trace import interface as tracing

_TRACED = (
    NetworkPart,
    tracing.Originates,
    tracing.AnswersNames,
    tracing.HasName,
    tracing.Resolves,
    tracing.Receives,
    tracing.HasHealth,
    tracing.Registers,
    tracing.HasMembers,
    tracing.StandsForName,
    tracing.StandsIn,
)


@dataclass(frozen=True, slots=True)
class Row:
    """One service: what archtui does with it. ``fails`` says how it breaks and recovers is modelled."""

    id: str
    name: str
    modelled: bool
    traced: bool
    rules: tuple[str, ...]
    fails: bool
    imported: bool

    def marks(self) -> tuple[str, str, str, str, str]:
        """Return the cells of the table: placed, traced, number of rules, fails, imported."""
        yes = ("", "yes")
        count = str(len(self.rules)) if self.rules else ""
        return yes[self.modelled], yes[self.traced], count, yes[self.fails], yes[self.imported]

    def to_json(self) -> dict[str, Json]:
        """Return the row as plain data."""
        return {
            "id": self.id,
            "name": self.name,
            "modelled": self.modelled,
            "traced": self.traced,
            "rules": [*self.rules],
            "fails": self.fails,
            "imported": self.imported,
        }


def fidelity_rows(registry: Registry, services: Iterable[Mapping[str, Json]]) -> tuple[Row, ...]:
    """Return a row for each service of the inventory (``services``: its rows), those that work first."""
    rows = [_row(registry, entry) for entry in services]
    return tuple(sorted(rows, key=lambda row: (not row.modelled, row.id)))


def _row(registry: Registry, entry: Mapping[str, Json]) -> Row:
    slug = str(entry["id"])
    kind: Kind | None = registry[slug] if slug in registry else None  # noqa: SIM401 (a registry has no get)
    rules = entry["rules"]
    return Row(
        slug,
        str(entry["name"]),
        kind is not None,
        kind is not None and any(isinstance(behaviour, _TRACED) for behaviour in kind.behaviours),
        tuple(map(str, rules)) if isinstance(rules, list) else (),
        kind is not None and kind.behaviour(Fails) is not None,
        kind is not None and kind.behaviour(Describes) is not None,
    )
