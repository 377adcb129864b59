"""Where the requests of outsiders come from."""

from __future__ import annotations

from dataclasses import replace

from archtui.failure.interface import properties_as
from archtui.model.component import Component
from archtui.services.actors.properties import ClientProperties, DnsResolverProperties
from archtui.trace.interface import AsksForClients, Kept, Origin, Originates
from archtui.trace.request import is_address


class Outsider(Originates):
    """The internet, or a client at a place of its own."""

    def origin(self, component: Component) -> Origin:
        properties = component.properties
        if isinstance(properties, ClientProperties):
            shown = properties.certificate
            here = properties.latitude is not None and properties.longitude is not None
            return Origin(
                properties.address,
                properties.country,
                properties.region,
                properties.subdivision,
                (properties.latitude or 0.0, properties.longitude or 0.0) if here else None,
                properties.latencies,
                asks_from=properties.resolver if properties.resolver and is_address(properties.resolver) else "",
                asks_from_country=properties.resolver_country,
                hidden=not properties.client_subnet,
                validates=properties.validates,
                resolver=properties.resolver or "",
                ipv6=properties.ipv6_address or "",
                waits=properties.timeout,
                pauses=properties.pause,
                certificate=(shown.authority, shown.state) if shown else None,
                known=True,
            )
        return Origin("")


class ClientsResolver(AsksForClients):
    """A resolver outside AWS: name servers see it, and it keeps answers until their TTL has passed."""

    def seen_from(self, component: Component, client: Origin) -> Origin:
        properties = properties_as(component, DnsResolverProperties)
        return replace(
            client,
            asks_from=properties.address,
            asks_from_country=properties.country,
            hidden=not properties.client_subnet,
            validates=properties.validates,
            kept=tuple(Kept(each.name.lower().rstrip("."), each.values, each.left) for each in properties.cache),
        )
