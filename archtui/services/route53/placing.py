"""Good values for new registered domains and traffic policies."""

from __future__ import annotations

from collections.abc import Mapping

from archtui.model.component import Json
from archtui.model.placing import Suggests
from archtui.services.lookups import each
from archtui.services.route53.properties import HostedZoneProperties, RegisteredDomainProperties
from archtui.world.world import World


class DomainSuggestions(Suggests):
    """A domain is that of the first public zone that no registered domain delegates to yet."""

    def suggest(self, world: World, given: Mapping[str, Json]) -> Mapping[str, Json]:
        """Return the name."""
        del given
        taken = {domain.name for _, domain in each(world, RegisteredDomainProperties)}
        zones = (zone.name for _, zone in each(world, HostedZoneProperties) if not zone.private)
        name = next((name for name in zones if name not in taken), "")
        return {"name": name} if name else {}


class TrafficPolicySuggestions(Suggests):
    """A traffic policy answers for ``www`` unless another name is given."""

    def suggest(self, world: World, given: Mapping[str, Json]) -> Mapping[str, Json]:
        """Return the name."""
        del world, given
        return {"name": "www"}
