"""The program in the terminal. Only Textual is imported here: the first paint waits for nothing else."""

from __future__ import annotations

from collections.abc import Mapping

from textual.app import App

from archtui.tui.commands import ALL
from archtui.tui.keymap import Keymap
from archtui.tui.main import MainScreen


class ArchtuiApp(App[None], inherit_bindings=False):
    """archtui in the terminal."""

    TITLE = "archtui"
    ENABLE_COMMAND_PALETTE = False
    BINDINGS = []

    def __init__(self, path: str | None = None, *, keys: Mapping[str, tuple[str, ...]] | None = None) -> None:
        super().__init__()
        self.keymap = Keymap.of(ALL, keys)
        self.path = path

    def on_mount(self) -> None:
        """Show the main screen at once; it loads the document itself."""
        self.push_screen(self.main_screen())

    def main_screen(self) -> MainScreen:
        """Return a main screen for this program's document."""
        return MainScreen(self.keymap, self.path, welcome=self.path is None)


def run(path: str | None = None) -> int:
    """Open the program on a file (None: the welcome screen); return the exit status."""
    from archtui.tui.settings import load_settings

    app = ArchtuiApp(path, keys=load_settings().keys)
    app.run()
    if app.return_code:
        return app.return_code
    return 0
