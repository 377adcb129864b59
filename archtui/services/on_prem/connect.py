"""What the customer's sites connect to."""

from __future__ import annotations

from collections.abc import Mapping

from archtui.model.connect import Way

SITE: Mapping[str, Way] = {}
