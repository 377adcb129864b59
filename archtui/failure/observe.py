"""Looking at a journey at one moment: its trace under a condition, as a status and a share."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from archtui.failure.goal import EXACT, Goal
from archtui.failure.interface import Situation
from archtui.failure.report import Sight, Status
from archtui.failure.schedule import Schedule, schedule
from archtui.model.component import Journey
from archtui.model.errors import ArchtuiError
from archtui.trace.request import Request
from archtui.trace.result import Made, Stage, Trace
from archtui.trace.walker import Walker
from archtui.world.condition import HEALTHY, Condition
from archtui.world.steps import Verdict
from archtui.world.world import World

NOTHING: frozenset[str] = frozenset()


@dataclass
class Observer:
    """Traces the journeys of one world; a trace under the same condition is made once."""

    world: World
    seed: int | None = None
    """By which ranges of seconds are drawn; None: they stay ranges."""
    _walkers: dict[Condition, Walker] = field(default_factory=dict)
    _plans: dict[Condition, Schedule] = field(default_factory=dict)
    _seen: dict[tuple[str, Condition], tuple[Sight, Trace | None]] = field(default_factory=dict)

    def sight(self, journey: Journey, condition: Condition) -> Sight:
        """Return how ``journey`` is under ``condition``."""
        return self._look(journey, condition)[0]

    def trace(self, journey: Journey, condition: Condition) -> Trace | None:
        """Return the trace of ``journey`` under ``condition``; None: it cannot be traced as it is written."""
        return self._look(journey, condition)[1]

    def _look(self, journey: Journey, condition: Condition) -> tuple[Sight, Trace | None]:
        key = (journey.name, condition)
        if key not in self._seen:
            try:
                walker = self._walkers.get(condition)
                if walker is None:
                    walker = self._walkers[condition] = Walker.of(self.world, condition)
                trace = walker.run(Request.parse_journey(journey))
                goal = self.goal(journey, condition)
            except ArchtuiError as error:
                self._seen[key] = Sight(Status.UNKNOWN, 0.0, f"It cannot be traced as it is written: {error}."), None
            else:
                sight = sight_of(journey, trace, goal)
                if sight.status is Status.UNKNOWN and condition.is_down(self.world, journey.source):
                    sight = Sight(Status.DOWN, 0.0, f"{journey.source} is down, so nothing sends the request.")
                if sight.soft:
                    sight = self._as_before(journey, sight, condition)
                self._seen[key] = slowed(sight, trace, condition), trace
        return self._seen[key]

    def _as_before(self, journey: Journey, sight: Sight, condition: Condition) -> Sight:
        """Return ``sight`` without the soft dependencies that did not work before the failure either."""
        known = frozenset(sight.soft) if condition.is_healthy else frozenset(self.sight(journey, HEALTHY).soft)
        lost = tuple(name for name in sight.soft if name not in known)
        if sight.status is Status.DEGRADED and sight.share >= 1.0 - EXACT and not lost:
            return replace(sight, status=Status.UP, why="", soft=sight.soft if condition.is_healthy else ())
        return replace(sight, soft=sight.soft if condition.is_healthy else lost)

    def traces(self, journey: Journey) -> tuple[Trace, ...]:
        """Return every trace of ``journey`` that was made so far."""
        return tuple(trace for (name, _), (_, trace) in self._seen.items() if name == journey.name and trace)

    def plan(self, condition: Condition) -> Schedule:
        """Return what recovers after ``condition``, worked out once for what is broken."""
        broken = replace(condition, recovered=NOTHING, time=None)
        if broken not in self._plans:
            self._plans[broken] = schedule(Situation(self.world, broken), self.seed)
        return self._plans[broken]

    def goal(self, journey: Journey, condition: Condition) -> frozenset[str]:
        """Return what the journey must meet: its own goal, or after a failure one of the same kind in its place."""
        goal = self.world.components.get(journey.reaches or "")
        if goal is None or condition.is_healthy:
            return frozenset({journey.reaches or ""})
        return frozenset(component.id for component in self.world.of_kind(goal.kind.name))


def sight_of(journey: Journey, trace: Trace, goal: frozenset[str]) -> Sight:
    """Return the status of ``journey`` that ``trace`` shows: whether it gets to one of ``goal``.

    For a journey that is to be blocked the share is that of the requests that are.
    """
    if journey.blocked:
        low, high = Goal(NOTHING, hopeful=True).odds(trace.root)[0], Goal(NOTHING).odds(trace.root)[0]
        share, best = 1.0 - low, 1.0 - high
        soft: tuple[str, ...] = ()
    else:
        share, best = Goal(goal).reaching(trace.root), Goal(goal, hopeful=True).reaching(trace.root)
        soft = tuple(dict.fromkeys(_failing_soft(trace.root)))
    status = _status(share, best, bool(soft))
    return Sight(status, share, _why(journey, trace, status, soft), trace.missing, soft)


def slowed(sight: Sight, trace: Trace, condition: Condition) -> Sight:
    """Return ``sight`` as degraded where all works but the answer comes later than usual."""
    late = seconds_late(trace.root, condition) if condition.slow else 0.0
    if sight.status is not Status.UP or not late:
        return sight
    names = ", ".join(sorted(name for name, _ in condition.slow if name in met_by(trace)))
    why = f"It works, but up to {late:g} s later: {names} is slow."
    return replace(sight, status=Status.DEGRADED, why=why, late=late)


def seconds_late(stage: Stage, condition: Condition) -> float:
    """Return how much later than usual the slowest request from ``stage`` on is answered, in seconds."""
    own = condition.slowness(stage.at) if stage.own is Verdict.REACHABLE and not stage.itself else 0.0
    return own + sum(
        max((seconds_late(way.stage, condition) for way in made.ways if way.weight > 0), default=0.0)
        for made in stage.awaited
    )


def _status(share: float, best: float, soft: bool) -> Status:
    if share >= 1.0 - EXACT:
        return Status.DEGRADED if soft else Status.UP
    if best <= EXACT:
        return Status.DOWN
    if best - share > EXACT:
        return Status.UNKNOWN
    return Status.DEGRADED


def _why(journey: Journey, trace: Trace, status: Status, soft: tuple[str, ...]) -> str:
    if status is Status.UP:
        return ""
    if status is Status.UNKNOWN:
        return f"It cannot be decided, missing: {'; '.join(trace.missing) or 'the design does not say enough'}."
    if journey.blocked:
        return "It gets through although it should be blocked."
    if trace.blockers:
        return trace.blockers[0].message
    if soft:
        return f"It works without {', '.join(soft)}."
    return f"It gets through, but never to {journey.reaches}."


def _failing_soft(stage: Stage) -> list[str]:
    """Return the labels of the soft calls below ``stage`` that do not always work."""
    found: list[str] = []
    for made in stage.calls:
        if made.dependency != "hard" and made.verdict is Verdict.BLOCKED:
            found.append(_name_of(made))
            continue
        for way in made.ways:
            if way.weight > 0:
                found.extend(_failing_soft(way.stage))
    return found


def _name_of(made: Made) -> str:
    """Return the component a call goes to, or its label where it goes to none."""
    names = dict.fromkeys(stage.at for way in made.ways for stage in way.stage.all_stages() if stage.at)
    return next(iter(names), made.label)


def met_by(trace: Trace | None) -> frozenset[str]:
    """Return every component that some request of ``trace`` meets, there or back."""
    if trace is None:
        return frozenset()
    found: set[str] = set()
    for stage in trace.root.different_stages():
        found.add(stage.at)
        found.update(hop.component for hop in (*stage.forward, *stage.back))
    return frozenset(found - {""})
