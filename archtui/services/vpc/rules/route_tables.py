"""NET012, NET013, NET016, NET017: gateways and the rows that lead to them.

NET014 (a subnet associated with two tables) cannot be written down here: a subnet names one table.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import TypeAlias

from archtui.check.finding import Finding
from archtui.check.rule import ComponentRule, Rule
from archtui.model.component import Component
from archtui.model.edits import Edit, join, remove_component, set_property
from archtui.model.operations import Remove
from archtui.services.ec2.properties import Ec2InstanceProperties
from archtui.services.examples import PUBLIC_NETWORK
from archtui.services.lookups import as_kind, each, network, route_table_of
from archtui.services.vpc.lookups import Row, all_rows, is_default, is_public_address, rows_of, within
from archtui.services.vpc.properties import (
    InternetGatewayProperties,
    NatGatewayProperties,
    RouteTableProperties,
    VpcPeeringConnectionProperties,
)
from archtui.services.vpc_endpoints.properties import GatewayEndpointProperties
from archtui.services.vpn.properties import VirtualPrivateGatewayProperties
from archtui.world.world import World

_TABLES = "https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Route_Tables.html"
_GATEWAY = "https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Internet_Gateway.html"
_PRIORITY = "https://docs.aws.amazon.com/vpc/latest/userguide/route-tables-priority.html"
Trouble: TypeAlias = "str | None"


class TwoInternetGateways(Rule):
    """A VPC with more than one internet gateway."""

    id = "NET012"
    title = "VPC with more than one internet gateway"
    severity = "error"
    class_ = "correctness"
    kinds = ("internet_gateway",)
    reads = ("vpc", "route_table")
    why = "A VPC holds one internet gateway; AWS refuses to attach a second."
    fix = "Remove one and let all routes name the other."
    sources = (_GATEWAY,)
    facts = ("igw-attach-01",)
    example_bad = PUBLIC_NETWORK + "  igw-2: {kind: internet_gateway, vpc: vpc}\n"
    example_good = PUBLIC_NETWORK
    example_finds = ("igw-2", "igw", "vpc")

    def check(self, world: World) -> Iterator[Finding]:
        """Count the gateways of each VPC."""
        first: dict[str, str] = {}
        for component, gateway in each(world, InternetGatewayProperties):
            if gateway.vpc is None or component.implicit:
                continue
            kept = first.setdefault(gateway.vpc, component.id)
            if kept != component.id:
                yield self.finding(
                    component.id,
                    kept,
                    gateway.vpc,
                    message=f"{gateway.vpc} has {kept} already; {component.id} cannot be attached too.",
                    path=("vpc",),
                    detail=(kept,),
                )

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Remove the second; its routes go to the first."""
        kept, blueprint = str(finding.detail[0]), world.blueprint
        moves = [
            set_property(row.table.id, ("routes", row.index, "via"), kept)
            for row in all_rows(world)
            if row.route.via == finding.subject
        ]
        moved, _ = blueprint.edited(tuple(operation for edit in moves for operation in edit.operations))
        return (join(f"remove {finding.subject}", (*moves, remove_component(moved, finding.subject))),)


def trouble_with(world: World, row: Row) -> Trouble:
    """Return why packets that follow ``row`` get nowhere; None where nothing speaks against it."""
    table = row.table.properties
    if not isinstance(table, RouteTableProperties):
        return None
    target = row.route.via
    if target == "blackhole":
        return "its target is gone"
    if row.route.state == "blackhole":
        return f"AWS reports it as a blackhole: {target} is gone or does not work"
    return _gateway_trouble(world, target, table.vpc) or _neighbour_trouble(world, target, table.vpc)


