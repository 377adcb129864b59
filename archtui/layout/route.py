"""Edges through corridors: which way each takes, as a chain of lines whose coordinates come later.

No search on cells: a way is a template from a node to the side of the frames around it, a connection
through at most three corridors of the innermost grid around both ends, and the template back. All
ways there are keep to corridors, so every choice is valid; the cheapest in length and bends is taken.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from archtui.layout.depict import EdgeStyle
from archtui.layout.geometry import Side
from archtui.layout.grid import Corridor, Grid, Item, Leaf, Line
from archtui.layout.options import Options
from archtui.layout.plan import Plan
from archtui.layout.view import DesignView

BEND = 6
"""What a bend costs, in cells."""
SHARED_PORT = 9
"""What it costs to leave a node where another net already does."""
ASPECT = 2
"""A cell is about twice as high as wide."""
EVERY_SIDE: tuple[Side, ...] = ("bottom", "top", "right", "left")
SIDEWAYS: dict[Side, tuple[Side, Side]] = {
    "left": ("bottom", "top"),
    "right": ("bottom", "top"),
    "top": ("right", "left"),
    "bottom": ("right", "left"),
}


class _Opening:
    """A way through the outline of an item; ``middle`` is where its line runs, as far as is known yet."""

    __slots__ = ("middle", "side", "vertical")

    def __init__(self, item: Item, side: Side) -> None:
        self.side = side
        self.vertical = side in ("top", "bottom")
        x, y = _middle(item)
        self.middle = x if self.vertical else y


class Port(_Opening):
    """A way out of an item."""

    __slots__ = ("item",)

    def __init__(self, item: Item, side: Side) -> None:
        super().__init__(item, side)
        self.item = item


class Gate(_Opening):
    """A way through a border that carries nodes."""

    __slots__ = ("grid",)

    def __init__(self, grid: Grid, side: Side) -> None:
        super().__init__(grid, side)
        self.grid = grid


Step = Port | Gate | Corridor
Way = tuple[Step, ...]


@dataclass(slots=True)
class Path:
    """One edge: its ends and its lines, horizontal and vertical in turn."""

    source: str
    target: str
    style: EdgeStyle
    net: int
    start: Item
    end: Item
    lines: list[Line]
    count: int = 1
    ports: tuple[Port, Port] | None = None


@dataclass
class Wires:
    """All paths, and for the things on borders what they belong to inside and outside."""

    paths: list[Path] = field(default_factory=list)
    inner: dict[str, list[Item]] = field(default_factory=dict)
    outer: dict[str, list[Item]] = field(default_factory=dict)
    beside: dict[str, Item] = field(default_factory=dict)
    """Nodes on a border that stand beside another one there, without a line."""
    first: set[str] = field(default_factory=set)
    """Nodes through which packets flow: they choose their place on a border first."""


def drawn_edges(view: DesignView, plan: Plan, options: Options) -> dict[tuple[str, str, EdgeStyle], int]:
    """Return the edges between what is drawn, each with how many of the design it stands for."""
    found: dict[tuple[str, str, EdgeStyle], int] = {}
    for edge in view.edges:
        if (edge.style == "route" and "routes" not in options.show) or (
            edge.style == "uses" and "uses" not in options.show
        ):
            continue
        source, target = plan.stands.get(edge.source, edge.source), plan.stands.get(edge.target, edge.target)
        if source == target or source not in plan.items or target not in plan.items:
            continue
        if source.startswith("settings:") or target.startswith("settings:"):
            continue
        key = (source, target, edge.style)
        found[key] = found.get(key, 0) + 1
    return found


class Router:
    """Routes the edges of one plan; the grids have been placed once, so that distances are known."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.wires = Wires()
        self._ways: dict[tuple[Item, Item, Side], Way | None] = {}
        self._gates: dict[tuple[int, Side, int], Leaf] = {}
        self._chains: dict[int, tuple[Item, ...]] = {}

    def route(self, edges: dict[tuple[str, str, EdgeStyle], int]) -> Wires:
        """Return the paths of ``edges``."""
        nets = _nets(list(edges))
        for key, count in edges.items():
            source, target, style = key
            start, end = self.plan.items[source], self.plan.items[target]
            path = self._path(source, target, style, nets[key], start, end)
            if path:
                path.count = count
                self.wires.paths.append(path)
        return self.wires

    def _chain(self, item: Item) -> tuple[Item, ...]:
        known = self._chains.get(id(item))
        if known is None:
            known = (item,) if item.parent is None else (*self._chain(item.parent), item)
            self._chains[id(item)] = known
        return known

    def _path(self, source: str, target: str, style: EdgeStyle, net: int, start: Item, end: Item) -> Path | None:
        one, two = self._chain(start), self._chain(end)
        depth = 0
        while depth < min(len(one), len(two)) and one[depth] is two[depth]:
            depth += 1
        if depth == len(one) or depth == len(two):
            return None
        grid = one[depth - 1]
        assert isinstance(grid, Grid)
        if start.row == end.row == -1 and style == "member":
            self.wires.beside[start.id] = end
            return None
        way = self._cheapest(grid, one[depth], two[depth], start, end, net)
        lines = [
            self._line(step, net, *((start, end) if index < len(way) // 2 else (end, start)))
            for index, step in enumerate(way)
        ]
        first, last = way[0], way[-1]
        assert isinstance(first, Port)
        assert isinstance(last, Port)
        for port, other in ((first, end), (last, start)):
            line = port.item.port(port.side, net)
            line.uses += 1
            self._note(port, other)
        if style == "flow":
            self.wires.first.update((source, target))
        return Path(source, target, style, net, start, end, lines, 1, (first, last))

    def _note(self, port: Port, other: Item) -> None:
        """Remember what a node on a border belongs to."""
        item = port.item
        if item.parent is None or 0 <= item.row < item.parent.rows:
            return
        inward = port.side == ("bottom" if item.row < 0 else "top")
        (self.wires.inner if inward else self.wires.outer).setdefault(item.id, []).append(other)

    def _line(self, step: Step, net: int, near: Item, far: Item) -> Line:
        if isinstance(step, Corridor):
            return step.line(net)
        if isinstance(step, Port):
            return step.item.port(step.side, net)
        key = (id(step.grid), step.side, net)
        gate = self._gates.get(key)
        if gate is None:
            gate = self._gates[key] = Leaf(f"{step.grid.id}|{step.side}|{net}", None, 1, 1)
            step.grid.put_on_border(gate, "top" if step.side == "top" else "bottom")
        self.wires.inner.setdefault(gate.id, []).append(near)
        self.wires.outer.setdefault(gate.id, []).append(far)
        return gate.port("top", net)

    # -- ways out of a frame --------------------------------------------------------------------

    def _leave(self, item: Item, outer: Item, side: Side) -> Way | None:
        """Return the way from ``item`` out of ``outer``, which is or holds it, on ``side``."""
        key = (item, outer, side)
        try:
            return self._ways[key]
        except KeyError:
            found = self._ways[key] = self._find_way(item, outer, side)
            return found

    def _find_way(self, item: Item, outer: Item, side: Side) -> Way | None:
        if outer is item:
            return (Port(item, side),)
        assert isinstance(outer, Grid)
        child = self._chain(item)[len(self._chain(outer))]
        row, column = child.row, child.column
        if not 0 <= row < outer.rows:
            return self._leave(item, child, side) if side == ("top" if row < 0 else "bottom") else None
        straight = self._leave(item, child, side)
        if straight and outer.clear(row, column, side):
            return straight
        border = outer.top if side == "top" else outer.bottom if side == "bottom" else []
        last: Way = ()
        if border:
            edge = outer.h[0] if side == "top" else outer.h[outer.rows]
            last = (edge, Gate(outer, side))
            nearest = outer.h[row] if side == "top" else outer.h[row + 1]
            rows = outer.items_by_column.get(column, ())
            alone = nearest is edge or not any((r < row) if side == "top" else (r > row) for r in rows)
            if straight and alone:
                return straight + last
        ways = []
        for turn in SIDEWAYS[side]:
            inner = self._leave(item, child, turn)
            if inner:
                ways.append((*inner, _beside(outer, child, turn), *last))
        if not ways and side in ("top", "bottom"):
            # What stands on a border leaves upwards or downwards only: round its own frame then.
            for turn in SIDEWAYS["right"]:
                inner = self._leave(item, child, turn)
                if inner:
                    ways.append((*inner, _beside(outer, child, turn), outer.v[column + 1], *last))
        return min(ways, key=len) if ways else None

    # -- across one grid ------------------------------------------------------------------------

    def _cheapest(self, grid: Grid, one: Item, two: Item, start: Item, end: Item, net: int) -> Way:
        ways = self._ways_across(grid, one, two, start, end, (_sides(grid, one, two), _sides(grid, two, one)))
        if not ways:
            # A gateway on a border leaves its frame upwards only, wherever it is going.
            ways = self._ways_across(grid, one, two, start, end, (EVERY_SIDE, EVERY_SIDE))
        if len(ways) == 1:
            return ways[0]
        ways.sort(key=len)
        best, lowest = ways[0], self._cost(ways[0], net)
        direct = abs(_middle(start)[0] - _middle(end)[0]) + ASPECT * abs(_middle(start)[1] - _middle(end)[1])
        for way in ways[1:]:
            if direct + BEND * (len(way) - 1) >= lowest:
                break
            cost = self._cost(way, net)
            if cost < lowest:
                best, lowest = way, cost
        return best

    def _ways_across(
        self, grid: Grid, one: Item, two: Item, start: Item, end: Item, sides: tuple[tuple[Side, ...], tuple[Side, ...]]
    ) -> list[Way]:
        found: list[Way] = []
        firsts = [(side, way) for side in sides[0] if (way := self._leave(start, one, side))]
        lasts = [(side, way) for side in sides[1] if (way := self._leave(end, two, side))]
        for side, first in firsts:
            for other, last in lasts:
                found.append((*first, *_across(grid, one, side, two, other), *last[::-1]))
        return found

    def _cost(self, way: Way, net: int) -> int:
        first, last = way[0], way[-1]
        assert isinstance(first, Port)
        assert isinstance(last, Port)
        x, y = _middle(first.item)
        cost = BEND * (len(way) - 1)
        for step in way:
            at = step.middle
            if step.vertical:
                cost += at - x if at > x else x - at
                x = at
            else:
                cost += ASPECT * (at - y if at > y else y - at)
                y = at
        for port in (first, last):
            ports = port.item.ports.get(port.side)
            if ports and net not in ports:
                cost += SHARED_PORT
        end = _middle(last.item)
        return cost + abs(end[0] - x) + ASPECT * abs(end[1] - y)


def _middle(item: Item) -> tuple[int, int]:
    return item.x + (item.width - 1) // 2, item.y + (item.height - 1) // 2


def _beside(grid: Grid, item: Item, side: Side) -> Corridor:
    """Return the corridor on that side of the item's cell."""
    if side == "top":
        return grid.h[item.row if item.row >= 0 else 0]
    if side == "bottom":
        return grid.h[item.row + 1]
    return grid.v[item.column if side == "left" else item.column + 1]


def _sides(grid: Grid, item: Item, other: Item) -> tuple[Side, ...]:
    """Return the sides worth leaving on, towards ``other``."""
    if item.row < 0:
        return ("bottom",)
    if item.row >= grid.rows:
        return ("top",)
    if not 0 <= other.row < grid.rows:
        return ("top", "right", "left") if other.row < 0 else ("bottom", "right", "left")
    lateral: tuple[Side, ...] = ("right", "left")
    if item.column < other.column:
        lateral = ("right",)
    elif item.column > other.column:
        lateral = ("left",)
    if item.row < other.row:
        return ("bottom", *lateral)
    if item.row > other.row:
        return ("top", *lateral)
    low, high = sorted((item.column, other.column))
    if any(low < column < high for column in grid.items_by_row.get(item.row, ())):
        return ("bottom", "top")
    return (*lateral, "bottom")


def _across(grid: Grid, one: Item, side: Side, two: Item, other: Side) -> Way:
    """Return the corridors from one cell's side to another's."""
    first, last = _beside(grid, one, side), _beside(grid, two, other)
    if first.vertical != last.vertical:
        return (first, last)
    if first is last:
        return (first,)
    if first.vertical:
        low, high = sorted((one.column, two.column))
        if {side, other} == {"left", "right"} and one.row == two.row and low < high:
            between = grid.items_by_row.get(one.row, ())
            if not any(low < column < high for column in between):
                return (grid.v[high],)
        row = two.row if one.row < two.row else two.row + 1
        return (first, grid.h[row], last)
    low, high = sorted((one.row, two.row))
    if {side, other} == {"top", "bottom"} and low < high:
        upper, lower = (one, two) if one.row < two.row else (two, one)
        if (upper is one) == (side == "bottom"):
            for item, corridor in ((upper, grid.h[high]), (lower, grid.h[low + 1])):
                rows = grid.items_by_column.get(item.column, ())
                on_border = not 0 <= item.row < grid.rows
                if not on_border and not any(low < row < high for row in rows):
                    return (corridor,)
    column = two.column if 0 <= two.row < grid.rows else one.column
    if one.column >= two.column and 0 <= two.row < grid.rows:
        column += 1
    return (first, grid.v[min(column, grid.columns)], last)


def _nets(keys: list[tuple[str, str, EdgeStyle]]) -> dict[tuple[str, str, EdgeStyle], int]:
    """Number the nets: edges that fan out from one node, or in to one, and mean the same, join."""
    out: dict[tuple[str, EdgeStyle], int] = {}
    into: dict[tuple[str, EdgeStyle], int] = {}
    for source, target, style in keys:
        out[source, style] = out.get((source, style), 0) + 1
        into[target, style] = into.get((target, style), 0) + 1
    numbers: dict[tuple[str, str, EdgeStyle], int] = {}
    nets = {}
    for source, target, style in keys:
        fan_out = out[source, style] >= into[target, style]
        net = ("out", source, style) if fan_out else ("in", target, style)
        nets[source, target, style] = numbers.setdefault(net, len(numbers))
    return nets
