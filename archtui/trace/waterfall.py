"""The time a request takes as a waterfall: each part begins where the one before it ends."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from archtui.trace.latency import Latency

BAR, START = "█", "▏"


def bars(parts: Sequence[Latency], width: int) -> Iterator[tuple[Latency, int, str]]:
    """Yield each part with the cell at which its bar begins and the bar, on a common scale of ``width`` cells."""
    total = sum(part.milliseconds for part in parts)
    began = 0.0
    for part in parts:
        first = round(began / total * width) if total else 0
        began += part.milliseconds
        last = round(began / total * width) if total else 0
        yield part, first, BAR * (last - first) or START


def waterfall(parts: Sequence[Latency], width: int = 40) -> Iterator[str]:
    """Yield a line for each part: its bar on a common scale of ``width`` cells, its time, its name, its assumption."""
    total = sum(part.milliseconds for part in parts)
    if not total:
        return
    names = max(len(part.hop) for part in parts)
    for part, first, bar in bars(parts, width):
        yield (
            f"{' ' * first}{bar}".ljust(width + 1)
            + f"{part.milliseconds:>8g} ms  {part.hop:<{names}}  {part.assumption}"
        )
    yield f"{'':{width + 1}}{total:>8g} ms  in total"
