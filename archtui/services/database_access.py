"""What a link asks of a database, which has no actions of IAM: it reads, it reads what was just written, it writes."""

from __future__ import annotations

from collections.abc import Iterator

from archtui.model.component import Link
from archtui.model.edits import Edit
from archtui.model.operations import Set
from archtui.world.world import World

READ, CURRENT, WRITE = "read", "consistent_read", "write"
"""Values of a link's ``action`` towards a database or a cache; left out: it may do all of it."""


def asks(world: World, *actions: str) -> Iterator[tuple[int, Link]]:
    """Yield the written links with one of ``actions``, with their place in the document."""
    for index, link in enumerate(world.blueprint.links):
        if link.action in actions and link.source in world.components and link.target in world.components:
            yield index, link


def redirected(world: World, index: int, target: str) -> Edit:
    """Return the edit that lets the link at ``index`` end at ``target``."""
    link = world.blueprint.links[index]
    return Edit(f"let {link.source} ask {target} instead of {link.target}", (Set(("links", index, "to"), target),))


__all__ = ["CURRENT", "READ", "WRITE", "asks", "redirected"]
