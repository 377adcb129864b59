"""The matrix of a failure, journey by before, during, after and the moment looked at; the events below it; the bars."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from rich.text import Text

from archtui.failure.clients import share_served
from archtui.failure.words import share_text
from archtui.tui.panels.rows import Row

if TYPE_CHECKING:
    from archtui.failure.report import FailureReport, JourneyReport, Link, Sight

STATES = {"up": ("✓", "green"), "degraded": ("◐", "yellow"), "down": ("✗", "bold red"), "unknown": ("?", "yellow")}
_BARS = "·▁▂▃▄▅▆▇█"
_SPARK = 10
_ROOMY = 76
"""Cells of a panel from which a journey's name stands in the line of its figures."""
LATER = "What comes about by itself has done so; AWS publishes no figure for when."


def matrix_rows(report: FailureReport, now: float | None, width: int) -> list[Row]:
    """Return the rows of the matrix and of the timeline; the value of a row is the journey or the event."""
    roomy = width >= _ROOMY
    room = width - 3 - 7 - 10 - 10 - 11 - _SPARK - 3 if roomy else 0
    last = "now" if now is not None else "down for"
    head = f"{'journey':<{room}} " if roomy else ""
    rows = [Row(Text(f" {head}{'before':<7}{'during':<10}{'after':<10}{last:<11}served", "dim"), selectable=False)]
    for journey in report.journeys:
        text = Text(" ")
        if roomy:
            name = journey.name if len(journey.name) <= room else f"{journey.name[: room - 1]}…"
            text.append(f"{name:<{room}} ", "bold")
        text.append_text(_cells(report, journey, now))
        rows.append(Row(text, journey) if roomy else Row(Text(f" {journey.name}", "bold"), journey))
        if not roomy:
            rows.append(Row(text, journey, selectable=False))
    rows.append(Row(Text(""), selectable=False))
    for event in report.timeline:
        mark = "▶" if now is not None and event.t == now else " "
        style = "bold cyan" if mark == "▶" else "cyan"
        rows.append(Row(Text.assemble((f"{mark} t+{event.t:>6g} s  ", style), event.event), event))
    if math.inf in moments(report):
        mark = "▶" if now == math.inf else " "
        style = "bold cyan" if mark == "▶" else "cyan"
        rows.append(Row(Text.assemble((f"{mark} in the end  ", style), LATER), LATER))
    return rows


def _cells(report: FailureReport, journey: JourneyReport, now: float | None) -> Text:
    text = Text()
    for sight, room in ((journey.before, 7), (journey.during, 10), (journey.after, 10)):
        text.append_text(cell(sight, room))
    if now is None:
        text.append(f"{downtime(journey):<11}")
    else:
        share = share_at(journey, now)
        glyph, style = STATES["up" if share >= 1 else "down" if share <= 0 else "degraded"]
        text.append(f"{glyph} {share_text(share)}".ljust(11), style)
    end = max((t for t in moments(report) if t < math.inf), default=0.0)
    return text.append(spark(journey, end, _SPARK), "green")


def cell(sight: Sight, room: int) -> Text:
    """Return a status as glyph and word: ``✓ up``, ``✗ down``, ``◐ 25 %``, ``◐ 2 s late``."""
    glyph, style = STATES[str(sight.status)]
    word = str(sight.status)
    if word == "degraded":
        word = share_text(sight.share) if sight.share < 1 else f"+{sight.late:g} s" if sight.late else "partly"
    return Text(f"{glyph} {word}"[: room - 1].ljust(room), style)


def moments(report: FailureReport | None) -> tuple[float, ...]:
    """Return the seconds at which something happens; infinity where something comes about nobody knows when."""
    if report is None:
        return ()
    found = {event.t for event in report.timeline}
    if any(journey.returns == "by itself, nobody publishes when" for journey in report.journeys):
        found.add(math.inf)
    return tuple(sorted(found))


def moment_text(t: float) -> str:
    """Return a moment as the title shows it: ``t+60 s``."""
    return "in the end" if t == math.inf else f"t+{t:g} s"


def share_at(journey: JourneyReport, t: float) -> float:
    """Return the share of all clients that is served at second ``t``."""
    return journey.after.share if t == math.inf else share_served(journey.served, t)


def downtime(journey: JourneyReport) -> str:
    """Return how long the journey is down, as people say it."""
    if journey.downtime is None:
        return "for good" if journey.returns == "not by itself" else "not known"
    return str(journey.downtime) if journey.downtime.max else "not down"


def spark(journey: JourneyReport, end: float, width: int) -> str:
    """Return the share that is served from second 0 to a little after ``end``, as bars."""
    last = max(end, 1.0) * 1.1
    shares = (share_served(journey.served, last * (column + 0.5) / width) for column in range(width))
    return "".join(_BARS[0 if share <= 0 else max(1, math.floor(share * 8 + 1e-9))] for share in shares)


def plot(journey: JourneyReport, end: float, now: float | None, width: int = 40) -> Text:
    """Return the share that is served over time as bars, the moment ``now`` marked below."""
    last = max(end, 1.0) * 1.1
    ruler = list("─" * width)
    if now is not None and now < math.inf:
        ruler[min(width - 1, round(now / last * width))] = "▲"
    text = (
        Text("served ").append(spark(journey, end, width), "green").append("\n─time  ").append("".join(ruler), "cyan")
    )
    return text.append(f" {moment_text(now)}" if now is not None else f" {last:.0f} s", "cyan")


def bar(link: Link, end: float, width: int = 40) -> Text:
    """Return the time of a mechanism as a bar: waiting, noticing, switching."""
    last = max(end, 1.0) * 1.1
    start = link.starts.max if link.starts else 0.0
    if link.detect is None or link.switch is None:
        return Text(_open_bar(link, start, last, width), "yellow")
    edges = [min(width, round(t / last * width)) for t in (start, start + link.detect.max, start + link.seconds_max)]
    text = Text("·" * edges[0], "dim").append("▒" * (edges[1] - edges[0]), "yellow")
    text.append("█" * max(0, edges[2] - edges[1]), "cyan")
    return text.append("·" * max(0, width - max(edges)), "dim")


def _open_bar(link: Link, start: float, last: float, width: int) -> str:
    """Return a bar without an end: by hand, hindered, or at a time that nobody publishes."""
    begin = min(width, round(start / last * width))
    sign = "✗" if link.hindered else "?" if link.automatic else "☝"
    return "·" * begin + sign + "┄" * (width - begin - 1)


__all__ = ["LATER", "STATES", "bar", "downtime", "matrix_rows", "moment_text", "moments", "plot", "share_at", "spark"]
