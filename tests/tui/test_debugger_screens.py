"""What the debugger looks like, as text, in a narrow, a wide and a very wide terminal.

Run with ``ARCHTUI_GOLDEN=write`` to write the files anew; read the difference before committing it.
"""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable

import pytest

from .driving import BLUEPRINTS, Driver, flying
from .test_screens import GOLDEN, SIZES

Go = Callable[[Driver], Awaitable[None]]


def keys(*pressed: str) -> Go:
    """Trace the first journey, or the first that fails, then press keys."""

    async def go(driver: Driver) -> None:
        await driver.press("t", "enter")
        await driver.until(lambda: driver.main.trace_panel.trace is not None, "a trace")
        await driver.press(*pressed)

    return go


async def _compared(driver: Driver) -> None:
    await keys("m", "a")(driver)
    await driver.until(lambda: "Apply a fix" in driver.text(), "the fixes")
    await driver.press("enter")
    await driver.until(lambda: driver.main.workspace.dirty, "the fix")
    await driver.settled()
    await driver.press("=")


async def _moment(driver: Driver) -> None:
    driver.main.analysis.run_typed("internet https://shop.example.com/ down az:eu-west-1a at 30")
    await driver.press("g", "g")


SCREENS: dict[str, tuple[str, Go]] = {
    "refused": ("three-tier-flaws", keys()),
    "why": ("three-tier-flaws", keys("w")),
    "predicting": ("three-tier-flaws", keys("p")),
    "compared": ("three-tier-flaws", _compared),
    "folded": ("three-tier", keys("z", "M")),
    "waterfall": ("three-tier", keys("T")),
    "reply": ("three-tier", keys("r")),
    "moment": ("three-tier", _moment),
    "branches": ("global-site", keys("v")),
    "afterwards": ("image-pipeline", keys("G")),
    "set-off": ("image-pipeline", keys("G", "enter")),
    "private": ("private-services", keys("]")),
    "serverless": ("serverless-api", keys("$")),
}


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("name", SCREENS)
async def test_a_screen_of_the_debugger_looks_as_it_did(name: str, size: tuple[int, int]) -> None:
    blueprint, go = SCREENS[name]
    async with flying(str(BLUEPRINTS / f"{blueprint}.yaml"), size) as driver:
        await go(driver)
        await driver.still()
        shown = driver.text() + "\n"
    path = GOLDEN / f"debugger-{name}-{size[0]}x{size[1]}.txt"
    if os.environ.get("ARCHTUI_GOLDEN") == "write":
        path.write_text(shown, encoding="utf-8")
    assert shown == path.read_text(encoding="utf-8")
