"""The packet engine behind the walker's interface to it."""

from __future__ import annotations

from archtui.model.blueprint import INTERNET
from archtui.network.addresses import SOMEWHERE, SOMEWHERE_6, address_text, first_v6, parse_address
from archtui.network.ends import sending_interfaces
from archtui.network.engine import Branch, PacketTrace, interfaces_of, network_of, trace_packet
from archtui.network.flow import Flow
from archtui.network.model import Interface, Network
from archtui.trace import codes
from archtui.trace.interface import Leg
from archtui.trace.message import Endpoint, Message
from archtui.trace.packets import Packets
from archtui.world.condition import Condition
from archtui.world.steps import Action, Hop, RuleRef, Step, Verdict
from archtui.world.world import World


class NetworkPackets(Packets):
    """Addresses and packet legs from the compiled network of a world."""

    somewhere = address_text(SOMEWHERE)
    somewhere6 = address_text(SOMEWHERE_6)

    def __init__(self, world: World) -> None:
        self.world = world
        self.network: Network = network_of(world)
        self._interfaces: dict[str, tuple[Endpoint, ...]] = {}

    def interfaces(self, component: str) -> tuple[Endpoint, ...]:
        found = self._interfaces.get(component)
        if found is None:
            found = tuple(self._endpoint(nic) for nic in interfaces_of(self.world, component) if nic.addresses)
            self._interfaces[component] = found
        return found

    def senders(self, component: str, condition: Condition) -> tuple[Endpoint, ...]:
        return tuple(self._endpoint(nic) for nic in sending_interfaces(self.network, component, condition))

    def _endpoint(self, nic: Interface, address: int | None = None) -> Endpoint:
        zone = self.network.subnets[nic.subnet].zone
        own = address_text(nic.addresses[0] if address is None else address)
        return Endpoint(nic.component, own, zone, nic.subnet, nic.id)

    def public_address(self, endpoint: Endpoint) -> str:
        nic = self.network.interfaces.get(endpoint.interface)
        if nic is None:
            return ""
        public = nic.publics.get(parse_address(endpoint.address)) if endpoint.address else None
        if public is None:
            public = next(iter(nic.publics.values()), None)
        return address_text(public) if public is not None else ""

    def ipv6_address(self, endpoint: Endpoint, *, public: bool) -> str:
        nic = self.network.interfaces.get(endpoint.interface)
        own = first_v6(nic.addresses) if nic else None
        if nic is None or own is None or (public and own not in nic.publics):
            return ""
        return address_text(own)

    def uses_dns64(self, endpoint: Endpoint) -> bool:
        nic = self.network.interfaces.get(endpoint.interface)
        return nic is not None and self.network.subnets[nic.subnet].dns64

    def owner(self, address: str, near: Endpoint) -> Endpoint:
        number = parse_address(address)
        nic = self.network.interfaces.get(near.interface)
        holders = list(self.network.by_address.get(number, ()))
        if nic is not None and (nic.vpc, number) in self.network.by_private:
            holders.insert(0, self.network.by_private[nic.vpc, number])
        elif len(holders) > 1:
            return Endpoint(INTERNET, address)
        if holders:
            return self._endpoint(self.network.interfaces[holders[0]], number)
        public = self.network.by_public.get(number)
        if public is not None:
            return self._endpoint(self.network.interfaces[public], number)
        known = (*self.network.externals.items(), *self.network.externals6.items())
        outside = next((name for name, held in known if held == number), INTERNET)
        return Endpoint(outside, address)

    def leg(self, source: Endpoint, target: Endpoint, message: Message, condition: Condition) -> Leg:
        sender = source.interface or source.address or source.component
        outside = not source.interface
        receiver = target.interface if outside and target.interface else target.address or target.component
        flow = Flow(sender, receiver, message.protocol, message.port, message.source_port)
        found = trace_packet(self.world, flow, condition)
        branches = tuple((branch.choice, self._leg(branch, source, target)) for branch in found.branches)
        return self._shadowed(self._leg(found, source, target, branches), source, target)

    def _shadowed(self, leg: Leg, source: Endpoint, target: Endpoint) -> Leg:
        """Say where overlapping blocks keep a packet from its destination: the local route always wins.

        VPC User Guide, "Route priority" and "Invalid VPC peering configurations" (overlapping CIDR blocks).
        """
        here, there = self.network.interfaces.get(source.interface), self.network.interfaces.get(target.interface)
        if here is None or there is None or here.vpc == there.vpc:
            return leg
        if leg.received is not None and leg.received.component == target.component:
            return leg
        vpc = self.network.vpcs[here.vpc]
        block = next((block for block in vpc.blocks if parse_address(target.address) in block), None)
        if block is None or any(hop.component == target.component for hop in leg.forward):
            return leg
        end = f" {leg.received.component} gets it." if leg.received else ""
        text = (
            f"{target.address} of {target.component} is also in {block.text}, the block of the sender's own {vpc.id}:"
            f" the packet stays in {vpc.id}.{end}"
        )
        step = Step(
            "route", Action.DENY, codes.ADDRESS_OVERLAP, text, RuleRef(vpc.id, f"{block.text} local", ("cidr",))
        )
        forward = (*leg.forward, Hop(vpc.id, self.world.kind(vpc.id).name, (step,)))
        return Leg(forward, leg.back, Verdict.BLOCKED, leg.missing, target, leg.seen_source)

    def _leg(
        self,
        found: PacketTrace | Branch,
        source: Endpoint,
        target: Endpoint,
        branches: tuple[tuple[str, Leg], ...] = (),
    ) -> Leg:
        received: Endpoint | None = None
        if found.delivered is not None:
            received = self._received(found.delivered, found.destination_address, target)
        forward, back = (self._named(hops, source) for hops in (found.forward, found.back))
        return Leg(
            forward,
            back,
            found.verdict,
            found.missing,
            received,
            found.source_address,
            branches,
            found.destination_port,
        )

    def _named(self, hops: tuple[Hop, ...], source: Endpoint) -> tuple[Hop, ...]:
        """Give the hops at an outsider's address the outsider's name."""
        if source.interface:
            return hops
        component = self.world.components.get(source.component)
        kind = component.kind.name if component else INTERNET
        return tuple(Hop(source.component, kind, h.steps) if h.component == source.address else h for h in hops)

    def _received(self, component: str, address: str, target: Endpoint) -> Endpoint:
        """Return the interface of ``component`` that got the packet."""
        nics = interfaces_of(self.world, component)
        number = parse_address(address) if address else None
        nic = next((nic for nic in nics if number in nic.addresses), None)
        if nic is not None:
            return self._endpoint(nic, number)
        return Endpoint(component, address or target.address)


def packets_of(world: World) -> NetworkPackets:
    """Return the packets of a world, made once."""
    return world.part(NetworkPackets)
