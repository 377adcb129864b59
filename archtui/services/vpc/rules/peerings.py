"""NET024-NET027, NET029: VPC peering connections and the routes over them."""

from __future__ import annotations

from collections.abc import Iterator

from archtui.check.finding import Finding
from archtui.check.rule import ComponentRule, Rule, properties
from archtui.model.component import Component
from archtui.model.edits import Edit, append_to, join, set_property
from archtui.services.lookups import as_kind, each, overlap
from archtui.services.transit_gateway.properties import TransitGatewayAttachmentProperties
from archtui.services.vpc.lookups import (
    Row,
    all_rows,
    blocks_of,
    is_default,
    other_side,
    overlaps_any,
    peers_of,
    served_by,
    within,
)
from archtui.services.vpc.properties import RouteTableProperties, VpcPeeringConnectionProperties
from archtui.world.world import World

_BASICS = "https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-basics.html"
_LIMITS = "https://docs.aws.amazon.com/vpc/latest/peering/invalid-peering-configurations.html"
_ROUTING = "https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-routing.html"

_TWO = """\
components:
  one: {kind: vpc, cidr: 10.0.0.0/16}
  two: {kind: vpc, cidr: 10.1.0.0/16}
  pcx: {kind: vpc_peering_connection, requester: one, accepter: two}
  one-a: {kind: subnet, vpc: one, az: a, cidr: 10.0.0.0/24, route_table: in-one}
  two-a: {kind: subnet, vpc: two, az: a, cidr: 10.1.0.0/24, route_table: in-two}
  in-one: {kind: route_table, vpc: one, routes: [{to: 10.1.0.0/16, via: pcx}]}
  in-two: {kind: route_table, vpc: two, routes: [{to: 10.0.0.0/16, via: pcx}]}
"""


def _over_peerings(world: World) -> Iterator[tuple[Row, str, str]]:
    """Yield each route over a peering of its VPC, with the VPC it is in and the one at the other end."""
    for row in all_rows(world):
        table = row.table.properties
        if isinstance(table, RouteTableProperties):
            peer = other_side(world, row.route.via, table.vpc)
            if peer:
                yield row, table.vpc, peer


class OverlappingPeers(ComponentRule):
    """A peering between VPCs whose blocks overlap."""

    id = "NET024"
    title = "Blocks of peered VPCs overlap"
    severity = "error"
    class_ = "reachability"
    kinds = ("vpc_peering_connection",)
    reads = ("vpc",)
    why = (
        "AWS does not let two VPCs with overlapping IPv4 blocks be peered: each side's local route would keep the "
        "packets at home."
    )
    fix = "Renumber one of the VPCs, or offer the service through PrivateLink instead."
    sources = (_LIMITS, _BASICS)
    facts = ("vpc_peering-overlap-01",)
    example_bad = (
        "components:\n"
        "  one: {kind: vpc, cidr: 10.0.0.0/16}\n"
        "  two: {kind: vpc, cidr: 10.0.0.0/16}\n"
        "  pcx: {kind: vpc_peering_connection, requester: one, accepter: two}\n"
    )
    example_good = example_bad.replace("two: {kind: vpc, cidr: 10.0.0.0/16}", "two: {kind: vpc, cidr: 10.1.0.0/16}")
    example_finds = ("pcx", "one", "two")

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Compare the blocks of both sides."""
        peering = properties(component, VpcPeeringConnectionProperties)
        for near in blocks_of(world, peering.requester):
            for far in blocks_of(world, peering.accepter):
                if overlap(near, far):
                    yield self.finding(
                        component.id,
                        peering.requester,
                        peering.accepter,
                        message=f"{peering.requester} ({near}) and {peering.accepter} ({far}) overlap.",
                    )


class OneSidedRoute(Rule):
    """A peering that only one side has a route over."""

    id = "NET025"
    title = "Peering route exists on one side only"
    severity = "error"
    class_ = "reachability"
    kinds = ("vpc_peering_connection",)
    reads = ("vpc", "route_table", "subnet")
    why = "Replies follow the routes of the other VPC. Without a route back they never return."
    fix = "Add a route to the first VPC's block in the other VPC's route tables."
    sources = (_ROUTING,)
    facts = ("vpc_peering-routes-01",)
    example_bad = _TWO.replace(", routes: [{to: 10.0.0.0/16, via: pcx}]", "")
    example_good = _TWO
    example_finds = ("pcx", "two", "one")

    def check(self, world: World) -> Iterator[Finding]:
        """Find active peerings with a way there and none back."""
        used: dict[str, set[str]] = {}
        for row, vpc, peer in _over_peerings(world):
            if overlaps_any(row.route.to, blocks_of(world, peer)):
                used.setdefault(row.route.via, set()).add(vpc)
        for component, peering in each(world, VpcPeeringConnectionProperties):
            sides = used.get(component.id, set())
            if peering.status == "active" and len(sides) == 1:
                near = next(iter(sides))
                far = peering.accepter if near == peering.requester else peering.requester
                yield self.finding(
                    component.id,
                    far,
                    near,
                    message=f"{near} has a route to {far} over {component.id}; {far} has none back.",
                    fixable=bool(self._edits(world, component.id, far, near)),
                    detail=(far, near),
                )

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Add the way back to every route table of the other side that serves a subnet."""
        far, near = (str(part) for part in finding.detail)
        return self._edits(world, finding.subject, far, near)

    @staticmethod
    def _edits(world: World, peering: str, far: str, near: str) -> tuple[Edit, ...]:
        tables = [
            component.id
            for component, table in each(world, RouteTableProperties)
            if table.vpc == far and not component.implicit and served_by(world, component.id)
        ]
        blocks = blocks_of(world, near)
        if not tables or len(blocks) != 1:
            return ()
        edits = [append_to(world.blueprint, table, ("routes",), {"to": blocks[0], "via": peering}) for table in tables]
        return (join(f"route {blocks[0]} in {far} back over {peering}", edits),)


