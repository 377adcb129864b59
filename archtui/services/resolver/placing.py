"""Good values for new resolver endpoints and rules."""

from __future__ import annotations

from collections.abc import Mapping

from archtui.model.component import Json
from archtui.model.placing import Suggests
from archtui.services.lookups import each
from archtui.services.resolver.properties import ResolverEndpointProperties
from archtui.world.world import World


class EndpointSuggestions(Suggests):
    """A VPC's second endpoint goes in the direction that the first does not."""

    def suggest(self, world: World, given: Mapping[str, Json]) -> Mapping[str, Json]:
        """Return the direction."""
        taken = {e.direction for _, e in each(world, ResolverEndpointProperties) if e.vpc == given.get("vpc")}
        return {"direction": "inbound" if taken == {"outbound"} else "outbound"}


class RuleSuggestions(Suggests):
    """A rule is for a domain of the customer's own network."""

    def suggest(self, world: World, given: Mapping[str, Json]) -> Mapping[str, Json]:
        """Return the domain."""
        del world, given
        return {"domain": "corp.example"}
