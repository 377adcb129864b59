"""A fault tree: gates over basic events, and what makes it wrong."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from archtui.model.errors import ArchtuiError, did_you_mean

Connective = Literal["and", "or", "atleast", "not", "xor", "iff", "nand", "nor", "imply", "cardinality"]
_PAIRS = frozenset({"xor", "iff", "imply"})
MAX_DEPTH = 10_000
"""How deep gates may stand in each other."""


class FaultTreeError(ArchtuiError):
    """A fault tree that means nothing: an undefined event, a circle, a gate with too few arguments."""


@dataclass(frozen=True, slots=True)
class Gate:
    """A connective over formulae; a formula is a name, a constant or another gate."""

    op: Connective
    args: tuple[Formula, ...]
    min: int = 0
    """For ``atleast`` and ``cardinality``: how many arguments have to be true."""
    max: int = 0
    """For ``cardinality``: how many may be."""

    def problem(self) -> str:
        """Say what is wrong with the number of arguments; empty: nothing."""
        n = len(self.args)
        if self.op == "not":
            return "" if n == 1 else f"'not' takes one argument, it has {n}"
        if self.op in _PAIRS:
            return "" if n == 2 else f"'{self.op}' takes two arguments, it has {n}"
        if self.op == "atleast":
            return "" if 0 <= self.min <= n else f"'atleast' asks for {self.min} of {n} arguments"
        if self.op == "cardinality":
            fits = 0 <= self.min <= self.max <= n
            return "" if fits else f"'cardinality' asks for {self.min} to {self.max} of {n} arguments"
        return "" if n else f"'{self.op}' takes one argument or more, it has none"


Formula: TypeAlias = "str | bool | Gate"


def all_of(*args: Formula) -> Gate:
    """Return the gate that is true when every argument is."""
    return Gate("and", args)


def any_of(*args: Formula) -> Gate:
    """Return the gate that is true when one argument is."""
    return Gate("or", args)


def at_least(k: int, *args: Formula) -> Gate:
    """Return the gate that is true when ``k`` or more arguments are."""
    return Gate("atleast", args, k)


@dataclass(frozen=True)
class FaultTree:
    """Named gates over basic events; ``top`` is the gate (or event) that is asked about.

    ``events`` gives each basic event its probability: of being failed at a moment (unavailability)
    or of failing within the mission; None: not known, so only cut sets can be counted.
    """

    name: str
    top: str
    gates: Mapping[str, Formula]
    events: Mapping[str, float | None]
    labels: Mapping[str, str] = field(default_factory=dict)
    """What an event or gate stands for, where its name does not say."""

    def __post_init__(self) -> None:
        known = (*self.gates, *self.events)
        twice = sorted(self.gates.keys() & self.events.keys())
        if twice:
            raise FaultTreeError(f"{twice[0]!r} is a gate and a basic event; name one of them differently")
        if self.top not in self.gates and self.top not in self.events:
            raise FaultTreeError(f"the top event {self.top!r} is not defined; {_near(self.top, known)}")
        for name, formula in self.gates.items():
            for part in _parts(formula):
                if isinstance(part, str) and part not in self.gates and part not in self.events:
                    raise FaultTreeError(f"gate {name!r} uses {part!r}, which is not defined; {_near(part, known)}")
                if isinstance(part, Gate):
                    _check_arity(name, part)
        for name, p in self.events.items():
            if p is not None and not 0.0 <= p <= 1.0:
                raise FaultTreeError(f"event {name!r} has probability {p:g}; give a figure from 0 to 1")

    def reachable(self) -> tuple[str, ...]:
        """Return the gates below ``top``, each after those it uses; raises :class:`FaultTreeError` for a circle."""
        done: dict[str, None] = {}
        open_: dict[str, None] = {}
        stack: list[tuple[str, Iterator[str]]] = []

        def enter(name: str) -> None:
            open_[name] = None
            stack.append((name, iter(tuple(p for p in _parts(self.gates[name]) if isinstance(p, str)))))

        if self.top in self.gates:
            enter(self.top)
        while stack:
            name, below = stack[-1]
            child = next((c for c in below if c in self.gates and c not in done), None)
            if child is None:
                stack.pop()
                del open_[name]
                done[name] = None
            elif child in open_:
                names = list(open_)
                circle = " > ".join([*names[names.index(child) :], child])
                raise FaultTreeError(f"the gates go in a circle: {circle}; break it at one of them")
            else:
                enter(child)
        return tuple(done)


def _parts(formula: Formula) -> Iterator[Formula]:
    """Yield ``formula`` and everything in it, in order."""
    stack: list[Formula] = [formula]
    while stack:
        part = stack.pop()
        yield part
        if isinstance(part, Gate):
            stack.extend(reversed(part.args))


def _near(word: str, known: tuple[str, ...]) -> str:
    return did_you_mean(word, known) or "define it, or correct the name"


def _check_arity(name: str, gate: Gate) -> None:
    problem = gate.problem()
    if problem:
        raise FaultTreeError(f"gate {name!r}: {problem}; correct the gate")
