"""Show a longer text: help, the key sheet, a component's YAML, a rule."""

from __future__ import annotations

from rich.console import RenderableType
from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Static


class TextScreen(ModalScreen[None]):
    """A page to read; j k and the arrows scroll, Esc or q closes."""

    DEFAULT_CSS = """
    TextScreen { align: center middle; background: $background 60%; }
    TextScreen > Vertical {
        width: 96%; max-width: 110; height: 92%; border: round $primary; background: $surface; padding: 0 1;
    }
    TextScreen VerticalScroll { height: 1fr; }
    """
    BINDINGS = [
        Binding("escape,q,question_mark,enter", "dismiss(None)", "Close"),
        Binding("j,down", "scroll(1)"),
        Binding("k,up", "scroll(-1)"),
        Binding("space,pagedown", "scroll(15)"),
        Binding("b,pageup", "scroll(-15)"),
    ]

    def __init__(self, title: str, body: RenderableType) -> None:
        super().__init__()
        self.heading = title
        self.body = body

    def compose(self) -> ComposeResult:
        """Heading, page, hint."""
        with Vertical():
            yield Static(Text(self.heading, "bold"))
            with VerticalScroll(can_focus=False):
                yield Static(self.body)
            yield Static(Text("j k scroll · Esc close", "dim"))

    def action_scroll(self, by: int) -> None:
        """Scroll the page."""
        self.query_one(VerticalScroll).scroll_relative(y=by, animate=False)
