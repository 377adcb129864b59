"""Edits that let one component in at another: security-group rules."""

from __future__ import annotations

from archtui.model.component import Json
from archtui.model.edits import Edit, append_to
from archtui.services.lookups import Peer, as_kind
from archtui.services.vpc.properties import SubnetProperties
from archtui.world.world import World


def admit(world: World, groups: tuple[str, ...], peer: Peer, port: int, why: str) -> tuple[Edit, ...]:
    """Return the edit that lets ``peer`` in on TCP ``port`` at the first of ``groups`` that is in the document.

    The peer is named by its own group where the document has it, otherwise by its subnets' blocks.
    None where neither can be written down.
    """
    written = world.blueprint.components
    group = next((name for name in groups if name in written), None)
    if group is None:
        return ()
    source: str | None = next((name for name in peer.groups if name in written), None)
    if source is None:
        subnet = next((found for name in peer.subnets if (found := as_kind(world, name, SubnetProperties))), None)
        source = subnet.cidr if subnet and len(peer.subnets) == 1 else None
    if source is None:
        return ()
    rule: Json = {"port": port, "from": "self" if source == group else source, "description": why}
    edit = append_to(world.blueprint, group, ("ingress",), rule)
    return (Edit(f"let {source} in at {group} on port {port}", edit.operations),)
