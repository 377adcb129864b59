"""The tree a trace is made of: stages that part into ways, and the verdict and share that follow from them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TypeAlias

from archtui.model.component import Component
from archtui.trace.interface import Bond, Call, Deadline, Leg, verdict_of
from archtui.trace.latency import Latency
from archtui.world.steps import Action, Blocker, Hop, Step, Verdict


@dataclass(frozen=True)
class Stage:
    """A stretch of a request's way that everything here takes: one connection, or the first lookup.

    ``calls`` is what follows from it, in order; ``back`` are the hops of the reply, which come after
    the replies of all calls.
    """

    at: str
    """The component the stretch leads to; empty where it leads to none."""
    forward: tuple[Hop, ...]
    back: tuple[Hop, ...] = ()
    own: Verdict = Verdict.REACHABLE
    """The verdict of this stretch alone."""
    calls: tuple[Made, ...] = ()
    own_status: int | None = None
    """The HTTP status given here, without asking further."""
    refused: bool = False
    missing: tuple[str, ...] = ()
    latency: Latency | None = None
    takes: Latency | None = None
    """How long the component at its end works, what it calls not counted."""
    itself: bool = False
    """Whether it is no new connection, but one of the things that the component before it may do."""

    @cached_property
    def verdict(self) -> Verdict:
        """The verdict with everything that follows and cannot be done without."""
        if self.own is Verdict.BLOCKED:
            return Verdict.BLOCKED
        return worst((self.own, *(made.verdict for made in self.calls if made.dependency == "hard")))

    @property
    def silent(self) -> bool:
        """Whether it ends here without a status."""
        return self.own is Verdict.BLOCKED and self.own_status is None

    @cached_property
    def share(self) -> float:
        """The share of requests that come here and succeed; what is unknown counts as failing."""
        if self.own is not Verdict.REACHABLE:
            return 0.0
        share = 1.0
        for made in self.calls:
            if made.dependency == "hard":
                share *= made.share
        return share

    @cached_property
    def failing(self) -> float:
        """The share of requests that come here and are decided to fail."""
        if self.own is Verdict.BLOCKED:
            return 1.0
        passes = 1.0
        for made in self.calls:
            if made.dependency == "hard":
                passes *= 1.0 - made.chance * made.failing
        return 1.0 - passes

    @cached_property
    def works(self) -> float:
        """The seconds of work that are stated for it and for all that it waits for, on the slowest of its ways."""
        own = self.takes.milliseconds / 1000 if self.takes else 0.0
        below = (max((way.stage.works for way in made.ways if way.weight > 0), default=0.0) for made in self.awaited)
        return own + sum(below)

    @cached_property
    def comes_to(self) -> frozenset[str]:
        """Every component that this stage or one below it leads to."""
        return frozenset({self.at} if self.at else ()).union(
            *(way.stage.comes_to for made in self.calls for way in made.ways)
        )

    @property
    def awaited(self) -> tuple[Made, ...]:
        """The calls that the answer waits for."""
        return tuple(made for made in self.calls if made.dependency != "after")

    @property
    def events(self) -> tuple[Made, ...]:
        """The calls that come after the answer."""
        return tuple(made for made in self.calls if made.dependency == "after")

    def all_stages(self) -> Iterator[Stage]:
        """Yield this stage and all below it that carry traffic and that the answer waits for."""
        yield self
        for made in self.awaited:
            for way in made.ways:
                if way.weight > 0:
                    yield from way.stage.all_stages()

    def different_stages(self) -> Iterator[Stage]:
        """Yield the stages of :meth:`all_stages`, one that several ways share once."""
        seen: set[int] = set()
        todo = [self]
        while todo:
            stage = todo.pop()
            if id(stage) not in seen:
                seen.add(id(stage))
                yield stage
                below = [way.stage for made in stage.awaited for way in made.ways if way.weight > 0]
                todo.extend(reversed(below))


@dataclass(frozen=True)
class Way:
    """One way a call may go, with its share among the call's ways."""

    weight: float
    label: str
    stage: Stage
    cached: bool = False
    """Whether a cache answers in the place of what is behind it."""


@dataclass(frozen=True)
class Made:
    """A call that was made: its ways, one of which each request takes."""

    label: str
    ways: tuple[Way, ...]
    dependency: Bond = "hard"
    relays: bool = False
    refused_status: int | None = 500
    timeout_status: int | None = 500
    delay: Latency | None = None
    """For what comes after the answer: how long until it begins."""
    instead: tuple[tuple[int, int], ...] = ()
    """For a relay: statuses below that it does not pass on, each with the one it gives instead."""
    chance: float = 1.0
    """The share of the requests that make it: below 1 where it hangs on the failure or success of another call."""
    follows: str = ""
    """The label of the call before it without whose success it is not made; empty: none of its own."""

    @cached_property
    def verdict(self) -> Verdict:
        """Blocked if a way that carries traffic is, else unknown if one is, else reachable."""
        return worst(way.stage.verdict for way in self.ways if way.weight > 0)

    @cached_property
    def share(self) -> float:
        """The share of the requests that it does not stop."""
        return 1.0 - self.chance + self.chance * sum(way.weight * way.stage.share for way in self.ways)

    @cached_property
    def failing(self) -> float:
        """The share of calls that are decided to fail."""
        return sum(way.weight * way.stage.failing for way in self.ways)

    @cached_property
    def main(self) -> Way:
        """The way that tells most."""
        carrying = [way for way in self.ways if way.weight > 0] or list(self.ways)
        for verdict in (Verdict.BLOCKED, Verdict.UNKNOWN):
            if self.verdict is verdict:
                return next(way for way in carrying if way.stage.verdict is verdict)
        return max(carrying, key=lambda way: way.weight)


