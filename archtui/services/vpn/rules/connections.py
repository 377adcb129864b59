"""HYB003, HYB005, HYB006: VPN connections, the routes to them, the ranges behind them."""

from __future__ import annotations

from collections.abc import Iterator

from archtui.check.finding import Finding
from archtui.check.rule import ComponentRule, Rule, properties
from archtui.model.component import Component
from archtui.model.edits import Edit, append_to, join
from archtui.network.engine import network_of
from archtui.network.model import PrivateGateway, Uplink
from archtui.services.direct_connect.properties import DirectConnectGatewayProperties
from archtui.services.direct_connect.uplinks import uplinks_by, uplinks_to
from archtui.services.lookups import each
from archtui.services.vpc.lookups import served_by
from archtui.services.vpc.properties import RouteTableProperties
from archtui.services.vpn.edits import second_device
from archtui.services.vpn.properties import VirtualPrivateGatewayProperties
from archtui.services.vpn.uplinks import connections_of
from archtui.world.world import World

_ROUTES = "https://docs.aws.amazon.com/vpc/latest/userguide/WorkWithRouteTables.html"
_REDUNDANT = "https://docs.aws.amazon.com/vpn/latest/s2svpn/vpn-redundant-connection.html"
_OPTIONS = "https://docs.aws.amazon.com/vpn/latest/s2svpn/vpn-route-priority.html"

_ONE = """\
components:
  vpc: {kind: vpc, cidr: 10.0.0.0/16}
  app: {kind: subnet, vpc: vpc, az: a, cidr: 10.0.0.0/24, route_table: routes}
  routes: {kind: route_table, vpc: vpc, propagating: [vgw]}
  vgw: {kind: virtual_private_gateway, vpc: vpc}
  hq: {kind: on_prem_site, networks: [192.168.0.0/16]}
  cgw: {kind: customer_gateway, site: hq}
  vpn: {kind: vpn_connection, gateway: vgw, customer_gateway: cgw}
"""
_TWO = _ONE + (
    "  cgw-2: {kind: customer_gateway, site: hq}\n"
    "  vpn-2: {kind: vpn_connection, gateway: vgw, customer_gateway: cgw-2}\n"
)


