"""Two traces side by side: what became different, from the verdict down to the first step that differs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from archtui.model.component import Json
from archtui.trace.result import Trace
from archtui.trace.text import glyph
from archtui.world.steps import Blocker, Hop, Step


@dataclass(frozen=True, slots=True)
class NumberedStep:
    """A step of a trace's main path with its number there, from 1."""

    number: int
    hop: Hop
    step: Step

    @property
    def text(self) -> str:
        """The step as one line."""
        code = f" [{self.step.code}]" if self.step.code else ""
        return f"{self.number:>3} {glyph(self.step)} {self.hop.component}, {self.step.layer}: {self.step.message}{code}"


@dataclass(frozen=True)
class Comparison:
    """What differs between the main paths, the blockers and the shares of two traces."""

    first: Trace
    second: Trace
    only_first: tuple[str, ...]
    """Components that only the first one comes to, in its order."""
    only_second: tuple[str, ...]
    gone: tuple[Blocker, ...]
    new: tuple[Blocker, ...]
    parting: tuple[NumberedStep | None, NumberedStep | None] | None
    """The first step that differs, of each; None in its place: that one ended before. None: no step differs."""

    @property
    def same(self) -> bool:
        """Whether nothing differs: neither verdict, status and share nor any step of the main path."""
        return self.parting is None and not self.gone and not self.new and _facts(self.first) == _facts(self.second)


def compare(first: Trace, second: Trace) -> Comparison:
    """Compare two traces, of one request under two designs or of two requests."""
    names = [list(dict.fromkeys(hop.component for hop in (*t.forward, *t.back))) for t in (first, second)]
    return Comparison(
        first,
        second,
        tuple(name for name in names[0] if name not in names[1]),
        tuple(name for name in names[1] if name not in names[0]),
        tuple(blocker for blocker in first.blockers if blocker not in second.blockers),
        tuple(blocker for blocker in second.blockers if blocker not in first.blockers),
        _parting(first, second),
    )


def _numbered(trace: Trace) -> list[NumberedStep]:
    steps = [(hop, step) for hop in (*trace.forward, *trace.back) for step in hop.steps]
    return [NumberedStep(number, hop, step) for number, (hop, step) in enumerate(steps, 1)]


def _parting(first: Trace, second: Trace) -> tuple[NumberedStep | None, NumberedStep | None] | None:
    one, two = _numbered(first), _numbered(second)
    for here, there in zip(one, two, strict=False):
        if (here.hop.component, here.step) != (there.hop.component, there.step):
            return here, there
    length = min(len(one), len(two))
    if len(one) == len(two):
        return None
    return (one[length] if len(one) > length else None), (two[length] if len(two) > length else None)


def _facts(trace: Trace) -> dict[str, Json]:
    return {
        "verdict": str(trace.verdict),
        "HTTP status": trace.status,
        "share that succeeds": f"{trace.share * 100:.4g} %",
        "latency": f"{sum(part.milliseconds for part in trace.latency):g} ms",
    }


def comparison_lines(found: Comparison) -> Iterator[str]:
    """Yield the comparison as text: the verdicts, the ways, the blockers, the first step that differs."""
    yield f"first    {found.first.sentence}"
    yield f"second   {found.second.sentence}"
    yield ""
    if found.same:
        yield "Nothing differs."
        return
    one, two = _facts(found.first), _facts(found.second)
    for name, value in one.items():
        mark = "≠" if value != two[name] else " "
        yield f"{mark} {name:<20} {'-' if value is None else value} → {'-' if two[name] is None else two[name]}"
    for word, names in (("only in the first", found.only_first), ("only in the second", found.only_second)):
        if names:
            yield f"≠ {word:<20} {', '.join(names)}"
    for word, blockers in (("- no longer blocks", found.gone), ("+ blocks now", found.new)):
        for blocker in blockers:
            yield f"{word:<22} {blocker.component}  {blocker.code}"
    yield ""
    if found.parting is None:
        yield "Every step of the main path is the same."
        return
    yield "The first step that differs"
    for word, step in zip(("first", "second"), found.parting, strict=True):
        yield f"  {word:<7}{step.text if step else 'has ended before'}"
