"""Driving the program in tests as a user would: keys in, what is shown out; waits for conditions, never sleeps."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from textual.pilot import Pilot

from archtui.tui.app import ArchtuiApp
from archtui.tui.lines import key_line, top_line
from archtui.tui.main import MainScreen

BLUEPRINTS = Path(__file__).parents[2] / "blueprints"
THREE_TIER = str(BLUEPRINTS / "three-tier.yaml")
PATIENCE = 2000
"""How often a condition is asked for before the test gives up."""


class Driver:
    """One run of the program."""

    def __init__(self, app: ArchtuiApp, pilot: Pilot[None]) -> None:
        self.app = app
        self.pilot = pilot

    @property
    def main(self) -> MainScreen:
        """The main screen, whatever stands above it."""
        return next(screen for screen in self.app.screen_stack if isinstance(screen, MainScreen))

    async def until(self, condition: Callable[[], bool], what: str = "the condition") -> None:
        """Let the program work until ``condition`` holds."""
        for _ in range(PATIENCE):
            if condition():
                return
            await self.pilot.pause(0.005)
        raise AssertionError(f"{what} did not come about; the key line says {self.key_line!r}")

    async def ready(self) -> None:
        """Wait until the document is open and checked."""
        await self.until(lambda: self.main.workspace.ready, "an open document")
        await self.settled()

    async def settled(self) -> None:
        """Wait until the check of the present design is done and the screen is drawn."""
        workspace = self.main.workspace
        await self.until(
            lambda: workspace.report is not None and workspace.report.world is workspace.world, "a finished check"
        )
        await self.pilot.pause()

    async def press(self, *keys: str) -> None:
        """Press keys one after the other."""
        await self.pilot.press(*keys)
        await self.pilot.pause()

    async def type(self, text: str) -> None:
        """Type a text into whatever asks for one."""
        names = {" ": "space", "/": "slash", ":": "colon", ".": "full_stop", "-": "minus", "_": "underscore"}
        await self.press(*(names.get(letter, letter) for letter in text))

    async def still(self) -> None:
        """Wait until the screen does not change any more."""
        before = ""
        for _ in range(PATIENCE):
            await self.pilot.pause(0.02)
            now = self.text()
            if now == before:
                return
            before = now
        raise AssertionError("the screen does not come to rest")

    @property
    def key_line(self) -> str:
        """The last line of the screen."""
        return key_line(self.main).plain

    @property
    def top_line(self) -> str:
        """The first line of the screen."""
        return top_line(self.main).plain

    def text(self) -> str:
        """Everything on the screen, as text."""
        screen = self.app.screen
        width, height = self.app.size
        lines = screen._compositor.render_strips()
        return "\n".join("".join(segment.text for segment in strip)[:width].rstrip() for strip in lines[:height])


@asynccontextmanager
async def flying(path: str | None = THREE_TIER, size: tuple[int, int] = (120, 40)) -> AsyncIterator[Driver]:
    """Run the program on ``path`` in a terminal of ``size`` and wait until it is ready."""
    app = ArchtuiApp(path)
    async with app.run_test(size=size) as pilot:
        driver = Driver(app, pilot)
        await driver.ready()
        yield driver
