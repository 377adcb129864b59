"""What a trace is: stages that part into ways, and the verdict, share and status that follow from them."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias

from archtui.model.component import Dependency, Journey, Json
from archtui.trace.codes import warns
from archtui.trace.latency import Latency
from archtui.trace.request import Request
from archtui.world.steps import Action, Blocker, Hop, Step, Verdict

if TYPE_CHECKING:
    from archtui.trace.fixes import Fix

PATH_LIMIT = 256
"""A trace with more paths than this shows each way once, the rest of its path being the main one."""


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

    @cached_property
    def verdict(self) -> Verdict:
        """The verdict with everything that follows and cannot be done without."""
        if self.own is Verdict.BLOCKED:
            return Verdict.BLOCKED
        return worst((self.own, *(made.verdict for made in self.calls if made.dependency == "hard")))

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

    def all_stages(self) -> Iterator[Stage]:
        """Yield this stage and all below it that carry traffic."""
        yield self
        for made in self.calls:
            for way in made.ways:
                if way.weight > 0:
                    yield from way.stage.all_stages()


@dataclass(frozen=True)
class Way:
    """One way a call may go, with its share among the call's ways."""

    weight: float
    label: str
    stage: Stage


@dataclass(frozen=True)
class Made:
    """A call that was made: its ways, one of which each request takes."""

    label: str
    ways: tuple[Way, ...]
    dependency: Dependency = "hard"
    relays: bool = False
    refused_status: int | None = 500
    timeout_status: int | None = 500

    @cached_property
    def verdict(self) -> Verdict:
        """Blocked if a way that carries traffic is, else unknown if one is, else reachable."""
        return worst(way.stage.verdict for way in self.ways if way.weight > 0)

    @cached_property
    def share(self) -> float:
        """The share of calls that succeed."""
        return sum(way.weight * way.stage.share for way in self.ways)

    @cached_property
    def main(self) -> Way:
        """The way that tells most."""
        carrying = [way for way in self.ways if way.weight > 0] or list(self.ways)
        for verdict in (Verdict.BLOCKED, Verdict.UNKNOWN):
            if self.verdict is verdict:
                return next(way for way in carrying if way.stage.verdict is verdict)
        return max(carrying, key=lambda way: way.weight)


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """Return blocked before unknown before reachable."""
    seen = set(verdicts)
    if Verdict.BLOCKED in seen:
        return Verdict.BLOCKED
    return Verdict.UNKNOWN if Verdict.UNKNOWN in seen else Verdict.REACHABLE


@dataclass(frozen=True)
class Path:
    """One request's whole way, there and back, with the share of requests that take it."""

    weight: float
    label: str
    verdict: Verdict
    forward: tuple[Hop, ...]
    back: tuple[Hop, ...]
    status: int | None = None
    latency: tuple[Latency, ...] = ()

    @cached_property
    def blockers(self) -> tuple[Blocker, ...]:
        """Every denial on the way, in order."""
        return blockers_once((*self.forward, *self.back))


