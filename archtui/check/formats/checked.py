"""A file with its report, and where in the file a finding stands."""

from __future__ import annotations

from dataclasses import dataclass

from archtui.check.finding import Finding
from archtui.check.journeys import JourneyResult
from archtui.check.report import Report
from archtui.model.blueprint import Locate
from archtui.model.errors import Location
from archtui.model.operations import Path


@dataclass(frozen=True)
class Checked:
    """One file's report."""

    file: str
    """As the user named it."""
    report: Report
    locate: Locate | None = None
    """Finds a place of the document in the file; None where the format keeps no places."""

    def where(self, path: Path) -> Location:
        """Return the place of ``path``, or of the nearest thing around it that the file has."""
        if self.locate:
            for end in range(len(path), 0, -1):
                found = self.locate(path[:end])
                if found:
                    return Location(self.file, found.line, found.column)
        return Location(self.file)

    def where_finding(self, finding: Finding) -> Location:
        """Return the place of ``finding``; of another component it names where the first is not in the file."""
        written = self.report.world.blueprint.components
        if not finding.components or finding.subject in written:
            return self.where(finding.path)
        near = next((name for name in finding.components if name in written), None)
        return self.where(("components", near)) if near else Location(self.file)

    def where_journey(self, journey: JourneyResult) -> Location:
        """Return the place of ``journey``."""
        return self.where(("journeys", journey.index))
