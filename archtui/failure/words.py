"""The sentences of a failure report, for the command line and the TUI alike."""

from __future__ import annotations

from archtui.facts import Span
from archtui.failure.report import JourneyReport, Link, Sight, Status
from archtui.world.targets import parse_target


def seconds_text(span: Span | None) -> str:
    """Return ``60 s``, ``60-120 s`` or ``an unknown time``."""
    return "an unknown time" if span is None else str(span)


def share_text(share: float) -> str:
    """Return a share as ``50 %``; never 100 % for less than all."""
    percent = share * 100
    return f"{min(percent, 99.9) if share < 1 else percent:.3g} %"


def status_text(sight: Sight) -> str:
    """Return how a journey is as a matrix shows it: ``up``, ``down``, ``degraded (50 %)``, ``degraded (2 s late)``."""
    if sight.status is not Status.DEGRADED:
        return str(sight.status)
    if sight.share >= 1 and sight.late:
        return f"{sight.status} ({sight.late:g} s late)"
    if sight.share >= 1 and sight.soft:
        first, *more = sight.soft
        return f"{sight.status} (without {first}{f' and {len(more)} more' if more else ''})"
    return f"{sight.status} ({share_text(sight.share)})"


def target_text(target: str) -> str:
    """Return what fails as a sentence: ``Availability zone eu-west-1a is lost.``"""
    return parse_target(target).sentence


def journey_sentence(report: JourneyReport) -> str:
    """Return what the failure does to a journey, in one sentence."""
    if report.before.status in (Status.DOWN, Status.UNKNOWN):
        was = "was down" if report.before.status is Status.DOWN else "could not be decided"
        return f"It {was} before the failure: {report.before.why}"
    if report.during.status is Status.UNKNOWN or report.after.status is Status.UNKNOWN:
        return report.during.why if report.during.status is Status.UNKNOWN else report.after.why
    stays = "blocked, as it should be" if report.expect == "blocked" else "up"
    if report.during.status is Status.UP and report.after.status is Status.UP:
        return f"It stays {stays}."
    parts = []
    if report.returns == "by itself, nobody publishes when":
        last = next((link for link in reversed(report.chain) if link.seconds is None), None)
        how = f": {last.what[0].lower()}{last.what[1:].rstrip('.')}" if last else ""
        return f"{str(report.during.status).capitalize()} for a time that AWS gives no figure for{how}."
    if report.downtime is None:
        parts.append(f"Down until someone acts{_by_hand(report.chain)}")
    elif report.downtime.max > 0:
        parts.append(f"Down for {report.downtime}")
    if report.degraded is None:
        partly = _partly(report.after)
        parts.append(f"{'then ' if parts else ''}{partly} until someone acts")
    elif report.degraded.max > 0:
        parts.append(f"{_partly(report.partly or report.during)} for {report.degraded}")
    text = ", ".join(parts) or "It changes for a moment only"
    text = text[0].upper() + text[1:]
    causes = [link for link in report.chain if link.seconds is not None]
    if causes and report.after.status is Status.UP:
        return f"{text}: {causes[-1].what}"
    return f"{text}."


def _partly(sight: Sight) -> str:
    if sight.share < 1:
        return f"{share_text(1 - sight.share)} of the requests fail"
    if sight.late:
        return f"answers {sight.late:g} s late"
    return f"works without a soft dependency ({', '.join(sight.soft)})"


def _by_hand(chain: tuple[Link, ...]) -> str:
    waiting = [link for link in chain if link.seconds is None]
    if not waiting:
        return ", nothing brings it back by itself"
    first = waiting[0]
    if first.hindered:
        return f" ({first.mechanism} of {first.component} cannot help: {first.hindered})"
    return f" ({first.what.rstrip('.')})"
