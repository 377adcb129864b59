"""ELB022: a balancer of the first generation."""

from __future__ import annotations

from collections.abc import Iterator

from archtui.check.finding import Finding
from archtui.check.rule import ComponentRule
from archtui.model.component import Component
from archtui.services.examples import PUBLIC_NETWORK
from archtui.world.world import World


class ClassicGeneration(ComponentRule):
    """A Classic Load Balancer."""

    id = "ELB022"
    title = "Classic Load Balancer"
    severity = "warning"
    class_ = "operations"
    kinds = ("classic_load_balancer",)
    reads = ()
    why = (
        "The first generation has neither target groups nor rules and holds one certificate for each listener; AWS "
        "recommends moving to the current ones."
    )
    fix = "Move to an Application Load Balancer for HTTP and HTTPS, to a Network Load Balancer for TCP and TLS."
    sources = ("https://docs.aws.amazon.com/elasticloadbalancing/latest/userguide/migrate-classic-load-balancer.html",)
    facts = ("clb-legacy-01", "clb-limits-01")
    example_bad = PUBLIC_NETWORK + "  lb: {kind: clb, subnets: [public-a, public-b], listeners: [{port: 80}]}\n"
    example_good = PUBLIC_NETWORK + "  lb: {kind: alb, subnets: [public-a, public-b]}\n"
    example_finds = ("lb",)

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Every one is of the first generation."""
        yield self.finding(component.id, message=f"{component.id} is a Classic Load Balancer.")
