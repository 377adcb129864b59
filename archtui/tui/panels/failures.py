"""What a failure does: the matrix of journeys, the timeline to scrub, cut sets, importance and remedies in tabs."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from rich.text import Text

from archtui.tui.panels.matrix import LATER, bar, matrix_rows, moment_text, moments, plot
from archtui.tui.panels.outlook import cut_rows, importance_rows, remedy_rows
from archtui.tui.panels.panel import Panel
from archtui.tui.panels.rows import Row

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archtui.failure.availability import JourneyResilience
    from archtui.failure.remedies.search import Proposal, Search
    from archtui.failure.report import FailureReport, JourneyReport

TABS = ("impact", "cut sets", "importance", "remedies")


class FailuresPanel(Panel):
    """The matrix journey by before, during and after, with the chain of mechanisms of each; and what stands behind."""

    context = "failures"
    number = 5
    label = "Failures"

    def __init__(self) -> None:
        super().__init__()
        self.report: FailureReport | None = None
        self.tab = 0
        self.place: int | None = None
        """Which moment of the timeline is looked at; None: none."""
        self.outlook: Sequence[JourneyResilience] | None = None
        self.found: Search | None = None

    # -- what is shown ------------------------------------------------------------------------

    def show_failure(self, report: FailureReport | None) -> None:
        """Show a failure's report; None: none."""
        self.report = report
        self.place = None
        self.tab = 0
        self.render_tab()

    def show_outlook(self, outlook: Sequence[JourneyResilience] | None, found: Search | None) -> None:
        """Take figures and remedies of the design; None: not known any more."""
        self.outlook, self.found = outlook, found
        if self.tab:
            self.render_tab()

    def turn(self, by: int) -> str:
        """Go to another tab and return its name."""
        self.tab = (self.tab + by) % len(TABS)
        self.render_tab()
        return TABS[self.tab]

    def scrub(self, by: int) -> float | None:
        """Go to another moment of the timeline and return its second; None: nothing is broken."""
        moments = self.moments
        if not moments:
            return None
        here = -1 if self.place is None else self.place
        self.place = max(0, min(len(moments) - 1, here + by))
        self.tab = 0
        self.render_tab()
        return moments[self.place]

    @property
    def moments(self) -> tuple[float, ...]:
        """The seconds at which something happens."""
        return moments(self.report)

    @property
    def moment(self) -> float | None:
        """The second that is looked at; None: none."""
        return None if self.place is None else self.moments[self.place]

    @property
    def journey(self) -> str | None:
        """The name of the journey under the cursor."""
        row = self.list.current
        return getattr(row.value, "name", None) if row else None

    @property
    def proposal(self) -> Proposal | None:
        """The remedy under the cursor."""
        row = self.list.current
        return row.value[1] if row and self.tab == TABS.index("remedies") and isinstance(row.value, tuple) else None

    def render_tab(self) -> None:
        """Show the tab that is open."""
        tabs = Text()
        for index, name in enumerate(TABS):
            tabs.append(f"[{name}]" if index == self.tab else f" {name} ", "bold" if index == self.tab else "dim")
        self.head(tabs if self.report or self.tab else None)
        if self.tab:
            self._show_outlook()
        elif self.report is None:
            self.title("press F to break something")
            self.show([Row(Text("nothing is broken", style="dim"), selectable=False)], 0)
        else:
            self._show_impact(self.report)

    def _show_outlook(self) -> None:
        name = TABS[self.tab]
        self.title(name)
        rows = [Row(Text("   working it out ...", "dim"), selectable=False)]
        if name == "remedies":
            rows = remedy_rows(self.found) if self.found else rows
        elif self.outlook is not None:
            rows = (cut_rows if name == "cut sets" else importance_rows)(self.outlook)
        self.show(rows)

    def _show_impact(self, report: FailureReport) -> None:
        now = self.moment
        self.title(" + ".join(report.targets) + (f" · {moment_text(now)}" if now is not None else ""))
        self.show(matrix_rows(report, now, self.list.size.width or self.app.size.width))

    def on_resize(self) -> None:
        """Draw the matrix for the new width."""
        if self.report is not None and not self.tab:
            self.render_tab()

    # -- the detail ---------------------------------------------------------------------------

    def describe(self, row: Row | None) -> None:
        """Tell the chain of mechanisms with seconds and sources, or what stands behind a figure."""
        text = Text()
        if self.tab:
            self._describe_outlook(row, text)
        elif self.report is not None:
            impact = next((j for j in self.report.journeys if row and j is row.value), None)
            if impact is not None:
                self._describe_journey(impact, text)
            else:
                text.append("lost      ", "bold dim").append(", ".join(self.report.lost) or "nothing")
                text.append("\ndegraded  ", "bold dim").append(", ".join(self.report.degraded) or "nothing")
        self.detail(text)

    def _describe_outlook(self, row: Row | None, text: Text) -> None:
        value = row.value if row else None
        if isinstance(value, str):
            text.append(value)
        elif isinstance(value, tuple):
            from archtui.failure.remedies.text import gain

            advice, item = value
            text.append(gain(advice, item) + "\n", "bold")
            for remedy in item.remedies:
                text.append(f"{remedy.component}: {remedy.why}\n").append(f"{remedy.name}\n", "dim")
            text.append("a: apply it; u takes it back", "dim")
        elif value is not None:
            text.append("When all of these are down at once, the journey is down and does not come back by itself.")

    def _describe_journey(self, impact: JourneyReport, text: Text) -> None:
        now, width = self.moment, max(20, min(60, (self.list.size.width or 60) - 20))
        for event in self.report.timeline if self.report and now is not None else ():
            if event.t == now and event.kind != "lost" and event.journey in ("", impact.name):
                text.append(f"{moment_text(now)} ", "bold cyan").append(f"{event.event}\n")
        if now == math.inf:
            text.append(f"{moment_text(now)} ", "bold cyan").append(f"{LATER}\n")
        text.append(f"{impact.name}\n", "bold underline").append(impact.sentence + "\n", "bold")
        end = max((t for t in self.moments if t < math.inf), default=0.0)
        text.append_text(plot(impact, end, now, width)).append("\n")
        for link in impact.chain:
            seconds = str(link.seconds) if link.seconds is not None else "by hand" if not link.automatic else "?"
            text.append("       ").append_text(bar(link, end, width)).append(f" {seconds}\n", "cyan")
            text.append(f"       {link.component}: {link.what}\n")
            text.append(f"       {link.mechanism}" + (f" = {link.formula}" if link.formula else "") + "\n", "dim")
            text.append(f"       {link.source}\n", "dim")
            if link.hindered:
                text.append(f"       {link.hindered}\n", "yellow")
        if impact.chain:
            text.append("       ▒ notice  █ switch, caches  ☝ by hand  ? no figure\n", "dim")
        for link in impact.steady:
            text.append(f"{link.component} goes on in other zones ({link.mechanism}).\n", "dim")
        if impact.static_stability:
            text.append(impact.static_stability + "\n")
        for word, met, limit in (("RTO", impact.meets_rto, impact.rto), ("RPO", impact.meets_rpo, impact.rpo)):
            if met is not None:
                glyph, style = ("✓", "green") if met else ("✗", "bold red")
                text.append(f"{glyph} {word} {limit:g} s {'met' if met else 'missed'}  ", style)
        text.append("\n")
        text.append("h l: moment before, after · 0 $: first, last · [ ]: tabs · Enter: trace it then", "dim")
