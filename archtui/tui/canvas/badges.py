"""Marks on nodes and frames: a glyph, a word and a colour, so that no colour has to speak alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

from rich.cells import cell_len, set_cell_size

from archtui.layout.result import Layout

Level = Literal["ok", "info", "warning", "error", "degraded", "down"]
SEVERITY: tuple[Level, ...] = get_args(Level)
"""The worst last: where one node stands for several components, the worst mark is seen."""


@dataclass(frozen=True, slots=True)
class Badge:
    """A mark: ``Badge("✗", "down", "down")``. The glyph is one cell wide."""

    glyph: str
    word: str
    level: Level

    @property
    def text(self) -> str:
        """Glyph and word."""
        return f"{self.glyph} {self.word}" if self.word else self.glyph


@dataclass(frozen=True, slots=True)
class Overlay:
    """A text that covers what the layout has painted, from column ``x`` on."""

    x: int
    text: str
    style: str


def badge_overlays(layout: Layout, badges: Mapping[str, Badge]) -> dict[int, list[Overlay]]:
    """Return by row where badges are drawn: beside a compact node, on the border of a boxed one or a frame."""
    rows: dict[int, list[Overlay]] = {}
    for name, badge in sorted(badges.items(), key=lambda pair: SEVERITY.index(pair[1].level)):
        style = f"canvas--{badge.level}"
        for shown in layout.all_shown(name):
            node = layout.nodes.get(shown)
            frame = layout.frames.get(shown)
            if node and node.boxed:
                text = f" {badge.text} "
                if cell_len(text) > node.rect.width - 2:
                    text = set_cell_size(text, node.rect.width - 2)
                rows.setdefault(node.rect.y, []).append(Overlay(node.rect.x + 1, text, style))
            elif node and cell_len(badge.text) <= node.slack:
                rows.setdefault(node.rect.y, []).append(Overlay(node.rect.right, badge.text, style))
            elif node:
                rows.setdefault(node.rect.y, []).append(Overlay(node.rect.right - 1, badge.glyph, style))
            elif frame:
                x = frame.title_rect.right
                text = f"{badge.text} "
                room = frame.rect.right - 1 - x
                shown_text = text if cell_len(text) <= room else badge.glyph
                if room > 0:
                    rows.setdefault(frame.rect.y, []).append(Overlay(x, shown_text, style))
    return rows
