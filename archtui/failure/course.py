"""Failures that start and end: the journeys traced at every moment at which something breaks, returns or recovers.

Between two such moments of the causes nothing but the mechanisms moves: an epoch. A mechanism whose loss goes
on from one epoch to the next keeps its clock. When a cause is gone, what it took down works again after the
seconds that its kind needs to start.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise

from archtui.facts import NO_TIME, Span
from archtui.failure.analysis import Course, Run, health_of, report_of
from archtui.failure.clients import Forgetting
from archtui.failure.interface import Fails, Health, Situation
from archtui.failure.observe import Observer
from archtui.failure.report import Event, FailureReport, Sight, Status
from archtui.failure.schedule import Schedule
from archtui.failure.timed import Timed, active_at, parse_all
from archtui.failure.timeline import ORDER, at_moment, journey_events, timeline
from archtui.failure.words import target_text
from archtui.model.component import Journey
from archtui.world.condition import Condition
from archtui.world.world import World


@dataclass(frozen=True)
class Epoch:
    """A stretch of time in which the same things are broken."""

    start: float
    end: float | None
    condition: Condition
    plan: Schedule
    """With starts and ends counted from the beginning of everything."""


class Play:
    """What the causes do to a world over time."""

    def __init__(self, world: World, items: Sequence[Timed], observer: Observer | None = None) -> None:
        self.world = world
        self.items = tuple(items)
        self.observer = observer or Observer(world)

    @cached_property
    def returns(self) -> dict[float, tuple[tuple[str, float], ...]]:
        """By the end of a cause, what starts again then, with the seconds it takes."""
        found: dict[float, tuple[tuple[str, float], ...]] = {}
        for end in sorted({item.end for item in self.items if item.end is not None}):
            before = Situation(self.world, active_at(self.world, [i for i in self.items if i.end == end], end - 1e-9))
            starting = []
            for name, component in self.world.components.items():
                fails = component.kind.behaviour(Fails)
                seconds = fails.starts_in(component) if fails and before.is_down(name) else 0.0
                if seconds > 0:
                    starting.append((name, seconds))
            found[end] = tuple(starting)
        return found

    @cached_property
    def epochs(self) -> tuple[Epoch, ...]:
        """The epochs in their order; the last one has no end."""
        bounds = {0.0, *(item.start for item in self.items), *self.returns}
        bounds |= {end + seconds for end, starting in self.returns.items() for _, seconds in starting}
        ordered = sorted(bounds)
        found: list[Epoch] = []
        onset: dict[tuple[str, tuple[str, ...]], float] = {}
        for start, end in zip(ordered, [*ordered[1:], None], strict=True):
            condition = self._broken(start)
            plan = self.observer.plan(condition)
            onset = {(m.id, m.lost): onset.get((m.id, m.lost), start) for m in plan.mechanisms}
            found.append(Epoch(start, end, condition, _shifted(plan, onset)))
        return tuple(found)

    def _broken(self, t: float) -> Condition:
        condition = active_at(self.world, self.items, t)
        return replace(condition, down=condition.down | self.starting(t))

    def starting(self, t: float) -> frozenset[str]:
        """Return what is starting again at ``t`` because what took it down is gone."""
        every = ((end, name, seconds) for end, names in self.returns.items() for name, seconds in names)
        return frozenset(name for end, name, seconds in every if end <= t < end + seconds)

    def epoch_at(self, t: float) -> Epoch:
        """Return the epoch that ``t`` is in."""
        return next(each for each in reversed(self.epochs) if each.start <= t or each is self.epochs[0])

    def at(self, t: float, latest: bool = True) -> Condition:
        """Return what is true at ``t``: what is broken and what has recovered."""
        epoch = self.epoch_at(t)
        return at_moment(epoch.condition, epoch.plan.done_by(t, latest))

    def health_at(self, t: float) -> dict[str, Health]:
        """Return how every component is at ``t`` that does not work, works with less, or worked less before."""
        touched = {
            name for each in self.epochs for name, state in health_of(self._situation(each)).items() if state != "up"
        }
        epoch = self.epoch_at(t)
        now, done = health_of(self._situation(epoch)), epoch.plan.done_by(t, latest=True)
        back = {item.component for item in epoch.plan.mechanisms if item.restores and item.id in done}
        return {
            name: "up" if name in back and state == "lost" else state for name, state in now.items() if name in touched
        }

    def _situation(self, epoch: Epoch) -> Situation:
        return Situation(self.world, epoch.condition)

    def moments(self, latest: bool) -> tuple[float, ...]:
        """Return the seconds at which something breaks, returns or recovers, rising."""
        found: set[float] = set()
        for epoch in self.epochs:
            found.add(epoch.start)
            found.update(
                t for t in epoch.plan.moments(latest) if t > epoch.start and (epoch.end is None or t < epoch.end)
            )
        return tuple(sorted(found))

    @cached_property
    def peak(self) -> Epoch:
        """The epoch in which most is broken; of equals the first."""

        def size(epoch: Epoch) -> int:
            c = epoch.condition
            return sum(map(len, (c.down, c.zones, c.regions, c.links, c.services, c.control_planes)))

        return max(self.epochs, key=size)


def _shifted(plan: Schedule, onset: dict[tuple[str, tuple[str, ...]], float]) -> Schedule:
    """Return ``plan`` with each mechanism's clock started at the onset of its loss."""
    begun = {m.id: onset[m.id, m.lost] for m in plan.mechanisms}
    starts: dict[str, Span] = {}
    ends: dict[str, Span] = {}
    for mechanism in sorted(plan.mechanisms, key=lambda m: plan.starts[m.id].max if m.id in plan.starts else 0.0):
        if mechanism.id not in plan.starts:
            continue
        waits = [ends[name] for name in mechanism.after if name in ends]
        low = max([begun[mechanism.id], *(span.min for span in waits)])
        high = max([begun[mechanism.id], *(span.max for span in waits)])
        starts[mechanism.id] = Span(low, high)
        if mechanism.id in plan.ends:
            ends[mechanism.id] = starts[mechanism.id] + (mechanism.seconds or NO_TIME)
    return Schedule(plan.mechanisms, starts, ends)


