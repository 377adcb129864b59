"""Where a flow starts and ends: components, addresses and the internet as interfaces and addresses."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TypeAlias

from archtui.network.addresses import (
    PRIVATE,
    SHARED,
    SOMEWHERE,
    SOMEWHERE_6,
    UNIQUE_LOCAL,
    Address,
    behind_nat64,
    first_v6,
    is_address,
    is_v6,
    parse_address,
    same_family,
)
from archtui.network.model import Interface, Network, PrivateGateway, Uplink
from archtui.world.condition import Condition
from archtui.world.world import World

INTERNET = "internet"


@dataclass(frozen=True, slots=True)
class End:
    """One end of a flow: an interface with one of its addresses, an outside address, or neither."""

    name: str
    interface: Interface | None
    address: Address | None
    """None: nothing is known of it, ``missing`` says what."""
    missing: str = ""
    site: str = ""
    """The customer's site it stands in; empty: in none."""
    other: Address | None = None
    """Its IPv6 address where ``address`` is IPv4; None: it has none."""

    @property
    def sender(self) -> str:
        """What stays the same whichever of its addresses it sends from."""
        if self.interface is not None:
            return self.interface.id
        return f"{self.name} {self.address}" if self.site else self.name

    def towards(self, target: Address) -> End | None:
        """Return the end as it sends to ``target``, from its address of that family; None: it has none."""
        if self.address is None or same_family(self.address, target):
            return self
        if self.other is None or not is_v6(target):
            return None
        return replace(self, address=self.other)

    @property
    def speaks_v6(self) -> bool:
        """Whether it has an IPv6 address."""
        return self.other is not None or (self.address is not None and is_v6(self.address))

    @property
    def speaks_v4(self) -> bool:
        """Whether it has an IPv4 address."""
        return self.address is None or not is_v6(self.address)


def source_ends(world: World, network: Network, name: str, condition: Condition) -> tuple[End, ...]:
    """Return what may send as ``name``; several for a component with several nodes."""
    if name == INTERNET:
        return (End(name, None, SOMEWHERE, other=SOMEWHERE_6),)
    if name in network.externals:
        return (End(name, None, network.externals[name], other=network.externals6.get(name)),)
    if name in network.outside_hosts:
        host = network.outside_hosts[name]
        return (End(name, None, host.address, site=host.site),)
    if name in network.premises:
        return tuple(End(name, None, address, site=name) for address in site_addresses(network, name)) or (
            End(name, None, None, f"the networks of {name}"),
        )
    interfaces = senders_of(network, name, condition)
    if interfaces:
        return tuple(
            End(name, item, item.addresses[0], other=_other(item)) for item in interfaces if item.addresses
        ) or (End(name, None, None, f"an address for {name}: its subnet has none free"),)
    if is_address(name):
        return (address_end(network, name),)
    return (End(name, None, None, _no_address(world, name)),)


def _other(interface: Interface) -> Address | None:
    return None if is_v6(interface.addresses[0]) else first_v6(interface.addresses)


def address_end(network: Network, text: str) -> End:
    """Return who sends from an address as written."""
    address = parse_address(text)
    holders = network.by_address.get(address, ())
    if len(holders) > 1:
        owners = " or ".join(network.interfaces[name].component for name in holders)
        return End(text, None, None, f"who sends from {text}: {owners} have that address, name one of them")
    if holders:
        return End(text, network.interfaces[holders[0]], address)
    public = network.by_public.get(address)
    if public is not None:
        interface = network.interfaces[public]
        private = next(private for private, held in interface.publics.items() if held == address)
        return End(text, interface, private)
    if any(address in vpc for vpc in network.vpcs.values()):
        return End(text, None, None, f"who sends from {text}: no interface of the design has that address")
    sites = [site.id for site in network.premises.values() if address in site]
    if len(sites) > 1:
        return End(text, None, None, f"who sends from {text}: {' or '.join(sites)} have that address, name one of them")
    if sites:
        return End(text, None, address, site=sites[0])
    private = any(address in block for block in (*PRIVATE, SHARED, UNIQUE_LOCAL))
    ways_in = _ways_in(network) if private else ()
    if ways_in:
        return End(text, None, None, f"how {text} comes in: {'; '.join(ways_in)}")
    return End(text, None, address)


def _ways_in(network: Network) -> tuple[str, ...]:
    """Return what is not known of networks outside AWS that a private address may be in."""
    private = [item for item in network.gateways.values() if isinstance(item, PrivateGateway)]
    links = [link for item in private for link in item.uplinks]
    links.extend(link for item in network.attachments.values() for link in item.uplinks)
    open_ = [link.missing for link in links if not _is_stated(network, link) and not link.state]
    open_.extend(item.missing for item in private if not item.uplinks and not item.state)
    other = [item.missing for item in network.attachments.values() if item.kind == "other"]
    return tuple(dict.fromkeys((*open_, *other)))


def _is_stated(network: Network, link: Uplink) -> bool:
    site = network.premises.get(link.site)
    return site is not None and site.blocks is not None


def site_addresses(network: Network, name: str) -> tuple[Address, ...]:
    """Return an address of each network of a site, for a host that is not named: the tenth, as far as there is one."""
    site = network.premises[name]
    return tuple(min(block.first + 10, block.last) for block in site.blocks or ())


