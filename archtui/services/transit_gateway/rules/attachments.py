"""NET030-NET033: attachments of transit gateways."""

from __future__ import annotations

from collections.abc import Iterator

from archtui.check.finding import Finding
from archtui.check.rule import ComponentRule, Rule, properties
from archtui.model.component import Component
from archtui.model.edits import Edit, append_to, clear_property
from archtui.network.engine import network_of
from archtui.services.lookups import as_kind, each, overlap
from archtui.services.transit_gateway.properties import (
    TransitGatewayAttachmentProperties,
    TransitGatewayProperties,
)
from archtui.services.vpc.lookups import blocks_of, subnets_of
from archtui.services.vpc.properties import RouteTableProperties
from archtui.world.world import World

_HOW = "https://docs.aws.amazon.com/vpc/latest/tgw/how-transit-gateways-work.html"
_VPC_PAGE = "https://docs.aws.amazon.com/vpc/latest/tgw/tgw-vpc-attachments.html"

_TWO = """\
components:
  one: {kind: vpc, cidr: 10.0.0.0/16}
  two: {kind: vpc, cidr: 10.1.0.0/16}
  one-a: {kind: subnet, vpc: one, az: a, cidr: 10.0.0.0/24, route_table: in-one}
  one-b: {kind: subnet, vpc: one, az: b, cidr: 10.0.1.0/24, route_table: in-one}
  two-a: {kind: subnet, vpc: two, az: a, cidr: 10.1.0.0/24, route_table: in-two}
  in-one: {kind: route_table, vpc: one, routes: [{to: 10.1.0.0/16, via: tgw}]}
  in-two: {kind: route_table, vpc: two, routes: [{to: 10.0.0.0/16, via: tgw}]}
  web: {kind: ec2, subnet: one-b}
  tgw: {kind: transit_gateway}
  to-one: {kind: transit_gateway_attachment, transit_gateway: tgw, vpc: one, subnets: [one-a, one-b]}
  to-two: {kind: transit_gateway_attachment, transit_gateway: tgw, vpc: two, subnets: [two-a]}
"""


def _working(world: World) -> Iterator[tuple[Component, TransitGatewayAttachmentProperties]]:
    for component, found in each(world, TransitGatewayAttachmentProperties):
        if found.vpc and found.state in ("available", "modifying"):
            yield component, found


