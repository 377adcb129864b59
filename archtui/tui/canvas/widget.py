"""The canvas widget: finished strips per row, kept until something on the row changes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from rich.cells import set_cell_size
from rich.segment import Segment
from textual import events
from textual.geometry import Offset, Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.timer import Timer

from archtui.layout.geometry import Direction, Rect
from archtui.layout.navigate import find, neighbour, reading_order
from archtui.layout.result import Layout
from archtui.tui.canvas.badges import Badge, Overlay
from archtui.tui.canvas.hints import hints_for
from archtui.tui.canvas.rows import Rows

AHEAD_ROWS = 4
"""Rows painted ahead at a time, between two keys."""
AHEAD_DELAY = 0.02
"""Seconds between two times."""
MARGIN = 2
"""Cells kept between the selection and the edge of the view."""


class Canvas(ScrollView, can_focus=True):
    """Shows a :class:`Layout`. The app calls its methods; it answers with messages."""

    COMPONENT_CLASSES = {
        f"canvas--{name}"
        for name in (
            "region", "vpc", "zone", "subnet", "settings", "group", "title", "node", "shadow", "folded", "edge",
            "event", "dns", "link", "peer", "faint", "selected", "path", "current", "dim", "hint", "down", "degraded",
            "error", "warning", "info", "ok",
        )
    }  # fmt: skip

    DEFAULT_CSS = """
    Canvas {
        background: $background;
        color: $foreground;
        & > .canvas--region { color: $foreground 45%; }
        & > .canvas--vpc { color: $success; }
        & > .canvas--zone { color: $primary; }
        & > .canvas--subnet { color: $foreground 55%; }
        & > .canvas--settings { color: $foreground 45%; }
        & > .canvas--group { color: $foreground 55%; }
        & > .canvas--node { color: $foreground; background: $surface; text-style: bold; }
        & > .canvas--shadow { color: $foreground 60%; text-style: italic; }
        & > .canvas--folded { color: $foreground; background: $surface; text-style: italic; }
        & > .canvas--edge { color: $accent; }
        & > .canvas--event { color: $warning; }
        & > .canvas--link { color: $foreground 90%; }
        & > .canvas--dns { color: $text-primary; }
        & > .canvas--peer { color: $success; }
        & > .canvas--faint { color: $foreground 40%; }
        & > .canvas--selected { text-style: bold reverse; }
        & > .canvas--path { color: $success; text-style: bold; }
        & > .canvas--current { color: $success; text-style: bold reverse; }
        & > .canvas--dim { color: $foreground 30%; }
        & > .canvas--hint { background: $warning; color: $background; text-style: bold; }
        & > .canvas--down { color: $error; text-style: bold reverse; }
        & > .canvas--degraded { color: $warning; text-style: bold reverse; }
        & > .canvas--error { color: $error; text-style: bold; }
        & > .canvas--warning { color: $warning; text-style: bold; }
        & > .canvas--info { color: $primary; }
        & > .canvas--ok { color: $success; }
    }
    """

    class NodeSelected(Message):
        """The selection moved to a node or frame, or to nothing."""

        def __init__(self, canvas: Canvas, name: str | None, component: str | None) -> None:
            super().__init__()
            self.canvas = canvas
            self.id = name
            """The node's or frame's id."""
            self.component = component
            """The component it stands for, if any."""

        @property
        def control(self) -> Canvas:
            """The canvas."""
            return self.canvas

    class NodeActivated(NodeSelected):
        """A node was entered or clicked twice."""

    class HintsClosed(Message):
        """A hint was typed (``id`` is selected now) or the hints were given up (``id`` is None)."""

        def __init__(self, canvas: Canvas, name: str | None) -> None:
            super().__init__()
            self.canvas = canvas
            self.id = name

        @property
        def control(self) -> Canvas:
            """The canvas."""
            return self.canvas

    def __init__(
        self,
        *,
        placeholder: str = "",
        ascii_only: bool = False,
        name: str | None = None,
        id: str | None = None,  # noqa: A002
        classes: str | None = None,
    ) -> None:
        """Make a canvas; ``placeholder`` is shown in the middle while there is nothing to draw."""
        super().__init__(name=name, id=id, classes=classes)
        self._ascii = ascii_only
        self.placeholder = placeholder
        self._layout = Layout(0, 0, {}, {}, ())
        self._rows = Rows(self._layout, ascii_only)
        self._path: tuple[str, ...] | None = None
        self._current: str | None = None
        self._badges: dict[str, Badge] = {}
        self._hints: dict[str, str] = {}
        self._typed = ""
        self._found: list[str] = []
        self._drawn_with: tuple[object, ...] = ()
        self._ahead: Timer | None = None

    # -- what is shown --------------------------------------------------------------------------

    @property
    def drawing(self) -> Layout:
        """The layout on show."""
        return self._layout

    def show(self, layout: Layout) -> None:
        """Show ``layout``; the selection stays where its component is still drawn."""
        component = self.selected_component
        before = self.selected
        kept = before if before in layout.nodes or before in layout.frames else None
        if kept is None and component is not None:
            kept = layout.shown(component)
        self._layout = layout
        self._rows = Rows(layout, self._ascii)
        self._rows.selected = kept
        self._rows.mark(self._badges)
        self._rows.light(self._path, self._current)
        self._hints, self._typed, self._found = {}, "", []
        self._drawn_with = ()
        self.virtual_size = Size(layout.width, layout.height)
        self.refresh()
        if kept != before:
            self.post_message(self.NodeSelected(self, kept, self.selected_component))

    @property
    def selected(self) -> str | None:
        """The id of the selected node or frame."""
        return self._rows.selected

    @property
    def selected_component(self) -> str | None:
        """The component that the selection stands for."""
        name = self.selected or ""
        node, frame = self._layout.nodes.get(name), self._layout.frames.get(name)
        return node.component if node else frame.component if frame else None

    def select(self, name: str | None, *, follow: bool = True) -> bool:
        """Select a component, node or frame, or nothing; say whether it is drawn. Two nodes' rows are repainted."""
        shown = self._layout.shown(name) if name is not None else None
        if name is not None and shown is None:
            return False
        if shown != self.selected:
            old, self._rows.selected = self.selected, shown
            self._touch(rect for name in (old, shown) for rect in self._rects(name))
            self.post_message(self.NodeSelected(self, shown, self.selected_component))
        if shown is not None:
            if follow:
                self.follow(shown)
            self._place_cursor()
        return True

    def move(self, direction: Direction) -> bool:
        """Select the nearest node in that direction; the first one where nothing is selected."""
        if self.selected is None:
            order = reading_order(self._layout)
            return bool(order) and self.select(order[0])
        found = neighbour(self._layout, self._main(self.selected), direction)
        return found is not None and self.select(found)

    def enter(self) -> bool:
        """Go into the selected frame; on a node post :class:`NodeActivated`."""
        if self.selected is None:
            return self.move("down")
        if self.selected in self._layout.nodes:
            self.post_message(self.NodeActivated(self, self.selected, self.selected_component))
            return True
        inside = self._layout.children.get(self.selected, ())
        first = min(inside, key=self._corner, default=None)
        return first is not None and self.select(self._main(first))

    def leave(self) -> bool:
        """Select the frame around the selection."""
        if self.selected is None:
            return False
        node, frame = self._layout.nodes.get(self.selected), self._layout.frames.get(self.selected)
        parent = node.frame if node else frame.parent if frame else None
        return bool(parent) and self.select(parent)

    def highlight(self, path: Sequence[str] | None, current: str | None = None) -> None:
        """Light the components of ``path`` and the edges between them and dim the rest; None ends it."""
        lit = tuple(path) if path is not None else None
        same, self._path = lit == self._path, lit
        self._current = current if lit is not None else None
        if same:
            self._touch(node.rect for node in self._rows.stand(self._current))
        else:
            self._rows.light(lit, self._current)
            self.refresh()
        if self._current is not None:
            self.follow(self._current)

    def badge(self, name: str, badge: Badge | None) -> None:
        """Mark a component or frame, or take its mark off."""
        marks = dict(self._badges)
        marks.pop(name, None)
        if badge is not None:
            marks[name] = badge
        self.badges(marks)

    def badges(self, marks: Mapping[str, Badge]) -> None:
        """Mark exactly these components and frames."""
        before, self._badges = self._badges, dict(marks)
        self._rows.mark(self._badges)
        changed = [name for name in {**before, **self._badges} if before.get(name) != self._badges.get(name)]
        self._touch(rect for name in changed for rect in self._rects(name))

    # -- hints and search -----------------------------------------------------------------------

    @property
    def hinting(self) -> bool:
        """Whether hints are on show; typed letters belong to them then."""
        return bool(self._hints)

    def hint(self) -> bool:
        """Put two letters on each visible node; say whether there was one."""
        view = Region(*self.scroll_offset, *self.size)
        visible = [
            name
            for name in reading_order(self._layout)
            if view.overlaps(self._on_screen(self._layout.nodes[name].rect))
        ]
        self._hints = hints_for(visible)
        self._typed = ""
        self._draw_hints()
        return bool(self._hints)

    def unhint(self) -> None:
        """Take the hints off."""
        if self._hints:
            self._hints, self._typed = {}, ""
            self._draw_hints()
            self.post_message(self.HintsClosed(self, None))

    def _draw_hints(self) -> None:
        old = self._rows.hints
        rows: dict[int, list[Overlay]] = {}
        for letters, name in self._hints.items():
            if letters.startswith(self._typed):
                rect = self._layout.nodes[name].rect
                left = letters[len(self._typed) :]
                rows.setdefault(rect.y + rect.height // 2, []).append(
                    Overlay(rect.x + (1 if rect.height > 1 else 0), left, "canvas--hint")
                )
        self._rows.hints = rows
        self._touch(Rect(0, y, 1, 1) for y in {**old, **rows})

    def on_key(self, event: events.Key) -> None:
        """While hints are on show their letters are typed here; any other key gives them up."""
        if not self._hints:
            return
        event.stop()
        event.prevent_default()
        typed = self._typed + (event.character or "").lower()
        fitting = [name for letters, name in self._hints.items() if letters.startswith(typed)]
        if not event.character or not fitting:
            self.unhint()
        elif typed in self._hints:
            name = self._hints[typed]
            self._hints, self._typed = {}, ""
            self._draw_hints()
            self.select(name)
            self.post_message(self.HintsClosed(self, name))
        else:
            self._typed = typed
            self._draw_hints()

    def find(self, text: str) -> list[str]:
        """Return the nodes and frames that ``text`` is in the name of, and go to the first."""
        self._found = find(self._layout, text) if text else []
        if self._found:
            self.select(self._found[0])
        return list(self._found)

    def find_next(self, step: int = 1) -> bool:
        """Go to the next (or, with -1, the last) of what was found."""
        if not self._found:
            return False
        here = self._found.index(self.selected) if self.selected in self._found else -1 if step > 0 else 0
        return self.select(self._found[(here + step) % len(self._found)])

    # -- scrolling ------------------------------------------------------------------------------

    def follow(self, name: str) -> None:
        """Scroll just so far that ``name`` is in view."""
        rect = self._layout.rect(self._layout.shown(name) or "")
        if rect is None:
            return
        x = _into(rect.x + self._indent, rect.right + self._indent, int(self.scroll_x), self.size.width)
        y = _into(rect.y, rect.bottom, int(self.scroll_y), self.size.height)
        if (x, y) != (int(self.scroll_x), int(self.scroll_y)):
            self.scroll_to(x, y, animate=False, force=True)

    def on_resize(self) -> None:
        """Keep what is looked at in view: a panel beside the canvas may cover it."""
        if self._current is not None:
            self.follow(self._current)

    def center(self, name: str | None = None) -> None:
        """Scroll so that ``name`` (the selection) is in the middle."""
        target = name or self.selected
        rect = self._layout.rect(self._layout.shown(target) or "") if target else None
        if rect:
            x, y = rect.center
            self.scroll_to(
                max(0, x + self._indent - self.size.width // 2), max(0, y - self.size.height // 2), animate=False,
                force=True,
            )  # fmt: skip

    def _place_cursor(self) -> None:
        """Keep the terminal's cursor at the selection, for screen readers and braille displays."""
        rect = self._layout.rect(self.selected or "")
        if rect and self.is_mounted:
            region = self._on_screen(rect)
            self.app.cursor_position = self.content_region.offset + region.offset - self.scroll_offset + Offset(1, 0)

    # -- the mouse ------------------------------------------------------------------------------

    def on_click(self, event: events.Click) -> None:
        """Select what was clicked; activate it on the second click."""
        x, y = event.x + self.scroll_offset.x - self._indent, event.y + self.scroll_offset.y
        node = self._layout.node_at(x, y)
        frame = None if node else self._layout.frame_at(x, y)
        name = node.id if node else frame.id if frame else None
        if name is None:
            return
        event.stop()
        self.select(name, follow=False)
        if event.chain == 2:
            self.post_message(self.NodeActivated(self, name, self.selected_component))

    # -- painting -------------------------------------------------------------------------------

    def notify_style_update(self) -> None:
        """Forget finished strips: the theme or a style changed."""
        super().notify_style_update()
        self._drawn_with = ()

    def render_lines(self, crop: Region) -> list[Strip]:
        """Return finished strips; backgrounds and line filters are applied once, when a row is made.

        The base class would apply them on every repaint, which costs half of each scroll.
        """
        if self.styles.gutter.totals != (0, 0):
            return super().render_lines(crop)
        self._check_styles()
        if self.placeholder and not (self._layout.nodes or self._layout.frames):
            return [self._empty(y, crop.width) for y in range(crop.y, crop.y + crop.height)]
        left = crop.x + self.scroll_offset.x - self._indent
        top = crop.y + self.scroll_offset.y
        self._look_ahead()
        return [self._cropped(y, left, crop.width) for y in range(top, top + crop.height)]

    def _look_ahead(self) -> None:
        """See to it that the rows above and below the view are painted before they are needed."""
        if self._ahead is None and self.is_mounted:
            self._ahead = self.set_timer(AHEAD_DELAY, self._paint_ahead)

    def _paint_ahead(self) -> None:
        self._ahead = None
        height, top = self.size.height, int(self.scroll_y)
        if self._rows.paint([*range(top + height, top + 2 * height), *range(top - 1, top - height, -1)], AHEAD_ROWS):
            self._look_ahead()

    def render_line(self, y: int) -> Strip:
        """Return one row of the view (used where the widget has a border)."""
        self._check_styles()
        return self._cropped(y + self.scroll_offset.y, self.scroll_offset.x - self._indent, self.size.width)

    @property
    def _indent(self) -> int:
        """Blank columns on the left of a drawing narrower than the view."""
        return max(0, (self.size.width - self._layout.width) // 2)

    def _check_styles(self) -> None:
        filters = self.get_line_filters()
        background = self.background_colors[1]
        key = (self.app.theme, background, tuple((id(found), found.enabled) for found in filters))
        if key != self._drawn_with:
            self._drawn_with = key
            styles = {name: self.get_component_rich_style(name) for name in sorted(self.COMPONENT_CLASSES)}
            self._rows.dress(styles, background, [found for found in filters if found.enabled])

    def _empty(self, y: int, width: int) -> Strip:
        text = self.placeholder if y == self.size.height // 2 else ""
        style = self._rows.blank + self.get_component_rich_style("canvas--faint")
        strip = Strip([Segment(set_cell_size(text.center(width), width), style)], width)
        return self._rows.filtered(strip)

    def _cropped(self, y: int, left: int, width: int) -> Strip:
        strip = self._rows.strip(y)
        blank = self._rows.blank
        if left < 0:
            pad = min(-left, width)
            strip = Strip.join([Strip.blank(pad, blank), strip.crop(0, width - pad)])
        else:
            strip = strip.crop(left, left + width)
        return strip.extend_cell_length(width, blank)

    # -- helpers --------------------------------------------------------------------------------

    def _main(self, name: str) -> str:
        """Return the node that a shadow belongs to, or the name itself."""
        node = self._layout.nodes.get(name)
        return node.component if node and node.shadow and node.component else name

    def _corner(self, name: str) -> tuple[int, int]:
        rect = self._layout.rect(name)
        return (rect.y, rect.x) if rect else (0, 0)

    def _on_screen(self, rect: Rect) -> Region:
        return Region(rect.x + self._indent, rect.y, rect.width, rect.height)

    def _rects(self, name: str | None) -> list[Rect]:
        if name is None:
            return []
        rects = [self._layout.rect(part) for part in self._layout.all_shown(name)]
        return [rect for rect in rects if rect is not None]

    def _touch(self, rects: Iterable[Rect]) -> None:
        """Repaint the rows of ``rects``."""
        rows = {y for rect in rects for y in range(rect.y, rect.bottom)}
        self._rows.forget(rows)
        top, bottom = int(self.scroll_y), int(self.scroll_y) + self.size.height
        regions = [Region(0, y - top, self.size.width, 1) for y in sorted(rows) if top <= y < bottom]
        if regions:
            self.refresh(*regions)


def _into(start: int, end: int, scroll: int, size: int) -> int:
    """Return the scroll position nearest to ``scroll`` that shows ``start`` to ``end`` with a margin."""
    if end - start + 2 * MARGIN >= size:
        return max(0, start - MARGIN)
    if start - MARGIN < scroll:
        return max(0, start - MARGIN)
    if end + MARGIN > scroll + size:
        return end + MARGIN - size
    return scroll
