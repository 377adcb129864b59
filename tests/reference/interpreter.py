"""Single packets through the cloud, as the user guides tell it. Quotations name the guide and the page."""

from __future__ import annotations

from dataclasses import dataclass, replace
from ipaddress import IPv4Address, IPv4Network

from tests.reference.choices import Choices, every_run
from tests.reference.cloud import PROTOCOLS, Body, Cloud, Interface

NOT_ON_THE_INTERNET = [IPv4Network(text) for text in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10")]
"""RFC 1918 and RFC 6598."""
CLIENT_PORTS = {"host": (32768, 60999), "nat_instance": (32768, 60999)}
"""Linux chooses from these; everything else from 1024-65535 (VPC User Guide, 'Ephemeral ports')."""
ANY_CLIENT_PORTS = (1024, 65535)
ENDLESS = 40


class OutOfScopeError(Exception):
    """The question is outside the subset."""


class DroppedError(Exception):
    """The packet went no further."""


@dataclass(frozen=True)
class Packet:
    """One packet under way."""

    source: IPv4Address
    destination: IPv4Address
    protocol: int
    source_port: int
    port: int
    icmp: tuple[int, int]
    sender: Interface | None
    """Whose private address the source is; None once it has been translated or comes from outside."""
    over: str = "vpc"
    """The last thing it crossed between networks: ``vpc``, ``peering``, ``internet``, a transit gateway's or a
    balancer's name, ``transit twice``."""
    steps: int = 0


@dataclass(frozen=True)
class Question:
    """May ``source`` open a connection to ``destination``?"""

    source: str
    """An interface, ``internet`` or an address outside."""
    destination: IPv4Address
    protocol: str
    port: int | None


def answer(cloud: Cloud, question: Question) -> str:
    """Return ``reachable``, ``blocked`` or ``unknown`` (it depends on a choice)."""
    outcomes = set(every_run(lambda choices: Run(cloud, question, choices).succeeds()))
    if len(outcomes) == 2:
        return "unknown"
    return "reachable" if outcomes.pop() else "blocked"


class Run:
    """One packet and its reply under one set of choices."""

    def __init__(self, cloud: Cloud, question: Question, choices: Choices) -> None:
        self.cloud = cloud
        self.question = question
        self.choices = choices
        self.replying = False
        self.back = False
        self.allowed_at: set[tuple[object, ...]] = set()
        """Connections that security groups have let through, by interface."""
        self.translated: dict[tuple[object, ...], Packet] = {}
        """(NAT, its port, protocol, remote, remote port) to the packet before translation."""
        self.balanced: dict[tuple[object, ...], tuple[Interface, Packet]] = {}
        """(target, what it sees as its client) to the balancer's node and the client's packet."""

    def succeeds(self) -> bool:
        """Whether the reply comes back to who asked."""
        try:
            self._send()
        except DroppedError:
            return False
        return self.back

    def _send(self) -> None:
        asked = self.question
        protocol = PROTOCOLS.get(asked.protocol) or int(asked.protocol)
        origin = self.cloud.interfaces.get(asked.source)
        source = (
            origin.addresses[0] if origin else IPv4Address("8.8.8.8" if asked.source == "internet" else asked.source)
        )
        low, high = CLIENT_PORTS.get(origin.role if origin else "", ANY_CLIENT_PORTS)
        has_ports = protocol in (6, 17)
        source_port = self.choices.pick(self._interesting(low, high)) if has_ports else 0
        packet = Packet(source, asked.destination, protocol, source_port, asked.port or 0, (8, 0), origin)
        if origin is None:
            self.over_the_internet(packet)
            return
        other = self.cloud.at(origin.vpc, packet.destination)
        if other is not None and other.machine == origin.machine:
            # One operating system: the packet never leaves it.
            self.back = origin.running
            return
        self.out_of(origin, packet)

    def _interesting(self, low: int, high: int) -> list[int]:
        """Return ports that stand for all of a range: the edges of every rule, and their neighbours."""
        edges = {low, high}
        for body in self.cloud.parts.values():
            if body["kind"] == "network_acl":
                for entry in (*body.get("ingress", ()), *body.get("egress", ())):
                    first, last = _ports(entry)
                    edges |= {first - 1, first, last, last + 1}
        return sorted(edge for edge in edges if low <= edge <= high)

    # -- interfaces -------------------------------------------------------------------------------

    def out_of(self, interface: Interface, packet: Packet) -> None:
        """A packet leaves an interface."""
        packet = self._counted(packet)
        if not interface.running:
            raise DroppedError("a stopped instance sends nothing")
        if interface.checks and packet.source not in interface.addresses:
            # EC2 User Guide, 'Source/destination checking': it must be the source of what it sends.
            raise DroppedError("source check")
        self._groups(interface, packet, "egress")
        if self.replying:
            node = self.balanced.get((packet.source, packet.source_port, packet.destination, packet.port))
            if node is not None and node[1].source == packet.destination:
                # NLB guide, 'Client IP preservation': the target answers the client's address, and the reply
                # goes back by the balancer whatever the route table says.
                self._edges(interface.subnet, node[0].subnet, packet)
                self._back_through_balancer(node[0], node[1], packet)
                return
        self.from_inside(interface.subnet, packet)

    def _groups(self, interface: Interface, packet: Packet, way: str) -> None:
        """Security groups: stateful; a rule of any group of the interface admits (VPC User Guide, 'Security
        groups')."""
        if interface.groups is None:
            return
        reply_of = (interface.name, packet.destination, packet.port, packet.source, packet.source_port, packet.protocol)
        if self.replying and reply_of in self.allowed_at:
            return
        peer = packet.source if way == "ingress" else packet.destination
        for group in interface.groups:
            body = self.cloud.parts[group]
            rules = body.get(way)
            if rules is None:
                rules = [{"protocol": "all", "to": "0.0.0.0/0"}] if way == "egress" else []
            for rule in rules:
                if _takes(rule, packet) and self._peer_matches(rule, group, interface, packet, peer, way):
                    key = (packet.source, packet.source_port, packet.destination, packet.port, packet.protocol)
                    self.allowed_at.add((interface.name, *key))
                    return
        raise DroppedError(f"security groups of {interface.name}")

    def _peer_matches(
        self, rule: Body, group: str, interface: Interface, packet: Packet, peer: IPv4Address, way: str
    ) -> bool:
        written = rule["from"] if way == "ingress" else rule["to"]
        named = group if written == "self" else written
        if self.cloud.parts.get(named, {}).get("kind") != "security_group":
            return any(peer in network for network in self.cloud.networks(named))
        if way == "egress":
            return any(
                peer in member.addresses and self._may_refer(interface.vpc, member.vpc, packet.over)
                for member in self._members(named)
            )
        if packet.over in self.cloud.parts and self.cloud.parts[packet.over]["kind"] == "network_load_balancer":
            # NLB guide, 'Target security groups': the balancer's own group stands for what it sends.
            return named in self.cloud.parts[packet.over].get("security_groups", ())
        sender = packet.sender
        if sender is None or sender not in self._members(named):
            # A translated source is no member's private address any more.
            return False
        if packet.over == "vpc":
            return sender.vpc == interface.vpc
        if packet.over == "peering":
            # VPC Peering Guide, 'Reference peer security groups': one region.
            return self.cloud.peered(sender.vpc, interface.vpc)
        # Transit Gateway guide, 'Security group referencing': one gateway that has it on.
        return bool(self.cloud.parts.get(packet.over, {}).get("security_group_referencing", False))

    def _may_refer(self, here: str, there: str, over: str) -> bool:
        return here == there or self.cloud.peered(here, there)

    def _members(self, group: str) -> list[Interface]:
        return [item for item in self.cloud.interfaces.values() if group in (item.groups or ())]

    def into(self, interface: Interface, packet: Packet) -> None:
        """A packet arrives at the interface that has its destination address."""
        packet = self._counted(packet)
        if not interface.running:
            raise DroppedError("nobody answers on a stopped instance")
        self._groups(interface, packet, "ingress")
        if interface.role == "nat_gateway":
            self._back_through_nat(interface, packet)
        elif interface.role == "balancer":
            self._at_balancer(interface, packet)
        elif self.replying:
            if interface.role == "nat_instance" and self._session(interface, packet) is not None:
                self._back_through_nat(interface, packet)
            elif interface.name == self.question.source:
                self._home(packet)
            else:
                raise DroppedError("a reply to somebody who did not ask")
        else:
            self.replying = True
            self.out_of(interface, _reply(packet, interface))

    def _home(self, packet: Packet) -> None:
        if packet.source != self.question.destination:
            raise DroppedError("the reply comes from another address than was asked")
        self.back = True

    # -- subnets and route tables -----------------------------------------------------------------

    def from_inside(self, subnet: str, packet: Packet) -> None:
        """A packet stands in a subnet: a neighbour takes it, or it leaves by the route table."""
        if packet.destination in self.cloud.subnet_block(subnet):
            self._deliver(self._vpc(subnet), subnet, packet)
            return
        self._acl(subnet, packet, "egress")
        self._route(subnet, packet)

    def _vpc(self, subnet: str) -> str:
        return str(self.cloud.parts[subnet]["vpc"])

    def _edges(self, here: str, there: str, packet: Packet) -> None:
        """Network ACLs filter what leaves one subnet and enters another (VPC User Guide, 'Network ACLs')."""
        if here != there:
            self._acl(here, packet, "egress")
            self._acl(there, packet, "ingress")

    def _acl(self, subnet: str, packet: Packet, way: str) -> None:
        """Entries in the order of their numbers, the first that matches decides; stateless."""
        name = self.cloud.parts[subnet].get("nacl")
        if name is None:
            return  # The default ACL admits everything.
        peer = packet.source if way == "ingress" else packet.destination
        for entry in sorted(self.cloud.parts[name].get(way, ()), key=lambda entry: int(entry["rule"])):
            block = IPv4Network(entry["from"] if way == "ingress" else entry["to"])
            if peer in block and _takes({"protocol": "all", **entry}, packet):
                if entry.get("action", "allow") == "allow":
                    return
                break
        raise DroppedError(f"{name} {way}")

    def _table(self, subnet: str) -> list[tuple[IPv4Network, int, str]]:
        """Return (block, precedence, target) rows: local ones, then as written."""
        vpc = self._vpc(subnet)
        rows = [(block, 0, "local") for block in self.cloud.blocks(vpc)]
        tables = self.cloud.of("route_table")
        name = self.cloud.parts[subnet].get("route_table")
        if name is None:
            name = next((key for key, body in tables.items() if body["vpc"] == vpc and body.get("main")), None)
        for route in tables[name].get("routes", ()) if name else ():
            target = "blackhole" if route.get("state") == "blackhole" else route["via"]
            precedence = 2 if route.get("origin") == "propagated" else 1
            rows += [(block, precedence, target) for block in self.cloud.networks(route["to"])]
        return rows

    def _route(self, subnet: str, packet: Packet) -> None:
        """The most specific row decides; of equal ones local, static, propagated (VPC User Guide, 'Route
        priority')."""
        packet = self._counted(packet)
        rows = [row for row in self._table(subnet) if packet.destination in row[0]]
        if not rows:
            raise DroppedError("no route")
        target = min(rows, key=lambda row: (-row[0].prefixlen, row[1]))[2]
        if target == "local":
            self._deliver(self._vpc(subnet), subnet, packet)
            return
        kind = "blackhole" if target == "blackhole" else self.cloud.parts[target]["kind"]
        if kind == "internet_gateway":
            self._internet_gateway(subnet, packet)
        elif kind == "nat_gateway":
            self._nat_gateway(subnet, target, packet)
        elif kind == "ec2":
            self._nat_instance(subnet, self.cloud.interfaces[target], packet)
        elif kind == "vpc_peering_connection":
            self._peering(subnet, target, packet)
        elif kind == "transit_gateway":
            self._transit(subnet, target, packet)
        else:
            raise DroppedError("a blackhole")

    def _deliver(self, vpc: str, origin: str | None, packet: Packet) -> None:
        """Hand a packet to the interface of the VPC that has its address."""
        interface = self.cloud.at(vpc, packet.destination)
        if interface is None:
            raise DroppedError("nobody has the address")
        if interface.subnet != origin:
            self._acl(interface.subnet, packet, "ingress")
        self.into(interface, packet)

    def _counted(self, packet: Packet) -> Packet:
        if packet.steps > ENDLESS:
            raise DroppedError("round in a circle")
        return replace(packet, steps=packet.steps + 1)

    # -- the internet -----------------------------------------------------------------------------

    def _internet_gateway(self, subnet: str, packet: Packet) -> None:
        """VPC User Guide, 'Internet gateways': one-to-one NAT for interfaces with a public address."""
        if any(packet.destination in block for block in NOT_ON_THE_INTERNET):
            raise DroppedError("a private destination")
        interface = self.cloud.at(self._vpc(subnet), packet.source)
        public = interface.publics.get(packet.source) if interface else None
        if public is None:
            raise DroppedError("no public address")
        self.over_the_internet(replace(packet, source=public, sender=None))

    def over_the_internet(self, packet: Packet) -> None:
        """A packet between public addresses."""
        packet = replace(packet, over="internet", sender=None)
        origin = self.question.source
        outside = "8.8.8.8" if origin == "internet" else origin
        if self.replying and origin not in self.cloud.interfaces and str(packet.destination) == outside:
            self._home(packet)
            return
        held = self.cloud.with_public(packet.destination)
        if held is not None:
            interface, private = held
            if self.cloud.internet_gateway(interface.vpc) is None:
                raise DroppedError("no internet gateway")
            self._deliver(interface.vpc, None, replace(packet, destination=private))
        elif any(packet.destination in block for block in NOT_ON_THE_INTERNET) or self.replying:
            raise DroppedError("nobody there")
        elif packet.destination in self.cloud.idle():
            raise DroppedError("a public address that stands for nothing")
        else:
            self.replying = True
            self.over_the_internet(_reply(packet, None))

    # -- NAT --------------------------------------------------------------------------------------

    def _nat_gateway(self, subnet: str, name: str, packet: Packet) -> None:
        """VPC User Guide, 'NAT gateways': TCP, UDP and ICMP, from other subnets; no unsolicited connections."""
        nat = self.cloud.interfaces.get(name)
        if nat is None:
            raise DroppedError("the NAT gateway is gone")
        if nat.subnet != subnet:
            self._acl(nat.subnet, packet, "ingress")
        if packet.protocol not in (1, 6, 17):
            raise DroppedError("a protocol that NAT gateways do not take")
        if self.replying:
            raise DroppedError("a NAT gateway has seen no connection that this answers")
        rows = [row for row in self._table(nat.subnet) if packet.destination in row[0]]
        if rows and min(rows, key=lambda row: (-row[0].prefixlen, row[1]))[2] == name:
            raise DroppedError("back into the NAT gateway")
        self.from_inside(nat.subnet, self._translate(nat, packet))

    def _translate(self, nat: Interface, packet: Packet) -> Packet:
        if any(key[0] == nat.name for key in self.translated):
            # Routes look at the destination alone, and that is still the same: it would come again for ever.
            raise DroppedError("round in a circle")
        has_ports = packet.protocol in (6, 17)
        port = self.choices.pick(self._interesting(*ANY_CLIENT_PORTS)) if has_ports else 0
        after = replace(packet, source=nat.addresses[0], source_port=port, sender=nat, over="vpc")
        self.translated[(nat.name, port, packet.protocol, packet.destination, packet.port)] = packet
        return after

    def _session(self, nat: Interface, packet: Packet) -> Packet | None:
        return self.translated.get((nat.name, packet.port, packet.protocol, packet.source, packet.source_port))

    def _back_through_nat(self, nat: Interface, packet: Packet) -> None:
        before = self._session(nat, packet) if self.replying else None
        if before is None:
            raise DroppedError("NAT knows no such connection")
        after = replace(packet, destination=before.source, port=before.source_port, over="vpc", sender=None)
        if nat.role == "nat_instance":
            self._groups(nat, after, "egress")
        self.from_inside(nat.subnet, after)

    def _nat_instance(self, subnet: str, nat: Interface, packet: Packet) -> None:
        """VPC User Guide, 'NAT instances': an instance with the source/destination check off."""
        if nat.role != "nat_instance":
            raise OutOfScopeError("an appliance")
        if nat.subnet != subnet:
            self._acl(nat.subnet, packet, "ingress")
        if not nat.running or nat.checks:
            raise DroppedError("source/destination check")
        self._groups(nat, packet, "ingress")
        if self.replying:
            raise DroppedError("a NAT instance has seen no connection that this answers")
        self.out_of(nat, self._translate(nat, packet))

    # -- peering and transit gateways -------------------------------------------------------------

    def _peering(self, subnet: str, name: str, packet: Packet) -> None:
        """VPC Peering Guide, 'Limitations': between the two VPCs' own addresses, no transit."""
        body = self.cloud.parts[name]
        here = self._vpc(subnet)
        there = body["accepter"] if body["requester"] == here else body["requester"]
        if here not in (body["requester"], body["accepter"]) or not self.cloud.peering_works(name):
            raise DroppedError("the peering does not carry it")
        if not (self.cloud.in_vpc(here, packet.source) and self.cloud.in_vpc(there, packet.destination)):
            raise DroppedError("peering is not transitive")
        self._deliver(there, None, replace(packet, over="peering"))

    def _transit(self, subnet: str, gateway: str, packet: Packet) -> None:
        """Transit Gateway guide, 'VPC attachments' and 'Network ACLs': in by the interface of the packet's zone."""
        attachment = self._attachment(gateway, self._vpc(subnet))
        if attachment is None or attachment.get("state", "available") != "available":
            raise DroppedError("not attached")
        zone = self.cloud.zone_of(subnet)
        entry = next((item for item in attachment["subnets"] if self.cloud.zone_of(item) == zone), None)
        if entry is None:
            raise DroppedError("the attachment has no interface in this zone")
        if entry != subnet:
            self._acl(entry, packet, "ingress")
        self._at_transit(gateway, attachment, packet, zone)

    def _attachment(self, gateway: str, vpc: str) -> Body | None:
        found = self.cloud.of("transit_gateway_attachment").values()
        return next((a for a in found if a["transit_gateway"] == gateway and a.get("vpc") == vpc), None)

    def _at_transit(self, gateway: str, entry: Body, packet: Packet, zone: str) -> None:
        """The table that the attachment is associated with decides: longest prefix, static before propagated."""
        packet = self._counted(packet)
        here = "route_table" if entry["transit_gateway"] == gateway else "peer_route_table"
        table = entry[here]
        if table == "none":
            raise DroppedError("not associated")
        rows = [row for row in self._transit_table(table) if packet.destination in row[0]]
        if not rows:
            raise DroppedError("no route at the transit gateway")
        best = min((-row[0].prefixlen, row[1]) for row in rows)
        targets = {row[2] for row in rows if (-row[0].prefixlen, row[1]) == best}
        if len(targets) > 1:
            raise OutOfScopeError("equal rows")
        target = targets.pop()
        if target == "blackhole":
            raise DroppedError("a blackhole at the transit gateway")
        leaving = self.cloud.parts[target]
        if leaving.get("state", "available") != "available":
            raise DroppedError("the attachment does not work")
        once = packet.over in self.cloud.of("transit_gateway") or packet.over == "transit twice"
        packet = replace(packet, over="transit twice" if once else gateway)
        if "peer" in leaving:
            there = leaving["peer"] if leaving["transit_gateway"] == gateway else leaving["transit_gateway"]
            self._at_transit(there, leaving, packet, "")
            return
        exits = sorted(leaving["subnets"])
        chosen = next((item for item in exits if self.cloud.zone_of(item) == zone), exits[0])
        if packet.destination in self.cloud.subnet_block(chosen):
            self._deliver(leaving["vpc"], None, packet)
        else:
            self.from_inside(chosen, packet)

    def _transit_table(self, name: str) -> list[tuple[IPv4Network, int, str]]:
        body = self.cloud.parts[name]
        rows = []
        for route in body.get("routes", ()):
            rows += [(block, 0, str(route["via"])) for block in self.cloud.networks(route["to"])]
        for attachment in body.get("propagations", ()):
            vpc = self.cloud.parts[attachment].get("vpc")
            if vpc and self.cloud.parts[attachment].get("state", "available") == "available":
                rows += [(block, 1, attachment) for block in self.cloud.blocks(vpc)]
        return rows

    # -- balancers --------------------------------------------------------------------------------

    def _at_balancer(self, node: Interface, packet: Packet) -> None:
        """NLB guide: a listener takes the connection, a node chooses a target of its own zone, or of all
        zones where cross-zone is on."""
        if self.replying:
            known = self.balanced.get((packet.source, packet.source_port, packet.destination, packet.port))
            if known is None:
                raise DroppedError("the balancer knows no such connection")
            self._back_through_balancer(known[0], known[1], packet)
            return
        name = node.name.partition(":")[0]
        body = self.cloud.parts[name]
        listener = next((item for item in body["listeners"] if item["port"] == packet.port), None)
        if packet.protocol != 6 or listener is None:
            raise DroppedError("no listener")
        group = self.cloud.parts[listener["forward"]]
        zones = {self.cloud.zone_of(subnet) for subnet in body["subnets"]}
        mine = self.cloud.zone_of(node.subnet)
        targets = [self._target(target, group["vpc"]) for target in group["targets"]]
        usable = [
            target
            for target in targets
            if self.cloud.zone_of(target.subnet) in (zones if body.get("cross_zone") else {mine})
        ]
        # An unhealthy target is not used while a healthy one is left; a stopped one is unhealthy.
        usable = [target for target in usable if target.running] or usable
        if not usable:
            raise DroppedError("no target")
        target = self.choices.pick(usable)
        keeps = group.get("preserve_client_ip", group["target_type"] == "instance")
        sent = replace(packet, destination=target.addresses[0], port=group["port"], over=name)
        if keeps:
            if packet.source in target.addresses:
                raise DroppedError("a target that is its own client drops its own address")
        else:
            port = self.choices.pick(self._interesting(*ANY_CLIENT_PORTS))
            sent = replace(sent, source=node.addresses[0], source_port=port)
        self.balanced[(sent.destination, sent.port, sent.source, sent.source_port)] = (node, packet)
        self._groups(node, sent, "egress")
        self.from_inside(node.subnet, sent)

    def _target(self, written: str, vpc: str) -> Interface:
        if written in self.cloud.interfaces:
            return self.cloud.interfaces[written]
        found = self.cloud.at(vpc, IPv4Address(written))
        if found is None:
            raise OutOfScopeError("a target outside the VPC")
        return found

    def _back_through_balancer(self, node: Interface, before: Packet, packet: Packet) -> None:
        if before.source == packet.destination:
            self._groups(node, packet, "ingress")
        after = replace(
            packet,
            source=before.destination,
            source_port=before.port,
            destination=before.source,
            port=before.source_port,
            over="vpc",
            sender=node,
        )
        self._groups(node, after, "egress")
        self.from_inside(node.subnet, after)


def _reply(packet: Packet, sender: Interface | None) -> Packet:
    icmp = (0, 0) if packet.icmp == (8, 0) else packet.icmp
    return Packet(packet.destination, packet.source, packet.protocol, packet.port, packet.source_port, icmp, sender)


def _ports(rule: Body) -> tuple[int, int]:
    written = rule.get("port")
    if written is None:
        return 0, 65535
    first, _, last = str(written).partition("-")
    return int(first), int(last or first)


def _takes(rule: Body, packet: Packet) -> bool:
    """Whether a rule's protocol, ICMP type and code, and port take a packet."""
    protocol = str(rule.get("protocol", "tcp"))
    if protocol == "all":
        return True
    if (PROTOCOLS.get(protocol) or int(protocol)) != packet.protocol:
        return False
    if packet.protocol == 1:
        return bool(rule.get("icmp_type", packet.icmp[0]) == packet.icmp[0])
    if packet.protocol not in (6, 17):
        return True
    first, last = _ports(rule)
    return first <= packet.port <= last
