"""From the name of a blueprint to why a request is refused, in few keys; at a moment of a failure; on a branch."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from archtui.cli.main import main
from archtui.failure.moment import moment_lines
from archtui.failure.timeline import condition_at
from archtui.formats.gallery_folder import names
from archtui.model.errors import ArchtuiError
from archtui.trace.request import Request
from archtui.trace.walker import trace
from archtui.tui.analysis import after_failure
from archtui.tui.app import ArchtuiApp
from archtui.tui.debugger.course import Told
from archtui.tui.panels.prose import Prose
from archtui.tui.screens.choose import ChooseScreen
from archtui.tui.screens.text import TextScreen

from .driving import BLUEPRINTS, Driver, flying

FLAWS = str(BLUEPRINTS / "three-tier-flaws.yaml")
SHOP = "internet https://shop.example.com/"


async def keys_until(driver: Driver, keys: Sequence[str], wanted: str) -> int:
    """Press ``keys`` one by one and return how many it took until ``wanted`` was on the screen."""
    for count, key in enumerate(keys, 1):
        await driver.press(key)
        await driver.still()
        if wanted in " ".join(driver.text().split()):
            return count
    raise AssertionError(f"{wanted!r} is not on the screen after {keys}:\n{driver.text()}")


async def test_a_gallery_blueprint_opens_by_its_name_as_a_new_document() -> None:
    app = ArchtuiApp(None, "three-tier-flaws")
    async with app.run_test(size=(80, 24)) as pilot:
        driver = Driver(app, pilot)
        await driver.ready()
        assert "lb" in driver.main.workspace.world.components
        assert driver.main.workspace.document.path is None, "saving asks for a name"


def test_the_command_line_knows_the_gallery_and_says_what_is_near(capsys: pytest.CaptureFixture[str]) -> None:
    assert "three-tier" in names()
    assert main(["three-teir"]) == 2
    assert "did you mean 'archtui three-tier'?" in capsys.readouterr().err
    assert main(["three-tier"]) == 2
    assert "this is no terminal" in capsys.readouterr().err, "the name alone is enough in a terminal"


async def test_two_keys_lead_from_a_blueprint_to_why_its_request_is_refused() -> None:
    async with flying(FLAWS, (80, 24)) as driver:
        taken = await keys_until(driver, ["t", "enter"], "ENI_SG_RULES_MISMATCH")
        assert taken == 2
        shown = driver.text()
        assert "No rule of web-sg lets tcp 8080 in from 10.0.0.4" in shown
        assert "the source differs" in shown
        assert driver.main.trace_panel.place is not None
        assert driver.main.trace_panel.place.denied


async def test_the_journeys_show_whether_they_hold_and_the_cursor_stands_on_one_that_fails(tmp_path: Path) -> None:
    text = (BLUEPRINTS / "three-tier.yaml").read_text(encoding="utf-8")
    path = tmp_path / "later.yaml"
    path.write_text(text.replace("- {port: 443, from: 0.0.0.0/0}", "- {port: 444, from: 0.0.0.0/0}"), encoding="utf-8")
    async with flying(str(path)) as driver:
        report = driver.main.workspace.report
        assert report is not None
        held = [journey.holds for journey in report.journeys]
        await driver.press("t")
        screen = driver.app.screen
        assert isinstance(screen, ChooseScreen)
        assert [choice.mark[0] for choice in screen.choices] == ["✓" if each else "✗" for each in held]
        assert screen.start == (held.index(False) if False in held else 0)


async def test_why_explains_the_code_and_where_the_header_comes_from() -> None:
    async with flying(FLAWS, (80, 24)) as driver:
        await driver.press("t", "enter", "w")
        screen = driver.app.screen
        assert isinstance(screen, TextScreen)
        text = str(screen.body)
        assert text.startswith("No rule of the security groups admits the packet in this direction.")
        assert "AWS chooses it from public-a.cidr" in text
        await driver.press("escape")
        assert driver.main.context == "trace"


async def test_the_fix_is_applied_and_the_trace_runs_again() -> None:
    async with flying(FLAWS, (80, 24)) as driver:
        await driver.press("t", "enter", "a")
        await driver.until(lambda: isinstance(driver.app.screen, ChooseScreen), "the fixes")
        await driver.press("enter")
        await driver.until(lambda: driver.main.workspace.dirty, "the fix")
        await driver.still()
        assert "Reachable, HTTP 200" in driver.text()
        await driver.press("u")
        await driver.still()
        assert "ENI_SG_RULES_MISMATCH" in driver.text()


async def test_a_branch_is_chosen_from_the_list_of_all() -> None:
    async with flying(str(BLUEPRINTS / "global-site.yaml"), (80, 24)) as driver:
        await driver.press("t", "enter", "v")
        screen = driver.app.screen
        assert isinstance(screen, ChooseScreen)
        panel = driver.main.trace_panel
        assert len(screen.choices) == len(panel.courses) == 4
        assert sum(course.share for course in panel.courses) == pytest.approx(1.0)
        assert all("25 % of requests · HTTP 200" in choice.note for choice in screen.choices)
        await driver.type("web-ie-2")
        await driver.press("enter")
        assert panel.course is not None
        assert "web-ie-2" in panel.course.label


async def test_what_is_set_off_is_in_the_list_too() -> None:
    async with flying(str(BLUEPRINTS / "image-pipeline.yaml"), (80, 24)) as driver:
        await driver.press("t", "enter", "v")
        await driver.type("pictures")
        await driver.press("enter")
        course = driver.main.trace_panel.course
        assert course is not None
        assert course.later is not None
        assert course.later.trigger == "pictures"


@pytest.mark.parametrize("seconds", [5, 70, 600])
async def test_a_typed_moment_is_the_command_lines(seconds: int) -> None:
    async with flying() as driver:
        world = driver.main.workspace.world
        driver.main.analysis.run_typed(f"{SHOP} down az:eu-west-1a at {seconds}")
        condition = condition_at(world, ("az:eu-west-1a",), seconds)
        expected = trace(world, Request.make(*SHOP.split()), condition)
        found = driver.main.analysis.trace
        assert found is not None
        assert found.to_json() == expected.to_json()
        told = moment_lines(world, ("az:eu-west-1a",), seconds)
        row = driver.main.trace_panel.list.rows[0]
        assert row.text.plain == told[0]
        assert row.value == Told(told)


async def test_the_moment_is_asked_for_by_keys_and_said_at_the_top() -> None:
    async with flying(size=(80, 24)) as driver:
        await driver.press("t")
        screen = driver.app.screen
        screen.query_one("Input").value = f"{SHOP} down az:eu-west-1a at 30"  # type: ignore[attr-defined]
        await driver.press("enter")
        await driver.until(lambda: driver.main.trace_panel.trace is not None, "a trace")
        await driver.press("g", "g")
        await driver.still()
        shown = driver.text()
        assert shown.count("30 s after the failure of az:eu-west-1a") == 2, "as a row and above its detail"
        detail = driver.main.trace_panel.query_one(Prose).text.plain
        assert "not before 60 s: No client holds an address of lb in eu-west-1a" in detail


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("web-1 db 5432", ("web-1 db 5432", (), None)),
        ("web-1 db down web-1", ("web-1 db", ("web-1",), None)),
        ("web-1 db 5432 down az:a web-2 at 30", ("web-1 db 5432", ("az:a", "web-2"), 30.0)),
    ],
)
def test_a_failure_is_split_from_the_request(text: str, expected: object) -> None:
    assert after_failure(text) == expected


@pytest.mark.parametrize("text", ["web-1 db at 30", "web-1 db down", "web-1 db down web-2 at noon"])
def test_a_moment_without_a_failure_is_refused(text: str) -> None:
    with pytest.raises(ArchtuiError):
        after_failure(text)


async def test_the_question_of_the_prediction_fits_in_a_small_terminal() -> None:
    async with flying(FLAWS, (80, 24)) as driver:
        await driver.press("t", "enter", "p")
        await driver.still()
        last = driver.text().splitlines()[-1]
        for word in ("a passes", "d denies", "u undecided", "Esc later"):
            assert word in last
