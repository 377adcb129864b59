"""What Direct Connect connects to."""

from __future__ import annotations

from collections.abc import Mapping

from archtui.model.connect import Way

CONNECTION: Mapping[str, Way] = {}
GATEWAY: Mapping[str, Way] = {}
