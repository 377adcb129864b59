"""Where requests from the customer's sites come from."""

from __future__ import annotations

from archtui.model.component import Component
from archtui.network.addresses import address_text, parse_block
from archtui.services.on_prem.properties import OnPremHostProperties, OnPremSiteProperties
from archtui.trace.interface import Origin, Originates


class FromSite(Originates):
    """A named machine, or a host of the site's first network that has no name."""

    def origin(self, component: Component) -> Origin:
        properties = component.properties
        if isinstance(properties, OnPremHostProperties):
            return Origin(properties.address)
        if isinstance(properties, OnPremSiteProperties) and properties.networks:
            block = parse_block(properties.networks[0])
            return Origin(address_text(min(block.first + 10, block.last)))
        return Origin("")
