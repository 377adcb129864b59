"""NET001, NET002, NET047, NET049: whether what a subnet is meant to be and what its routes make of it agree."""

from __future__ import annotations

from collections.abc import Iterator

from archtui.check.finding import Finding
from archtui.check.rule import ComponentRule, Rule, properties
from archtui.model.component import Component
from archtui.model.edits import Edit, add_component, join, set_property, unused_id
from archtui.services.ec2.lookups import public_address_of
from archtui.services.ec2.properties import Ec2InstanceProperties
from archtui.services.examples import PUBLIC_NETWORK
from archtui.services.lookups import as_kind, is_closed, is_public, is_written, route_table_of
from archtui.services.vpc.edits import make_public, own_nat, route_out
from archtui.services.vpc.lookups import default_row, goes_out, nats_of, served_by, wants_internet
from archtui.services.vpc.properties import SubnetProperties
from archtui.world.world import World

_GATEWAY = "https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Internet_Gateway.html"
_SUBNETS = "https://docs.aws.amazon.com/vpc/latest/userguide/configure-subnets.html"
_NAT = "https://docs.aws.amazon.com/vpc/latest/userguide/vpc-nat-gateway.html"
_ADDRESSING = "https://docs.aws.amazon.com/vpc/latest/userguide/vpc-ip-addressing.html"


class PublicWithoutRoute(ComponentRule):
    """A subnet meant to be public, or an instance with a public address, without a route to the internet gateway."""

    id = "NET001"
    title = "Public subnet without a working internet route"
    severity = "error"
    class_ = "reachability"
    kinds = ("subnet",)
    reads = ("vpc", "route_table", "internet_gateway", "nat_gateway", "ec2_instance", "elastic_ip", "network_interface")
    why = (
        "A subnet is public only if its route table sends packets for the internet to an internet gateway that is "
        "attached to its VPC. Without it a public address is of no use."
    )
    fix = "Attach an internet gateway to the VPC and add 0.0.0.0/0 to the subnet's route table."
    sources = (_GATEWAY, _SUBNETS)
    facts = ("subnet-public-01", "igw-needs-01")
    example_bad = (
        "components:\n"
        "  vpc: {kind: vpc, cidr: 10.0.0.0/16}\n"
        "  inside: {kind: route_table, vpc: vpc}\n"
        "  public-a: {kind: subnet, vpc: vpc, az: a, cidr: 10.0.0.0/24, route_table: inside, role: public}\n"
    )
    example_good = PUBLIC_NETWORK.replace("route_table: public}", "route_table: public, role: public}")
    example_finds = ("public-a",)

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Compare what is wanted with the routes."""
        subnet = properties(component, SubnetProperties)
        if not is_closed(world, component.id):
            return
        offers = make_public(world, component.id) is not None
        if subnet.role == "public":
            yield self.finding(
                component.id,
                message=f"{component.id} is meant to be public and has no route to an internet gateway.",
                fixable=offers,
            )
            return
        for edge in world.referrers(component.id):
            if edge.role == "in" and public_address_of(world, edge.source):
                yield self.finding(
                    component.id,
                    edge.source,
                    message=f"{edge.source} has a public address, but {component.id} no route to an internet gateway.",
                    fixable=offers,
                )

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Give it the VPC's public route table, or a route and a gateway where there is none."""
        edit = make_public(world, finding.subject)
        return (edit,) if edit else ()


