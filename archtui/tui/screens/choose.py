"""Choose one of many with a few keys: type to filter, arrows to move, Enter to take. Every palette is this."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.fuzzy import Matcher
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

T = TypeVar("T")

_LONGEST = 16
"""Rows of the list at most."""
_AROUND = 6
"""Rows of the margin, the frame, the heading and the filter."""
_BESIDE = 4
"""Columns of the frame and its padding."""


@dataclass(frozen=True)
class Choice(Generic[T]):
    """One thing to choose: shown as ``title`` with ``note`` beside it; found by both and by ``words``."""

    title: str
    value: T
    note: str = ""
    words: tuple[str, ...] = ()
    """Further words it is found by; the first is a short code that wins when typed in full."""
    disabled: str = ""
    """Why it cannot be chosen now."""
    mark: tuple[str, str] = ("", "")
    """A glyph that stands before it and its style: how it came out."""


def ranked(choices: Sequence[Choice[T]], typed: str) -> list[Choice[T]]:
    """Return the choices that fit ``typed``, best first: a code in full, a prefix, then fuzzy by title and words."""
    typed = typed.strip().lower()
    if not typed:
        return list(choices)
    matcher = Matcher(typed)
    scored: list[tuple[float, int, Choice[T]]] = []
    for index, choice in enumerate(choices):
        words = tuple(word.lower() for word in choice.words)
        title = choice.title.lower()
        if typed in words:
            score = 100.0 - words.index(typed)
        elif title == typed:
            score = 90.0
        elif title.startswith(typed) or any(word.startswith(typed) for word in words):
            score = 50.0
        elif typed in title:
            score = 40.0
        else:
            score = max([matcher.match(title), *(matcher.match(word) for word in words)])
            if score <= 0 and typed in choice.note.lower():
                score = 0.1
        if score > 0:
            scored.append((-score, index, choice))
    return [choice for _, _, choice in sorted(scored, key=lambda item: item[:2])]


class ChooseScreen(ModalScreen[T | None], Generic[T]):
    """A filter line over a list.

    ``free`` turns what was typed into a value by itself, where it makes sense so (None: it does not); that comes
    before the list. ``start`` is the place of the choice that the cursor stands on at first.
    """

    DEFAULT_CSS = """
    ChooseScreen { align: center top; background: $background 60%; }
    ChooseScreen > Vertical {
        width: 90%; max-width: 90; height: auto; max-height: 90%; margin: 1 0;
        border: round $primary; background: $surface; padding: 0 1;
    }
    ChooseScreen OptionList { height: auto; background: $surface; }
    ChooseScreen .hint { color: $text-muted; height: auto; }
    """
    BINDINGS = [
        Binding("escape", "dismiss(None)", "Cancel"),
        Binding("down,ctrl+n", "move(1)", "Next", priority=True),
        Binding("up,ctrl+p", "move(-1)", "Previous", priority=True),
        Binding("pagedown", "move(10)", priority=True),
        Binding("pageup", "move(-10)", priority=True),
    ]

    def __init__(
        self,
        title: str,
        choices: Sequence[Choice[T]],
        *,
        typed: str = "",
        hint: str = "",
        free: Callable[[str], T | None] | None = None,
        start: int = 0,
    ) -> None:
        super().__init__()
        self.heading = title
        self.choices = choices
        self.typed = typed
        self.hint = hint
        self.free = free
        self.start = start
        self.found: list[Choice[T]] = []

    def compose(self) -> ComposeResult:
        """Heading, filter, list, hint."""
        with Vertical():
            yield Static(Text(self.heading, "bold"))
            yield Input(self.typed, placeholder="type to filter", select_on_focus=False, compact=True)
            yield OptionList(compact=True)
            yield Static(self.hint, classes="hint", markup=False)

    def on_mount(self) -> None:
        """Fill the list."""
        self.query_one(Input).focus()
        self._filter(self.typed)

    def on_resize(self) -> None:
        """Leave room for the whole hint below the list, in a small terminal too."""
        room = int(self.app.size.height * 0.9) - _AROUND
        width = min(90, int(self.app.size.width * 0.9)) - _BESIDE
        hint = len(Text(self.hint).wrap(self.app.console, width)) if self.hint else 0
        self.query_one(OptionList).styles.max_height = max(3, min(_LONGEST, room - hint))

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        self._filter(event.value)

    def _filter(self, typed: str) -> None:
        self.found = ranked(self.choices, typed)
        options = self.query_one(OptionList)
        options.clear_options()
        options.add_options([Option(_line(choice), disabled=bool(choice.disabled)) for choice in self.found])
        usable = [i for i, choice in enumerate(self.found) if not choice.disabled]
        nothing = bool(typed.strip()) and not self.found and (self.free is None or not self.hint)
        self.query_one(".hint", Static).update(
            f"Nothing fits {typed.strip()!r}. Backspace corrects, Esc cancels." if nothing else self.hint
        )
        options.highlighted = self.start if not typed and self.start in usable else next(iter(usable), None)

    def action_move(self, by: int) -> None:
        """Move the highlight over what can be chosen."""
        options = self.query_one(OptionList)
        at = options.highlighted if options.highlighted is not None else -1
        usable = [i for i, choice in enumerate(self.found) if not choice.disabled]
        if usable:
            place = min(range(len(usable)), key=lambda i: abs(usable[i] - at))
            options.highlighted = usable[max(0, min(place + by, len(usable) - 1))]

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        self._take(self.query_one(OptionList).highlighted, event.value)

    @on(OptionList.OptionSelected)
    def _clicked(self, event: OptionList.OptionSelected) -> None:
        self._take(event.option_index, self.query_one(Input).value)

    def _take(self, index: int | None, typed: str) -> None:
        value = self.free(typed.strip()) if self.free and typed.strip() else None
        if value is not None:
            self.dismiss(value)
        elif index is not None and index < len(self.found):
            self.dismiss(self.found[index].value)


def _line(choice: Choice[T]) -> Text:
    text = Text(no_wrap=True, overflow="ellipsis")
    if choice.words:
        text.append(f"{choice.words[0]:<3} ", "bold cyan")
    if choice.mark[0]:
        text.append(f"{choice.mark[0]} ", choice.mark[1])
    text.append(choice.title, "dim" if choice.disabled else "bold")
    note = choice.disabled or choice.note
    if note:
        text.append(f"  {note}", "dim")
    return text
