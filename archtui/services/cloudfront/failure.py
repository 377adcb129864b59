"""How distributions fail and get over the loss of an origin."""

from __future__ import annotations

from dataclasses import replace

from archtui.failure.interface import Managed, Mechanism, Situation, mechanism, properties_as
from archtui.model.component import Component
from archtui.services.cloudfront.origins import origin_of
from archtui.services.cloudfront.properties import CloudFrontDistributionProperties
from archtui.trace.interface import Waits


class DistributionFails(Managed, Waits):
    """CloudFront serves from edge locations all over the world; an origin group gets over the loss of an origin.

    Each request finds out for itself that the primary does not answer, so nothing has to be noticed first and
    nothing is remembered (failover table: ``cloudfront.origin_group``).
    """

    sla = "amazon-cloudfront"

    def patience(self, component: Component) -> float | None:
        """An origin that answers later than its response timeout is given up: HTTP 504; the shortest counts."""
        origins = properties_as(component, CloudFrontDistributionProperties).origins
        return min((origin.response_timeout for origin in origins), default=None)

    def mechanisms(self, component: Component, situation: Situation) -> tuple[Mechanism, ...]:
        properties = properties_as(component, CloudFrontDistributionProperties)
        found: list[Mechanism] = []
        for group in properties.origin_groups:
            primary = origin_of(properties, group.id)
            if primary is None or not situation.becomes_unhealthy(primary.to):
                continue
            second = origin_of(properties, group.secondary)
            attempts, timeout = primary.connection_attempts, primary.connection_timeout
            waits = f"{attempts} attempts of {timeout:g} s"
            done = f"Each request that waits for {primary.to} ({waits}) is answered by {group.secondary}."
            hindered = "" if second and not situation.becomes_unhealthy(second.to) else f"{group.secondary} is down too"
            failover = mechanism(
                "cloudfront.origin_group",
                component.id,
                lost=(primary.to,),
                settings={"attempts": attempts, "timeout": timeout},
                formula=f"{attempts} attempts x {timeout:g} s, for each request",
                done=done,
                hindered=hindered,
                keeps_data=False,
            )
            found.append(replace(failover, each_request=True))
        return tuple(found)
