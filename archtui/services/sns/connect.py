"""What topics connect to."""

from archtui.services.telling import TOPIC

__all__ = ["TOPIC"]
