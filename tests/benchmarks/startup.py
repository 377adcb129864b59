"""Processor time from process start to the first paint, against Textual's smallest app in the same run.

Run with ``python tests/benchmarks/startup.py [RUNS]``; prints a table. Both apps run in processes of
their own with the headless driver, in turn, so that a change of the machine's speed hits both.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
from pathlib import Path

SMALLEST = """
import os, time
from textual.app import App
from textual.widgets import Static
class Smallest(App):
    def compose(self):
        yield Static("hello")
    def on_mount(self):
        self.call_after_refresh(self.painted)
    def painted(self):
        os.write(1, f"{time.process_time()}".encode())
        os._exit(0)
Smallest().run(headless=True, size=(120, 40))
"""

ARCHTUI = """
import os, sys, time
from archtui.tui.app import ArchtuiApp
from archtui.tui.main import MainScreen
class Timed(MainScreen):
    async def begin(self):
        late = [name for name in ("pydantic", "networkx", "ruamel", "yaml") if name in sys.modules]
        os.write(1, f"{time.process_time()} {','.join(late)}".encode())
        os._exit(0)
class TimedApp(ArchtuiApp):
    def main_screen(self):
        return Timed(self.path)
TimedApp(sys.argv[1]).run(headless=True, size=(120, 40))
"""


def measure(code: str, *arguments: str) -> tuple[float, str]:
    """Return the processor seconds to the first paint, and the heavy modules imported by then."""
    run = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=True)
    seconds, _, late = run.stdout.partition(" ")
    return float(seconds), late


def main(runs: int = 7) -> None:
    """Measure and print the table."""
    blueprint = str(Path(__file__).parents[2] / "blueprints" / "three-tier.yaml")
    measure(SMALLEST)
    measure(ARCHTUI, blueprint)
    smallest, ours = [], []
    late = ""
    for _ in range(runs):
        smallest.append(measure(SMALLEST)[0])
        seconds, late = measure(ARCHTUI, blueprint)
        ours.append(seconds)
    print(f"{'':<24}{'min':>8}{'median':>8}{'max':>8}   processor seconds to the first paint, {runs} runs each")
    for name, values in (("Textual's smallest app", smallest), ("archtui three-tier.yaml", ours)):
        print(f"{name:<24}{min(values):>8.3f}{statistics.median(values):>8.3f}{max(values):>8.3f}")
    print(f"ratio of the medians     {statistics.median(ours) / statistics.median(smallest):.2f}")
    print(f"imported before it: {late or 'none of pydantic, networkx, ruamel, yaml'}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 7)
