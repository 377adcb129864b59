"""Moving over a layout: the nearest in a direction, first and last, in and out of frames, search."""

from __future__ import annotations

from archtui.layout.geometry import Direction, Rect
from archtui.layout.result import Layout

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
        names = [n for n in layout.children.get(parent or "", ()) if n != name] if parent is not None else _tops(layout)
    else:
        names = [node.id for node in layout.nodes.values() if not node.shadow]
    best: tuple[int, int, int, int] | None = None
    found: str | None = None
    for other in names:
        place = layout.rect(other)
        if other == name or place is None:
            continue
        score = _score(rect, place, direction)
        if score is not None and (best is None or score < best):
            best, found = score, other
    return found


def _tops(layout: Layout) -> list[str]:
    return [frame.id for frame in layout.frames.values() if frame.parent is None]


def _score(here: Rect, there: Rect, direction: Direction) -> tuple[int, int, int, int] | None:
    """Return how far ``there`` is, or None where it is not in the direction; outside the cone counts as farther."""
    (ax, ay), (bx, by) = here.center, there.center
    dx, dy = bx - ax, (by - ay) * ASPECT
    if direction in ("left", "right"):
        along, across = (dx if direction == "right" else -dx), abs(dy)
        apart = there.x >= here.right if direction == "right" else there.right <= here.x
        overlap = here.y < there.bottom and there.y < here.bottom
    else:
        along, across = (dy if direction == "down" else -dy), abs(dx)
        apart = there.y >= here.bottom if direction == "down" else there.bottom <= here.y
        overlap = here.x < there.right and there.x < here.right
    if along <= 0 or not apart:
        return None
    in_cone = across <= along or overlap
    return (0 if in_cone else 1, along + (across // 2 if overlap else 2 * across), there.y, there.x)


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
