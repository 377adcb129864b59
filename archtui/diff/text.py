"""A difference in sentences, as a reviewer would put it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from archtui.diff.difference import ComponentChange, Difference, JourneyChange
from archtui.model.component import Component, Json
from archtui.network.reach import Reach

MANY = 4
"""From so many senders on a sentence counts instead of naming all."""


def render(found: Difference) -> str:
    """Return the review of a difference."""
    if found.is_empty:
        return "The two designs do the same.\n"
    parts = (
        ("Components", list(_components(found))),
        ("Reachability", list(_reachability(found))),
        ("Findings", list(_findings(found))),
        ("Journeys", [_journey(change) for change in found.journeys]),
    )
    blocks = ["\n".join((title, *(f"  {line}" for line in lines))) for title, lines in parts if lines]
    return "\n\n".join([*blocks, f"Resilience: {found.resilience.note}."]) + "\n"


def _components(found: Difference) -> Iterator[str]:
    yield from (f"+ {_named(component)}" for component in found.added)
    yield from (f"- {_named(component)}" for component in found.removed)
    yield from (f"~ {change.id}: {_properties(change)}" for change in found.changed)


def _named(component: Component) -> str:
    return f"{component.id} ({component.kind.title})"


def _properties(change: ComponentChange) -> str:
    return ", ".join(_property(*item) for item in change.properties)


def _property(name: str, before: Json, after: Json) -> str:
    if isinstance(before, list | dict) or isinstance(after, list | dict):
        what = "added" if before is None else "removed" if after is None else "changed"
        return f"{name} {what}"
    if before is None:
        return f"{name} set to {_value(after)}"
    return (
        f"{name} no longer set (was {_value(before)})"
        if after is None
        else f"{name} {_value(before)} → {_value(after)}"
    )


def _value(value: Json) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


# -- reachability ---------------------------------------------------------------------------------


def _reachability(found: Difference) -> Iterator[str]:
    added, removed = found.reach.added, found.reach.removed
    yield from _sentences([row for row in added if not row.one_way], "+ {} now {} {}", ("reaches", "reach"))
    yield from _sentences([row for row in removed if not row.one_way], "- {} no longer {} {}", ("reaches", "reach"))
    lost = ("sends requests to", "send requests to")
    yield from _sentences([row for row in added if row.one_way], "+ {} now {} {}, but the replies are blocked", lost)
    yield from _sentences([row for row in removed if row.one_way], "- {} no longer {} {} in vain", lost)
    yield from _sentences(found.undecided.added, "? whether {} {} {} cannot be decided now", ("reaches", "reach"))
    yield from _sentences(found.undecided.removed, "? whether {} {} {} is decided now", ("reaches", "reach"))


def _sentences(rows: Iterable[Reach], sentence: str, verbs: tuple[str, str]) -> Iterator[str]:
    """Say one sentence for all senders to whom the same happened."""
    traffic: dict[tuple[str, str], list[str]] = {}
    for row in rows:
        traffic.setdefault((row.source, row.target), []).append(_traffic(row))
    senders: dict[tuple[str, str], list[str]] = {}
    for (source, target), what in traffic.items():
        senders.setdefault((target, _joined(what)), []).append(source)
    for (target, shown), sources in senders.items():
        yield sentence.format(_some(sources), verbs[len(sources) > 1], f"{target} on {shown}")


def _traffic(row: Reach) -> str:
    if row.protocol == "icmp":
        return "ping"
    if row.ports == "0-65535":
        return f"all {row.protocol} ports"
    ports = row.ports.replace(",", ", ")
    return f"{row.protocol} {ports}" if ports else f"protocol {row.protocol}"


def _joined(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def _some(names: Sequence[str]) -> str:
    if len(names) <= MANY:
        return _joined(names)
    return f"{', '.join(names[: MANY - 1])} and {len(names) - MANY + 1} others"


# -- findings and journeys ------------------------------------------------------------------------


def _findings(found: Difference) -> Iterator[str]:
    yield from (f"+ {item.rule} {item.severity}: {item.message}" for item in found.findings_added)
    yield from (f"- {item.rule} {item.severity}: {item.message}" for item in found.findings_removed)


def _journey(change: JourneyChange) -> str:
    if change.before is None or change.after is None:
        shown = change.after or change.before
        sign = "+" if change.after else "-"
        return f"{sign} {change.name}: {shown.sentence if shown and change.after else 'no longer asked'}"
    if change.before.holds != change.after.holds:
        return f"~ {change.name}: {'holds now' if change.after.holds else 'no longer holds'}. {change.after.sentence}"
    return f"~ {change.name}: {change.after.sentence}"