@dataclass(frozen=True)
class Trace:
    """The answer to a request. ``root`` is the tree everything else is read from."""

    request: Request
    source: str
    target: str
    root: Stage
    fixes: tuple[Fix, ...] = ()

    @property
    def verdict(self) -> Verdict:
        """Reachable only if every branch that carries traffic gets through; blocked if one is decided blocked."""
        return self.root.verdict

    @property
    def share(self) -> float:
        """The share of requests that succeed."""
        return self.root.share

    @cached_property
    def main(self) -> Path:
        """The path shown first: the first blocked one if any is, else the heaviest."""
        return _path(self.root, {})

    @property
    def forward(self) -> tuple[Hop, ...]:
        """The hops of the main path from the source to the target."""
        return self.main.forward

    @property
    def back(self) -> tuple[Hop, ...]:
        """The hops of the main path's reply."""
        return self.main.back

    @property
    def status(self) -> int | None:
        """The HTTP status the client gets on the main path; None: no HTTP, or no answer at all."""
        return self.main.status

    @cached_property
    def blockers(self) -> tuple[Blocker, ...]:
        """Every denial on every branch, in both directions, once each; those of soft dependencies are no blockers."""
        return blockers_once(_hard_hops(self.root))

    @cached_property
    def warnings(self) -> tuple[Blocker, ...]:
        """What lets the request pass but is not as it should be: failing soft calls, unhealthy targets, fail-open."""
        hard = {blocker_key(hop, step) for hop in _hard_hops(self.root) for step in hop.steps}
        found: dict[BlockerKey, Blocker] = {}
        for stage in self.root.all_stages():
            for hop in (*stage.forward, *stage.back):
                for step in hop.steps:
                    key = blocker_key(hop, step)
                    soft = step.action is Action.DENY and key not in hard
                    if soft or (step.action is not Action.DENY and warns(step.code)):
                        found.setdefault(key, blocker_at(hop, step))
        return tuple(found.values())

    @cached_property
    def missing(self) -> tuple[str, ...]:
        """What would have to be known to decide what is unknown, once each."""
        return tuple(dict.fromkeys(text for stage in self.root.all_stages() for text in stage.missing))

    @cached_property
    def paths(self) -> tuple[Path, ...]:
        """Every way a request may take, heaviest first; the weights sum to 1."""
        return tuple(sorted(_paths(self.root), key=lambda path: -path.weight))

    @cached_property
    def sentence(self) -> str:
        """The verdict and the way in one line."""
        return _sentence(self)

    def reaches(self, component: str) -> Verdict:
        """Say whether the request gets to ``component`` and is answered.

        Every branch that carries traffic has to get there; where a fan-out chooses between equals
        (the targets of a group), one of them being ``component`` counts for all of them.
        """
        if self.verdict is not Verdict.REACHABLE:
            return self.verdict
        return Verdict.REACHABLE if _gets_to(self.root, component) else Verdict.BLOCKED

    def holds(self, journey: Journey) -> bool:
        """Say whether the trace is what ``journey`` expects; what is unknown does not hold."""
        if journey.reaches is not None:
            return self.reaches(journey.reaches) is Verdict.REACHABLE
        codes = {blocker.code for blocker in self.blockers}
        stopped = self.verdict is Verdict.BLOCKED and self.share == 0
        return stopped and all(path.verdict is Verdict.BLOCKED for path in self.paths) and set(journey.because) <= codes

    @property
    def latency(self) -> tuple[Latency, ...]:
        """The times of the main path's parts."""
        return self.main.latency

    def latency_json(self) -> dict[str, Json]:
        """Return the main path's times as plain data, in milliseconds."""
        return {
            "total": round(sum(part.milliseconds for part in self.latency), 3),
            "hops": [part.to_json() for part in self.latency],
        }

    def with_fixes(self, fixes: tuple[Fix, ...]) -> Trace:
        """Return the trace with the edits that open it."""
        return replace(self, fixes=fixes)

    def to_json(self) -> dict[str, Json]:
        """Return the trace as the command line prints it."""
        return {
            "verdict": str(self.verdict),
            "sentence": self.sentence,
            "from": self.source,
            "to": self.target,
            "share": round(self.share, 9),
            "status": self.status,
            "forward": [hop.to_json() for hop in self.forward],
            "return": [hop.to_json() for hop in self.back],
            "blockers": [blocker.to_json() for blocker in self.blockers],
            "warnings": [blocker.to_json() for blocker in self.warnings],
            "fixes": [fix.to_json() for fix in self.fixes],
            "branches": _branches_json(self.root, 1.0),
            "latency_ms": self.latency_json(),
            "missing": list(self.missing),
        }


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


def _hard_hops(stage: Stage) -> Iterator[Hop]:
    yield from stage.forward
    for made in stage.calls:
        if made.dependency == "hard":
            for way in made.ways:
                if way.weight > 0:
                    yield from _hard_hops(way.stage)
    yield from stage.back


_Choices = dict[int, Way]
"""The way taken at each call, by the call's identity."""


def _path(root: Stage, choices: _Choices) -> Path:
    """Return the path that takes ``choices`` and the main way everywhere else."""
    forward: list[Hop] = []
    back: list[list[Hop]] = []
    labels: list[str] = []
    latency: list[Latency] = []
    weight = 1.0

    def visit(stage: Stage) -> tuple[Verdict, int | None]:
        nonlocal weight
        _extend(forward, stage.forward)
        back.append(list(stage.back))
        if stage.latency:
            latency.append(stage.latency)
        verdict, status = stage.own, stage.own_status
        for made in stage.calls:
            way = choices.get(id(made), made.main)
            if len(made.ways) > 1:
                labels.append(way.label)
                weight *= way.weight
            below, answered = visit(way.stage)
            if verdict is not Verdict.BLOCKED and made.dependency == "hard":
                verdict = worst((verdict, below))
                status = _status(made, way.stage, below, answered, status)
        return verdict, None if stage.own is Verdict.BLOCKED and stage.own_status is None else status

    verdict, status = visit(root)
    merged: list[Hop] = []
    for part in reversed(back):
        _extend(merged, part)
    return Path(weight, ", ".join(labels), verdict, tuple(forward), tuple(merged), status, tuple(latency))


def _status(made: Made, stage: Stage, verdict: Verdict, answered: int | None, own: int | None) -> int | None:
    """Return the status the caller gives when a call ended this way."""
    if answered is not None and made.relays:
        return answered
    if verdict is not Verdict.BLOCKED:
        return own
    if answered is not None:
        return made.refused_status
    return made.refused_status if stage.refused else made.timeout_status


