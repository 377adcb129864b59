"""What the kinds of this family connect to."""

from archtui.services.calling import BUS

__all__ = ["BUS"]
