"""A trace says the same in text, as data and in the debugger, word for word: every journey of the gallery."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import pytest

from archtui.formats.gallery import load_gallery
from archtui.formats.gallery_folder import names
from archtui.model.component import Json
from archtui.services import registry
from archtui.trace.paths import status_of
from archtui.trace.request import Request
from archtui.trace.result import Trace
from archtui.trace.text import render
from archtui.trace.walker import trace
from archtui.tui.debugger.course import Course, Place, courses_of
from archtui.tui.debugger.details import step_details, time_details
from archtui.tui.debugger.outline import course_rows, time_rows
from archtui.world.compiler import compile_world

WIDE = 4000
GLYPHS = {"deny": "✗", "unknown": "?"}


def traces(name: str) -> Iterator[tuple[str, Trace]]:
    world = compile_world(load_gallery(name, registry()).blueprint)
    for journey in world.blueprint.journeys:
        yield journey.name, trace(world, Request.parse_journey(journey))


def steps_of(hops: Json) -> list[Mapping[str, Json]]:
    assert isinstance(hops, list)
    return [step for hop in hops if isinstance(hop, dict) for step in hop["steps"]]  # type: ignore[union-attr, misc]


def phrase(rule: Mapping[str, Json]) -> str:
    said = f"{rule['component']}: {rule['text']}" if rule["text"] else str(rule["component"])
    return f"{said} ({rule['why']})" if rule.get("why") else said


def agree(data: Mapping[str, Json], course: Course, courses: Sequence[Course], text: str) -> int:
    """Hold each step of the data against the text and the debugger's rows and details; return how many there were."""
    rows = list(course_rows(courses, courses.index(course), (), ()))
    places = [row for row in rows if isinstance(row.value, Place)]
    steps = [*steps_of(data["forward"]), *steps_of(data["return"])]
    assert len(places) == len(steps)
    for number, (step, row) in enumerate(zip(steps, places, strict=True), 1):
        assert isinstance(row.value, Place)
        glyph = GLYPHS.get(str(step["action"]), "✓")
        said = f"{str(step['layer']).replace('_', ' ')}: {step['message']}"
        code = str(step["code"])
        assert f"  {glyph} {number:>3}  {said}{f' [{code}]' if code else ''}\n" in text + "\n"
        assert row.text.plain == f"{number:>3} {glyph} {said}{f'  {code}' if code else ''}"
        details = step_details(row.value, WIDE, headers=True).plain
        assert str(step["message"]) in details
        decided, lost, facts = step["decided_by"], step["lost"], step["facts"]
        assert isinstance(lost, list)
        assert isinstance(facts, list)
        if isinstance(decided, dict):
            assert f"{phrase(decided)}\n" in details
            if decided["text"] or lost:
                assert f"  {phrase(decided)}\n" in text + "\n"
        for rule in lost:
            assert isinstance(rule, dict)
            assert f"lost        {phrase(rule)}\n" in details
            assert f"lost        {phrase(rule)}\n" in text + "\n"
        if facts:
            assert f"facts       {', '.join(map(str, facts))}\n" in details
            assert f"facts       {', '.join(map(str, facts))}\n" in text + "\n"
        before, after = step["before"], step["after"]
        assert isinstance(before, dict)
        assert isinstance(after, dict)
        for name in {*before, *after} if before and after else ():
            if before.get(name) != after.get(name):
                assert f"≠ {name.replace('_', ' ')}" in details
                assert f"changed     {name.replace('_', ' ')}: " in text
    return len(steps)


def asynchronous(data: Mapping[str, Json]) -> Iterator[Mapping[str, Json]]:
    found = data["asynchronous"]
    assert isinstance(found, list)
    for each in found:
        assert isinstance(each, dict)
        yield each
        yield from asynchronous(each)


def labels(branches: Json) -> set[str]:
    assert isinstance(branches, list)
    inner = [branch for branch in branches if isinstance(branch, dict)]
    return {str(branch["label"]) for branch in inner}.union(*(labels(branch["branches"]) for branch in inner))


@pytest.mark.parametrize("name", names())
def test_text_data_and_debugger_agree(name: str) -> None:
    for journey, found in traces(name):
        data, text, courses = found.to_json(), render(found), courses_of(found)
        assert data["sentence"] in text.splitlines()[0], journey
        assert agree(data, courses[0], courses, text)
        assert found.status == status_of(found.root) == data["status"]
        later = [course for course in courses if course.later]
        described = list(asynchronous(data))
        assert len(later) == len(described)
        for course, each in zip(later, described, strict=True):
            assert course.later is not None
            assert each["call"] in course.heading
            assert f" {course.heading}\n" in text
            agree(each, course, courses, text)
        own = [course for course in courses if course.later is None]
        if len(own) > 1:
            branch_lines = text.partition("\nBranches\n")[2].splitlines()
            for course in own:
                share = course.note.partition(" of requests")[0]
                line = f"{course.mark[0]} {share:>8}  {course.name}"
                assert any(each.startswith(line) for each in branch_lines) or "more" in branch_lines[20]
            named = labels(data["branches"])
            assert all(any(label in course.label for label in named) for course in own)
        budget = data["latency_ms"]
        assert isinstance(budget, dict)
        parts = budget["hops"]
        assert isinstance(parts, list)
        shown = [row.text.plain for row in time_rows(courses[0].path.latency, 80)]
        for part, real in zip(parts, courses[0].path.latency, strict=True):
            assert isinstance(part, dict)
            assert part["assumption"], "each part names what it rests on"
            line = f"{part['ms']:>7g} ms  {part['hop']}: {part['assumption']}"
            assert line in text
            assert any(row.startswith(f"{part['ms']:>7g} ms") and row.endswith(str(part["hop"])) for row in shown)
            assert f"{part['assumption']}\n" in time_details(real, 0.0).plain
