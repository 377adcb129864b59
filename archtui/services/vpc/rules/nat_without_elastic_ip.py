"""NET005: a public NAT gateway has an Elastic IP."""

from __future__ import annotations

from collections.abc import Iterator

from archtui.check.finding import Finding
from archtui.check.rule import ComponentRule, properties
from archtui.model.component import Component
from archtui.model.edits import Edit, add_component, join, set_property, unused_id
from archtui.services.vpc.properties import NatGatewayProperties
from archtui.world.world import World

_NETWORK = """\
components:
  vpc: {kind: vpc, cidr: 10.0.0.0/16}
  igw: {kind: internet_gateway, vpc: vpc}
  public: {kind: route_table, vpc: vpc, routes: [{to: 0.0.0.0/0, via: igw}]}
  public-a: {kind: subnet, vpc: vpc, az: a, cidr: 10.0.0.0/24, route_table: public}
"""


class NatWithoutElasticIp(ComponentRule):
    """A public NAT gateway without an Elastic IP."""

    id = "NET005"
    title = "Public NAT gateway without an Elastic IP"
    severity = "error"
    class_ = "correctness"
    kinds = ("nat_gateway",)
    reads = ()
    why = "A public NAT gateway sends packets on with its Elastic IP as their source; AWS does not create one without."
    fix = "Allocate an Elastic IP and give it to the gateway."
    sources = ("https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-basics.html",)
    facts = ("nat_gateway-eip-01", "nat_gateway-placement-01")
    example_bad = _NETWORK + "  nat: {kind: nat_gateway, subnet: public-a}\n"
    example_good = (
        _NETWORK + "  eip: {kind: elastic_ip}\n  nat: {kind: nat_gateway, subnet: public-a, elastic_ip: eip}\n"
    )
    example_finds = ("nat",)

    def examine(self, component: Component, world: World) -> Iterator[Finding]:  # noqa: ARG002
        """Find a public gateway with no address of its own."""
        nat = properties(component, NatGatewayProperties)
        if nat.connectivity == "public" and nat.elastic_ip is None and nat.public_ip is None:
            yield self.finding(component.id, message=f"The public NAT gateway {component.id} has no Elastic IP.")

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Allocate one."""
        name = unused_id(world.components, f"{finding.subject}-eip")
        edits = (add_component(name, "elastic_ip"), set_property(finding.subject, ("elastic_ip",), name))
        return (join(f"allocate an Elastic IP for {finding.subject}", edits),)
