"""``python -m tests.fidelity FILE``: collects what the tests prove about AWS, for the FIDELITY page.

Proofs are the tests marked with ``@proves`` (one case for each set of parameters) and the reason code
cases. Nothing is run: the tests themselves say whether they hold.
"""

from __future__ import annotations

import contextlib
import io
import json
import sys
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

import pytest

from archtui.facts.proofs import Proof

ROOT = Path(__file__).resolve().parent.parent
_CODE_AREAS = {
    "balance": "Load balancers",
    "base": "Filters, routes and states",
    "hybrid": "Hybrid networks",
    "middle": "Middleboxes",
    "v6": "IPv6 and accounts",
}
"""The area of a file of code cases that names none itself (``AREA``)."""
_CASES_TEST = "tests/network/codes/test_cases.py::test_the_code_is_given_where_it_is_due_and_not_by_the_twin"


class ProofError(Exception):
    """The tests cannot be collected, or two marks disagree."""


class _Collector:
    """Keeps the marks of all tests that pytest finds."""

    def __init__(self) -> None:
        self.proofs: list[Proof] = []

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Read the marks."""
        counts: dict[tuple[str, str, str, str], int] = defaultdict(int)
        for item in session.items:
            for mark in item.iter_markers("proves"):
                behaviour = f"{mark.args[0].rstrip('.')}."
                name = item.nodeid.partition("[")[0]
                counts[(behaviour, mark.kwargs["area"], mark.kwargs["source"], name)] += 1
        self.proofs = [
            Proof(behaviour, area, source, count, (name,)) for (behaviour, area, source, name), count in counts.items()
        ]


def _marked() -> list[Proof]:
    files = [
        str(path.relative_to(ROOT))
        for path in sorted((ROOT / "tests").rglob("test_*.py"))
        if "@proves(" in path.read_text(encoding="utf-8")
    ]
    collector = _Collector()
    told = io.StringIO()
    with contextlib.redirect_stdout(told):
        options = ["--collect-only", "-qq", "-p", "no:cacheprovider", "-p", "no:xdist", f"--rootdir={ROOT}"]
        status = pytest.main([*options, *files], plugins=[collector])
    if status != pytest.ExitCode.OK:
        raise ProofError(f"the tests cannot be collected:\n{told.getvalue()}")
    return collector.proofs


def _coded() -> list[Proof]:
    from tests.network.codes.test_cases import collected

    found = []
    for module, case in collected():
        stem = module.__name__.rpartition(".")[2].removeprefix("cases_")
        area = getattr(module, "AREA", "") or _CODE_AREAS.get(stem, stem)
        found.append(Proof(case.behaviour, area, case.source, 1, (_CASES_TEST,), case.code))
    return found


def _merged(proofs: Iterable[Proof]) -> list[Proof]:
    """Join the proofs of one behaviour: cases are added, tests listed."""
    groups: dict[tuple[str, str, str], list[Proof]] = defaultdict(list)
    for proof in proofs:
        groups[(proof.area, proof.behaviour, proof.code)].append(proof)
    merged = []
    for (area, behaviour, code), same in sorted(groups.items()):
        sources = sorted({proof.source for proof in same})
        tests = tuple(sorted({test for proof in same for test in proof.tests}))
        merged.append(Proof(behaviour, area, "; ".join(sources), sum(proof.cases for proof in same), tests, code))
    return merged


def proofs_text() -> str:
    """Return the data file: one proof on each line."""
    lines = [json.dumps(proof.to_json(), ensure_ascii=False) for proof in _merged([*_marked(), *_coded()])]
    return "[\n" + ",\n".join(lines) + "\n]\n"


if __name__ == "__main__":
    (place,) = sys.argv[1:]
    Path(place).write_text(proofs_text(), encoding="utf-8")