def _extend(hops: list[Hop], more: Iterable[Hop]) -> None:
    """Append hops; steps of one component that follow each other make one hop."""
    for hop in more:
        if hops and hops[-1].component == hop.component:
            hops[-1] = Hop(hop.component, hop.kind, (*hops[-1].steps, *hop.steps))
        else:
            hops.append(hop)


def _count(stage: Stage) -> int:
    total = 1
    for made in stage.calls:
        total *= sum(_count(way.stage) for way in made.ways if way.weight > 0) or 1
    return total


def _paths(root: Stage) -> Iterator[Path]:
    if _count(root) <= PATH_LIMIT:
        for choices in _products(root):
            yield _path(root, choices)
        return
    seen: set[tuple[int, ...]] = set()
    for choices in _singles(root, {}):
        key = tuple(sorted(id(way) for way in choices.values()))
        if key not in seen:
            seen.add(key)
            yield _path(root, choices)


def _products(stage: Stage) -> Iterator[_Choices]:
    """Yield every combination of ways below ``stage``."""
    options = []
    for made in stage.calls:
        options.append(
            [
                {id(made): way, **below}
                for way in made.ways
                if way.weight > 0 or len(made.ways) == 1
                for below in _products(way.stage)
            ]
        )
    for combination in itertools.product(*options):
        merged: _Choices = {}
        for choice in combination:
            merged.update(choice)
        yield merged


def _singles(stage: Stage, above: _Choices) -> Iterator[_Choices]:
    """Yield, for each way below ``stage``, the choices that lead to it."""
    for made in stage.calls:
        for way in made.ways:
            if way.weight > 0:
                choices = {**above, id(made): way}
                yield choices
                yield from _singles(way.stage, choices)


def _gets_to(stage: Stage, component: str) -> bool:
    if stage.at == component or any(hop.component == component for hop in stage.forward):
        return True
    for made in stage.calls:
        ways = [way for way in made.ways if way.weight > 0]
        if any(way.stage.at == component for way in ways):
            return True
        if ways and all(_gets_to(way.stage, component) for way in ways):
            return True
    return False


def _branches_json(stage: Stage, weight: float) -> list[Json]:
    """Return the ways below the first stage that parts, each with its share of all requests."""
    shown: list[Json] = []
    for made in stage.calls:
        for way in made.ways:
            share = weight * way.weight
            below = _branches_json(way.stage, share)
            if len(made.ways) == 1:
                shown.extend(below)
                continue
            shown.append(
                {
                    "call": made.label,
                    "label": way.label,
                    "weight": round(share, 9),
                    "share": round(way.stage.share, 9),
                    "verdict": str(way.stage.verdict),
                    "forward": [hop.to_json() for hop in _joined(way.stage, forward=True)],
                    "return": [hop.to_json() for hop in _joined(way.stage, forward=False)],
                    "blockers": [blocker.to_json() for blocker in blockers_once(_hard_hops(way.stage))],
                    "branches": below,
                }
            )
    return shown


def _joined(stage: Stage, forward: bool) -> list[Hop]:
    """Return the hops from ``stage`` until the request parts again."""
    hops: list[Hop] = []
    inner: list[Hop] = []
    for made in stage.calls:
        if len(made.ways) == 1:
            inner.extend(_joined(made.ways[0].stage, forward))
    for part in (stage.forward, inner) if forward else (inner, stage.back):
        _extend(hops, part)
    return hops


def _sentence(trace: Trace) -> str:
    way = f"{trace.source} to {trace.target}"
    names: list[str] = []
    for hop in trace.forward:
        if hop.component not in names and any(step.layer != "dns" for step in hop.steps):
            names.append(hop.component)
    path = " > ".join(names)
    status = f", HTTP {trace.status}" if trace.status is not None else ""
    if trace.verdict is Verdict.REACHABLE:
        return f"Reachable{status}: {way} by {path}."
    if trace.verdict is Verdict.UNKNOWN:
        missing = "; ".join(trace.missing) or "the design does not say enough"
        return f"Unknown: {way} cannot be decided, missing: {missing}."
    first = trace.main.blockers[0] if trace.main.blockers else None
    why = f": {first.message.rstrip('.')} ({first.code} at {first.component})" if first else ""
    paths = [path for path in trace.paths if path.weight > 0]
    blocked = sum(1 for path in paths if path.verdict is Verdict.BLOCKED)
    if 0 < blocked < len(paths):
        even = max(p.weight for p in paths) - min(p.weight for p in paths) < 1e-9
        part = f" for {blocked} of {len(paths)} requests" if even else f" for {1 - trace.share:.3g} of the requests"
        if not even:
            part = f" for {(1 - trace.share) * 100:.3g} % of the requests"
        return f"Blocked{part}{status}: {way}{why}."
    return f"Blocked{status}: {way}{why}."


__all__ = ["PATH_LIMIT", "Made", "Path", "Stage", "Trace", "Way", "worst"]
