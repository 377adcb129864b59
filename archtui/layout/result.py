"""The finished drawing in character cells, with the lookups that a canvas needs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeVar

from rich.cells import cell_len

from archtui.layout.depict import EdgeStyle, FrameKind
from archtui.layout.geometry import Point, Rect, Side

BUCKET = 16
"""Rows per bucket of the row index."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Frame:
    """A container drawn as a rectangle with a title on its top border."""

    id: str
    """A component's id, or ``region:NAME``, ``VPC/ZONE``, ``settings:VPC`` for frames without a component."""
    kind: FrameKind
    component: str | None
    """The component it stands for."""
    target: str | None
    """What the failure engine calls it: ``az:eu-west-1a``, ``region:eu-west-1``, or the component's id."""
    rect: Rect
    parent: str | None
    depth: int
    title: str
    """As fitted; empty where no room was left."""
    title_x: int
    """Column of the first cell of the title, on the row ``rect.y``."""
    full_title: str

    @property
    def title_rect(self) -> Rect:
        """The cells of the title."""
        return Rect(self.title_x, self.rect.y, cell_len(self.title), 1)


@dataclass(frozen=True, slots=True)
class NodeBox:
    """A component drawn as a node. A component that spans subnets has shadows beside its own box."""

    id: str
    """The component's id; ``ID@SUBNET`` for a shadow; the frame's id for a folded frame."""
    component: str | None
    kind: str
    glyph: str
    label: str
    """As fitted, without the glyph."""
    full_label: str
    rect: Rect
    frame: str
    """The innermost frame it stands in."""
    slack: int
    """Free cells to the right of it, for a badge."""
    shadow: bool = False
    folded: int = 0
    """How many components a folded frame hides."""
    boxed: bool = False
    """Drawn with a border of its own (three rows)."""


@dataclass(frozen=True, slots=True)
class Route:
    """A drawn edge: an orthogonal polyline from beside ``source`` to beside ``target``."""

    source: str
    target: str
    style: EdgeStyle
    points: tuple[Point, ...]
    sides: tuple[Side, Side]
    """The side on which it leaves the source, and the one on which it enters the target."""
    net: int
    """Edges of one net share cells and join; edges of different nets only cross."""
    count: int = 1
    """How many edges of the design it stands for (folded frames)."""
    both: bool = False
    """No direction: no arrow head (a peering)."""


Spot = tuple[int, int, int, int, int, int, str]
"""Left, top, right, bottom, the middle's column and row, and the id: what a search for neighbours reads."""


def spot_of(name: str, rect: Rect) -> Spot:
    """Return the spot of a rectangle."""
    return (rect.x, rect.y, rect.right, rect.bottom, *rect.center, name)


