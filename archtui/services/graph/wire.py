"""Connections made one after the other, as one edit."""

from __future__ import annotations

from collections.abc import Iterable

from archtui.model.blueprint import INTERNET
from archtui.model.connect import Proposal, connect
from archtui.model.edits import Edit, join
from archtui.services.elb.lookups import groups_behind, registered
from archtui.services.elb.properties import LoadBalancerProperties
from archtui.services.lookups import as_kind
from archtui.world.compiler import compile_world
from archtui.world.world import World


def wired(world: World, label: str, pairs: Iterable[tuple[str, str]], first: bool = True) -> tuple[Edit, ...]:
    """Return one edit that connects ``pairs`` in turn.

    A pair that cannot be connected is passed over; with ``first`` the first one must be possible. None
    where nothing is left to do.
    """
    edits: list[Edit] = []
    here = world
    for index, (source, target) in enumerate(pairs):
        proposal = connect(here, source, target)
        if not isinstance(proposal, Proposal):
            if first and index == 0:
                return ()
            continue
        if proposal.edit.operations:
            edits.append(proposal.edit)
            blueprint, _ = here.blueprint.edited(proposal.edit.operations)
            here = compile_world(blueprint, here)
    return (join(label, edits),) if edits else ()


def onward(world: World, name: str) -> list[tuple[str, str]]:
    """Return the pairs that must still be connected when ``name`` gets security groups of its own.

    A component that leaves the default group is a stranger to all that stay in it, so its clients'
    and its own connections are made again.
    """
    pairs: list[tuple[str, str]] = []
    balancer = as_kind(world, name, LoadBalancerProperties)
    if balancer:
        if balancer.scheme == "internet-facing":
            pairs.append((INTERNET, name))
        for group in groups_behind(world, name):
            for member in registered(world, group):
                if member.name in world.blueprint.components:
                    pairs.append((name, member.name))
                    pairs += onward(world, member.name)
        return pairs
    pairs += [(name, link.target) for link in world.links_from(name)]
    return list(dict.fromkeys(pairs))
