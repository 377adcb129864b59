"""NET044, NET045: what Elastic IPs are associated with."""

from __future__ import annotations

from collections.abc import Iterator

from archtui.check.finding import Finding
from archtui.check.rule import ComponentRule, properties
from archtui.model.component import Component
from archtui.model.edits import Edit, add_component, join, remove_component, set_property, unused_id
from archtui.services.examples import PUBLIC_NETWORK
from archtui.services.lookups import as_kind
from archtui.services.vpc.properties import ElasticIpProperties, NatGatewayProperties, NetworkInterfaceProperties
from archtui.world.world import World

_PAGE = "https://docs.aws.amazon.com/vpc/latest/userguide/vpc-eips.html"
_PRICES = "https://aws.amazon.com/vpc/pricing/"
_NAT = "  eip: {kind: elastic_ip}\n  nat: {kind: nat_gateway, subnet: public-a, elastic_ip: eip}\n"


class SharedElasticIp(ComponentRule):
    """An Elastic IP that two components claim."""

    id = "NET044"
    title = "Elastic IP attached to two components"
    severity = "error"
    class_ = "correctness"
    kinds = ("elastic_ip",)
    reads = ("nat_gateway", "network_load_balancer", "network_interface")
    why = "An Elastic IP is associated with one interface at a time; giving it to a second takes it from the first."
    fix = "Allocate an Elastic IP for each."
    sources = (_PAGE,)
    facts = ("elastic_ip-attach-01",)
    example_bad = PUBLIC_NETWORK + _NAT + "  nat-2: {kind: nat_gateway, subnet: public-b, elastic_ip: eip}\n"
    example_good = (
        PUBLIC_NETWORK
        + _NAT
        + "  eip-2: {kind: elastic_ip}\n  nat-2: {kind: nat_gateway, subnet: public-b, elastic_ip: eip-2}\n"
    )
    example_finds = ("eip", "nat", "nat-2")

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Count who uses it."""
        users = _users(component, world)
        if len(users) > 1:
            yield self.finding(
                component.id,
                *users,
                message=f"{component.id} is attached to {' and to '.join(users)}.",
                fixable=any(as_kind(world, name, NatGatewayProperties) for name in users[1:]),
            )

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Allocate one for each NAT gateway but the first user."""
        edits: list[Edit] = []
        taken = list(world.components)
        for name in finding.components[2:]:
            if as_kind(world, name, NatGatewayProperties):
                address = unused_id(taken, f"{name}-eip")
                taken.append(address)
                edits += [add_component(address, "elastic_ip"), set_property(name, ("elastic_ip",), address)]
        return (join(f"allocate an Elastic IP for each user of {finding.subject}", edits),) if edits else ()


class IdleElasticIp(ComponentRule):
    """An Elastic IP that nothing uses."""

    id = "NET045"
    title = "Elastic IP attached to nothing"
    severity = "info"
    class_ = "cost"
    kinds = ("elastic_ip",)
    reads = ("nat_gateway", "network_load_balancer", "network_interface")
    why = "AWS bills a public IPv4 address for every hour it is held, used or not."
    fix = "Release it, or attach it."
    sources = (_PAGE, _PRICES)
    facts = ("elastic_ip-cost-01",)
    example_bad = "components:\n  eip: {kind: elastic_ip}\n"
    example_good = PUBLIC_NETWORK + _NAT
    example_finds = ("eip",)

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Look for a user."""
        if not _users(component, world):
            yield self.finding(component.id, message=f"{component.id} is attached to nothing.")

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Release it."""
        return (remove_component(world.blueprint, finding.subject),)


def _users(component: Component, world: World) -> tuple[str, ...]:
    """Return what the Elastic IP is attached to, by its own word and by that of gateways and balancers.

    An interface that belongs to another of them is not counted beside its owner.
    """
    attached = properties(component, ElasticIpProperties).attached_to
    found = dict.fromkeys([attached] if attached else [])
    found |= dict.fromkeys(edge.source for edge in world.referrers(component.id) if edge.role == "uses")
    owners = {name: as_kind(world, name, NetworkInterfaceProperties) for name in found}
    return tuple(name for name in found if not ((eni := owners[name]) and eni.attached_to in found))
