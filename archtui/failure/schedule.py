"""When each mechanism is done: serial ones add, parallel ones run side by side."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from archtui.facts import NO_TIME, Span
from archtui.failure.interface import Fails, Mechanism, Situation
from archtui.world.faults import HasQuotas

IN_THE_END = math.inf
"""The moment at which everything has come about that does by itself, even where nobody publishes when."""


@dataclass(frozen=True)
class Schedule:
    """The mechanisms that a failure sets off, with the moments they start and end at."""

    mechanisms: tuple[Mechanism, ...]
    starts: Mapping[str, Span]
    """By id, for those whose start is known."""
    ends: Mapping[str, Span]
    """By id, for those that end by themselves at a known moment."""

    @property
    def at_rest(self) -> frozenset[str]:
        """What is complete in the end, whether it is known when or not."""
        known = {mechanism.id for mechanism in self.mechanisms}
        waits = {mechanism.id: known.intersection(mechanism.after) for mechanism in self.mechanisms}
        done = {mechanism.id for mechanism in self.mechanisms if mechanism.automatic and not mechanism.hindered}
        while waiting := {name for name in done if not done.issuperset(waits[name])}:
            done -= waiting
        return frozenset(done)

    @property
    def open_ended(self) -> bool:
        """Whether something comes about by itself at a moment that nobody publishes."""
        return not self.at_rest <= self.ends.keys()

    def by_id(self, name: str) -> Mechanism:
        """Return the mechanism ``name`` (``alb.target:web``)."""
        return next(found for found in self.mechanisms if found.id == name)

    def done_by(self, t: float, latest: bool) -> frozenset[str]:
        """Return what is complete ``t`` seconds after the failure, by the latest or the earliest figures.

        At :data:`IN_THE_END` that is all that happens by itself, at a known moment or not.
        """
        if t == IN_THE_END:
            return self.at_rest
        return frozenset(name for name, end in self.ends.items() if (end.max if latest else end.min) <= t)

    def moments(self, latest: bool) -> tuple[float, ...]:
        """Return the seconds at which something completes, rising; what completes at an unknown one does in the end."""
        found = {end.max if latest else end.min for end in self.ends.values()}
        return tuple(sorted(found | {IN_THE_END} if self.open_ended else found))

    def with_what_it_waits_for(self, names: Iterable[str]) -> frozenset[str]:
        """Return ``names`` and all that must be complete before them."""
        found: set[str] = set()
        todo = list(names)
        known = {mechanism.id: mechanism for mechanism in self.mechanisms}
        while todo:
            name = todo.pop()
            if name not in found and name in known:
                found.add(name)
                todo.extend(known[name].after)
        return frozenset(found)


def schedule(situation: Situation, seed: int | None = None) -> Schedule:
    """Collect what every component does about the failure and say when it is done.

    With a ``seed`` every range of seconds is drawn once, evenly; the same seed always draws the same.
    """
    found: list[Mechanism] = []
    for component in situation.world.components.values():
        fails = component.kind.behaviour(Fails)
        if fails is not None:
            found.extend(_drawn(_allowed(m, situation), seed) for m in fails.mechanisms(component, situation))
    starts: dict[str, Span] = {}
    ends: dict[str, Span] = {}
    known = {mechanism.id: mechanism for mechanism in found}
    visiting: set[str] = set()

    def settle(mechanism: Mechanism) -> None:
        if mechanism.id in starts or mechanism.id in visiting:
            return
        visiting.add(mechanism.id)
        waits = [known[name] for name in mechanism.after if name in known]
        for before in waits:
            settle(before)
        visiting.discard(mechanism.id)
        if any(before.id not in ends for before in waits):
            return
        start = NO_TIME
        for before in waits:
            start = Span(max(start.min, ends[before.id].min), max(start.max, ends[before.id].max))
        starts[mechanism.id] = start
        if mechanism.automatic and not mechanism.hindered and mechanism.seconds is not None:
            ends[mechanism.id] = start + mechanism.seconds

    for mechanism in found:
        settle(mechanism)
    return Schedule(tuple(found), starts, ends)


def _drawn(mechanism: Mechanism, seed: int | None) -> Mechanism:
    """Draw one figure out of each range of seconds; it hangs on the seed and the mechanism's name alone."""
    if seed is None:
        return mechanism

    def one(span: Span | None, what: str) -> Span | None:
        if span is None or span.min == span.max:
            return span
        digest = hashlib.sha256(f"{seed} {mechanism.id} {what}".encode()).digest()
        share = int.from_bytes(digest[:8], "big") / 2**64
        seconds = round(span.min + share * (span.max - span.min), 1)
        return Span(seconds, seconds)

    return replace(mechanism, detect=one(mechanism.detect, "detect"), switch=one(mechanism.switch, "switch"))


def _allowed(mechanism: Mechanism, situation: Situation) -> Mechanism:
    """Hinder what needs a control plane that is down, or a quota that is used up."""
    kind = situation.world.components[mechanism.component].kind
    counts = kind.behaviour(HasQuotas)
    used = [q.name for q in counts.quotas if q.name in situation.condition.quotas] if counts else []
    if used and mechanism.control_planes and not mechanism.hindered:
        return replace(mechanism, hindered=f"the quota {used[0]} is used up, so nothing can be started")
    missing = [plane for plane in mechanism.control_planes if plane in situation.condition.control_planes]
    if not missing or mechanism.hindered:
        return mechanism
    return replace(mechanism, hindered=f"the {missing[0]} control plane is down")