class TransitivePeering(Rule):
    """Traffic that would have to cross two peerings in a row."""

    id = "NET026"
    title = "Traffic relies on transitive peering"
    severity = "error"
    class_ = "reachability"
    kinds = ("vpc_peering_connection",)
    why = (
        "A peering carries only packets between the blocks of its own two VPCs. A packet for a third VPC is dropped at "
        "the peering, whatever routes there are behind it."
    )
    fix = "Peer the two ends directly, or connect all three to a transit gateway."
    sources = (_LIMITS, _BASICS)
    facts = ("vpc_peering-transitive-01", "vpc_peering-choose-01")
    example_bad = _TWO.replace(
        "routes: [{to: 10.1.0.0/16, via: pcx}]", "routes: [{to: 10.1.0.0/16, via: pcx}, {to: 10.2.0.0/16, via: pcx}]"
    ) + (
        "  three: {kind: vpc, cidr: 10.2.0.0/16}\n"
        "  pcx-2: {kind: vpc_peering_connection, requester: two, accepter: three}\n"
    )
    example_good = example_bad.replace("{to: 10.2.0.0/16, via: pcx}", "{to: 10.2.0.0/16, via: pcx-3}") + (
        "  pcx-3: {kind: vpc_peering_connection, requester: one, accepter: three}\n"
    )
    example_finds = ("pcx", "in-one", "three")

    def check(self, world: World) -> Iterator[Finding]:
        """Find routes through a peer to a third VPC, and links between VPCs that only a third joins."""
        for row, vpc, peer in _over_peerings(world):
            third = self._third(world, row, vpc, peer)
            if third:
                yield self.finding(
                    row.route.via,
                    row.table.id,
                    third,
                    message=f"{row.table.id} sends {row.route.to} over {row.route.via} to {peer}, which does not pass "
                    f"it on to {third}.",
                )
        yield from self._links(world)

    @staticmethod
    def _third(world: World, row: Row, vpc: str, peer: str) -> str | None:
        if is_default(row.route.to) or overlaps_any(row.route.to, blocks_of(world, peer)):
            return None
        beyond = (far for _, far in peers_of(world, peer) if far != vpc)
        return next((far for far in beyond if overlaps_any(row.route.to, blocks_of(world, far))), None)

    def _links(self, world: World) -> Iterator[Finding]:
        if not world.of_kind("vpc_peering_connection"):
            return
        attached = {
            attachment.vpc for _, attachment in each(world, TransitGatewayAttachmentProperties) if attachment.vpc
        }
        for link in world.links:
            if link.source not in world.components or link.target not in world.components:
                continue
            near, far = world.placement(link.source).vpc, world.placement(link.target).vpc
            if near is None or far is None or near == far or {near, far} <= attached:
                continue
            around = dict(peers_of(world, near))
            if far in around.values():
                continue
            middle = next((p for p, peer in around.items() if far in dict(peers_of(world, peer)).values()), None)
            if middle:
                yield self.finding(
                    middle,
                    link.source,
                    link.target,
                    message=f"{link.source} in {near} wants {link.target} in {far}; only {around[middle]} is peered "
                    "with both, and a peering carries nothing for a third VPC.",
                )


