"""The behaviour by which a kind says what it connects to; the connections themselves are loaded when asked for."""

from __future__ import annotations

import importlib
from collections.abc import Mapping

from archtui.model.connect import Connects, Way


class Connections(Connects):
    """The table ``name`` of the module ``connect`` of a family (``package``: its ``__name__``)."""

    def __init__(self, package: str, name: str) -> None:
        self._package = package
        self._name = name

    def ways(self) -> Mapping[str, Way]:
        """Return the table."""
        found: Mapping[str, Way] = getattr(importlib.import_module(f"{self._package}.connect"), self._name)
        return found
