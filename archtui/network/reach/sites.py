"""Where flows start and end, and which of them nothing on the way tells apart."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from archtui.network.addresses import (
    LINK_LOCAL,
    MULTICAST,
    NAT64,
    PRIVATE,
    PUBLIC_POOL,
    SERVICE_POOL,
    SHARED,
    SOMEWHERE,
    SOMEWHERE_6,
    UNIQUE_LOCAL,
    UNROUTED,
    Address,
    Block,
    first_v6,
    is_address,
    is_v6,
    parse_address,
)
from archtui.network.ends import INTERNET, End, address_end, site_addresses
from archtui.network.gateways import WAYS
from archtui.network.hosted import service_at
from archtui.network.model import Balances, Host, Interface, Linked, Listens, Network, Silent, Translates
from archtui.network.reach.atoms import firewall_rules
from archtui.network.walk import Walk
from archtui.world.condition import Condition
from archtui.world.world import World

Place: TypeAlias = tuple[object, ...]
"""Everything about a site that the way of its packets depends on, security groups apart."""


@dataclass(frozen=True, slots=True, eq=False)
class Site:
    """One interface of a component with its primary address, or an address that was asked about itself."""

    component: str
    """The name of the end: a component, an interface, or an address as written."""
    interface: Interface | None
    """What sends and answers here; None outside AWS, or where that is not known."""
    address: Address
    public: Address | None
    literal: Address | None = None
    """For an end that is an address: what others send to, whoever has it."""
    missing: str = ""
    """Why nothing can be sent from here; empty: it can."""
    premises: str = ""
    """The customer's site it stands in; empty: in none."""
    asks_nat64: bool = False
    """Whether it has IPv6 alone and its resolver names IPv4 hosts by NAT64 addresses."""
    by_nat64: bool = False
    """Whether its end has IPv4 alone, so that a resolver names it so."""

    @property
    def end(self) -> End:
        """The site as the sender of a flow."""
        address = None if self.missing else self.address
        return End(self.component, self.interface, address, self.missing, self.premises)

    @property
    def asked(self) -> Address:
        """The address that others of its network send to."""
        return self.address if self.literal is None else self.literal

    @property
    def answering(self) -> Interface | None:
        """The interface that takes what is sent here, where the name of the end alone decides that."""
        return self.interface if self.literal is None else None


class Signatures:
    """Which blocks hold an address, and which groups it is a member of."""

    def __init__(self, blocks: Iterable[Block], network: Network, referenced: frozenset[str]) -> None:
        begins: dict[Address, list[Block]] = {}
        ends: dict[Address, list[Block]] = {}
        for block in dict.fromkeys(blocks):
            begins.setdefault(block.first, []).append(block)
            ends.setdefault(block.last + 1, []).append(block)
        self._cuts = sorted(begins.keys() | ends.keys())
        numbers: dict[tuple[Block, ...], int] = {(): 0}
        self._holding: list[tuple[Block, ...]] = [()]
        self._numbers: list[int] = [0]
        current: dict[Block, None] = {}
        for cut in self._cuts:
            for block in ends.get(cut, ()):
                del current[block]
            current.update(dict.fromkeys(begins.get(cut, ())))
            holding = tuple(sorted(current))
            self._holding.append(holding)
            self._numbers.append(numbers.setdefault(holding, len(numbers)))
        self._members: dict[Address, list[tuple[str, tuple[str, ...]]]] = {}
        for group, members in network.members.items():
            if group in referenced:
                for address, vpcs in members.items():
                    self._members.setdefault(address, []).append((group, vpcs))

    def of(self, address: Address | None) -> int:
        """Return a number that is the same for addresses in the same blocks; -1 for no address."""
        return -1 if address is None else self._numbers[bisect_right(self._cuts, address)]

    def blocks(self, address: Address) -> tuple[Block, ...]:
        """Return the blocks that hold an address."""
        return self._holding[bisect_right(self._cuts, address)]

    def members(self, address: Address | None) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """Return the groups that rules name and an address is a member of, each with the VPCs."""
        return () if address is None else tuple(self._members.get(address, ()))


def group_signatures(network: Network) -> Signatures:
    """Return what the rules of security groups can tell about an address."""
    rules = [rule for group in network.groups.values() for rule in (*group.ingress, *group.egress)]
    blocks = (block for rule in rules for block in rule.blocks)
    return Signatures(blocks, network, frozenset(rule.group for rule in rules if rule.group))