def destinations(network: Network, name: str, source: End, condition: Condition) -> tuple[Address | None, ...]:
    """Return the addresses ``name`` is reached at from ``source``, best first; None: it has no public one.

    From outside only public addresses count. From inside it is the private address in the same VPC;
    across VPCs the private one first, then the public one. An IPv6 address stands before the IPv4 one where the
    sender has IPv6 (RFC 6724, default policy table); an IPv4 address is named by its NAT64 one to a sender that
    has no IPv4 and asks a DNS64 resolver. Addresses of a family that the sender lacks are returned where there
    are no others.
    """
    if name == INTERNET:
        found: tuple[Address | None, ...] = (SOMEWHERE_6, SOMEWHERE) if source.speaks_v6 else (SOMEWHERE,)
    elif name in network.externals:
        own = network.externals6.get(name)
        found = (network.externals[name],) if own is None else (own, network.externals[name])
    elif name in network.outside_hosts:
        found = (network.outside_hosts[name].address,)
    elif name in network.premises:
        found = site_addresses(network, name)
    else:
        interfaces = ends_of(network, name, condition)
        if not interfaces and is_address(name):
            return (parse_address(name),)
        outside = source.interface is None and not source.site
        if not network.dual:
            if outside:
                return tuple(_public(item) for item in interfaces)
            return tuple(item.addresses[0] for item in interfaces if item.addresses)
        found = tuple(address for item in interfaces for address in _of_both(item, outside=outside))
    return _usable(network, source, found)


def _of_both(interface: Interface, *, outside: bool) -> tuple[Address | None, ...]:
    """Return an interface's first address of each family, IPv6 first; seen from outside its public ones."""
    firsts = tuple(
        address for address in (first_v6(interface.addresses), *interface.addresses[:1]) if address is not None
    )
    firsts = tuple(dict.fromkeys(firsts))
    if not outside:
        return firsts
    publics = tuple(interface.publics[address] for address in firsts if address in interface.publics)
    return publics or (None,)


def _usable(network: Network, source: End, found: tuple[Address | None, ...]) -> tuple[Address | None, ...]:
    """Return the addresses that ``source`` can send to, all where it can send to none."""
    mine = tuple(address for address in found if address is None or source.towards(address) is not None)
    if mine or source.interface is None or not network.subnets[source.interface.subnet].dns64:
        return mine or found
    return tuple(behind_nat64(address) for address in found if address is not None)


def public_alternatives(network: Network, name: str, source: End, condition: Condition) -> tuple[Address, ...]:
    """Return the public addresses of a component in another VPC than the source's."""
    if source.interface is None and not source.site:
        return ()
    home = source.interface.vpc if source.interface else ""
    found = (_public(item) for item in ends_of(network, name, condition) if item.vpc != home)
    return tuple(address for address in found if address is not None and not is_v6(address) and source.speaks_v4)


Standpoint: TypeAlias = tuple[bool, str, bool, str]


def standpoint(source: End) -> Standpoint:
    """Return what of a sender :func:`destinations` and :func:`public_alternatives` depend on: senders of one
    standpoint reach a name at the same addresses."""
    inside = source.interface is not None or bool(source.site)
    if source.interface is None:
        return inside, "", source.speaks_v6, "" if source.speaks_v4 else "-"
    place = "" if source.speaks_v4 else source.interface.subnet
    return inside, source.interface.vpc, source.speaks_v6, place


def _public(interface: Interface) -> Address | None:
    return interface.publics.get(interface.addresses[0]) if interface.addresses else None


def ends_of(network: Network, name: str, condition: Condition) -> tuple[Interface, ...]:
    """Return a component's interfaces (or the one of that id); of a standby pair only the one that serves now."""
    if name in network.interfaces:
        return (network.interfaces[name],)
    names = network.of_component.get(name, ())
    found = tuple([network.interfaces[item] for item in names])
    if network.standby.keys().isdisjoint(names):
        return found
    promoted = tuple(item for item in found if takes_over(network, item, condition))
    return promoted or tuple(item for item in found if item.id not in network.standby)


def takes_over(network: Network, interface: Interface, condition: Condition) -> bool:
    """Whether a standby's interface serves now: its component's primary is lost and its mechanism has acted."""
    mechanism = network.standby.get(interface.id)
    if mechanism is None or condition.is_healthy or not condition.acts(mechanism):
        return False
    if condition.named(interface.component):
        return True
    primaries = (network.interfaces[name] for name in network.of_component[interface.component])
    return all(
        condition.part_down(item.component, network.subnets[item.subnet].zone) or condition.named(item.subnet)
        for item in primaries
        if item.id not in network.standby
    )


def senders_of(network: Network, name: str, condition: Condition) -> tuple[Interface, ...]:
    """Return the interfaces that ``name`` may send from: of several machines those whose place is not lost."""
    found = ends_of(network, name, condition)
    if condition.is_healthy or len({item.machine for item in found}) < 2:
        return found
    alive = tuple(
        item
        for item in found
        if not condition.part_down(name, network.subnets[item.subnet].zone)
        and not (condition.named(item.subnet) or condition.named(item.id))
    )
    return alive or found


def sending_interfaces(network: Network, name: str, condition: Condition) -> tuple[Interface, ...]:
    """Return the interface that each machine of a component (a balancer's node, a member of a set) sends from."""
    firsts: dict[str, Interface] = {}
    for item in senders_of(network, name, condition):
        if item.addresses:
            firsts.setdefault(item.machine, item)
    return tuple(firsts.values())


def component_missing(world: World, name: str) -> str:
    """Say why ``name`` is no end of a flow."""
    return _no_address(world, name)


def _no_address(world: World, name: str) -> str:
    component = world.components.get(name)
    if component is None:
        return f"{name!r} is neither a component of this design nor an IP address"
    return f"an address of {name}: a {component.kind.title} has none in the network"


def target_without_public(network: Network, name: str, condition: Condition) -> Interface | None:
    """Return the first interface of a component that nobody outside can address."""
    interfaces = ends_of(network, name, condition)
    return next((item for item in interfaces if item.addresses and _public(item) is None), None)