class OneDevice(Rule):
    """Everything of a gateway comes over one customer device, or a tunnel is down."""

    id = "HYB003"
    title = "One tunnel or one customer gateway"
    severity = "warning"
    class_ = "resilience"
    kinds = ("vpn_connection", "customer_gateway")
    why = (
        "AWS keeps two tunnels to the customer's device, but the device is one: when it fails, or its tunnel while the "
        "other is down, the site is cut off."
    )
    fix = "Add a second customer gateway with a connection of its own, and keep both tunnels up."
    sources = (_REDUNDANT,)
    facts = ("site_to_site_vpn-ha-01", "customer_gateway-fail-01")
    example_bad = _ONE
    example_good = _TWO
    example_finds = ("vpn", "vgw")

    def check(self, world: World) -> Iterator[Finding]:
        """Count the devices of each gateway, and the tunnels that are up."""
        gateways = [c for kind in ("virtual_private_gateway", "transit_gateway") for c in world.of_kind(kind)]
        for gateway in gateways:
            found = [(c, p) for c, p in connections_of(gateway.id, world) if p.state == "available"]
            devices = {p.customer_gateway for _, p in found}
            if found and len(devices) == 1 and not _has_line(gateway.id, world):
                yield self.finding(
                    found[0][0].id,
                    gateway.id,
                    message=f"All that {gateway.id} knows of the customer's network comes over one device.",
                    fixable=found[0][1].customer_gateway is not None,
                )
            for connection, given in found:
                if given.tunnels.count("up") == 1:
                    yield self.finding(
                        connection.id,
                        message=f"One of the two tunnels of {connection.id} is down; nothing stands in for the other.",
                        path=("tunnels",) if "tunnels" in connection.raw else (),
                        fixable=False,
                    )

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Add a second device at the same site with a connection to the same gateway."""
        edit = second_device(world, finding.subject, finding.components[-1])
        return (edit,) if edit else ()


def _has_line(gateway: str, world: World) -> bool:
    """Whether Direct Connect leads to a gateway as well."""
    if next(uplinks_to(gateway, world), None) is not None:
        return True
    return any(uplinks_by(hub.id, gateway, "any", world) for hub, _ in each(world, DirectConnectGatewayProperties))


class NoRouteBack(ComponentRule):
    """A VPC with a virtual private gateway that none of its route tables leads to."""

    id = "HYB005"
    title = "No propagated or static route back"
    severity = "error"
    class_ = "reachability"
    kinds = ("virtual_private_gateway",)
    reads = ("route_table", "subnet", "vpc", "vpn_connection", "private_virtual_interface", "direct_connect_gateway")
    why = "Packets come in from the customer's network, but no route table of the VPC sends the replies back."
    fix = "Let the route tables take the gateway's routes (route propagation), or add static routes to it."
    sources = (_ROUTES, _OPTIONS)
    facts = ("virtual_private_gateway-attach-01",)
    example_bad = _ONE.replace(", propagating: [vgw]", "")
    example_good = _ONE
    example_finds = ("vgw", "vpc")

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Look for a table that serves a subnet and leads to the gateway."""
        vpc = properties(component, VirtualPrivateGatewayProperties).vpc
        linked = next(connections_of(component.id, world), None) or next(uplinks_to(component.id, world), None)
        tables = [(c, t) for c, t in each(world, RouteTableProperties) if t.vpc == vpc and served_by(world, c.id)]
        if vpc is None or linked is None or not tables:
            return
        if any(
            component.id in table.propagating or any(row.via == component.id for row in table.routes)
            for _, table in tables
        ):
            return
        yield self.finding(
            component.id,
            vpc,
            message=f"No route table of {vpc} leads to {component.id}.",
            fixable=any(not table.implicit for table, _ in tables),
        )

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Let every table that serves a subnet take the routes."""
        vpc = finding.components[-1]
        tables = [
            table.id
            for table, given in each(world, RouteTableProperties)
            if given.vpc == vpc and not table.implicit and served_by(world, table.id)
        ]
        edits = [append_to(world.blueprint, table, ("propagating",), finding.subject) for table in tables]
        return (join(f"propagate the routes of {finding.subject}", edits),) if edits else ()


class OverlappingSite(Rule):
    """A network of the customer that shares addresses with a VPC it is joined to."""

    id = "HYB006"
    title = "On-premises range overlaps a VPC"
    severity = "error"
    class_ = "correctness"
    kinds = ("vpn_connection", "private_virtual_interface", "transit_virtual_interface")
    why = "An address in both is taken for the one nearer by: the VPC's local route and the site's own network win."
    fix = "Renumber one of the two, or translate addresses between them."
    sources = (_OPTIONS,)
    example_bad = _ONE.replace("192.168.0.0/16", "10.0.128.0/17")
    example_good = _ONE
    example_finds = ("vpn", "vpc")

    def check(self, world: World) -> Iterator[Finding]:
        """Compare the blocks of every link with those of the VPCs that its gateway leads to."""
        network = network_of(world)
        joined: list[tuple[Uplink, str]] = [
            (link, gateway.vpc)
            for gateway in network.gateways.values()
            if isinstance(gateway, PrivateGateway)
            for link in gateway.uplinks
        ]
        attachments = network.attachments.values()
        joined += [
            (link, other.vpc)
            for attachment in attachments
            for link in attachment.uplinks
            for other in attachments
            if other.kind == "vpc" and other.gateway == attachment.gateway
        ]
        seen: set[tuple[str, str]] = set()
        for link, name in joined:
            vpc = network.vpcs.get(name)
            if vpc is None or (link.component, name) in seen:
                continue
            shared = [(a, b) for a in link.learnt or () for b in vpc.blocks if a.overlaps(b) and a.prefix > 0]
            if shared:
                seen.add((link.component, name))
                there, here = shared[0]
                yield self.finding(
                    link.component,
                    name,
                    message=f"{there.text} behind {link.component} overlaps {name} ({here.text}).",
                )
