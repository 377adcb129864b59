"""A trace in plain words: the same content, word for word, on the command line and in the TUI."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from archtui.model.component import Json
from archtui.trace.paths import share_text
from archtui.trace.result import Path, Trace
from archtui.world.steps import Action, Blocker, Hop, RuleRef, Step, Verdict

OK, DENY, UNKNOWN = "✓", "✗", "?"
VERDICT_GLYPHS: Mapping[Verdict, str] = {
    Verdict.REACHABLE: OK,
    Verdict.BLOCKED: DENY,
    Verdict.UNKNOWN: UNKNOWN,
}
_BRANCH_LIMIT = 20


def glyph(step: Step) -> str:
    """Return the mark of a step: passed, denied or not decided."""
    if step.action is Action.DENY:
        return DENY
    return UNKNOWN if step.action is Action.UNKNOWN else OK


def rule_text(rule: RuleRef) -> str:
    """Return a rule as one phrase: its component, what it says, and why it lost."""
    text = f"{rule.component}: {rule.text}" if rule.text else rule.component
    return f"{text} ({rule.why})" if rule.why else text


def changes(before: Mapping[str, Json], after: Mapping[str, Json]) -> tuple[tuple[str, str, str], ...]:
    """Return what a step changed in the packet or request: field, before, after."""
    if not before or not after:
        return ()
    fields = [*before, *(name for name in after if name not in before)]
    return tuple(
        (name, value_text(before.get(name)), value_text(after.get(name)))
        for name in fields
        if before.get(name) != after.get(name)
    )


def value_text(value: Json) -> str:
    """Return a header's value as a person reads it."""
    if value is None:
        return "-"
    if isinstance(value, dict):
        return ", ".join(f"{key}: {value_text(item)}" for key, item in value.items())
    if isinstance(value, list):
        return ", ".join(value_text(item) for item in value)
    return str(value)


def plain(name: str) -> str:
    """Return the name of a layer, a field or a kind as people read it."""
    return name.replace("_", " ")


def step_lines(step: Step, number: int) -> Iterator[str]:
    """Yield a step: its sentence with number and mark, then what decided, what lost, what changed."""
    code = f" [{step.code}]" if step.code else ""
    yield f"  {glyph(step)} {number:>3}  {plain(step.layer)}: {step.message}{code}"
    if step.decided_by is not None and (step.decided_by.text or step.lost):
        yield f"         {step.rule_word:<10}  {rule_text(step.decided_by)}"
    for rule in step.lost:
        yield f"         lost        {rule_text(rule)}"
    for name, before, after in changes(step.before, step.after):
        yield f"         changed     {plain(name)}: {before} -> {after}"
    if step.facts:
        yield f"         facts       {', '.join(step.facts)}"


def hop_lines(hops: Sequence[Hop], first: int = 1) -> Iterator[str]:
    """Yield hops with their steps numbered from ``first``."""
    number = first
    for hop in hops:
        mark = DENY if hop.denied else OK
        if not hop.denied and any(step.action is Action.UNKNOWN for step in hop.steps):
            mark = UNKNOWN
        yield f"{mark} {hop.component} ({plain(hop.kind)})"
        for step in hop.steps:
            yield from step_lines(step, number)
            number += 1


def step_count(hops: Sequence[Hop]) -> int:
    """Return how many steps ``hops`` have."""
    return sum(len(hop.steps) for hop in hops)


def blocker_line(blocker: Blocker) -> str:
    """Return a blocker as one line."""
    return f"{blocker.component}  {blocker.code}  {blocker.message}"


def path_line(path: Path) -> str:
    """Return a branch as one line: mark, share, way."""
    status = f"  HTTP {path.status}" if path.status is not None else ""
    return f"{VERDICT_GLYPHS[path.verdict]} {share_text(path.weight):>8}  {path.name}{status}"


def lines(trace: Trace) -> Iterator[str]:
    """Yield the whole trace, line by line."""
    yield f"{VERDICT_GLYPHS[trace.verdict]} {trace.sentence}"
    yield ""
    yield "Forward"
    yield from hop_lines(trace.forward)
    if trace.back:
        yield ""
        yield "Return"
        yield from hop_lines(trace.back, step_count(trace.forward) + 1)
    yield from _section("Blockers", [f"{DENY} {blocker_line(blocker)}" for blocker in trace.blockers])
    yield from _section("Fixes", [line for fix in trace.fixes for line in _fix_lines(fix.message, fix.edits)])
    yield from _section("Missing", [f"{UNKNOWN} {text}" for text in trace.missing])
    yield from _section("Warnings", [f"! {blocker_line(blocker)}" for blocker in trace.warnings])
    if len(trace.paths) > 1:
        shown = [path_line(path) for path in trace.paths[:_BRANCH_LIMIT]]
        more = len(trace.paths) - _BRANCH_LIMIT
        yield from _section("Branches", [*shown, *([f"  and {more} more"] if more > 0 else [])])
    for later in trace.afterwards:
        body = [later.delay.assumption] if later.delay else []
        body += hop_lines(later.main.forward)
        body += hop_lines(later.main.back, step_count(later.main.forward) + 1)
        body += [f"{DENY} {blocker_line(blocker)}" for blocker in later.blockers]
        body += [f"{UNKNOWN} {text}" for text in later.missing]
        yield from _section(f"{VERDICT_GLYPHS[later.verdict]} {later.heading}", body)
    if trace.latency:
        total = sum(part.milliseconds for part in trace.latency)
        parts = [f"{part.milliseconds:>7g} ms  {part.hop}: {part.assumption}" for part in trace.latency]
        yield from _section("Latency, assumed", [*parts, f"{total:>7g} ms  in total"])


def _section(title: str, body: Sequence[str]) -> Iterator[str]:
    if body:
        yield ""
        yield title
        yield from body


def _fix_lines(message: str, edits: Sequence[object]) -> Iterator[str]:
    yield f"+ {message}"
    for edit in edits if len(edits) > 1 else ():
        yield f"  - {getattr(edit, 'label', '')}"


def render(trace: Trace) -> str:
    """Return the trace as text."""
    return "\n".join(lines(trace))
