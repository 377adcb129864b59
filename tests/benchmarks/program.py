"""Measure the whole program on a large design: from a key to its encoded frame, on the headless driver.

Run with ``python tests/benchmarks/program.py [COMPONENTS]``; prints a table with the ratio to a
one-line ``Static`` that changes in Textual's smallest app in the same run.
"""

from __future__ import annotations

import asyncio
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
os.environ.setdefault("TEXTUAL_FPS", "240")
os.environ["ARCHTUI_STATE"] = tempfile.mkdtemp()

from textual import events
from textual._compositor import CompositorUpdate
from textual.app import App, ComposeResult
from textual.screen import Screen
from textual.widgets import Static

from archtui.formats.blueprint_file import from_data
from archtui.services import registry
from archtui.tui.app import ArchtuiApp
from archtui.tui.main import MainScreen
from tests.generators import design

SIZE = (160, 48)
REPEATS = 60


class Frames:
    """Notes when a frame is ready, encoded as the terminal would get it."""

    ready: asyncio.Event

    def note(self, app: App[None], renderable: object) -> None:
        """Encode the frame and tell whoever waits."""
        if isinstance(renderable, CompositorUpdate):
            renderable.render_segments(app.console)
        self.ready.set()


class Smallest(App[None], Frames):
    """One line."""

    def compose(self) -> ComposeResult:
        """Show the line."""
        yield Static("0", markup=False)

    def _display(self, screen: Screen[object], renderable: object) -> None:
        super()._display(screen, renderable)  # type: ignore[arg-type]
        self.note(self, renderable)


class Program(ArchtuiApp, Frames):
    """The program itself."""

    def _display(self, screen: Screen[object], renderable: object) -> None:
        super()._display(screen, renderable)  # type: ignore[arg-type]
        self.note(self, renderable)


async def timed(app: Smallest | Program, acts: Sequence[Callable[[], object]]) -> tuple[float, float, float]:
    """Return median and 95th percentile of the CPU ms, and the median wall ms, of each act until its frame."""
    cpu, wall = [], []
    for act in acts:
        await asyncio.sleep(0.03)
        app.ready.clear()
        start, began = time.process_time(), time.perf_counter()
        act()
        try:
            await asyncio.wait_for(app.ready.wait(), 10)
        except TimeoutError:
            continue
        cpu.append((time.process_time() - start) * 1000)
        wall.append((time.perf_counter() - began) * 1000)
    return statistics.median(cpu), sorted(cpu)[int(len(cpu) * 0.95)], statistics.median(wall)


async def baseline() -> float:
    """Print and return the CPU ms of the smallest change in the smallest app."""
    app = Smallest()
    app.ready = asyncio.Event()
    async with app.run_test(size=SIZE):
        line = app.query_one(Static)
        found = await timed(app, [lambda n=n: line.update(str(n)) for n in range(REPEATS)])  # type: ignore[misc]
        report("a one-line Static changes (baseline)", found, found[0])
        return found[0]


def report(what: str, found: tuple[float, float, float], base: float) -> None:
    """Print one row."""
    print(f"{what:<44}{found[0]:>8.1f}{found[1]:>8.1f}{found[2]:>9.1f}{found[0] / base:>8.1f}x")


async def measure(components: int) -> None:
    """Print the table."""
    base = await baseline()
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / "large.yaml")
        from_data(design(components), registry()).save(path)
        app = Program(path)
        app.ready = asyncio.Event()
        async with app.run_test(size=SIZE) as pilot:
            main = next(screen for screen in app.screen_stack if isinstance(screen, MainScreen))
            while not main.workspace.ready or main.workspace.report is None:
                await pilot.pause(0.05)
            await pilot.pause(0.5)

            def press(keys: str) -> list[Callable[[], object]]:
                return [lambda key=key: app.post_message(events.Key(key, key)) for key in keys]  # type: ignore[misc]

            instance = main.workspace.world.of_kind("ec2_instance")[5].id
            main.go.select(instance)
            await pilot.pause(0.2)
            report("a selection move", await timed(app, press("lllhhh" * (REPEATS // 6))), base)
            main.focus_panel("inspector")
            await pilot.pause(0.2)
            report("a row in the inspector", await timed(app, press("jjjkkk" * (REPEATS // 6))), base)
            main.focus_panel("canvas")
            main.go.select(instance)
            await pilot.pause(0.5)
            report("delete and undo an instance", await timed(app, press("xu" * 6)), base)


def main(components: int) -> None:
    """Measure and print."""
    heading = f"key to frame, {components} components, {SIZE[0]}x{SIZE[1]}"
    print(f"{heading:<44}{'CPU ms':>8}{'p95':>8}{'wall ms':>9}{'ratio':>9}")
    asyncio.run(measure(components))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
