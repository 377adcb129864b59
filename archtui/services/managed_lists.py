"""Services that send from interfaces of their own in a VPC and are admitted there by a list that AWS keeps."""

from __future__ import annotations

import abc

from archtui.model.component import Component
from archtui.world.world import World

CLOUDFRONT_LIST = "com.amazonaws.global.cloudfront.origin-facing"
"""The managed prefix list of what CloudFront sends from."""


class SendsByList(abc.ABC):
    """Behaviour of what sends from an interface in a VPC that rules with a managed prefix list admit."""

    @abc.abstractmethod
    def list_name(self, component: Component) -> str:
        """Return the list's name; empty: it has no interface in a VPC."""


def lists_with_senders(world: World) -> frozenset[str]:
    """Return the managed lists that also stand for interfaces in VPCs of this design."""
    return world.part(_lists)


def _lists(world: World) -> frozenset[str]:
    return frozenset(
        name
        for kind, sends in world.with_behaviour(SendsByList)
        for component in world.of_kind(kind.name)
        if (name := sends.list_name(component))
    )
