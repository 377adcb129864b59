"""The parts of the main screen that the first paint does not need."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from textual.widgets import ContentSwitcher

from archtui.tui.analysis import Analysis
from archtui.tui.commands import ALL
from archtui.tui.debugging import Debugger
from archtui.tui.editing import Editing
from archtui.tui.filing import Filing
from archtui.tui.keymap import Dispatcher, Keymap
from archtui.tui.navigation import Navigation
from archtui.tui.panels.failures import FailuresPanel
from archtui.tui.panels.inspector import InspectorPanel
from archtui.tui.panels.problems import ProblemsPanel
from archtui.tui.panels.trace import TracePanel
from archtui.tui.selection import Selection

if TYPE_CHECKING:
    from archtui.tui.main import MainScreen


async def equip(main: MainScreen, keys: Mapping[str, tuple[str, ...]] | None) -> None:
    """Give the screen its commands, services and panels; raise :class:`KeymapError` where ``keys`` are wrong."""
    main.keymap = Keymap.of(ALL, keys)
    main.dispatcher = Dispatcher(main.keymap)
    main.edits = Editing(main)
    main.analysis = Analysis(main)
    main.debug = Debugger(main)
    main.files = Filing(main)
    main.selecting = Selection(main)
    main.go = Navigation(main)
    panels = (InspectorPanel(), TracePanel(), ProblemsPanel(), FailuresPanel())
    await main.query_one("#side").mount(ContentSwitcher(*panels, initial="inspector"))
