"""Good values for new VPCs and subnets: the next free block, the next zone."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from archtui.model.component import Json
from archtui.model.placing import Suggests
from archtui.services.vpc.properties import SubnetProperties, VpcProperties

if TYPE_CHECKING:
    from archtui.world.world import World


def _first_free(blocks: Iterable[ipaddress.IPv4Network], taken: list[ipaddress.IPv4Network]) -> str:
    return next((str(block) for block in blocks if not any(block.overlaps(other) for other in taken)), "")


class VpcSuggestions(Suggests):
    """A VPC takes the next free /16 of 10.0.0.0/8, so that it can be peered with the others."""

    def suggest(self, world: World, given: Mapping[str, Json]) -> Mapping[str, Json]:
        """Return the block."""
        del given
        taken = [
            ipaddress.IPv4Network(block)
            for vpc in world.of_kind("vpc")
            if isinstance(vpc.properties, VpcProperties)
            for block in (vpc.properties.cidr, *vpc.properties.secondary_cidrs)
        ]
        return {"cidr": _first_free(ipaddress.IPv4Network("10.0.0.0/8").subnets(new_prefix=16), taken)}


class SubnetSuggestions(Suggests):
    """A subnet takes the next free /24 of its VPC and the zone with the fewest subnets."""

    def suggest(self, world: World, given: Mapping[str, Json]) -> Mapping[str, Json]:
        """Return block and zone."""
        vpc = world.components.get(str(given.get("vpc", "")))
        if vpc is None or not isinstance(vpc.properties, VpcProperties):
            return {"az": "a"}
        siblings = [
            subnet.properties
            for subnet in world.of_kind("subnet")
            if isinstance(subnet.properties, SubnetProperties) and subnet.properties.vpc == vpc.id
        ]
        space = ipaddress.IPv4Network(vpc.properties.cidr)
        prefix = max(24, space.prefixlen)
        blocks = [ipaddress.ip_network(subnet.cidr) for subnet in siblings]
        taken = [block for block in blocks if isinstance(block, ipaddress.IPv4Network)]
        zones = [subnet.az[-1] for subnet in siblings]
        zone = min("abc", key=lambda letter: (zones.count(letter), letter)) if siblings else "a"
        return {"cidr": _first_free(space.subnets(new_prefix=prefix), taken), "az": zone}
