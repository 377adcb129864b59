"""How available a design's journeys are, exactly, with shared zones and regions as common causes.

``resilience(world)`` gives a :class:`JourneyResilience` for each journey, ``render_resilience`` the text.
"""

from archtui.failure.availability.disruptions import Disruption
from archtui.failure.availability.priors import Prior
from archtui.failure.availability.report import JourneyResilience, resilience
from archtui.failure.availability.structure import Structure, structure_of
from archtui.failure.availability.text import render_resilience

__all__ = ["Disruption", "JourneyResilience", "Prior", "Structure", "render_resilience", "resilience", "structure_of"]
