"""Where the requests of outsiders come from."""

from __future__ import annotations

from archtui.model.component import Component
from archtui.services.actors.properties import ClientProperties
from archtui.trace.interface import Origin, Originates


class Outsider(Originates):
    """The internet, or a client at a place of its own."""

    def origin(self, component: Component) -> Origin:
        properties = component.properties
        if isinstance(properties, ClientProperties):
            here = properties.latitude is not None and properties.longitude is not None
            return Origin(
                properties.address,
                properties.country,
                properties.region,
                properties.subdivision,
                (properties.latitude or 0.0, properties.longitude or 0.0) if here else None,
                properties.latencies,
                asks_from=properties.resolver or "",
                asks_from_country=properties.resolver_country,
                hidden=not properties.client_subnet,
                validates=properties.validates,
                ipv6=properties.ipv6_address or "",
            )
        return Origin("")
