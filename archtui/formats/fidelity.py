"""What is modelled and how it is proved: behaviours by their tests, reason codes, services by their kinds.

Nothing that is modelled is claimed by hand; what is left out is (:func:`archtui.facts.proofs.not_modelled`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from archtui.facts.proofs import NotModelled, Proof, codes_not_raised, not_modelled, proofs
from archtui.failure.interface import Fails
from archtui.formats.describe import Describes
from archtui.model.component import Json
from archtui.model.kinds import Kind, Registry
from archtui.network.codes import RAISED
from archtui.network.interface import NetworkPart
from archtui.trace import interface as tracing
from archtui.trace.aws_codes import AWS_CODES, Group
from archtui.trace.codes import TRACE_RAISED

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


@dataclass(frozen=True, slots=True)
class CodeRow:
    """One of AWS's reason codes: how many cases prove it, or why no trace gives it."""

    code: str
    group: Group
    raised: bool
    cases: int
    """Cases that raise it, each with a twin that does not."""
    reason: str
    """Why it is not raised; empty where it is."""

    @property
    def status(self) -> str:
        """Return what is true of it in two words."""
        if self.raised:
            return "raised"
        return "not modelled" if self.reason else "open"

    def to_json(self) -> dict[str, Json]:
        """Return the row as plain data."""
        return {
            "code": self.code,
            "group": self.group,
            "status": self.status,
            "cases": self.cases,
            "reason": self.reason,
        }


@dataclass(frozen=True, slots=True)
class Fidelity:
    """Everything that ``archtui fidelity`` tells."""

    behaviours: tuple[Proof, ...]
    left_out: tuple[NotModelled, ...]
    codes: tuple[CodeRow, ...]
    services: tuple[Row, ...]

    @property
    def areas(self) -> tuple[str, ...]:
        """The areas of what is proved, in order."""
        return tuple(dict.fromkeys(proof.area for proof in self.behaviours))

    def to_json(self) -> dict[str, Json]:
        """Return everything as plain data."""
        return {
            "behaviours": [proof.to_json() for proof in self.behaviours],
            "not_modelled": [entry.to_json() for entry in self.left_out],
            "codes": [row.to_json() for row in self.codes],
            "services": [row.to_json() for row in self.services],
        }


def fidelity(registry: Registry, services: Iterable[Mapping[str, Json]]) -> Fidelity:
    """Return what is modelled, how it is proved and what is left out (``services``: the inventory's rows)."""
    return Fidelity(proofs(), not_modelled(), code_rows(), fidelity_rows(registry, services))


def code_rows() -> tuple[CodeRow, ...]:
    """Return a row for each of AWS's reason codes, in the order of AWS's page."""
    cases = Counter(proof.code for proof in proofs())
    given = {*RAISED, *TRACE_RAISED}
    reasons = codes_not_raised()
    return tuple(
        CodeRow(
            code.id, code.group, code.id in given, cases[code.id], "" if code.id in given else reasons.get(code.id, "")
        )
        for code in AWS_CODES
    )


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
