"""Properties of what is not modelled."""

from __future__ import annotations

from archtui.model.fields import Properties


class UnmodelledResourceProperties(Properties):
    """Something the design refers to but does not describe."""

    type: str = ""
    """What it is, in AWS's words: ``transit gateway``."""
    reason: str = ""
    """Why nothing more is known of it."""
