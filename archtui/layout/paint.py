"""A layout as rows of text with owners: what a canvas colours and a text export prints."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import Literal

from rich.cells import cell_len

from archtui.layout import glyphs
from archtui.layout.geometry import Side
from archtui.layout.result import Frame, Layout, NodeBox, Route

Owner = Literal["", "frame", "title", "node", "edge"]


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of a row with one owner; ``edges`` are the routes that share its cells."""

    text: str
    owner: Owner = ""
    id: str = ""
    edges: tuple[int, ...] = ()


_TOUCH: dict[Side, int] = {"top": 2, "right": 3, "bottom": 0, "left": 1}
"""The arm that touches a node, for a line beside that side of it."""
_HEAD: dict[Side, str] = {"top": "▼", "right": "◀", "bottom": "▲", "left": "▶"}


class _Cell:
    """A cell that edges pass."""

    __slots__ = ("arms", "dashes", "edges", "head")

    def __init__(self) -> None:
        self.arms: dict[int, list[int]] = {}
        self.edges: list[int] = []
        self.head = ""
        self.dashes: dict[str, str] = {}


class Painter:
    """Paints single rows on demand and keeps them; a layout never changes."""

    def __init__(self, layout: Layout, ascii_only: bool = False) -> None:
        self.layout = layout
        self.ascii_only = ascii_only
        self._rows: dict[int, tuple[Run, ...]] = {}

    def row(self, y: int) -> tuple[Run, ...]:
        """Return row ``y`` as runs that add up to the layout's width."""
        found = self._rows.get(y)
        if found is None:
            found = self._rows[y] = self._paint(y)
        return found

    def painted(self, y: int) -> bool:
        """Say whether row ``y`` has been painted already."""
        return y in self._rows

    def _paint(self, y: int) -> tuple[Run, ...]:
        layout = self.layout
        frames = list(layout.frames_in_rows(y, y + 1))
        characters = [" "] * layout.width
        owners: list[Frame | None] = [None] * layout.width
        for frame in frames:
            _paint_frame(characters, owners, frame, y)
        cells: dict[int, _Cell] = {}
        for index in layout.routes_in_rows(y, y + 1):
            _paint_route(cells, layout.routes[index], index, y)
        pieces: list[tuple[int, int, Run]] = []
        for frame in frames:
            if frame.rect.y == y and frame.title:
                pieces.append((frame.title_x, cell_len(frame.title), Run(self._text(frame.title), "title", frame.id)))
        for node in layout.nodes_in_rows(y, y + 1):
            text = self._text(_node_row(node, y - node.rect.y))
            pieces.append((node.rect.x, node.rect.width, Run(text, "node", node.id)))
        for x, cell in cells.items():
            character = _crossed(cell, owners[x], x, y)
            pieces.append((x, 1, Run(self._text(character), "edge", "", tuple(cell.edges))))
        pieces.sort(key=lambda piece: piece[0])
        runs: list[Run] = []
        cursor = 0
        for x, width, run in pieces:
            if x > cursor:
                self._between(runs, characters, owners, cursor, x)
            last = runs[-1] if runs else None
            if run.owner == "edge" and last and last.edges == run.edges:
                runs[-1] = Run(last.text + run.text, "edge", "", run.edges)
            else:
                runs.append(run)
            cursor = x + width
        self._between(runs, characters, owners, cursor, layout.width)
        return tuple(runs)

    def _text(self, text: str) -> str:
        return glyphs.to_ascii(text) if self.ascii_only else text

    def _between(
        self, runs: list[Run], characters: list[str], owners: list[Frame | None], start: int, end: int
    ) -> None:
        """Add what frames and blanks show from ``start`` to ``end``."""
        cursor = start
        for owner, group in groupby(owners[start:end]):
            stop = cursor + sum(1 for _ in group)
            text = self._text("".join(characters[cursor:stop]))
            runs.append(Run(text, "frame", owner.id) if owner else Run(text))
            cursor = stop


def _paint_frame(characters: list[str], owners: list[Frame | None], frame: Frame, y: int) -> None:
    rect = frame.rect
    last = rect.right - 1
    dashes = glyphs.FRAME_DASHES.get(frame.kind, {})
    if y in (rect.y, rect.bottom - 1):
        owners[rect.x : rect.right] = [frame] * rect.width
        if rect.width > 2:
            character = glyphs.glyph(*_frame_arms(frame, rect.x + 1, y))
            characters[rect.x + 1 : last] = [dashes.get(character, character)] * (rect.width - 2)
    for x in (rect.x, last):
        arms = _frame_arms(frame, x, y)
        character = (glyphs.ROUND.get(arms) if frame.kind in glyphs.ROUND_FRAMES else None) or glyphs.glyph(*arms)
        characters[x] = dashes.get(character, character)
        owners[x] = frame


