"""The working structure of a layout: grids in grids, corridors between their cells.

A grid has rows and columns of cells; a cell holds one item, a leaf or another grid. Between the rows
and around them run horizontal corridors, between the columns and around them vertical ones: edges run
there and nowhere else, so they meet neither nodes nor frames they have no business with. Corridors
take the room that their tracks need.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from archtui.layout.depict import FrameKind
from archtui.layout.geometry import Rect, Side

FEW_TRACKS = 6
LOOSE_GAP = 2
"""Cells between two things on a border."""


class Line:
    """A horizontal or vertical line that an edge follows: its one coordinate, known once all is placed."""

    __slots__ = ("at", "high", "low", "toward", "track", "uses", "vertical")

    def __init__(self, vertical: bool) -> None:
        self.vertical = vertical
        self.at = 0
        self.low = 0
        self.high = 0
        self.track = 0
        self.toward = 0
        self.uses = 0


class Corridor:
    """Room for edges between two rows or columns of a grid."""

    __slots__ = ("lines", "middle", "minimum", "position", "size", "vertical")

    def __init__(self, vertical: bool, minimum: int) -> None:
        self.vertical = vertical
        self.minimum = minimum
        self.size = minimum
        self.position = 0
        self.middle = 0
        """The coordinate in the middle of it."""
        self.lines: dict[int, Line] = {}

    def line(self, net: int) -> Line:
        """Return the line of ``net`` in this corridor."""
        found = self.lines.get(net)
        if found is None:
            found = self.lines[net] = Line(self.vertical)
            self.size = max(self.size, 1)
        return found

    def pitch(self, tracks: int) -> int:
        """Return the cells from one of so many tracks to the next: upright ones stand apart while they are few."""
        return 2 if self.vertical and tracks <= FEW_TRACKS else 1

    def put_at(self, position: int) -> int:
        """Place it; return the coordinate behind it."""
        self.position = position
        self.middle = position + max(0, self.size - 1) // 2
        return position + self.size


class Item:
    """Something placed: a leaf or a grid. ``row`` -1 is the top border of its grid, ``rows`` the bottom border."""

    __slots__ = ("column", "height", "id", "parent", "ports", "row", "width", "x", "y")

    def __init__(self, name: str) -> None:
        self.id = name
        self.parent: Grid | None = None
        self.row = 0
        self.column = 0
        self.x = 0
        self.y = 0
        self.width = 1
        self.height = 1
        self.ports: dict[Side, dict[int, Line]] = {}

    def port(self, side: Side, net: int) -> Line:
        """Return the line through which ``net`` leaves on ``side``."""
        lines = self.ports.setdefault(side, {})
        found = lines.get(net)
        if found is None:
            found = lines[net] = Line(side in ("top", "bottom"))
        return found

    @property
    def rect(self) -> Rect:
        """Where it stands."""
        return Rect(self.x, self.y, self.width, self.height)


@dataclass(frozen=True, slots=True)
class Look:
    """What a leaf shows."""

    component: str | None
    kind: str
    glyph: str
    label: str
    full_label: str
    shadow: bool = False
    folded: int = 0
    boxed: bool = False


class Leaf(Item):
    """A node, or (``look`` None) the gate of one net through a border that carries nodes."""

    __slots__ = ("beside", "look", "rank", "wish")

    def __init__(self, name: str, look: Look | None, width: int, height: int) -> None:
        super().__init__(name)
        self.look = look
        self.width = width
        self.height = height
        self.wish: tuple[int, int] = (0, 0)
        """On a border: the column it would like to stand over, and where its net comes from."""
        self.beside: Item | None = None
        """On a border: the other one it belongs to."""
        self.rank = 0
        """On a border: who chooses first."""


@dataclass(frozen=True, slots=True)
class Caption:
    """What a frame is called."""

    id: str
    kind: FrameKind
    component: str | None
    target: str | None
    title: str


Align = Literal["fill", "center", "start"]


@dataclass(slots=True)
class _Tracks:
    widths: list[int] = field(default_factory=list)
    heights: list[int] = field(default_factory=list)
    columns: list[int] = field(default_factory=list)
    rows: list[int] = field(default_factory=list)


class Grid(Item):
    """Items in rows and columns, with corridors; framed where it has a caption."""

    __slots__ = (
        "_tracks",
        "align",
        "bottom",
        "caption",
        "cells",
        "center",
        "columns",
        "gap",
        "h",
        "items_by_column",
        "items_by_row",
        "minimum_width",
        "rows",
        "top",
        "v",
        "zones",
    )

    def __init__(self, name: str, caption: Caption | None = None, align: Align = "start") -> None:
        super().__init__(name)
        self.caption = caption
        self.align: Align = align
        self.cells: dict[tuple[int, int], Item] = {}
        self.top: list[Leaf] = []
        self.bottom: list[Leaf] = []
        self.zones: dict[int, Caption] = {}
        self.rows = 0
        self.columns = 0
        self.gap = (0, 0, 0, 0)
        """Least sizes of corridors: horizontal outer and inner, vertical outer and inner."""
        self.center = align == "center"
        """Whether what is in it stands in the middle."""
        self.minimum_width = 0
        self.h: list[Corridor] = []
        self.v: list[Corridor] = []
        self.items_by_row: dict[int, list[int]] = {}
        self.items_by_column: dict[int, list[int]] = {}
        self._tracks = _Tracks()

    def put(self, item: Item, row: int, column: int) -> None:
        """Place ``item`` in a cell."""
        self.cells[row, column] = item
        item.parent, item.row, item.column = self, row, column
        self.rows = max(self.rows, row + 1)
        self.columns = max(self.columns, column + 1)

    def put_on_border(self, leaf: Leaf, side: Literal["top", "bottom"]) -> None:
        """Place ``leaf`` on the top or bottom border."""
        leaf.parent = self
        leaf.row = -1 if side == "top" else self.rows
        (self.top if side == "top" else self.bottom).append(leaf)

    def seal(self) -> None:
        """Make the corridors; the cells are complete."""
        outer_h, inner_h, outer_v, inner_v = self.gap
        self.h = [Corridor(False, inner_h if 0 < i < self.rows else outer_h) for i in range(self.rows + 1)]
        self.v = [Corridor(True, inner_v if 0 < i < self.columns else outer_v) for i in range(self.columns + 1)]
        for row, column in self.cells:
            self.items_by_row.setdefault(row, []).append(column)
            self.items_by_column.setdefault(column, []).append(row)
        for leaf in self.bottom:
            leaf.row = self.rows

    def clear(self, row: int, column: int, side: Side) -> bool:
        """Say whether nothing stands between the cell and that side of the grid."""
        if side in ("left", "right"):
            columns = self.items_by_row.get(row, ())
            return not any(c < column for c in columns) if side == "left" else not any(c > column for c in columns)
        if (side == "top" and self.top) or (side == "bottom" and self.bottom):
            return False
        rows = self.items_by_column.get(column, ())
        return not any(r < row for r in rows) if side == "top" else not any(r > row for r in rows)

    # -- sizes and positions --------------------------------------------------------------------

    @property
    def _border(self) -> int:
        return 1 if self.caption else 0

    def measure(self) -> None:
        """Work out the size from the inside out."""
        widths, heights = [0] * self.columns, [0] * self.rows
        for (row, column), item in self.cells.items():
            if isinstance(item, Grid):
                item.measure()
            extra = 4 if column in self.zones else 0
            widths[column] = max(widths[column], item.width + extra)
            heights[row] = max(heights[row], item.height)
        self._tracks.widths, self._tracks.heights = widths, heights
        width = sum(widths) + sum(c.size for c in self.v) + 2 * self._border
        for border in (self.top, self.bottom):
            width = max(width, sum(leaf.width + LOOSE_GAP for leaf in border) + LOOSE_GAP + 2 * self._border)
        self.width = max(width, self.minimum_width)
        self.height = sum(heights) + sum(c.size for c in self.h) + 2 * self._border + 2 * bool(self.zones)
        if not self.caption:
            self.height += bool(self.top) + bool(self.bottom)

    def place(self, x: int, y: int) -> None:
        """Place everything inside, with the upper left corner at (x, y)."""
        self.x, self.y = x, y
        tracks = self._tracks
        spare = self.width - 2 * self._border - sum(tracks.widths) - sum(c.size for c in self.v)
        cursor = x + self._border
        if self.center:
            cursor += spare // 2
        tracks.columns = []
        for column in range(self.columns):
            cursor = self.v[column].put_at(cursor)
            tracks.columns.append(cursor)
            cursor += tracks.widths[column]
        self.v[self.columns].put_at(cursor)
        cursor = y + (1 if self.caption or self.top else 0)
        tracks.rows = []
        for row in range(self.rows):
            cursor = self.h[row].put_at(cursor)
            if row == 0 and self.zones:
                cursor += 1
            tracks.rows.append(cursor)
            cursor += tracks.heights[row]
        if self.zones:
            cursor += 1
        self.h[self.rows].put_at(cursor)
        for (row, column), item in self.cells.items():
            self._place_item(item, row, column)
        top, bottom = y, y + self.height - 1
        for leaf in self.top:
            leaf.y = top
        for leaf in self.bottom:
            leaf.y = bottom

    def _place_item(self, item: Item, row: int, column: int) -> None:
        left, width = self.cell_span(column)
        upper, height = self._tracks.rows[row], self._tracks.heights[row]
        if isinstance(item, Grid):
            if item.align == "fill":
                item.width, item.height = width, height
                item.place(left, upper)
            elif item.align == "center":
                item.place(left + (width - item.width) // 2, upper + max(0, (height - item.height) // 2))
            else:
                item.place(left, upper)
        else:
            item.x = left + ((width - item.width) // 2 if self.center else 0)
            item.y = upper + (height - item.height) // 2

    def cell_span(self, column: int) -> tuple[int, int]:
        """Return the first cell and the width of what a column has for its items."""
        left, width = self._tracks.columns[column], self._tracks.widths[column]
        return (left + 2, width - 4) if column in self.zones else (left, width)

    def zone_rect(self, column: int) -> Rect:
        """Return the rectangle of the zone frame around a column."""
        first, last = self._tracks.rows[0] - 1, self._tracks.rows[-1] + self._tracks.heights[-1]
        return Rect(self._tracks.columns[column], first, self._tracks.widths[column], last - first + 1)

    def settle_borders(self) -> None:
        """Give the things on the borders their columns: over what they belong to, never on each other."""
        for border in (self.top, self.bottom):
            if border:
                _settle(border, self.x + self._border + LOOSE_GAP, self.x + self.width - self._border - LOOSE_GAP)

    def grids(self) -> Iterator[Grid]:
        """Yield this grid and all in it, parents first."""
        stack: list[Grid] = [self]
        while stack:
            grid = stack.pop()
            yield grid
            stack.extend(reversed([item for item in grid.cells.values() if isinstance(item, Grid)]))


def _settle(border: list[Leaf], low: int, high: int) -> None:
    """Place each leaf as near to its wish as is free: nodes before gates, those sure of a wish before the rest."""
    taken: list[tuple[int, int]] = []
    for _, leaf in sorted(enumerate(border), key=lambda pair: (pair[1].look is None, pair[1].rank, pair[0])):
        x = _nearest(taken, leaf, low, high)
        if x is None:
            _in_order(border, low)
            return
        leaf.x = x
        insort(taken, (x, x + leaf.width))


def _nearest(taken: list[tuple[int, int]], leaf: Leaf, low: int, high: int) -> int | None:
    """Return the free column nearest to the wish; of two equally near, the one towards where its net comes from."""
    gap = LOOSE_GAP if leaf.look else 1
    ideal = (leaf.beside.x - gap if leaf.beside else leaf.wish[0] + leaf.width // 2 + 1) - leaf.width
    best: tuple[int, int, int] | None = None
    cursor = low
    for start, end in [*taken, (high + gap, high + gap)]:
        last = start - gap - leaf.width
        if last >= cursor:
            x = max(cursor, min(ideal, last))
            option = (abs(x - ideal), abs(x - leaf.wish[1]), x)
            best = min(best, option) if best else option
        cursor = max(cursor, end + gap)
    return best[2] if best else None


def _in_order(border: list[Leaf], low: int) -> None:
    cursor = low
    for leaf in sorted(border, key=lambda found: found.wish):
        leaf.x = cursor
        cursor += leaf.width + LOOSE_GAP
