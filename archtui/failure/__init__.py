"""What happens when something breaks: per journey, in time, with the source of every second.

``analyse(world, targets)`` gives a :class:`FailureReport`; :mod:`archtui.failure.text` prints it;
:mod:`archtui.failure.structure` finds single points of failure; :mod:`archtui.failure.scenarios`
lists what a design may be tried with.
"""

from archtui.failure.analysis import analyse
from archtui.failure.report import Event, FailureReport, JourneyReport, Link, Sight, Status
from archtui.failure.text import render
from archtui.failure.timeline import condition_at

__all__ = ["Event", "FailureReport", "JourneyReport", "Link", "Sight", "Status", "analyse", "condition_at", "render"]