class NoWayOut(Rule):
    """A private subnet without a default route although something in it needs the internet."""

    id = "NET002"
    title = "Private subnet without a way out"
    severity = "error"
    class_ = "reachability"
    kinds = ("subnet", "route_table")
    why = (
        "Packets from a private subnet to the internet need a default route to a NAT gateway (or another way out); "
        "without one the router drops them."
    )
    fix = "Add a default route to a NAT gateway of the same zone, or an endpoint for the service it talks to."
    sources = (_NAT, _SUBNETS)
    facts = ("subnet-private-01", "nat_gateway-path-01")
    example_bad = PUBLIC_NETWORK + (
        "  eip: {kind: elastic_ip}\n"
        "  nat: {kind: nat_gateway, subnet: public-a, elastic_ip: eip}\n"
        "  inside: {kind: route_table, vpc: vpc}\n"
        "  app-a: {kind: subnet, vpc: vpc, az: a, cidr: 10.0.10.0/24, route_table: inside}\n"
        "  web: {kind: ec2, subnet: app-a}\n"
        "links:\n"
        "  - {from: web, to: internet, port: 443}\n"
    )
    example_good = example_bad.replace(
        "inside: {kind: route_table, vpc: vpc}",
        "inside: {kind: route_table, vpc: vpc, routes: [{to: 0.0.0.0/0, via: nat}]}",
    )
    example_finds = ("inside", "app-a", "web")

    def check(self, world: World) -> Iterator[Finding]:
        """Find subnets without a default route that are called private or hold something that needs one."""
        wanting = wants_internet(world)
        users: dict[str, list[str]] = {}
        for name in wanting:
            for subnet in world.placement(name).subnets:
                users.setdefault(subnet, []).append(name)
        for component in world.of_kind("subnet"):
            if component.implicit or default_row(world, component.id):
                continue
            needing = users.get(component.id, [])
            if needing or properties(component, SubnetProperties).role == "private":
                yield self._found(world, component.id, needing, wanting)

    def _found(self, world: World, subnet: str, needing: list[str], wanting: dict[str, str]) -> Finding:
        table = route_table_of(world, subnet)
        first = (table.id,) if table and not table.implicit else ()
        if needing:
            reason = f"{needing[0]} in it needs the internet: {wanting[needing[0]]}"
        else:
            reason = "it is meant to be private, not isolated"
        return self.finding(
            *first,
            subnet,
            *needing,
            message=f"{subnet} has no default route, and {reason}.",
            severity=None if needing else "warning",
            fixable=bool(_ways(world, subnet)),
            detail=(subnet,),
        )

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Route it to a NAT gateway, of its own zone if possible."""
        return _ways(world, str(finding.detail[0]))


def _ways(world: World, subnet: str) -> tuple[Edit, ...]:
    place = world.placement(subnet)
    if place.vpc is None or subnet not in world.blueprint.components or not place.zones:
        return ()
    working = [nat.id for nat, nat_properties in nats_of(world, place.vpc) if goes_out(world, nat_properties)]
    near = [name for name in working if world.placement(name).zones == place.zones]
    if near:
        return (route_out(world, _together(world, subnet), near[0], f"private-{place.zones[0][-1]}"),)
    own = own_nat(world, place.zones[0], [subnet])
    if own:
        return (own,)
    return (route_out(world, [subnet], working[0], f"private-{place.zones[0][-1]}"),) if working else ()


def _together(world: World, subnet: str) -> list[str]:
    """Return the subnets that may be changed with ``subnet``: all that share its table, if none is to be isolated."""
    table = route_table_of(world, subnet)
    shared = served_by(world, table.id) if table else ()
    isolated = any((p := as_kind(world, name, SubnetProperties)) and p.role == "isolated" for name in shared)
    written = all(name in world.blueprint.components for name in shared)
    zones = {world.placement(name).zones for name in shared}
    return list(shared) if shared and written and not isolated and len(zones) == 1 else [subnet]


class PublicAddressesInPrivateSubnet(ComponentRule):
    """A subnet that is not meant to be public and gives every instance a public address."""

    id = "NET047"
    title = "Private subnet that hands out public addresses"
    severity = "warning"
    class_ = "security"
    kinds = ("subnet",)
    reads = ()
    why = "An instance meant to be private gets a public address, and one route more makes it reachable from anywhere."
    fix = "Turn automatic public addresses off."
    sources = (_ADDRESSING,)
    facts = ("subnet-private-02",)
    example_bad = (
        "components:\n"
        "  vpc: {kind: vpc, cidr: 10.0.0.0/16}\n"
        "  data-a: {kind: subnet, vpc: vpc, az: a, cidr: 10.0.0.0/24, role: isolated, map_public_ip: true}\n"
    )
    example_good = example_bad.replace(", map_public_ip: true", "")
    example_finds = ("data-a",)

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Compare the role with the flag."""
        subnet = properties(component, SubnetProperties)
        if subnet.map_public_ip and subnet.role in ("private", "isolated"):
            yield self.finding(
                component.id,
                message=f"{component.id} is meant to be {subnet.role} and gives every instance a public address.",
                path=("map_public_ip",),
            )

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Turn it off."""
        return (set_property(finding.subject, ("map_public_ip",), False),)


class NoPublicAddress(Rule):
    """An instance in a public subnet that talks to the internet and has no public address."""

    id = "NET049"
    title = "Instance in a public subnet without a public address"
    severity = "error"
    class_ = "reachability"
    kinds = ("ec2_instance",)
    why = (
        "An internet gateway translates between a private and a public address, one to one. It drops packets of an "
        "interface that has no public address, whatever the routes say."
    )
    fix = "Give the instance a public address or an Elastic IP, or move it to a private subnet behind a NAT gateway."
    sources = (_GATEWAY, _ADDRESSING)
    facts = ("igw-needs-01", "igw-nat-01")
    example_bad = PUBLIC_NETWORK + (
        "  web: {kind: ec2, subnet: public-a}\nlinks:\n  - {from: web, to: internet, port: 443}\n"
    )
    example_good = example_bad.replace("subnet: public-a}", "subnet: public-a, public_ip: true}")
    example_finds = ("web", "public-a")

    def check(self, world: World) -> Iterator[Finding]:
        """Find instances that only an address keeps from the internet."""
        reasons = {**_asked_from_outside(world), **wants_internet(world)}
        for component in world.of_kind("ec2_instance"):
            instance = properties(component, Ec2InstanceProperties)
            subnet = next(iter(world.placement(component.id).subnets), None)
            if component.id not in reasons or subnet is None or public_address_of(world, component.id):
                continue
            if not _leaves_by_gateway(world, subnet):
                continue
            yield self.finding(
                component.id,
                subnet,
                message=f"{component.id} stands in the public subnet {subnet} without a public address; "
                f"{reasons[component.id]}.",
                path=("public_ip",) if is_written(world, component.id, "public_ip") else (),
                detail=("interface",) if instance.network_interfaces else (),
            )

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Give it a public address; an Elastic IP where its interface is a component of its own."""
        if finding.detail != ("interface",):
            return (set_property(finding.subject, ("public_ip",), True),)
        name = unused_id(world.components, f"{finding.subject}-eip")
        made = add_component(name, "elastic_ip", {"attached_to": finding.subject})
        return (join(f"give {finding.subject} an Elastic IP", (made,)),)


def _leaves_by_gateway(world: World, subnet: str) -> bool:
    row = default_row(world, subnet)
    return (
        row is not None
        and row.route.via in world.components
        and (world.kind(row.route.via).name == "internet_gateway" and is_public(world, subnet))
    )


def _asked_from_outside(world: World) -> dict[str, str]:
    """Return the instances that a journey or link from the internet names, with the reason in words."""
    found: dict[str, str] = {}
    outside = {component.id for kind in ("internet", "client") for component in world.of_kind(kind)} | {"internet"}
    for link in world.links:
        if link.source in outside:
            found.setdefault(link.target, f"{link.source} has a link to it")
    for journey in world.blueprint.journeys:
        if journey.source in outside and journey.to and not journey.blocked:
            found.setdefault(journey.to, f"the journey {journey.name!r} goes to it")
    return found
