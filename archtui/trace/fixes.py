"""The smallest edits that open a blocked trace, or close one that should be blocked.

They are proposed by the services, searched by :mod:`archtui.trace.repair`, proved by tracing again, and
ranked: what breaks no other journey, the fewest edits, the least change of who else reaches whom.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from archtui.model.component import Journey, Json
from archtui.model.edits import Edit, join
from archtui.model.errors import ArchtuiError
from archtui.trace.interface import Closures, Passage, Plea, Remedies
from archtui.trace.repair import Aim, edited, minimal_sets
from archtui.trace.request import Request
from archtui.trace.result import BlockerKey, Trace, blocker_at, blocker_key
from archtui.trace.sideeffects import Reached, reached
from archtui.trace.walker import trace
from archtui.world.condition import HEALTHY, Condition
from archtui.world.steps import Action, Hop, Verdict
from archtui.world.world import World

MAX_FIXES = 5
_JUDGED = 12
"""So many sets are compared by what else they do."""
_JOURNEYS = 20
"""So many journeys of the design are looked at for what a fix would break."""
_PATHS = 16
"""Blockers are collected from so many paths; more paths of one trace repeat the same ones."""


@dataclass(frozen=True, slots=True)
class Fix:
    """A minimal set of edits after which the trace comes out as wanted: this has been tried (``verified``)."""

    edits: tuple[Edit, ...]
    message: str
    verified: bool
    breaks: tuple[str, ...] = ()
    """The journeys of the design that hold now and would not hold any more."""
    opens: int | None = None
    """How many connections (from, to, protocol, port) become possible, those asked for among them; None: not
    counted, the design is too large."""
    closes: int | None = None
    """How many are no longer possible."""

    @property
    def edit(self) -> Edit:
        """All edits as one."""
        return join(self.message, self.edits)

    def to_json(self) -> dict[str, Json]:
        """Return the fix as the command line prints it."""
        return {
            "edits": [edit.to_json() for edit in self.edits],
            "message": self.message,
            "verified": self.verified,
            "breaks": list(self.breaks),
            "opens": self.opens,
            "closes": self.closes,
        }


def with_fixes(world: World, found: Trace, condition: Condition = HEALTHY, *, block: bool = False) -> Trace:
    """Return ``found`` with the smallest edits that open it, or with ``block`` those that close it."""
    fixes = find_closings(world, found, condition) if block else find_fixes(world, found, condition)
    return found.with_fixes(fixes) if fixes else found


def find_fixes(world: World, found: Trace, condition: Condition = HEALTHY) -> tuple[Fix, ...]:
    """Return the minimal sets of edits that open a blocked trace, the best first; none where it is not blocked.

    A set after which a journey of the design no longer holds is offered only if there is no other, and says so.
    """
    if found.verdict is not Verdict.BLOCKED:
        return ()
    aim = Aim(condition, lambda after: after.verdict is Verdict.REACHABLE, remedies, _still_blocked, _fewer_blockers)
    return _ranked(world, found, minimal_sets(world, found, aim))


def find_closings(world: World, found: Trace, condition: Condition = HEALTHY) -> tuple[Fix, ...]:
    """Return the minimal sets of edits that block a trace on every way, the best first; none where it is blocked
    or not decided.

    The best breaks no journey and takes the fewest other connections away.
    """
    if _is_closed(found) or found.verdict is Verdict.UNKNOWN:
        return ()
    aim = Aim(condition, _is_closed, closures, lambda after: after.share, _still_open)
    return _ranked(world, found, minimal_sets(world, found, aim))


def _still_blocked(after: Trace) -> float | None:
    return float(len(after.blockers)) - after.share if after.verdict is Verdict.BLOCKED else None


def _fewer_blockers(before: Trace, after: Trace) -> bool:
    gone = {(b.component, b.code) for b in before.blockers} - {(b.component, b.code) for b in after.blockers}
    return bool(gone) or len(after.blockers) < len(before.blockers) or after.share > before.share


def _still_open(_: Trace, after: Trace) -> bool:
    return after.verdict is not Verdict.UNKNOWN and not _is_closed(after)


def _is_closed(found: Trace) -> bool:
    stopped = found.verdict is Verdict.BLOCKED and found.share == 0
    return stopped and all(path.verdict is Verdict.BLOCKED for path in found.paths)


# -- ranking --------------------------------------------------------------------------------------


def _ranked(world: World, found: Trace, sets: Sequence[tuple[Edit, ...]]) -> tuple[Fix, ...]:
    if not sets:
        return ()
    holding = _holding(world, found.request)
    before = reached(world)
    fixes = [_judged(world, edits, holding, before) for edits in sets[:_JUDGED]]
    fixes.sort(key=lambda fix: (len(fix.breaks), len(fix.edits), (fix.opens or 0) + (fix.closes or 0)))
    harmless = [fix for fix in fixes if not fix.breaks]
    return tuple((harmless or fixes)[:MAX_FIXES])


def _holding(world: World, request: Request) -> tuple[Journey, ...]:
    """Return the journeys that hold now; the one that asks for ``request`` itself does not count."""
    found = []
    for journey in world.blueprint.journeys[:_JOURNEYS]:
        try:
            asked = Request.parse_journey(journey)
            if asked != request and trace(world, asked).holds(journey):
                found.append(journey)
        except ArchtuiError:
            continue
    return tuple(found)


def _judged(world: World, edits: tuple[Edit, ...], holding: Sequence[Journey], before: Reached | None) -> Fix:
    """Return the fix with what else it does; the journeys it breaks are in its message."""
    message = "; ".join(edit.label for edit in edits)
    changed = edited(world, edits)
    broken = [
        journey.name
        for journey in holding
        if changed is None or not trace(changed, Request.parse_journey(journey)).holds(journey)
    ]
    if broken:
        message += f" (breaks: {', '.join(broken)})"
    fix = Fix(edits, message, True, tuple(broken))
    after = reached(changed) if changed is not None and before is not None else None
    if before is None or after is None:
        return fix
    return replace(fix, opens=before.gained(after), closes=after.gained(before))


# -- proposals ------------------------------------------------------------------------------------


def remedies(world: World, found: Trace) -> Iterator[Edit]:
    """Yield the edits that the services propose against the trace's blockers, each once."""
    known = [behaviour for _, behaviour in world.registry.with_behaviour(Remedies)]
    yield from _once(edit for plea in _pleas(world, found) for each in known for edit in each.remedies(plea))


