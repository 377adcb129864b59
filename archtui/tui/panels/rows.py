"""A list of lines with a cursor, drawn line by line so that thousands of rows cost nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.segment import Segment
from rich.style import Style
from rich.text import Text
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip


@dataclass(frozen=True)
class Row:
    """One line: what is shown and what it stands for."""

    text: Text
    value: object = None
    selectable: bool = True


class RowList(ScrollView, can_focus=False):
    """Rows with a cursor. The cursor is a mark in the first column, so it is seen without colour."""

    COMPONENT_CLASSES = {"rowlist--cursor"}
    DEFAULT_CSS = """
    RowList { height: 1fr; overflow-x: hidden; scrollbar-size: 1 1; }
    RowList > .rowlist--cursor { background: $primary 40%; text-style: bold; }
    """

    class Moved(Message):
        """The cursor stands on another row."""

        def __init__(self, rows: RowList, row: Row | None) -> None:
            super().__init__()
            self.rows = rows
            self.row = row

        @property
        def control(self) -> RowList:
            """The list, for selectors."""
            return self.rows

    def __init__(self) -> None:
        super().__init__()
        self.rows: tuple[Row, ...] = ()
        self.cursor = 0
        self._drawn: dict[tuple[int, bool, int], Strip] = {}
        self._base: Style | None = None
        """The list's own style; asking for it walks up all widgets."""

    def show(self, rows: Sequence[Row], cursor: int | None = None) -> None:
        """Replace the rows; the cursor stays where it was if ``cursor`` is None and it still can."""
        self.rows = tuple(rows)
        self._drawn.clear()
        width = max((row.text.cell_len for row in self.rows), default=0) + 2
        self.virtual_size = Size(width, len(self.rows))
        self.cursor = self._nearest(self.cursor if cursor is None else cursor)
        self.call_after_refresh(self._follow)
        self.refresh()

    @property
    def current(self) -> Row | None:
        """The row under the cursor."""
        return self.rows[self.cursor] if self.cursor < len(self.rows) else None

    def move(self, by: int) -> None:
        """Move the cursor over selectable rows; it stops at the ends."""
        step = 1 if by > 0 else -1
        for _ in range(abs(by)):
            candidate = self.cursor + step
            while 0 <= candidate < len(self.rows) and not self.rows[candidate].selectable:
                candidate += step
            if not 0 <= candidate < len(self.rows):
                break
            self.cursor = candidate
        self.go(self.cursor)

    def go(self, index: int) -> None:
        """Put the cursor on a row."""
        self.cursor = self._nearest(index)
        self._follow()
        self.refresh()
        self.post_message(self.Moved(self, self.current))

    def _nearest(self, index: int) -> int:
        if not self.rows:
            return 0
        index = max(0, min(index, len(self.rows) - 1))
        order = sorted(range(len(self.rows)), key=lambda i: (abs(i - index), i < index))
        return next((i for i in order if self.rows[i].selectable), index)

    def _follow(self) -> None:
        """Keep the cursor in view, with the lines right above it that cannot be selected: its headings."""
        if self.rows and self.is_mounted:
            top = self.cursor
            while top > 0 and not self.rows[top - 1].selectable:
                top -= 1
            if self.cursor - top >= self.size.height:
                top = self.cursor
            self.scroll_to_region(Region(0, top, 1, self.cursor - top + 1), animate=False, x_axis=False)

    def notify_style_update(self) -> None:
        """Forget the drawn lines: the theme or a style changed."""
        super().notify_style_update()
        self._base = None
        self._drawn.clear()

    def render_line(self, y: int) -> Strip:
        """Draw one line of the visible part."""
        index, width = y + self.scroll_offset.y, self.size.width
        base = self._base or self.rich_style
        self._base = base
        if index >= len(self.rows):
            return Strip.blank(width, base)
        on = index == self.cursor and self.rows[index].selectable
        strip = self._drawn.get((index, on, width))
        if strip is None:
            strip = self._drawn[(index, on, width)] = self._draw(self.rows[index], on, width, base)
        return strip

    def _draw(self, row: Row, on: bool, width: int, base: Style) -> Strip:
        over = self.get_component_rich_style("rowlist--cursor") if on else None
        segments = [Segment("▌" if on else " ", base)]
        segments += [Segment(s.text, base + (s.style or Style())) for s in row.text.render(self.app.console)]
        strip = Strip(segments).crop_extend(0, width, base)
        return Strip([Segment(s.text, (s.style or base) + over) for s in strip]) if over else strip
