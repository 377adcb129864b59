"""A trace as a Markdown page: what a review or a runbook can hold."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from archtui.trace.aftermath import Aftermath
from archtui.trace.result import Trace
from archtui.trace.sequence import mermaid
from archtui.trace.text import VERDICT_GLYPHS, glyph, path_line, plain
from archtui.trace.waterfall import waterfall
from archtui.world.steps import Blocker, Hop


def markdown(trace: Trace) -> str:
    """Return the whole trace: verdict, diagram, steps there and back, what blocks it, what it sets off, its time."""
    return "\n".join(_lines(trace)) + "\n"


def _lines(trace: Trace) -> Iterator[str]:
    yield f"# {_cell(trace.request.text)}"
    yield ""
    yield f"{VERDICT_GLYPHS[trace.verdict]} {trace.sentence}"
    yield from _fenced("mermaid", mermaid(trace).rstrip().split("\n"))
    yield from _hops("Forward", trace.forward)
    yield from _hops("Return", trace.back)
    yield from _blockers("Blockers", trace.blockers)
    yield from _listed("Fixes", [fix.message for fix in trace.fixes])
    yield from _listed("Missing", trace.missing)
    yield from _blockers("Warnings", trace.warnings)
    if len(trace.paths) > 1:
        yield from _listed("Branches", [path_line(path) for path in trace.paths])
    for later in trace.afterwards:
        yield from _later(later)
    if trace.latency:
        yield from ("", "## Latency, assumed")
        yield from _fenced("text", list(waterfall(trace.latency)))


def _later(later: Aftermath) -> Iterator[str]:
    yield from _hops(f"{VERDICT_GLYPHS[later.verdict]} {later.heading}", later.main.forward)
    yield from _blockers("What stops it", later.blockers)


def _hops(title: str, hops: Sequence[Hop]) -> Iterator[str]:
    if not hops:
        return
    yield from (
        "",
        f"## {_cell(title)}",
        "",
        "| | component | layer | what happens | decided by |",
        "|---|---|---|---|---|",
    )
    for hop in hops:
        for step in hop.steps:
            code = f" `{step.code}`" if step.code else ""
            rule = step.decided_by
            decided = f"`{rule.component}`: {_cell(rule.text)}" if rule else ""
            what = f"{_cell(step.message)}{code}"
            yield f"| {glyph(step)} | `{hop.component}` | {plain(step.layer)} | {what} | {decided} |"


def _blockers(title: str, blockers: Sequence[Blocker]) -> Iterator[str]:
    yield from _listed(title, [f"`{one.component}` `{one.code}`: {one.message}" for one in blockers])


def _listed(title: str, items: Sequence[str]) -> Iterator[str]:
    if items:
        yield from ("", f"## {title}", "")
        for item in items:
            yield f"- {_cell(item)}"


def _fenced(language: str, body: Sequence[str]) -> Iterator[str]:
    yield from ("", f"```{language}", *body, "```")


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
