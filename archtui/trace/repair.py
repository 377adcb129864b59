"""Searches the smallest sets of edits after which a trace comes out as wanted, each proved by tracing again.

Sets grow edit by edit, smallest first, as in a hitting-set tree (Reiter, 'A theory of diagnosis from first
principles', 1987): what is proposed next depends on what the trace says after the edits made so far. A set
of which a part is enough is dropped, so every set that is returned is minimal by inclusion.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from archtui.model.edits import Edit
from archtui.model.errors import ArchtuiError, EditError
from archtui.model.operations import Insert, Operation, Remove, value_at
from archtui.trace.result import Trace
from archtui.trace.walker import trace
from archtui.world.compiler import compile_world
from archtui.world.condition import Condition
from archtui.world.world import World

MAX_EDITS = 6
"""Larger sets are no quick fix."""
MAX_TRIALS = 160
"""So many designs are tried for one question; what is not found by then is not offered."""
_KEPT = 12
"""So many unfinished sets of each size are pursued, the most promising first."""

Key: TypeAlias = frozenset[str]


@dataclass(frozen=True)
class Aim:
    """What is wanted of a trace, and how to come nearer to it."""

    condition: Condition
    solved: Callable[[Trace], bool]
    proposals: Callable[[World, Trace], Iterator[Edit]]
    """Edits that may help, given what the trace says."""
    distance: Callable[[Trace], float | None]
    """How far a trace is from what is wanted, smaller is nearer; None: the way is not worth following."""
    goes_on: Callable[[Trace, Trace], bool]
    """Whether the second trace, after an edit, is nearer than the first."""


@dataclass(frozen=True)
class _State:
    """The design after some edits."""

    edits: tuple[Edit, ...]
    world: World
    trace: Trace
    key: Key = frozenset()
    """What the edits do, wherever in its list each stands."""


def minimal_sets(world: World, found: Trace, aim: Aim) -> tuple[tuple[Edit, ...], ...]:
    """Return the minimal sets of edits found within :data:`MAX_TRIALS` trials, smallest first.

    Sets one larger than the smallest are looked for too: a person may prefer two narrow edits to a wide one.
    """
    search = _Search(found, aim)
    frontier = [_State((), world, found)]
    for size in range(1, MAX_EDITS + 1):
        frontier = search.grown(frontier)
        smallest = min((len(edits) for edits in search.solutions), default=size)
        if not frontier or size > smallest or search.trials >= MAX_TRIALS:
            break
    return tuple(edits for edits in search.solutions if _is_minimal(world, found, aim, edits))


class _Search:
    def __init__(self, found: Trace, aim: Aim) -> None:
        self.found = found
        self.aim = aim
        self.trials = 0
        self.solutions: list[tuple[Edit, ...]] = []
        self._solved: list[Key] = []
        self._seen: set[Key] = set()

    def grown(self, frontier: Sequence[_State]) -> list[_State]:
        """Try one edit more on each state; return those that came nearer, the nearest first."""
        nearer: list[tuple[float, int, _State]] = []
        for state in frontier:
            for edit in self.aim.proposals(state.world, state.trace):
                edits = (*state.edits, edit)
                key = state.key | _key(state.world, edit)
                if not self._is_new(key):
                    continue
                if self.trials >= MAX_TRIALS:
                    break
                self.trials += 1
                changed = edited(state.world, (edit,))
                if changed is None:
                    continue
                after = trace(changed, self.found.request, self.aim.condition)
                if self.aim.solved(after):
                    self.solutions.append(edits)
                    self._solved.append(key)
                elif self.aim.goes_on(state.trace, after):
                    distance = self.aim.distance(after)
                    if distance is not None:
                        nearer.append((distance, len(nearer), _State(edits, changed, after, key)))
        nearer.sort(key=lambda item: item[:2])
        return [state for _, _, state in nearer[:_KEPT]]

    def _is_new(self, key: Key) -> bool:
        if key in self._seen or any(part <= key for part in self._solved):
            return False
        self._seen.add(key)
        return True


def _is_minimal(world: World, found: Trace, aim: Aim, edits: tuple[Edit, ...]) -> bool:
    """Whether no edit can be left out."""
    for left_out in edits if len(edits) > 1 else ():
        rest = tuple(edit for edit in edits if edit is not left_out)
        changed = edited(world, rest)
        if changed is not None and aim.solved(trace(changed, found.request, aim.condition)):
            return False
    return True


def edited(world: World, edits: Sequence[Edit]) -> World | None:
    """Return the world after ``edits``; None where they do not fit."""
    blueprint = world.blueprint
    try:
        for edit in edits:
            blueprint, _ = blueprint.edited(edit.operations)
        return compile_world(blueprint, world)
    except ArchtuiError:
        return None


def _key(world: World, edit: Edit) -> Key:
    """Return what an edit does: two that put the same into one list are the same, whatever stands before it."""
    return frozenset(_text(world, operation) for operation in edit.operations)


def _text(world: World, operation: Operation) -> str:
    if isinstance(operation, Insert):
        return f"insert {operation.path[:-1]} {operation.value!r}"
    if isinstance(operation, Remove):
        try:
            return f"remove {operation.path[:-1]} {value_at(world.blueprint.data, operation.path)!r}"
        except EditError:
            return repr(operation)
    return repr(operation)
