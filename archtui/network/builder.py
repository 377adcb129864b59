"""Collects what components contribute and lays it out: defaults, addresses, indexes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields as fields_of
from dataclasses import replace
from operator import attrgetter

from archtui.network.addresses import EVERYWHERE, PUBLIC_POOL, UNIQUE_LOCAL, Address, is_v6
from archtui.network.contributions import Contributions
from archtui.network.flow import ALL_PORTS, ANY
from archtui.network.interface import NetworkPart
from archtui.network.layout import Layout, allocate_private, lay_out, node_group, route_table, with_publics
from archtui.network.model import (
    EgressOnlyGateway,
    Gateway,
    GroupRule,
    Host,
    Interface,
    InternetGateway,
    Nacl,
    NaclEntry,
    NatGateway,
    Network,
    Peering,
    PrivateGateway,
    RouteTable,
    SecurityGroup,
    Subnet,
    Undecided,
    Uplink,
)
from archtui.network.specs import GroupSpec, InterfaceSpec, TargetSpec
from archtui.world.world import World

_FIELDS = attrgetter(*(field.name for field in fields_of(Interface)))


class NetworkBuilder(Contributions):
    """Takes contributions in any order; :meth:`finish` returns the network."""

    def finish(self, earlier: Layout | None = None) -> tuple[Network, Layout]:
        """Lay everything out and index it; ``earlier`` is the layout of another version of the design."""
        tables, main_of = self._finish_tables()
        subnets = {
            spec.id: Subnet(
                spec.id,
                spec.vpc,
                spec.block,
                spec.zone,
                spec.table if spec.table in tables else main_of[spec.vpc],
                spec.nacl if spec.nacl in self._nacls else self._default_nacl(spec.vpc),
                spec.block6,
                spec.dns64,
            )
            for spec in self._subnets.values()
            if spec.vpc in self._vpcs
        }
        layout = self._layout(subnets, tables, earlier)
        for name, vpc in layout.groups:
            self._groups.setdefault(name, SecurityGroup(name, vpc, (), (), known=False))
        interfaces, of_component = layout.interfaces, layout.of_component
        self._gateways = with_publics(self._gateways, {*layout.by_public, *layout.idle_publics})
        gateways = {name: self._finish_gateway(gateway) for name, gateway in self._gateways.items()}
        dual = any(is_v6(item.addresses[-1]) for item in interfaces.values() if item.addresses)
        network = Network(
            vpcs=self._vpcs,
            subnets=subnets,
            tables=tables,
            nacls=self._nacls,
            groups=self._groups,
            interfaces=interfaces,
            gateways=gateways,
            attachments=self._attachments,
            transit_tables=self._transit_tables,
            balancers={
                name: replace(balancer, groups={spec.id: node_group(spec, layout, subnets) for spec in specs})
                for name, (balancer, specs) in self._balancers.items()
            },
            services=tuple(self._services),
            internet_gateways=_attached(g for g in gateways.values() if isinstance(g, InternetGateway)),
            egress_gateways=_attached(g for g in gateways.values() if isinstance(g, EgressOnlyGateway)),
            by_private=layout.by_private,
            by_address=layout.by_address,
            by_public=layout.by_public,
            idle_publics=layout.idle_publics,
            of_component=of_component,
            members=layout.members,
            externals=self._externals,
            externals6=self._externals6,
            premises=self._premises,
            outside_hosts=self._outside_hosts,
            uplinks_of=self._uplinks_of(gateways),
            open_acls=frozenset(
                (nacl.id, way)
                for nacl in self._nacls.values()
                for way, entries in (("ingress", nacl.ingress), ("egress", nacl.egress))
                if _is_open(entries, dual=dual)
            ),
            dual=dual,
            standby={spec.id: f"{spec.standby}:{spec.component}" for spec in self._specs.values() if spec.standby},
            inspectors=self._inspectors,
            public_access=self._public_access,
            flow_logs=tuple(self._flow_logs),
            links=self._links,
            nat_publics={
                address: gateway.id
                for gateway in gateways.values()
                if isinstance(gateway, NatGateway) and not gateway.state
                for found in gateway.zones.values()
                for address in found
            },
            problems=(*self._problems, *layout.problems),
        )
        return network, layout

    def _layout(
        self, subnets: Mapping[str, Subnet], tables: Mapping[str, RouteTable], earlier: Layout | None
    ) -> Layout:
        """Return the interfaces with their indexes: the earlier ones where all that they follow from is the same."""
        for spec in self._specs.values():
            if spec.groups == () and spec.subnet in subnets:
                self._default_group(subnets[spec.subnet].vpc)
        targets = frozenset(row.target for table in tables.values() for row in table.routes)
        inputs = (
            self._specs,
            subnets,
            targets,
            self._default_groups,
            self._associations,
            self._idle,
            self._externals,
            frozenset(vpc.id for vpc in self._vpcs.values() if not vpc.public_ipv6),
            self._fleets,
        )
        if earlier is not None and earlier.inputs == inputs:
            return earlier
        problems: list[str] = []
        idle = dict(self._idle)
        before = earlier.interfaces if earlier is not None else {}
        interfaces = self._appliances(self._finish_interfaces(subnets, idle, problems, before), targets)
        return lay_out(inputs, interfaces, self._specs, self._fleets, idle, problems)

    def _uplinks_of(self, gateways: Mapping[str, Gateway]) -> dict[str, tuple[Uplink, ...]]:
        found: dict[str, list[Uplink]] = {}
        holders = [gateway for gateway in gateways.values() if isinstance(gateway, PrivateGateway)]
        links = [link for gateway in holders for link in gateway.uplinks]
        links.extend(link for attachment in self._attachments.values() for link in attachment.uplinks)
        for link in (*links, *self._public_uplinks):
            if link.site:
                found.setdefault(link.site, []).append(link)
        return {site: tuple(links) for site, links in found.items()}

    def _finish_gateway(self, gateway: Gateway) -> Gateway:
        if isinstance(gateway, InternetGateway | PrivateGateway):
            return replace(gateway, edge_table=self._edge_tables.get(gateway.id, ""))
        if isinstance(gateway, Peering) and not gateway.state:
            here, there = (self._vpcs.get(side) for side in gateway.sides)
            shared = [(a, b) for a in here.blocks for b in there.blocks if a.overlaps(b)] if here and there else []
            if shared:
                why = f"its VPCs overlap ({shared[0][0].text} and {shared[0][1].text}), so AWS lets it fail"
                return replace(gateway, state=why)
        return gateway

    def _finish_tables(self) -> tuple[dict[str, RouteTable], dict[str, str]]:
        tables: dict[str, RouteTable] = {}
        main_of: dict[str, str] = {}
        for spec in self._tables.values():
            if spec.vpc in self._vpcs:
                routes = (*spec.routes, *self._extra_routes.get(spec.id, ()))
                doubts = tuple(self._doubts.get(spec.id, ()))
                tables[spec.id] = route_table(spec.id, spec.id, self._vpcs[spec.vpc], routes, doubts)
                if spec.main:
                    main_of[spec.vpc] = spec.id
        for vpc in self._vpcs.values():
            if vpc.id not in main_of:
                name = f"{vpc.id}:main-route-table"
                main_of[vpc.id] = name
                tables.setdefault(name, route_table(name, vpc.id, vpc, ()))
        return tables, main_of

    def _default_nacl(self, vpc: str) -> str:
        """Return the VPC's default ACL; AWS makes one that admits everything."""
        found = self._default_nacls.get(vpc)
        if found is None:
            found = self._default_nacls[vpc] = f"{vpc}:default-nacl"
            entries = tuple(NaclEntry(100, True, ANY, ALL_PORTS, (None, None), block, ()) for block in EVERYWHERE)
            self._nacls[found] = Nacl(found, entries, entries)
        return found

    def _default_group(self, vpc: str) -> str:
        """Return the VPC's default group; AWS makes one that admits its own members."""
        found = self._default_groups.get(vpc)
        if found is None:
            found = self._default_groups[vpc] = f"{vpc}:default-sg"
            own = GroupRule(ANY, ALL_PORTS, (None, None), (), found, "self", found, ("ingress", 0))
            out = GroupRule(ANY, ALL_PORTS, (None, None), EVERYWHERE, "", "any", found, ("egress",))
            self._groups[found] = SecurityGroup(found, vpc, (own,), (out,))
        return found

    def _finish_interfaces(
        self,
        subnets: Mapping[str, Subnet],
        idle: dict[Address, str],
        problems: list[str],
        before: Mapping[str, Interface],
    ) -> dict[str, Interface]:
        """Return the interfaces; those of ``before`` that are the same again are the same objects."""
        specs = sorted(
            (spec for spec in self._specs.values() if spec.subnet in subnets),
            key=lambda spec: (spec.component, spec.rank, spec.id),
        )
        addresses = allocate_private(specs, subnets, problems)
        publics = self._allocate_public(specs, addresses, {name: found.vpc for name, found in subnets.items()}, idle)
        found: dict[str, Interface] = {}
        for spec in specs:
            vpc = subnets[spec.subnet].vpc
            groups = spec.groups
            if groups is not None:
                groups = groups or (self._default_group(vpc),)
            fields = (
                spec.id,
                spec.component,
                spec.machine or spec.id,
                spec.subnet,
                vpc,
                addresses[spec.id],
                publics[spec.id],
                groups,
                spec.source_dest_check,
                spec.answer,
                spec.state,
                spec.opens,
                spec.masked_by,
            )
            earlier = before.get(spec.id)
            same = earlier is not None and _FIELDS(earlier) == fields
            found[spec.id] = earlier if earlier is not None and same else Interface(*fields)
        return found

    @staticmethod
    def _appliances(interfaces: dict[str, Interface], targets: frozenset[str]) -> dict[str, Interface]:
        """Mark machines that routes lead to and that take packets for others: software of their own decides
        what they answer, and the design does not say how."""
        machines = {
            item.machine
            for item in interfaces.values()
            if not item.source_dest_check and (item.id in targets or item.component in targets)
        }
        found = dict(interfaces)
        for item in interfaces.values():
            if item.machine in machines and not item.source_dest_check and item.answer == Host():
                missing = f"what the software on {item.component} does: routes lead to it, it works as an appliance"
                found[item.id] = replace(item, answer=Undecided(missing))
        return found

    def _allocate_public(
        self,
        specs: list[InterfaceSpec],
        addresses: Mapping[str, tuple[Address, ...]],
        vpc_of: Mapping[str, str],
        idle: dict[Address, str],
    ) -> dict[str, dict[Address, Address]]:
        found: dict[str, dict[Address, Address]] = {}
        wanted: list[tuple[str, Address]] = []
        by_owner: dict[str, list[str]] = {}
        on_machine: dict[str, list[str]] = {}
        for spec in specs:
            mine = found[spec.id] = dict(spec.publics)
            by_owner.setdefault(spec.component, []).append(spec.id)
            if spec.machine != spec.component:
                on_machine.setdefault(spec.machine, []).append(spec.id)
            if spec.id != spec.component:
                by_owner.setdefault(spec.id, []).append(spec.id)
            if not addresses[spec.id]:
                continue
            primary = addresses[spec.id][0]
            if is_v6(addresses[spec.id][-1]) and spec.public_ipv6 and self._vpcs[vpc_of[spec.subnet]].public_ipv6:
                mine.update((own, own) for own in addresses[spec.id] if is_v6(own) and own not in UNIQUE_LOCAL)
            if is_v6(primary):
                continue
            if spec.public == "auto":
                wanted.append((spec.id, primary))
            elif spec.public is not None:
                mine[primary] = spec.public
        for owner, private, public, component, place in sorted(self._associations, key=lambda item: (item[0], item[3])):
            owned = (*by_owner.get(owner, ()), *on_machine.get(owner, ()))
            holder = next((name for name in owned if private is None or private in addresses[name]), None)
            if holder is None or len(addresses[holder]) <= place or is_v6(addresses[holder][place]):
                if public is not None:
                    idle[public] = component
                continue
            address = private if private is not None else addresses[holder][place]
            if public is not None:
                found[holder][address] = public
            elif address not in found[holder]:
                wanted.append((holder, address))
        taken = {public for mine in found.values() for public in mine.values()} | set(idle)
        taken |= set(self._externals.values())
        free = (number for number in range(PUBLIC_POOL.first + 1, PUBLIC_POOL.last) if number not in taken)
        for name, address in wanted:
            if address not in found[name]:
                found[name][address] = next(free)
        return found