class TimedRun(Run):
    """One journey through causes that start and end."""

    def __init__(self, play: Play, journey: Journey) -> None:
        self.play = play
        super().__init__(play.observer, journey, play.peak.condition, play.peak.plan)

    def _course(self, latest: bool) -> Course:
        play = self.play
        return tuple((t, self.seen(play.at(t, latest), play.epoch_at(t).plan)) for t in play.moments(latest))

    def _forgetting(self) -> Iterator[Forgetting]:
        for epoch in self.play.epochs:
            for stretch in self.forgotten(epoch.condition, epoch.plan):
                if stretch.end >= epoch.start and (epoch.end is None or stretch.end < epoch.end):
                    yield stretch

    @property
    def first(self) -> Sight:
        """The worst moment."""
        order = (Status.UP, Status.DEGRADED, Status.UNKNOWN, Status.DOWN)
        return max((sight for _, sight in self.latest), key=lambda sight: (order.index(sight.status), -sight.share))

    @property
    def settled(self) -> Sight:
        """As well as it gets while most is broken."""
        return self._sight(frozenset(self.plan.ends))


def play_of(world: World, texts: Sequence[str], observer: Observer | None = None) -> Play:
    """Return the play of ``texts``, each ``TARGET[@START..END]``; raises :class:`TargetError` for what cannot be."""
    return Play(world, parse_all(world, texts), observer)


def analyse_timed(world: World, texts: Sequence[str], observer: Observer | None = None) -> FailureReport:
    """Return what happens to every journey of ``world`` under causes that start and end."""
    play = play_of(world, texts, observer)
    runs = [(journey, TimedRun(play, journey)) for journey in world.blueprint.journeys]
    situation = Situation(world, play.peak.condition)
    events = [*_cause_events(play), *_recovery_events(play)]
    for journey, run in runs:
        events += journey_events(journey, run.latest)
    ordered = sorted(dict.fromkeys(events), key=lambda event: (event.t, ORDER[event.kind]))
    return report_of(
        world,
        tuple(map(str, play.items)),
        runs,
        health_of(situation),
        play.peak.plan,
        tuple(ordered),
        play.items,
        play.observer.seed,
    )


def _cause_events(play: Play) -> Iterator[Event]:
    for item in play.items:
        yield Event(item.start, "failure", target_text(item.target), item.target)
        if item.end is not None:
            yield Event(item.end, "returned", f"{item.target} is no longer broken.", item.target)
    for end, starting in play.returns.items():
        for name, seconds in starting:
            text = f"{name} has started again ({seconds:g} s) and works."
            yield Event(end + seconds, "returned", text, name)
    gone: frozenset[str] = frozenset()
    for epoch in play.epochs:
        lost = frozenset(
            name for name, state in health_of(Situation(play.world, epoch.condition)).items() if state == "lost"
        )
        for name in play.world.components:
            if name in lost - gone and not any(item.target == name for item in play.items):
                yield Event(epoch.start, "lost", f"{name} ({play.world.kind(name).title}) does not work.", name)
        gone = lost


def _recovery_events(play: Play) -> Iterator[Event]:
    """Yield what mechanisms do, as long as the loss that set them off lasts."""
    for epoch, following in pairwise((*play.epochs, None)):
        if epoch is None:
            continue
        starting = play.starting(epoch.start)
        for event in timeline(play.world, (), (), epoch.plan, ()):
            late = following is not None and event.t >= following.start
            if not late and event.t >= epoch.start and event.component not in starting:
                yield event
