"""What the panels beside the canvas have in common: a list, a detail text, a title."""

from __future__ import annotations

from collections.abc import Sequence

from rich.text import Text
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Static

from archtui.tui.command import Context
from archtui.tui.panels.prose import Prose
from archtui.tui.panels.rows import Row, RowList


class Panel(Vertical):
    """A titled list with a detail text below it. Keys reach it through the main screen."""

    context: Context = "problems"
    number: int = 0
    label: str = ""

    DEFAULT_CSS = """
    Panel { height: 1fr; }
    Panel > .panel-title { height: 1; text-style: bold; background: $panel; padding: 0 1; }
    Panel > Prose { height: 40%; border-top: solid $panel-lighten-2; padding: 0 1; }
    Panel > .panel-head { height: auto; max-height: 3; padding: 0 1; display: none; }
    """

    def __init__(self) -> None:
        super().__init__(id=self.context)

    def compose(self) -> ComposeResult:
        """Title, list and detail."""
        yield Static(f"{self.number} {self.label}", classes="panel-title")
        yield Static(classes="panel-head")
        yield RowList()
        yield Prose()

    @property
    def list(self) -> RowList:
        """The list."""
        return self.query_one(RowList)

    @property
    def title_line(self) -> str:
        """The title as shown."""
        return str(self.query_one(".panel-title", Static).content)

    def title(self, text: str) -> None:
        """Show ``text`` after the panel's name."""
        line = Text(f"{self.number} {self.label}  {text}", no_wrap=True, overflow="ellipsis")
        self.query_one(".panel-title", Static).update(line, layout=False)

    def head(self, text: Text | None) -> None:
        """Show a sentence between title and list; None: nothing."""
        widget = self.query_one(".panel-head", Static)
        widget.display = text is not None
        widget.update(text or "")

    def detail(self, text: Text) -> None:
        """Show the detail of the current row."""
        self.query_one(Prose).show(text)

    def show(self, rows: Sequence[Row], cursor: int | None = None) -> None:
        """Replace the list's rows."""
        self.list.show(rows, cursor)
        self.on_row_list_moved(RowList.Moved(self.list, self.list.current))

    def on_row_list_moved(self, event: RowList.Moved) -> None:
        """Follow the cursor with the detail text."""
        self.describe(event.row)

    def describe(self, row: Row | None) -> None:
        """Fill the detail for ``row``; panels override it."""

    def move(self, by: int) -> None:
        """Move the list's cursor."""
        self.list.move(by)