def closures(world: World, found: Trace) -> Iterator[Edit]:
    """Yield the edits that the services propose against what lets the trace pass, each once."""
    known = [behaviour for _, behaviour in world.registry.with_behaviour(Closures)]
    yield from _once(edit for at in _passages(world, found) for each in known for edit in each.closures(at))


def _once(edits: Iterator[Edit]) -> Iterator[Edit]:
    seen: set[tuple[str, ...]] = set()
    for edit in edits:
        key = tuple(repr(operation) for operation in edit.operations)
        if key not in seen:
            seen.add(key)
            yield edit


def _pleas(world: World, found: Trace) -> Iterator[Plea]:
    seen: set[BlockerKey] = set()
    for path in found.paths[:_PATHS]:
        before: list[Hop] = []
        for hop in (*path.forward, *path.back):
            for step in hop.steps:
                key = blocker_key(hop, step)
                if step.action is Action.DENY and key not in seen:
                    seen.add(key)
                    yield Plea(world, blocker_at(hop, step), hop, step, found.request, tuple(before))
            before.append(hop)


def _passages(world: World, found: Trace) -> Iterator[Passage]:
    for path in found.paths[:_PATHS]:
        if path.verdict is Verdict.BLOCKED:
            continue
        for hop in (*reversed(path.forward), *path.back):
            for step in hop.steps:
                if step.action not in (Action.DENY, Action.UNKNOWN):
                    yield Passage(world, hop, step, found.request)
