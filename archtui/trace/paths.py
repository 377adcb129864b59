"""The single ways through a trace's tree: one request's hops there and back, with its share and status."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from archtui.trace.latency import Latency
from archtui.trace.stages import Made, Stage, Way, blockers_once, worst
from archtui.world.steps import Action, Blocker, Hop, Step, Verdict

PATH_LIMIT = 256
"""A trace with more paths than this shows each way once, the rest of its path being the main one."""


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


_Choices = dict[int, Way]
"""The way taken at each call, by the call's identity."""


def path_of(root: Stage, choices: _Choices) -> Path:
    """Return the path that takes ``choices`` and the main way everywhere else."""
    forward: list[Hop] = []
    back: list[list[Hop]] = []
    labels: list[str] = []
    latency: list[Latency] = []
    weight = 1.0

    def visit(stage: Stage) -> tuple[Verdict, int | None]:
        nonlocal weight
        extend(forward, stage.forward)
        place = len(back)
        back.append([])
        if stage.latency:
            latency.append(stage.latency)
        if stage.takes:
            latency.append(stage.takes)
        verdict, status = stage.own, stage.own_status
        for made in stage.awaited:
            way = choices.get(id(made), made.main)
            if len(made.ways) > 1:
                labels.append(way.label)
                weight *= way.weight
            below, answered = visit(way.stage)
            if verdict is not Verdict.BLOCKED and made.dependency == "hard":
                verdict = worst((verdict, below))
                status = _status(made, way.stage, below, answered, status)
        if stage.own is Verdict.BLOCKED and stage.own_status is None:
            status = None
        back[place] = [*_answer(stage, status), *stage.back]
        return verdict, status

    verdict, status = visit(root)
    merged: list[Hop] = []
    for part in reversed(back):
        extend(merged, part)
    return Path(weight, ", ".join(labels), verdict, tuple(forward), tuple(merged), status, tuple(latency))


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


def extend(hops: list[Hop], more: Iterable[Hop]) -> None:
    """Append hops; steps of one component that follow each other make one hop."""
    for hop in more:
        if hops and hops[-1].component == hop.component:
            hops[-1] = Hop(hop.component, hop.kind, (*hops[-1].steps, *hop.steps))
        else:
            hops.append(hop)


def _count(stage: Stage) -> int:
    total = 1
    for made in stage.awaited:
        total *= sum(_count(way.stage) for way in made.ways if way.weight > 0) or 1
    return total


def all_paths(root: Stage) -> Iterator[Path]:
    if _count(root) <= PATH_LIMIT:
        for choices in _products(root):
            yield path_of(root, choices)
        return
    seen: set[tuple[int, ...]] = set()
    for choices in _singles(root, {}):
        key = tuple(sorted(id(way) for way in choices.values()))
        if key not in seen:
            seen.add(key)
            yield path_of(root, choices)


def _products(stage: Stage) -> Iterator[_Choices]:
    """Yield every combination of ways below ``stage``."""
    options = []
    for made in stage.awaited:
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
    for made in stage.awaited:
        for way in made.ways:
            if way.weight > 0:
                choices = {**above, id(made): way}
                yield choices
                yield from _singles(way.stage, choices)
