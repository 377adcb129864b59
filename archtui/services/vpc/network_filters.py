"""What security groups and network ACLs are to packets."""

from __future__ import annotations

from dataclasses import replace
from weakref import WeakKeyDictionary

from archtui.model.component import Component
from archtui.model.fields import port_range
from archtui.network.addresses import EVERYWHERE, Block, parse_block
from archtui.network.builder import NetworkBuilder
from archtui.network.flow import ALL_PORTS, ANY, PROTOCOLS, PortRange
from archtui.network.interface import NetworkPart
from archtui.network.model import GroupRule, Nacl, NaclEntry, Place, SecurityGroup
from archtui.services.managed_lists import CLOUDFRONT_LIST, lists_with_senders
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
        group = _GROUPS.get(component)
        if group is None:
            group = _GROUPS[component] = _security_group(component.id, properties)
        if world.of_kind("prefix_list"):
            group = replace(group, ingress=_resolved(group.ingress, world), egress=_resolved(group.egress, world))
        builder.group(group, default=properties.default)


_KNOWN_LISTS = {CLOUDFRONT_LIST: "130.176.0.0/16"}
"""Blocks of lists that AWS keeps, as far as the design's own services send from them (ip-ranges.json, service
CLOUDFRONT_ORIGIN_FACING)."""
_GROUPS: WeakKeyDictionary[Component, SecurityGroup] = WeakKeyDictionary()
"""What each component makes; a component never changes, so an edit leaves the groups alone it does not touch."""


def _security_group(name: str, properties: p.SecurityGroupProperties) -> SecurityGroup:
    ingress = tuple(
        _group_rule(rule, rule.source, name, ("ingress", index)) for index, rule in enumerate(properties.ingress)
    )
    egress: tuple[GroupRule, ...] = (GroupRule(ANY, ALL_PORTS, (None, None), EVERYWHERE, "", "any", name, ()),)
    if properties.egress is not None:
        egress = tuple(
            _group_rule(rule, rule.destination, name, ("egress", index)) for index, rule in enumerate(properties.egress)
        )
    return SecurityGroup(name, properties.vpc or "", ingress, egress)


def _group_rule(rule: p.SecurityGroupRule, peer: str, group: str, path: Place) -> GroupRule:
    blocks: tuple[Block, ...] = ()
    reference = ""
    if peer == "any":
        blocks = EVERYWHERE
    elif peer == "self":
        reference = group
    elif "/" in peer:
        blocks = (parse_block(peer),)
    else:
        reference = peer
    icmp = (rule.icmp_type, rule.icmp_code)
    return GroupRule(_protocol(rule.protocol), _ports(rule.ports), icmp, blocks, reference, peer, group, path)


def _resolved(rules: tuple[GroupRule, ...], world: World) -> tuple[GroupRule, ...]:
    """Return the rules with the blocks of each prefix list in its place; one whose blocks the design does not state
    stays a reference to something that is not known."""
    found: list[GroupRule] = []
    senders = lists_with_senders(world)
    for rule in rules:
        target = world.components.get(rule.group)
        listed = target.properties if target else None
        if isinstance(listed, p.PrefixListProperties) and listed.name in senders:
            found.append(replace(rule, group=listed.name))
        if isinstance(listed, p.PrefixListProperties) and "cidrs" in listed.model_fields_set:
            rule = replace(rule, group="", blocks=tuple(parse_block(cidr) for cidr in listed.cidrs))
        elif isinstance(listed, p.PrefixListProperties) and listed.name in _KNOWN_LISTS:
            rule = replace(rule, group="", blocks=(parse_block(_KNOWN_LISTS[listed.name]),))
        found.append(rule)
    return tuple(found)


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
