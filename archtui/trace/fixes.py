"""Edits that open a blocked trace: proposed by the services, proved by running the trace again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from archtui.model.component import Journey, Json
from archtui.model.edits import Edit, join
from archtui.model.errors import ArchtuiError
from archtui.trace.interface import Plea, Remedies
from archtui.trace.request import Request
from archtui.trace.result import BlockerKey, Trace, blocker_at, blocker_key
from archtui.trace.walker import trace
from archtui.world.compiler import compile_world
from archtui.world.condition import HEALTHY, Condition
from archtui.world.steps import Action, Hop, Verdict
from archtui.world.world import World

MAX_FIXES = 3
MAX_EDITS = 8
_JOURNEYS = 20
"""So many journeys of the design are looked at for what a fix would break."""
_PATHS = 16
"""Blockers are collected from so many paths; more paths of one trace repeat the same ones."""


@dataclass(frozen=True, slots=True)
class Fix:
    """A set of edits, and whether the trace gets through once they are made."""

    edits: tuple[Edit, ...]
    message: str
    verified: bool
    breaks: tuple[str, ...] = ()
    """The journeys of the design that hold now and would not hold any more."""

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
        }


def with_fixes(world: World, found: Trace, condition: Condition = HEALTHY) -> Trace:
    """Return ``found`` with the smallest edits that open it; unchanged where it is not blocked."""
    if found.verdict is not Verdict.BLOCKED:
        return found
    return found.with_fixes(find_fixes(world, found, condition))


def find_fixes(world: World, found: Trace, condition: Condition = HEALTHY) -> tuple[Fix, ...]:
    """Return edits that open a blocked trace, fewest first; each has been tried.

    Single edits first. Where none is enough, edits are combined: for the first blocker the first
    remedy after which fewer blockers remain, and so on; an edit that proves needless is dropped.
    A fix after which a journey of the design no longer holds is offered only if there is no other,
    and says so.
    """
    holding = _holding(world, found.request)
    harmless: list[Fix] = []
    harmful: list[Fix] = []
    for edit in remedies(world, found):
        after = _tried(world, found, condition, (edit,))
        if after is not None and after.verdict is Verdict.REACHABLE:
            fix = _judged(world, (edit,), holding)
            (harmful if fix.breaks else harmless).append(fix)
            if len(harmless) == MAX_FIXES:
                break
    if not harmless:
        several = _combined(world, found, condition)
        if several:
            fix = _judged(world, several, holding)
            (harmful if fix.breaks else harmless).append(fix)
    return tuple(harmless or harmful[:MAX_FIXES])


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


def _judged(world: World, edits: tuple[Edit, ...], holding: Sequence[Journey]) -> Fix:
    """Return the fix, with the journeys it breaks in its message."""
    message = "; ".join(edit.label for edit in edits)
    changed = _edited(world, edits)
    broken = [
        journey.name
        for journey in holding
        if changed is None or not trace(changed, Request.parse_journey(journey)).holds(journey)
    ]
    if broken:
        message += f" (breaks: {', '.join(broken)})"
    return Fix(edits, message, True, tuple(broken))


def _combined(world: World, found: Trace, condition: Condition) -> tuple[Edit, ...]:
    """Return edits that open the trace together; none where they cannot be found."""
    chosen: list[Edit] = []
    here, current = world, found
    while current.verdict is Verdict.BLOCKED and len(chosen) < MAX_EDITS:
        step = _progress(here, current, condition)
        if step is None:
            return ()
        edit, here, current = step
        chosen.append(edit)
    if current.verdict is not Verdict.REACHABLE:
        return ()
    for edit in list(chosen):
        rest = tuple(other for other in chosen if other is not edit)
        after = _tried(world, found, condition, rest)
        if after is not None and after.verdict is Verdict.REACHABLE:
            chosen.remove(edit)
    return tuple(chosen)


def _progress(world: World, current: Trace, condition: Condition) -> tuple[Edit, World, Trace] | None:
    """Return the first remedy that leaves fewer blockers than there are."""
    count = len(current.blockers)
    for edit in remedies(world, current):
        changed = _edited(world, (edit,))
        if changed is None:
            continue
        after = trace(changed, current.request, condition)
        if after.verdict is Verdict.REACHABLE or len(after.blockers) < count or after.share > current.share:
            return edit, changed, after
    return None


def _edited(world: World, edits: Sequence[Edit]) -> World | None:
    """Return the world after ``edits``; None where they do not fit."""
    blueprint = world.blueprint
    try:
        for edit in edits:
            blueprint, _ = blueprint.edited(edit.operations)
        return compile_world(blueprint, world)
    except ArchtuiError:
        return None


def _tried(world: World, found: Trace, condition: Condition, edits: Sequence[Edit]) -> Trace | None:
    changed = _edited(world, edits)
    return trace(changed, found.request, condition) if changed else None


def remedies(world: World, found: Trace) -> Iterator[Edit]:
    """Yield the edits that the services propose against the trace's blockers, each once."""
    seen: set[tuple[object, ...]] = set()
    known = [behaviour for _, behaviour in world.registry.with_behaviour(Remedies)]
    for plea in _pleas(world, found):
        for behaviour in known:
            for edit in behaviour.remedies(plea):
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