class ExitThroughPeer(Rule):
    """A default route over a peering."""

    id = "NET027"
    title = "Default route over a peering"
    severity = "warning"
    class_ = "reachability"
    kinds = ("vpc_peering_connection", "route_table")
    reads = ("vpc",)
    why = (
        "A VPC cannot use the internet gateway, NAT gateway, VPN or endpoint of its peer: the peering drops what is "
        "not for the peer's own block."
    )
    fix = "Give the VPC a way out of its own, or a transit gateway with a shared egress VPC."
    sources = (_LIMITS,)
    facts = ("vpc_peering-transitive-01",)
    example_bad = _TWO.replace(
        "in-one: {kind: route_table, vpc: one, routes: [{to: 10.1.0.0/16, via: pcx}]}",
        ("in-one: {kind: route_table, vpc: one, routes: [{to: 10.1.0.0/16, via: pcx}, {to: 0.0.0.0/0, via: pcx}]}"),
    )
    example_good = _TWO
    example_finds = ("in-one", "pcx")

    def check(self, world: World) -> Iterator[Finding]:
        """Find default routes with a peering as target."""
        for row, _, peer in _over_peerings(world):
            if is_default(row.route.to):
                yield self.finding(
                    row.table.id,
                    row.route.via,
                    message=f"{row.table.id} sends {row.route.to} over {row.route.via}; {peer} passes nothing on.",
                    path=("routes", row.index),
                )


class WidePeeringRoute(Rule):
    """A route over a peering that is wider than the peer's block."""

    id = "NET029"
    title = "Peering route wider than the peer's block"
    severity = "warning"
    class_ = "security"
    kinds = ("route_table", "vpc_peering_connection")
    reads = ("vpc",)
    why = (
        "Packets for addresses that the peer does not own are dropped at the peering, and the route takes them away "
        "from where they could go. It also opens the way to whatever the peer adds later."
    )
    fix = "Narrow the route to the peer's block, or to the subnet that is needed."
    sources = (_ROUTING,)
    facts = ("vpc_peering-routes-01",)
    example_bad = _TWO.replace("routes: [{to: 10.1.0.0/16, via: pcx}]", "routes: [{to: 10.0.0.0/8, via: pcx}]")
    example_good = _TWO
    example_finds = ("in-one", "pcx", "two")

    def check(self, world: World) -> Iterator[Finding]:
        """Compare each route with the blocks at the other end."""
        for row, _, peer in _over_peerings(world):
            blocks = blocks_of(world, peer)
            covered = any(within(row.route.to, block) for block in blocks)
            if is_default(row.route.to) or covered or not overlaps_any(row.route.to, blocks):
                continue
            yield self.finding(
                row.table.id,
                row.route.via,
                peer,
                message=f"{row.table.id} sends {row.route.to} over {row.route.via}; {peer} is {', '.join(blocks)}.",
                path=("routes", row.index),
                fixable=len(blocks) == 1,
                detail=(row.index, peer),
            )

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Narrow it to the peer's block."""
        index, peer = int(finding.detail[0]), str(finding.detail[1])
        blocks = blocks_of(world, peer)
        if len(blocks) != 1 or as_kind(world, finding.subject, RouteTableProperties) is None:
            return ()
        return (set_property(finding.subject, ("routes", index, "to"), blocks[0]),)
