"""The packet engine: decides flows as AWS decides them, explains every decision, names every blocker.

``decide`` gives the verdict alone, ``trace_packet`` the same verdict with every step; both are one walk
(:mod:`archtui.network.walk`). The lookups answer what other engines ask about the network.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from archtui.network.addresses import Address, address_text, is_v6, parse_address, same_family
from archtui.network.builder import compile_network
from archtui.network.ends import (
    End,
    component_missing,
    destinations,
    public_alternatives,
    source_ends,
    target_without_public,
)
from archtui.network.flow import EPHEMERAL, LINUX_EPHEMERAL, Flow, Packet, PortRange, over_ipv6, protocol_number
from archtui.network.gateways import WAYS, on_internet, pretend_public
from archtui.network.model import Balances, Interface, InternetGateway, Nacl, Network, Route, RouteTable, Translates
from archtui.network.outside import from_site
from archtui.network.record import Recorder
from archtui.network.routes import route_lookup as _row_for
from archtui.network.walk import Walk
from archtui.world.condition import HEALTHY, Condition
from archtui.world.steps import Blocker, Hop, Verdict, blockers_of
from archtui.world.world import World


@dataclass(frozen=True, slots=True)
class Branch:
    """One of several ways a flow may take: a target of a balancer, a node, an equal route."""

    choice: str
    """``web-1:8080``, or the address of a node."""
    verdict: Verdict
    forward: tuple[Hop, ...]
    back: tuple[Hop, ...]
    blockers: tuple[Blocker, ...]
    delivered: str | None
    missing: tuple[str, ...]
    source_address: str
    destination_address: str
    destination_port: int | None


@dataclass(frozen=True, slots=True)
class PacketTrace:
    """What became of a flow and why."""

    flow: Flow
    verdict: Verdict
    forward: tuple[Hop, ...]
    back: tuple[Hop, ...]
    blockers: tuple[Blocker, ...]
    delivered: str | None
    """The component the packet reaches (were the blockers gone); None: no way leads there."""
    missing: tuple[str, ...]
    """What is not known, for ``unknown``."""
    source_address: str
    """The sender's address as the receiver sees it."""
    destination_address: str
    """The destination as the receiver sees it."""
    destination_port: int | None
    """The port as the receiver sees it; None: no port, or a range of them."""
    branches: tuple[Branch, ...] = ()
    """All ways, where there are several; the trace itself shows the one that explains the verdict."""


@dataclass(frozen=True, slots=True)
class Decision:
    """The verdict of a flow without the prose; ``code`` is the first blocker's, empty where it is reachable.

    An unknown flow may have blockers too: those of the ways that are surely blocked.
    """

    verdict: Verdict
    code: str
    blockers: tuple[Blocker, ...]
    missing: tuple[str, ...] = ()


def network_of(world: World) -> Network:
    """Return the compiled network of a world (made once per world)."""
    return world.part(compile_network)


def trace_packet(world: World, flow: Flow, condition: Condition = HEALTHY) -> PacketTrace:
    """Send a packet and its reply through the network and explain every decision."""
    leaves = _leaves(world, flow, condition, explain=True)
    branches = tuple(_branch(leaf) for leaf in leaves)
    verdict = _combined(leaves)
    shown = next((branch for branch in branches if branch.verdict is verdict), branches[0])
    missing = shown.missing if verdict is not Verdict.UNKNOWN else _all_missing(leaves)
    return PacketTrace(
        flow,
        verdict,
        shown.forward,
        shown.back,
        () if verdict is Verdict.REACHABLE else shown.blockers,
        shown.delivered,
        missing,
        shown.source_address,
        shown.destination_address,
        shown.destination_port,
        branches if len(branches) > 1 else (),
    )


class Outcome(Protocol):
    """What became of one way of a flow; a finished :class:`Walk` is one."""

    @property
    def blockers(self) -> Collection[tuple[str, str]]:
        """What stops it, as (component, code), in the order of the way."""

    @property
    def missing(self) -> Collection[str]:
        """What is not known."""

    @property
    def done(self) -> bool:
        """Whether the reply has come back."""

    @property
    def node(self) -> str:
        """Which address of the destination it was sent to."""

    @property
    def choice(self) -> str:
        """Which way was taken where there were several."""

    @property
    def sender(self) -> str:
        """Who sent it."""


SomeOutcome = TypeVar("SomeOutcome", bound=Outcome)


