"""What the kinds of this family connect to."""

from archtui.services.calling import MACHINE

__all__ = ["MACHINE"]
