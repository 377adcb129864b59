"""Key paths through the program, driven with keys alone."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path

import pytest

from archtui.tui.main import MainScreen
from archtui.tui.screens.choose import ChooseScreen
from archtui.tui.screens.prompt import PromptScreen
from archtui.tui.screens.text import TextScreen

from .driving import THREE_TIER, Driver, flying


async def choose(driver: Driver, text: str) -> None:
    """Type into the open choice and take the first that fits."""
    await driver.until(lambda: isinstance(driver.app.screen, ChooseScreen), "a choice")
    await driver.type(text)
    await driver.press("enter")


async def answer(driver: Driver, text: str) -> None:
    """Replace the open prompt's text and accept it."""
    await driver.until(lambda: isinstance(driver.app.screen, PromptScreen), "a prompt")
    await driver.press("ctrl+u")
    await driver.type(text)
    await driver.press("enter")


async def select(driver: Driver, name: str) -> None:
    """Search for a component."""
    await driver.press("slash")
    await choose(driver, name)
    await driver.until(lambda: driver.main.selected == name, f"{name} to be selected")


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 60)])
async def test_the_design_is_shown_with_its_health(size: tuple[int, int]) -> None:
    async with flying(size=size) as driver:
        assert "Three-tier we" in driver.top_line
        assert "5 journeys hold" in driver.top_line
        for word in ("eu-west-1a", "public-a", "web-1", "db"):
            assert word in driver.text() or size == (80, 24)


async def test_movement_selects_what_is_nearest() -> None:
    async with flying() as driver:
        await select(driver, "web")
        await driver.press("h")
        assert driver.main.selected == "web-1"
        await driver.press("l", "l")
        assert driver.main.selected == "web-2"
        await driver.press("ctrl+o", "ctrl+o")
        assert driver.main.selected == "web-1"
        await driver.press("g", "f")
        assert driver.main.selected == "web"


async def test_jump_hints_select_with_two_letters() -> None:
    async with flying() as driver:
        await driver.press("f")
        canvas = driver.main.canvas
        assert canvas.hinting
        letters = next(hint for hint, name in canvas._hints.items() if name == "db")
        await driver.press(*letters)
        await driver.until(lambda: driver.main.selected == "db", "the jump")
        assert not canvas.hinting


async def test_connecting_by_list_instead_of_letters() -> None:
    async with flying() as driver:
        before = driver.main.workspace.blueprint
        await select(driver, "web-2")
        await driver.press("c", "slash")
        await choose(driver, "web-1")
        await driver.until(lambda: driver.main.workspace.blueprint is not before, "the connection")
        assert any((link.source, link.target) == ("web-2", "web-1") for link in driver.main.workspace.blueprint.links)


async def test_an_impossible_connection_is_refused_with_the_usual_way_round() -> None:
    async with flying(size=(200, 60)) as driver:
        before = driver.main.workspace.blueprint
        await select(driver, "db")
        await driver.press("c", "slash")
        await choose(driver, "lb")
        await driver.until(lambda: driver.main.message.plain.startswith("!"), "the refusal")
        assert driver.main.workspace.blueprint is before


async def test_references_lead_there_and_back() -> None:
    async with flying() as driver:
        await select(driver, "shop")
        await driver.press("g", "d")
        await choose(driver, "lb")
        assert driver.main.selected == "lb"
        await driver.press("g", "r")
        await driver.until(lambda: driver.main.selected == "shop", "the record that names the balancer")


async def test_marks_remember_a_place() -> None:
    async with flying() as driver:
        await select(driver, "db")
        await driver.press("M", "x")
        await select(driver, "web-1")
        await driver.press("apostrophe", "x")
        assert driver.main.selected == "db"


async def test_adding_places_the_component_where_the_selection_is_and_undo_takes_it_back() -> None:
    async with flying() as driver:
        before = driver.main.workspace.blueprint
        await select(driver, "web-1")
        await driver.press("a")
        await choose(driver, "ec")
        await driver.until(lambda: driver.main.selected == "ec2", "the new instance")
        added = driver.main.workspace.blueprint.components["ec2"]
        assert added.raw["subnet"] == "app-a"
        assert driver.main.workspace.dirty
        await driver.press("u")
        assert driver.main.workspace.blueprint is before
        await driver.press("ctrl+r")
        assert "ec2" in driver.main.workspace.blueprint.components


