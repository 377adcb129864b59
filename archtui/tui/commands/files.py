"""Files: save, open, gallery, new, quit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archtui.tui.command import Command

if TYPE_CHECKING:
    from archtui.tui.main import MainScreen


class Save(Command):
    """Write the document to its file: to a temporary one first, so that nothing is lost whatever happens."""

    name, title, keys, group, footer = "save", "Save", ("s", "ctrl+s"), "Files", "save"

    async def run(self, main: MainScreen) -> None:
        await main.files.save()


class SaveAs(Command):
    """Write the document to another file."""

    name, title, keys, group = "save-as", "Save as ...", ("S",), "Files"

    async def run(self, main: MainScreen) -> None:
        await main.files.save_as()


class Open(Command):
    """Open a blueprint, or a folder of `aws ... describe-*` JSON."""

    name, title, keys, group = "open", "Open ...", ("O",), "Files"

    async def run(self, main: MainScreen) -> None:
        await main.files.open()


class Gallery(Command):
    """Start from one of the blueprints that come with archtui."""

    name, title, keys, group = "gallery", "Gallery", ("g l",), "Files"

    async def run(self, main: MainScreen) -> None:
        await main.files.gallery()


class New(Command):
    """Start an empty design."""

    name, title, keys, group = "new", "New design", ("g n",), "Files"

    async def run(self, main: MainScreen) -> None:
        await main.files.new()


class Unsupported(Command):
    """List what an import could not use, with the reason of each."""

    name, title, group = "unsupported", "What the import could not use", "Files"

    def why_not(self, main: MainScreen) -> str:
        """Refuse where there is nothing to list."""
        return "" if main.workspace.unsupported else "everything that was opened could be used"

    def run(self, main: MainScreen) -> None:
        main.go.read(self.title, "\n".join(main.workspace.unsupported))


class Quit(Command):
    """Go back; on the canvas: quit. Unsaved changes are asked about."""

    name, title, keys, group, footer = "quit", "Back or quit", ("q",), "Files", "quit"

    async def run(self, main: MainScreen) -> None:
        await main.files.quit()


class QuitNow(Command):
    """Quit from anywhere. Unsaved changes are asked about."""

    name, title, keys, group = "quit-now", "Quit", ("ctrl+q", "ctrl+c"), "Files"

    async def run(self, main: MainScreen) -> None:
        await main.files.quit(at_once=True)


FILES = (Save, SaveAs, Open, Gallery, New, Unsupported, Quit, QuitNow)