def way_signatures(network: Network) -> Signatures:
    """Return what routes, ACLs and gateways can tell about an address."""
    return Signatures(_way_blocks(network), network, frozenset())


def _way_blocks(network: Network, *, subnets: bool = True) -> Iterator[Block]:
    yield from (*PRIVATE, SHARED, LINK_LOCAL, MULTICAST, *UNROUTED, UNIQUE_LOCAL, NAT64, PUBLIC_POOL, SERVICE_POOL)
    for vpc in network.vpcs.values():
        yield from vpc.blocks
    if subnets:
        yield from (subnet.block for subnet in network.subnets.values())
        yield from (subnet.block6 for subnet in network.subnets.values() if subnet.block6 is not None)
    for table in network.tables.values():
        yield from (row.block for row in table.routes)
    for transit in network.transit_tables.values():
        yield from (row.block for row in transit.routes)
    for nacl in network.nacls.values():
        yield from (entry.block for entry in (*nacl.ingress, *nacl.egress))
    for service in network.services:
        yield from service.blocks
    for site in network.premises.values():
        yield from site.blocks or ()
    for links in network.uplinks_of.values():
        for link in links:
            yield from (*(link.learnt or ()), *(link.offered or ()))
    for rule in firewall_rules(network):
        yield from (*rule.sources, *rule.destinations)


class Places:
    """Sorts sites into places: two sites of a place are alike to everything but security groups."""

    def __init__(
        self, world: World, network: Network, condition: Condition, ways: Signatures, apart: frozenset[str]
    ) -> None:
        self.world, self.network, self.condition = world, network, condition
        self._ways = ways
        self._routes = Signatures(_way_blocks(network, subnets=False), network, frozenset())
        self._alone = self._standing_alone(apart)
        self._probing = not condition.is_healthy
        self._before: dict[tuple[Address, bool], tuple[bool, int]] = {}

    def of_source(self, site: Site) -> Place:
        """Return a site's place as a sender."""
        interface = site.interface
        if interface is None or site.literal is not None or interface.id in self._alone:
            return self._single(site)
        many = isinstance(interface.answer, Translates | Balances) or interface.machine != interface.component
        return (*self._common(site, interface), many)

    def of_target(self, site: Site) -> Place:
        """Return a site's place as a receiver."""
        interface = site.answering
        if interface is None or interface.id in self._alone:
            return self._single(site)
        return (*self._common(site, interface), _answer(interface))

    def stands_alone(self, interface: Interface) -> bool:
        """Whether the way may tell an interface from any other."""
        return interface.id in self._alone

    def known_before(self, address: Address, *, far: bool) -> tuple[bool, int]:
        """Return what the way can tell about an address before it comes to the VPC of whoever has it.

        From afar the subnets do not count there: they are inside the one VPC that has the address.
        """
        known = self._before.get((address, far))
        if known is not None:
            return known
        coarse = far and sum(address in vpc for vpc in self.network.vpcs.values()) <= 1
        known = self._before[address, far] = coarse, (self._routes if coarse else self._ways).of(address)
        return known

    @staticmethod
    def _single(site: Site) -> Place:
        apart = site.address if site.premises else is_v6(site.address)
        return ("alone", site.answering.id if site.answering else site.component, apart)

    def _common(self, site: Site, interface: Interface) -> Place:
        return (
            interface.subnet,
            self._ways.of(site.address),
            self._ways.of(site.public),
            is_v6(site.address),
            interface.source_dest_check,
            interface.groups is None,
            interface.opens,
            self._works(interface),
        )

    def _works(self, interface: Interface) -> bool:
        if not self._probing:
            return not interface.state
        return Walk(self.world, self.network, self.condition, WAYS, None).works(interface)

    def _standing_alone(self, apart: frozenset[str]) -> frozenset[str]:
        """Return the interfaces that something on the way knows by name, or whose address is not theirs alone;
        and those of the machines ``apart``, which stand in for more than one end."""
        network = self.network
        alone: set[str] = set()
        machines: dict[str, str] = {}
        linked = {end for link in self.condition.links for end in link}
        translating = any(subnet.dns64 for subnet in network.subnets.values())
        routed = {row.target for table in network.tables.values() for row in table.routes}
        for balancer in network.balancers.values():
            for group in balancer.groups.values():
                for target in group.targets:
                    alone.add(target.interface)
                    alone.update(network.by_address.get(target.address, ()))
        for interface in network.interfaces.values():
            names = {interface.id, interface.component, interface.machine}
            shared = machines.setdefault(interface.machine, interface.component) != interface.component
            shared = shared or interface.machine in apart
            if (
                shared
                or names & linked
                or names & routed
                or isinstance(interface.answer, Translates | Balances | Linked)
            ):
                alone.add(interface.id)
            if interface.masked_by:
                alone.add(interface.id)
            if translating and first_v6(interface.addresses) is None:
                alone.add(interface.id)
            if shared:
                alone.update(network.of_component.get(interface.machine, ()))
            if any(len(network.by_address.get(address, ())) > 1 for address in interface.addresses):
                alone.add(interface.id)
            if any(service_at(network.vpcs[interface.vpc], address) for address in interface.addresses):
                alone.add(interface.id)
            for public in interface.publics.values():
                if network.by_public.get(public) != interface.id or public in network.externals.values():
                    alone.add(interface.id)
        return frozenset(alone)


