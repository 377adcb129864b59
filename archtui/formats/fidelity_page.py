"""The FIDELITY page: what is modelled of AWS and how it is proved, as Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from archtui.facts.proofs import Proof
from archtui.formats.fidelity import Fidelity

_HEAD = """\
# Fidelity

What archtui models of AWS, how each behaviour is proved, and what it leaves out. The page is made from the tests
(`.ci/docs`): a behaviour stands here because a test holds it, with the page, RFC or measured probe that says AWS
behaves so. A behaviour that is left out never makes a wrong answer: a trace that needs it is `unknown` and says what
is missing.
"""
_GROUPS = {
    "path": "The path is not reachable",
    "configuration": "Configuration",
    "filter": "Search filters",
    "detail": "Additional details",
}


def fidelity_markdown(found: Fidelity) -> str:
    """Return the page."""
    return "\n".join(_lines(found)) + "\n"


def summary(found: Fidelity) -> str:
    """Return in one sentence how much is proved."""
    cases = sum(proof.cases for proof in found.behaviours)
    path = [row for row in found.codes if row.group == "path"]
    raised = sum(row.raised for row in path)
    modelled = sum(row.modelled for row in found.services)
    return (
        f"{len(found.behaviours)} behaviours are proved by {cases} cases; {len(found.left_out)} are left out. "
        f"{raised} of AWS's {len(path)} path codes are raised. "
        f"{modelled} of {len(found.services)} services can be placed in a design; the others are only explained."
    )


def _lines(found: Fidelity) -> Iterator[str]:
    yield _HEAD
    yield summary(found)
    yield "\n## Behaviours"
    for area in found.areas:
        yield f"\n### {area}\n"
        yield from _table(
            ("behaviour", "code", "source", "cases", "tests"),
            (_proof_cells(proof) for proof in found.behaviours if proof.area == area),
        )
    yield "\n## Not modelled\n"
    yield from _table(("area", "behaviour", "why"), ((e.area, e.behaviour, e.reason) for e in found.left_out))
    yield "\n## Reason codes of AWS"
    for group, title in _GROUPS.items():
        yield f"\n### {title}\n"
        yield from _table(
            ("code", "status", "cases", "why not"),
            ((f"`{r.code}`", r.status, str(r.cases or ""), r.reason) for r in found.codes if r.group == group),
        )
    yield "\n## Services\n"
    yield from _table(
        ("service", "placed", "traced", "rules", "fails", "imported", "name"),
        ((f"`{row.id}`", *row.marks(), row.name) for row in found.services),
    )


def _proof_cells(proof: Proof) -> tuple[str, ...]:
    tests = ", ".join(f"`{test.partition('::')[2] or test}`" for test in proof.tests)
    return proof.behaviour, f"`{proof.code}`" if proof.code else "", proof.source, str(proof.cases), tests


def _table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield _row(header)
    yield _row(["---"] * len(header))
    for row in rows:
        yield _row(row)


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
