"""Where a flow starts and ends: components, addresses and the internet as interfaces and addresses."""

from __future__ import annotations

from dataclasses import dataclass

from archtui.network.addresses import PRIVATE, SHARED, SOMEWHERE, Address, is_address, parse_address
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


def source_ends(world: World, network: Network, name: str, condition: Condition) -> tuple[End, ...]:
    """Return what may send as ``name``; several for a component with several nodes."""
    if name == INTERNET:
        return (End(name, None, SOMEWHERE),)
    if name in network.externals:
        return (End(name, None, network.externals[name]),)
    if name in network.outside_hosts:
        host = network.outside_hosts[name]
        return (End(name, None, host.address, site=host.site),)
    if name in network.premises:
        return tuple(End(name, None, address, site=name) for address in site_addresses(network, name)) or (
            End(name, None, None, f"the networks of {name}"),
        )
    interfaces = ends_of(network, name, condition)
    if interfaces:
        return tuple(End(name, item, item.addresses[0]) for item in interfaces if item.addresses) or (
            End(name, None, None, f"an address for {name}: its subnet has none free"),
        )
    if is_address(name):
        return (address_end(network, name),)
    return (End(name, None, None, _no_address(world, name)),)


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
    ways_in = _ways_in(network) if any(address in block for block in (*PRIVATE, SHARED)) else ()
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
    across VPCs the private one first, then the public one.
    """
    if name == INTERNET:
        return (SOMEWHERE,)
    if name in network.externals:
        return (network.externals[name],)
    if name in network.outside_hosts:
        return (network.outside_hosts[name].address,)
    if name in network.premises:
        return site_addresses(network, name)
    interfaces = ends_of(network, name, condition)
    if not interfaces and is_address(name):
        return (parse_address(name),)
    if source.interface is None and not source.site:
        return tuple(_public(item) for item in interfaces)
    return tuple(item.addresses[0] for item in interfaces if item.addresses)


def public_alternatives(network: Network, name: str, source: End, condition: Condition) -> tuple[Address, ...]:
    """Return the public addresses of a component in another VPC than the source's."""
    if source.interface is None and not source.site:
        return ()
    home = source.interface.vpc if source.interface else ""
    found = (_public(item) for item in ends_of(network, name, condition) if item.vpc != home)
    return tuple(address for address in found if address is not None)


def standpoint(source: End) -> tuple[bool, str]:
    """Return what of a sender :func:`destinations` and :func:`public_alternatives` depend on: senders of one
    standpoint reach a name at the same addresses."""
    inside = source.interface is not None or bool(source.site)
    return inside, source.interface.vpc if source.interface is not None else ""


def _public(interface: Interface) -> Address | None:
    return interface.publics.get(interface.addresses[0]) if interface.addresses else None


def ends_of(network: Network, name: str, condition: Condition) -> tuple[Interface, ...]:
    """Return a component's interfaces (or the one of that id); of a standby pair only the one that serves now."""
    if name in network.interfaces:
        return (network.interfaces[name],)
    names = network.of_component.get(name, ())
    found = tuple([network.interfaces[item] for item in names])
    if network.standby.isdisjoint(names):
        return found
    standby = tuple(item for item in found if item.id in network.standby)
    taken_over = any(mechanism.partition(":")[2] == name for mechanism in condition.recovered)
    return standby if taken_over else tuple(item for item in found if item.id not in network.standby)


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
