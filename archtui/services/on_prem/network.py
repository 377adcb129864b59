"""What the customer's sites and machines are to packets."""

from __future__ import annotations

from archtui.model.component import Component
from archtui.model.fields import port_range
from archtui.network.addresses import EVERYWHERE, Block, parse_address, parse_block
from archtui.network.builder import NetworkBuilder
from archtui.network.flow import ALL_PORTS, ANY, protocol_number
from archtui.network.interface import NetworkPart
from archtui.network.model import Nacl, NaclEntry, OutsideHost, Place, Premises
from archtui.services.on_prem import properties as p
from archtui.world.world import World


def blocks_of_site(properties: p.OnPremSiteProperties) -> tuple[Block, ...] | None:
    """Return the blocks of a site's network; None: not stated."""
    if properties.networks is None:
        return None
    return tuple(parse_block(cidr) for cidr in properties.networks)


class OnPremSiteNetwork(NetworkPart):
    """A site is its networks and the firewall at their edge."""

    def contribute(self, component: Component, world: World, builder: NetworkBuilder) -> None:
        properties = component.properties
        assert isinstance(properties, p.OnPremSiteProperties)
        firewall = ""
        if properties.ingress is not None or properties.egress is not None:
            firewall = f"{component.id}:firewall"
            incoming = None if properties.ingress is None else [(r, r.source) for r in properties.ingress]
            outgoing = None if properties.egress is None else [(r, r.destination) for r in properties.egress]
            nacl = Nacl(firewall, _entries(incoming, "ingress"), _entries(outgoing, "egress"))
            builder.nacl(nacl, None)
        state = "" if properties.state == "up" else "it is down"
        builder.premises(Premises(component.id, blocks_of_site(properties), firewall, properties.answers, state))


def _entries(
    rules: list[tuple[p.IncomingRule, str]] | list[tuple[p.OutgoingRule, str]] | None, field: str
) -> tuple[NaclEntry, ...]:
    """Return the rules in their order; none stated: one that lets everything pass."""
    if rules is None:
        return tuple(NaclEntry(1, True, ANY, ALL_PORTS, (None, None), block, ()) for block in EVERYWHERE)
    return tuple(_entry(index, rule, peer, (field, index)) for index, (rule, peer) in enumerate(rules))


def _entry(index: int, rule: p.FirewallRule, peer: str, path: Place) -> NaclEntry:
    ports = ALL_PORTS if rule.ports is None else port_range(rule.ports)
    protocol = protocol_number(rule.protocol)
    return NaclEntry(index + 1, rule.action == "allow", protocol, ports, (None, None), parse_block(peer), path)


class OnPremHostNetwork(NetworkPart):
    """A machine is an address in a site."""

    def contribute(self, component: Component, world: World, builder: NetworkBuilder) -> None:
        properties = component.properties
        assert isinstance(properties, p.OnPremHostProperties)
        state = "" if properties.state == "up" else "it is down"
        builder.outside_host(OutsideHost(component.id, properties.site, parse_address(properties.address), state))
