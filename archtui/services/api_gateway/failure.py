"""How APIs fail: not with a zone."""

from __future__ import annotations

from archtui.failure.interface import Managed


class ApiFails(Managed):
    """API Gateway runs over several zones of a region (API Gateway Developer Guide, "Resilience")."""
