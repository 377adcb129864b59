"""What the kinds of this family connect to."""

from archtui.services.calling import FUNCTION

__all__ = ["FUNCTION"]