def _answer(interface: Interface) -> object:
    answer = interface.answer
    if isinstance(answer, Listens):
        return (answer.ports, bool(answer.doubtful), bool(answer.ping))
    if isinstance(answer, Host):
        return (answer.forwards, answer.policy)
    return "silent" if isinstance(answer, Silent) else "undecided"


def outside_sites(network: Network, *, dual: bool) -> Mapping[str, tuple[Site, ...]]:
    """Return the ends outside AWS: the internet, and the components that stand there; ``dual``: with IPv6 too."""
    found: dict[str, tuple[Site, ...]] = {INTERNET: (Site(INTERNET, None, SOMEWHERE, None),)}
    if dual:
        found[INTERNET] = (*found[INTERNET], Site(INTERNET, None, SOMEWHERE_6, None))
    for name, address in network.externals.items():
        other = network.externals6.get(name)
        found[name] = (Site(name, None, address, None, by_nat64=other is None and not is_v6(address)),)
        if other is not None:
            found[name] = (*found[name], Site(name, None, other, None))
    return found


def premises_sites(network: Network) -> Iterator[tuple[str, tuple[Site, ...]]]:
    """Yield the ends in the customer's own networks: each site with an address of every network, each host."""
    for name in network.premises:
        yield (
            name,
            tuple(
                Site(name, None, address, None, premises=name, by_nat64=True)
                for address in site_addresses(network, name)
            ),
        )
    for name, host in network.outside_hosts.items():
        yield name, (Site(name, None, host.address, None, premises=host.site, by_nat64=True),)


def sites_of(network: Network, name: str, interfaces: Iterable[Interface]) -> tuple[Site, ...]:
    """Return the sites of a component's interfaces: one for each family of addresses that an interface has."""
    having = [item for item in interfaces if item.addresses]
    if not network.dual:
        return tuple(_site(name, item, item.addresses[0]) for item in having)
    only_v4 = all(first_v6(item.addresses) is None for item in having)
    found: list[Site] = []
    for item in having:
        first, six = item.addresses[0], first_v6(item.addresses)
        if is_v6(first):
            asks = network.subnets[item.subnet].dns64
            found.append(Site(name, item, first, item.publics.get(first), asks_nat64=asks))
            continue
        found.append(Site(name, item, first, item.publics.get(first), by_nat64=only_v4))
        if six is not None:
            found.append(_site(name, item, six))
    return tuple(found)


def _site(name: str, interface: Interface, address: Address) -> Site:
    return Site(name, interface, address, interface.publics.get(address))


def named_sites(network: Network, name: str) -> tuple[Site, ...]:
    """Return the end that an interface's id, a group of others or an address as written stands for; none for another
    word."""
    interface = network.interfaces.get(name)
    if interface is None and name in network.of_component:
        return sites_of(network, name, (network.interfaces[item] for item in network.of_component[name]))
    if interface is not None and interface.addresses:
        return sites_of(network, name, (interface,))
    if interface is not None or not is_address(name):
        return ()
    end = address_end(network, name)
    asked = parse_address(name)
    if end.address is None:
        return (Site(name, None, asked, None, asked, end.missing),)
    public = end.interface.publics.get(end.address) if end.interface else None
    asks = end.interface is not None and is_v6(end.address) and network.subnets[end.interface.subnet].dns64
    return (Site(name, end.interface, end.address, public, asked, asks_nat64=asks, premises=end.site),)
