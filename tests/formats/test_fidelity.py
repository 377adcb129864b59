"""The FIDELITY page: made from the tests as they are now, and every path code of AWS accounted for."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from archtui.facts import proofs as proofs_module
from archtui.facts import service_rows
from archtui.facts.proofs import codes_not_raised, not_modelled, proofs
from archtui.formats.fidelity import CodeRow, code_rows, fidelity
from archtui.formats.fidelity_page import fidelity_markdown
from archtui.services import registry, rules
from archtui.trace.aws_codes import AWS_CODES

ROOT = Path(__file__).resolve().parent.parent.parent


def test_the_proofs_are_those_of_the_tests(tmp_path: Path) -> None:
    made = tmp_path / "proofs.json"
    run = subprocess.run(
        [sys.executable, "-m", "tests.fidelity", str(made)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr
    shipped = Path(proofs_module.__file__).with_name("data") / "proofs.json"
    assert shipped.read_text(encoding="utf-8") == made.read_text(encoding="utf-8"), "run .ci/docs"


def test_the_page_is_current() -> None:
    page = fidelity_markdown(fidelity(registry(), service_rows(registry(), rules())))
    assert (ROOT / "docs" / "FIDELITY.md").read_text(encoding="utf-8") == page, "run .ci/docs"


def test_what_is_proved_is_said_whole_with_its_source() -> None:
    assert len(proofs()) > 100
    for proof in proofs():
        assert proof.behaviour.endswith("."), proof
        assert all((proof.source, proof.area, proof.cases, proof.tests)), proof
    for entry in not_modelled():
        assert entry.reason.endswith("."), entry


def test_every_code_of_aws_has_a_row() -> None:
    rows = code_rows()
    assert [row.code for row in rows] == [code.id for code in AWS_CODES]
    assert len([row for row in rows if row.group == "path"]) == 71
    assert len(rows) == 100


@pytest.mark.parametrize("row", [row for row in code_rows() if not row.raised], ids=lambda row: row.code)
def test_a_code_that_is_not_raised_has_no_case(row: CodeRow) -> None:
    assert row.cases == 0


def test_reasons_are_given_for_codes_that_are_not_raised_alone() -> None:
    known = {row.code: row for row in code_rows()}
    assert set(codes_not_raised()) <= set(known)
    raised = sorted(code for code in codes_not_raised() if known[code].raised)
    assert not raised, "now raised: take them out of not_modelled.json"


def test_every_path_code_is_raised_with_a_case_or_left_out_with_a_reason() -> None:
    assert not {row.code for row in code_rows() if row.group == "path" and not row.cases and not row.reason}
