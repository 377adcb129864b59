"""A failure report as plain text, at most 80 columns wide."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from archtui.failure.report import Event, FailureReport, JourneyReport, Link
from archtui.failure.timed import Timed
from archtui.failure.words import seconds_text, share_text, status_text, target_text

WIDTH = 80
_NAME = 30
_STATUS = 15
_WHEN = 12


def render(report: FailureReport) -> str:
    """Return the report as the command line prints it: what fails, a matrix, each journey that is harmed, the
    timeline, the sources by number."""
    sources = list(dict.fromkeys(link.source for journey in report.journeys for link in _told(journey)))
    lines = [line for item in report.conditions for line in _wrapped(_cause(item), "  ")]
    lines += [line for note in report.notes for line in _wrapped(note, "  ")]
    lines += ["", *_matrix(report)]
    for journey in report.journeys:
        if _is_harmed(journey):
            lines += ["", *_journey(journey, sources)]
    lines.append("")
    for title, names in (
        ("Lost", report.lost),
        ("Reduced", report.degraded),
        ("Back by themselves", report.recovered),
    ):
        if names:
            lines += _wrapped(f"{title}: {', '.join(names)}", "  ")
    lines += ["", "Timeline", *(line for event in report.timeline for line in _event(event))]
    if sources:
        lines += ["", "Sources"]
        lines += [line for number, text in enumerate(sources, 1) for line in _wrapped(f"  [{number}] {text}", "      ")]
    return "\n".join(line.rstrip() for line in lines).strip("\n") + "\n"


def _cause(item: Timed) -> str:
    text = target_text(item.target)
    if not item.start and item.end is None:
        return text
    return f"{text.rstrip('.')}, from {item.start:g} s {f'to {item.end:g} s' if item.end is not None else 'on'}."


def _matrix(report: FailureReport) -> Iterator[str]:
    yield f"{'Journey':<{_NAME}}  {'before':<7}{'during':<{_STATUS}}{'after':<{_STATUS}}down for"
    for journey in report.journeys:
        before, during, after = (
            _short(status_text(sight)) for sight in (journey.before, journey.during, journey.after)
        )
        name, *more = textwrap.wrap(journey.name, _NAME)
        yield f"{name:<{_NAME}}  {before:<7}{during:<{_STATUS}}{after:<{_STATUS}}{_down_for(journey)}"
        yield from (f"  {line}" for line in more)


def _short(status: str) -> str:
    """Return a status that fits its column: what ``degraded`` means without the word."""
    word, _, rest = status.partition(" (")
    return word if not rest or rest.startswith("without") else rest.rstrip(")")


def _down_for(journey: JourneyReport) -> str:
    if journey.downtime is not None:
        return str(journey.downtime) if journey.downtime.max else "-"
    return "for good" if journey.returns == "not by itself" else "not known"


def _is_harmed(journey: JourneyReport) -> bool:
    return journey.returns != "stays" or str(journey.before.status) != "up" or bool(journey.chain)


def _told(journey: JourneyReport) -> tuple[Link, ...]:
    return journey.chain if _is_harmed(journey) else ()


def _journey(journey: JourneyReport, sources: list[str]) -> Iterator[str]:
    before, during, after = (status_text(sight) for sight in (journey.before, journey.during, journey.after))
    yield from _wrapped(journey.name, "  ")
    yield from _wrapped(f"  before {before}  >  during {during}  >  after {after}", "  ")
    yield from _wrapped(f"  {journey.sentence}", "  ")
    for link in journey.chain:
        yield from _link(link, sources.index(link.source) + 1)
    if journey.steady:
        names = ", ".join(f"{link.component} ({link.mechanism})" for link in journey.steady)
        yield from _wrapped(f"  Goes on in other zones: {names}.", "  ")
    if journey.chain:
        yield from _wrapped(f"  downtime {_or_never(journey)}, data loss {seconds_text(journey.data_loss)}", "  ")
    if len(journey.served) > 1:
        points = ", ".join(f"{t:g} s {share_text(share)}" for t, share in journey.served)
        yield from _wrapped(f"  clients served: {points}", "  ")
    if journey.static_stability:
        yield from _wrapped(f"  {journey.static_stability}", "  ")
    for name, wanted, meets in (("RTO", journey.rto, journey.meets_rto), ("RPO", journey.rpo, journey.meets_rpo)):
        if wanted is not None:
            yield f"  {name} {wanted:g} s: {'met' if meets else 'missed'}"


def _or_never(journey: JourneyReport) -> str:
    if journey.downtime is not None:
        return str(journey.downtime)
    return "without end" if journey.returns == "not by itself" else "an unknown time"


def _link(link: Link, source: int) -> Iterator[str]:
    seconds = str(link.seconds) if link.seconds is not None else "by hand" if not link.automatic else "unknown"
    if link.hindered:
        seconds = "hindered"
    how = [link.formula] if link.formula else []
    if link.starts is not None and link.starts.max > 0:
        how.append(f"begins after {link.starts}")
    if link.detect and link.switch and link.detect.max and link.switch.max:
        how.append(f"detect {link.detect}, switch {link.switch}")
    yield from _wrapped(f"  {seconds:>{_WHEN}}  {link.mechanism} of {link.component} [{source}]", " " * (_WHEN + 4))
    if how:
        yield from _wrapped(f"{'':>{_WHEN + 4}}{'; '.join(how)}", " " * (_WHEN + 4))
    if link.hindered:
        yield from _wrapped(f"{'':>{_WHEN + 4}}cannot help: {link.hindered}", " " * (_WHEN + 4))


def _event(event: Event) -> list[str]:
    when = f"{event.t:g} s"
    if event.earliest is not None and event.earliest != event.t:
        when = f"{event.earliest:g}-{event.t:g} s"
    return _wrapped(f"  {when:>{_WHEN}}  {event.event}", " " * (_WHEN + 4))


def _wrapped(text: str, indent: str) -> list[str]:
    lead = text[: len(text) - len(text.lstrip(" "))]
    return textwrap.wrap(
        text.strip(" "),
        WIDTH,
        initial_indent=lead,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    ) or [""]
