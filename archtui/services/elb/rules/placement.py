"""ELB001-ELB004, ELB021: where a balancer and its targets stand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from archtui.check.finding import Finding
from archtui.check.rule import ComponentRule, properties
from archtui.model.component import Component
from archtui.model.edits import Edit, join, set_property
from archtui.services.ec2.lookups import written_as
from archtui.services.elb.edits import register_twin
from archtui.services.elb.lookups import BALANCERS, balancers_of, groups_behind, registered
from archtui.services.elb.properties import (
    ApplicationLoadBalancerProperties,
    LoadBalancerProperties,
)
from archtui.services.examples import NETWORK, PUBLIC_NETWORK
from archtui.services.lookups import as_kind, is_closed, is_public, zones_of
from archtui.services.spread import add_zone, subnet_elsewhere
from archtui.services.vpc.properties import SubnetProperties
from archtui.world.world import World

_SUBNETS = "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/application-load-balancers.html"
_ZONES = "https://docs.aws.amazon.com/elasticloadbalancing/latest/userguide/how-elastic-load-balancing-works.html"


class OneSubnet(ComponentRule):
    """An Application Load Balancer with a single subnet."""

    id = "ELB001"
    title = "Application Load Balancer in one subnet"
    severity = "error"
    class_ = "correctness"
    kinds = ("application_load_balancer",)
    why = "AWS creates an Application Load Balancer only with subnets of at least two availability zones."
    fix = "Add a subnet of another zone."
    sources = (_SUBNETS,)
    facts = ("elb-azs-01",)
    example_bad = PUBLIC_NETWORK + "  lb: {kind: alb, subnets: [public-a]}\n"
    example_good = PUBLIC_NETWORK + "  lb: {kind: alb, subnets: [public-a, public-b]}\n"
    example_finds = ("lb",)

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Count its subnets."""
        subnets = properties(component, ApplicationLoadBalancerProperties).subnets
        if len(subnets) == 1:
            yield self.finding(
                component.id,
                message=f"{component.id} has one subnet, {subnets[0]}; it needs two in different zones.",
                fixable=bool(add_zone(world, component.id, subnets)),
            )

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Add a subnet of another zone, a new one if need be."""
        balancer = as_kind(world, finding.subject, ApplicationLoadBalancerProperties)
        return add_zone(world, finding.subject, balancer.subnets) if balancer else ()


class OneZone(ComponentRule):
    """All subnets of a balancer in one availability zone."""

    id = "ELB002"
    title = "All subnets of the balancer are in one availability zone"
    severity = "error"
    class_ = "resilience"
    kinds = BALANCERS
    why = "A balancer has a node in each of its zones; with one zone, losing it takes the entrance away."
    fix = "Give it subnets of two or more zones; an Application Load Balancer takes one subnet of each zone."
    sources = (_ZONES, _SUBNETS)
    facts = ("elb-azs-01", "elb-nodes-01", "az-ha-01")
    example_bad = (
        PUBLIC_NETWORK
        + "  public-a2: {kind: subnet, vpc: vpc, az: a, cidr: 10.0.2.0/24, route_table: public}\n"
        + "  lb: {kind: alb, subnets: [public-a, public-a2]}\n"
    )
    example_good = PUBLIC_NETWORK + "  lb: {kind: alb, subnets: [public-a, public-b]}\n"
    example_finds = ("lb", "public-a", "public-a2")

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Compare the zones of its subnets."""
        subnets = properties(component, LoadBalancerProperties).subnets
        zones = zones_of(world, subnets)
        if len(subnets) > 1 and len(zones) == 1:
            yield self.finding(
                component.id,
                *subnets,
                message=f"All {len(subnets)} subnets of {component.id} are in {zones[0]}.",
                fixable=bool(self._edits(world, component.id)),
            )

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Put a subnet of another zone in the place of the last one."""
        return self._edits(world, finding.subject)

    @staticmethod
    def _edits(world: World, name: str) -> tuple[Edit, ...]:
        balancer = as_kind(world, name, LoadBalancerProperties)
        if balancer is None or not balancer.subnets:
            return ()
        found = subnet_elsewhere(world, balancer.subnets[0], zones_of(world, balancer.subnets))
        if found is None:
            return ()
        swap = set_property(name, ("subnets", len(balancer.subnets) - 1), found.subnet)
        return (join(f"put {found.subnet} in the place of {balancer.subnets[-1]}", (*found.edits, swap)),)


class PublicBalancerInPrivateSubnets(ComponentRule):
    """An internet-facing balancer in subnets without a route to the internet gateway."""

    id = "ELB003"
    title = "Internet-facing balancer in subnets without an internet route"
    severity = "error"
    class_ = "reachability"
    kinds = BALANCERS
    why = (
        "The nodes of an internet-facing balancer have public addresses, but packets reach them, and replies leave, "
        "only through an internet gateway that their subnet has a route to."
    )
    fix = "Use subnets whose route table leads to the internet gateway."
    sources = (_ZONES,)
    facts = ("elb-scheme-01", "elb-nodes-01", "arch_tiered-three-01")
    example_bad = NETWORK + "  lb: {kind: alb, subnets: [app-a, app-b]}\n"
    example_good = NETWORK + "  lb: {kind: alb, subnets: [public-a, public-b]}\n"
    example_finds = ("lb", "app-a", "app-b")

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Look at the routes of its subnets."""
        balancer = properties(component, LoadBalancerProperties)
        closed = self._closed(world, balancer)
        if closed:
            yield self.finding(
                component.id,
                *closed,
                message=f"{component.id} faces the internet, but {', '.join(closed)} has no internet gateway route.",
                fixable=bool(self._edits(world, component.id)),
            )

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Take a public subnet of the same zone instead."""
        return self._edits(world, finding.subject)

    @staticmethod
    def _closed(world: World, balancer: LoadBalancerProperties) -> tuple[str, ...]:
        if balancer.scheme != "internet-facing":
            return ()
        return tuple(name for name in balancer.subnets if is_closed(world, name))

    @classmethod
    def _edits(cls, world: World, name: str) -> tuple[Edit, ...]:
        balancer = as_kind(world, name, LoadBalancerProperties)
        if balancer is None:
            return ()
        swaps: list[Edit] = []
        used = set(balancer.subnets)
        for index, subnet in enumerate(balancer.subnets):
            if subnet not in cls._closed(world, balancer):
                continue
            better = cls._public_twin(world, subnet, used)
            if better is None:
                return ()
            used.add(better)
            swaps.append(set_property(name, ("subnets", index), better))
        return (join(f"move {name} to public subnets", swaps),)

    @staticmethod
    def _public_twin(world: World, subnet: str, used: set[str]) -> str | None:
        home = as_kind(world, subnet, SubnetProperties)
        for component in world.of_kind("subnet"):
            other = properties(component, SubnetProperties)
            same = home is not None and other.vpc == home.vpc and component.id not in used and not component.implicit
            zones = zones_of(world, (component.id,))
            if same and zones == zones_of(world, (subnet,)) and is_public(world, component.id):
                return component.id
        return None


class TargetsInOneZone(ComponentRule):
    """All targets in one zone behind a balancer of several."""

    id = "ELB004"
    title = "All targets are in one availability zone"
    severity = "warning"
    class_ = "resilience"
    kinds = ("target_group",)
    why = "The balancer survives the loss of that zone, but there is nobody left to answer."
    fix = "Place targets in every zone of the balancer."
    sources = ("https://docs.aws.amazon.com/elasticloadbalancing/latest/application/disable-cross-zone.html", _ZONES)
    facts = ("az-ha-01", "elb-cross-zone-01")
    example_bad = NETWORK + (
        "  lb: {kind: alb, subnets: [public-a, public-b], listeners: [{port: 80, forward: web}]}\n"
        "  web: {kind: target_group, vpc: vpc, port: 80, targets: [web-1, web-2]}\n"
        "  web-1: {kind: ec2, subnet: app-a}\n"
        "  web-2: {kind: ec2, subnet: app-a}\n"
    )
    example_good = example_bad.replace("web-2: {kind: ec2, subnet: app-a}", "web-2: {kind: ec2, subnet: app-b}")
    example_finds = ("web", "web-1", "web-2")

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Compare the zones of the targets with those of the balancers before them."""
        members = registered(world, component.id)
        homes = {member.name: _zones(world, member.name) for member in members}
        known = {zone for zones in homes.values() for zone in zones}
        if len(members) < 2 or len(known) != 1 or not all(homes.values()):
            return
        (zone,) = known
        for name in balancers_of(world, component.id):
            spread = zones_of(world, properties(world.components[name], LoadBalancerProperties).subnets)
            if len(spread) > 1:
                yield self.finding(
                    component.id,
                    *written_as(world, homes),
                    message=f"Every target of {component.id} is in {zone}; {name} serves {', '.join(spread)}.",
                    fixable=bool(register_twin(world, component.id, members[-1].name)),
                    detail=(members[-1].name,),
                )
                return

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Add a like instance in another zone."""
        return register_twin(world, finding.subject, str(finding.detail[0]))


class UnevenTargets(ComponentRule):
    """Cross-zone balancing off with a different number of targets in each zone."""

    id = "ELB021"
    title = "Cross-zone balancing is off and the zones have different numbers of targets"
    severity = "warning"
    class_ = "performance"
    kinds = BALANCERS
    why = "Without cross-zone balancing each zone gets an equal share, so a target in the smaller zone works harder."
    fix = "Turn cross-zone balancing on, or place as many targets in each zone."
    sources = ("https://docs.aws.amazon.com/elasticloadbalancing/latest/network/network-load-balancers.html", _ZONES)
    facts = ("elb-cross-zone-01", "elb-cross-zone-02", "elb-cross-zone-03")
    example_bad = NETWORK + (
        "  lb: {kind: nlb, subnets: [public-a, public-b], listeners: [{port: 80, protocol: TCP, forward: web}]}\n"
        "  web: {kind: target_group, vpc: vpc, port: 80, protocol: TCP, targets: [web-1, web-2, web-3]}\n"
        "  web-1: {kind: ec2, subnet: app-a}\n"
        "  web-2: {kind: ec2, subnet: app-a}\n"
        "  web-3: {kind: ec2, subnet: app-b}\n"
    )
    example_good = example_bad.replace("kind: nlb,", "kind: nlb, cross_zone: true,")
    example_finds = ("lb", "web")

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Count the targets of each group by zone."""
        balancer = properties(component, LoadBalancerProperties)
        on = balancer.cross_zone
        if on or (on is None and isinstance(balancer, ApplicationLoadBalancerProperties)):
            return
        for group in groups_behind(world, component.id):
            count: Counter[str] = Counter()
            for member in registered(world, group):
                zones = _zones(world, member.name)
                if len(zones) != 1:
                    count.clear()
                    break
                count[zones[0]] += 1
            if len(count) > 1 and len(set(count.values())) > 1:
                shown = ", ".join(f"{number} in {zone}" for zone, number in sorted(count.items()))
                message = f"{component.id} does not balance across zones, and {group} has {shown}."
                yield self.finding(component.id, group, message=message)

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Turn cross-zone balancing on."""
        return (set_property(finding.subject, ("cross_zone",), True),)


def _zones(world: World, name: str) -> tuple[str, ...]:
    return world.placement(name).zones if name in world.components else ()
