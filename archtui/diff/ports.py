"""Sets of ports as they are written: ``80,443,1024-65535``."""

from __future__ import annotations

from typing import TypeAlias

Ranges: TypeAlias = list[tuple[int, int]]
"""Both ends included, rising, not touching."""


def ranges(text: str) -> Ranges:
    """Return the ranges of ``80,1024-65535``; none for an empty text."""
    found: Ranges = []
    for part in text.split(",") if text else ():
        low, _, high = part.partition("-")
        found.append((int(low), int(high or low)))
    return found


def without(ports: str, others: str) -> str:
    """Return the ports of ``ports`` that are not in ``others``."""
    left = ranges(ports)
    for low, high in ranges(others):
        parted: Ranges = []
        for first, last in left:
            if first < low:
                parted.append((first, min(last, low - 1)))
            if high < last:
                parted.append((max(first, high + 1), last))
        left = parted
    return ",".join(str(low) if low == high else f"{low}-{high}" for low, high in left)
