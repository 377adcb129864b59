"""What happens when something breaks: per journey, in time, with the source of every second.

``analyse(world, targets)`` gives a :class:`FailureReport`, ``render`` its text;
:mod:`archtui.failure.structure` finds single points of failure; :mod:`archtui.failure.scenarios`
lists what a design may be tried with. Services import :mod:`archtui.failure.interface` alone, so the
engine behind the names here is loaded when it is first asked for.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from archtui.failure.analysis import analyse
    from archtui.failure.report import Event, FailureReport, JourneyReport, Link, Sight, Status
    from archtui.failure.text import render
    from archtui.failure.timeline import condition_at

__all__ = [
    "Event",
    "FailureReport",
    "JourneyReport",
    "Link",
    "Sight",
    "Status",
    "analyse",
    "condition_at",
    "render",
]
_ELSEWHERE = {"analyse": "analysis", "render": "text", "condition_at": "timeline"}


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_ELSEWHERE.get(name, 'report')}"), name)
