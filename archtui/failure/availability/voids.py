"""What would void a certificate, in a form that stays small: an OR of events and of ANDs of such ORs.

A design asks the same few things over and over on many ways. So what all ways share is taken out of
their AND, what an OR has anyway is left out of what stands below it, and equal forms are one object.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from archtui.failure.faulttree import Formula, all_of, any_of

Events = frozenset[str]


@dataclass(frozen=True)
class Void:
    """True where one of ``events`` has happened, or for one of ``ways`` all of its members are true."""

    events: Events = frozenset()
    ways: frozenset[frozenset[Void]] = frozenset()

    def __hash__(self) -> int:
        return self._hash

    @cached_property
    def _hash(self) -> int:
        return hash((self.events, self.ways))

    @property
    def impossible(self) -> bool:
        """Whether nothing makes it true."""
        return not self.events and not self.ways

    @cached_property
    def mentioned(self) -> Events:
        """Every event in it."""
        return self.events.union(*(part.mentioned for way in self.ways for part in way))

    def true_in(self, broken: Events) -> bool:
        """Whether it is true where exactly ``broken`` has happened."""
        if not self.events.isdisjoint(broken):
            return True
        return any(all(part.true_in(broken) for part in way) for way in self.ways)

    def formula(self) -> Formula:
        """Return it as a fault tree's formula, in a stable order."""
        ways = [all_of(*sorted((part.formula() for part in way), key=repr)) for way in self.ways]
        parts: list[Formula] = [*sorted(self.events), *sorted(ways, key=repr)]
        return any_of(*parts) if len(parts) != 1 else parts[0]

    def without(self, events: Events) -> Void:
        """Return it where ``events`` never happen."""
        if self.mentioned.isdisjoint(events):
            return self
        ways = (frozenset(part.without(events) for part in way) for way in self.ways)
        return Void(self.events - events, frozenset(way for way in ways if not any(part.impossible for part in way)))


NEVER = Void()


def one_of(parts: Iterable[Void]) -> Void:
    """Return what is true when one of ``parts`` is."""
    found = list(dict.fromkeys(parts))
    if len(found) == 1:
        return found[0]
    events = frozenset[str]().union(*(part.events for part in found))
    ways: set[frozenset[Void]] = set()
    for part in found:
        for way in part.ways:
            settled = frozenset(member.without(events) for member in way)
            if not any(member.impossible for member in settled):
                ways.add(settled)
    return Void(events, frozenset(ways))


def all_of_these(parts: Iterable[Void]) -> Void:
    """Return what is true when all of ``parts`` are; without any, nothing is."""
    found = list(dict.fromkeys(parts))
    if len(found) < 2:
        return found[0] if found else NEVER
    events = frozenset.intersection(*(part.events for part in found))
    ways = frozenset.intersection(*(part.ways for part in found))
    rest: set[Void] = set()
    for part in found:
        left = Void(part.events - events, part.ways - ways)
        if left.impossible:
            return Void(events, ways)
        rest.add(left.without(events))
    if any(left.impossible for left in rest):
        return Void(events, ways)
    if len(rest) == 1:
        return one_of((Void(events, ways), *rest))
    return Void(events, ways | {frozenset(rest)})


class ShortCuts:
    """The minimal cut sets of few events of an AND of voids, to which more may be added."""

    def __init__(self, order: int) -> None:
        self.order = order
        self.sets: frozenset[Events] = frozenset({frozenset()})
        self.added = 0
        """How many voids are in the AND."""
        self._known: dict[Void, frozenset[Events]] = {}

    def add(self, void: Void) -> None:
        """Take ``void`` into the AND."""
        self.sets = self._joined(self.sets, self._of(void))
        self.added += 1

    def _of(self, void: Void) -> frozenset[Events]:
        found = self._known.get(void)
        if found is None:
            sets: set[Events] = {frozenset({event}) for event in void.events}
            for way in void.ways:
                joined: frozenset[Events] = frozenset({frozenset()})
                for part in sorted((self._of(member) for member in way), key=len):
                    joined = self._joined(joined, part)
                sets |= joined
            found = self._known[void] = minimal(sets)
        return found

    def _joined(self, some: frozenset[Events], others: frozenset[Events]) -> frozenset[Events]:
        return minimal({both for a in some for b in others if len(both := a | b) <= self.order})


def minimal(sets: Iterable[Events]) -> frozenset[Events]:
    """Return the sets that no other is part of."""
    kept: list[Events] = []
    for one in sorted(set(sets), key=len):
        if not any(other <= one for other in kept if len(other) < len(one)):
            kept.append(one)
    return frozenset(kept)


def in_order(sets: Iterable[Events]) -> Sequence[Events]:
    """Return the sets in a stable order."""
    return sorted(sets, key=lambda one: (len(one), sorted(one)))
