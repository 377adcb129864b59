"""Whether something outside a VPC has a private way into it, as far as the design says."""

from __future__ import annotations

from archtui.services.lookups import each
from archtui.services.transit_gateway.properties import TransitGatewayAttachmentProperties
from archtui.services.vpc.properties import VpcPeeringConnectionProperties
from archtui.trace.interface import Originates
from archtui.world.world import World


def stands_outside(world: World, client: str, vpc: str) -> bool:
    """Say whether ``client`` is known to have no private way into ``vpc``.

    The internet and AWS services that run outside the customer's networks have none, another VPC has one by a
    peering or a transit gateway. What comes from on premises is left to the packets.
    """
    component = world.components.get(client)
    if component is None:
        return client == "internet"
    if component.kind.behaviour(Originates) is not None:
        return True
    home = world.placement(client).vpc
    if home is None:
        return component.kind.scope in ("region", "vpc", "global", "edge") and not component.kind.container
    return home != vpc and not _joined(world, {home, vpc})


def _joined(world: World, pair: set[str]) -> bool:
    if any({item.requester, item.accepter} == pair for _, item in each(world, VpcPeeringConnectionProperties)):
        return True
    attached = {item.vpc for _, item in each(world, TransitGatewayAttachmentProperties) if item.vpc}
    return pair <= attached


__all__ = ["stands_outside"]