class NoRoutes(ComponentRule):
    """An attachment that neither the VPC's tables nor the gateway's lead to."""

    id = "NET030"
    title = "Transit gateway attachment without routes in the VPC or in the gateway table"
    severity = "error"
    class_ = "reachability"
    kinds = ("transit_gateway_attachment",)
    why = (
        "Both must know the way: the VPC's route tables to the transit gateway, and a transit gateway route table back "
        "to the VPC."
    )
    fix = "Add a route to the transit gateway in the VPC, and let the attachment propagate to a gateway table."
    sources = (_HOW,)
    facts = ("transit_gateway-transitive-01",)
    example_bad = _TWO.replace(
        "in-two: {kind: route_table, vpc: two, routes: [{to: 10.0.0.0/16, via: tgw}]}",
        ("in-two: {kind: route_table, vpc: two}"),
    )
    example_good = _TWO
    example_finds = ("to-two", "two")

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Look for routes on both sides."""
        found = properties(component, TransitGatewayAttachmentProperties)
        if not found.vpc or found.state not in ("available", "modifying"):
            return
        tables = [table for _, table in each(world, RouteTableProperties) if table.vpc == found.vpc]
        if not any(row.via == found.transit_gateway for table in tables for row in table.routes):
            yield self.finding(
                component.id,
                found.vpc,
                message=f"No route table of {found.vpc} leads to {found.transit_gateway}.",
            )
        known = [t for t in network_of(world).transit_tables.values() if t.gateway == found.transit_gateway]
        if known and not any(component.id in row.attachments for table in known for row in table.routes):
            yield self.finding(
                component.id,
                found.transit_gateway,
                message=f"No route table of {found.transit_gateway} leads to {component.id}.",
            )


class MissingZone(ComponentRule):
    """An attachment without a subnet in a zone where something stands."""

    id = "NET031"
    title = "Transit gateway attachment misses an AZ used by workloads"
    severity = "warning"
    class_ = "resilience"
    kinds = ("transit_gateway_attachment",)
    why = "What stands in a zone without a subnet of the attachment cannot reach the transit gateway."
    fix = "Add a subnet of the attachment in every zone that is used."
    sources = (_VPC_PAGE,)
    facts = ("transit_gateway-attachments-01",)
    example_bad = _TWO.replace("subnets: [one-a, one-b]", "subnets: [one-a]")
    example_good = _TWO
    example_finds = ("to-one", "one-b")

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Compare the zones of the VPC's interfaces with those of the attachment."""
        found = properties(component, TransitGatewayAttachmentProperties)
        if not found.vpc or not found.subnets or found.state not in ("available", "modifying"):
            return
        served = {zone for name in found.subnets for zone in world.placement(name).zones}
        network = network_of(world)
        used = {
            nic.subnet for nic in network.interfaces.values() if nic.vpc == found.vpc and nic.component != component.id
        }
        for subnet in subnets_of(world, found.vpc):
            zones = world.placement(subnet.id).zones
            if subnet.id in used and not served.issuperset(zones):
                served.update(zones)
                yield self.finding(
                    component.id,
                    subnet.id,
                    message=f"{component.id} has no subnet in {zones[0]}, where {subnet.id} is used.",
                    fixable=subnet.id in world.blueprint.components,
                )

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Add the subnet."""
        return (append_to(world.blueprint, finding.subject, ("subnets",), finding.components[-1]),)


class OverlappingAttachments(Rule):
    """Two attached VPCs that share addresses."""

    id = "NET032"
    title = "VPCs attached to one transit gateway have overlapping ranges"
    severity = "error"
    class_ = "reachability"
    kinds = ("transit_gateway", "transit_gateway_attachment")
    reads = ("vpc",)
    why = "A block is routed to one attachment: the other VPC's hosts with addresses in it get nothing."
    fix = "Renumber one of the VPCs, or keep the two in separate route tables."
    sources = (_VPC_PAGE,)
    facts = ("transit_gateway-transitive-01",)
    example_bad = _TWO.replace("two: {kind: vpc, cidr: 10.1.0.0/16}", "two: {kind: vpc, cidr: 10.0.0.0/15}")
    example_good = _TWO
    example_finds = ("tgw", "one", "two")

    def check(self, world: World) -> Iterator[Finding]:
        """Compare the blocks of every two VPCs of a gateway."""
        found = [(given.transit_gateway, given.vpc) for _, given in _working(world)]
        for index, (gateway, near) in enumerate(found):
            for other, far in found[index + 1 :]:
                if gateway != other or near == far or near is None or far is None:
                    continue
                shared = [(a, b) for a in blocks_of(world, near) for b in blocks_of(world, far) if overlap(a, b)]
                if shared:
                    yield self.finding(
                        gateway,
                        near,
                        far,
                        message=f"{near} ({shared[0][0]}) and {far} ({shared[0][1]}) overlap.",
                    )


class AcceptsAutomatically(ComponentRule):
    """A transit gateway that takes whoever it is shared with."""

    id = "NET033"
    title = "Transit gateway accepts attachments automatically"
    severity = "warning"
    class_ = "security"
    kinds = ("transit_gateway",)
    reads = ()
    why = "Every account that the gateway is shared with can join its network unseen."
    fix = "Turn the automatic acceptance of shared attachments off."
    sources = ("https://docs.aws.amazon.com/securityhub/latest/userguide/ec2-controls.html",)
    facts = ("transit_gateway-scope-01",)
    example_bad = "components:\n  tgw: {kind: transit_gateway, auto_accept_shared_attachments: true}\n"
    example_good = "components:\n  tgw: {kind: transit_gateway}\n"
    example_finds = ("tgw",)

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Read the flag."""
        found = as_kind(world, component.id, TransitGatewayProperties)
        if found is not None and found.auto_accept_shared_attachments:
            yield self.finding(
                component.id,
                message=f"{component.id} accepts attachments of other accounts automatically.",
                path=("auto_accept_shared_attachments",),
            )

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Take the flag out."""
        return (clear_property(finding.subject, ("auto_accept_shared_attachments",)),)
