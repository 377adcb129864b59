"""The three-tier shop of the gallery, with what a test changes in it."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from archtui.formats.yaml_text import read_yaml
from archtui.model.blueprint import Blueprint
from archtui.services import registry
from archtui.trace.request import Request
from archtui.trace.result import Trace
from archtui.trace.walker import trace
from archtui.world.compiler import compile_world
from archtui.world.condition import HEALTHY, Condition, condition_for
from archtui.world.steps import Step
from archtui.world.world import World

Components = dict[str, Any]
Change = Callable[[Components], object]
FILE = Path(__file__).resolve().parents[2] / "blueprints" / "three-tier.yaml"
_SHOP: dict[str, Any] = read_yaml(FILE.read_text())
URL = "https://shop.example.com/"


def shop(change: Change | None = None, links: list[Mapping[str, Any]] | None = None) -> World:
    """Return the shop's world after ``change`` has been made to its components."""
    data = copy.deepcopy(_SHOP)
    if change:
        change(data["components"])
    if links is not None:
        data["links"], data["journeys"] = links, []
    return compile_world(Blueprint.build(data, registry()))


def design(components: Components, links: list[Mapping[str, Any]] | None = None) -> World:
    """Return the world of a design of its own."""
    data: dict[str, Any] = {"blueprint": "test", "region": "eu-west-1", "components": components}
    if links:
        data["links"] = links
    return compile_world(Blueprint.build(data, registry()))


def ask(world: World, source: str = "internet", target: str = URL, down: tuple[str, ...] = (), **kwargs: Any) -> Trace:
    """Trace one request, with ``down`` broken."""
    condition: Condition = kwargs.pop("condition", None) or (condition_for(world, down) if down else HEALTHY)
    return trace(world, Request.make(source, target, **kwargs), condition)


def codes(found: Trace) -> set[tuple[str, str]]:
    """Return (component, code) of the blockers."""
    return {(blocker.component, blocker.code) for blocker in found.blockers}


def warned(found: Trace) -> set[tuple[str, str]]:
    """Return (component, code) of the warnings."""
    return {(blocker.component, blocker.code) for blocker in found.warnings}


def steps(found: Trace, component: str, layer: str = "") -> list[Step]:
    """Return the steps of ``component`` on the main path."""
    return [
        step
        for hop in (*found.forward, *found.back)
        if hop.component == component
        for step in hop.steps
        if not layer or step.layer == layer
    ]


def put(*path: Any) -> Change:
    """Return the change that puts the last argument at the place the others name."""
    *place, last, value = path

    def change(components: Components) -> None:
        here: Any = components
        for part in place:
            here = here[part]
        here[last] = value

    return change
