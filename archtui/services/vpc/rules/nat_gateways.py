"""NET003-NET005: where NAT gateways stand, whom they serve, what they need."""

from __future__ import annotations

from collections.abc import Iterator

from archtui.check.finding import Finding
from archtui.check.rule import ComponentRule, properties
from archtui.model.component import Component
from archtui.model.edits import Edit, add_component, clear_property, join, set_property, unused_id
from archtui.services.examples import PUBLIC_NETWORK
from archtui.services.lookups import as_kind, is_closed, is_public, zones_of
from archtui.services.vpc.edits import nat_of_each_zone, sent_out_by
from archtui.services.vpc.lookups import subnets_of
from archtui.services.vpc.properties import NatGatewayProperties
from archtui.world.world import World

_BASICS = "https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-basics.html"
_GATEWAYS = "https://docs.aws.amazon.com/vpc/latest/userguide/vpc-nat-gateway.html"

_TWO_ZONES = (
    PUBLIC_NETWORK
    + """\
  eip-a: {kind: elastic_ip}
  nat-a: {kind: nat_gateway, subnet: public-a, elastic_ip: eip-a}
  inside-a: {kind: route_table, vpc: vpc, routes: [{to: 0.0.0.0/0, via: nat-a}]}
  app-a: {kind: subnet, vpc: vpc, az: a, cidr: 10.0.10.0/24, route_table: inside-a}
"""
)


class SharedNat(ComponentRule):
    """One NAT gateway for private subnets of several availability zones."""

    id = "NET003"
    title = "One NAT gateway serves private subnets of several availability zones"
    severity = "warning"
    class_ = "resilience"
    kinds = ("nat_gateway",)
    reads = ("vpc", "subnet", "route_table", "internet_gateway", "availability_zone", "region")
    why = (
        "A NAT gateway lives in one availability zone. When that zone is lost, the subnets of the other zones lose "
        "their way out too."
    )
    fix = "Create a NAT gateway in each zone and point each zone's private route table at its own."
    sources = (_BASICS,)
    facts = ("nat_gateway-ha-01", "nat_gateway-ha-02")
    example_bad = _TWO_ZONES + (
        "  inside-b: {kind: route_table, vpc: vpc, routes: [{to: 0.0.0.0/0, via: nat-a}]}\n"
        "  app-b: {kind: subnet, vpc: vpc, az: b, cidr: 10.0.11.0/24, route_table: inside-b}\n"
    )
    example_good = _TWO_ZONES + (
        "  eip-b: {kind: elastic_ip}\n"
        "  nat-b: {kind: nat_gateway, subnet: public-b, elastic_ip: eip-b}\n"
        "  inside-b: {kind: route_table, vpc: vpc, routes: [{to: 0.0.0.0/0, via: nat-b}]}\n"
        "  app-b: {kind: subnet, vpc: vpc, az: b, cidr: 10.0.11.0/24, route_table: inside-b}\n"
    )
    example_finds = ("nat-a", "app-a", "app-b")

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Find the zones of the subnets whose default route ends here."""
        served = sent_out_by(world, component.id)
        zones = zones_of(world, served)
        if len(zones) > 1 and properties(component, NatGatewayProperties).availability_mode == "zonal":
            home = ", ".join(world.placement(component.id).zones)
            yield self.finding(
                component.id,
                *served,
                message=f"{component.id} in {home} is the only way out for subnets in {', '.join(zones)}.",
                fixable=nat_of_each_zone(world, component.id) is not None,
            )

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Give each other zone a NAT gateway of its own."""
        edit = nat_of_each_zone(world, finding.subject)
        return (edit,) if edit else ()


class NatInPrivateSubnet(ComponentRule):
    """A public NAT gateway in a subnet without a route to the internet gateway."""

    id = "NET004"
    title = "NAT gateway in a subnet without a route to the internet gateway"
    severity = "error"
    class_ = "reachability"
    kinds = ("nat_gateway",)
    reads = ("vpc", "subnet", "route_table", "internet_gateway")
    why = (
        "A public NAT gateway sends packets on by the routes of its own subnet. Without a route to the internet "
        "gateway there, nothing that it serves gets out."
    )
    fix = "Move the NAT gateway to a public subnet of the same zone."
    sources = (_BASICS, _GATEWAYS)
    facts = ("nat_gateway-placement-01", "nat_gateway-path-01")
    example_bad = PUBLIC_NETWORK + (
        "  inside: {kind: route_table, vpc: vpc}\n"
        "  app-a: {kind: subnet, vpc: vpc, az: a, cidr: 10.0.10.0/24, route_table: inside}\n"
        "  eip: {kind: elastic_ip}\n"
        "  nat: {kind: nat_gateway, subnet: app-a, elastic_ip: eip}\n"
    )
    example_good = example_bad.replace("subnet: app-a,", "subnet: public-a,")
    example_finds = ("nat", "app-a")

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Look at the routes of the gateway's subnet."""
        nat = properties(component, NatGatewayProperties)
        if nat.connectivity == "public" and nat.subnet and is_closed(world, nat.subnet):
            yield self.finding(
                component.id,
                nat.subnet,
                message=f"{component.id} stands in {nat.subnet}, which has no route to an internet gateway.",
                path=("subnet",),
                fixable=_public_neighbour(world, component.id) is not None,
            )

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Move it, within its zone if that has a public subnet."""
        target = _public_neighbour(world, finding.subject)
        component = world.blueprint.components.get(finding.subject)
        if target is None or component is None:
            return ()
        edits = [set_property(finding.subject, ("subnet",), target)]
        if "private_ip" in component.raw:
            edits.append(clear_property(finding.subject, ("private_ip",)))
        return (join(f"move {finding.subject} to {target}", edits),)


def _public_neighbour(world: World, nat: str) -> str | None:
    place = world.placement(nat)
    public = [
        subnet.id for subnet in (subnets_of(world, place.vpc) if place.vpc else ()) if is_public(world, subnet.id)
    ]
    near = [name for name in public if world.placement(name).zones == place.zones]
    return next(iter((*near, *public)), None)


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
    sources = (_BASICS,)
    facts = ("nat_gateway-eip-01", "nat_gateway-placement-01")
    example_bad = PUBLIC_NETWORK + "  nat: {kind: nat_gateway, subnet: public-a}\n"
    example_good = PUBLIC_NETWORK + (
        "  eip: {kind: elastic_ip}\n  nat: {kind: nat_gateway, subnet: public-a, elastic_ip: eip}\n"
    )
    example_finds = ("nat",)

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Find a public gateway with no address of its own."""
        nat = properties(component, NatGatewayProperties)
        gone = nat.state in ("deleting", "deleted", "failed")
        zonal = nat.connectivity == "public" and nat.availability_mode == "zonal"
        if zonal and nat.elastic_ip is None and nat.public_ip is None and not gone:
            yield self.finding(component.id, message=f"The public NAT gateway {component.id} has no Elastic IP.")

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Allocate one."""
        if as_kind(world, finding.subject, NatGatewayProperties) is None:
            return ()
        name = unused_id(world.components, f"{finding.subject}-eip")
        edits = (add_component(name, "elastic_ip"), set_property(finding.subject, ("elastic_ip",), name))
        return (join(f"allocate an Elastic IP for {finding.subject}", edits),)
