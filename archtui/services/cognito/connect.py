"""What the kinds of this family connect to."""

from archtui.services.calling import POOL

__all__ = ["POOL"]
