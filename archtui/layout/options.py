"""What a drawing should look like."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Density = Literal["auto", "compact", "boxed"]
Show = Literal["settings", "routes", "implicit", "uses"]
BOXED_FROM = 100
"""Columns from which nodes get a border of their own, where the density is left to the layout."""


@dataclass(frozen=True, slots=True)
class Options:
    """The width to aim at, in cells, how nodes are drawn, what is folded and what else is shown."""

    width: int = 80
    density: Density = "auto"
    folded: frozenset[str] = frozenset()
    """Frames drawn as one node, by frame id."""
    show: frozenset[Show] = frozenset()
    """``settings`` unfolds all settings strips, ``routes`` draws subnets' routes to gateways,
    ``implicit`` what AWS adds, ``uses`` the lines from nodes to shown settings."""
    unfolded: frozenset[str] = frozenset()
    """Settings strips that are opened, by frame id (``settings:vpc``)."""

    @property
    def boxed(self) -> bool:
        """Whether nodes have a border."""
        return self.density == "boxed" or (self.density == "auto" and self.width >= BOXED_FROM)
