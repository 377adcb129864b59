"""A failure report as plain text, at most 100 columns wide."""

from __future__ import annotations

import textwrap

from archtui.failure.report import FailureReport, JourneyReport, Link
from archtui.failure.timed import Timed
from archtui.failure.words import seconds_text, status_text, target_text

WIDTH = 100


def render(report: FailureReport) -> str:
    """Return the report as the command line prints it."""
    lines = [*(_cause(item) for item in report.conditions), *report.notes, ""]
    for journey in report.journeys:
        lines += [*_journey(journey), ""]
    for title, names in (
        ("Lost", report.lost),
        ("Reduced", report.degraded),
        ("Back by themselves", report.recovered),
    ):
        if names:
            lines += _wrapped(f"{title}: {', '.join(names)}", "  ")
    lines += ["", "Timeline"]
    for event in report.timeline:
        when = f"{event.t:g} s"
        if event.earliest is not None and event.earliest != event.t:
            when = f"{event.earliest:g}-{event.t:g} s"
        lines += _wrapped(f"  {when:>9}  {event.event}", " " * 13)
    return "\n".join(line.rstrip() for line in lines).strip("\n") + "\n"


def _cause(item: Timed) -> str:
    text = target_text(item.target)
    if not item.start and item.end is None:
        return text
    return f"{text.rstrip('.')}, from {item.start:g} s {f'to {item.end:g} s' if item.end is not None else 'on'}."


def _journey(journey: JourneyReport) -> list[str]:
    before, during, after = (status_text(sight) for sight in (journey.before, journey.during, journey.after))
    lines = _wrapped(journey.name, "  ")
    lines.append(f"  before {before}  >  during {during}  >  after {after}")
    lines += _wrapped(f"  {journey.sentence}", "  ")
    if journey.chain:
        lines.append(f"  downtime {_or_never(journey)}, data loss {seconds_text(journey.data_loss)}")
        for link in journey.chain:
            lines += _link(link)
        lines += _wrapped(f"  {journey.static_stability}", "  ") if journey.static_stability else []
    for name, wanted, meets in (("RTO", journey.rto, journey.meets_rto), ("RPO", journey.rpo, journey.meets_rpo)):
        if wanted is not None:
            lines.append(f"  {name} {wanted:g} s: {'met' if meets else 'missed'}")
    return lines


def _or_never(journey: JourneyReport) -> str:
    if journey.downtime is not None:
        return str(journey.downtime)
    return "without end" if journey.returns == "not by itself" else "an unknown time"


def _link(link: Link) -> list[str]:
    seconds = str(link.seconds) if link.seconds is not None else "by hand" if not link.automatic else "unknown"
    if link.hindered:
        seconds = "hindered"
    after = f" after {link.starts}" if link.starts is not None and link.starts.max > 0 else ""
    how = f" ({link.formula})" if link.formula else ""
    lines = _wrapped(f"  - {seconds}{after}: {link.mechanism} of {link.component}{how}", "    ")
    if link.hindered:
        lines += _wrapped(f"    cannot help: {link.hindered}", "    ")
    return lines + _wrapped(f"    source: {link.source}", "      ")


def _wrapped(text: str, indent: str) -> list[str]:
    return textwrap.wrap(
        text, WIDTH, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False, drop_whitespace=False
    ) or [""]
