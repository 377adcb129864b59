"""Boxes in boxes: zones as columns, tiers as rows, orthogonal edges, in character cells. Pure.

The names below are looked up when they are first used: a canvas is painted before the engines are
imported.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from archtui.layout.draw import lay_out
    from archtui.layout.geometry import Direction, Point, Rect
    from archtui.layout.options import Options
    from archtui.layout.result import Frame, Layout, NodeBox, Route
    from archtui.layout.view import DesignEdge, DesignNode, DesignView, view_of

_HOMES = {
    "draw": ("lay_out",),
    "geometry": ("Direction", "Point", "Rect"),
    "options": ("Options",),
    "result": ("Frame", "Layout", "NodeBox", "Route"),
    "view": ("DesignEdge", "DesignNode", "DesignView", "view_of"),
}
_MODULES = {name: module for module, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> object:
    """Import a public name from its module (PEP 562)."""
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)


__all__ = [
    "DesignEdge",
    "DesignNode",
    "DesignView",
    "Direction",
    "Frame",
    "Layout",
    "NodeBox",
    "Options",
    "Point",
    "Rect",
    "Route",
    "lay_out",
    "view_of",
]
