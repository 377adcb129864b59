"""Opening and saving from the main screen. Nothing is lost: unsaved changes are asked about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archtui.tui.screens.choose import Choice, ChooseScreen
from archtui.tui.screens.prompt import PromptScreen

if TYPE_CHECKING:
    from archtui.tui.main import MainScreen


WELCOME = "Enter takes one · Esc starts empty · O opens a file, a adds a component, ? shows the keys"


class Filing:
    """The file commands of one main screen."""

    def __init__(self, main: MainScreen) -> None:
        self.main = main

    async def save(self) -> bool:
        """Save; asks for a name where there is none, and before overwriting what changed on disk."""
        from archtui.formats.files import ChangedOnDisk
        from archtui.model.errors import ArchtuiError

        document = self.main.workspace.document
        if document.path is None:
            return await self.save_as()
        try:
            document.save()
        except ChangedOnDisk as error:
            answer = await self.main.ask(
                ChooseScreen(str(error), [Choice("save under another name", "as"), Choice("overwrite it", "force")])
            )
            if answer == "as":
                return await self.save_as()
            if answer != "force":
                return False
            document.save(force=True)
        except ArchtuiError as error:
            self.main.say(str(error), "error")
            return False
        self.main.changed(f"saved {document.path}")
        return True

    async def save_as(self) -> bool:
        """Ask for a file name and save there."""
        from archtui.formats.files import ChangedOnDisk
        from archtui.model.errors import ArchtuiError

        document = self.main.workspace.document
        path = await self.main.ask(PromptScreen("Save as", document.path or "design.yaml"))
        if not path:
            return False
        try:
            document.save(path)
        except ChangedOnDisk as error:
            if not await self.main.ask(
                ChooseScreen(str(error), [Choice("overwrite it", "yes"), Choice("leave it", "")])
            ):
                return False
            document.save(path, force=True)
        except ArchtuiError as error:
            self.main.say(str(error), "error")
            return False
        self.main.changed(f"saved {path}")
        return True

    async def open(self) -> None:
        """Ask for a path and open it."""
        if await self.may_leave():
            path = await self.main.ask(PromptScreen("Open", hint="a blueprint, or a folder of aws describe JSON"))
            if path:
                self.main.open_path(path)

    async def gallery(self) -> None:
        """Choose a gallery blueprint; it opens as a new document."""
        from archtui.formats.gallery import entries

        if not await self.may_leave():
            return
        choices = [Choice(entry.name, entry.name, entry.title) for entry in entries()]
        name = await self.main.ask(ChooseScreen("Gallery", choices))
        if name:
            self.main.open_gallery(name)

    async def new(self) -> None:
        """Start an empty design."""
        if await self.may_leave():
            self.main.open_path(None)

    async def may_leave(self) -> bool:
        """Say whether the open document may be left; asks while it has unsaved changes."""
        if not self.main.workspace.dirty:
            return True
        answer = await self.main.ask(
            ChooseScreen(
                "There are unsaved changes",
                [Choice("save them", "save", words=("s",)), Choice("discard them", "discard", words=("d",))],
                hint="Esc goes back to the design",
            )
        )
        if answer == "save":
            return await self.save()
        return answer == "discard"

    async def quit(self, *, at_once: bool = False) -> None:
        """Back out; from the canvas with nothing open: leave the program."""
        if not at_once and self.main.go.leave():
            return
        if await self.may_leave():
            self.main.workspace.close()
            self.main.app.exit()

    async def welcome(self) -> None:
        """The first screen without a file: start from empty, from the gallery, or from a file."""
        from archtui.formats.gallery import entries

        choices = [Choice("Empty design", "", "start with nothing", ("n",))]
        choices += [Choice(entry.title, entry.name, entry.name) for entry in entries()]
        name = await self.main.ask(ChooseScreen("Welcome to archtui: what do you want to fly?", choices, hint=WELCOME))
        if name:
            self.main.open_gallery(name)

    async def recover(self) -> None:
        """Offer the unsaved changes of a run that ended without saving; Esc leaves them for the next time."""
        from archtui.model.errors import ArchtuiError

        recovery = self.main.workspace.recovery
        if recovery is None:
            return
        choices = [
            Choice("bring them back", "recover", "unsaved, as they were", ("r",)),
            Choice("discard them", "discard", "they are gone for good", ("d",)),
        ]
        answer = await self.main.ask(ChooseScreen(recovery.sentence, choices, hint="Esc: decide later"))
        if answer == "discard":
            recovery.discard()
        elif answer == "recover":
            try:
                self.main.workspace.recover()
            except ArchtuiError as error:
                self.main.say(str(error), "error")
                return
            self.main.changed("the unsaved changes are back: s saves them, u takes them back one by one")
