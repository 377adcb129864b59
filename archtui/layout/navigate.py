"""Moving over a layout: the nearest in a direction, first and last, in and out of frames, search."""

from __future__ import annotations

from collections.abc import Iterable

from archtui.layout.geometry import Direction
from archtui.layout.result import Layout, Spot, spot_of

ASPECT = 2
"""A cell is about twice as high as wide."""


def reading_order(layout: Layout) -> list[str]:
    """Return the nodes by row, then column; shadows left out."""
    nodes = (node for node in layout.nodes.values() if not node.shadow)
    return [node.id for node in sorted(nodes, key=lambda node: (node.rect.y, node.rect.x))]


def neighbour(layout: Layout, name: str, direction: Direction) -> str | None:
    """Return the nearest node in a cone of 90 degrees; where the cone is empty, in the half plane.

    From a frame the frames and nodes beside it are meant. Equally near ones: the upper, then the left one.
    """
    rect = layout.rect(name)
    if rect is None:
        return None
    if name in layout.frames:
        parent = layout.frames[name].parent
        names = layout.children.get(parent, ()) if parent is not None else _tops(layout)
        spots: Iterable[Spot] = (spot_of(n, found) for n in names if n != name and (found := layout.rect(n)))
    else:
        spots = layout.spots
    return _nearest(spot_of(name, rect), spots, direction)


def _tops(layout: Layout) -> list[str]:
    return [frame.id for frame in layout.frames.values() if frame.parent is None]


def _nearest(here: Spot, spots: Iterable[Spot], direction: Direction) -> str | None:
    """Return the spot in the direction with the least way along and across; outside the cone is farther."""
    left, top, right, bottom, ax, ay, name = here
    lateral = direction in ("left", "right")
    forward = direction in ("right", "down")
    best: tuple[bool, int, int, int] | None = None
    found: str | None = None
    for x, y, end, floor, bx, by, other in spots:
        if lateral:
            if (x < right) if forward else (end > left):
                continue
            along, across = (bx - ax if forward else ax - bx), abs(by - ay) * ASPECT
            beside = y < bottom and top < floor
        else:
            if (y < bottom) if forward else (floor > top):
                continue
            along, across = (by - ay if forward else ay - by) * ASPECT, abs(bx - ax)
            beside = x < right and left < end
        if best is not None and not best[0] and along + across // 2 > best[1]:
            continue
        score = (across > along and not beside, along + (across // 2 if beside else 2 * across), y, x)
        if other != name and (best is None or score < best):
            best, found = score, other
    return found


def find(layout: Layout, text: str) -> list[str]:
    """Return the nodes and frames whose id or label contains ``text``, nodes in reading order first."""
    word = text.casefold()
    nodes = [
        name
        for name in reading_order(layout)
        if word in name.casefold() or word in layout.nodes[name].full_label.casefold()
    ]
    frames = [f.id for f in layout.frames.values() if word in f.id.casefold() or word in f.full_title.casefold()]
    return nodes + frames
