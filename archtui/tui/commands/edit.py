"""Changing the design: add, connect, move, edit, copy, delete, undo."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archtui.tui.command import Command, NeedsDesign, NeedsSelection

if TYPE_CHECKING:
    from archtui.tui.main import MainScreen


class Add(Command):
    """Add a component: type its two letters or a few of its name. What it must stand in is taken from the selection."""

    name, title, keys, context, group, footer = "add", "Add a component", ("a",), "canvas", "Edit", "add"

    async def run(self, main: MainScreen) -> None:
        await main.edits.add()


class AddConnected(NeedsSelection):
    """Add a component and connect the selected one to it in one go."""

    name, title, keys, context, group = "add-connected", "Add a connected neighbour", ("o",), "canvas", "Edit"

    async def run(self, main: MainScreen) -> None:
        await main.edits.add_connected()


class Connect(NeedsSelection):
    """Connect the selected component to another: AWS's side of it (listener, registration, rules) comes along."""

    name, title, keys, context, group, footer = "connect", "Connect to ...", ("c",), "canvas", "Edit", "connect"

    def run(self, main: MainScreen) -> None:
        main.edits.connect()


class Disconnect(NeedsSelection):
    """Take a connection of the selected component away: a link, or a property that names the other one."""

    name, title, keys, context, group = "disconnect", "Disconnect from ...", ("X",), "canvas", "Edit"

    async def run(self, main: MainScreen) -> None:
        await main.edits.disconnect()


class MoveComponent(NeedsSelection):
    """Take the selected component and move it with h j k l to another subnet; Enter drops it, Esc puts it back."""

    name, title, keys, context, group = "move", "Move the component", ("m",), "canvas", "Edit"

    def run(self, main: MainScreen) -> None:
        main.edits.grab()


class Delete(NeedsSelection):
    """Delete the selected components and every reference to them. Undo brings them back."""

    name, title, keys, context, group, footer = "delete", "Delete", ("x",), "canvas", "Edit", "delete"

    def run(self, main: MainScreen) -> None:
        main.edits.delete()


class Copy(NeedsSelection):
    """Copy the selected component."""

    name, title, keys, context, group = "copy", "Copy", ("y",), "canvas", "Edit"

    def run(self, main: MainScreen) -> None:
        main.edits.copy()


class Paste(Command):
    """Add what was copied once more, under a new id."""

    name, title, keys, context, group = "paste", "Paste", ("p",), "canvas", "Edit"

    def why_not(self, main: MainScreen) -> str:
        """Refuse while nothing was copied."""
        return "" if main.edits.copied else "nothing was copied: copy with y"

    def run(self, main: MainScreen) -> None:
        main.edits.paste()


class Repeat(Command):
    """Do the last change again: add the same kind, connect to the same component, paste."""

    name, title, keys, context, group = "repeat", "Repeat the last change", (".",), "canvas", "Edit"

    async def run(self, main: MainScreen) -> None:
        await main.edits.repeat()


class Undo(Command):
    """Undo the last change."""

    name, title, keys, group, footer = "undo", "Undo", ("u", "ctrl+z"), "Edit", "undo"

    def run(self, main: MainScreen) -> None:
        main.edits.undo()


class Redo(Command):
    """Do again what was undone."""

    name, title, keys, group = "redo", "Redo", ("ctrl+r", "ctrl+y", "U"), "Edit"

    def run(self, main: MainScreen) -> None:
        main.edits.redo()


class ToggleSelect(NeedsSelection):
    """Add the component to the selection or take it out; delete works on all of them."""

    name, title, keys, context, group = "toggle-select", "Select several", ("space",), "canvas", "Edit"

    def run(self, main: MainScreen) -> None:
        main.go.toggle_selected()


class SelectAllOfKind(NeedsSelection):
    """Extend the selection to every component of the same kind."""

    name, title, keys, context, group = "extend-select", "Select all of this kind", ("v",), "canvas", "Edit"

    def run(self, main: MainScreen) -> None:
        main.go.select_kind()


class EditForm(NeedsSelection):
    """Edit the component's properties in the inspector."""

    name, title, keys, context, group, footer = "edit", "Edit properties", ("i",), "canvas", "Edit", "edit"

    def run(self, main: MainScreen) -> None:
        main.focus_panel("inspector")


class Rename(NeedsSelection):
    """Give the component another id, everywhere it is named."""

    name, title, keys, context, group = "rename", "Rename", ("r",), "canvas", "Edit"

    async def run(self, main: MainScreen) -> None:
        await main.edits.rename()


class EditYaml(NeedsDesign):
    """Edit the document in your own editor ($EDITOR); a broken result is refused and nothing is lost."""

    name, title, keys, group = "edit-yaml", "Edit the YAML in $EDITOR", ("E",), "Edit"

    def run(self, main: MainScreen) -> None:
        main.edits.external()


class ViewYaml(NeedsDesign):
    """Read the YAML of the selected component, or the whole document when nothing is selected."""

    name, title, keys, group = "view-yaml", "View the YAML", ("Y",), "Edit"

    def run(self, main: MainScreen) -> None:
        main.go.view_yaml()


class RecordMacro(Command):
    """Record the keys you type until the same key is pressed again."""

    name, title, keys, context, group = "record", "Record keys", ("Q",), "canvas", "Edit"

    def run(self, main: MainScreen) -> None:
        main.toggle_recording()


class PlayMacro(Command):
    """Play the recorded keys."""

    name, title, keys, context, group = "play", "Play the recorded keys", ("@",), "canvas", "Edit"

    def why_not(self, main: MainScreen) -> str:
        """Refuse while nothing was recorded."""
        return "" if main.recorded else "nothing was recorded: record with Q"

    async def run(self, main: MainScreen) -> None:
        await main.play_recording()


EDITS = (
    Add,
    AddConnected,
    Connect,
    Disconnect,
    MoveComponent,
    Delete,
    Copy,
    Paste,
    Repeat,
    Undo,
    Redo,
    ToggleSelect,
    SelectAllOfKind,
    EditForm,
    Rename,
    EditYaml,
    ViewYaml,
    RecordMacro,
    PlayMacro,
)
