"""What would help, as plain text, at most 100 columns wide."""

from __future__ import annotations

from archtui.failure.availability.report import MINUTES
from archtui.failure.availability.text import percent, wrapped
from archtui.failure.remedies.measure import Measure
from archtui.failure.remedies.search import Advice, Proposal, Search


def render_search(found: Search) -> str:
    """Return the advice as ``archtui resilience FILE --remedies`` prints it."""
    lines = ["What would help"]
    for advice in found.advice:
        lines += ["", *wrapped(f"{advice.journey}: {figure(advice.before)} today", 2)]
        if not advice.front:
            lines.append("  No remedy of the catalogue helps.")
        for item in advice.front:
            lines += _proposal(advice, item)
    lines += ["", *wrapped(f"{found.tried} changed designs were analysed; each line is proved on its own.", 2)]
    for label, why in found.declined:
        lines += wrapped(f"Not offered: {label} ({why}).", 2)
    return "\n".join(lines) + "\n"


def figure(measure: Measure) -> str:
    """Return how available a journey is: ``99.935 %, down 340 minutes a year``."""
    u = measure.unavailability
    return "not known" if u is None else f"{percent(u)}, down {u * MINUTES:.3g} minutes a year"


def gain(advice: Advice, item: Proposal) -> str:
    """Return what a proposal brings, with the seconds where those change."""
    after = item.after[advice.journey]
    text = figure(after)
    if abs(after.lost - advice.before.lost) > 0.5:
        text += f"; {after.lost:.0f} s of requests lost in single failures, {advice.before.lost:.0f} s today"
    return text


def _proposal(advice: Advice, item: Proposal) -> list[str]:
    count = "1 edit" if item.edits == 1 else f"{item.edits} edits"
    lines = wrapped(f"  {count}, cost {item.cost}: {gain(advice, item)}", 4)
    for remedy in item.remedies:
        lines += wrapped(f"    - {remedy.edit.label} ({remedy.name}): {remedy.why}", 6)
    return lines
