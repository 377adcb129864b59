"""From placed grids and settled lines to the finished layout."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from itertools import pairwise

from rich.cells import cell_len

from archtui.layout.geometry import Point, Rect, Side
from archtui.layout.grid import Caption, Grid, Item, Leaf
from archtui.layout.plan import Plan, fit
from archtui.layout.result import Frame, Layout, NodeBox, Route
from archtui.layout.route import Path, Wires

LEAST_TITLE = 4


def finish(plan: Plan, wires: Wires) -> Layout:
    """Return the layout."""
    root = plan.root
    routes = tuple(_route(path) for path in wires.paths)
    boxes: list[tuple[Caption, Rect, str | None, int]] = []
    nodes: dict[str, NodeBox] = {}
    _collect(root, None, 0, boxes, nodes)
    titles = _Titles(boxes, nodes, routes)
    frames = {caption.id: titles.frame(caption, rect, parent, depth) for caption, rect, parent, depth in boxes}
    return Layout(root.width, root.height, frames, nodes, routes, dict(plan.stands))


def _collect(
    grid: Grid,
    frame: str | None,
    depth: int,
    boxes: list[tuple[Caption, Rect, str | None, int]],
    nodes: dict[str, NodeBox],
) -> None:
    if grid.caption:
        boxes.append((grid.caption, grid.rect, frame, depth))
        frame, depth = grid.caption.id, depth + 1
    for column, caption in grid.zones.items():
        boxes.append((caption, grid.zone_rect(column), frame, depth))
    for leaf in grid.top:
        _node(leaf, frame, 0, nodes)
    for (_, column), item in grid.cells.items():
        zone = grid.zones.get(column)
        inside, level = (zone.id, depth + 1) if zone else (frame, depth)
        if isinstance(item, Grid):
            _collect(item, inside, level, boxes, nodes)
        elif isinstance(item, Leaf):
            start, width = grid.cell_span(column)
            beyond = grid.v[column + 1].size if column + 1 < grid.columns else 0
            if grid.caption and column + 1 == grid.columns:
                start, width = start, grid.x + grid.width - 1 - start
            _node(item, inside, start + width + beyond - item.x - item.width, nodes)
    for leaf in grid.bottom:
        _node(leaf, frame, 0, nodes)


def _node(leaf: Leaf, frame: str | None, slack: int, nodes: dict[str, NodeBox]) -> None:
    look = leaf.look
    if look is not None:
        nodes[leaf.id] = NodeBox(
            leaf.id, look.component, look.kind, look.glyph, look.label, look.full_label, leaf.rect, frame or "",
            max(0, slack), look.shadow, look.folded, look.boxed,
        )  # fmt: skip


def _route(path: Path) -> Route:
    lines = path.lines
    assert path.ports is not None
    first, last = path.ports
    points: list[Point] = [_foot(first.item, first.side, lines[0].at)]
    for one, two in pairwise(lines):
        points.append((one.at, two.at) if one.vertical else (two.at, one.at))
    points.append(_foot(last.item, last.side, lines[-1].at))
    return Route(
        path.source, path.target, path.style, _simplified(points), (first.side, last.side), path.net, path.count,
        both=path.style in ("peer", "member"),
    )  # fmt: skip


def _foot(item: Item, side: Side, at: int) -> Point:
    """Return the cell beside the item where a line begins."""
    if side == "left":
        return item.x - 1, at
    if side == "right":
        return item.x + item.width, at
    return (at, item.y - 1) if side == "top" else (at, item.y + item.height)


def _simplified(points: list[Point]) -> tuple[Point, ...]:
    found: list[Point] = []
    for point in points:
        if found and found[-1] == point:
            continue
        while len(found) >= 2 and _in_line(found[-2], found[-1], point):
            found.pop()
        if not found or found[-1] != point:
            found.append(point)
    return tuple(found)


def _in_line(a: Point, b: Point, c: Point) -> bool:
    return (a[0] == b[0] == c[0]) or (a[1] == b[1] == c[1])


class _Titles:
    """Finds room for titles on top borders, between what crosses them."""

    def __init__(
        self,
        boxes: list[tuple[Caption, Rect, str | None, int]],
        nodes: dict[str, NodeBox],
        routes: tuple[Route, ...],
    ) -> None:
        rows = sorted({rect.y for _, rect, _, _ in boxes})
        taken: dict[int, list[tuple[int, int]]] = {row: [] for row in rows}
        for route in routes:
            for (ax, ay), (bx, by) in zip(route.points, route.points[1:] or route.points, strict=False):
                low, high = min(ay, by), max(ay, by)
                for index in range(bisect_left(rows, low), bisect_right(rows, high)):
                    taken[rows[index]].append((min(ax, bx), max(ax, bx)))
        for node in nodes.values():
            for index in range(bisect_left(rows, node.rect.y), bisect_right(rows, node.rect.bottom - 1)):
                taken[rows[index]].append((node.rect.x, node.rect.right - 1))
        for spans in taken.values():
            spans.sort()
        self._taken = taken

    def frame(self, caption: Caption, rect: Rect, parent: str | None, depth: int) -> Frame:
        parts = [part for part in caption.title.split("|") if part]
        low, high = rect.x + 2, rect.right - 2
        gaps: list[tuple[int, int]] = []
        spans = self._taken[rect.y]
        cursor = low
        start = bisect_left(spans, (low - 200, 0))
        for first, last in spans[start:]:
            if first > high:
                break
            if last < low:
                continue
            if first - 2 >= cursor:
                gaps.append((cursor, first - 2))
            cursor = max(cursor, last + 2)
        if cursor <= high:
            gaps.append((cursor, high))
        full = " ".join(parts)
        for count in range(len(parts), 0, -1):
            text = " ".join(parts[:count])
            for first, last in gaps:
                if last - first + 1 >= cell_len(text) + 2:
                    return _frame(caption, rect, parent, depth, f" {text} ", first, full)
        first, last = max(gaps, key=lambda gap: (gap[1] - gap[0], -gap[0]), default=(low, low - 1))
        room = last - first + 1
        text = f" {fit(parts[0], room - 2)} " if room >= LEAST_TITLE else ""
        return _frame(caption, rect, parent, depth, text, first, full)


def _frame(caption: Caption, rect: Rect, parent: str | None, depth: int, text: str, x: int, full: str) -> Frame:
    return Frame(caption.id, caption.kind, caption.component, caption.target, rect, parent, depth, text, x, full)
