"""NET007-NET011: address blocks of VPCs and subnets, and whether they are large enough."""

from __future__ import annotations

import ipaddress
import itertools
import math
from collections.abc import Iterator

from archtui.check.finding import Finding
from archtui.check.rule import ComponentRule, Rule, properties
from archtui.model.component import Component
from archtui.model.edits import Edit, set_property
from archtui.services.ec2.properties import AutoScalingGroupProperties, Ec2InstanceProperties
from archtui.services.elb.properties import ApplicationLoadBalancerProperties
from archtui.services.examples import PUBLIC_NETWORK
from archtui.services.lookups import as_kind, network, overlap
from archtui.services.spread import free_block
from archtui.services.vpc.lookups import blocks_of, subnets_of, within
from archtui.services.vpc.properties import NetworkInterfaceProperties, SubnetProperties, VpcProperties
from archtui.world.world import World

_VPC = "https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html"
_SIZING = "https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html"
_BALANCERS = "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/application-load-balancers.html"
RESERVED = 5
"""Addresses of each subnet that AWS keeps: the first four and the last (fact subnet-reserved-01)."""
NODE_ADDRESSES = 8
"""Free addresses that an Application Load Balancer wants in each subnet (fact elb-subnet-size-01)."""


class SubnetOutsideVpc(ComponentRule):
    """A subnet whose block is not part of its VPC's blocks."""

    id = "NET007"
    title = "Subnet block lies outside its VPC's blocks"
    severity = "error"
    class_ = "correctness"
    kinds = ("subnet",)
    reads = ("vpc",)
    why = "A subnet is cut out of its VPC's blocks; AWS refuses any other."
    fix = "Choose a block inside the VPC's, or add a secondary block to the VPC."
    sources = (_SIZING, _VPC)
    facts = ("vpc-cidr-03", "subnet-overlap-01")
    example_bad = (
        "components:\n"
        "  vpc: {kind: vpc, cidr: 10.0.0.0/16}\n"
        "  app-a: {kind: subnet, vpc: vpc, az: a, cidr: 10.1.0.0/24}\n"
    )
    example_good = example_bad.replace("10.1.0.0/24", "10.0.1.0/24")
    example_finds = ("app-a", "vpc")

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Compare the blocks."""
        subnet = properties(component, SubnetProperties)
        blocks = blocks_of(world, subnet.vpc)
        if blocks and network(subnet.cidr).version == 4 and not any(within(subnet.cidr, block) for block in blocks):
            yield self.finding(
                component.id,
                subnet.vpc,
                message=f"{component.id} ({subnet.cidr}) is not inside {subnet.vpc} ({', '.join(blocks)}).",
                path=("cidr",),
            )


class OverlappingSubnets(Rule):
    """Two subnets of one VPC that share addresses."""

    id = "NET008"
    title = "Subnet blocks overlap"
    severity = "error"
    class_ = "correctness"
    kinds = ("subnet",)
    reads = ("vpc",)
    why = "Each address of a VPC belongs to one subnet; AWS refuses a subnet whose block overlaps another's."
    fix = "Renumber one of the two."
    sources = (_SIZING,)
    facts = ("subnet-overlap-01",)
    example_bad = (
        "components:\n"
        "  vpc: {kind: vpc, cidr: 10.0.0.0/16}\n"
        "  app-a: {kind: subnet, vpc: vpc, az: a, cidr: 10.0.0.0/23}\n"
        "  app-b: {kind: subnet, vpc: vpc, az: b, cidr: 10.0.1.0/24}\n"
    )
    example_good = example_bad.replace("10.0.1.0/24", "10.0.2.0/24")
    example_finds = ("app-b", "app-a")

    def check(self, world: World) -> Iterator[Finding]:
        """Walk each VPC's subnets in order of their addresses."""
        for vpc in world.of_kind("vpc"):
            members = [item for item in subnets_of(world, vpc.id) if not item.implicit]
            for one, other in itertools.combinations(members, 2):
                first, second = properties(one, SubnetProperties).cidr, properties(other, SubnetProperties).cidr
                if overlap(first, second):
                    yield self.finding(
                        other.id,
                        one.id,
                        message=f"{other.id} ({second}) overlaps {one.id} ({first}).",
                        path=("cidr",),
                        fixable=free_block(world, vpc.id, other.id) is not None,
                    )

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Give the later one the next free block of its size."""
        component = world.components[finding.subject]
        block = free_block(world, properties(component, SubnetProperties).vpc, finding.subject)
        return (set_property(finding.subject, ("cidr",), block),) if block else ()


class BlockSize(ComponentRule):
    """A VPC or subnet block larger than /16 or smaller than /28."""

    id = "NET009"
    title = "VPC or subnet block is not between /16 and /28"
    severity = "error"
    class_ = "limits"
    kinds = ("vpc", "subnet")
    reads = ()
    why = "AWS accepts IPv4 blocks of VPCs and subnets from /16 (65,536 addresses) to /28 (16 addresses) only."
    fix = "Choose a prefix length from 16 to 28."
    sources = (_VPC, _SIZING)
    facts = ("vpc-cidr-01", "subnet-size-01")
    example_bad = "components:\n  vpc: {kind: vpc, cidr: 10.0.0.0/8}\n"
    example_good = "components:\n  vpc: {kind: vpc, cidr: 10.0.0.0/16}\n"
    example_finds = ("vpc",)

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Look at the prefix lengths."""
        blocks: list[tuple[tuple[str | int, ...], str]] = []
        if isinstance(component.properties, VpcProperties):
            blocks = [(("cidr",), component.properties.cidr)]
            blocks += [(("secondary_cidrs", i), b) for i, b in enumerate(component.properties.secondary_cidrs)]
        elif isinstance(component.properties, SubnetProperties):
            blocks = [(("cidr",), component.properties.cidr)]
        for path, block in blocks:
            size = network(block)
            if size.version == 4 and not 16 <= size.prefixlen <= 28:
                yield self.finding(
                    component.id, message=f"The block {block} of {component.id} is not allowed.", path=path
                )


