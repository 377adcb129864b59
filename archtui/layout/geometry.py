"""Points and rectangles in character cells; x grows to the right, y downwards."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Point = tuple[int, int]
Direction = Literal["left", "right", "up", "down"]
Side = Literal["left", "right", "top", "bottom"]


@dataclass(frozen=True, slots=True)
class Rect:
    """A rectangle of cells; ``right`` and ``bottom`` are the first column and row outside it."""

    x: int
    y: int
    width: int
    height: int

    @property
    def right(self) -> int:
        """The first column to the right of it."""
        return self.x + self.width

    @property
    def bottom(self) -> int:
        """The first row below it."""
        return self.y + self.height

    @property
    def center(self) -> Point:
        """The cell in the middle (the left and upper one of two)."""
        return self.x + (self.width - 1) // 2, self.y + (self.height - 1) // 2

    def holds(self, x: int, y: int) -> bool:
        """Say whether the cell is in it."""
        return self.x <= x < self.right and self.y <= y < self.bottom

    def contains(self, other: Rect) -> bool:
        """Say whether ``other`` lies in it entirely."""
        return self.x <= other.x and self.y <= other.y and other.right <= self.right and other.bottom <= self.bottom

    def overlaps(self, other: Rect) -> bool:
        """Say whether they share a cell."""
        return self.x < other.right and other.x < self.right and self.y < other.bottom and other.y < self.bottom