async def test_what_a_kind_cannot_do_without_is_asked_for_with_a_suggestion() -> None:
    async with flying(None) as driver:
        await driver.until(lambda: isinstance(driver.app.screen, ChooseScreen), "the welcome")
        await driver.press("escape")
        await driver.press("a")
        await choose(driver, "vp")
        await driver.until(lambda: isinstance(driver.app.screen, PromptScreen), "the question for the block")
        await driver.press("enter")
        await driver.until(lambda: "vpc" in driver.main.workspace.blueprint.components, "the VPC")
        assert driver.main.workspace.blueprint.components["vpc"].raw["cidr"] == "10.0.0.0/16"


async def test_deleting_takes_references_along_and_undo_brings_all_back() -> None:
    async with flying() as driver:
        before = driver.main.workspace.blueprint
        await select(driver, "web-2")
        await driver.press("x")
        assert "web-2" not in driver.main.workspace.blueprint.components
        assert len(driver.main.workspace.blueprint.links) == 1
        await driver.press("u")
        assert driver.main.workspace.blueprint is before


async def test_renaming_renames_everywhere() -> None:
    async with flying() as driver:
        await select(driver, "web")
        await driver.press("r")
        await answer(driver, "shop-targets")
        await driver.until(lambda: driver.main.selected == "shop-targets", "the new name")
        listeners = driver.main.workspace.blueprint.components["lb"].raw["listeners"]
        assert listeners[0]["forward"] == "shop-targets"  # type: ignore[index,call-overload]


async def test_the_inspector_edits_a_boolean_a_choice_and_a_text() -> None:
    async with flying() as driver:
        await select(driver, "db")
        await driver.press("i")
        inspector = driver.main.inspector
        inspector.point_at(("multi_az",))
        await driver.press("enter")
        assert driver.main.workspace.blueprint.components["db"].raw["multi_az"] is False
        inspector.point_at(("engine",))
        await driver.press("enter")
        await choose(driver, "mysql")
        await driver.until(
            lambda: driver.main.workspace.blueprint.components["db"].raw["engine"] == "mysql", "the engine"
        )
        inspector.point_at(("backup_retention",))
        await driver.press("enter")
        await answer(driver, "14")
        await driver.until(
            lambda: driver.main.workspace.blueprint.components["db"].raw["backup_retention"] == 14, "the retention"
        )


async def test_a_wrong_value_is_refused_in_the_prompt_and_nothing_changes() -> None:
    async with flying() as driver:
        before = driver.main.workspace.blueprint
        await select(driver, "app-a")
        await driver.press("i")
        driver.main.inspector.point_at(("cidr",))
        await driver.press("enter")
        await answer(driver, "10.0.10.1")
        assert isinstance(driver.app.screen, PromptScreen)
        assert "10.0.10.1" in str(driver.app.screen.query_one(".error").content)  # type: ignore[attr-defined]
        await driver.press("escape")
        assert driver.main.workspace.blueprint is before


async def test_a_component_is_moved_to_another_subnet_with_the_direction_keys() -> None:
    async with flying() as driver:
        await select(driver, "web-1")
        await driver.press("m")
        assert "MOVE" in driver.top_line
        await driver.press("l", "enter")
        assert driver.main.workspace.blueprint.components["web-1"].raw["subnet"] == "app-b"
        await driver.press("u")
        await driver.press("m", "l", "escape")
        assert driver.main.workspace.blueprint.components["web-1"].raw["subnet"] == "app-a"
        assert "MOVE" not in driver.top_line


async def test_copy_paste_and_repeat() -> None:
    async with flying() as driver:
        await select(driver, "web-1")
        await driver.press("y", "p", "full_stop")
        components = driver.main.workspace.blueprint.components
        assert {"web-3", "web-4"} <= set(components) or {"web", "web-2"} <= set(components)
        assert len(components) == 29


async def test_a_trace_is_stepped_forth_and_back_and_the_canvas_follows() -> None:
    async with flying() as driver:
        await driver.press("t", "enter")
        panel = driver.main.trace_panel
        await driver.until(lambda: panel.trace is not None, "a trace")
        assert driver.main.context == "trace"
        first = panel.place
        await driver.press("l")
        assert panel.place is not first
        await driver.press("h")
        assert panel.place is first
        await driver.press("r")
        assert panel.place is not None
        assert panel.place.reply
        await driver.press("0")
        assert panel.place is first
        await driver.press("L", "L")
        assert panel.place is not None
        assert driver.main.canvas._current == panel.place.hop.component


