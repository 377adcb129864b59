"""The canvas: a layout shown, scrolled, selected, marked and lit. It has no key bindings of its own."""

from archtui.tui.canvas.badges import Badge, Level
from archtui.tui.canvas.widget import Canvas

__all__ = ["Badge", "Canvas", "Level"]
