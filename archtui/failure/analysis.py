"""What a failure does, second by second: the journeys traced at every moment at which something changes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from archtui.facts import NO_TIME, Span
from archtui.failure.clients import Forgetting, Points, served
from archtui.failure.goal import EXACT
from archtui.failure.interface import Fails, Health, Mechanism, Situation, placed_health
from archtui.failure.observe import Observer, met_by
from archtui.failure.report import Event, FailureReport, JourneyReport, Link, Sight, Status
from archtui.failure.schedule import IN_THE_END, Schedule
from archtui.failure.settings import setting_notes
from archtui.failure.timed import Timed, is_timed
from archtui.failure.timeline import at_moment, timeline
from archtui.failure.words import journey_sentence
from archtui.model.component import Component, Journey
from archtui.world.condition import HEALTHY, Condition, TargetError, condition_for
from archtui.world.faults import ControlPlanes
from archtui.world.targets import parse_target, quotas_of
from archtui.world.world import World

Course = tuple[tuple[float, Sight], ...]
"""How a journey is from each moment on, rising; the first moment is 0."""


def analyse(
    world: World, targets: Sequence[str], observer: Observer | None = None, *, seed: int | None = None
) -> FailureReport:
    """Return what happens to every journey and component of ``world`` when ``targets`` fail at second 0.

    Targets are written as for :func:`archtui.world.condition.condition_for`; ``observer`` keeps traces of
    ``world`` from one analysis to the next; with a ``seed`` each range of seconds is drawn once. Raises
    :class:`TargetError` where one names nothing in the design, or none is given.
    """
    names = tuple(dict.fromkeys(targets))
    if is_timed(names):
        from archtui.failure.course import analyse_timed

        return analyse_timed(world, names, observer or Observer(world, seed))
    if not names:
        raise TargetError("nothing fails; name a component, az:ZONE, region:REGION or link:A->B")
    condition = condition_for(world, names)
    situation = Situation(world, condition)
    observer = observer or Observer(world, seed)
    plan = observer.plan(condition)
    runs = [(journey, Run(observer, journey, condition, plan)) for journey in world.blueprint.journeys]
    health = health_of(situation)
    lost = tuple(name for name, state in health.items() if state == "lost")
    events = timeline(world, names, lost, plan, [(journey, run.latest) for journey, run in runs])
    return report_of(world, names, runs, health, plan, events, tuple(Timed(name) for name in names), observer.seed)


def health_of(situation: Situation) -> dict[str, Health]:
    """Return how every component of the document is that can fail or holds others."""
    return {
        name: _health(component, fails, situation)
        for name, component in situation.world.components.items()
        if not component.implicit and ((fails := component.kind.behaviour(Fails)) or component.kind.container)
    }


def _health(component: Component, fails: Fails | None, situation: Situation) -> Health:
    found = fails.health(component, situation) if fails else placed_health(component, situation)
    return "reduced" if found == "up" and situation.is_impaired(component.id) else found


def report_of(
    world: World,
    names: tuple[str, ...],
    runs: Sequence[tuple[Journey, Run]],
    health: Mapping[str, Health],
    plan: Schedule,
    events: tuple[Event, ...],
    conditions: tuple[Timed, ...],
    seed: int | None,
) -> FailureReport:
    """Put the report together."""
    lost = tuple(name for name, state in health.items() if state == "lost")
    back = {item.component for item in plan.mechanisms if item.restores and item.id in plan.ends}
    targets = tuple(dict.fromkeys(item.target for item in conditions))
    return FailureReport(
        targets=names,
        journeys=tuple(run.report() for _, run in runs),
        lost=lost,
        degraded=tuple(name for name, state in health.items() if state == "reduced"),
        recovered=tuple(name for name in lost if name in back),
        timeline=events,
        notes=tuple(_notes(world, targets, plan, any(run.harmed for _, run in runs))),
        conditions=conditions,
        seed=seed,
    )


def _notes(world: World, targets: tuple[str, ...], plan: Schedule, harm: bool) -> Iterator[str]:
    """Say which targets do nothing here, as FIS says "skipped", and what those that end no journey do."""
    for text in targets:
        target = parse_target(text)
        if target.verb == "control-plane":
            if not any(target.subject in mechanism.control_planes for mechanism in plan.mechanisms):
                yield f"{text} is skipped: nothing that recovers here needs it{_goes_on(world, target.subject)}."
        elif target.verb == "service":
            if not world.of_kind(world.registry[target.subject].name):
                yield f"{text} is skipped: the design has none."
        elif target.verb == "link" and not harm:
            yield f"{text}: no journey goes over this link."
        elif target.verb == "quota":
            yield f"{quotas_of(world)[target.subject].about}: none is left."
        elif target.verb == "lag":
            yield (
                f"Reads of {target.subject} may be {target.value} s old; if it is promoted, so many seconds of writes"
                " are lost."
            )
        elif target.verb in ("", "slow"):
            yield from setting_notes(world, [target.subject])


def _goes_on(world: World, plane: str) -> str:
    """Say what goes on without a control plane, where its service says so."""
    for _, has in world.with_behaviour(ControlPlanes):
        if plane in has.planes and has.without:
            return f"; {has.without}"
    return ""


class Run:
    """One journey through one failure."""

    def __init__(self, observer: Observer, journey: Journey, condition: Condition, plan: Schedule) -> None:
        self.observer = observer
        self.journey = journey
        self.condition = condition
        self.plan = plan
        self.before = observer.sight(journey, HEALTHY)
        self.latest = self._course(latest=True)
        self.earliest = self._course(latest=False)

    def _sight(self, recovered: frozenset[str]) -> Sight:
        return self.seen(at_moment(self.condition, recovered), self.plan)

    def seen(self, condition: Condition, plan: Schedule) -> Sight:
        """Return how the journey is at a moment, what each request waits for counted."""
        sight = self.observer.sight(self.journey, condition)
        waits = [item for item in plan.mechanisms if item.each_request and not item.hindered and item.seconds]
        if sight.status is not Status.UP or not waits:
            return sight
        met = met_by(self.observer.trace(self.journey, condition))
        waits = [item for item in waits if item.component in met]
        if not waits:
            return sight
        late = max(item.seconds.max for item in waits if item.seconds)
        return replace(sight, status=Status.DEGRADED, why=waits[0].done, late=late)

    def _course(self, latest: bool) -> Course:
        moments = (0.0, *(t for t in self.plan.moments(latest) if t > 0))
        return tuple((t, self._sight(self.plan.done_by(t, latest))) for t in moments)

    @property
    def first(self) -> Sight:
        """The first moment, nothing recovered."""
        return self.latest[0][1]

    @property
    def settled(self) -> Sight:
        """As well as it gets by itself."""
        return self.latest[-1][1]

    def report(self) -> JourneyReport:
        """Return what the failure does to the journey."""
        during, after = self.first, self.latest[-1][1]
        made = JourneyReport(
            name=self.journey.name,
            expect=self.journey.expect,
            before=self.before,
            during=during,
            after=after,
            downtime=self._time_in(Status.DOWN),
            degraded=self._time_in(Status.DEGRADED),
            data_loss=self._data_loss(),
            chain=self._chain(),
            sentence="",
            partly=next((sight for _, sight in self.latest if sight.status is Status.DEGRADED), None),
            shares=tuple((t, sight.share) for t, sight in _changes(self.latest) if t < IN_THE_END),
            served=self._served(),
            steady=tuple(map(self._link, self._steady())),
            rto=self.journey.rto,
            rpo=self.journey.rpo,
            slo=self.journey.slo,
        )
        return replace(made, sentence=journey_sentence(made))

    def _time_in(self, status: Status) -> Span | None:
        """Return how long the journey is in ``status``; None: to the end, or nobody can say until when."""
        if self.latest[-1][1].status in (status, Status.UNKNOWN):
            return None
        seconds = sorted(_duration(course, status) for course in (self.earliest, self.latest))
        if seconds[1] == IN_THE_END:
            return None
        return Span(seconds[0], seconds[1])

    @property
    def harmed(self) -> bool:
        """Whether the journey is worse at some moment than before."""
        return any(_worse(sight, self.before) for _, sight in self.latest)

    def _chain(self) -> tuple[Link, ...]:
        """Return the mechanisms without which the journey would not be as well as it ends up, by their end.

        Those that come late are left out first, so that of two that would do the earlier one counts.
        Where the journey does not come back, what would bring it back is added.
        """
        if not self.harmed:
            return ()
        goal = self.settled
        done, ends = self.plan.at_rest, self.plan.ends
        when = {name: ends[name].max if name in ends else IN_THE_END for name in done}
        needed = set(done)
        for name in sorted(done, key=lambda name: (-when[name], name)):
            if not _worse(self._sight(frozenset(needed - {name})), goal):
                needed.discard(name)
        names = self.plan.with_what_it_waits_for(needed)
        links = [item for item in self.plan.mechanisms if item.id in names]
        links.sort(key=lambda item: (when.get(item.id, 0.0), item.id))
        met = self._met
        beside = [item for item in self.plan.mechanisms if item.id in done - names and item.component in met]
        links += [item for item in beside if item.each_request or (item.after and names.issuperset(item.after))]
        if _worse(goal, self.before):
            links += [
                item
                for item in self.plan.mechanisms
                if item.id not in self.plan.ends and item.id not in names and self._concerns(item, met)
            ]
        return tuple(self._link(item) for item in links)

    def _served(self) -> Points:
        """Return the share of all clients that is served over time."""
        steps = tuple((t, sight.share) for t, sight in _changes(self.latest) if t < IN_THE_END)
        return served(steps, self._forgetting())

    def _forgetting(self) -> Iterator[Forgetting]:
        """Yield when caches forget what has changed, and what each time gains."""
        yield from self.forgotten(self.condition, self.plan)

    def forgotten(self, condition: Condition, plan: Schedule) -> Iterator[Forgetting]:
        """Yield the stretches of ``plan`` in which caches forget an old answer, with what that alone gains."""
        cached = [m for m in plan.mechanisms if m.cached and m.id in plan.ends and m.switch is not None]
        for end in sorted({plan.ends[m.id].max for m in cached}):
            moved = [m for m in cached if plan.ends[m.id].max == end]
            before = frozenset(name for name, span in plan.ends.items() if span.max < end)
            shares = [
                self.seen(at_moment(condition, done), plan).share for done in (before, before | {m.id for m in moved})
            ]
            longest = max(m.switch.max for m in moved if m.switch is not None)
            yield Forgetting(end - longest, end, shares[1] - shares[0])

    def _steady(self) -> Iterator[Mechanism]:
        """Yield what the journey meets that goes on because it is in further zones too."""
        situation = Situation(self.observer.world, self.condition)
        if not (self.condition.zones or self.condition.parts):
            return
        met = self._met
        for name, component in self.observer.world.components.items():
            fails = component.kind.behaviour(Fails) if name in met else None
            found = fails.steady(component, situation) if fails else None
            if found:
                yield found

    @property
    def _met(self) -> frozenset[str]:
        return met_by(self.observer.trace(self.journey, HEALTHY))

    @staticmethod
    def _concerns(mechanism: Mechanism, met: frozenset[str]) -> bool:
        return mechanism.component in met or any(name in met for name in mechanism.lost)

    def _link(self, mechanism: Mechanism) -> Link:
        return Link(
            mechanism=mechanism.name,
            component=mechanism.component,
            detect=mechanism.detect if mechanism.automatic and not mechanism.hindered else None,
            switch=mechanism.switch if mechanism.automatic and not mechanism.hindered else None,
            seconds=mechanism.seconds if mechanism.automatic and not mechanism.hindered else None,
            starts=self.plan.starts.get(mechanism.id),
            source=mechanism.source,
            what=mechanism.done,
            formula=mechanism.formula,
            automatic=mechanism.automatic,
            control_planes=mechanism.control_planes,
            hindered=mechanism.hindered,
            data_loss=mechanism.data_loss,
        )

    def _data_loss(self) -> Span | None:
        """Return the writes that are lost on the journey's way; None: the table has no figure."""
        worst = NO_TIME
        if not self.harmed:
            return worst
        met = self._met
        for mechanism in self.plan.mechanisms:
            if self._concerns(mechanism, met):
                if mechanism.data_loss is None:
                    return None
                worst = Span(max(worst.min, mechanism.data_loss.min), max(worst.max, mechanism.data_loss.max))
        return worst


_RANK = {Status.UP: 0, Status.DEGRADED: 1, Status.UNKNOWN: 2, Status.DOWN: 3}


def _worse(sight: Sight, than: Sight) -> bool:
    return _RANK[sight.status] > _RANK[than.status] or sight.share < than.share - EXACT


def _duration(course: Course, status: Status) -> float:
    """Return the seconds in ``status`` before the last moment of ``course``."""
    total = 0.0
    for (start, sight), (end, _) in pairwise(course):
        if sight.status is status:
            total += end - start
    return round(total, 6)


def _changes(course: Course) -> Course:
    """Leave out the moments at which nothing changes for the journey."""
    kept = [course[0]]
    for t, sight in course[1:]:
        if (sight.status, sight.share) != (kept[-1][1].status, kept[-1][1].share):
            kept.append((t, sight))
    return tuple(kept)


__all__ = ["Course", "Run", "analyse"]
