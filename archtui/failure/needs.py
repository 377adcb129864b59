"""What takes a component with it when it fails although no packet goes there: what it uses or is placed in."""

from __future__ import annotations

from collections.abc import Iterator

from archtui.failure.interface import Fails
from archtui.world.world import World


def can_fail(world: World, name: str) -> bool:
    """Whether ``name`` is a component that can fail by itself."""
    component = world.components.get(name)
    return component is not None and component.kind.behaviour(Fails) is not None


def failing_with(world: World, name: str) -> Iterator[str]:
    """Yield what can fail and takes ``name`` with it, then ``name`` itself if it can fail.

    That is what it uses (a balancer's certificate), is placed in (a record's zone) or leads to alone (an
    endpoint's service).
    """
    component = world.components.get(name)
    if component is None:
        return
    for edge in component.edges:
        sole = edge.role == "targets" and len(edge.path) == 1
        if (sole or edge.role in ("in", "uses")) and edge.target != name and can_fail(world, edge.target):
            yield edge.target
    if can_fail(world, name):
        yield name
