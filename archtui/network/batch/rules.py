"""The security groups of an interface as bits, one for each rule: what they make of a packet in a few steps."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from typing import Final, TypeAlias

from archtui.network import filters
from archtui.network.addresses import Address
from archtui.network.batch.watched import Traffic
from archtui.network.filters import Direction
from archtui.network.flow import ANY, TCP, UDP, Packet, PortRange
from archtui.network.model import Interface, Network

RuleBits: TypeAlias = int
"""A set of rules, the first one the lowest bit."""

Refusal: TypeAlias = tuple[str, str]
"""Component and code."""

_UNSURE: Final = ("", "")


class RuleSet:
    """What the groups of some interfaces say in one direction; the answers are those of :mod:`filters`."""

    def __init__(self, network: Network, interface: Interface, at: Direction) -> None:
        self._network, self._interface, self._at = network, interface, at
        groups = interface.groups or ()
        self._rules = tuple(filters.group_rules(network, interface, at))
        self._unsure = not all(network.groups[name].known for name in groups)
        self._refusals = [(rule.component, "ENI_SG_RULES_MISMATCH") for rule in self._rules]
        self._without_rules = (groups[0], "SG_HAS_NO_RULES") if groups else _UNSURE
        named: dict[str, RuleBits] = {}
        begins: dict[Address, RuleBits] = {}
        for number, rule in enumerate(self._rules):
            if rule.group:
                known = network.groups.get(rule.group)
                self._unsure |= known is None or not known.known
                named[rule.group] = named.get(rule.group, 0) | 1 << number
            for block in () if rule.group else rule.blocks:
                begins.setdefault(block.first, 0)
                begins.setdefault(block.last + 1, 0)
        self._cuts = sorted(begins)
        self._holding: list[RuleBits] = [0, *map(self._with, self._cuts)]
        self._named = [(network.members.get(group, {}), bits, group) for group, bits in named.items()]
        self._references = sum(named.values())
        self._taking: dict[tuple[Traffic, tuple[int, int]], RuleBits] = {}

    def _with(self, address: Address) -> RuleBits:
        """Return the rules with a block that holds an address."""
        rules = enumerate(self._rules)
        return sum(1 << n for n, rule in rules if not rule.group and any(address in block for block in rule.blocks))

    def _takes(self, protocol: int, ports: PortRange, icmp: tuple[int, int]) -> RuleBits:
        """Return the rules whose protocol and ports a packet fits."""
        packet = Packet(0, 0, protocol, (0, 0), ports, icmp)
        return sum(
            1 << number
            for number, rule in enumerate(self._rules)
            if filters.protocol_matches(rule.protocol, rule.icmp, packet)
            and filters.ports_match(rule.protocol, rule.ports, packet)
        )

    def refusal(self, peer: Address, traffic: Traffic, icmp: tuple[int, int], carried: str) -> Refusal | None:
        """Return what refuses a packet, None where it passes; raise :class:`Unsure` where that takes a closer look."""
        takes = self._taking.get((traffic, icmp))
        if takes is None:
            takes = self._taking[traffic, icmp] = self._takes(*traffic, icmp)
        fits = self._holding[bisect_right(self._cuts, peer)]
        if takes & fits:
            return None
        member: RuleBits = 0
        for members, bits, _ in self._named:
            if peer in members:
                member |= bits
        if self._at == "egress":
            carried = "vpc"
        if member or carried.startswith("balancer:"):
            fits |= self._referring(peer, carried)
            if takes & fits:
                return None
        protocol, ports = traffic
        if self._unsure or protocol == ANY or (ports[0] != ports[1] and protocol in (TCP, UDP)):
            raise Unsure
        if not self._rules:
            if not self._interface.groups:
                raise Unsure
            return self._without_rules
        if carried != "vpc" and (takes & member or (takes & self._references and peer in self._network.by_public)):
            raise Unsure
        return self._closest(fits | takes)

    def _closest(self, near: RuleBits) -> Refusal:
        """Return the refusal of the first rule that differs in one field alone, else of the first rule."""
        return self._refusals[(near & -near).bit_length() - 1 if near else 0]

    def _referring(self, peer: Address, carried: str) -> RuleBits:
        """Return the rules that reference a group the peer counts as a member of."""
        found: RuleBits = 0
        for _, bits, _ in self._named:
            rule = self._rules[(bits & -bits).bit_length() - 1]
            if filters.refers(self._network, rule, self._interface, peer, carried):
                found |= bits
        return found


class Unsure(Exception):  # noqa: N818 -- no error: the engine itself must be asked
    """Bits do not tell: something is unknown, only a part passes, or a reference was lost on the way."""


class RuleSets:
    """The rule sets of a network, made when they are first asked for."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self._sets: dict[tuple[object, ...], RuleSet] = {}
        self.known: Mapping[Direction, dict[str, RuleSet]] = {"ingress": {}, "egress": {}}
        """Direction to interface to what filters there, as far as it was asked for."""

    def of(self, interface: Interface, at: Direction) -> RuleSet:
        """Return what filters at an interface."""
        found = self.known[at].get(interface.id)
        if found is None:
            key = (interface.groups, interface.vpc, at)
            found = self._sets.get(key)
            if found is None:
                found = self._sets[key] = RuleSet(self._network, interface, at)
            self.known[at][interface.id] = found
        return found
