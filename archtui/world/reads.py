"""A condition that notes what is asked of it, so that an answer can be kept for every condition alike in that.

What a connection does hangs on little of what is broken elsewhere. A :class:`WatchedCondition` writes
down each question with its answer; under another condition that answers the same questions the same
way, all that follows is the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import fields
from typing import TYPE_CHECKING, TypeAlias

from archtui.world.condition import Condition

if TYPE_CHECKING:
    from archtui.world.world import World

Asked: TypeAlias = tuple[str, str]
"""What was asked: ``is_down`` and a component, ``acts`` and a mechanism, ``whole`` and a field."""
Reads: TypeAlias = Mapping[Asked, object]
"""Questions with their answers."""
_FIELDS = frozenset(field.name for field in fields(Condition))
_PLAIN = "_plain"


class Log:
    """What has been asked since each of the computations under way began."""

    def __init__(self) -> None:
        self._open: list[dict[Asked, object]] = []

    def note(self, asked: Asked, answer: object) -> None:
        """Write a question down."""
        if self._open:
            self._open[-1][asked] = answer

    def add(self, reads: Reads) -> None:
        """Write down what a kept answer rests on."""
        if self._open:
            self._open[-1].update(reads)

    @contextmanager
    def noting(self) -> Iterator[dict[Asked, object]]:
        """Collect what is asked inside; whoever is outside has asked it, too."""
        reads: dict[Asked, object] = {}
        self._open.append(reads)
        try:
            yield reads
        finally:
            self._open.pop()
            self.add(reads)


class WatchedCondition(Condition):
    """A condition of which every question is noted in a log."""

    def __init__(self, plain: Condition, world: World, log: Log, stood_in: frozenset[str] = frozenset()) -> None:
        object.__setattr__(self, _PLAIN, plain)
        object.__setattr__(self, "_stood_in", stood_in)
        object.__setattr__(self, "_world", world)
        object.__setattr__(self, "_log", log)
        object.__setattr__(self, "_known", {})

    def __getattribute__(self, name: str) -> object:
        if name in _FIELDS:
            return self.answer(("whole", name))
        return object.__getattribute__(self, name)

    def answer(self, asked: Asked) -> object:
        """Answer a question and note it."""
        found = self.silently(asked)
        log: Log = object.__getattribute__(self, "_log")
        log.note(asked, found)
        return found

    def silently(self, asked: Asked) -> object:
        """Answer a question without a note."""
        known: dict[Asked, object] = object.__getattribute__(self, "_known")
        if asked not in known:
            known[asked] = self._found(asked)
        return known[asked]

    def _found(self, asked: Asked) -> object:
        plain: Condition = object.__getattribute__(self, _PLAIN)
        what, name = asked
        if what == "is_down":
            return plain.is_down(object.__getattribute__(self, "_world"), name)
        if what == "acts":
            return plain.acts(name)
        if what == "zone_down":
            return plain.zone_down(name)
        if what == "named":
            return plain.named(name)
        if what == "stood_in":
            return name in object.__getattribute__(self, "_stood_in")
        if what == "is_healthy":
            return plain.is_healthy
        return getattr(plain, name)

    def agrees(self, reads: Reads) -> bool:
        """Whether every question of ``reads`` has the same answer here."""
        return all(self.silently(asked) == answer for asked, answer in reads.items())

    @property
    def is_healthy(self) -> bool:
        return bool(self.answer(("is_healthy", "")))

    def acts(self, mechanism: str) -> bool:
        return bool(self.answer(("acts", mechanism)))

    def zone_down(self, zone: str) -> bool:
        return bool(self.answer(("zone_down", zone)))

    def named(self, name: str) -> bool:
        return bool(self.answer(("named", name)))

    def stood_in(self, name: str) -> bool:
        """Whether something has taken the place of component ``name``."""
        return bool(self.answer(("stood_in", name)))

    def with_mended(self, name: str) -> Condition:
        self._all_noted()
        plain: Condition = object.__getattribute__(self, _PLAIN)
        return plain.with_mended(name)

    def _all_noted(self) -> None:
        for field in sorted(_FIELDS):
            self.answer(("whole", field))

    def is_down(self, world: World, name: str) -> bool:
        if world is not object.__getattribute__(self, "_world"):
            self._all_noted()
            plain: Condition = object.__getattribute__(self, _PLAIN)
            return plain.is_down(world, name)
        return bool(self.answer(("is_down", name)))

    def __eq__(self, other: object) -> bool:
        return self is other

    def __hash__(self) -> int:
        return id(self)