def _attached(gateways: Iterable[InternetGateway | EgressOnlyGateway]) -> dict[str, str]:
    """Return the gateway of each VPC; of several the first by name."""
    ordered = sorted(gateways, key=lambda gateway: gateway.id, reverse=True)
    return {gateway.vpc: gateway.id for gateway in ordered if gateway.vpc}


def _is_open(entries: Sequence[NaclEntry], *, dual: bool) -> bool:
    """Whether entries admit everything: all IPv4 traffic first of all, and where there is any all IPv6 traffic."""
    for block in EVERYWHERE if dual else EVERYWHERE[:1]:
        first = next((entry for entry in entries if entry.block.overlaps(block)), None)
        if first is None or not first.allow or first.protocol != ANY or first.block != block:
            return False
    return True


def compile_network(world: World) -> Network:
    """Return the network of a world; ask for it with ``world.part(compile_network)``."""
    builder = NetworkBuilder()
    parts = {kind.name: part for kind, part in world.with_behaviour(NetworkPart)}
    for component in world.components.values():
        part = parts.get(component.kind.name)
        if part is not None:
            part.contribute(component, world, builder)
    earlier = world.heritage.get(Layout)
    network, layout = builder.finish(earlier if isinstance(earlier, Layout) else None)
    world.heritage[Layout] = layout
    return network


__all__ = ["GroupSpec", "InterfaceSpec", "NetworkBuilder", "TargetSpec", "compile_network"]
