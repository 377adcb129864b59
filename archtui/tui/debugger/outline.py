"""A course as rows: hops that unfold to their steps, and what the request sets off."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import TYPE_CHECKING

from rich.text import Text

from archtui.trace.paths import share_text
from archtui.trace.text import plain
from archtui.tui.debugger.course import Course, Entry, Place, Told
from archtui.tui.panels.rows import Row

if TYPE_CHECKING:
    from archtui.trace.latency import Latency
    from archtui.world.steps import Hop, Step

GLYPHS = {"deny": ("✗", "bold red"), "unknown": ("?", "bold yellow")}
PASSED = ("✓", "green")
ENDS = "── it ends here; walked on to find every blocker ──"

HopKey = tuple[bool, int]
"""A hop of a course: whether it belongs to the reply, and its number there."""


def course_rows(
    courses: Sequence[Course],
    shown: int,
    folded: Collection[HopKey],
    breakpoints: Collection[str],
    hops_shown: int | None = None,
) -> Iterator[Row]:
    """Yield the rows of ``courses[shown]``; ``hops_shown`` keeps the hops behind that many hidden."""
    course = courses[shown]
    if course.later is not None:
        yield Row(Text("↩ back to the request", "cyan"), Entry(0))
    if course.heading:
        yield _note(course.heading, "italic")
    if course.later is not None and course.later.delay is not None:
        yield _note(f"  {course.later.delay.assumption}")
    number, hop_count = 0, 0
    for reply, hops in ((False, course.path.forward), (True, course.path.back)):
        ended = False
        for index, hop in enumerate(hops):
            if hops_shown is not None and hop_count >= hops_shown:
                yield _note(f"? {hop.component}, {kind_text(hop)}, comes next: l asks what it does", "bold magenta")
                return
            if reply and index == 0:
                yield _note("── the reply ──")
            hop_count += 1
            closed = (reply, index) in folded
            yield _head(hop, index, reply, number + 1, closed=closed, stops=hop.component in breakpoints)
            for step in hop.steps:
                number += 1
                if not closed:
                    yield Row(_step_text(step, number), Place(hop, step, index, reply, number))
                if str(step.action) == "deny" and not ended:
                    ended = True
                    yield _note(ENDS)
    if course.later is None and any(each.later for each in courses):
        yield _note("── afterwards: what the request sets off; Enter steps into it ──")
        for index, each in enumerate(courses):
            if each.later is not None:
                yield Row(_later_text(each), Entry(index))


def _head(hop: Hop, index: int, reply: bool, number: int, *, closed: bool, stops: bool) -> Row:
    text = Text("▸ " if closed else "▾ ", "dim")
    text.append("● " if stops else "", "bold red")
    text.append(hop.component, "bold").append(f"  {kind_text(hop)}", "dim")
    if not closed:
        return Row(text, selectable=False)
    step = deciding(hop)
    glyph, style = GLYPHS.get(str(step.action), PASSED)
    count = len(hop.steps)
    text.append(f"  {glyph}", style).append(f" {count} step{'s' if count > 1 else ''}", "dim")
    if step.code and str(step.action) == "deny":
        text.append(f"  {step.code}", style)
    return Row(text, Place(hop, step, index, reply, number + hop.steps.index(step), folded=True))


def _step_text(step: Step, number: int) -> Text:
    glyph, style = GLYPHS.get(str(step.action), PASSED)
    text = Text.assemble((f"{number:>3} ", "dim"), (f"{glyph} ", style))
    text.append(f"{plain(step.layer)}: ", "cyan").append(step.message)
    if step.code:
        text.append(f"  {step.code}", "bold red" if str(step.action) == "deny" else "dim")
    return text


def _later_text(course: Course) -> Text:
    later = course.later
    assert later is not None
    glyph, style = course.mark
    text = Text("  " * later.depth).append(f"{glyph} ", style).append(course.label, "bold")
    text.append(f"  {later.when}", "dim")
    if course.share < 1 - 1e-9:
        text.append(f"  {share_text(course.share)} of requests", "dim")
    return text


def told_rows(lines: Sequence[str]) -> Iterator[Row]:
    """Yield the row of the moment of a failure at which the trace is taken: its headline; the rest is its detail."""
    if lines:
        yield Row(Text(lines[0], "bold yellow"), Told(tuple(lines)))


def _note(text: str, style: str = "dim") -> Row:
    return Row(Text(text, style), selectable=False)


def kind_text(hop: Hop) -> str:
    """Return the kind of a hop's component as people read it."""
    return plain(hop.kind)


def deciding(hop: Hop) -> Step:
    """Return the step that stands for a hop: its denial, else what it cannot decide, else its first."""
    for action in ("deny", "unknown"):
        found = next((step for step in hop.steps if str(step.action) == action), None)
        if found is not None:
            return found
    return hop.steps[0]


def time_rows(parts: Sequence[Latency], width: int) -> Iterator[Row]:
    """Yield the waterfall of a course's time, its bars on a scale that leaves room for the names."""
    from archtui.trace.waterfall import bars

    total = sum(part.milliseconds for part in parts)
    if not parts:
        yield _note("nothing is known of the time this takes")
        return
    scale = max(10, min(40, width - 14 - max(len(part.hop) for part in parts)))
    for part, first, bar in bars(parts, scale):
        text = Text(f"{part.milliseconds:>7g} ms  ").append(" " * first + bar.ljust(scale + 1 - first), "cyan")
        yield Row(text.append(part.hop), part)
    yield _note(f"{total:>7g} ms  in total, assumed", "bold")