def _gateway_trouble(world: World, target: str, vpc: str) -> Trouble:
    component = world.components.get(target)
    found = component.properties if component else None
    if isinstance(found, InternetGatewayProperties | VirtualPrivateGatewayProperties):
        if found.vpc is None:
            return f"{target} is attached to no VPC"
        return None if found.vpc == vpc else f"{target} is attached to {found.vpc}, not to {vpc}"
    if isinstance(found, NatGatewayProperties):
        if found.state not in ("available", "pending"):
            return f"{target} is {found.state}"
        home = world.placement(target).vpc
        return None if home in (None, vpc) else f"{target} is in {home}, not in {vpc}"
    if isinstance(found, GatewayEndpointProperties):
        return None if found.vpc == vpc else f"{target} serves {found.vpc}, not {vpc}"
    return None


def _neighbour_trouble(world: World, target: str, vpc: str) -> Trouble:
    peering = as_kind(world, target, VpcPeeringConnectionProperties)
    if peering:
        if vpc not in (peering.requester, peering.accepter):
            return f"{target} joins {peering.requester} and {peering.accepter}, not {vpc}"
        return None if peering.status == "active" else f"{target} is {peering.status}"
    instance = as_kind(world, target, Ec2InstanceProperties)
    if instance:
        if instance.state != "running":
            return f"{target} is {instance.state}"
        if instance.source_dest_check and not instance.network_interfaces:
            return f"{target} drops packets that are not for itself: its source/destination check is on"
    return None


