"""Good values for new sites and machines: the next free block, the next free address."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping

from archtui.model.component import Json
from archtui.model.placing import Suggests
from archtui.services.lookups import each
from archtui.services.on_prem.properties import OnPremHostProperties, OnPremSiteProperties
from archtui.services.vpc.properties import VpcProperties
from archtui.world.world import World


class SiteSuggestions(Suggests):
    """A site takes the next free /16 of 192.168.0.0/16 and 172.16.0.0/12, apart from every VPC."""

    def suggest(self, world: World, given: Mapping[str, Json]) -> Mapping[str, Json]:
        """Return the block."""
        del given
        taken = [
            ipaddress.ip_network(block)
            for _, vpc in each(world, VpcProperties)
            for block in (vpc.cidr, *vpc.secondary_cidrs)
        ]
        taken += [
            ipaddress.ip_network(block)
            for _, site in each(world, OnPremSiteProperties)
            for block in site.networks or ()
        ]
        spaces = [ipaddress.ip_network("192.168.0.0/16"), *ipaddress.ip_network("172.16.0.0/12").subnets(new_prefix=16)]
        free = next((str(space) for space in spaces if not any(space.overlaps(other) for other in taken)), "")
        return {"networks": [free]} if free else {}


class HostSuggestions(Suggests):
    """A machine takes the next free address of its site's first network."""

    def suggest(self, world: World, given: Mapping[str, Json]) -> Mapping[str, Json]:
        """Return the address."""
        site = world.components.get(str(given.get("site", "")))
        properties = site.properties if site else None
        if not isinstance(properties, OnPremSiteProperties) or not properties.networks:
            return {}
        taken = {ipaddress.ip_address(host.address) for _, host in each(world, OnPremHostProperties)}
        hosts = ipaddress.ip_network(properties.networks[0]).hosts()
        return {"address": str(next((h for i, h in enumerate(hosts) if i >= 9 and h not in taken), ""))}
