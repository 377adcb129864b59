"""Targets that do not fail by themselves: settings, such as a route table or a security group."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from archtui.failure.interface import Fails
from archtui.trace.interface import Originates
from archtui.world.world import World


def setting_notes(world: World, targets: Iterable[str]) -> Iterator[str]:
    """Yield a sentence for each of ``targets`` that is only a setting."""
    for target in targets:
        component = world.components.get(target)
        if component is None:
            continue
        kind = component.kind
        if kind.behaviour(Fails) is None and kind.behaviour(Originates) is None and not kind.container:
            yield f"{target} ({kind.title}) is a setting: it can be wrong, but it does not fail by itself."
