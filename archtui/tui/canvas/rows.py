"""Finished rows of a layout: styled, marked, filtered, kept until something on them changes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.filter import LineFilter
from textual.strip import Strip

from archtui.layout.depict import EdgeStyle
from archtui.layout.paint import Painter, Run
from archtui.layout.result import Layout, NodeBox
from archtui.tui.canvas.badges import Badge, Overlay, badge_overlays

SELECTED_BOX = str.maketrans("╭─╮│╰╯", "╔═╗║╚╝")
EDGE_CLASSES: dict[EdgeStyle, str] = {
    "dns": "dns",
    "link": "link",
    "event": "event",
    "replica": "link",
    "peer": "peer",
    "route": "faint",
    "uses": "faint",
    "member": "faint",
}
"""The component class of each style of edge; ``edge`` for the rest."""


class Rows:
    """Makes the strips of one layout and keeps them."""

    def __init__(self, layout: Layout, ascii_only: bool) -> None:
        self.layout = layout
        self.ascii_only = ascii_only
        self.selected: str | None = None
        self.hints: dict[int, list[Overlay]] = {}
        self.blank = Style()
        self._painter = Painter(layout, ascii_only)
        self._badges: Mapping[str, Badge] = {}
        self._badge_rows: dict[int, list[Overlay]] = {}
        self._path: frozenset[str] | None = None
        self._lit: frozenset[int] = frozenset()
        self._current: str | None = None
        self._styles: Mapping[str, Style] = {}
        self._background = Color(0, 0, 0)
        self._filters: Sequence[LineFilter] = ()
        self._strips: dict[int, Strip] = {}

    def dress(self, styles: Mapping[str, Style], background: Color, filters: Sequence[LineFilter]) -> None:
        """Use these component styles, background and line filters from now on."""
        self._styles, self._background, self._filters = styles, background, filters
        self.blank = Style(bgcolor=background.rich_color)
        self._strips.clear()

    def mark(self, badges: Mapping[str, Badge]) -> None:
        """Show these badges; the caller says which rows are to be made again."""
        self._badges = badges
        self._badge_rows = badge_overlays(self.layout, badges)

    def light(self, path: Sequence[str] | None, current: str | None) -> None:
        """Light the components of ``path`` and the edges between neighbours on it; None lights all alike."""
        self._strips.clear()
        if path is None:
            self._path, self._lit, self._current = None, frozenset(), None
            return
        layout = self.layout
        shown = [name for name in (layout.shown(part) for part in path) if name is not None]
        pairs = {frozenset(pair) for pair in pairwise(shown)}
        near = {index for name in shown for index in layout.routes_of.get(name, ())}
        self._path = frozenset(shown)
        self._lit = frozenset(i for i in near if frozenset((layout.routes[i].source, layout.routes[i].target)) in pairs)
        self._current = layout.shown(current) if current else None

    def stand(self, current: str | None) -> tuple[NodeBox, ...]:
        """Mark another component of the path as the one looked at; return the nodes that look different now."""
        before, self._current = self._current, self.layout.shown(current) if current else None
        changed = {before, self._current} if before != self._current else set()
        return tuple(self.layout.nodes[name] for name in sorted(filter(None, changed)) if name in self.layout.nodes)

    def forget(self, rows: Iterable[int]) -> None:
        """Make these rows again when they are next asked for."""
        for y in rows:
            self._strips.pop(y, None)

    def paint(self, rows: Iterable[int], most: int) -> bool:
        """Paint at most ``most`` of ``rows`` that are not painted yet; say whether there was one."""
        missing = [y for y in rows if 0 <= y < self.layout.height and not self._painter.painted(y)]
        for y in missing[:most]:
            self._painter.row(y)
        return bool(missing)

    def strip(self, y: int) -> Strip:
        """Return row ``y`` over the layout's whole width; an empty strip outside the layout."""
        found = self._strips.get(y)
        if found is None:
            found = self._strips[y] = self._made(y)
        return found

    def filtered(self, strip: Strip) -> Strip:
        """Return the strip as the app's line filters (NO_COLOR, ANSI colours) want it."""
        for found in self._filters:
            strip = strip.apply_filter(found, self._background)
        return strip

    def _made(self, y: int) -> Strip:
        if not 0 <= y < self.layout.height:
            return Strip([], 0)
        width = self.layout.width
        strip = Strip([self._segment(run, y) for run in self._painter.row(y)], width)
        for overlay in (*self._badge_rows.get(y, ()), *self.hints.get(y, ())):
            style = self.blank + self._styles[overlay.style]
            end = overlay.x + cell_len(overlay.text)
            piece = Strip([Segment(overlay.text, style)])
            strip = Strip.join([strip.crop(0, overlay.x), piece, strip.crop(end, width)])
        return self.filtered(strip)

    def _segment(self, run: Run, y: int) -> Segment:
        style = self.blank
        for name in self._names(run):
            style += self._styles[f"canvas--{name}"]
        text = self._selected_text(run, y) if run.id and run.id == self.selected else run.text
        return Segment(text, style)

    def _names(self, run: Run) -> list[str]:
        """Return the component classes of a run, the stronger last."""
        if run.owner == "":
            return []
        if run.owner == "edge":
            if self._path is not None:
                return ["path"] if any(index in self._lit for index in run.edges) else ["dim"]
            return [EDGE_CLASSES.get(self.layout.routes[run.edges[-1]].style, "edge")]
        if run.owner == "node":
            node = self.layout.nodes[run.id]
            names = ["shadow" if node.shadow else "folded" if node.folded else "node"]
            mark = self._badges.get(node.component or node.id)
            if mark and mark.level in ("error", "warning"):
                names.append(mark.level)
            stand = node.component or node.id
        else:
            names = [self.layout.frames[run.id].kind]
            stand = run.id
        if self._path is not None:
            lit = stand in self._path or run.id in self._path
            if not lit:
                names.append("dim")
            elif run.owner != "frame":
                names.append("current" if run.id == self._current else "path")
        if run.id == self.selected:
            names.append("selected")
        return names

    def _selected_text(self, run: Run, y: int) -> str:
        """Return the text of the selection: in brackets or a double border, for those who see no colour."""
        if run.owner == "frame":
            return run.text
        node = self.layout.nodes.get(run.id)
        if node and node.boxed:
            if not self.ascii_only:
                return run.text.translate(SELECTED_BOX)
            inside = node.rect.y < y < node.rect.bottom - 1
            return f"[{run.text[1:-1]}]" if inside else "=" * len(run.text)
        return f"[{run.text[1:-1]}]" if len(run.text) > 2 else run.text
