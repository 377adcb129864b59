"""A journey's fault tree, learned from the tracer.

Every trace that gets through is a certificate: as long as what it met works, the journey works. Of
a call with several ways one is enough; the stretches of a way are all needed. The journey is down
when every certificate is void, which is a fault tree over components, zones and regions. Its minimal
cut sets are then tried: each is broken in the tracer, with everything come to rest that recovers by
itself. Where the journey still gets through (over a standby, another zone, a second region), that
trace is a further certificate, and the cut sets are worked out anew. In the end every cut set up to
the order asked for has been seen to take the journey down.

A certificate found under a failure may rely on that failure being noticed: a second region answers
when a balancer is down, but not when its internet gateway is, which no health check asks. So every
way to void the certificate of the healthy design is tried too, and what turns out to take the journey
down is a cut set by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from archtui.failure.availability.priors import TAKEOVER, Prior, prior
from archtui.failure.faulttree import FaultTree, Formula, TooLargeError, all_of, any_of
from archtui.failure.faulttree.graph import compile_tree
from archtui.failure.faulttree.listing import Cuts
from archtui.failure.faulttree.solve import NODE_LIMIT, solve
from archtui.failure.goal import Goal
from archtui.failure.interface import Fails
from archtui.failure.needs import can_fail, failing_with
from archtui.failure.observe import Observer
from archtui.failure.report import Status
from archtui.failure.scenarios import regions_of, zones_of
from archtui.failure.timeline import at_moment
from archtui.model.component import Journey
from archtui.trace.result import Made, Stage, Trace
from archtui.world.condition import HEALTHY, Condition, condition_for
from archtui.world.world import World

Events = frozenset[str]
MOST_TRIALS = 600
"""The most conditions that one journey is traced under."""


@dataclass(frozen=True)
class Structure:
    """What takes a journey down."""

    journey: str
    tree: FaultTree
    """Its top event is that no request of the journey succeeds, and does not come to by itself."""
    priors: tuple[Prior, ...]
    """The events with their figures, in the order the traces meet them."""
    verified: int
    """Every cut set of at most so many events has been tried in the tracer."""
    trials: int
    """How many conditions have been traced."""
    notes: tuple[str, ...] = ()


def structure_of(world: World, journey: Journey, observer: Observer | None = None, order: int = 2) -> Structure | None:
    """Return the fault tree of ``journey``, its cut sets of up to ``order`` events verified.

    None: the journey is to be blocked, or does not get through with nothing broken.
    """
    if journey.blocked:
        return None
    learner = _Learner(world, journey, observer or Observer(world))
    if not learner.tried(frozenset()):
        return None
    for place in (*(f"az:{zone}" for zone in zones_of(world)), *(f"region:{name}" for name in regions_of(world))):
        learner.tried(frozenset({place}))
    verified = learner.refine(order)
    priors = tuple(prior(world, event) for event in learner.events())
    notes = []
    if verified < order:
        notes.append(f"Cut sets of more than {verified} events are too many to be tried one by one.")
    if learner.undecided:
        notes.append(f"{learner.undecided} conditions could not be decided by the tracer and count as down.")
    tree = learner.tree({item.event: item.unavailability for item in priors}, {i.event: i.what for i in priors})
    return Structure(journey.name, tree, priors, verified, learner.trials, tuple(notes))


@dataclass
class _Learner:
    world: World
    journey: Journey
    observer: Observer
    certificates: list[Formula] = field(default_factory=list)
    """Each says what would void it."""
    seen: dict[Events, bool] = field(default_factory=dict)
    unnoticed: list[Events] = field(default_factory=list)
    """Failures that nothing takes over from although something could."""
    undecided: int = 0
    _met: dict[str, None] = field(default_factory=dict)

    @property
    def trials(self) -> int:
        return len(self.seen)

    def events(self) -> tuple[str, ...]:
        """Return the events of all certificates in the order they were met."""
        return tuple(self._met)

    def tried(self, events: Events) -> bool:
        """Trace the journey with ``events`` broken, note the certificate, and say whether it still gets through."""
        if events not in self.seen:
            condition = condition_of(self.observer, events)
            status = self.observer.sight(self.journey, condition).status
            self.undecided += status is Status.UNKNOWN
            trace = self.observer.trace(self.journey, condition)
            up = trace is not None and status in (Status.UP, Status.DEGRADED)
            self.seen[events] = up
            if up and trace is not None:
                self._note(trace, condition, events)
        return self.seen[events]

    def _note(self, trace: Trace, condition: Condition, broken: Events) -> None:
        certificate = _Certificate(self.observer, self.observer.goal(self.journey, condition), condition, broken)
        formula = certificate.voided(trace.root)
        if formula not in self.certificates:
            self.certificates.append(formula)
            self._met.update(dict.fromkeys(certificate.events))

    def tree(
        self,
        odds: dict[str, float | None] | None = None,
        labels: dict[str, str] | None = None,
        only_first: bool = False,
    ) -> FaultTree:
        """Return the tree of the certificates so far, or of that of the healthy design alone."""
        used = self.certificates[:1] if only_first else self.certificates
        gates: dict[str, Formula] = {f"way-{n}": formula for n, formula in enumerate(used, 1)}
        down: Formula = all_of(*gates)
        if self.unnoticed and not only_first:
            cuts: dict[str, Formula] = {f"not-noticed-{n}": all_of(*sorted(c)) for n, c in enumerate(self.unnoticed, 1)}
            down = any_of(down, *cuts)
            gates |= cuts
        top = "journey-down"
        events: dict[str, float | None] = odds or dict.fromkeys(self._met)
        return FaultTree(self.journey.name, top, {top: down, **gates}, events, labels or {})

    def refine(self, order: int) -> int:
        """Try every minimal cut set of up to ``order`` events; return up to which order all of them hold."""
        for size in range(1, order + 1):
            for cut in self._cuts(self.tree(only_first=True), size):
                if self.trials < MOST_TRIALS:
                    self.tried(cut)
            self._note_unnoticed()
            while untried := [cut for cut in self._cuts(self.tree(), size) if cut not in self.seen]:
                for cut in untried:
                    if self.trials >= MOST_TRIALS:
                        return size - 1
                    if self.tried(cut):
                        break
            self._note_unnoticed()
        return order

    def _note_unnoticed(self) -> None:
        """Make a cut set of what was seen to take the journey down while the certificates say that it works."""
        for broken, up in sorted(self.seen.items(), key=lambda item: (len(item[0]), sorted(item[0]))):
            covered = any(cut <= broken for cut in self.unnoticed)
            if not up and not covered and not all(holds(formula, broken) for formula in self.certificates):
                self.unnoticed.append(broken)

    def _cuts(self, tree: FaultTree, order: int) -> Iterator[Events]:
        graph = compile_tree(tree)
        try:
            cuts = Cuts(solve(graph), NODE_LIMIT)
        except TooLargeError:
            return
        for nodes in cuts.up_to(order, MOST_TRIALS):
            yield frozenset(graph.names[node] for node in nodes)


def holds(formula: Formula, broken: Events) -> bool:
    """Say whether ``formula`` (of ANDs and ORs) is true where exactly ``broken`` has happened."""
    if isinstance(formula, bool):
        return formula
    if isinstance(formula, str):
        return formula in broken
    parts = (holds(arg, broken) for arg in formula.args)
    return all(parts) if formula.op == "and" else any(parts)


def condition_of(observer: Observer, events: Iterable[str]) -> Condition:
    """Return the condition in which ``events`` have happened and all that recovers by itself has done so."""
    takeovers = {event.removesuffix(TAKEOVER) for event in events if event.endswith(TAKEOVER)}
    targets = tuple(sorted(event for event in events if not event.endswith(TAKEOVER)))
    condition = condition_for(observer.world, targets) if targets else HEALTHY
    plan = observer.plan(condition)
    failing = {item.id for item in plan.mechanisms if item.component in takeovers and item.restores}
    # What waits for a takeover that fails does not happen either.
    done = {name for name in plan.at_rest if not plan.with_what_it_waits_for((name,)) & failing}
    return at_moment(condition, frozenset(done))


def all_of_some(formulae: Iterable[Formula]) -> Formula:
    """Return what is true when all of ``formulae`` are; where there is none, nothing can be stopped."""
    parts = dict.fromkeys(formulae)
    return all_of(*parts) if len(parts) > 1 else next(iter(parts), False)


def any_of_some(formulae: Iterable[Formula]) -> Formula:
    """Return what is true when one of ``formulae`` is."""
    parts = dict.fromkeys(formulae)
    return any_of(*parts) if len(parts) > 1 else next(iter(parts), False)


class _Certificate:
    """What one trace relies on."""

    def __init__(self, observer: Observer, goal: frozenset[str], condition: Condition, broken: Events) -> None:
        self.observer = observer
        self.world = observer.world
        self.goal = Goal(goal)
        self.broken = broken
        self.condition = condition
        self.events: dict[str, None] = {}
        self._parts: dict[str, tuple[str, ...]] = {}
        self._voided: dict[tuple[int, bool], Formula] = {}
        self._recovered = self._what_recovered()

    def _what_recovered(self) -> frozenset[str]:
        """Return the components that work only because something took their place."""
        plan = self.observer.plan(self.condition)
        return frozenset(
            item.component
            for item in plan.mechanisms
            if item.restores
            and item.id in self.condition.recovered
            and (fails := self.world.components[item.component].kind.behaviour(Fails)) is not None
            and (item.component in self.condition.down or fails.pair_level(self.world.components[item.component]))
        )

    def voided(self, stage: Stage, wanted: bool = True) -> Formula:
        """Return what would stop requests from ``stage`` on, on all ways that this trace shows to work.

        ``wanted``: also what would keep them from the goal.
        """
        key = (id(stage), wanted)
        if key not in self._voided:
            parts: dict[Formula, None] = {}
            names = [hop.component for hop in (*stage.forward, *stage.back)]
            for name in dict.fromkeys((*names, stage.at)):
                parts.update(dict.fromkeys(self._events_of(name)))
            for alternatives in self.goal.needed_by(stage, wanted):
                stopped = [any_of_some(self._stopped(*call) for call in calls) for calls in alternatives]
                parts[all_of_some(stopped)] = None
            self._voided[key] = any_of(*parts) if parts else False
        return self._voided[key]

    def _stopped(self, made: Made, wanted: bool) -> Formula:
        """Return what would stop every way of a call."""
        stages, left = self.goal.ways(made, wanted)
        return all_of_some(self.voided(stage, left) for stage in stages)

    def _events_of(self, name: str) -> tuple[str, ...]:
        if name not in self._parts:
            found = tuple(event for event in dict.fromkeys(self._needs(name)) if event not in self.broken)
            self._parts[name] = found
            self.events.update(dict.fromkeys(found))
        return self._parts[name]

    def _needs(self, name: str) -> Iterator[str]:
        component = self.world.components.get(name)
        if component is None:
            return
        if can_fail(self.world, name):
            yield from failing_with(self.world, name)
            if name in self._recovered:
                yield name + TAKEOVER
        if component.kind.scope in ("global", "edge", "on_prem"):
            return
        place = self.world.placement(name)
        if len(place.zones) == 1:
            yield f"az:{place.zones[0]}"
        if place.region:
            yield f"region:{place.region}"
