"""A command: its name, key, help and action in one class. Footer, palette, help and key sheet are made of these."""

from __future__ import annotations

from collections.abc import Awaitable, Iterable
from typing import TYPE_CHECKING, ClassVar, Literal

if TYPE_CHECKING:
    from archtui.tui.main import MainScreen

Context = Literal["global", "canvas", "inspector", "trace", "problems", "failures"]
CONTEXTS: tuple[Context, ...] = ("global", "canvas", "inspector", "trace", "problems", "failures")


class Command:
    """Something the user can do. The class docstring is its help; its first line the short one.

    ``keys`` are sequences: ``"g d"`` is g and then d. A printable key is written as itself, any other
    by Textual's name (``enter``, ``ctrl+r``).
    """

    name: ClassVar[str]
    title: ClassVar[str]
    keys: ClassVar[tuple[str, ...]] = ()
    context: ClassVar[Context] = "global"
    group: ClassVar[str] = "General"
    footer: ClassVar[str] = ""
    """A word for the footer; empty: not shown there."""

    def why_not(self, main: MainScreen) -> str:
        """Return why the command makes no sense now, or an empty string."""
        return ""

    def run(self, main: MainScreen) -> Awaitable[None] | None:
        """Do it."""
        raise NotImplementedError

    @classmethod
    def help(cls) -> str:
        """The docstring as running text."""
        return " ".join((cls.__doc__ or cls.title).split())


class NeedsSelection(Command):
    """A command about the selected component."""

    def why_not(self, main: MainScreen) -> str:
        """Refuse while nothing is selected."""
        return "" if main.selected else "nothing is selected: move with h j k l or jump with f"


class NeedsDesign(Command):
    """A command about a design with something in it."""

    def why_not(self, main: MainScreen) -> str:
        """Refuse while the design is empty."""
        return "" if main.workspace.ready and main.workspace.blueprint.components else "the design is empty: add with a"


def commands(classes: Iterable[type[Command]]) -> tuple[Command, ...]:
    """Return one instance of each class, in order."""
    return tuple(cls() for cls in classes)
