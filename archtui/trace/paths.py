"""The single ways through a trace's tree: one request's hops there and back, with its share and status."""

from __future__ import annotations

import functools
import itertools
import operator
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple, TypeAlias

from archtui.trace.latency import Latency
from archtui.trace.stages import Made, Stage, Way, blockers_once, worst
from archtui.world.steps import Action, Blocker, Hop, Step, Verdict

PATH_LIMIT = 256
"""A trace with more paths than this shows each way once, the rest of its path being the main one."""


def share_text(share: float) -> str:
    """Return a share from 0 to 1 as people read it: ``12.5 %``."""
    return f"{share * 100:.4g} %"


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

    @property
    def name(self) -> str:
        """What it is called among others."""
        return self.label or "the only way"

    @cached_property
    def blockers(self) -> tuple[Blocker, ...]:
        """Every denial on the way, in order."""
        return blockers_once((*self.forward, *self.back))


_Chain: TypeAlias = tuple[tuple[int, Way], ...]
"""The ways taken one below the other: which of the awaited calls, and its way."""


class _Part(NamedTuple):
    """What one combination of ways makes of a stage and all below it."""

    weights: tuple[float, ...]
    labels: tuple[str, ...]
    verdict: Verdict
    status: int | None
    forward: tuple[Hop, ...]
    back: tuple[Hop, ...]
    latency: tuple[Latency, ...]

    def path(self) -> Path:
        """Return the whole path, where the stage is the first one."""
        weight = functools.reduce(operator.mul, self.weights, 1.0)
        label = ", ".join(self.labels)
        return Path(weight, label, self.verdict, self.forward, self.back, self.status, self.latency)


_Taken: TypeAlias = tuple[Made, Way, _Part]
"""An awaited call, the way taken of it, and what that way and all below it make."""


def path_of(root: Stage, chain: _Chain = ()) -> Path:
    """Return the path that takes the ways of ``chain`` and the main way everywhere else."""
    return _along(root, chain).path()


def _along(stage: Stage, chain: _Chain) -> _Part:
    taken = []
    for index, made in enumerate(stage.awaited):
        here = bool(chain) and chain[0][0] == index
        way = chain[0][1] if here else made.main
        taken.append((made, way, _along(way.stage, chain[1:] if here else ())))
    return _Composer(stage).composed(taken)


def status_of(stage: Stage) -> int | None:
    """Return the status given on the path that takes the main way everywhere, without making the path."""
    verdict, status = stage.own, stage.own_status
    for made in stage.awaited:
        if verdict is not Verdict.BLOCKED and made.dependency == "hard":
            below = made.main.stage
            verdict = worst((verdict, below.verdict))
            status = _status(made, below, below.verdict, status_of(below), status)
    return None if stage.silent else status


class _Composer:
    """What a stage adds to the ways taken below it; what these have in common is made once."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.forward = merged(stage.forward)
        self.latency = tuple(each for each in (stage.latency, stage.takes) if each)
        self._backs: dict[int | None, tuple[Hop, ...]] = {}

    def composed(self, taken: Sequence[_Taken]) -> _Part:
        """Return what the stage and the given way of each of its awaited calls make together."""
        stage = self.stage
        weights: tuple[float, ...] = ()
        labels: tuple[str, ...] = ()
        forward, latency = self.forward, self.latency
        verdict, status = stage.own, stage.own_status
        for made, way, part in taken:
            if len(made.ways) > 1:
                labels += (way.label,)
                weights += (way.weight,)
            weights += part.weights
            labels += part.labels
            latency += part.latency
            forward = _joined(forward, part.forward)
            if verdict is not Verdict.BLOCKED and made.dependency == "hard":
                verdict = part.verdict if verdict is Verdict.REACHABLE else worst((verdict, part.verdict))
                status = _status(made, way.stage, part.verdict, part.status, status)
        if stage.silent:
            status = None
        back: tuple[Hop, ...] = ()
        for _, _, part in reversed(taken):
            back = _joined(back, part.back)
        return _Part(weights, labels, verdict, status, forward, _joined(back, self._back(status)), latency)

    def _back(self, status: int | None) -> tuple[Hop, ...]:
        """Return the stage's own hops of the reply, with the answer it gives where the status is ``status``."""
        if status not in self._backs:
            self._backs[status] = merged((*_answer(self.stage, status), *self.stage.back))
        return self._backs[status]


