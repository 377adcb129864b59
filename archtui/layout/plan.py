"""From a design to grids: regions, VPCs, zones as columns, tiers as rows, what spans zones between them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from rich.cells import cell_len, set_cell_size

from archtui.layout.grid import Caption, Grid, Item, Leaf, Look
from archtui.layout.homes import ROOT, Homes, find_homes
from archtui.layout.options import Options
from archtui.layout.tiers import lanes_of, rows_between
from archtui.layout.view import DesignNode, DesignView

BADGE_ROOM = 9
"""Cells kept free beside a compact node, for a glyph and a word."""
MOST_SHADOWS = 5
"""Shadows in one subnet, before the rest is only counted."""
LABEL = 18
BOXED_LABEL = 24
BOX = 13
"""The least width of a node with a border: its badge stands on the border."""
TIER_WORDS = {0: "public", 1: "private", 2: "isolated"}


@dataclass
class Plan:
    """The grids, and what stands for each component."""

    root: Grid
    items: dict[str, Item] = field(default_factory=dict)
    """Nodes and frames by id."""
    stands: dict[str, str] = field(default_factory=dict)
    """Components that are folded away, with what stands for them."""


def fit(text: str, width: int) -> str:
    """Return ``text`` in at most ``width`` cells, cut with an ellipsis."""
    if cell_len(text) <= width:
        return text
    return set_cell_size(text, width - 1).rstrip() + "…" if width > 1 else "…"[:width]


def plan_of(view: DesignView, options: Options) -> Plan:
    """Return the grids for ``view``."""
    return _Planner(view, options).plan()


class _Planner:
    def __init__(self, view: DesignView, options: Options) -> None:
        self.view = view
        self.options = options
        self.homes: Homes = find_homes(view, options)
        self.members: dict[str, list[str]] = {}
        for name, home in self.homes.home.items():
            self.members.setdefault(home, []).append(name)
        self.order = {name: index for index, name in enumerate(view.nodes)}
        for names in self.members.values():
            names.sort(key=self.order.__getitem__)
        self.frames: dict[str, list[str]] = {}
        for name, parent in self.homes.parent.items():
            self.frames.setdefault(parent, []).append(name)
        self.spanning: dict[str, list[str]] = {}
        for name, subnets in self.homes.spans.items():
            if view.nodes[name].place == "inside":
                for subnet in subnets:
                    self.spanning.setdefault(subnet, []).append(name)
        self.named: dict[tuple[str, str], str] = {}
        """The components that stand for regions and zones, by what they name."""
        for node in view.nodes.values():
            if node.place == "frame" and node.depiction.frame in ("region", "zone"):
                self.named.setdefault((node.depiction.frame, node.label), node.id)
        self.result = Plan(Grid(ROOT))

    # -- the whole ------------------------------------------------------------------------------

    def plan(self) -> Plan:
        root = self.result.root
        root.gap = (0, 1, 0, 1)
        outside = [
            self._leaf(self.view.nodes[name], compact=True)
            for name in self.view.nodes
            if name in self.homes.kept and self.view.nodes[name].place == "outside"
        ]
        loose = [self._leaf(self.view.nodes[name]) for name in self.members.get(ROOT, ())]
        regions = [self._region(name) for name in self.homes.regions]
        row = 0
        if sum(leaf.width + 2 for leaf in outside) + 2 <= self.options.width:
            for leaf in outside:
                root.put_on_border(leaf, "top")
        elif outside:
            root.put(self._wrapped("outside", outside, self.options.width - 4), 0, 0)
            row = 1
        if loose:
            root.put(self._wrapped("between", loose, self.options.width - 4), row, 0)
            row += 1
        self._shelve(root, regions, row, self.options.width)
        root.seal()
        root.h[0].minimum = root.h[0].size = 1 if root.top and regions else 0
        return self.result

    def _shelve(self, grid: Grid, items: Sequence[Grid], row: int, width: int) -> None:
        """Put frames side by side as far as ``width`` allows, then in further rows."""
        for item in items:
            item.measure()
        for columns in range(len(items), 0, -1):
            need = sum(max(item.width for item in items[c::columns]) + 3 for c in range(columns))
            if need <= width or columns == 1:
                for index, item in enumerate(items):
                    grid.put(item, row + index // columns, index % columns)
                return

    def _framed(self, grid: Grid, caption: Caption) -> Item:
        """Return the frame, or one node instead of it where it is folded."""
        if caption.id not in self.options.folded:
            self.result.items[caption.id] = grid
            return grid
        return self._fold(caption, self._inside(grid))

    def _fold(self, caption: Caption, inside: Iterable[str]) -> Leaf:
        hidden = list(inside)
        for name in hidden:
            self.result.items.pop(name, None)
            self.result.stands[name] = caption.id
        for name, stand in list(self.result.stands.items()):
            if stand in hidden:
                self.result.stands[name] = caption.id
        node = self.view.nodes.get(caption.component or "")
        count = sum(1 for name in hidden if name in self.view.nodes)
        text = caption.title.split("|")[0]
        label = fit(f"{text} ⋯{count}", BOXED_LABEL)
        look = Look(
            caption.component, caption.kind, node.glyph if node else "▥", label, text, folded=max(1, count),
            boxed=self.options.boxed,
        )  # fmt: skip
        leaf = self._sized(caption.id, look)
        self.result.items[caption.id] = leaf
        return leaf

    @staticmethod
    def _inside(grid: Grid) -> list[str]:
        found: list[str] = []
        for inner in grid.grids():
            if inner is not grid and inner.caption:
                found.append(inner.id)
            for leaf in (*inner.cells.values(), *inner.top, *inner.bottom):
                if isinstance(leaf, Leaf):
                    found.append(leaf.id)
            found.extend(zone.id for zone in inner.zones.values())
        return found

    # -- nodes ----------------------------------------------------------------------------------

    def _leaf(self, node: DesignNode, compact: bool = False) -> Leaf:
        boxed = self.options.boxed and not compact
        label = fit(node.label, BOXED_LABEL if self.options.boxed else LABEL)
        look = Look(node.id, node.kind, node.glyph, label, node.label, boxed=boxed)
        leaf = self._sized(node.id, look)
        self.result.items[node.id] = leaf
        return leaf

    def _shadows(self, subnet: str) -> list[Leaf]:
        """Return the shadows of what spans ``subnet``; many become a few and a count."""
        names = self.spanning.get(subnet, [])
        shown = names if len(names) <= MOST_SHADOWS else names[: MOST_SHADOWS - 1]
        leaves = [self._shadow(self.view.nodes[name], subnet) for name in shown]
        if len(shown) < len(names):
            label = f"{len(names) - len(shown)} more"
            leaves.append(self._sized(f"more@{subnet}", Look(None, "", "⋯", label, label, shadow=True)))
        return leaves

    def _shadow(self, node: DesignNode, subnet: str) -> Leaf:
        word = node.depiction.words.get(subnet, "")
        label = fit(f"{node.label} {word}".strip(), LABEL)
        look = Look(node.id, node.kind, node.glyph, label, node.label, shadow=True)
        return self._sized(f"{node.id}@{subnet}", look)

    @staticmethod
    def _sized(name: str, look: Look) -> Leaf:
        text = cell_len(look.glyph) + 1 + cell_len(look.label)
        if look.boxed:
            return Leaf(name, look, max(BOX, text + 4), 3)
        return Leaf(name, look, text + 2, 1)

    def _wrapped(self, name: str, items: Sequence[Item], width: int) -> Grid:
        """Return a grid without a frame that holds ``items`` in rows no wider than ``width``."""
        grid = Grid(name, align="center")
        grid.gap = (0, 1, 0, 3)
        widest = max((item.width for item in items), default=1)
        columns = max(1, min(len(items), width // (widest + 3)))
        for index, item in enumerate(items):
            grid.put(item, index // columns, index % columns)
        grid.seal()
        return grid

    # -- frames ---------------------------------------------------------------------------------

    def _contents(self, grid: Grid, home: str, width: int) -> None:
        """Put the nodes and frames at home in ``home`` into ``grid``, wrapped to ``width`` cells."""
        items: list[Item] = [self._leaf(self.view.nodes[name]) for name in self._nodes(home)]
        items += [self._group(name) for name in self.frames.get(home, ())]
        items += self._shadows(home)
        room = 0 if self.options.boxed else BADGE_ROOM
        widest = max((item.width for item in items), default=1)
        most = max(1, (width + 2) // (widest + 2))
        columns = 1 if len(items) <= 3 else min(most, math.ceil(len(items) / 4) if most > 1 else 1)
        rows = math.ceil(len(items) / columns) if items else 0
        for index, item in enumerate(items):
            grid.put(item, index % rows, index // rows)
        grid.gap = (0, 0, 0, 2)
        if self.options.boxed and columns == 1:
            grid.center = True
        grid.minimum_width = (widest + 2) * columns + room * (columns == 1)

    def _nodes(self, home: str) -> list[str]:
        return [name for name in self.members.get(home, ()) if self.view.nodes[name].place == "inside"]

    def _group(self, name: str) -> Item:
        node = self.view.nodes[name]
        caption = Caption(name, node.depiction.frame, name, name, f"{node.label}|{node.depiction.detail}")
        grid = Grid(name, caption)
        self._contents(grid, name, self.options.width // 2)
        grid.seal()
        return self._framed(grid, caption)

    def _region(self, key: str) -> Grid:
        account, region = self.homes.regions[key]
        title = f"◎ {region}" + (f" · {account}" if account else "")
        component = self.named.get(("region", region))
        caption = Caption(key, "region", component, f"region:{region}", title)
        grid = Grid(key, caption)
        grid.gap = (0, 1, 1, 2)
        frames: list[Item] = []
        for name in self.frames.get(key, ()):
            frames.append(self._vpc(name) if self.homes.frame(name) == "vpc" else self._group(name))
        row = 0
        band = [self._leaf(self.view.nodes[name]) for name in self._nodes(key)]
        band += [
            self._leaf(self.view.nodes[n]) for n in self.members.get(key, ()) if self.view.nodes[n].place == "border"
        ]
        if band:
            grid.put(self._wrapped(f"{key}/band", band, self.options.width - 8), 0, 0)
            row = 1
        grids = [item for item in frames if isinstance(item, Grid)]
        leaves = [item for item in frames if isinstance(item, Leaf)]
        if leaves:
            grid.put(self._wrapped(f"{key}/folded", leaves, self.options.width - 8), row, 0)
            row += 1
        self._shelve(grid, grids, row, self.options.width - 4)
        self._settings(grid, key)
        grid.seal()
        folded = self._framed(grid, caption)
        if isinstance(folded, Grid):
            return folded
        holder = Grid(f"{key}/folded")
        holder.put(folded, 0, 0)
        holder.seal()
        return holder

    def _settings(self, grid: Grid, home: str) -> None:
        """Put the settings at home in ``home`` on the bottom border as one node, or as a frame below the rest."""
        names = [name for name in self.members.get(home, ()) if self.view.nodes[name].place == "setting"]
        if not names:
            return
        key = f"settings:{home}"
        if "settings" in self.options.show or key in self.options.unfolded:
            caption = Caption(key, "settings", None, None, "⚙ settings")
            strip = Grid(key, caption)
            self.result.items[key] = strip
            leaves = [self._leaf(self.view.nodes[name], compact=True) for name in names]
            inner = self._wrapped(f"{key}/nodes", leaves, max(30, self.options.width - 20))
            strip.put(inner, 0, 0)
            strip.seal()
            grid.put(strip, grid.rows, 0)
            return
        counts: dict[str, int] = {}
        for name in names:
            self.result.stands[name] = key
            counts[self.view.nodes[name].kind] = counts.get(self.view.nodes[name].kind, 0) + 1
        text = " · ".join(f"{count} {_plural(kind, count)}" for kind, count in counts.items())
        for item in grid.cells.values():
            if isinstance(item, Grid):
                item.measure()
        room = max([30, *(item.width - 8 for item in grid.cells.values())])
        look = Look(None, "settings", "⚙", fit(text, room), text, folded=len(names))
        leaf = self._sized(key, look)
        self.result.items[key] = leaf
        grid.put_on_border(leaf, "bottom")

    # -- a VPC ----------------------------------------------------------------------------------

    def _vpc(self, name: str) -> Item:
        node = self.view.nodes[name]
        caption = Caption(name, "vpc", name, name, f"{node.glyph} {node.label}|{node.depiction.detail}")
        grid = Grid(name, caption)
        grid.gap = (0, 0, 0, 0)
        subnets = [frame for frame in self.frames.get(name, ()) if self.homes.frame(frame) == "subnet"]
        groups = [frame for frame in self.frames.get(name, ()) if self.homes.frame(frame) != "subnet"]
        body = Grid(f"{name}/body", align="center")
        body.gap = (0, 1, 1, 3)
        across = self._nodes(name)
        self._fill_body(body, name, subnets, across)
        body.seal()
        body.measure()
        if body.cells:
            grid.put(body, 0, 0)
        if groups:
            grid.put(self._wrapped(f"{name}/groups", [self._group(g) for g in groups], self.options.width - 8), 1, 0)
        for border in self.members.get(name, ()):
            if self.view.nodes[border].place == "border":
                grid.put_on_border(self._leaf(self.view.nodes[border], compact=True), "top")
        grid.minimum_width = min(cell_len(node.label) + cell_len(node.depiction.detail) + 10, self.options.width - 6)
        self._settings(grid, name)
        grid.seal()
        grid.h[0].minimum = grid.h[0].size = 1 if grid.top and body.cells else 0
        return self._framed(grid, caption)

    def _fill_body(self, body: Grid, vpc: str, subnets: list[str], across: list[str]) -> None:
        zones = sorted({self._zone(subnet) for subnet in subnets})
        lanes = lanes_of(self.view, self.homes, subnets, across, {subnet: self._zone(subnet) for subnet in subnets})
        row_of = {subnet: row for row, lane in enumerate(lanes) for subnet in lane.values()}
        rows = rows_between(self.view, self.homes, across, row_of)
        spine = math.ceil(len(zones) / 2) if across else len(zones) + 1
        spine_width = 0
        by_row: dict[int, list[str]] = {}
        for name in across:
            by_row.setdefault(rows[name], []).append(name)
        for row, names in by_row.items():
            column = Grid(f"{vpc}/across/{row}", align="center")
            column.gap = (0, 1, 0, 2)
            leaves = [self._leaf(self.view.nodes[name]) for name in names]
            room = self.options.width // 4 // (max(leaf.width for leaf in leaves) + 2)
            wide = max(1, min(room, math.ceil(len(names) / 8)))
            for index, leaf in enumerate(leaves):
                column.put(leaf, index // wide, index % wide)
            column.seal()
            column.measure()
            spine_width = max(spine_width, column.width)
            body.put(column, row, spine)
        share = (self.options.width - 14 - spine_width) // max(1, len(zones)) - 4
        for index, zone in enumerate(zones):
            column_index = index if index < spine else index + 1
            key = f"{vpc}/{zone}"
            caption = Caption(key, "zone", self.named.get(("zone", zone)), f"az:{zone}", zone)
            inside = [lane[zone] for lane in lanes if zone in lane]
            cells = [(row_of[subnet], self._subnet(subnet, share)) for subnet in inside]
            if key in self.options.folded:
                names = [n for subnet in inside for n in (subnet, *self._nodes(subnet), *self._shadow_ids(subnet))]
                body.put(self._fold(caption, names), cells[0][0], column_index)
                continue
            body.zones[column_index] = caption
            for row, item in cells:
                body.put(item, row, column_index)

    def _shadow_ids(self, subnet: str) -> list[str]:
        return [leaf.id for leaf in self._shadows(subnet)]

    def _zone(self, subnet: str) -> str:
        return next(iter(self.view.nodes[subnet].zones), "zone not given")

    def _subnet(self, name: str, width: int) -> Item:
        node = self.view.nodes[name]
        tier = TIER_WORDS.get(node.depiction.tier if node.depiction.tier is not None else -1, "")
        detail = "" if node.depiction.detail in node.label else node.depiction.detail
        caption = Caption(name, "subnet", name, name, f"{node.label}|{detail}|{tier}")
        grid = Grid(name, caption, align="fill")
        self._contents(grid, name, width)
        title = cell_len(node.label) + cell_len(detail) + 6
        grid.minimum_width = max(grid.minimum_width, min(title, max(12, width)))
        grid.seal()
        if not grid.cells:
            grid.h[0].minimum = grid.h[0].size = 1
        return self._framed(grid, caption)


def _plural(kind: str, count: int) -> str:
    return kind if count == 1 else f"{kind}s"
