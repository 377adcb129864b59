"""What the screens look like, as text, in a narrow, a wide and a very wide terminal.

Run with ``ARCHTUI_GOLDEN=write`` to write the files anew; read the difference before committing it.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from textual.containers import Vertical
from textual.widgets import Static

from archtui.tui.screens.choose import ChooseScreen

from .driving import THREE_TIER, Driver, flying

GOLDEN = Path(__file__).parent / "golden"
SIZES = ((80, 24), (120, 40), (200, 60))


async def _start(driver: Driver) -> None:
    await driver.until(lambda: driver.main.selected is not None, "a selection")


async def _trace(driver: Driver) -> None:
    await driver.press("t", "enter")
    await driver.until(lambda: driver.main.trace_panel.trace is not None, "a trace")
    await driver.press("l", "l", "l", "l", "l")


async def _blocked(driver: Driver) -> None:
    await driver.press("t")
    await driver.type("internet db 5432")
    await driver.press("enter")
    await driver.until(lambda: driver.main.trace_panel.trace is not None, "a trace")


async def _failure(driver: Driver) -> None:
    await driver.press("F")
    await driver.type("az:eu-west-1a")
    await driver.press("enter")
    await driver.until(lambda: driver.main.failures_panel.report is not None, "a report")


async def _scrubbed(driver: Driver) -> None:
    await _failure(driver)
    await driver.press("l", "l")


async def _slow(driver: Driver) -> None:
    await driver.press("F")
    await driver.type("slow:db=2s web-1@30..400")
    await driver.press("enter")
    await driver.until(lambda: driver.main.failures_panel.report is not None, "a report")


async def _ways_to_fail(driver: Driver) -> None:
    driver.main.go.select("db")
    await driver.press("F")


async def _inspector(driver: Driver) -> None:
    driver.main.go.select("lb")
    await driver.press("i", "j", "j")


async def _hints(driver: Driver) -> None:
    await driver.press("f")


async def _palette(driver: Driver) -> None:
    await driver.press("a")
    await driver.type("gate")


async def _help(driver: Driver) -> None:
    await driver.press("question_mark")


SCREENS = {
    "start": _start,
    "trace": _trace,
    "blocked": _blocked,
    "failure": _failure,
    "failure-scrubbed": _scrubbed,
    "failure-slow": _slow,
    "ways-to-fail": _ways_to_fail,
    "inspector": _inspector,
    "hints": _hints,
    "palette": _palette,
    "help": _help,
}


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("name", SCREENS)
async def test_a_screen_looks_as_it_did(name: str, size: tuple[int, int]) -> None:
    async with flying(THREE_TIER, size) as driver:
        await SCREENS[name](driver)
        await driver.still()
        shown = driver.text() + "\n"
    path = GOLDEN / f"{name}-{size[0]}x{size[1]}.txt"
    if os.environ.get("ARCHTUI_GOLDEN") == "write":
        path.parent.mkdir(exist_ok=True)
        path.write_text(shown, encoding="utf-8")
    assert shown == path.read_text(encoding="utf-8")


async def test_no_colour_is_needed_to_see_the_selection(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    async with flying(THREE_TIER, (80, 24)) as driver:
        driver.main.go.select("web-1")
        await driver.still()
        assert "[▪ web-1]" in driver.text()


async def test_plain_keeps_the_drawing_to_ascii(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ARCHTUI_PLAIN", "1")
    async with flying(THREE_TIER, (120, 40)) as driver:
        await driver.still()
        drawn = driver.text().splitlines()[1:-1]
        assert any("web-1" in line for line in drawn)
        assert all(line.isascii() for line in drawn)


async def test_a_list_without_what_was_typed_says_so() -> None:
    async with flying() as driver:
        await driver.press("a", "z", ":", "q")
        screen = driver.app.screen
        assert isinstance(screen, ChooseScreen)
        assert "Nothing fits 'z:q'" in str(screen.query_one(".hint", Static).render())
        await driver.press("backspace", "backspace", "backspace")
        assert "Nothing fits" not in str(screen.query_one(".hint", Static).render())


async def test_the_hint_of_a_long_list_fits_in_a_small_terminal() -> None:
    async with flying(size=(80, 24)) as driver:
        await driver.press("F")
        screen = driver.app.screen
        assert isinstance(screen, ChooseScreen)
        hint, frame = screen.query_one(".hint"), screen.query_one(Vertical)
        assert 0 < hint.region.bottom <= frame.content_region.bottom
