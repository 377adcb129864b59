"""What changed in what a design does: components, reachability, findings and journeys of two designs."""

from archtui.diff.difference import Difference, ReachChange, Resilience, compare
from archtui.diff.text import render

__all__ = ["Difference", "ReachChange", "Resilience", "compare", "render"]
