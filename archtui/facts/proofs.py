"""What the tests prove about AWS, and what is not modelled: the data of the FIDELITY page.

``proofs.json`` is made from the tests (``.ci/docs``); ``not_modelled.json`` is kept by hand.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from archtui.facts.store import read_rows

if TYPE_CHECKING:
    from archtui.model.component import Json


@dataclass(frozen=True, slots=True)
class Proof:
    """A behaviour of AWS and the tests that prove it."""

    behaviour: str
    """A sentence about AWS."""
    area: str
    source: str
    """The AWS page, RFC, measured probe or fact id that says so."""
    cases: int
    """How many tests, with each set of parameters counted."""
    tests: tuple[str, ...]
    code: str = ""
    """The reason code that a case and its twin prove; empty for other tests."""

    def to_json(self) -> dict[str, Json]:
        """Return the proof as plain data."""
        shown: dict[str, Json] = {
            "area": self.area,
            "behaviour": self.behaviour,
            "source": self.source,
            "cases": self.cases,
            "tests": [*self.tests],
        }
        return shown | {"code": self.code} if self.code else shown


@dataclass(frozen=True, slots=True)
class NotModelled:
    """A behaviour of AWS that the engines leave out, and why."""

    area: str
    behaviour: str
    reason: str

    def to_json(self) -> dict[str, Json]:
        """Return the entry as plain data."""
        return {"area": self.area, "behaviour": self.behaviour, "reason": self.reason}


@cache
def proofs() -> tuple[Proof, ...]:
    """Return what is proved, by area and sentence."""
    return tuple(
        Proof(row["behaviour"], row["area"], row["source"], row["cases"], tuple(row["tests"]), row.get("code", ""))
        for row in read_rows("proofs")
    )


@cache
def not_modelled() -> tuple[NotModelled, ...]:
    """Return the behaviours that are left out."""
    return tuple(
        NotModelled(row["area"], row["behaviour"], row["reason"])
        for row in read_rows("not_modelled")
        if "code" not in row
    )


@cache
def codes_not_raised() -> dict[str, str]:
    """Return why AWS's codes that no engine gives are not given."""
    return {row["code"]: row["reason"] for row in read_rows("not_modelled") if "code" in row}
