"""Records made whole: full names, and how long resolvers keep them."""

from __future__ import annotations

from archtui.model.component import Component, Json
from archtui.services.route53.properties import HostedZoneProperties, RecordProperties
from archtui.world.expand import Draft, Expands

DEFAULT_TTL = 300
"""What the console proposes (Route 53 Developer Guide, 'Values specific for simple records')."""
ALIAS_TTL = 60
"""An alias to a balancer or another AWS resource is answered with 60 s (Route 53 Developer Guide,
'Choosing between alias and non-alias records')."""


class ExpandsRecord(Expands):
    """A record's name is full (``@`` is the apex), its TTL is said; an alias to a record has that one's."""

    order = 70

    def expand(self, component: Component, draft: Draft) -> None:
        properties = component.properties
        if not isinstance(properties, RecordProperties):
            return
        zone = draft.get(properties.zone)
        if zone and isinstance(zone.properties, HostedZoneProperties):
            name = full_name(properties.name, zone.properties.name)
            if name != properties.name:
                draft.complete(component.id, {"name": name})
        filled: dict[str, Json] = {"ttl": self._ttl(properties, draft)}
        draft.fill(component.id, filled)

    def _ttl(self, properties: RecordProperties, draft: Draft) -> int:
        if not properties.alias:
            return DEFAULT_TTL
        target = draft.get(properties.alias)
        if target and isinstance(target.properties, RecordProperties):
            own = target.properties
            return own.ttl if own.ttl is not None else (ALIAS_TTL if own.alias else DEFAULT_TTL)
        return ALIAS_TTL


def full_name(name: str, zone: str) -> str:
    """Return a record's full name, in lower case (RFC 4343); ``@`` and relative names are completed."""
    name, zone = name.lower().rstrip("."), zone.lower().rstrip(".")
    if name in {"@", ""}:
        return zone
    return name if name == zone or name.endswith(f".{zone}") else f"{name}.{zone}"