async def test_a_typed_trace_becomes_a_journey() -> None:
    async with flying() as driver:
        await driver.press("t")
        await choose(driver, "internet web-2 22")
        await driver.until(lambda: driver.main.trace_panel.trace is not None, "a trace")
        await driver.press("J")
        await driver.until(lambda: isinstance(driver.app.screen, PromptScreen), "the prompt")
        await driver.press("enter")
        await driver.until(lambda: "called" in getattr(driver.app.screen, "heading", ""), "the question for a name")
        await driver.press("enter")
        await driver.until(lambda: len(driver.main.workspace.blueprint.journeys) == 6, "the journey")
        assert driver.main.workspace.blueprint.journeys[-1].blocked
        await driver.settled()
        assert "6 journeys hold" in driver.top_line


async def test_a_connection_is_taken_away() -> None:
    async with flying() as driver:
        await select(driver, "web-1")
        await driver.press("X")
        await choose(driver, "db")
        await driver.until(lambda: len(driver.main.workspace.blueprint.links) == 1, "the link to go")
        assert driver.main.workspace.blueprint.links[0].source == "web-2"


async def test_each_branch_of_a_trace_can_be_shown() -> None:
    async with flying() as driver:
        await driver.press("t", "enter")
        panel = driver.main.trace_panel
        await driver.until(lambda: len(panel.paths) == 4, "four branches")
        seen = {panel.path.label if panel.path else ""}
        for _ in range(3):
            await driver.press("b")
            seen.add(panel.path.label if panel.path else "")
        assert len(seen) == 4


async def test_a_blocked_trace_starts_at_the_denial_and_says_why() -> None:
    async with flying() as driver:
        await driver.press("t")
        await choose(driver, "internet web-1 22")
        panel = driver.main.trace_panel
        await driver.until(lambda: panel.trace is not None, "a trace")
        assert panel.current is not None
        assert str(panel.current.action) == "deny"
        await driver.press("w")
        assert isinstance(driver.app.screen, TextScreen)
        await driver.press("escape")


async def test_the_deciding_rule_opens_in_the_inspector() -> None:
    async with flying() as driver:
        await driver.press("t", "enter")
        panel = driver.main.trace_panel
        await driver.until(lambda: panel.trace is not None, "a trace")
        while panel.current is None or panel.current.layer != "security_group":
            await driver.press("l")
        rule = panel.current.decided_by
        assert rule is not None
        await driver.press("e")
        assert driver.main.context == "inspector"
        assert driver.main.selected == rule.component


async def test_a_failure_shows_before_during_and_after_and_marks_the_canvas() -> None:
    async with flying() as driver:
        await driver.press("F")
        await choose(driver, "az:eu-west-1a")
        panel = driver.main.failures_panel
        await driver.until(lambda: panel.report is not None, "a report")
        assert panel.report is not None
        assert panel.report.targets == ("az:eu-west-1a",)
        assert "web-1" in panel.report.lost
        assert driver.main.canvas._badges["web-1"].word == "down"
        await driver.press("escape", "escape")
        assert "web-1" not in driver.main.canvas._badges


async def test_a_moment_of_a_failure_can_be_traced() -> None:
    async with flying() as driver:
        await driver.press("F")
        await choose(driver, "az:eu-west-1a")
        await driver.until(lambda: driver.main.failures_panel.report is not None, "a report")
        await driver.press("enter")
        await choose(driver, "during")
        await driver.until(lambda: driver.main.trace_panel.trace is not None, "a trace")
        assert "during" in driver.main.analysis.title


async def test_problems_are_listed_jumped_to_and_fixed(tmp_path: Path) -> None:
    text = (
        Path(THREE_TIER)
        .read_text()
        .replace("deletion_protection: true\n\nlinks", "deletion_protection: false\n\nlinks")
    )
    path = tmp_path / "flawed.yaml"
    path.write_text(text)
    async with flying(str(path)) as driver:
        await driver.press("V")
        panel = driver.main.problems_panel
        assert panel.finding is not None
        assert panel.finding.components == ("db",)
        await driver.press("a")
        await driver.settled()
        assert driver.main.workspace.blueprint.components["db"].raw["deletion_protection"] is True
        assert panel.finding is None
        await driver.press("u")
        await driver.settled()
        await driver.press("enter")
        assert driver.main.selected == "db"
        assert driver.main.context == "canvas"


