"""Ask for one line, checked as it is given."""

from __future__ import annotations

from collections.abc import Callable

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from archtui.model.errors import ArchtuiError


class PromptScreen(ModalScreen[str | None]):
    """A line of input. ``accept`` may refuse with an :class:`ArchtuiError`, whose text is shown; Esc cancels."""

    DEFAULT_CSS = """
    PromptScreen { align: center middle; background: $background 60%; }
    PromptScreen > Vertical {
        width: 90%; max-width: 90; height: auto; border: round $primary; background: $surface; padding: 0 1;
    }
    PromptScreen .error { color: $text-error; height: auto; }
    PromptScreen .hint { color: $text-muted; height: auto; }
    """
    BINDINGS = [Binding("escape", "dismiss(None)", "Cancel")]

    def __init__(
        self, title: str, value: str = "", *, hint: str = "", accept: Callable[[str], object] | None = None
    ) -> None:
        super().__init__()
        self.heading = title
        self.value = value
        self.hint = hint
        self.accept = accept

    def compose(self) -> ComposeResult:
        """Heading, input, hint, error."""
        with Vertical():
            yield Static(Text(self.heading, "bold"))
            yield Input(self.value, select_on_focus=False, compact=True)
            yield Static(Text(self.hint), classes="hint")
            yield Static("", classes="error")

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        try:
            if self.accept:
                self.accept(event.value)
        except ArchtuiError as error:
            self.query_one(".error", Static).update(Text(str(error)))
            return
        self.dismiss(event.value)