class SubnetTooSmall(Rule):
    """A subnet with fewer usable addresses than what stands in it needs."""

    id = "NET010"
    title = "Subnet too small for what is placed in it"
    severity = "warning"
    class_ = "limits"
    kinds = ("subnet",)
    why = (
        "AWS keeps five addresses of each subnet, so a /28 has eleven. What finds no free address does not start: "
        "scaling out and failover stop."
    )
    fix = "Choose a larger block, or spread the components over more subnets."
    sources = (_SIZING,)
    facts = ("subnet-reserved-01",)
    example_bad = (
        "components:\n"
        "  vpc: {kind: vpc, cidr: 10.0.0.0/16}\n"
        "  app-a: {kind: subnet, vpc: vpc, az: a, cidr: 10.0.0.0/28}\n"
        "  template: {kind: launch_template}\n"
        "  fleet: {kind: auto_scaling_group, subnets: [app-a], launch_template: template, min: 2, max: 20}\n"
    )
    example_good = example_bad.replace("10.0.0.0/28", "10.0.0.0/24")
    example_finds = ("app-a", "fleet")

    def check(self, world: World) -> Iterator[Finding]:
        """Count the addresses that are needed at most."""
        for component in world.of_kind("subnet"):
            block = network(properties(component, SubnetProperties).cidr)
            if component.implicit or block.version != 4:
                continue
            users = {edge.source: world.components[edge.source] for edge in world.referrers(component.id)}
            needs = {name: _addresses(user) for name, user in users.items() if not user.implicit}
            usable = max(block.num_addresses - RESERVED, 0)
            wanted = sum(needs.values())
            if wanted > usable:
                yield self.finding(
                    component.id,
                    *(name for name, count in needs.items() if count),
                    message=f"{component.id} ({block}) has {usable} usable addresses; what is in it may need {wanted}.",
                    path=("cidr",),
                )


def _addresses(component: Component) -> int:
    """Return how many addresses ``component`` may take in one of its subnets."""
    found = component.properties
    if isinstance(found, AutoScalingGroupProperties):
        return math.ceil(found.max / max(len(found.subnets), 1))
    if isinstance(found, NetworkInterfaceProperties):
        return max(len(found.private_ips), 1)
    if isinstance(found, ApplicationLoadBalancerProperties):
        return NODE_ADDRESSES
    if isinstance(found, Ec2InstanceProperties) and found.network_interfaces:
        return 0
    return 0 if component.kind.container else 1


class BalancerSubnetTooSmall(ComponentRule):
    """An Application Load Balancer in a subnet smaller than /27."""

    id = "NET011"
    title = "Load balancer subnet smaller than /27"
    severity = "warning"
    class_ = "limits"
    kinds = ("application_load_balancer",)
    reads = ("subnet",)
    why = (
        "A balancer adds nodes as the load grows. AWS asks for a /27 at least with eight free addresses in each of its "
        "subnets; with less it cannot scale."
    )
    fix = "Use subnets of /27 or larger."
    sources = (_BALANCERS,)
    facts = ("elb-subnet-size-01",)
    example_bad = PUBLIC_NETWORK.replace("10.0.0.0/24", "10.0.0.0/28") + (
        "  lb: {kind: alb, subnets: [public-a, public-b]}\n"
    )
    example_good = PUBLIC_NETWORK + "  lb: {kind: alb, subnets: [public-a, public-b]}\n"
    example_finds = ("public-a", "lb")

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Look at the size of its subnets."""
        for name in properties(component, ApplicationLoadBalancerProperties).subnets:
            subnet = as_kind(world, name, SubnetProperties)
            if subnet is None or world.components[name].implicit:
                continue
            block = ipaddress.ip_network(subnet.cidr)
            if block.version == 4 and block.prefixlen > 27:
                yield self.finding(
                    name,
                    component.id,
                    message=f"{name} ({block}) is small for the nodes of {component.id}; AWS asks for a /27 at least.",
                    path=("cidr",),
                )
