"""Conditions with a start and an end: ``az:eu-west-1a@30..600``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from archtui.world.condition import Condition, TargetError, condition_for
from archtui.world.world import World

_WINDOW = re.compile(r"(?P<start>\d+(?:\.\d+)?)?(?P<until>\.\.(?P<end>\d+(?:\.\d+)?)?)?")


@dataclass(frozen=True, slots=True)
class Timed:
    """One target that fails for a while."""

    target: str
    start: float = 0.0
    """Seconds after the beginning."""
    end: float | None = None
    """Seconds after the beginning at which the cause is gone; None: it stays."""

    def active(self, t: float) -> bool:
        """Whether the cause lasts at ``t``."""
        return self.start <= t and (self.end is None or t < self.end)

    def __str__(self) -> str:
        if not self.start and self.end is None:
            return self.target
        return f"{self.target}@{self.start:g}{f'..{self.end:g}' if self.end is not None else ''}"


def parse_timed(text: str) -> Timed:
    """Return what ``TARGET``, ``TARGET@START`` or ``TARGET@START..END`` says; raise :class:`TargetError` otherwise."""
    target, at, window = text.rpartition("@")
    if not at:
        return Timed(text)
    found = _WINDOW.fullmatch(window)
    if found is None or not window:
        raise TargetError(f"{window!r} is no time; write TARGET@START..END in seconds, as in az:eu-west-1a@30..600")
    start, end = float(found["start"] or 0), float(found["end"]) if found["end"] else None
    if end is not None and end <= start:
        raise TargetError(f"{target} ends at {end:g} s but starts at {start:g} s; give an end after the start")
    return Timed(target, start, end)


def parse_all(world: World, texts: Iterable[str]) -> tuple[Timed, ...]:
    """Return the targets with their times, by start; refuse what contradicts itself or cannot be.

    Raises :class:`TargetError` where a target names nothing in the design, fails again while it is down, or says
    of something what another one denies at the same time.
    """
    found = sorted(dict.fromkeys(map(parse_timed, texts)), key=lambda item: item.start)
    if not found:
        raise TargetError("nothing fails; name a component, az:ZONE, region:REGION or link:A->B")
    for item in found:
        condition_for(world, (item.target,))
    for index, item in enumerate(found):
        for later in found[index + 1 :]:
            if later.target == item.target and (item.end is None or later.start < item.end):
                raise TargetError(
                    f"{item.target} cannot fail at {later.start:g} s: it is still down then; end it before with"
                    f" {item.target}@{item.start:g}..{later.start:g}"
                )
    for start in sorted({item.start for item in found}):
        active_at(world, found, start)
    return tuple(found)


def is_timed(texts: Iterable[str]) -> bool:
    """Whether some target starts later, or ends."""
    return any("@" in text for text in texts)


def active_at(world: World, items: Sequence[Timed], t: float) -> Condition:
    """Return what is broken at ``t``, nothing recovered."""
    names = tuple(item.target for item in items if item.active(t))
    return condition_for(world, names) if names else Condition()
