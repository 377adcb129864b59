"""Edits against blockers of the network: rules, entries, routes and addresses that would let a packet through."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from archtui.model.component import Component, Json
from archtui.model.edits import Edit, append_to, set_property
from archtui.model.operations import Insert, Set
from archtui.network.addresses import Address, is_private, parse_address, parse_block
from archtui.network.engine import is_public_subnet, network_of
from archtui.network.model import Interface, Network
from archtui.services.vpc.properties import NatGatewayProperties, NetworkAclProperties, SubnetProperties
from archtui.trace.interface import Plea, Remedies
from archtui.world.world import World

_STEP = 10
"""Numbers of network ACL entries are usually ten apart."""
_MAX_RULE = 32766


@dataclass(frozen=True)
class _Packet:
    """The denied packet, read from its step."""

    source: Address
    destination: Address
    protocol: str
    ports: str
    """The destination port or range; empty for protocols without ports."""


def _packet(plea: Plea) -> _Packet | None:
    shown = plea.step.before
    source, destination = shown.get("source"), shown.get("destination")
    if not isinstance(source, str) or not isinstance(destination, str):
        return None
    try:
        ends = parse_address(source), parse_address(destination)
    except ValueError:
        return None
    ports = str(shown.get("destination_port") or "")
    return _Packet(*ends, str(shown.get("protocol") or "tcp"), ports)


def _at(network: Network, address: Address, component: str = "") -> Interface | None:
    """Return the interface with ``address``; of ``component`` where several VPCs use it."""
    found = [network.interfaces[name] for name in network.by_address.get(address, ())]
    return next((nic for nic in found if nic.component == component), found[0] if found else None)


def _written(world: World, name: str) -> Component | None:
    """Return a component that stands in the document, so that an edit can change it."""
    component = world.components.get(name)
    return component if component and name in world.blueprint.components else None


class GroupRemedies(Remedies):
    """Add the rule a security group lacks: from the other side's group where it has one."""

    codes = frozenset({"ENI_SG_RULES_MISMATCH", "SG_HAS_NO_RULES", "SG_REFERENCES_NOT_PRESERVED"})

    def remedies(self, plea: Plea) -> Iterator[Edit]:
        if plea.blocker.code not in self.codes:
            return
        network, packet = network_of(plea.world), _packet(plea)
        group = _written(plea.world, plea.blocker.component)
        if packet is None or group is None or group.kind.name != "security_group":
            return
        here = _at(network, packet.source, plea.hop.component)
        leaving = here is not None and here.component == plea.hop.component
        peer = packet.destination if leaving else packet.source
        rule: dict[str, Json] = {} if packet.protocol == "tcp" else {"protocol": packet.protocol}
        if packet.ports and packet.ports != "0-65535":
            rule["port"] = int(packet.ports) if packet.ports.isdigit() else packet.ports
        path, word = (("egress",), "to") if leaving else (("ingress",), "from")
        for source in self._peers(plea, network, peer, group):
            edit = append_to(plea.world.blueprint, group.id, path, {**rule, word: source})
            what = f"{packet.protocol} {packet.ports}".strip()
            way = f"out of {group.id} to" if leaving else f"into {group.id} from"
            yield Edit(f"let {what} {way} {source}", edit.operations)

    def _peers(self, plea: Plea, network: Network, peer: Address, group: Component) -> Iterator[str]:
        """Name the other side: its own group, its subnet's block, or the whole internet."""
        nic = _at(network, peer)
        if nic is None or not is_private(peer):
            yield "0.0.0.0/0"
            return
        vpc = plea.world.placement(group.id).vpc
        if plea.blocker.code != "SG_REFERENCES_NOT_PRESERVED" and nic.vpc == vpc:
            yield from (name for name in nic.groups or () if _written(plea.world, name))
        yield network.subnets[nic.subnet].block.text


