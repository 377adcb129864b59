"""What the kinds of this family connect to."""

from archtui.services.calling import API

__all__ = ["API"]
