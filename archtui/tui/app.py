"""The program in the terminal. Only Textual and the canvas are imported here: the first paint waits for no more."""

from __future__ import annotations

from collections.abc import Mapping

from textual.app import App

from archtui.tui.main import MainScreen


class ArchtuiApp(App[None], inherit_bindings=False):
    """archtui in the terminal."""

    TITLE = "archtui"
    ENABLE_COMMAND_PALETTE = False

    def __init__(
        self, path: str | None = None, gallery: str | None = None, *, keys: Mapping[str, tuple[str, ...]] | None = None
    ) -> None:
        super().__init__()
        self.path = path
        self.gallery = gallery
        self.keys = keys

    def on_mount(self) -> None:
        """Show the main screen at once; it loads the document itself."""
        self.push_screen(self.main_screen())

    def main_screen(self) -> MainScreen:
        """Return a main screen for this program's document."""
        return MainScreen(self.path, self.keys, self.gallery)


def run(path: str | None = None, gallery: str | None = None) -> int:
    """Open the program on a file or a new copy of a gallery blueprint (neither: the welcome screen); return the exit
    status."""
    from archtui.tui.settings import load_settings

    settings = load_settings()
    app = ArchtuiApp(path, gallery, keys=settings.keys)
    if settings.theme:
        app.theme = settings.theme
    app.run()
    return app.return_code or 0
