"""Rows of the failures panel's tabs about availability: cut sets, importance, remedies."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.text import Text

from archtui.tui.panels.rows import Row

if TYPE_CHECKING:
    from archtui.failure.availability import JourneyResilience
    from archtui.failure.remedies.search import Search

_CUTS = 20


def _heading(text: str) -> Row:
    return Row(Text(f"   {text}", "dim"), selectable=False)


def _name(text: str) -> Row:
    return Row(Text(f"   {text}", "bold"), selectable=False)


def cut_rows(journeys: Sequence[JourneyResilience]) -> list[Row]:
    """Return the minimal cut sets of each journey, the likeliest first; the value is the cut set."""
    rows = [_heading(f"{'share':<8}what fails together")]
    for journey in journeys:
        if journey.unavailability is None:
            continue
        rows.append(_name(f"{journey.name}, {journey.cut_set_count} cut sets"))
        for cut in journey.cut_sets[:_CUTS]:
            share = (cut.probability or 0.0) / journey.unavailability if journey.unavailability else 0.0
            rows.append(Row(Text.assemble((f"   {share:>6.1%}  ", "cyan"), " + ".join(cut.events)), cut))
    return rows


def times_text(factor: float) -> str:
    """Return a factor as people read it: 8.84, 1,548."""
    return f"{factor:.3g}" if factor < 1000 else f"{factor:,.0f}"


def importance_rows(journeys: Sequence[JourneyResilience]) -> list[Row]:
    """Return the events of each journey by what they matter; the value is the sentence."""
    rows = [_heading(f"{'matters':<9}{'worse by':<10}event")]
    for journey in journeys:
        if not journey.unavailability:
            continue
        rows.append(_name(journey.name))
        for item in journey.importance:
            if item.fussell_vesely > 0:
                text = f"   {item.fussell_vesely:>6.1%}  {times_text(item.raw or 0.0):>7} x  "
                rows.append(Row(Text.assemble((text, "cyan"), item.event), journey.sentence(item)))
    return rows


def remedy_rows(found: Search) -> list[Row]:
    """Return what helps each journey; the value is a pair of the advice and the proposal."""
    from archtui.failure.availability.text import percent

    rows = [_heading(f"{'edits':<7}{'cost':<8}{'available':<12}remedy")]
    for advice in found.advice:
        u = advice.before.unavailability
        rows.append(_name(f"{advice.journey}, {percent(u) if u is not None else 'not known'} today"))
        if not advice.front:
            rows.append(_heading("no remedy of the catalogue helps"))
        for item in advice.front:
            after = item.after[advice.journey].unavailability
            figure = "?" if after is None else percent(after)
            text = Text.assemble((f"   {item.edits:<7}{item.cost!s:<8}{figure:<12}", "cyan"))
            text.append(" + ".join(remedy.edit.label for remedy in item.remedies)).append("  [a: apply]", "green")
            rows.append(Row(text, (advice, item)))
    return rows
