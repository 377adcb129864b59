"""How distributions are drawn: above the regions, with a line to each origin."""

from __future__ import annotations

from archtui.layout.depict import Depiction, Depicts
from archtui.model.component import Component
from archtui.services.cloudfront.properties import CloudFrontDistributionProperties
from archtui.world.world import World


class DepictsDistribution(Depicts):
    """A node with its first alternate name."""

    def depict(self, component: Component, world: World) -> Depiction:
        """Return the node."""
        properties = component.properties
        aliases = properties.aliases if isinstance(properties, CloudFrontDistributionProperties) else ()
        return Depiction("outside", detail=next(iter(aliases), ""))