def _joined(hops: tuple[Hop, ...], more: tuple[Hop, ...]) -> tuple[Hop, ...]:
    """Return both one after the other; each is merged in itself."""
    if hops and more and hops[-1].component == more[0].component:
        last = Hop(more[0].component, more[0].kind, hops[-1].steps + more[0].steps)
        return (*hops[:-1], last, *more[1:])
    return hops + more


def merged(hops: Iterable[Hop]) -> tuple[Hop, ...]:
    """Return the hops; steps of one component that follow each other make one hop."""
    found: list[Hop] = []
    for hop in hops:
        if found and found[-1].component == hop.component:
            found[-1] = Hop(hop.component, hop.kind, found[-1].steps + hop.steps)
        else:
            found.append(hop)
    return tuple(found)


def _answer(stage: Stage, status: int | None) -> Iterator[Hop]:
    """Yield the hop in which the receiver of an HTTP request answers it, or passes an answer on."""
    relays = _relays(stage, status)
    answer = stage.own_status if relays and stage.own_status is not None else status
    here = next((hop for hop in reversed(stage.forward) if hop.component == stage.at), None)
    if answer is None or here is None or not stage.back:
        return
    verb = "passes on" if relays and stage.own_status is None and answer < 502 else "answers"
    step = Step("application", Action.ANSWER, "", f"{stage.at} {verb} HTTP {answer}.", after={"status": answer})
    yield Hop(here.component, here.kind, (step,))


def _relays(stage: Stage, status: int | None) -> bool:
    """Whether the component's answer may be that of another one which it passes on."""
    for made in stage.awaited:
        if made.relays and status not in dict(made.instead).values():
            for way in made.ways:
                if not way.stage.itself or _relays(way.stage, status):
                    return True
    return False


def _status(made: Made, stage: Stage, verdict: Verdict, answered: int | None, own: int | None) -> int | None:
    """Return the status the caller gives when a call ended this way."""
    if answered is not None and made.relays:
        return dict(made.instead).get(answered, answered)
    if verdict is not Verdict.BLOCKED:
        return own
    if answered is not None:
        return made.refused_status
    return made.refused_status if stage.refused else made.timeout_status


def _count(stage: Stage) -> int:
    total = 1
    for made in stage.awaited:
        total *= sum(_count(way.stage) for way in made.ways if way.weight > 0) or 1
    return total


def all_paths(root: Stage) -> Iterator[Path]:
    """Yield every combination of ways; beyond :data:`PATH_LIMIT` one path for each way."""
    if _count(root) <= PATH_LIMIT:
        yield from (part.path() for part in _parts(root, {}))
    else:
        yield from (path_of(root, chain) for chain in _chains(root, ()))


def _parts(stage: Stage, known: dict[int, list[_Part]]) -> list[_Part]:
    """Return every combination of ways below ``stage``; ``known`` keeps, by identity, what branches share."""
    if id(stage) not in known:
        options = [
            [
                (made, way, part)
                for way in made.ways
                if way.weight > 0 or len(made.ways) == 1
                for part in _parts(way.stage, known)
            ]
            for made in stage.awaited
        ]
        composer = _Composer(stage)
        known[id(stage)] = [composer.composed(taken) for taken in itertools.product(*options)]
    return known[id(stage)]


def _chains(stage: Stage, above: _Chain) -> Iterator[_Chain]:
    """Yield, for each way below ``stage``, the ways that lead to it."""
    for index, made in enumerate(stage.awaited):
        for way in made.ways:
            if way.weight > 0:
                chain = (*above, (index, way))
                yield chain
                yield from _chains(way.stage, chain)