def chance_of(call: Call, own: Verdict, before: Sequence[Made]) -> float:
    """Return the share of the requests that make ``call``, given how what stands before it came out.

    What is not decided counts neither as failed nor as succeeded.
    """
    if not call.on:
        return 1.0
    if call.of:
        awaited = [made for made in before if made.label == call.of]
    else:
        awaited = [made for made in before if made.dependency == "hard"]
    succeeds, fails = 1.0, 0.0
    if not call.of and own is not Verdict.REACHABLE:
        succeeds = 0.0
        fails = 1.0 if own is Verdict.BLOCKED else 0.0
    for made in awaited:
        succeeds *= made.share
        fails += (1.0 - fails) * made.chance * made.failing
    return succeeds if call.on == "success" else fails


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """Return blocked before unknown before reachable."""
    seen = set(verdicts)
    if Verdict.BLOCKED in seen:
        return Verdict.BLOCKED
    return Verdict.UNKNOWN if Verdict.UNKNOWN in seen else Verdict.REACHABLE


BlockerKey: TypeAlias = tuple[str, str, str, str]
"""What makes two denials one blocker: component, code, the rule concerned, the port asked."""


def blocker_at(hop: Hop, step: Step) -> Blocker:
    """Return the blocker that ``step`` of ``hop`` is."""
    return Blocker(step.decided_by.component if step.decided_by else hop.component, step.code, step.message)


def blocker_key(hop: Hop, step: Step) -> BlockerKey:
    """Return what tells the blocker of a step from others; an ephemeral port range tells nothing."""
    port = str(step.before.get("destination_port", ""))
    rule = step.decided_by
    where = f"{rule.text} {rule.path}" if rule else ""
    return rule.component if rule else hop.component, step.code, where, "" if "-" in port else port


def blockers_once(hops: Iterable[Hop]) -> tuple[Blocker, ...]:
    """Return the denials in ``hops``, in their order; the same fault seen on several branches counts once."""
    found: dict[BlockerKey, Blocker] = {}
    for hop in hops:
        for step in hop.steps:
            if step.action is Action.DENY:
                found.setdefault(blocker_key(hop, step), blocker_at(hop, step))
    return tuple(found.values())


def hard_hops(stage: Stage, seen: set[int] | None = None) -> Iterator[Hop]:
    """Yield the hops of ``stage`` and of all below it that cannot be done without; those of a shared stage once."""
    seen = set() if seen is None else seen
    if id(stage) in seen:
        return
    seen.add(id(stage))
    yield from stage.forward
    for made in stage.calls:
        if made.dependency == "hard":
            for way in made.ways:
                if way.weight > 0:
                    yield from hard_hops(way.stage, seen)
    yield from stage.back


def among(label: str, ways: Iterable[Way]) -> Made:
    """Return a choice that the sender's own connection makes: its outcome is the outcome."""
    return Made(label, tuple(ways), relays=True, refused_status=None, timeout_status=None)


def hurried(waiting: Sequence[tuple[Component, Deadline]], stage: Stage) -> Stage:
    """Return ``stage`` as those have it who wait only so long: an answer after a deadline is none."""
    passed = [each for each in waiting if stage.works > each[1].seconds]
    if not passed or stage.own is Verdict.BLOCKED:
        return stage
    caller, first = min(passed, key=lambda each: each[1].seconds)
    step = replace(first.step, message=f"The answer takes {stage.works:g} s. {first.step.message}")
    way = Way(1.0, stage.at, stage)
    over = Hop(caller.id, caller.kind.name, (step,))
    return Stage("", (), (over,), Verdict.BLOCKED, (among("the answer", [way]),), first.status)


def led_by(hops: tuple[Hop, ...], stage: Stage) -> Stage:
    """Return ``stage`` with ``hops`` in front, their denials counted: what they stop is answered by nobody."""
    if not hops:
        return stage
    before = verdict_of(hops)
    status = None if before is Verdict.BLOCKED else stage.own_status
    refused = stage.refused and before is not Verdict.BLOCKED
    own = worst((stage.own, before))
    return replace(stage, forward=hops + stage.forward, own=own, own_status=status, refused=refused)


def without_repeats(leg: Leg, hops: tuple[Hop, ...]) -> tuple[Hop, ...]:
    """Leave out the denials of a component of which the packet engine has said already that it does not answer."""
    silent = {
        each.component
        for each in leg.forward
        for step in each.steps
        if step.action is Action.DENY and step.layer in ("interface", "listener")
    }
    kept = []
    for each in hops:
        steps = tuple(s for s in each.steps if not (s.action is Action.DENY and each.component in silent))
        if steps:
            kept.append(Hop(each.component, each.kind, steps))
    return tuple(kept)
