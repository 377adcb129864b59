"""What walkers of one world keep for each other: answers that hold under every condition alike in what was asked."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from archtui.world.reads import Log, Reads, WatchedCondition
from archtui.world.world import World

T = TypeVar("T")
KEPT = 20_000
"""So many answers are kept at most."""


@dataclass(frozen=True, slots=True)
class Held(Generic[T]):
    """An answer with the questions that it rests on."""

    reads: Reads
    value: T


@dataclass
class Memory:
    """The answers of one world by what was asked for."""

    held: dict[Hashable, list[Held[object]]] = field(default_factory=dict)
    size: int = 0

    def find(
        self, key: Hashable, condition: WatchedCondition, fits: Callable[[object], bool] | None = None
    ) -> Held[object] | None:
        """Return what is held for ``key`` and holds under ``condition``, the latest first."""
        for held in reversed(self.held.get(key, ())):
            if (fits is None or fits(held.value)) and condition.agrees(held.reads):
                return held
        return None

    def keep(self, key: Hashable, reads: Reads, value: object) -> None:
        """Hold an answer."""
        if self.size >= KEPT:
            self.held.clear()
            self.size = 0
        self.size += 1
        self.held.setdefault(key, []).append(Held(reads, value))


def memory_of(world: World) -> Memory:
    """Return the memory that the walkers of ``world`` share."""
    return world.part(_memory)


def _memory(_: World) -> Memory:
    return Memory()


__all__ = ["Held", "Log", "Memory", "memory_of"]
