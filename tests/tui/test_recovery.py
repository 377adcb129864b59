"""A crash never loses the document: the journal brings the changes back."""

from __future__ import annotations

from pathlib import Path

from archtui.formats.journal import pending
from archtui.tui.screens.choose import ChooseScreen

from .driving import THREE_TIER, flying


async def crash_after_a_change(path: Path) -> None:
    """Delete a component and leave without saving or closing, as a crash does."""
    async with flying(str(path)) as driver:
        driver.main.go.select("web-2")
        await driver.press("x")
        assert "web-2" not in driver.main.workspace.blueprint.components
        driver.main.workspace.journal = None


async def test_unsaved_changes_of_a_crashed_run_are_brought_back(tmp_path: Path) -> None:
    path = tmp_path / "shop.yaml"
    path.write_text(Path(THREE_TIER).read_text())
    await crash_after_a_change(path)
    async with flying(str(path)) as driver:
        await driver.until(lambda: isinstance(driver.app.screen, ChooseScreen), "the offer")
        assert "web-2" in driver.main.workspace.blueprint.components
        await driver.type("bring")
        await driver.press("enter")
        await driver.until(lambda: "web-2" not in driver.main.workspace.blueprint.components, "the recovered change")
        assert driver.main.workspace.dirty
        await driver.settled()
        await driver.press("s")
        await driver.until(lambda: not driver.main.workspace.dirty, "the save")
    assert pending(str(path)) is None


async def test_they_can_be_discarded(tmp_path: Path) -> None:
    path = tmp_path / "shop.yaml"
    path.write_text(Path(THREE_TIER).read_text())
    await crash_after_a_change(path)
    async with flying(str(path)) as driver:
        await driver.until(lambda: isinstance(driver.app.screen, ChooseScreen), "the offer")
        await driver.type("discard")
        await driver.press("enter")
        await driver.until(lambda: pending(str(path)) is None, "the end of the journal")
        assert "web-2" in driver.main.workspace.blueprint.components
