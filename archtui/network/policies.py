"""What inspecting things are told to do: rules, policies, and the endpoints that lead packets to them.

A policy has AWS Network Firewall's two stages: stateless rules that pass, drop or forward each packet, then
stateful rules that decide once for a connection (Network Firewall guide, 'Firewall policies'). The rules of
a firewall on an instance are a policy with the second stage alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias

from archtui.network.addresses import Address, Block
from archtui.network.flow import ANY, Packet, PortRange

Action: TypeAlias = Literal["pass", "drop", "forward"]
ACTIONS: Final[tuple[Action, ...]] = ("drop", "pass", "forward")


@dataclass(frozen=True, slots=True)
class FlowRule:
    """A rule on addresses, protocols and ports; what is empty matches everything."""

    action: Action
    component: str
    """The rule group or machine that holds it."""
    path: tuple[str | int, ...]
    text: str
    """As a person reads it: ``10: drop tcp to any port 23``."""
    protocols: tuple[int, ...] = ()
    sources: tuple[Block, ...] = ()
    destinations: tuple[Block, ...] = ()
    source_ports: tuple[PortRange, ...] = ()
    ports: tuple[PortRange, ...] = ()
    both_ways: bool = False
    """Whether it matches connections from its destination to its source too."""
    doubt: str = ""
    """What else it looks at that a packet's header does not show; empty: nothing."""

    def holds(self, source: Address, destination: Address) -> bool:
        """Whether its addresses take a packet's."""
        return _inside(source, self.sources) and _inside(destination, self.destinations)


def _inside(address: Address, blocks: tuple[Block, ...]) -> bool:
    return not blocks or any(address in block for block in blocks)


@dataclass(frozen=True, slots=True)
class Policy:
    """Everything that decides about a packet at one inspecting thing."""

    stateless: tuple[FlowRule, ...] = ()
    """In the order in which they are tried; the first that matches decides."""
    stateless_default: Action = "forward"
    """For packets that no stateless rule matches."""
    stateful: tuple[FlowRule, ...] = ()
    """In the order in which they are tried; replies of a connection that was let through pass."""
    stateful_default: Action = "pass"
    """For connections that no stateful rule matches."""
    default_doubt: str = ""
    """What is not decided where no stateful rule matches; empty: the default decides."""
    midstream: Literal["drop", "open"] = "drop"
    """What becomes of a TCP connection whose first packet it did not see: dropped, or not decided."""
    missing: str = ""
    """What is not known of it; empty: everything is."""


ROUTER: Final = Policy(stateless_default="pass")
"""Sends everything on and knows no connections."""


@dataclass(frozen=True, slots=True)
class Firewall:
    """An AWS Network Firewall: one policy behind an endpoint in each of its zones."""

    id: str
    policy: Policy
    endpoints: Mapping[str, str] = field(default_factory=dict)
    """Zone to endpoint."""
    state: str = ""


@dataclass(frozen=True, slots=True)
class ApplianceFleet:
    """A Gateway Load Balancer; the balancer of the same id holds its target groups and zones."""

    id: str
    misfits: Mapping[str, str] = field(default_factory=dict)
    """Target group to the reason code of why appliances in it get nothing."""
    state: str = ""


Inspector: TypeAlias = Firewall | ApplianceFleet


@dataclass(frozen=True, slots=True)
class InspectionEndpoint:
    """A Gateway Load Balancer endpoint: a route target in one subnet that leads to an inspector and back."""

    id: str
    vpc: str
    subnet: str
    inspector: str
    """The firewall or balancer behind it."""
    missing: str = ""
    """What is not known of what is behind it."""
    state: str = ""


@dataclass(frozen=True, slots=True)
class PublicAccess:
    """VPC Block Public Access for one account and region."""

    component: str
    mode: Literal["block-bidirectional", "block-ingress"]
    exclusions: Mapping[str, Literal["allow-bidirectional", "allow-egress"]]
    """VPC or subnet to what it may do all the same."""


@dataclass(frozen=True, slots=True)
class FlowLog:
    """An observer of a VPC, a subnet or an interface."""

    component: str
    resource: str
    traffic: Literal["ALL", "ACCEPT", "REJECT"]


Takes: TypeAlias = Callable[[FlowRule, Packet], tuple[int, int]]
"""Which of the packets in question a rule takes: (all of these bits, a part of these)."""


@dataclass(frozen=True, slots=True)
class Stage:
    """What one stage makes of packets: bits for each action that is sure, and those that are not."""

    sure: Mapping[Action, int]
    open: int
    rule: FlowRule | None
    """A rule that decided; None where the default did."""
    doubt: str
    """What is missing for the open ones."""


def stage(
    rules: Sequence[FlowRule], default: Action, default_doubt: str, packet: Packet, takes: Takes, asked: int
) -> Stage:
    """Try rules in order: the first that matches decides; where several may, they must agree."""
    possible: dict[Action, int] = dict.fromkeys(ACTIONS, 0)
    left, open_, decided, doubt = asked, 0, None, ""
    for rule in rules:
        whole, part = takes(rule, packet)
        whole, part = left & whole, left & part
        if rule.doubt:
            whole, part = 0, whole | part
        possible[rule.action] |= whole | part
        if part:
            doubt = doubt or rule.doubt or f"the protocol or ports meant: {rule.text} takes a part of them"
        if whole and decided is None and not part:
            decided = rule
        left &= ~whole
        if not left:
            break
    possible[default] |= left
    if default_doubt:
        open_, doubt = left, doubt or default_doubt
    sure: dict[Action, int] = {}
    for action in ACTIONS:
        others = open_
        for other in ACTIONS:
            others |= possible[other] if other != action else 0
        sure[action] = possible[action] & ~others
    unsure = asked
    for bits in sure.values():
        unsure &= ~bits
    return Stage(sure, unsure, decided, doubt)


def taken(rule: FlowRule, packet: Packet) -> tuple[int, int]:
    """Return (1, 0) for a rule that takes all of a packet's ports, (0, 1) for a part, (0, 0) for none."""
    best = (0, 0)
    for one in (packet, _turned(packet)) if rule.both_ways else (packet,):
        found = _taken(rule, one)
        if found == (1, 0):
            return found
        best = max(best, found)
    return best


def _turned(packet: Packet) -> Packet:
    return packet._replace(
        source=packet.destination,
        destination=packet.source,
        source_ports=packet.destination_ports,
        destination_ports=packet.source_ports,
    )


def _taken(rule: FlowRule, packet: Packet) -> tuple[int, int]:
    if not rule.holds(packet.source, packet.destination):
        return 0, 0
    part = False
    if rule.protocols and packet.protocol not in rule.protocols:
        if packet.protocol != ANY:
            return 0, 0
        part = True
    if packet.has_ports or packet.protocol == ANY:
        for listed, asked in ((rule.source_ports, packet.source_ports), (rule.ports, packet.destination_ports)):
            if not listed or any(low <= asked[0] and asked[1] <= high for low, high in listed):
                continue
            if not any(low <= asked[1] and asked[0] <= high for low, high in listed):
                return 0, 0
            part = True
    elif rule.source_ports or rule.ports:
        return 0, 0
    return (0, 1) if part else (1, 0)
