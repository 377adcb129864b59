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
            return Origin(properties.address, properties.country, properties.region)
        return Origin("")
