"""A layout as rows of text with owners: what a canvas colours and a text export prints."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
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
    __slots__ = ("arms", "edges", "frame", "head", "nets", "style")

    def __init__(self) -> None:
        self.frame: tuple[str, tuple[int, int, int, int], dict[str, str], bool] | None = None
        self.arms: dict[int, list[int]] = {}
        self.edges: list[int] = []
        self.head = ""
        self.style: dict[str, str] = {}


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

    def _paint(self, y: int) -> tuple[Run, ...]:
        layout = self.layout
        cells: dict[int, _Cell] = {}
        for frame in layout.frames_in_rows(y, y + 1):
            _paint_frame(cells, frame, y)
        for index in layout.routes_in_rows(y, y + 1):
            _paint_route(cells, layout.routes[index], index, y)
        fixed: list[tuple[int, int, Run]] = []
        for frame in layout.frames_in_rows(y, y + 1):
            if frame.rect.y == y and frame.title:
                text = self._text(frame.title)
                fixed.append((frame.title_x, cell_len(text), Run(text, "title", frame.id)))
        for node in layout.nodes_in_rows(y, y + 1):
            text = self._text(_node_row(node, y - node.rect.y))
            fixed.append((node.rect.x, node.rect.width, Run(text, "node", node.id)))
        fixed.sort(key=lambda item: item[0])
        runs: list[Run] = []
        cursor = 0
        for x, width, run in fixed:
            self._between(runs, cells, cursor, x)
            runs.append(run)
            cursor = x + width
        self._between(runs, cells, cursor, layout.width)
        return tuple(runs)

    def _text(self, text: str) -> str:
        return glyphs.to_ascii(text) if self.ascii_only else text

    def _between(self, runs: list[Run], cells: dict[int, _Cell], start: int, end: int) -> None:
        text = ""
        key: tuple[Owner, str, tuple[int, ...]] = ("", "", ())
        for x in range(start, end):
            cell = cells.get(x)
            character, found = _cell_of(cell) if cell else (" ", ("", "", ()))
            if found != key and text:
                runs.append(Run(self._text(text), *key))
                text = ""
            key = found
            text += character
        if text:
            runs.append(Run(self._text(text), *key))


def _paint_frame(cells: dict[int, _Cell], frame: Frame, y: int) -> None:
    rect = frame.rect
    weight = glyphs.FRAME_WEIGHT[frame.kind]
    dashes = glyphs.FRAME_DASHES.get(frame.kind, {})
    rounded = frame.kind in glyphs.ROUND_FRAMES
    top, bottom = y == rect.y, y == rect.bottom - 1
    if not top and not bottom:
        sides = (weight, 0, weight, 0)
        for x in (rect.x, rect.right - 1):
            cells.setdefault(x, _Cell()).frame = (frame.id, sides, dashes, rounded)
        return
    up, down = (0, weight) if top else (weight, 0)
    for x in range(rect.x, rect.right):
        if x == rect.x:
            arms = (up, weight, down, 0)
        elif x == rect.right - 1:
            arms = (up, 0, down, weight)
        else:
            arms = (0, weight, 0, weight)
        cells.setdefault(x, _Cell()).frame = (frame.id, arms, dashes, rounded)


def _paint_route(cells: dict[int, _Cell], route: Route, index: int, y: int) -> None:
    weight = glyphs.EDGE_WEIGHT.get(route.style, 1)
    dashes = glyphs.EDGE_DASHES.get(route.style, {})
    points = route.points
    for (ax, ay), (bx, by) in pairwise(points):
        if ay == by == y:
            low, high = min(ax, bx), max(ax, bx)
            for x in range(low, high + 1):
                if x < high:
                    _arm(cells, x, route.net, index, dashes, 1, weight)
                if x > low:
                    _arm(cells, x, route.net, index, dashes, 3, weight)
        elif ax == bx and min(ay, by) <= y <= max(ay, by):
            if y > min(ay, by):
                _arm(cells, ax, route.net, index, dashes, 0, weight)
            if y < max(ay, by):
                _arm(cells, ax, route.net, index, dashes, 2, weight)
    for point, side, ending in ((points[0], route.sides[0], False), (points[-1], route.sides[1], True)):
        if point[1] == y:
            _arm(cells, point[0], route.net, index, dashes, _TOUCH[side], weight)
            if ending and not route.both:
                cells[point[0]].head = _HEAD[side]


def _arm(cells: dict[int, _Cell], x: int, net: int, index: int, dashes: dict[str, str], arm: int, weight: int) -> None:
    cell = cells.setdefault(x, _Cell())
    if index not in cell.edges:
        cell.edges.append(index)
    cell.arms.setdefault(net, [0, 0, 0, 0])[arm] = weight
    cell.style = dashes


def _cell_of(cell: _Cell) -> tuple[str, tuple[Owner, str, tuple[int, ...]]]:
    if not cell.edges:
        assert cell.frame is not None
        name, arms, dashes, rounded = cell.frame
        character = glyphs.ROUND.get(arms, "") if rounded else ""
        character = character or glyphs.glyph(*arms)
        return dashes.get(character, character), ("frame", name, ())
    key: tuple[Owner, str, tuple[int, ...]] = ("edge", "", tuple(cell.edges))
    if cell.head:
        return cell.head, key
    nets = list(cell.arms.values())
    if len(nets) == 2 and _crossing(nets[0], nets[1]):
        upright = nets[0] if nets[0][0] else nets[1]
        character = glyphs.glyph(*upright)
        return cell.style.get(character, character), key
    merged = [max(arms[index] for arms in nets) for index in range(4)]
    plain = (merged[0], merged[1], merged[2], merged[3])
    if cell.frame:
        arms = cell.frame[1]
        joined = tuple(max(a, b) for a, b in zip(plain, arms, strict=True))
        return glyphs.glyph(joined[0], joined[1], joined[2], joined[3]), key
    character = glyphs.ROUND.get(plain) or glyphs.glyph(*plain)
    return cell.style.get(character, character), key


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