def decide(world: World, flow: Flow, condition: Condition = HEALTHY) -> Decision:
    """Return the verdict of a flow, its first reason code and all blockers (without sentences).

    Many flows through one design are answered faster by :func:`archtui.network.batch.decide_many`.
    """
    return decision_of(_leaves(world, flow, condition, explain=False))


def decision_of(leaves: Sequence[Outcome]) -> Decision:
    """Return what the outcomes of all ways of a flow come to."""
    verdict = _combined(leaves)
    if verdict is Verdict.REACHABLE:
        return Decision(verdict, "", ())
    leaf = next((leaf for leaf in leaves if _verdict(leaf) is verdict), leaves[0])
    blockers = tuple(Blocker(component, code, "") for component, code in leaf.blockers)
    missing = _all_missing(leaves) if verdict is Verdict.UNKNOWN else ()
    code = blockers[0].code if verdict is Verdict.BLOCKED else "UNKNOWN_DESTINATION"
    return Decision(verdict, code, blockers, missing)


# -- verdicts -------------------------------------------------------------------------------------


def _verdict(leaf: Outcome) -> Verdict:
    """A blocker decides; without one anything missing leaves it open."""
    if leaf.blockers:
        return Verdict.BLOCKED
    if leaf.missing or not leaf.done:
        return Verdict.UNKNOWN
    return Verdict.REACHABLE


def _combined(leaves: Sequence[Outcome]) -> Verdict:
    """Return the verdict over all ways.

    Nodes of a destination, and its addresses of both families, are tried one after the other by a client
    (RFC 8305), so one that answers is enough;
    the ways behind a node are AWS's choice, and which of several equals sends is not said, so these
    must agree.
    """
    if len(leaves) == 1:
        return _verdict(leaves[0])
    per_sender: dict[str, dict[str, list[Verdict]]] = {}
    for leaf in leaves:
        per_sender.setdefault(leaf.sender, {}).setdefault(leaf.node, []).append(_verdict(leaf))
    return _agreed(_best(_agreed(found) for found in nodes.values()) for nodes in per_sender.values())


def _agreed(verdicts: Iterable[Verdict]) -> Verdict:
    found = set(verdicts)
    return found.pop() if len(found) == 1 else Verdict.UNKNOWN


def _best(verdicts: Iterable[Verdict]) -> Verdict:
    found = set(verdicts)
    return next((one for one in (Verdict.REACHABLE, Verdict.UNKNOWN) if one in found), Verdict.BLOCKED)


def _all_missing(leaves: Sequence[Outcome]) -> tuple[str, ...]:
    found: dict[str, None] = {}
    verdicts = {leaf.choice: _verdict(leaf) for leaf in leaves}
    for leaf in leaves:
        found.update(dict.fromkeys(leaf.missing))
    if not found and len(set(verdicts.values())) > 1:
        ways = ", ".join(f"{choice} is {verdict}" for choice, verdict in verdicts.items())
        found[f"which way is taken: {ways}"] = None
    return tuple(found)


def _branch(leaf: Walk) -> Branch:
    recorder = leaf.recorder
    forward, back = (recorder.forward, recorder.back) if recorder else ((), ())
    return Branch(
        leaf.choice or leaf.node,
        _verdict(leaf),
        forward,
        back,
        blockers_of((*forward, *back)),
        leaf.delivered,
        tuple(leaf.missing),
        address_text(leaf.seen.source) if leaf.seen else "",
        address_text(leaf.seen.destination) if leaf.seen else "",
        _port_of(leaf.seen.destination_ports) if leaf.seen else None,
    )


def _port_of(ports: PortRange | None) -> int | None:
    return ports[0] if ports and ports[0] == ports[1] else None


# -- starting a walk ------------------------------------------------------------------------------


def _leaves(world: World, flow: Flow, condition: Condition, *, explain: bool) -> list[Walk]:
    network = network_of(world)

    def start(source: End, address: Address | None) -> list[Walk]:
        walk = Walk(world, network, condition, WAYS, Recorder(world, network) if explain else None)
        walk.node = node_name(source, address)
        send(walk, flow, source, address)
        return walk.leaves if walk.forked else [walk]

    def lost(missing: str) -> Walk:
        walk = Walk(world, network, condition, WAYS, Recorder(world, network) if explain else None)
        walk.unknown(missing)
        return walk

    return outcomes_of(world, flow, condition, source_ends(world, network, flow.source, condition), start, lost)


