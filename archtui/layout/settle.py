"""Coordinates: sizes from the inside out, positions, ports, tracks; twice, as each depends on the others."""

from __future__ import annotations

from collections.abc import Sequence

from archtui.layout.grid import Corridor, Grid, Item, Leaf, Line
from archtui.layout.route import Path, Wires

PASSES = 3


def settle(root: Grid, wires: Wires) -> None:
    """Give every item its place and every line its coordinate."""
    grids = list(root.grids())
    deepest_first = grids[::-1]
    busy = [corridor for grid in grids for corridor in (*grid.h, *grid.v) if corridor.lines]
    ports = _ports(grids)
    for _ in range(PASSES):
        _place(root, deepest_first, wires, busy, ports)
        if not _assign_tracks(busy, wires.paths):
            break
    _place(root, deepest_first, wires, busy, ports)


def _place(
    root: Grid, deepest_first: Sequence[Grid], wires: Wires, busy: Sequence[Corridor], ports: Sequence[Item]
) -> None:
    root.measure()
    root.place(0, 0)
    for grid in deepest_first:
        if grid.top or grid.bottom:
            for leaf in (*grid.top, *grid.bottom):
                leaf.wish = _wish(leaf, wires)
            grid.settle_borders()
    for corridor in busy:
        tracks = 1 + max(line.track for line in corridor.lines.values())
        pitch = corridor.pitch(tracks)
        used = (tracks - 1) * pitch + 1
        offset = corridor.position + max(0, corridor.size - used) // 2
        for line in corridor.lines.values():
            line.at = offset + line.track * pitch
    _aim(wires.paths)
    for item in ports:
        _spread(item)
    _straighten(wires.paths)


def _middle(item: Item) -> int:
    return item.x + (item.width - 1) // 2


def _wish(leaf: Leaf, wires: Wires) -> tuple[int, int]:
    """Return the column of what the leaf belongs to inside the frame, and of what it belongs to outside.

    A leaf that only belongs to another on its own border stands beside it and chooses last.
    """
    outside = wires.outer.get(leaf.id, ())
    inside = wires.inner.get(leaf.id, ())
    leaf.beside = wires.beside.get(leaf.id)
    leaf.rank = 0 if leaf.id in wires.first else 1 if inside or outside else 2 if leaf.beside else 3
    wished = inside or outside
    if not wished:
        return leaf.wish
    others = outside or wished
    return (sum(map(_middle, wished)) // len(wished), sum(map(_middle, others)) // len(others))


def _ports(grids: Sequence[Grid]) -> list[Item]:
    found: list[Item] = []
    for grid in grids:
        found.append(grid)
        found.extend(item for item in (*grid.cells.values(), *grid.top, *grid.bottom) if isinstance(item, Leaf))
    return [item for item in found if item.ports]


def _aim(paths: Sequence[Path]) -> None:
    """Tell each port where its edges go, on average."""
    for path in paths:
        path.lines[0].toward = path.lines[-1].toward = 0
    for path in paths:
        for line, other in ((path.lines[0], path.end), (path.lines[-1], path.start)):
            line.toward += _middle(other) if line.vertical else other.y + (other.height - 1) // 2
    seen: set[int] = set()
    for path in paths:
        for line in (path.lines[0], path.lines[-1]):
            if line.uses > 1 and id(line) not in seen:
                seen.add(id(line))
                line.toward //= line.uses


def _spread(item: Item) -> None:
    """Give the lines that leave an item their places on its sides."""
    if isinstance(item, Leaf) and item.look is None:
        for lines in item.ports.values():
            for line in lines.values():
                line.at = item.x
        return
    for side, lines in item.ports.items():
        if side in ("left", "right"):
            if isinstance(item, Leaf):
                for line in lines.values():
                    line.at = item.y + (item.height - 1) // 2
            else:
                _slots(list(lines.values()), item.y + 1, item.y + item.height - 2, 1, ())
        else:
            taken: list[tuple[int, int]] = []
            if isinstance(item, Grid):
                border = item.top if side == "top" else item.bottom
                taken = [(leaf.x - 1, leaf.x + leaf.width) for leaf in border]
            _slots(list(lines.values()), item.x + 1, item.x + item.width - 2, 2, taken)


def _slots(lines: list[Line], low: int, high: int, gap: int, taken: Sequence[tuple[int, int]]) -> None:
    """Place ``lines`` in ``low`` to ``high``: one in the middle unless it can go straight, several by their aims."""
    high = max(low, high)
    if taken:
        free = [at for at in range(low, high + 1) if not any(a <= at <= b for a, b in taken)] or [low]
        for index, line in enumerate(sorted(lines, key=lambda found: found.toward)):
            line.at = min(free, key=lambda at: (abs(at - line.toward), at))
            if len(free) > 1 and index < len(lines) - 1:
                free.remove(line.at)
        return
    if len(lines) == 1:
        aim = lines[0].toward
        lines[0].at = aim if low <= aim <= high and lines[0].uses == 1 else (low + high) // 2
        return
    ordered = sorted(lines, key=lambda found: found.toward)
    step = max(0, min(gap, (high - low) // (len(ordered) - 1)))
    cursor = low
    for index, line in enumerate(ordered):
        last = high - step * (len(ordered) - 1 - index)
        line.at = max(low, min(max(cursor, line.toward), last))
        cursor = line.at + step
    if all(line.toward < low for line in ordered) or all(line.toward > high for line in ordered):
        shift = (low + high - ordered[0].at - ordered[-1].at) // 2
        for line in ordered:
            line.at += shift


def _straighten(paths: Sequence[Path]) -> None:
    """Bring the two ports of a short way to one column, where one of them can move there."""
    for path in paths:
        if len(path.lines) != 3 or not path.lines[0].vertical or path.ports is None:
            continue
        first, last = path.lines[0], path.lines[2]
        if first.at == last.at:
            continue
        for port, line, at in ((path.ports[1], last, first.at), (path.ports[0], first, last.at)):
            item = port.item
            alone = len(item.ports[port.side]) == 1 and line.uses == 1
            if alone and isinstance(item, Leaf) and item.x < at < item.x + item.width - 1:
                line.at = at
                break


def _assign_tracks(busy: Sequence[Corridor], paths: Sequence[Path]) -> bool:
    """Give overlapping lines of a corridor tracks of their own; say whether a corridor had to grow."""
    for corridor in busy:
        for line in corridor.lines.values():
            line.low, line.high = 1 << 30, -1
    for path in paths:
        lines = path.lines
        for index in range(1, len(lines) - 1):
            line = lines[index]
            before, after = lines[index - 1].at, lines[index + 1].at
            line.low = min(line.low, before, after)
            line.high = max(line.high, before, after)
    grown = False
    for corridor in busy:
        ends: list[int] = []
        for line in sorted(corridor.lines.values(), key=lambda found: (found.low, found.high)):
            if line.low == line.high:
                line.track = 0
                continue
            track = next((number for number, end in enumerate(ends) if end + 1 < line.low), len(ends))
            if track == len(ends):
                ends.append(0)
            ends[track] = line.high
            line.track = track
        need = (len(ends) - 1) * corridor.pitch(len(ends)) + 1 + (2 if corridor.vertical else 0)
        if ends and need > corridor.size:
            corridor.size = need
            grown = True
    return grown
