"""How many clients are served at each moment: caches forget an answer one after the other, not all at once.

A client that asked just before the failure keeps the old answer for its whole time to live, one that asked long
before asks again at once. Over all clients the share that has moved grows evenly until the time to live is over.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

Points = tuple[tuple[float, float], ...]
"""(seconds, share), rising; straight lines between them, two of one moment are a jump."""


@dataclass(frozen=True, slots=True)
class Forgetting:
    """A stretch of time in which caches forget an old answer."""

    start: float
    end: float
    gain: float
    """The share that is served more when all have forgotten it, nothing else changed."""


def served(steps: Sequence[tuple[float, float]], forgetting: Iterable[Forgetting]) -> Points:
    """Return the share of all clients that is served, given the share of those that move last.

    ``steps`` are (seconds, share from then on) as the last client sees it. What a stretch of forgetting gains in
    the end is gained evenly over it by all clients together.
    """
    ramps = sorted((each for each in forgetting if each.gain > 0 and each.end > each.start), key=lambda each: each.end)
    moments = sorted({t for t, _ in steps} | {t for ramp in ramps for t in (ramp.start, ramp.end)})
    points: list[tuple[float, float]] = []
    for t in moments:
        for side in (-1, 1):
            point = (t, min(1.0, _step(steps, t, side) + sum(_moved(ramp, t, side) for ramp in ramps)))
            if (t > moments[0] or side > 0) and (not points or points[-1] != point):
                points.append(point)
    return tuple(points)


def missed(points: Points) -> float:
    """Return the seconds of all requests that fail between the first and the last point."""
    return math.fsum((end - start) * (1 - (a + b) / 2) for (start, a), (end, b) in pairwise(points))


def share_served(points: Points, t: float) -> float:
    """Return the share that is served at second ``t``."""
    before = [(start, share) for start, share in points if start <= t]
    start, share = before[-1]
    after = next(((end, other) for end, other in points if end > t), None)
    if after is None or start == t:
        return share
    return share + (after[1] - share) * (t - start) / (after[0] - start)


def _step(steps: Sequence[tuple[float, float]], t: float, side: int) -> float:
    passed = [share for start, share in steps if start < t or (side > 0 and start == t)]
    return passed[-1] if passed else steps[0][1]


def _moved(ramp: Forgetting, t: float, side: int) -> float:
    if t < ramp.start or t > ramp.end or (t == ramp.end and side > 0):
        return 0.0
    return ramp.gain * (t - ramp.start) / (ramp.end - ramp.start)


__all__ = ["Forgetting", "Points", "missed", "served", "share_served"]
