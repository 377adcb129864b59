"""Everything about one step: what happened, the rule that decided, the rules that lost, before and after."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.text import Text

from archtui.trace.paths import share_text
from archtui.trace.text import plain, rule_text, value_text

if TYPE_CHECKING:
    from archtui.model.component import Json
    from archtui.trace.latency import Latency
    from archtui.tui.debugger.course import Course, Place
    from archtui.world.steps import RuleRef

_LABEL = 12
_FIELD = 19
_NARROWEST = 12


def step_details(place: Place, width: int, *, headers: bool) -> Text:
    """Return the text about a step for a box of ``width`` columns."""
    step, text = place.step, Text()
    if place.folded:
        count = len(place.hop.steps)
        steps = f"{count} steps, folded; Enter unfolds them" if count > 1 else "1 step, folded; Enter unfolds it"
        text.append(f"{place.hop.component}: {steps}\n", "dim")
    text.append(step.message + "\n")
    if step.code:
        text.append("code".ljust(_LABEL), "dim").append(step.code + "\n", "bold")
    if step.decided_by:
        _rule(text, step.rule_word, step.decided_by)
    for rule in step.lost:
        _rule(text, "lost", rule)
    if headers:
        text.append_text(header_table(step.before, step.after, width))
    if step.facts:
        text.append("facts".ljust(_LABEL), "dim").append(", ".join(step.facts) + "\n")
    return text


def _rule(text: Text, word: str, rule: RuleRef) -> None:
    why = f" ({rule.why})" if rule.why else ""
    text.append(word.ljust(_LABEL), "dim").append(rule_text(rule).removesuffix(why)).append(f"{why}\n", "dim")


def header_table(before: Mapping[str, Json], after: Mapping[str, Json], width: int) -> Text:
    """Return before and after side by side, what differs first and marked with ``≠``, so it is seen without colour."""
    text = Text()
    if not before and not after:
        return text
    names = dict.fromkeys((*before, *after))
    both = bool(before) and bool(after)
    differs = {name: both and before.get(name) != after.get(name) for name in names}
    rows = [(name, value_text(before.get(name)), value_text(after.get(name)), differs[name]) for name in names]
    rows = [row for row in sorted(rows, key=lambda row: not row[3]) if (row[1], row[2]) != ("-", "-")]
    room = max(_NARROWEST, (width - _FIELD - 2) // 2)
    column = min(room, max((cell_len(row[1]) for row in rows), default=0) + 2)
    column = max(column, _NARROWEST)
    if not both or not any(differs.values()):
        word = "unchanged" if both else "before" if before else "after"
        text.append(f"{'  ' + word:<{_FIELD}}\n", "bold dim")
        for name, old, new, _ in rows:
            text.append(f"  {plain(name):<{_FIELD - 2}}", "dim").append(f"{old if before else new}\n")
        return text
    text.append(f"{'':<{_FIELD}}{'before':<{column}}after\n", "bold dim")
    for name, old, new, differ in rows:
        text.append("≠ " if differ else "  ", "bold green")
        text.append(f"{plain(name):<{_FIELD - 2}}", "dim")
        if cell_len(old) < column:
            text.append(old.ljust(column), "red" if differ else "")
        else:
            text.append(f"{old}\n", "red" if differ else "").append(" " * (_FIELD + column))
        text.append(f"{new}\n", "bold green" if differ else "")
    return text


def entry_details(course: Course) -> Text:
    """Return what a row says that leads to another course."""
    later = course.later
    if later is None:
        return Text("Enter goes back to the request.")
    text = Text(f"{later.trigger} sets it off: {later.label}\n")
    if later.delay:
        text.append("delay".ljust(_LABEL), "dim")
        text.append(f"{later.delay.milliseconds:g} ms: {later.delay.assumption}\n")
    text.append("share".ljust(_LABEL), "dim").append(f"{share_text(later.weight)} of requests\n")
    for blocker in later.blockers:
        text.append("✗ ", "bold red").append(f"{blocker.component}: {blocker.message}  {blocker.code}\n")
    text.append("Enter steps into it.", "dim")
    return text


def time_details(part: Latency, began: float) -> Text:
    """Return what one part of the time rests on; ``began``: milliseconds after the request was sent."""
    text = Text(f"{part.hop}\n", "bold")
    text.append("takes".ljust(_LABEL), "dim").append(f"{part.milliseconds:g} ms\n", "")
    end = began + part.milliseconds
    text.append("from".ljust(_LABEL), "dim").append(f"{began:g} ms to {end:g} ms after the request was sent\n")
    return text.append("assumed".ljust(_LABEL), "dim").append(part.assumption + "\n")
