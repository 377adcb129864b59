"""The resilience of a design as plain text, at most 100 columns wide."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence

from archtui.failure.availability.disruptions import Disruption
from archtui.failure.availability.priors import Prior
from archtui.failure.availability.report import JourneyResilience

WIDTH = 100
_CUTS = 8
_EVENTS = 5


def percent(unavailability: float) -> str:
    """Return an availability with as many nines as it has: ``99.9354 %``; never 100 % for less than always."""
    if unavailability <= 0.0:
        return "100 %"
    digits = 3
    while f"{unavailability * 100:.{digits}f}".strip("0.") == "" and digits < 18:
        digits += 1
    return f"{100 - float(f'{unavailability * 100:.{digits + 2}f}'):.{digits + 2}f}".rstrip("0").rstrip(".") + " %"


def render_resilience(journeys: Sequence[JourneyResilience]) -> str:
    """Return the figures as ``archtui resilience FILE`` prints them."""
    lines: list[str] = []
    for journey in journeys:
        lines += [*_journey(journey), ""]
    lines += _assumptions(journeys)
    return "\n".join(line.rstrip() for line in lines).strip("\n") + "\n"


def _journey(journey: JourneyResilience) -> list[str]:
    lines = wrapped(journey.name, 2)
    u = journey.unavailability
    if u is not None:
        down = f"{journey.minutes_per_year:.3g} minutes a year"
        lines += wrapped(f"  Available {percent(u)} of the time, down {down} (unavailability {u:.6g})", 4)
        if journey.slo is not None:
            lines.append(f"  SLO {journey.slo * 100:g} %: {'met' if journey.meets_slo else 'missed'}")
    if journey.structure is not None:
        alone = ", ".join(journey.spofs) or "none"
        lines += wrapped(f"  Single points of failure: {alone}", 4)
        lines += _cut_sets(journey)
    if u:
        lines.append("  What matters most")
        for item in journey.importance[:_EVENTS]:
            if item.fussell_vesely > 0:
                lines += wrapped(f"    {journey.sentence(item)}", 6)
    if journey.disruptions:
        lines.append("  Disruptions")
        lines += [line for item in journey.disruptions for line in _disruption(item)]
    for text in journey.notes:
        lines += wrapped(f"  {text}", 4)
    return lines


def _cut_sets(journey: JourneyResilience) -> list[str]:
    orders = ", ".join(f"{n} of order {order}" for order, n in enumerate(journey.cut_sets_by_order) if n)
    verified = journey.structure.verified if journey.structure else 0
    lines = wrapped(f"  Minimal cut sets: {orders}; those of up to {verified} are tried in the tracer", 4)
    for cut in journey.cut_sets[:_CUTS]:
        if cut.probability:
            lines += wrapped(f"    {cut.probability:9.3e}  {' + '.join(cut.events)}", 15)
    return lines


def _disruption(item: Disruption) -> list[str]:
    name = item.type.replace("_", " ")
    rto = "not by itself" if item.rto is None else f"back in {item.rto:g} s"
    rpo = "loss unknown" if item.rpo is None else f"{item.rpo:g} s of data lost"
    meets = "" if item.meets is None else ", RTO and RPO met" if item.meets else ", RTO or RPO missed"
    return wrapped(f"    {name + ':':<15}{rto}, {rpo}{meets}. {item.sentence}", 19)


def _assumptions(journeys: Iterable[JourneyResilience]) -> list[str]:
    found: dict[str, Prior] = {}
    for journey in journeys:
        found.update((item.event, item) for item in journey.assumptions)
    if not found:
        return []
    lines = ["Assumed: how often each is down, and where that comes from"]
    by_source: dict[tuple[float, str], list[str]] = {}
    for item in found.values():
        by_source.setdefault((item.unavailability, item.source), []).append(item.event)
    for (u, source), events in sorted(by_source.items(), key=lambda pair: -pair[0][0]):
        lines += wrapped(f"  {u:<9.3g} {', '.join(events)}: {source}", 12)
    lines += wrapped(
        "  An SLA is a threshold for refunds, not a measured availability. Down means that no request succeeds and"
        " that nothing brings the journey back by itself.",
        2,
    )
    return lines


def wrapped(text: str, indent: int) -> list[str]:
    """Return ``text`` in lines of at most ``WIDTH``, the first as indented as it is, the others by ``indent``."""
    start = text[: len(text) - len(text.lstrip())]
    return textwrap.wrap(
        text.strip(),
        WIDTH,
        initial_indent=start,
        subsequent_indent=" " * indent,
        break_long_words=False,
        break_on_hyphens=False,
    )