def _frame_arms(frame: Frame, x: int, y: int) -> glyphs.Arms:
    """Return the arms of a frame's border in a cell that is on it."""
    rect = frame.rect
    weight = glyphs.FRAME_WEIGHT[frame.kind]
    top, bottom, left, right = y == rect.y, y == rect.bottom - 1, x == rect.x, x == rect.right - 1
    upright, level = left or right, top or bottom
    return (
        weight * (upright and not top),
        weight * (level and not right),
        weight * (upright and not bottom),
        weight * (level and not left),
    )


def _paint_route(cells: dict[int, _Cell], route: Route, index: int, y: int) -> None:
    weight = glyphs.EDGE_WEIGHT.get(route.style, 1)
    dashes = glyphs.EDGE_DASHES.get(route.style, {})
    net, points = route.net, route.points
    for (ax, ay), (bx, by) in pairwise(points):
        if ay == by:
            if ay == y:
                low, high = (ax, bx) if ax < bx else (bx, ax)
                for x in range(low, high + 1):
                    arms = _arms(cells, x, net, index, dashes)
                    if x < high:
                        arms[1] = weight
                    if x > low:
                        arms[3] = weight
        elif (ay <= y <= by) or (by <= y <= ay):
            arms = _arms(cells, ax, net, index, dashes)
            if y != min(ay, by):
                arms[0] = weight
            if y != max(ay, by):
                arms[2] = weight
    for point, side, ending in ((points[0], route.sides[0], False), (points[-1], route.sides[1], True)):
        if point[1] == y:
            _arms(cells, point[0], net, index, dashes)[_TOUCH[side]] = weight
            if ending and not route.both:
                cells[point[0]].head = _HEAD[side]


def _arms(cells: dict[int, _Cell], x: int, net: int, index: int, dashes: dict[str, str]) -> list[int]:
    """Return the arms of a net in a cell, to be added to."""
    cell = cells.get(x)
    if cell is None:
        cell = cells[x] = _Cell()
    if not cell.edges or cell.edges[-1] != index:
        cell.edges.append(index)
    cell.dashes = dashes
    arms = cell.arms.get(net)
    if arms is None:
        arms = cell.arms[net] = [0, 0, 0, 0]
    return arms


def _crossed(cell: _Cell, frame: Frame | None, x: int, y: int) -> str:
    """Return the character of a cell that edges pass, over a frame's border perhaps."""
    if cell.head:
        return cell.head
    nets = list(cell.arms.values())
    if len(nets) == 2 and _crossing(nets[0], nets[1]):
        upright = nets[0] if nets[0][0] else nets[1]
        character = glyphs.glyph(*upright)
        return cell.dashes.get(character, character)
    up, right, down, left = nets[0]
    for arms in nets[1:]:
        up, right, down, left = max(up, arms[0]), max(right, arms[1]), max(down, arms[2]), max(left, arms[3])
    if frame:
        a, b, c, d = _frame_arms(frame, x, y)
        return glyphs.glyph(max(up, a), max(right, b), max(down, c), max(left, d))
    plain = (up, right, down, left)
    character = glyphs.ROUND.get(plain) or glyphs.glyph(*plain)
    return cell.dashes.get(character, character)


def _crossing(a: list[int], b: list[int]) -> bool:
    """Say whether two nets pass straight over each other."""
    shapes = {tuple(bool(arm) for arm in net) for net in (a, b)}
    return shapes == {(True, False, True, False), (False, True, False, True)}


def _node_row(node: NodeBox, row: int) -> str:
    width = node.rect.width
    text = f"{node.glyph} {node.label}"
    text = f"({text})" if node.shadow else f" {text} "
    if not node.boxed:
        return text + " " * (width - cell_len(text))
    if row == 1:
        return f"│{text}{' ' * (width - 2 - cell_len(text))}│"
    left, right = ("╭", "╮") if row == 0 else ("╰", "╯")
    return f"{left}{'─' * (width - 2)}{right}"


def text_of(layout: Layout, ascii_only: bool = False) -> str:
    """Return the whole drawing as text, without trailing blanks."""
    painter = Painter(layout, ascii_only)
    rows = ("".join(run.text for run in painter.row(y)).rstrip() for y in range(layout.height))
    return "\n".join(rows) + "\n"
