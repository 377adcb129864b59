"""What tables connect to."""

from archtui.services.telling import TABLE

__all__ = ["TABLE"]
