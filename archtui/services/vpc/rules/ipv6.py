"""NET042: private subnets and the IPv6 internet."""

from __future__ import annotations

from collections.abc import Iterator

from archtui.check.finding import Finding
from archtui.check.rule import ComponentRule, properties
from archtui.model.component import Component
from archtui.model.edits import Edit, add_component, join, set_property, unused_id
from archtui.services.lookups import as_kind, each, network, route_table_of
from archtui.services.vpc.edits import DEFAULT_6, route_out
from archtui.services.vpc.lookups import Row, default_row
from archtui.services.vpc.properties import (
    EgressOnlyInternetGatewayProperties,
    InternetGatewayProperties,
    SubnetProperties,
)
from archtui.world.world import World

_EGRESS = "https://docs.aws.amazon.com/vpc/latest/userguide/egress-only-internet-gateway.html"


class PrivateSubnetOpenOverIpv6(ComponentRule):
    """A subnet meant to be private whose IPv6 default route leads to an internet gateway."""

    id = "NET042"
    title = "IPv6 private subnet routes ::/0 to the internet gateway"
    severity = "error"
    class_ = "reachability"
    kinds = ("subnet",)
    reads = ("vpc", "route_table", "internet_gateway", "egress_only_internet_gateway")
    why = (
        "IPv6 addresses are public and no NAT stands before them, so an internet gateway lets connections in as well "
        "as out: only security groups and ACLs still protect what is in the subnet."
    )
    fix = "Route ::/0 to an egress-only internet gateway."
    sources = (_EGRESS,)
    facts = ("egress_only_igw-direction-01", "egress_only_igw-choose-01")
    example_bad = (
        "components:\n"
        '  vpc: {kind: vpc, cidr: 10.0.0.0/16, ipv6_cidr: "2001:db8:0:100::/56"}\n'
        "  igw: {kind: internet_gateway, vpc: vpc}\n"
        "  inside: {kind: route_table, vpc: vpc, routes: [{to: '::/0', via: igw}]}\n"
        "  app-a: {kind: subnet, vpc: vpc, az: a, cidr: 10.0.1.0/24, ipv6_cidr: '2001:db8:0:101::/64', "
        "route_table: inside, role: private}\n"
    )
    example_good = example_bad.replace(
        "internet_gateway, vpc: vpc}", "internet_gateway, vpc: vpc}\n  out: {kind: eigw, vpc: vpc}"
    ).replace("via: igw", "via: out")
    example_finds = ("app-a", "inside", "igw")

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Look at the IPv6 default route."""
        subnet = properties(component, SubnetProperties)
        if subnet.role != "private" or (subnet.ipv6_cidr is None and network(subnet.cidr).version == 4):
            return
        row = _open_row(world, component.id)
        table = route_table_of(world, component.id)
        if row is not None and table is not None:
            yield self.finding(
                component.id,
                table.id,
                row.route.via,
                message=f"{component.id} is meant to be private, and {row.route.to} leads to {row.route.via}, which "
                "lets IPv6 connections in.",
                path=("route_table",),
                fixable=component.id in world.blueprint.components,
            )

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Send ::/0 to the VPC's egress-only gateway, which is made where there is none."""
        subnet = as_kind(world, finding.subject, SubnetProperties)
        if subnet is None or _open_row(world, finding.subject) is None:
            return ()
        edits: list[Edit] = []
        gateways = list(each(world, EgressOnlyInternetGatewayProperties))
        target = next((item.id for item, found in gateways if found.vpc == subnet.vpc), None)
        loose = next((item.id for item, found in gateways if found.vpc is None and not item.implicit), None)
        if target is None and loose is not None:
            target = loose
            edits.append(set_property(target, ("vpc",), subnet.vpc))
        elif target is None:
            target = unused_id(world.components, "egress")
            edits.append(add_component(target, "egress_only_internet_gateway", {"vpc": subnet.vpc}))
        stem = f"{finding.subject}-routes"
        edits.append(route_out(world, [finding.subject], target, stem, DEFAULT_6))
        return (join(f"send {DEFAULT_6} of {finding.subject} to {target}", edits),)


def _open_row(world: World, subnet: str) -> Row | None:
    """Return the IPv6 default route that leads to an internet gateway."""
    row = default_row(world, subnet, 6)
    return row if row and as_kind(world, row.route.via, InternetGatewayProperties) else None