@dataclass(frozen=True)
class Layout:
    """Frames, nodes and routes; everything in document order, parents before children."""

    width: int
    height: int
    frames: dict[str, Frame]
    nodes: dict[str, NodeBox]
    routes: tuple[Route, ...]
    hidden: dict[str, str] = field(default_factory=dict)
    """Components that are not drawn themselves, with the node or frame that stands for them."""

    def rect(self, name: str) -> Rect | None:
        """Return the rectangle of a node or frame."""
        found = self.nodes.get(name) or self.frames.get(name)
        return found.rect if found else None

    def shown(self, name: str) -> str | None:
        """Return the node or frame that stands for a component or a failure target, or None where nothing does."""
        if name in self.nodes or name in self.frames:
            return name
        return self.hidden.get(name) or next(iter(self.frames_for.get(name, ())), None)

    def all_shown(self, name: str) -> tuple[str, ...]:
        """Return every node and frame that stands for it: with its shadows, a zone's frames in all VPCs."""
        shown = self.shown(name)
        if shown is None:
            return ()
        return tuple(dict.fromkeys((shown, *self.shadows.get(shown, ()), *self.frames_for.get(name, ()))))

    @cached_property
    def frames_for(self) -> dict[str, tuple[str, ...]]:
        """Frames by the component or the failure target (``az:eu-west-1a``) they stand for."""
        found: dict[str, dict[str, None]] = {}
        for frame in self.frames.values():
            for name in (frame.component, frame.target):
                if name is not None:
                    found.setdefault(name, {})[frame.id] = None
        return {name: tuple(ids) for name, ids in found.items()}

    def node_at(self, x: int, y: int) -> NodeBox | None:
        """Return the node that covers the cell."""
        for node in self.nodes_in_rows(y, y + 1):
            if node.rect.holds(x, y):
                return node
        return None

    def frame_at(self, x: int, y: int) -> Frame | None:
        """Return the innermost frame that covers the cell."""
        found: Frame | None = None
        for frame in self.frames_in_rows(y, y + 1):
            if frame.rect.holds(x, y) and (found is None or frame.depth > found.depth):
                found = frame
        return found

    def nodes_in_rows(self, top: int, bottom: int) -> Iterator[NodeBox]:
        """Yield the nodes that touch rows ``top`` up to but not including ``bottom``, in document order."""
        for node in _in_rows(self._node_rows, top, bottom):
            if node.rect.y < bottom and top < node.rect.bottom:
                yield node

    def frames_in_rows(self, top: int, bottom: int) -> Iterator[Frame]:
        """Yield the frames that touch the rows, parents first."""
        for frame in _in_rows(self._frame_rows, top, bottom):
            if frame.rect.y < bottom and top < frame.rect.bottom:
                yield frame

    def routes_in_rows(self, top: int, bottom: int) -> Iterator[int]:
        """Yield the indexes of the routes that touch the rows."""
        yield from _in_rows(self._route_rows, top, bottom)

    @cached_property
    def spots(self) -> tuple[Spot, ...]:
        """Where the nodes are, shadows left out."""
        return tuple(spot_of(node.id, node.rect) for node in self.nodes.values() if not node.shadow)

    @cached_property
    def shadows(self) -> dict[str, tuple[str, ...]]:
        """For each component with shadows, the ids of their nodes."""
        found: dict[str, list[str]] = {}
        for node in self.nodes.values():
            if node.shadow and node.component:
                found.setdefault(node.component, []).append(node.id)
        return {name: tuple(ids) for name, ids in found.items()}

    @cached_property
    def routes_of(self) -> dict[str, tuple[int, ...]]:
        """For each node or frame, the indexes of the routes that start or end there."""
        found: dict[str, list[int]] = {}
        for index, route in enumerate(self.routes):
            found.setdefault(route.source, []).append(index)
            if route.target != route.source:
                found.setdefault(route.target, []).append(index)
        return {name: tuple(indexes) for name, indexes in found.items()}

    @cached_property
    def children(self) -> dict[str, tuple[str, ...]]:
        """For each frame, the frames and nodes directly in it, in order."""
        found: dict[str, list[str]] = {}
        for frame in self.frames.values():
            if frame.parent is not None:
                found.setdefault(frame.parent, []).append(frame.id)
        for node in self.nodes.values():
            found.setdefault(node.frame, []).append(node.id)
        return {name: tuple(ids) for name, ids in found.items()}

    @cached_property
    def _node_rows(self) -> list[list[NodeBox]]:
        rows: list[list[NodeBox]] = [[] for _ in range(self.height // BUCKET + 1)]
        for node in self.nodes.values():
            for bucket in range(node.rect.y // BUCKET, (node.rect.bottom - 1) // BUCKET + 1):
                rows[bucket].append(node)
        return rows

    @cached_property
    def _frame_rows(self) -> list[list[Frame]]:
        rows: list[list[Frame]] = [[] for _ in range(self.height // BUCKET + 1)]
        for frame in self.frames.values():
            for bucket in range(frame.rect.y // BUCKET, (frame.rect.bottom - 1) // BUCKET + 1):
                rows[bucket].append(frame)
        return rows

    @cached_property
    def _route_rows(self) -> list[list[int]]:
        rows: list[list[int]] = [[] for _ in range(self.height // BUCKET + 1)]
        for index, route in enumerate(self.routes):
            ys = [y for _, y in route.points]
            for bucket in range(min(ys) // BUCKET, max(ys) // BUCKET + 1):
                rows[bucket].append(index)
        return rows


def _in_rows(rows: list[list[T]], top: int, bottom: int) -> Iterator[T]:
    first, last = max(0, top // BUCKET), min(len(rows) - 1, (bottom - 1) // BUCKET)
    if first == last:
        yield from rows[first]
        return
    seen: set[int] = set()
    for bucket in range(first, last + 1):
        for item in rows[bucket]:
            key = item if isinstance(item, int) else id(item)
            if key not in seen:
                seen.add(key)
                yield item
