"""The problems list: findings and journeys that do not hold; Enter jumps, a applies the fix."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from archtui.tui.panels.panel import Panel
from archtui.tui.panels.rows import Row

if TYPE_CHECKING:
    from archtui.check.finding import Finding
    from archtui.check.journeys import JourneyResult
    from archtui.check.report import Report

MARKS = {"error": ("✗", "bold red"), "warning": ("!", "yellow"), "info": ("i", "cyan")}


class ProblemsPanel(Panel):
    """What is wrong, why, and how to mend it."""

    context = "problems"
    number = 4
    label = "Problems"

    def __init__(self) -> None:
        super().__init__()
        self.report: Report | None = None

    def show_report(self, report: Report | None) -> None:
        """List the journeys that do not hold and the findings, errors first."""
        self.report = report
        if report is None:
            self.title("checking ...")
            return
        rows: list[Row] = []
        for journey in report.journeys:
            if not journey.holds:
                text = Text.assemble(("✗ ", "bold red"), ("journey  ", "bold"), journey.name)
                rows.append(Row(text, journey))
        for finding in report.findings:
            mark, style = MARKS[finding.severity]
            text = Text.assemble((f"{mark} ", style), (f"{finding.rule}  ", "bold"), finding.message)
            if finding.fixable:
                text.append("  [a: fix]", "green")
            rows.append(Row(text, finding))
        held = sum(journey.holds for journey in report.journeys)
        counts = report.summary
        self.title(
            f"✗ {_counted(counts.error, 'error')}  ! {_counted(counts.warning, 'warning')}  "
            f"i {_counted(counts.info, 'note')} · {held} of {_counted(len(report.journeys), 'journey')} hold"
        )
        if not rows:
            rows.append(Row(Text("✓ no problems found", "green"), selectable=False))
        self.show(rows)

    @property
    def finding(self) -> Finding | None:
        """The finding under the cursor."""
        row = self.list.current
        return row.value if row and hasattr(row.value, "rule") else None  # type: ignore[return-value]

    @property
    def journey(self) -> JourneyResult | None:
        """The journey under the cursor."""
        row = self.list.current
        return row.value if row and hasattr(row.value, "holds") else None  # type: ignore[return-value]

    def describe(self, row: Row | None) -> None:
        """Say why it matters and what mends it."""
        text = Text()
        if self.finding:
            finding = self.finding
            text.append(finding.message + "\n", "bold")
            text.append("Why  ", "bold dim").append(finding.why + "\n")
            text.append("Fix  ", "bold dim").append(finding.fix + "\n")
            text.append("On   ", "bold dim").append(", ".join(finding.components) + "\n")
            if finding.facts:
                text.append("Facts ", "bold dim").append(", ".join(finding.facts) + "\n")
            text.append(
                "Enter: go there" + (" · a: apply the fix" if finding.fixable else "") + " · s: suppress", "dim"
            )
        elif self.journey:
            journey = self.journey
            text.append(f"Expected: {journey.expect}. Found: {journey.verdict}.\n", "bold")
            text.append(journey.sentence + "\n")
            if journey.reasons:
                text.append("Because  ", "bold dim").append(", ".join(journey.reasons) + "\n")
            text.append("Enter: step through it", "dim")
        self.detail(text)


def _counted(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
