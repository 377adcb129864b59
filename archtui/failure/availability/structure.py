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

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from archtui.failure.availability.certificate import Certificate
from archtui.failure.availability.priors import TAKEOVER, Prior, prior
from archtui.failure.availability.voids import Events, ShortCuts, Void, in_order, minimal
from archtui.failure.faulttree import FaultTree, Formula, all_of, any_of
from archtui.failure.observe import Observer
from archtui.failure.report import Status
from archtui.failure.scenarios import regions_of, zones_of
from archtui.failure.timeline import at_moment
from archtui.model.component import Journey
from archtui.trace.result import Trace
from archtui.world.condition import HEALTHY, Condition, condition_for
from archtui.world.world import World

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
    singles: frozenset[str] = frozenset()
    """The events that take the journey down alone."""
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
    singles = frozenset(event for cut in learner.cuts(1) for event in cut)
    tree = learner.tree({item.event: item.unavailability for item in priors}, {i.event: i.what for i in priors})
    return Structure(journey.name, tree, priors, verified, learner.trials, singles, tuple(notes))


def priced(world: World, structure: Structure) -> Structure:
    """Return ``structure`` with the figures that ``world`` gives its events now."""
    priors = tuple(prior(world, item.event) for item in structure.priors)
    if priors == structure.priors:
        return structure
    odds: dict[str, float | None] = {item.event: item.unavailability for item in priors}
    return replace(structure, priors=priors, tree=replace(structure.tree, events=odds))


@dataclass
class _Learner:
    world: World
    journey: Journey
    observer: Observer
    certificates: list[Void] = field(default_factory=list)
    """Each says what would void it."""
    seen: dict[Events, bool] = field(default_factory=dict)
    unnoticed: list[Events] = field(default_factory=list)
    """Failures that nothing takes over from although something could."""
    undecided: int = 0
    _met: dict[str, None] = field(default_factory=dict)
    _short: dict[int, ShortCuts] = field(default_factory=dict)

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
        certificate = Certificate(self.observer, self.observer.goal(self.journey, condition), condition, broken)
        void = certificate.relied_on(trace.root)
        if void not in self.certificates:
            self.certificates.append(void)
            self._met.update(dict.fromkeys(certificate.events))

    def tree(self, odds: dict[str, float | None], labels: dict[str, str]) -> FaultTree:
        """Return the tree of the certificates."""
        gates: dict[str, Formula] = {f"way-{n}": void.formula() for n, void in enumerate(self.certificates, 1)}
        down: Formula = all_of(*gates)
        if self.unnoticed:
            cuts: dict[str, Formula] = {f"not-noticed-{n}": all_of(*sorted(c)) for n, c in enumerate(self.unnoticed, 1)}
            down = any_of(down, *cuts)
            gates |= cuts
        top = "journey-down"
        return FaultTree(self.journey.name, top, {top: down, **gates}, odds, labels)

    def refine(self, order: int) -> int:
        """Try every minimal cut set of up to ``order`` events; return up to which order all of them hold."""
        for size in range(1, order + 1):
            for cut in self.cuts(size, first=True):
                if self.trials < MOST_TRIALS:
                    self.tried(cut)
            self._note_unnoticed()
            while untried := [cut for cut in self.cuts(size) if cut not in self.seen]:
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
            if not up and not covered and not all(void.true_in(broken) for void in self.certificates):
                self.unnoticed.append(broken)
                self._met.update(dict.fromkeys(sorted(broken)))

    def cuts(self, order: int, first: bool = False) -> Sequence[Events]:
        """Return the minimal cut sets of up to ``order`` events: of all that is known, or of the healthy design."""
        if first:
            alone = ShortCuts(order)
            alone.add(self.certificates[0])
            return in_order(alone.sets)
        found = self._short.get(order)
        if found is None:
            found = self._short[order] = ShortCuts(order)
        for void in self.certificates[found.added :]:
            found.add(void)
        return in_order(minimal((*found.sets, *(cut for cut in self.unnoticed if len(cut) <= order))))


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
