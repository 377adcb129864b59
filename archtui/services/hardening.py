"""The behaviour by which a kind says what makes it fail less; the remedies themselves are loaded when asked for."""

from __future__ import annotations

import importlib

from archtui.failure.remedies.interface import Hardens, Remedy
from archtui.model.component import Component
from archtui.world.world import World


class Hardening(Hardens):
    """The class ``name`` of the module ``hardening`` of a family (``package``: its ``__name__``)."""

    def __init__(self, package: str, name: str) -> None:
        self._package = package
        self._name = name

    def remedies(self, component: Component, world: World) -> tuple[Remedy, ...]:
        made: type[Hardens] = getattr(importlib.import_module(f"{self._package}.hardening"), self._name)
        return made().remedies(component, world)
