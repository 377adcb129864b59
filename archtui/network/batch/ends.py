"""Which flows take the same way: what of their ends nothing on the way tells apart."""

from __future__ import annotations

from collections.abc import Hashable

from archtui.network.addresses import NAT64, Address, is_v6, parse_block
from archtui.network.batch.marks import Kind
from archtui.network.ends import End
from archtui.network.hosted import service_at
from archtui.network.model import Interface, Listens, Network, Silent
from archtui.network.reach.sites import Places, Site, way_signatures
from archtui.world.condition import Condition
from archtui.world.world import World

_PRETENDED = parse_block("192.0.2.0/24")
"""From where a walk takes the public addresses that are missing (RFC 5737)."""


class Kinds:
    """Numbers ends by what the way of a packet depends on."""

    def __init__(self, world: World, network: Network, condition: Condition) -> None:
        self._network = network
        self._ways = way_signatures(network)
        self._places = Places(world, network, condition, self._ways, frozenset())
        self._numbers: dict[Hashable, int] = {}
        self._sources: dict[tuple[str, Address], Kind] = {}
        self._targets: dict[Address, Kind] = {}
        self._lacking: dict[str, Kind] = {}
        self._special = {*network.idle_publics, *network.externals.values(), *network.externals6.values()}
        self._special.update(host.address for host in network.outside_hosts.values())
        for balancer in network.balancers.values():
            for group in balancer.groups.values():
                self._special.update(target.address for target in group.targets)

    def source(self, end: End) -> Kind:
        """Return the kind of a sender that has an address."""
        assert end.address is not None
        key = (end.interface.id if end.interface else f"{end.site}/{end.name}" if end.site else "", end.address)
        known = self._sources.get(key)
        if known is None:
            found = self._at_site(*key) if end.site else self._sender(end.interface, end.address)
            known = self._sources[key] = found
        return known

    def _at_site(self, name: str, address: Address) -> Kind:
        """Return the kind of a sender in a customer's site, whose name counts."""
        alone = self._number(("from", name, address))
        return Kind(None, address, (address, None), alone, alone)

    def target(self, address: Address) -> Kind:
        """Return the kind of whoever has an address."""
        known = self._targets.get(address)
        if known is None:
            known = self._targets[address] = self._receiver(address)
        return known

    def without_public(self, interface: Interface) -> Kind:
        """Return the kind of an interface that is asked from outside without having a public address."""
        known = self._lacking.get(interface.id)
        if known is None:
            known = self._lacking[interface.id] = self._asked(interface, None, "without")
        return known

    def _number(self, key: Hashable) -> int:
        return self._numbers.setdefault(key, len(self._numbers))

    def _sender(self, interface: Interface | None, address: Address) -> Kind:
        alone = self._number(("from", interface.id if interface else "", address))
        if interface is None:
            return Kind(None, address, (address, None), alone, self._outside("from", address, alone))
        public = interface.publics.get(address)
        alike = alone
        if address == interface.addresses[0] and not self._places.stands_alone(interface):
            site = Site(interface.component, interface, address, public)
            alike = self._number(("from", *self._places.of_source(site)))
        return Kind(interface, address, (address, public), alone, alike)

    def _receiver(self, address: Address) -> Kind:
        network = self._network
        holders = network.by_address.get(address, ())
        holder = holders[0] if len(holders) == 1 else network.by_public.get(address) if not holders else None
        if holder is not None:
            interface = network.interfaces[holder]
            primary = interface.addresses[0] if interface.addresses else None
            if address == primary:
                return self._asked(interface, address, "private")
            if primary is not None and interface.publics.get(primary) == address:
                return self._asked(interface, address, "public")
        alone = self._number(("to", address))
        alike = alone if holders or holder is not None else self._outside("to", address, alone)
        return Kind(None, address, (None, address), alone, alike)

    def _asked(self, interface: Interface, address: Address | None, how: str) -> Kind:
        alone = self._number(("to", how, interface.id))
        primary = interface.addresses[0]
        public = interface.publics.get(primary)
        alike = alone
        if not self._places.stands_alone(interface):
            answer = interface.answer
            kind: Hashable = answer
            if isinstance(answer, Listens):
                kind = Listens
            elif isinstance(answer, Silent):
                kind = (Silent, answer.code)
            site = Site(interface.component, interface, primary, public)
            alike = self._number(("to", how, *self._places.of_target(site)[:-1], kind))
        return Kind(interface, address, (primary, public), alone, alike)

    def _outside(self, way: str, address: Address, alone: int) -> int:
        """Return the number of all addresses that nobody of the design has and that are in the same blocks."""
        network = self._network
        known = address in network.by_address or address in network.by_public or address in self._special
        if (
            known
            or address in _PRETENDED
            or address in NAT64
            or any(service_at(vpc, address) for vpc in network.vpcs.values())
        ):
            return alone
        return self._number((way, is_v6(address), self._ways.of(address)))
