"""What a failure does: each journey before, during and after, and the timeline of the recovery."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from archtui.tui.panels.panel import Panel
from archtui.tui.panels.rows import Row

if TYPE_CHECKING:
    from archtui.failure.report import FailureReport, JourneyReport

STATES = {"up": ("✓", "green"), "degraded": ("◐", "yellow"), "down": ("✗", "bold red"), "unknown": ("?", "yellow")}


class FailuresPanel(Panel):
    """The matrix journey by before, during and after, with the chain of mechanisms of each."""

    context = "failures"
    number = 5
    label = "Failures"

    def __init__(self) -> None:
        super().__init__()
        self.report: FailureReport | None = None

    def show_failure(self, report: FailureReport | None) -> None:
        """Show a failure's report; None: none."""
        self.report = report
        if report is None:
            self.title("press F to break something")
            self.show([Row(Text("nothing is broken", style="dim"), selectable=False)], 0)
            return
        self.title(" + ".join(report.targets) + " down")
        rows = [Row(Text(f"   {'before':<10}{'during':<10}{'after':<10}down for     journey", "dim"), selectable=False)]
        for journey in report.journeys:
            text = Text("   ")
            for sight in (journey.before, journey.during, journey.after):
                glyph, style = STATES[str(sight.status)]
                text.append(f"{glyph} {sight.status}".ljust(10), style)
            text.append(f"{downtime(journey):<13}").append(journey.name, "bold")
            rows.append(Row(text, journey))
        rows.append(Row(Text(""), selectable=False))
        for event in report.timeline:
            text = Text.assemble((f"   t+{event.t:>6g} s  ", "cyan"), event.event)
            rows.append(Row(text, event))
        self.show(rows)

    @property
    def journey(self) -> str | None:
        """The name of the journey under the cursor."""
        row = self.list.current
        return getattr(row.value, "name", None) if row else None

    def describe(self, row: Row | None) -> None:
        """Tell the chain of mechanisms with seconds and sources."""
        text = Text()
        impact = next((j for j in self.report.journeys if row and j is row.value), None) if self.report else None
        if impact is not None:
            self._describe_journey(impact, text)
        elif self.report is not None:
            text.append("lost      ", "bold dim").append(", ".join(self.report.lost) or "nothing")
            text.append("\ndegraded  ", "bold dim").append(", ".join(self.report.degraded) or "nothing")
        self.detail(text)

    @staticmethod
    def _describe_journey(impact: JourneyReport, text: Text) -> None:
        text.append(f"{impact.name}\n", "bold underline").append(impact.sentence + "\n", "bold")
        for link in impact.chain:
            seconds = str(link.seconds) if link.seconds is not None else "by hand" if not link.automatic else "?"
            text.append(f"{seconds:>12}  ", "cyan").append(f"{link.component}: {link.what}\n")
            text.append(f"{'':>14}{link.mechanism}" + (f" = {link.formula}" if link.formula else "") + "\n", "dim")
            text.append(f"{'':>14}{link.source}\n", "dim")
            if link.hindered:
                text.append(f"{'':>14}{link.hindered}\n", "yellow")
        for word, met, limit in (("RTO", impact.meets_rto, impact.rto), ("RPO", impact.meets_rpo, impact.rpo)):
            if met is not None:
                glyph, style = ("✓", "green") if met else ("✗", "bold red")
                text.append(f"{glyph} {word} {limit:g} s {'met' if met else 'missed'}  ", style)
        text.append("\n")
        text.append("Enter: trace it before, during or after", "dim")


def downtime(journey: JourneyReport) -> str:
    """Return how long the journey is down, as people say it."""
    if journey.downtime is None:
        return "until mended"
    if journey.downtime.max == 0:
        return "not down"
    return str(journey.downtime)
