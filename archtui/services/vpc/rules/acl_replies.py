"""NET018: a network ACL lets replies through for what it lets through."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from archtui.check.finding import Finding
from archtui.check.rule import ComponentRule, properties
from archtui.model.component import Component, Json
from archtui.model.edits import Edit, append_to
from archtui.services.elb.properties import LoadBalancerProperties
from archtui.services.examples import PUBLIC_NETWORK
from archtui.services.lookups import as_kind, network, overlap
from archtui.services.vpc.acl import (
    EPHEMERAL,
    LINUX,
    Direction,
    PortRange,
    about,
    allowed,
    block_of,
    entries_of,
    free_number,
    hides,
    missing,
    ports_of,
    ports_text,
)
from archtui.services.vpc.lookups import blocks_of, subnets_of, within
from archtui.services.vpc.properties import (
    AclEntry,
    NatGatewayProperties,
    NetworkAclProperties,
    SubnetProperties,
)
from archtui.world.world import World

_BACK: dict[Direction, Direction] = {"ingress": "egress", "egress": "ingress"}


class RepliesBlocked(ComponentRule):
    """A network ACL that lets requests through and not the replies to them."""

    id = "NET018"
    title = "Network ACL lets requests through but blocks the replies"
    severity = "error"
    class_ = "reachability"
    kinds = ("network_acl",)
    why = (
        "A network ACL keeps no state: replies need an entry of their own. They go to the port the client asked from, "
        "1024-65535 for NAT gateways, load balancers and clients of any make, 32768-60999 for Linux."
    )
    fix = "Allow TCP 1024-65535 in the other direction, towards the same block."
    sources = (
        "https://docs.aws.amazon.com/vpc/latest/userguide/custom-network-acl.html",
        "https://docs.aws.amazon.com/vpc/latest/userguide/nacl-basics.html",
    )
    facts = ("nacl-stateless-01", "nacl-ephemeral-01")
    example_bad = PUBLIC_NETWORK.replace("route_table: public}", "route_table: public, nacl: edge}", 1) + (
        "  edge:\n"
        "    kind: network_acl\n"
        "    vpc: vpc\n"
        "    ingress: [{rule: 100, protocol: tcp, port: 443, from: 0.0.0.0/0}]\n"
        "    egress: [{rule: 100, protocol: tcp, port: 443, to: 0.0.0.0/0}]\n"
    )
    example_good = example_bad.replace(
        "    ingress: [{rule: 100, protocol: tcp, port: 443, from: 0.0.0.0/0}]\n"
        "    egress: [{rule: 100, protocol: tcp, port: 443, to: 0.0.0.0/0}]\n",
        "    ingress:\n"
        "      - {rule: 100, protocol: tcp, port: 443, from: 0.0.0.0/0}\n"
        "      - {rule: 110, protocol: tcp, port: 1024-65535, from: 0.0.0.0/0}\n"
        "    egress:\n"
        "      - {rule: 100, protocol: tcp, port: 443, to: 0.0.0.0/0}\n"
        "      - {rule: 110, protocol: tcp, port: 1024-65535, to: 0.0.0.0/0}\n",
    )
    example_finds = ("edge", "public-a")

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Look, for each block that requests come from or go to, at the ports of the replies."""
        acl = properties(component, NetworkAclProperties)
        subnets = tuple(
            edge.source for edge in world.referrers(component.id) if world.kind(edge.source).name == "subnet"
        )
        if not subnets:
            return
        for direction in ("ingress", "egress"):
            yield from self._direction(world, component.id, acl, direction, subnets)

    def _direction(
        self, world: World, name: str, acl: NetworkAclProperties, direction: Direction, subnets: tuple[str, ...]
    ) -> Iterator[Finding]:
        requests: dict[str, list[tuple[int, AclEntry]]] = {}
        entries = entries_of(acl, direction)
        for index, entry in enumerate(entries):
            if _is_request(entry) and not any(hides(other, entry) for other in entries):
                requests.setdefault(block_of(entry), []).append((index, entry))
        for block, asked in requests.items():
            if _stays_inside(world, block, subnets):
                continue
            wanted = _client_ports(world, acl.vpc, block, direction, subnets)
            back = entries_of(acl, _BACK[direction])
            opened = [allowed(back, part, wanted) for part in _parts(world, acl.vpc, block, subnets)]
            lost = next((shut for ports in opened if (shut := missing(ports, wanted))), ())
            if lost:
                yield self._finding(world, name, direction, block, asked, wanted, lost, subnets)

    def _finding(
        self,
        world: World,
        name: str,
        direction: Direction,
        block: str,
        asked: list[tuple[int, AclEntry]],
        wanted: PortRange,
        lost: Iterable[PortRange],
        subnets: tuple[str, ...],
    ) -> Finding:
        services = ", ".join(ports_text(ports_of(entry)) for _, entry in asked)
        shut = ", ".join(ports_text(ports) for ports in lost)
        if direction == "ingress":
            what = f"lets TCP {services} in from {block} but no reply out to port{'s' if '-' in shut else ''} {shut}"
        else:
            what = f"lets TCP {services} out to {block} but no reply in to port{'s' if '-' in shut else ''} {shut}"
        acl = as_kind(world, name, NetworkAclProperties)
        number = free_number(entries_of(acl, _BACK[direction]), block, wanted) if acl else None
        return self.finding(
            name,
            *subnets,
            message=f"{name} {what}.",
            path=(direction, asked[0][0]),
            fixable=number is not None,
            detail=(direction, block, ports_text(wanted), *wanted),
        )

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Add an entry for the replies, before any that denies them."""
        acl = as_kind(world, finding.subject, NetworkAclProperties)
        if acl is None:
            return ()
        direction: Direction = "egress" if finding.detail[0] == "ingress" else "ingress"
        block, text = str(finding.detail[1]), str(finding.detail[2])
        ports = (int(finding.detail[3]), int(finding.detail[4]))
        number = free_number(entries_of(acl, direction), block, ports)
        if number is None:
            return ()
        side = "to" if direction == "egress" else "from"
        entry: dict[str, Json] = {"rule": number, "action": "allow", "protocol": "tcp", "port": text, side: block}
        edit = append_to(world.blueprint, finding.subject, (direction,), entry)
        way = "out to" if direction == "egress" else "in from"
        return (Edit(f"let replies on ports {text} {way} {block} in {finding.subject}", edit.operations),)


def _parts(world: World, vpc: str, block: str, subnets: tuple[str, ...]) -> tuple[str, ...]:
    """Return what of ``block`` there is to talk to: inside the VPC the other subnets that hold something."""
    if not any(within(block, home) for home in blocks_of(world, vpc)):
        return (block,)
    alone = subnets if len(subnets) == 1 else ()
    held: list[str] = []
    for subnet in subnets_of(world, vpc):
        used = any(edge.role == "in" for edge in world.referrers(subnet.id))
        if used and subnet.id not in alone and _meets(world, subnet.id, block):
            cidr = properties(subnet, SubnetProperties).cidr
            held.append(cidr if within(cidr, block) else block)
    return tuple(dict.fromkeys(held)) or (block,)


def _is_request(entry: AclEntry) -> bool:
    """Say whether an entry is about a service: replies go to ports from 1024 up, so a lower one is asked for."""
    low, high = ports_of(entry)
    return entry.action == "allow" and about(entry, "tcp") and (low < EPHEMERAL[0] or low == high)


def _stays_inside(world: World, block: str, subnets: tuple[str, ...]) -> bool:
    """Say whether ``block`` is inside the ACL's only subnet, whose inner traffic the ACL never sees."""
    home = as_kind(world, subnets[0], SubnetProperties) if len(subnets) == 1 else None
    return home is not None and within(block, home.cidr)


def _client_ports(world: World, vpc: str, block: str, direction: Direction, subnets: tuple[str, ...]) -> PortRange:
    """Return the ports the clients ask from: those of ``block`` for requests in, those of the subnets for requests out.

    Only where nothing but instances stands is it Linux's range; load balancers, NAT gateways and
    whatever is outside the VPC use more.
    """
    if direction == "egress":
        return EPHEMERAL if any(_holds_wide_client(world, name) for name in subnets) else LINUX
    if not any(within(block, home) for home in blocks_of(world, vpc)):
        return EPHEMERAL
    inside = [subnet.id for subnet in subnets_of(world, vpc) if _meets(world, subnet.id, block)]
    return EPHEMERAL if any(_holds_wide_client(world, name) for name in inside) else LINUX


def _meets(world: World, subnet: str, block: str) -> bool:
    properties = as_kind(world, subnet, SubnetProperties)
    return properties is not None and network(block).version == 4 and overlap(properties.cidr, block)


def _holds_wide_client(world: World, subnet: str) -> bool:
    return any(
        isinstance(world.components[edge.source].properties, LoadBalancerProperties | NatGatewayProperties)
        for edge in world.referrers(subnet)
        if edge.role == "in"
    )