class AclRemedies(Remedies):
    """Add the entry a network ACL lacks, before the one that denies."""

    def remedies(self, plea: Plea) -> Iterator[Edit]:
        if plea.blocker.code != "SUBNET_ACL_RESTRICTION":
            return
        packet, acl = _packet(plea), _written(plea.world, plea.blocker.component)
        subnet = network_of(plea.world).subnets.get(plea.hop.component)
        if packet is None or acl is None or subnet is None or not isinstance(acl.properties, NetworkAclProperties):
            return
        leaving = packet.source in subnet.block
        path, word = ("egress", "to") if leaving else ("ingress", "from")
        entries = acl.properties.egress if leaving else acl.properties.ingress
        number = _free_number([entry.rule for entry in entries], self._decider(plea, entries))
        if number is None:
            return
        peer = packet.destination if leaving else packet.source
        entry: dict[str, Json] = {"rule": number, "protocol": packet.protocol}
        if packet.ports and packet.ports != "0-65535":
            entry["port"] = int(packet.ports) if packet.ports.isdigit() else packet.ports
        entry[word] = self._block(plea.world, peer)
        edit = append_to(plea.world.blueprint, acl.id, (path,), entry)
        what = f"{packet.protocol}{' ' + packet.ports if packet.ports else ''}"
        way = "out" if leaving else "in"
        yield Edit(f"let {what} {way} through {acl.id} {word} {entry[word]} (rule {number})", edit.operations)

    @staticmethod
    def _decider(plea: Plea, entries: Sequence[object]) -> int | None:
        """Return the number of the entry that denies; None: the final one that denies everything."""
        path = plea.step.decided_by.path if plea.step.decided_by else ()
        if len(path) == 2 and isinstance(path[1], int) and path[1] < len(entries):
            return int(getattr(entries[path[1]], "rule", _MAX_RULE))
        return None

    @staticmethod
    def _block(world: World, peer: Address) -> str:
        """Return the block of the VPC that holds ``peer``, or everywhere."""
        for vpc in network_of(world).vpcs.values():
            for block in vpc.blocks:
                if peer in block:
                    return block.text
        return "0.0.0.0/0"


def _free_number(taken: Sequence[int], before: int | None) -> int | None:
    """Return an unused number: before ``before`` where that is given, otherwise after all."""
    if before is None:
        last = max((number for number in taken if number <= _MAX_RULE), default=100 - _STEP)
        candidates: Sequence[int] = range(min(last + _STEP, _MAX_RULE), _MAX_RULE + 1)
    else:
        candidates = range(before - 1, 0, -1)
    return next((number for number in candidates if number not in taken), None)


class RouteRemedies(Remedies):
    """Add the row a route table lacks, use a table that has it, or move a NAT gateway to where it has a way out."""

    def remedies(self, plea: Plea) -> Iterator[Edit]:
        if plea.blocker.code not in ("NO_ROUTE_TO_DESTINATION", "BAD_STATE_ROUTE"):
            return
        world, packet = plea.world, _packet(plea)
        blocked = world.components.get(plea.blocker.component)
        if blocked is not None and blocked.kind.name == "nat_gateway":
            yield from self._moved(world, blocked)
            return
        subnet = network_of(world).subnets.get(plea.hop.component)
        if packet is None or subnet is None:
            return
        table = _written(world, plea.blocker.component)
        if table is not None and table.kind.name == "route_table" and plea.blocker.code == "NO_ROUTE_TO_DESTINATION":
            for block, via in self._ways(world, subnet.vpc, subnet.zone, packet):
                edit = append_to(world.blueprint, table.id, ("routes",), {"to": block, "via": via})
                yield Edit(f"route {block} in {table.id} to {via}", edit.operations)
        if _written(world, subnet.id):
            for other in self._tables(world, subnet.vpc, packet):
                if other.id != plea.blocker.component:
                    edit = set_property(subnet.id, ("route_table",), other.id)
                    yield Edit(f"use route table {other.id} for {subnet.id}", edit.operations)

    @staticmethod
    def _moved(world: World, nat: Component) -> Iterator[Edit]:
        """Put a NAT gateway into a public subnet, one of its own zone first."""
        if (
            not isinstance(nat.properties, NatGatewayProperties)
            or not _written(world, nat.id)
            or not nat.properties.subnet
        ):
            return
        here = world.placement(nat.id)
        subnets = [c for c in world.of_kind("subnet") if world.placement(c.id).vpc == here.vpc]
        public = [c for c in subnets if is_public_subnet(world, c.id)]
        for subnet in sorted(public, key=lambda c: world.placement(c.id).zones != here.zones):
            yield Edit(f"put {nat.id} into {subnet.id}", set_property(nat.id, ("subnet",), subnet.id).operations)

    @staticmethod
    def _ways(world: World, vpc: str, zone: str, packet: _Packet) -> Iterator[tuple[str, str]]:
        """Name the gateways that could carry the packet: block and target of a route."""
        network = network_of(world)
        other = next((v for v in network.vpcs.values() if v.id != vpc and packet.destination in v), None)
        if other is not None:
            block = next(block for block in other.blocks if packet.destination in block)
            for peering in world.of_kind("vpc_peering_connection"):
                ends = {getattr(peering.properties, "requester", ""), getattr(peering.properties, "accepter", "")}
                if ends == {vpc, other.id}:
                    yield block.text, peering.id
            return
        nats = [c for c in world.of_kind("nat_gateway") if world.placement(c.id).vpc == vpc]
        nic = _at(network, packet.source)
        has_public = nic is not None and packet.source in nic.publics
        gateway = network.internet_gateways.get(vpc)
        if has_public and gateway:
            yield "0.0.0.0/0", gateway
        for nat in sorted(nats, key=lambda c: zone not in world.placement(c.id).zones):
            yield "0.0.0.0/0", nat.id
        if gateway and not has_public:
            yield "0.0.0.0/0", gateway

    @staticmethod
    def _tables(world: World, vpc: str, packet: _Packet) -> Iterator[Component]:
        """Yield the written route tables of the VPC that have a row for the packet beside the local ones."""
        network = network_of(world)
        for component in world.of_kind("route_table"):
            table = network.tables.get(component.id)
            if table is None or world.placement(component.id).vpc != vpc or not _written(world, component.id):
                continue
            if any(packet.destination in row.block and row.active and row.origin != "local" for row in table.routes):
                yield component


