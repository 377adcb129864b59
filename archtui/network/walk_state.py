"""What a walk knows and notes: where it stands, what it has passed, its blockers and what is missing."""

from __future__ import annotations

from collections.abc import Container
from typing import TYPE_CHECKING, TypeAlias

from archtui.network.addresses import Address
from archtui.network.flow import PortRange
from archtui.network.model import Interface, Network
from archtui.network.policies import taken
from archtui.world.condition import Condition
from archtui.world.world import World

if TYPE_CHECKING:
    from archtui.network.flow import Packet
    from archtui.network.policies import FlowRule
    from archtui.network.record import Recorder
    from archtui.network.walk import Walk, Ways


MAX_HOPS = 64
"""As many as AWS's Route Analyzer follows (MAX_HOPS_EXCEEDED)."""

_Connection: TypeAlias = tuple[str, Address, Address, int, PortRange, PortRange]


class WalkState:
    """The state of one walk, and how it is written down."""

    def __init__(
        self, world: World, network: Network, condition: Condition, ways: Ways, recorder: Recorder | None
    ) -> None:
        self.world = world
        self.ways = ways
        self.network = network
        self.condition = condition
        self.broken = not condition.is_healthy
        self.recorder = recorder
        self.blockers: dict[tuple[str, str], None] = {}
        self.missing: dict[str, None] = {}
        self.origin: Interface | None = None
        self.origin_address: Address = 0
        self.sender = ""
        """Who sends, whichever of its addresses it uses."""
        self.origin_site = ""
        """The customer's site that the sender stands in; empty: it stands elsewhere."""
        self.origin_name = ""
        """What a trace calls a sender outside AWS."""
        self.asked: Address = 0
        """The address the origin sent to; the reply must come from it."""
        self.returning = False
        self.delivered: str | None = None
        self.seen: Packet | None = None
        """The packet as its receiver sees it."""
        self.done = False
        """Whether the reply has come back."""
        self.node = ""
        """Which address of the destination this walk was sent to."""
        self.choice = ""
        """Which way was taken where there were several."""
        self.hops = 0
        self.tracked: set[_Connection] = set()
        self.sessions: dict[str, tuple[Packet, Packet]] = {}
        """NAT gateway or balancer node to (packet before, packet after)."""
        self.nodes: dict[tuple[Address, Address], str] = {}
        """(target, client) to the balancer node whose connection keeps the client's address."""
        self.states: dict[tuple[object, ...], int] = {}
        """(firewall or appliance, connection) to what of it has been let through there."""
        self.half_seen: dict[tuple[object, ...], int] = {}
        """(component, firewall or appliance, connection) to what of TCP it has let through and seen no reply of."""
        self.kept: dict[tuple[object, ...], str] = {}
        """(node or attachment, connection) to the appliance or subnet chosen for both directions."""
        self.entered = ""
        """The transit gateway attachment the packet came by last."""
        self.pretended: dict[Address, tuple[str, Address]] = {}
        """Public addresses assumed so that the walk can go on: to (interface, private address)."""
        self.forked = False
        self.leaves: list[Walk] = []

    def block(self, component: str, code: str) -> None:
        """Note a blocker."""
        self.blockers[(component, code)] = None

    def unknown(self, missing: str) -> None:
        """Note what is missing to decide."""
        self.missing[missing] = None

    def asks(self, packet: Packet, protocols: Container[int], ports: Container[tuple[int, int]] = ()) -> bool:
        """Whether the packet is of one of ``protocols`` or for one of the ports, each (protocol, port).

        Where it is not, it must be stopped.
        """
        return packet.protocol in protocols or (packet.protocol, packet.destination_ports[0]) in ports

    def comes_to(self, vpc: str) -> None:
        """Hear that the packet has come to a VPC: from here on its destination's own place may decide."""

    @property
    def everything(self) -> int:
        """What a firewall is asked about, as bits: the one packet."""
        return 1

    def takes(self, rule: FlowRule, packet: Packet) -> tuple[int, int]:
        """Return which of :attr:`everything` a firewall's rule takes: (wholly, partly)."""
        return taken(rule, packet)

    def of_protocols(self, packet: Packet, protocols: Container[int]) -> int:
        """Return which of :attr:`everything` is of the protocols."""
        return int(packet.protocol in protocols)

    def stop(self, bits: int, component: str, code: str) -> None:
        """Note a blocker of a part of :attr:`everything`."""
        if bits:
            self.block(component, code)

    def leave_open(self, bits: int, missing: str) -> None:
        """Note what is missing to decide a part of :attr:`everything`."""
        if bits:
            self.unknown(missing)

    def failed(self, component: str, zone: str = "") -> str:
        """Say why a component does not work under the condition; empty: it works."""
        if not self.broken:
            return ""
        if zone and self.condition.zone_down(zone):
            return f"availability zone {zone} is down"
        if zone and (component, zone) in self.condition.parts:
            return f"what it has in {zone} is down"
        if component in self.world.components and self.condition.is_down(self.world, component):
            return "it is down"
        return ""

    def cut(self, source: str, target: str) -> bool:
        """Whether the link between ``source`` and ``target`` is broken: no packet crosses it either way."""
        return self.broken and not self.condition.links.isdisjoint(((source, target), (target, source)))

    def _step(self) -> bool:
        self.hops += 1
        if self.hops > MAX_HOPS:
            self.block("internet" if self.origin is None else self.origin.component, "MAX_HOPS_EXCEEDED")
            if self.recorder:
                self.recorder.loop(self.origin.component if self.origin else "internet")
            return False
        return True
