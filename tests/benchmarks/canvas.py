"""Measure the layout and the canvas: ``python tests/benchmarks/canvas.py``.

Layout: CPU time of a whole layout, compiled world and view given. Canvas: from a call of ``move`` to the
encoded frame, on the headless driver, beside a one-line ``Static`` that changes in the same app.
"""

from __future__ import annotations

import asyncio
import os
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
os.environ.setdefault("TEXTUAL_FPS", "240")

from textual._compositor import CompositorUpdate
from textual.app import App, ComposeResult
from textual.screen import Screen
from textual.widgets import Static

from archtui.layout import DesignView, Layout, Options, lay_out, view_of
from archtui.model.blueprint import Blueprint
from archtui.services import registry
from archtui.tui.canvas import Canvas
from archtui.world.compiler import compile_world
from tests.generators import design

WIDTH = 160
MOVES = 120


def view(components: int) -> DesignView:
    """Return the view of a generated design."""
    return view_of(compile_world(Blueprint.build(design(components), registry())))


def layouts(counts: tuple[int, ...] = (50, 500, 1000, 5000)) -> dict[int, Layout]:
    """Print the time of a layout at several sizes; return the layouts."""
    print(f"{'components':>10} {'nodes drawn':>11} {'edges':>6} {'cells':>11} {'CPU ms (best of 3)':>19}")
    found: dict[int, Layout] = {}
    for count in counts:
        given = view(count)
        best = float("inf")
        for _ in range(3):
            start = time.process_time()
            layout = lay_out(given, Options(width=WIDTH))
            best = min(best, time.process_time() - start)
        found[count] = layout
        size = f"{layout.width}x{layout.height}"
        print(f"{len(given.nodes):>10} {len(layout.nodes):>11} {len(layout.routes):>6} {size:>11} {best * 1000:>19.0f}")
    return found


class Bench(App[None]):
    """A canvas with one line below it; notes when a frame is ready."""

    def __init__(self, layout: Layout) -> None:
        super().__init__()
        self.canvas = Canvas()
        self.line = Static("0", markup=False)
        self.given = layout
        self.ready = asyncio.Event()

    def compose(self) -> ComposeResult:
        """Show canvas and line."""
        yield self.canvas
        yield self.line

    def on_mount(self) -> None:
        """Show the layout."""
        self.line.styles.height = 1
        self.canvas.show(self.given)

    def _display(self, screen: Screen[object], renderable: object) -> None:
        if isinstance(renderable, CompositorUpdate):
            renderable.render_segments(self.console)
        super()._display(screen, renderable)  # type: ignore[arg-type]
        self.ready.set()


async def timed(app: Bench, act: Callable[[int], object]) -> tuple[float, float, float]:
    """Return median and 95th percentile of the CPU ms, and the median wall ms, of ``act`` until its frame."""
    cpu, wall = [], []
    for number in range(MOVES):
        await asyncio.sleep(0.012)
        app.ready.clear()
        start, began = time.process_time(), time.perf_counter()
        if act(number) is False:
            continue
        try:
            await asyncio.wait_for(app.ready.wait(), 1)
        except TimeoutError:
            continue
        cpu.append((time.process_time() - start) * 1000)
        wall.append((time.perf_counter() - began) * 1000)
    return statistics.median(cpu), sorted(cpu)[int(len(cpu) * 0.95)], statistics.median(wall)


async def moves(layout: Layout, name: str) -> None:
    """Print the time of selection moves and scrolls on ``layout``, and of the baseline."""
    app = Bench(layout)
    async with app.run_test(size=(WIDTH, 48)) as pilot:
        canvas = app.canvas
        canvas.select(next(node.id for node in layout.nodes.values() if not node.shadow and node.rect.y > 20))
        await pilot.pause()

        def move(number: int) -> bool:
            return canvas.move("right" if number // 3 % 2 else "left")

        def walk(number: int) -> bool:
            return canvas.move("down" if number < MOVES // 2 else "up")

        baseline = await timed(app, lambda number: app.line.update(str(number)))
        rows = {
            "a one-line Static changes (baseline)": baseline,
            "selection moves in the view": await timed(app, move),
            "selection walks, view follows": await timed(app, walk),
            "scroll by one row": await timed(app, lambda n: canvas.scroll_to(y=30 + n % 2, animate=False, force=True)),
            "a path is lit": await timed(app, lambda n: canvas.highlight(list(layout.nodes)[: 3 + n % 2])),
        }
        for what, (median, high, wall) in rows.items():
            print(f"{name:>6} {what:<38} {median:>7.1f} {high:>7.1f} {wall:>8.1f} {median / baseline[0]:>7.1f}x")


def main() -> None:
    """Measure and print both tables."""
    found = layouts()
    print()
    heading = f"until the frame, {WIDTH}x48"
    print(f"{'nodes':>6} {heading:<38} {'CPU ms':>7} {'p95':>7} {'wall ms':>8} {'ratio':>8}")
    for count in (1000, 5000):
        asyncio.run(moves(found[count], str(count)))


if __name__ == "__main__":
    main()