class AddressRemedies(Remedies):
    """Give a public address to what cannot be reached or answered without one."""

    codes = frozenset({"IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS", "IGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS"})

    def remedies(self, plea: Plea) -> Iterator[Edit]:
        if plea.blocker.code not in self.codes:
            return
        component = _written(plea.world, plea.blocker.component)
        if component is None:
            return
        if component.kind.name == "network_interface":
            edit = set_property(component.id, ("public_ip",), "auto")
            yield Edit(f"give {component.id} a public address", edit.operations)
        elif "public_ip" in type(component.properties).model_fields:
            edit = set_property(component.id, ("public_ip",), True)
            yield Edit(f"give {component.id} a public address", edit.operations)
        elif "publicly_accessible" in type(component.properties).model_fields:
            edit = set_property(component.id, ("publicly_accessible",), True)
            yield Edit(f"make {component.id} publicly accessible", edit.operations)
        if plea.blocker.code == "IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS":
            yield from self._private_way_out(plea, component)

    @staticmethod
    def _private_way_out(plea: Plea, component: Component) -> Iterator[Edit]:
        """Use a route table whose default route is a NAT gateway."""
        world = plea.world
        place = world.placement(component.id)
        for name in place.subnets:
            subnet = _written(world, name)
            if subnet is None or not isinstance(subnet.properties, SubnetProperties):
                continue
            for table in world.of_kind("route_table"):
                routes = getattr(table.properties, "routes", ())
                nats = [r for r in routes if world.components.get(r.via) and world.kind(r.via).name == "nat_gateway"]
                if nats and world.placement(table.id).vpc == place.vpc and _written(world, table.id):
                    edit = set_property(subnet.id, ("route_table",), table.id)
                    yield Edit(f"use route table {table.id} for {subnet.id}", edit.operations)


class PeeringRemedies(Remedies):
    """Join two VPCs directly where the way through a third is not carried."""

    def remedies(self, plea: Plea) -> Iterator[Edit]:
        if plea.blocker.code not in ("PCX_REQUIRES_ADDRESS_IN_VPC_CIDR", "DISCONNECTED_VPCS"):
            return
        packet, world = _packet(plea), plea.world
        if packet is None:
            return
        network = network_of(world)
        ends = (packet.source, packet.destination)
        here, there = (next((vpc for vpc in network.vpcs.values() if end in vpc), None) for end in ends)
        if here is None or there is None or here.id == there.id:
            return
        if any(mine.overlaps(theirs) for mine in here.blocks for theirs in there.blocks):
            return
        name = f"{here.id}-{there.id}"
        if name in world.components:
            return
        operations: list[Set | Insert] = [
            Set(("components", name), {"kind": "vpc_peering_connection", "requester": here.id, "accepter": there.id})
        ]
        for mine, theirs in ((here, there), (there, here)):
            for table in world.of_kind("route_table"):
                if world.placement(table.id).vpc != mine.id or not _written(world, table.id):
                    continue
                row: Json = {"to": theirs.blocks[0].text, "via": name}
                routes = getattr(table.properties, "routes", ())
                same = next((i for i, r in enumerate(routes) if _is_block(r.to, theirs.blocks[0].text)), None)
                if same is not None:
                    operations.append(Set(("components", table.id, "routes", same, "via"), name))
                else:
                    edit = append_to(world.blueprint, table.id, ("routes",), row)
                    operations += [op for op in edit.operations if isinstance(op, Set | Insert)]
        yield Edit(f"peer {here.id} with {there.id} directly", tuple(operations))


def _is_block(text: str, block: str) -> bool:
    return "/" in text and parse_block(text).text == block
