"""What one walker keeps of what it found out, and what it shares with walkers of other conditions.

Nothing that is kept may rest on a provisional answer, the one that a health check gets which comes back to
itself: it would be another one, had somebody else asked first.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from threading import RLock
from typing import TypeVar, cast

from archtui.trace.application import trail_asked
from archtui.trace.memory import memory_of
from archtui.trace.stages import Stage
from archtui.trace.walk import Leg
from archtui.world.reads import Log, Reads, WatchedCondition
from archtui.world.world import World

T = TypeVar("T")

ONE_AT_A_TIME = RLock()
"""Threads share walkers: a check in the background must not take the question of another trace, still being answered,
for one that has come back to itself."""
LEGS_KEPT = 4096
"""Packet legs that branches share are traced once; a walker keeps so many at most."""
STAGES_KEPT = 4096
"""Connections that branches share are followed once; a walker keeps so many at most."""


@dataclass(frozen=True, slots=True)
class _Followed:
    """A connection that was followed, and what of the trail that rests on."""

    asked: frozenset[str]
    trail: frozenset[str]
    stage: Stage

    def fits(self, trail: frozenset[str]) -> bool:
        return trail & self.asked == self.trail


@dataclass(slots=True)
class _Open:
    """A question that is being answered."""

    while_asking: object
    provisional: bool = False
    """Whether its answer rests on a provisional one: its own, or that of a question around it."""


class Keeping:
    """The answers of one walker; ``watched`` is its condition, None where nothing is broken."""

    def __init__(self, world: World, watched: WatchedCondition | None, log: Log) -> None:
        self._world = world
        self._watched = watched
        self._log = log
        self._known: dict[Hashable, object] = {}
        self._reads: dict[Hashable, Reads] = {}
        self._stages: dict[Hashable, list[_Followed]] = {}
        self._legs: dict[Hashable, Leg] = {}
        self._open: dict[Hashable, _Open] = {}

    @property
    def asking(self) -> int:
        """How many questions of :meth:`once` are being answered, one for the sake of the other."""
        return len(self._open)

    def leg(self, key: Hashable, make: Callable[[], Leg]) -> Leg:
        """Return a packet leg, traced once."""
        if self._watched is not None:
            return self._remembered(("leg", key), self._watched, make)
        leg = self._legs.get(key)
        if leg is None:
            if len(self._legs) >= LEGS_KEPT:
                self._legs.clear()
            leg = self._legs[key] = make()
        return leg

    def once(self, key: tuple[Hashable, ...], make: Callable[[], T], while_asking: T) -> T:
        """As :meth:`archtui.trace.walk.Walk.once`."""
        with ONE_AT_A_TIME:
            return self._once(key, make, while_asking)

    def _once(self, key: tuple[Hashable, ...], make: Callable[[], T], while_asking: T) -> T:
        if key in self._known:
            self._log.add(self._reads[key])
            return cast(T, self._known[key])
        if key in self._open:
            return cast(T, self._provisional(key))
        asked_first = not self._open
        if asked_first and self._watched is not None:
            held = memory_of(self._world).find(("once", *key), self._watched)
            if held is not None:
                self._log.add(held.reads)
                return cast(T, held.value)
        question = self._open[key] = _Open(while_asking)
        try:
            with self._log.noting() as reads:
                made = make()
        finally:
            del self._open[key]
        if question.provisional:
            return made
        self._known[key] = made
        self._reads[key] = reads
        if asked_first and self._watched is not None:
            memory_of(self._world).keep(("once", *key), reads, made)
        return made

    def _provisional(self, key: Hashable) -> object:
        """Return the answer to a question that is being answered, and note who rests on it."""
        inside = False
        for name, question in self._open.items():
            inside = inside or name == key
            question.provisional = question.provisional or inside
        return self._open[key].while_asking

    def kept(self, key: tuple[Hashable, ...], make: Callable[[], T]) -> T:
        """As :meth:`archtui.trace.walk.Walk.kept`."""
        with ONE_AT_A_TIME:
            return self._kept(key, make)

    def _kept(self, key: tuple[Hashable, ...], make: Callable[[], T]) -> T:
        if self._open:
            return make()
        if self._watched is not None:
            return self._remembered(("kept", *key), self._watched, make)
        known = ("kept", *key)
        if known not in self._known:
            self._known[known] = make()
        return cast(T, self._known[known])

    def stage(self, key: tuple[Hashable, ...], trail: frozenset[str], make: Callable[[], Stage]) -> Stage:
        """Return what follows a connection after ``trail``; branches that come to the same one share it.

        A connection that a running health check looks at is not kept: it may rest on a provisional answer.
        """
        if self._open:
            return make()
        if self._watched is not None:
            return self._shared(("go", *key), trail, self._watched, make)
        for followed in self._stages.get(key, ()):
            if followed.fits(trail):
                return followed.stage
        followed = self._followed(trail, make)
        if len(self._stages) >= STAGES_KEPT:
            self._stages.clear()
        self._stages.setdefault(key, []).append(followed)
        return followed.stage

    def _followed(self, trail: frozenset[str], make: Callable[[], Stage]) -> _Followed:
        stage = make()
        asked = trail_asked(stage, self._world)
        return _Followed(asked, trail & asked, stage)

    def _shared(
        self, key: Hashable, trail: frozenset[str], watched: WatchedCondition, make: Callable[[], Stage]
    ) -> Stage:
        memory = memory_of(self._world)
        held = memory.find(key, watched, lambda value: isinstance(value, _Followed) and value.fits(trail))
        if held is not None:
            self._log.add(held.reads)
            return cast(_Followed, held.value).stage
        with self._log.noting() as reads:
            followed = self._followed(trail, make)
        memory.keep(key, reads, followed)
        return followed.stage

    def _remembered(self, key: Hashable, watched: WatchedCondition, make: Callable[[], T]) -> T:
        """Return ``make()``, or what it gave under a condition that is alike in all that it asked."""
        memory = memory_of(self._world)
        held = memory.find(key, watched)
        if held is not None:
            self._log.add(held.reads)
            return cast(T, held.value)
        with self._log.noting() as reads:
            made = make()
        memory.keep(key, reads, made)
        return made
