"""The debugger: folds, stops, predictions, comparisons, what comes afterwards, exports; by keys, as a user would."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from archtui.model.edits import set_property
from archtui.trace.request import Request
from archtui.tui.debugger.course import Entry
from archtui.tui.screens.choose import ChooseScreen
from archtui.tui.screens.prompt import PromptScreen
from archtui.tui.screens.text import TextScreen

from .driving import THREE_TIER, Driver, flying

FLAWS = str(Path(THREE_TIER).with_name("three-tier-flaws.yaml"))
EVENTS = """
blueprint: Uploads
version: 1
region: eu-west-1
components:
  uploads: {kind: s3_bucket, notifications: [{to: resize}]}
  resize:  {kind: lambda_function}
journeys: []
"""


PRESIGNED = "https://uploads.s3.eu-west-1.amazonaws.com/cat.jpg?X-Amz-Signature=00"


async def traced(driver: Driver, text: str = "") -> None:
    """Trace the first journey, or what is typed."""
    await driver.press("t")
    if text:
        await driver.type(text)
    await driver.press("enter")
    panel = driver.main.trace_panel
    await driver.until(lambda: panel.trace is not None and driver.main.context == "trace", "a trace")


def rows(driver: Driver) -> list[str]:
    return [row.text.plain for row in driver.main.trace_panel.list.rows]


async def test_the_verdict_stands_on_top_and_the_cursor_on_the_denial() -> None:
    async with flying(FLAWS, (80, 24)) as driver:
        await traced(driver)
        await driver.still()
        shown = driver.text()
        assert "Blocked: internet to https://shop.example.com/" in shown
        assert "ENI_SG_RULES_MISMATCH" in shown
        place = driver.main.trace_panel.place
        assert place is not None
        assert place.denied
        canvas = shown.partition("3 Trace")[0]
        assert place.hop.component in canvas, "the canvas shows where it is refused"


async def test_hops_fold_to_a_row_and_unfold_to_their_steps() -> None:
    async with flying() as driver:
        await traced(driver)
        panel = driver.main.trace_panel
        steps = len(rows(driver))
        await driver.press("z", "a")
        assert panel.place is not None
        assert panel.place.folded
        assert len(rows(driver)) < steps
        component = panel.place.hop.component
        await driver.press("enter")
        assert panel.place.hop.component == component
        assert not panel.place.folded
        await driver.press("z", "M")
        path = panel.path
        assert path is not None
        heads = [row for row in rows(driver) if row.startswith("▸")]
        assert len(heads) == len(path.forward) + len(path.back)
        await driver.press("z", "R")
        assert len(rows(driver)) == steps


async def test_a_denial_in_a_folded_hop_is_found_all_the_same() -> None:
    async with flying(FLAWS) as driver:
        await traced(driver)
        await driver.press("z", "M", "0", "]")
        place = driver.main.trace_panel.place
        assert place is not None
        assert place.folded
        assert place.denied


async def test_a_breakpoint_of_the_canvas_is_run_to_and_taken_off_in_the_trace() -> None:
    async with flying() as driver:
        driver.main.go.select("db")
        await driver.press("B")
        assert driver.main.canvas._badges["db"].word == "stop"
        await traced(driver)
        panel = driver.main.trace_panel
        await driver.press("0", "c")
        assert panel.place is not None
        assert panel.place.hop.component == "db"
        first = panel.place.number
        await driver.press("c", "C")
        assert panel.place.number == first or panel.place.hop.component == "db"
        await driver.press("B")
        assert "db" not in driver.main.debug.breakpoints
        assert "db" not in driver.main.canvas._badges
        await driver.press("c")
        assert "no breakpoint" in driver.key_line


async def test_running_without_a_further_breakpoint_goes_to_the_end() -> None:
    async with flying() as driver:
        await traced(driver)
        panel = driver.main.trace_panel
        await driver.press("0", "B", "c", "c", "c")
        assert "no further breakpoint" in driver.key_line
        last = panel.place
        await driver.press("$")
        assert panel.place is last


async def test_predicting_hides_what_comes_and_scores() -> None:
    async with flying(FLAWS) as driver:
        await traced(driver)
        panel = driver.main.trace_panel
        all_rows = len(rows(driver))
        await driver.press("p")
        assert len(rows(driver)) < all_rows
        assert "hidden" in str(panel.query_one(".panel-head").content)  # type: ignore[attr-defined]
        await driver.press("d")
        assert "0 of 1 right" in driver.key_line
        for _ in range(30):
            prediction = panel.prediction
            assert prediction is not None
            if prediction.next is None:
                break
            await driver.press("l")
            for _ in range(20):
                if "what does it do" in driver.key_line:
                    break
                await driver.press("l")
            await driver.press("d" if prediction.next.denied else "a")
        assert prediction.right == prediction.asked - 1
        assert panel.place is not None
        assert panel.place.denied
        await driver.press("p")
        assert panel.prediction is None
        assert len(rows(driver)) == all_rows


async def test_a_kept_trace_is_compared_after_the_fix() -> None:
    async with flying(FLAWS) as driver:
        await traced(driver)
        await driver.press("=")
        assert "no trace is kept" in driver.key_line
        await driver.press("m", "a")
        await driver.until(lambda: isinstance(driver.app.screen, ChooseScreen), "the fixes")
        await driver.press("enter")
        await driver.until(lambda: driver.main.workspace.dirty, "the fix")
        await driver.press("=")
        screen = driver.app.screen
        assert isinstance(screen, TextScreen)
        text = str(screen.body)
        assert "The first step that differs" in text
        assert "Blocked" in text
        await driver.press("escape")


async def test_the_deciding_rule_is_edited_in_place_and_the_step_is_kept() -> None:
    async with flying() as driver:
        await traced(driver)
        panel = driver.main.trace_panel
        for _ in range(60):
            if panel.current is not None and panel.current.layer == "security_group":
                break
            await driver.press("l")
        before = panel.place
        assert before is not None
        await driver.press("e")
        assert driver.main.context == "inspector"
        driver.main.go.select("web-1")
        await driver.press("escape")
        assert driver.main.context == "trace"
        driver.main.workspace.do(set_property("db", ("backup_retention",), 9))
        driver.main.changed("")
        after = panel.place
        assert after is not None
        assert (after.hop.component, after.step.layer) == (before.hop.component, before.step.layer)


async def test_why_of_one_field_leads_to_the_setting() -> None:
    async with flying() as driver:
        await traced(driver)
        panel = driver.main.trace_panel
        await driver.press("0")
        for _ in range(60):
            if panel.current is not None and str(panel.current.after.get("destination_port")) == "8080":
                break
            await driver.press("l")
        await driver.press("f")
        await driver.until(lambda: isinstance(driver.app.screen, ChooseScreen), "the fields")
        await driver.type("destination port")
        await driver.press("enter")
        await driver.until(lambda: getattr(driver.app.screen, "heading", "").startswith("Why"), "the chain")
        await driver.press("enter")
        await driver.until(lambda: driver.main.context == "inspector", "the setting")
        assert driver.main.selected == "web"


async def test_the_waterfall_names_what_each_time_rests_on() -> None:
    async with flying() as driver:
        await traced(driver)
        await driver.press("T", "j")
        await driver.still()
        shown = driver.text()
        assert "in total, assumed" in shown
        assert "round trip" in shown
        await driver.press("T")
        assert driver.main.trace_panel.place is not None


@pytest.mark.parametrize(
    ("name", "begins"),
    [("way.md", "# "), ("way.mmd", "sequenceDiagram"), ("way.txt", "✓ "), ("way.json", "{")],
)
async def test_a_trace_is_written_to_a_file(name: str, begins: str, tmp_path: Path) -> None:
    async with flying() as driver:
        await traced(driver)
        await driver.press("X")
        await driver.until(lambda: isinstance(driver.app.screen, PromptScreen), "the prompt")
        driver.app.screen.query_one("Input").value = str(tmp_path / name)  # type: ignore[attr-defined]
        await driver.press("enter")
        await driver.until(lambda: (tmp_path / name).exists(), "the file")
        text = (tmp_path / name).read_text(encoding="utf-8")
        assert text.startswith(begins)
        if name.endswith("json"):
            assert json.loads(text)["verdict"] == "reachable"


async def test_what_a_request_sets_off_is_stepped_into_and_left(tmp_path: Path) -> None:
    path = tmp_path / "events.yaml"
    path.write_text(EVENTS, encoding="utf-8")
    async with flying(str(path)) as driver:
        upload = Request.make("internet", PRESIGNED, method="PUT")
        driver.main.analysis.show_trace(upload)
        panel = driver.main.trace_panel
        assert any("afterwards" in row for row in rows(driver))
        await driver.press("G")
        assert panel.entry == Entry(1)
        await driver.press("enter")
        assert panel.course is not None
        assert panel.course.later is not None
        assert any(row.startswith("Afterwards") and "uploads > resize" in row for row in rows(driver))
        assert any(hop.component == "resize" for hop in panel.lit)
        await driver.press("g", "g", "enter")
        assert panel.course.later is None


async def test_the_detail_scrolls_to_its_end_and_begins_again() -> None:
    async with flying(FLAWS, (80, 24)) as driver:
        await traced(driver)
        await driver.still()
        first = driver.text()
        await driver.press("space")
        await driver.still()
        assert driver.text() != first
        for _ in range(6):
            await driver.press("space")
            await driver.still()
            if driver.text() == first:
                break
        assert driver.text() == first


async def test_a_request_can_be_shown_at_a_moment_of_a_failure() -> None:
    from archtui.world.condition import condition_for

    async with flying() as driver:
        main = driver.main
        condition = condition_for(main.workspace.world, ("az:eu-west-1a",))
        main.analysis.show_trace(Request.make("internet", "https://shop.example.com/"), condition, "t+30 s")
        await driver.still()
        assert main.analysis.condition == condition
        assert "t+30 s" in main.trace_panel.title_line
