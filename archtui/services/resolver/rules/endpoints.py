"""DNS017: resolver endpoints that one zone takes with it."""

from __future__ import annotations

from collections.abc import Iterator

from archtui.check.finding import Finding
from archtui.check.rule import ComponentRule, properties
from archtui.model.component import Component
from archtui.services.resolver.properties import ResolverEndpointProperties
from archtui.world.world import World

_NETWORK = (
    "components:\n  vpc: {kind: vpc, cidr: 10.0.0.0/16}\n"
    "  app-a: {kind: subnet, vpc: vpc, az: a, cidr: 10.0.0.0/24}\n"
    "  app-b: {kind: subnet, vpc: vpc, az: b, cidr: 10.0.1.0/24}\n"
)


class EndpointInOneZone(ComponentRule):
    """A resolver endpoint whose interfaces stand in one zone."""

    id = "DNS017"
    title = "Resolver endpoint in one zone"
    severity = "warning"
    class_ = "resilience"
    kinds = ("resolver_endpoint",)
    reads = ("subnet",)
    why = "When the zone is lost, no name is forwarded any more in either direction; AWS asks for two addresses."
    fix = "Give it an interface in a subnet of another zone."
    sources = ("https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resolver-availability-scaling.html",)
    example_bad = _NETWORK + "  out: {kind: resolver_endpoint, direction: outbound, vpc: vpc, subnets: [app-a]}\n"
    example_good = example_bad.replace("[app-a]", "[app-a, app-b]")
    example_finds = ("out",)

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Count the zones of its subnets."""
        subnets = properties(component, ResolverEndpointProperties).subnets
        zones = {zone for name in subnets for zone in world.placement(name).zones}
        if len(zones) < 2:
            where = f"All interfaces of {component.id} are in" if zones else f"{component.id} has an interface in"
            message = f"{where} {next(iter(zones), 'no subnet')}."
            yield self.finding(component.id, message=message, path=("subnets",))