class RouteToNowhere(ComponentRule):
    """A route whose target is gone, detached or in another VPC."""

    id = "NET013"
    title = "Route target is gone, detached or does not forward"
    severity = "error"
    class_ = "reachability"
    kinds = ("route_table",)
    why = (
        "Packets that match a route without a working target are dropped; the router does not try the next best route."
    )
    fix = "Point the route at a target that works in this VPC, or delete it."
    sources = (_TABLES,)
    facts = ("route_table-match-01", "igw-absence-01")
    example_bad = PUBLIC_NETWORK.replace("igw: {kind: internet_gateway, vpc: vpc}", "igw: {kind: internet_gateway}")
    example_good = PUBLIC_NETWORK
    example_finds = ("public", "igw")

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Ask each row's target whether it forwards."""
        for row in rows_of(component):
            trouble = trouble_with(world, row)
            if trouble:
                target = (row.route.via,) if row.route.via in world.components else ()
                yield self.finding(
                    component.id,
                    *target,
                    message=f"The route to {row.route.to} in {component.id} leads nowhere: {trouble}.",
                    path=("routes", row.index),
                    fixable=bool(self._edits(world, component.id, row.index)),
                    detail=(row.index,),
                )

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Attach a gateway that hangs on no VPC; start the forwarding of an instance."""
        return self._edits(world, finding.subject, int(finding.detail[0]))

    @staticmethod
    def _edits(world: World, table: str, index: int) -> tuple[Edit, ...]:
        properties = as_kind(world, table, RouteTableProperties)
        if properties is None:
            return ()
        route = properties.routes[index]
        gateway = as_kind(world, route.via, InternetGatewayProperties)
        taken = any(other.vpc == properties.vpc for _, other in each(world, InternetGatewayProperties))
        if gateway and gateway.vpc is None and not taken:
            return (set_property(route.via, ("vpc",), properties.vpc),)
        instance = as_kind(world, route.via, Ec2InstanceProperties)
        if instance and instance.state == "running" and instance.source_dest_check:
            return (set_property(route.via, ("source_dest_check",), False),)
        return ()


class DuplicateRoute(ComponentRule):
    """Two static routes of a table with the same destination."""

    id = "NET016"
    title = "Two routes of one table have the same destination"
    severity = "error"
    class_ = "correctness"
    kinds = ("route_table",)
    reads = ()
    why = "A table holds one static route for each destination; AWS refuses the second."
    fix = "Remove one of the two."
    sources = (_TABLES, _PRIORITY)
    facts = ("route_table-match-01",)
    example_bad = PUBLIC_NETWORK.replace(
        "routes: [{to: 0.0.0.0/0, via: igw}]", "routes: [{to: 0.0.0.0/0, via: igw}, {to: 0.0.0.0/0, via: igw}]"
    )
    example_good = PUBLIC_NETWORK
    example_finds = ("public",)

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Compare the destinations."""
        static = [row for row in rows_of(component) if row.route.origin == "static"]
        seen: dict[str, Row] = {}
        for row in static:
            other = seen.setdefault(row.route.to, row)
            if other is not row:
                yield self.finding(
                    component.id,
                    message=f"{component.id} sends {row.route.to} to {other.route.via} and to {row.route.via}.",
                    path=("routes", row.index),
                    fixable=_same_target(world, component.id, other, row),
                    detail=(row.index, other.index),
                )

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Remove a plain repetition; which of two targets is meant, only the author knows."""
        rows = list(rows_of(world.components[finding.subject]))
        index, first = int(finding.detail[0]), int(finding.detail[1])
        if rows[index].route.via != rows[first].route.via:
            return ()
        path = ("components", finding.subject, "routes", index)
        return (Edit(f"remove the second route to {rows[index].route.to}", (Remove(path),)),)


def _same_target(world: World, table: str, one: Row, other: Row) -> bool:
    return table in world.blueprint.components and one.route.via == other.route.via


class ShadowingRoute(Rule):
    """A more specific route that takes traffic away from the way it was meant to go."""

    id = "NET017"
    title = "A more specific route shadows the intended way"
    severity = "warning"
    class_ = "reachability"
    kinds = ("route_table",)
    why = (
        "The longest matching prefix wins. A narrow route that leads elsewhere, or nowhere, takes its addresses away "
        "from the wider route."
    )
    fix = "Delete or narrow the more specific route, or give it the right target."
    sources = (_PRIORITY,)
    facts = ("route_table-match-01",)
    example_bad = PUBLIC_NETWORK.replace(
        "routes: [{to: 0.0.0.0/0, via: igw}]",
        "routes: [{to: 0.0.0.0/0, via: igw}, {to: 198.51.100.0/24, via: pcx}]",
    ) + (
        "  other: {kind: vpc, cidr: 10.1.0.0/16}\n"
        "  pcx: {kind: vpc_peering_connection, requester: vpc, accepter: other}\n"
        "  web: {kind: ec2, subnet: public-a, public_ip: true}\n"
        "journeys:\n"
        "  - {name: The server pays, from: web, to: 198.51.100.20, protocol: tcp, port: 443, reaches: internet}\n"
    )
    example_good = example_bad.replace(", {to: 198.51.100.0/24, via: pcx}", "")
    example_finds = ("public", "pcx", "web")

    def check(self, world: World) -> Iterator[Finding]:
        """Follow what journeys send to public addresses; look for narrow dead ends inside wider routes."""
        for journey in world.blueprint.journeys:
            target = journey.to or ""
            if journey.blocked or journey.source not in world.components or not is_public_address(world, target):
                continue
            for subnet in world.placement(journey.source).subnets:
                yield from self._followed(world, subnet, f"{target}/32", journey.source)

    def _followed(self, world: World, subnet: str, block: str, source: str) -> Iterator[Finding]:
        table = route_table_of(world, subnet)
        if table is None or table.implicit:
            return
        rows = sorted((row for row in rows_of(table) if within(block, row.route.to)), key=_longest)
        for narrow, wide in itertools.islice(itertools.pairwise(rows), 1):
            leaves = as_kind(world, narrow.route.via, VpcPeeringConnectionProperties) or trouble_with(world, narrow)
            if narrow.route.via != wide.route.via and leaves and is_default(wide.route.to):
                target = (narrow.route.via,) if narrow.route.via in world.components else ()
                yield self.finding(
                    table.id,
                    *target,
                    source,
                    message=f"{source} wants {block.removesuffix('/32')}; the route to {narrow.route.to} by "
                    f"{narrow.route.via} wins over {wide.route.to} by {wide.route.via}.",
                    path=("routes", narrow.index),
                )


def _longest(row: Row) -> tuple[int, int]:
    return -network(row.route.to).prefixlen, row.index
