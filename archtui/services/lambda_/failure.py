"""How functions fail: not with a zone, AWS runs them over all of a region's."""

from __future__ import annotations

from archtui.failure.interface import Managed


class FunctionFails(Managed):
    """Lambda runs a function in several zones (Lambda Developer Guide, "Resilience in AWS Lambda")."""
