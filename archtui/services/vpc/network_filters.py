"""What security groups and network ACLs are to packets."""

from __future__ import annotations

from archtui.model.component import Component
from archtui.model.fields import port_range
from archtui.network.addresses import EVERYWHERE, Block, parse_block
from archtui.network.builder import NetworkBuilder
from archtui.network.flow import ALL_PORTS, ANY, PROTOCOLS, PortRange
from archtui.network.interface import NetworkPart
from archtui.network.model import GroupRule, Nacl, NaclEntry, Place, SecurityGroup
from archtui.services.vpc import properties as p
from archtui.world.world import World


def _protocol(written: str) -> int:
    return PROTOCOLS[written] if written in PROTOCOLS else int(written)


def _ports(written: str | None) -> PortRange:
    return ALL_PORTS if written is None else port_range(written)


class SecurityGroupNetwork(NetworkPart):
    """A security group is its rules."""

    def contribute(self, component: Component, world: World, builder: NetworkBuilder) -> None:
        properties = component.properties
        assert isinstance(properties, p.SecurityGroupProperties)
        ingress = tuple(
            _group_rule(rule, rule.source, component.id, ("ingress", index), world)
            for index, rule in enumerate(properties.ingress)
        )
        if properties.egress is None:
            egress: tuple[GroupRule, ...] = (
                GroupRule(ANY, ALL_PORTS, (None, None), EVERYWHERE, "", "any", component.id, ()),
            )
        else:
            egress = tuple(
                _group_rule(rule, rule.destination, component.id, ("egress", index), world)
                for index, rule in enumerate(properties.egress)
            )
        builder.group(SecurityGroup(component.id, properties.vpc or "", ingress, egress), default=properties.default)


def _group_rule(rule: p.SecurityGroupRule, peer: str, group: str, path: Place, world: World) -> GroupRule:
    blocks: tuple[Block, ...] = ()
    reference = ""
    if peer == "any":
        blocks = EVERYWHERE
    elif peer == "self":
        reference = group
    elif "/" in peer:
        blocks = (parse_block(peer),)
    else:
        target = world.components.get(peer)
        if target is not None and isinstance(target.properties, p.PrefixListProperties):
            blocks = tuple(parse_block(cidr) for cidr in target.properties.cidrs)
        else:
            reference = peer
    icmp = (rule.icmp_type, rule.icmp_code)
    return GroupRule(_protocol(rule.protocol), _ports(rule.ports), icmp, blocks, reference, peer, group, path)


class NetworkAclNetwork(NetworkPart):
    """A network ACL is its entries, in the order of their numbers."""

    def contribute(self, component: Component, world: World, builder: NetworkBuilder) -> None:
        properties = component.properties
        assert isinstance(properties, p.NetworkAclProperties)
        ingress = [_entry(entry, entry.source, ("ingress", index)) for index, entry in enumerate(properties.ingress)]
        egress = [_entry(entry, entry.destination, ("egress", index)) for index, entry in enumerate(properties.egress)]
        nacl = Nacl(component.id, _in_order(ingress), _in_order(egress))
        builder.nacl(nacl, properties.vpc if properties.default else None)


def _entry(entry: p.AclEntry, block: str, path: Place) -> NaclEntry:
    return NaclEntry(
        entry.rule,
        entry.action == "allow",
        _protocol(entry.protocol),
        _ports(entry.ports),
        (entry.icmp_type, entry.icmp_code),
        parse_block(block),
        path,
    )


def _in_order(entries: list[NaclEntry]) -> tuple[NaclEntry, ...]:
    return tuple(sorted(entries, key=lambda entry: entry.number))