def outcomes_of(
    world: World,
    flow: Flow,
    condition: Condition,
    sources: Sequence[End],
    start: Callable[[End, Address | None], list[SomeOutcome]],
    lost: Callable[[str], SomeOutcome],
) -> list[SomeOutcome]:
    """Return the outcome of every way of a flow; ``start`` sends it from an end to an address (None: there is no
    public one), ``lost`` makes the outcome of a flow that cannot be sent for want of something."""
    network = network_of(world)
    leaves: list[SomeOutcome] = []
    for source in sources:
        if source.address is None:
            leaves.append(lost(source.missing))
            continue
        targets = destinations(network, flow.destination, source, condition)
        if flow.family:
            targets = tuple(item for item in targets if item is None or is_v6(item) == (flow.family == "ipv6"))
        if not targets:
            leaves.append(lost(component_missing(world, flow.destination)))
            continue
        found = [leaf for target in targets for leaf in start(towards(source, target), target)]
        if _combined(found) is not Verdict.REACHABLE:
            other = public_alternatives(network, flow.destination, source, condition)
            public = [leaf for target in other for leaf in start(towards(source, target), target)]
            if public and _combined(public) is Verdict.REACHABLE:
                found = public
        leaves.extend(found)
    return leaves


def towards(source: End, target: Address | None) -> End:
    """Return the sender with its address of the target's family, if it has one."""
    if target is None or source.other is None:
        return source
    return source.towards(target) or source


def node_name(source: End, address: Address | None) -> str:
    """Return what an outcome's :attr:`Outcome.node` is called."""
    node = "" if address is None else address_text(address)
    if source.interface is not None and source.interface.component != source.interface.machine:
        return f"{'' if source.address is None else address_text(source.address)} to {node}"
    return node


def header_of(flow: Flow, source: End) -> tuple[PortRange, PortRange, int]:
    """Return the ports a flow is sent from, those it asks, and its protocol."""
    protocol = protocol_number(flow.protocol)
    if protocol not in (6, 17):
        return (0, 0), (0, 0), protocol
    chosen = LINUX_EPHEMERAL if source.interface is not None and not _many_ports(source.interface) else EPHEMERAL
    sending = (flow.source_port, flow.source_port) if flow.source_port is not None else chosen
    receiving = (flow.port, flow.port) if flow.port is not None else (0, 65535)
    return sending, receiving, protocol


def _many_ports(interface: Interface) -> bool:
    return isinstance(interface.answer, Translates | Balances) or interface.machine != interface.component


def send(
    walk: Walk,
    flow: Flow,
    source: End,
    destination: Address | None,
    header: tuple[PortRange, PortRange, int] | None = None,
) -> None:
    """Send the packet of a flow from one end to one address of the other (None: it has no public one).

    ``header`` is (ports sent from, ports asked, protocol); left out, they follow from the flow.
    """
    network = walk.network
    if source.address is None:
        return
    sending, receiving, protocol = header or header_of(flow, source)
    walk.origin, walk.origin_address, walk.sender = source.interface, source.address, source.sender
    walk.origin_site, walk.origin_name = source.site, source.name
    if destination is None:
        _no_public_address(walk, flow, source, protocol, sending, receiving)
        return
    packet = Packet(source.address, destination, protocol, sending, receiving, flow.icmp)
    if is_v6(destination):
        packet = over_ipv6(packet)
    walk.asked = destination
    if walk.recorder:
        walk.recorder.started(source.interface.component if source.interface else source.name, packet)
    if not same_family(source.address, destination):
        sender = source.interface.component if source.interface else source.name
        walk.block(sender, "NO_COMMON_ADDRESS_FAMILY")
        if walk.recorder:
            walk.recorder.other_family(sender, packet)
        return
    if walk.broken:
        _broken_link(walk, flow, source, destination)
    if source.site:
        from_site(walk, network.premises[source.site], packet._replace(carried="outside"))
        return
    if source.interface is None:
        on_internet(walk, packet._replace(carried="internet"))
        return
    name = network.by_private.get((source.interface.vpc, destination))
    if name is not None and network.interfaces[name].machine == source.interface.machine:
        _loopback(walk, source.interface, network.interfaces[name], packet)
        return
    walk.leave(source.interface, packet)


