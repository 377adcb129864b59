"""The matrix: each routing policy, listener rule kind, HTTP status, invocation kind and event pattern is taken by a
request and left by another, each with the source of the expectation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import get_args

import pytest

from archtui.formats.blueprint_file import loads
from archtui.services import registry
from archtui.trace.walker import trace
from archtui.world.compiler import compile_world
from archtui.world.condition import HEALTHY, condition_for
from tests.matrix.case import UNSAID, Area, MatrixCase, answers_in, codes_in, share_of
from tests.matrix.collect import cases, rows

CASES = cases()
ROWS = rows()


def _names() -> Iterator[str]:
    seen: Counter[str] = Counter()
    for case in CASES:
        seen[case.name] += 1
        yield case.name if seen[case.name] == 1 else f"{case.name}-{seen[case.name]}"


_EACH = pytest.mark.parametrize("case", CASES, ids=list(_names()))


@_EACH
def test_the_request_ends_as_aws_says(case: MatrixCase) -> None:
    world = compile_world(loads(case.design, registry()).blueprint)
    found = trace(world, case.request, condition_for(world, case.down) if case.down else HEALTHY)
    expected = case.expected
    assert found.verdict is expected.verdict, found.sentence
    if expected.status is not UNSAID:
        assert found.status == expected.status, found.sentence
    assert expected.gives is None or expected.gives in answers_in(found), found.sentence
    given = codes_in(found)
    assert not expected.code or expected.code in given, f"{expected.code} is not among {sorted(given)}"
    assert expected.without not in given
    assert {met: share_of(found, met) for met in expected.shares} == pytest.approx(dict(expected.shares))


@_EACH
def test_a_case_says_whence_it_is_known_and_belongs_to_a_row(case: MatrixCase) -> None:
    assert len(case.source) > len("page"), "a case needs the AWS page or the fact id it rests on"
    assert case.row in ROWS.get(case.area, ()), f"{case.row!r} is no row of {case.area}"


@pytest.mark.parametrize(("area", "row"), [(area, row) for area in sorted(ROWS) for row in sorted(ROWS[area])])
def test_a_row_is_taken_by_a_request_and_left_by_another(area: Area, row: str) -> None:
    of_row = [case for case in CASES if (case.area, case.row) == (area, row)]
    taking = [case.expected for case in of_row if case.takes]
    leaving = [case.expected for case in of_row if not case.takes]
    assert taking, f"no request takes {row} ({area})"
    assert leaving, f"no request leaves {row} ({area})"
    assert all(one != other for one in taking for other in leaving), "the two kinds of cases expect the same"


@pytest.mark.parametrize("case", [case for case in CASES if case.area == "HTTP status"], ids=lambda case: case.name)
def test_a_status_is_given_by_those_that_take_its_row_alone(case: MatrixCase) -> None:
    """The rows are named after who answers and with what: ``ALB 502``."""
    status = int(case.row.rpartition(" ")[2])
    assert (status in (case.expected.status, case.expected.gives)) is case.takes


def test_every_area_has_rows() -> None:
    assert set(ROWS) == set(get_args(Area))
