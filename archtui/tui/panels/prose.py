"""Running text in a box of fixed size, drawn line by line: changing it lays nothing out again."""

from __future__ import annotations

from rich.segment import Segment
from rich.style import Style
from rich.text import Text
from textual import events
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip


class Prose(ScrollView, can_focus=False):
    """Shows a text, wrapped to its width."""

    DEFAULT_CSS = """
    Prose { scrollbar-size: 1 1; overflow-x: hidden; }
    """

    def __init__(self) -> None:
        super().__init__()
        self.text = Text()
        self._lines: list[Text] = []
        self._wrapped_at = -1
        self._drawn: dict[tuple[int, int], Strip] = {}
        self._base: Style | None = None
        """The text's own style; asking for it walks up all widgets."""

    def show(self, text: Text) -> None:
        """Show another text from its beginning."""
        self.text = text
        self._wrap(force=True)
        self.scroll_to(y=0, animate=False, force=True)
        self.refresh()

    def on_resize(self, event: events.Resize) -> None:
        """Wrap to the new width."""
        del event
        self._wrap()

    def _wrap(self, *, force: bool = False) -> None:
        width = max(1, self.scrollable_content_region.width)
        if force or width != self._wrapped_at:
            self._wrapped_at = width
            self._drawn.clear()
            self._lines = list(self.text.wrap(self.app.console, width)) if self.text.plain else []
            self.virtual_size = Size(width, len(self._lines))

    def notify_style_update(self) -> None:
        """Forget the drawn lines: the theme or a style changed."""
        super().notify_style_update()
        self._base = None
        self._drawn.clear()

    def render_line(self, y: int) -> Strip:
        """Draw one line of the visible part."""
        index, width = y + self.scroll_offset.y, self.size.width
        strip = self._drawn.get((index, width))
        if strip is None:
            strip = self._drawn[index, width] = self._draw(index, width)
        return strip

    def _draw(self, index: int, width: int) -> Strip:
        base = self._base or self.rich_style
        self._base = base
        if index >= len(self._lines):
            return Strip.blank(width, base)
        segments = [
            Segment(segment.text, base + (segment.style or Style()))
            for segment in self._lines[index].render(self.app.console)
        ]
        return Strip(segments).extend_cell_length(width, base).crop(0, width)
