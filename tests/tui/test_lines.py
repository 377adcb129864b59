"""Following the lines of the canvas by keys."""

from __future__ import annotations

from archtui.tui.screens.choose import ChooseScreen

from .driving import BLUEPRINTS, flying


async def test_an_event_is_followed_to_its_end_and_back() -> None:
    async with flying(str(BLUEPRINTS / "image-pipeline.yaml")) as driver:
        driver.main.go.select("uploads")
        await driver.press("greater_than_sign")
        assert driver.main.selected == "jobs"
        assert "uploads sends to jobs" in driver.key_line
        await driver.press("greater_than_sign")
        assert isinstance(driver.app.screen, ChooseScreen), "two lines lead on: to the function and the dead letters"
        await driver.type("start")
        await driver.press("enter")
        assert driver.main.selected == "start"
        await driver.press("less_than_sign")
        assert driver.main.selected == "jobs"
        assert "jobs sends to start" in driver.key_line


async def test_where_no_line_leads_on_it_says_so() -> None:
    async with flying(str(BLUEPRINTS / "image-pipeline.yaml")) as driver:
        driver.main.go.select("dead-jobs")
        await driver.press("greater_than_sign")
        assert driver.main.selected == "dead-jobs"
        assert "no line starts at dead-jobs" in driver.key_line


async def test_a_joint_is_followed_from_both_ends() -> None:
    async with flying() as driver:
        driver.main.go.select("web-1")
        await driver.press("less_than_sign")
        assert driver.main.selected == "web"
        assert "web targets web-1" in driver.key_line