def _broken_link(walk: Walk, flow: Flow, source: End, destination: Address) -> None:
    """Block a flow whose link, from its sender to whoever has the destination, is down."""
    network = walk.network
    vpc = source.interface.vpc if source.interface else ""
    holder = (
        network.by_private.get((vpc, destination))
        or network.by_public.get(destination)
        or next(iter(network.by_address.get(destination, ())), None)
    )
    there = network.interfaces[holder].component if holder else flow.destination
    if walk.cut(source.interface.component if source.interface else source.name, there):
        walk.block(there, "BAD_STATE_ATTACHMENT")
        if walk.recorder:
            walk.recorder.bad_state(there, "gateway", "the link to it is down", "BAD_STATE_ATTACHMENT")


def _loopback(walk: Walk, interface: Interface, there: Interface, packet: Packet) -> None:
    """Two addresses of one machine talk without the network (measured), those of two pods on a node among them."""
    if walk.works(interface):
        walk.done = True
    walk.delivered, walk.seen = there.component, packet
    if walk.recorder:
        walk.recorder.loopback(interface.component, there.component, packet)


def _no_public_address(
    walk: Walk, flow: Flow, source: End, protocol: int, sending: PortRange, receiving: PortRange
) -> None:
    """From outside to a component without a public address: pretend it had one and go on."""
    interface = target_without_public(walk.network, flow.destination, walk.condition)
    if interface is None or source.address is None:
        walk.unknown(component_missing(walk.world, flow.destination))
        return
    walk.block(interface.component, "IGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS")
    private = next((own for own in interface.addresses if same_family(own, source.address)), None)
    public = source.address if private is None else pretend_public(walk, interface, private)
    packet = Packet(source.address, public, protocol, sending, receiving, flow.icmp, "internet")
    if is_v6(public):
        packet = over_ipv6(packet)
    walk.asked = public
    if walk.recorder:
        walk.recorder.started(source.name, packet)
        walk.recorder.unreachable_from_outside(interface.component, packet)
    if private is None:
        return
    on_internet(walk, packet)


# -- lookups --------------------------------------------------------------------------------------


def interfaces_of(world: World, component_id: str) -> tuple[Interface, ...]:
    """Return a component's network interfaces, the primary first, a standby's last."""
    network = network_of(world)
    if component_id in network.interfaces:
        return (network.interfaces[component_id],)
    return tuple(network.interfaces[name] for name in network.of_component.get(component_id, ()))


def addresses_of(world: World, component_id: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return a component's private and public addresses."""
    network = network_of(world)
    if component_id in network.externals:
        return (), (address_text(network.externals[component_id]),)
    interfaces = interfaces_of(world, component_id)
    private = tuple(address_text(address) for item in interfaces for address in item.addresses)
    public = tuple(address_text(address) for item in interfaces for address in item.publics.values())
    return private, public


def effective_route_table(world: World, subnet_id: str) -> RouteTable:
    """Return the route table that serves a subnet: its own or the VPC's main one."""
    network = network_of(world)
    return network.tables[network.subnets[subnet_id].table]


def route_lookup(table: RouteTable, address: Address | str) -> Route | None:
    """Return the row of a table that decides about an address (a number or as written), None for no row."""
    return _row_for(table, parse_address(address) if isinstance(address, str) else address)


def effective_nacl(world: World, subnet_id: str) -> Nacl:
    """Return the network ACL at a subnet's edge: its own or the VPC's default one."""
    network = network_of(world)
    return network.nacls[network.subnets[subnet_id].nacl]


def is_public_subnet(world: World, subnet_id: str) -> bool:
    """Whether a subnet's route table has an active route to an internet gateway of its VPC (VPC User
    Guide, 'Subnet types')."""
    network = network_of(world)
    subnet = network.subnets[subnet_id]
    for row in network.tables[subnet.table].routes:
        gateway = network.gateways.get(row.target)
        if row.active and isinstance(gateway, InternetGateway) and gateway.vpc == subnet.vpc:
            return True
    return False


def security_groups_of(world: World, component_id: str) -> tuple[str, ...]:
    """Return the security groups that filter at a component's interfaces, in their order."""
    found: dict[str, None] = {}
    for interface in interfaces_of(world, component_id):
        found.update(dict.fromkeys(interface.groups or ()))
    return tuple(found)


__all__ = [
    "Branch",
    "Decision",
    "PacketTrace",
    "addresses_of",
    "decide",
    "effective_nacl",
    "effective_route_table",
    "interfaces_of",
    "is_public_subnet",
    "network_of",
    "route_lookup",
    "security_groups_of",
    "trace_packet",
]
