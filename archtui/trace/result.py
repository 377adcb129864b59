"""The answer to a request: verdict, sentence, hops, blockers, branches, and all of it as plain data."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from archtui.model.component import Journey, Json
from archtui.trace.aftermath import Aftermath, all_set_off, set_off
from archtui.trace.codes import warns
from archtui.trace.latency import Latency
from archtui.trace.paths import PATH_LIMIT, Path, all_paths, merged, path_of
from archtui.trace.request import Request
from archtui.trace.stages import (
    BlockerKey,
    Made,
    Stage,
    Way,
    blocker_at,
    blocker_key,
    blockers_once,
    hard_hops,
    worst,
)
from archtui.world.steps import Action, Blocker, Hop, Verdict

if TYPE_CHECKING:
    from archtui.trace.fixes import Fix


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
        return path_of(self.root)

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
        return blockers_once(hard_hops(self.root))

    @cached_property
    def warnings(self) -> tuple[Blocker, ...]:
        """What lets the request pass but is not as it should be: failing soft calls, unhealthy targets, fail-open."""
        hard = {blocker_key(hop, step) for hop in hard_hops(self.root) for step in hop.steps}
        found: dict[BlockerKey, Blocker] = {}
        for stage in self.root.different_stages():
            for hop in (*stage.forward, *stage.back):
                for step in hop.steps:
                    key = blocker_key(hop, step)
                    soft = step.action is Action.DENY and key not in hard
                    if soft or (step.action is not Action.DENY and warns(step.code)):
                        found.setdefault(key, blocker_at(hop, step))
        return tuple(found.values())

    @cached_property
    def afterwards(self) -> tuple[Aftermath, ...]:
        """What the request sets off that its answer does not wait for; each followed by what it sets off in turn."""
        return tuple(all_set_off(self.root))

    @cached_property
    def later_blockers(self) -> tuple[Blocker, ...]:
        """Every denial in what the request sets off, once each."""
        return tuple(dict.fromkeys(blocker for later in self.afterwards for blocker in later.blockers))

    @cached_property
    def missing(self) -> tuple[str, ...]:
        """What would have to be known to decide what is unknown, once each."""
        return tuple(dict.fromkeys(text for stage in self.root.different_stages() for text in stage.missing))

    @cached_property
    def paths(self) -> tuple[Path, ...]:
        """Every way a request may take, heaviest first; the weights sum to 1.

        Beyond :data:`PATH_LIMIT` paths only one for each way is given, and the weights no longer do.
        """
        return tuple(sorted(all_paths(self.root), key=lambda path: -path.weight))

    @cached_property
    def sentence(self) -> str:
        """The verdict and the way in one line."""
        return _sentence(self)

    def reaches(self, component: str) -> Verdict:
        """Say whether the request gets to ``component`` and is answered.

        Every branch that carries traffic has to get there; where a fan-out chooses between equals
        (the targets of a group), one of them being ``component`` counts for all of them. What the request
        sets off counts too, if it gets through as a whole.
        """
        if self.verdict is not Verdict.REACHABLE:
            return self.verdict
        return _gets_to(self.root, component)

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
            "to": self.request.asked,
            "share": round(self.share, 9),
            "status": self.status,
            "forward": [hop.to_json() for hop in self.forward],
            "return": [hop.to_json() for hop in self.back],
            "blockers": [blocker.to_json() for blocker in self.blockers],
            "warnings": [blocker.to_json() for blocker in self.warnings],
            "fixes": [fix.to_json() for fix in self.fixes],
            "branches": _branches_json(self.root, 1.0),
            "asynchronous": [later.to_json() for later in set_off(self.root)],
            "latency_ms": self.latency_json(),
            "missing": list(self.missing),
        }


def _gets_to(stage: Stage, component: str) -> Verdict:
    """Say whether a request from ``stage`` on gets to ``component``, on the best of its calls."""
    if stage.at == component or any(hop.component == component for hop in stage.forward):
        return stage.own
    best = Verdict.BLOCKED
    for made in stage.calls:
        ways = [way for way in made.ways if way.weight > 0]
        ways = [way for way in ways if not way.cached] or ways
        there = [way.stage.own for way in ways if way.stage.at == component]
        found = worst(there or [_gets_to(way.stage, component) for way in ways] or [Verdict.BLOCKED])
        if made.dependency == "after" and found is Verdict.REACHABLE:
            found = made.verdict
        if found is Verdict.REACHABLE:
            return stage.own
        best = found if found is Verdict.UNKNOWN else best
    return best


def _branches_json(stage: Stage, weight: float) -> list[Json]:
    """Return the ways below the first stage that parts, each with its share of all requests."""
    shown: list[Json] = []
    for made in stage.awaited:
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
                    "blockers": [blocker.to_json() for blocker in blockers_once(hard_hops(way.stage))],
                    "branches": below,
                }
            )
    return shown


def _joined(stage: Stage, forward: bool) -> tuple[Hop, ...]:
    """Return the hops from ``stage`` until the request parts again."""
    inner: tuple[Hop, ...] = ()
    for made in stage.awaited:
        if len(made.ways) == 1:
            inner += _joined(made.ways[0].stage, forward)
    return merged((*stage.forward, *inner) if forward else (*inner, *stage.back))


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
        share = f"{(1 - trace.share) * 100:.3g} % of the requests"
        part = f" for {blocked} of {len(paths)} requests" if even else f" for {share}"
        return f"Blocked{part}{status}: {way}{why}."
    return f"Blocked{status}: {way}{why}."


__all__ = ["PATH_LIMIT", "BlockerKey", "Made", "Path", "Stage", "Trace", "Way", "blocker_at", "blocker_key", "worst"]