async def test_a_finding_is_suppressed_with_its_reason(tmp_path: Path) -> None:
    text = (
        Path(THREE_TIER)
        .read_text()
        .replace("deletion_protection: true\n\nlinks", "deletion_protection: false\n\nlinks")
    )
    path = tmp_path / "flawed.yaml"
    path.write_text(text)
    async with flying(str(path)) as driver:
        await driver.press("V", "z", "s")
        await answer(driver, "a throwaway database")
        await driver.until(lambda: bool(driver.main.workspace.blueprint.suppressions), "the suppression")
        assert driver.main.workspace.blueprint.suppressions[0].reason == "a throwaway database"


async def test_saving_keeps_comments_and_asks_before_overwriting_a_stranger(tmp_path: Path) -> None:
    path = tmp_path / "shop.yaml"
    path.write_text(Path(THREE_TIER).read_text())
    async with flying(str(path)) as driver:
        await select(driver, "web-2")
        await driver.press("x", "s")
        await driver.until(lambda: not driver.main.workspace.dirty, "the save")
        saved = path.read_text()
        assert "web-2" not in saved
        assert "# -- balancer, servers, database" in saved
        await driver.press("u")
        path.write_text("blueprint: somebody else was here\n")
        await driver.press("s")
        await choose(driver, "another name")
        await answer(driver, str(tmp_path / "mine.yaml"))
        await driver.until(lambda: (tmp_path / "mine.yaml").exists(), "the copy")
        assert path.read_text() == "blueprint: somebody else was here\n"


async def test_unsaved_changes_are_asked_about_before_leaving(tmp_path: Path) -> None:
    path = tmp_path / "shop.yaml"
    path.write_text(Path(THREE_TIER).read_text())
    async with flying(str(path)) as driver:
        await select(driver, "web-2")
        await driver.press("x", "ctrl+q")
        await driver.until(lambda: isinstance(driver.app.screen, ChooseScreen), "the question")
        await driver.press("escape")
        assert isinstance(driver.app.screen, MainScreen)
        assert driver.main.workspace.dirty


async def test_the_text_is_edited_in_the_own_editor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    editor = tmp_path / "editor"
    editor.write_text("#!/bin/sh\nsed -i -e 's/10.0.20.0/10.0.22.0/' -e '/^journeys:/,$d' \"$1\"\n")
    editor.chmod(0o755)
    monkeypatch.setenv("EDITOR", str(editor))
    monkeypatch.delenv("VISUAL", raising=False)
    async with flying() as driver:
        monkeypatch.setattr(driver.app, "suspend", nullcontext)
        await driver.press("E")
        blueprint = driver.main.workspace.blueprint
        assert blueprint.components["data-a"].raw["cidr"] == "10.0.22.0/24"
        assert blueprint.journeys == ()
        await driver.press("u")
        assert len(driver.main.workspace.blueprint.journeys) == 5


async def test_help_palette_and_pages_open_and_close() -> None:
    async with flying() as driver:
        for keys in (("question_mark",), ("Y",), ("K",)):
            await driver.press(*keys)
            assert isinstance(driver.app.screen, TextScreen), keys
            await driver.press("escape")
        await driver.press("colon")
        await choose(driver, "fold-all")
        await driver.until(lambda: bool(driver.main.workspace.view.folded), "the fold")
        await driver.press("z", "R")
        assert not driver.main.workspace.view.folded


async def test_a_prefix_shows_what_may_follow() -> None:
    async with flying(size=(200, 60)) as driver:
        await driver.press("z")
        assert "Fold all" in driver.key_line
        await driver.press("escape")
        assert "Fold all" not in driver.key_line


async def test_an_unknown_key_says_so() -> None:
    async with flying() as driver:
        await driver.press("ampersand")
        assert "does nothing here" in driver.key_line


async def test_a_tiny_terminal_neither_breaks_nor_loses_anything() -> None:
    async with flying() as driver:
        await driver.pilot.resize_terminal(20, 5)
        await driver.press("l", "t", "escape", "i")
        await driver.pilot.resize_terminal(120, 40)
        await driver.press("escape")
        assert "Three-tier web shop" in driver.top_line


async def test_recorded_keys_are_played_again() -> None:
    async with flying() as driver:
        await select(driver, "web")
        await driver.press("Q", "h", "Q")
        assert driver.main.selected == "web-1"
        await select(driver, "web")
        await driver.press("at")
        await driver.until(lambda: driver.main.selected == "web-1", "the played key")


async def test_a_key_of_the_panel_beside_says_where_it_works() -> None:
    async with flying() as driver:
        await driver.press("t", "enter")
        await driver.until(lambda: driver.main.context == "trace", "the trace")
        await driver.press("tab", "w")
        assert "Tab goes to the trace, where it means: Why" in driver.key_line
