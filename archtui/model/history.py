"""A document with its history: every change is an edit that can be undone and done again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from archtui.model.blueprint import Blueprint
from archtui.model.edits import Edit


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that happened to a document: an edit was done, taken back or done again."""

    edit: Edit
    """The operations that took place; for an undo those that take the edit back."""
    blueprint: Blueprint
    """The document after it."""


@dataclass(frozen=True, slots=True)
class _Entry:
    edit: Edit
    before: Blueprint
    after: Blueprint
    undo: Edit


class Session:
    """A blueprint being worked on. Undo and redo give back the very objects of that moment."""

    def __init__(self, blueprint: Blueprint) -> None:
        self._blueprint = blueprint
        self._saved = blueprint
        self._done: list[_Entry] = []
        self._undone: list[_Entry] = []
        self._listeners: list[Callable[[Change], None]] = []

    @property
    def blueprint(self) -> Blueprint:
        """The document as it stands."""
        return self._blueprint

    @property
    def dirty(self) -> bool:
        """Whether the document differs from what was last saved."""
        return self._blueprint is not self._saved

    @property
    def done(self) -> tuple[Edit, ...]:
        """The edits that can be undone, oldest first."""
        return tuple(entry.edit for entry in self._done)

    @property
    def undone(self) -> tuple[Edit, ...]:
        """The edits that can be done again, the next one last."""
        return tuple(entry.edit for entry in self._undone)

    def on_change(self, listener: Callable[[Change], None]) -> None:
        """Call ``listener`` after every change."""
        self._listeners.append(listener)

    def do(self, edit: Edit) -> Blueprint:
        """Apply ``edit``; what was undone before can then not be done again.

        Raises :class:`EditError` or :class:`InputError` where it does not fit; nothing has changed then.
        """
        before = self._blueprint
        after, undo = before.edited(edit.operations)
        self._done.append(_Entry(edit, before, after, Edit(f"undo: {edit.label}", undo)))
        self._undone.clear()
        return self._now(edit, after)

    def undo(self) -> Edit | None:
        """Take the last edit back and return it; None where there is none."""
        if not self._done:
            return None
        entry = self._done.pop()
        self._undone.append(entry)
        self._now(entry.undo, entry.before)
        return entry.edit

    def redo(self) -> Edit | None:
        """Do the edit again that was undone last and return it; None where there is none."""
        if not self._undone:
            return None
        entry = self._undone.pop()
        self._done.append(entry)
        self._now(entry.edit, entry.after)
        return entry.edit

    def mark_saved(self) -> None:
        """Note that the document as it stands is on disk."""
        self._saved = self._blueprint

    def _now(self, edit: Edit, blueprint: Blueprint) -> Blueprint:
        self._blueprint = blueprint
        for listener in self._listeners:
            listener(Change(edit, blueprint))
        return blueprint
