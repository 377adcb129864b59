"""Is every rule of the packet engine needed? Switch one off at a time and count the answers that change.

Run ``python -m tests.benchmarks.ablation`` from the repository's root. ``measured`` counts the answers that live AWS
gave (they need ``../shared/truth``), ``random`` those to flows over the random networks on which the reference
interpreter agrees with the whole engine. A rule that neither needs is held up by the tests of single designs alone.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from unittest.mock import patch

from archtui.model.blueprint import Blueprint
from archtui.network import balancers, engine, filters, gateways, transit, walk
from archtui.network.addresses import Address
from archtui.network.builder import compile_network
from archtui.network.ends import End
from archtui.network.filters import AclDecision
from archtui.network.flow import Flow, Packet, PortRange
from archtui.network.model import (
    Balances,
    GroupRule,
    Host,
    Interface,
    InternetGateway,
    NatGateway,
    Network,
    NodeGroup,
    NodeTarget,
    Peering,
    ServiceGateway,
    Silent,
    Subnet,
    TransitAttachment,
    TransitRoute,
    Translates,
)
from archtui.network.routes import ordered
from archtui.services import registry
from archtui.world.compiler import compile_world
from archtui.world.steps import Verdict
from archtui.world.world import World
from tests.labs import MEASURED, Lab, lab_names, load_lab
from tests.rich_networks import REGIONS, flows, rich

DESIGNS, FLOWS = 60, 60
"""How many random networks are asked, and how many flows of each."""

Patch = Callable[[ExitStack], None]


def _replacing(target: object, name: str, new: object) -> Patch:
    def apply(stack: ExitStack) -> None:
        stack.enter_context(patch.object(target, name, new))

    return apply


def _changed_network(change: Callable[[Network], Network]) -> Patch:
    """Patch what the engine sees as the compiled network."""
    known: dict[int, Network] = {}

    def network_of(world: World) -> Network:
        if id(world) not in known:
            known[id(world)] = change(world.part(compile_network))
        return known[id(world)]

    return _replacing(engine, "network_of", network_of)


def _interfaces(change: Callable[[Interface], Interface]) -> Callable[[Network], Network]:
    def apply(network: Network) -> Network:
        return replace(network, interfaces={name: change(item) for name, item in network.interfaces.items()}, cache={})

    return apply


def _all_hosts(interface: Interface) -> Interface:
    mute = isinstance(interface.answer, Silent | Translates | Balances)
    return replace(interface, answer=Host()) if mute else interface


def _no_return(self: walk.Walk, interface: Interface, _: Packet) -> None:
    self.delivered, self.done = interface.component, True


def _no_return_outside(self: walk.Walk, component: str, *_: object) -> None:
    self.delivered, self.done = component, True


def _no_returns(stack: ExitStack) -> None:
    stack.enter_context(patch.object(walk.Walk, "deliver", _no_return))
    stack.enter_context(patch.object(walk.Walk, "deliver_outside", _no_return_outside))


_emerge = walk.Walk.emerge


def _acl_inside(self: walk.Walk, subnet: Subnet, packet: Packet) -> None:
    if packet.destination in subnet.block:
        self.filter_acl(subnet, packet, "egress")
        self.filter_acl(subnet, packet, "ingress")
    _emerge(self, subnet, packet)


def _no_acl(*_: object) -> AclDecision:
    return AclDecision(((0, 0),), ())  # type: ignore[arg-type]


def _no_tracking(self: walk.Walk, interface: Interface, packet: Packet, at: filters.Direction) -> None:
    if interface.groups is not None and filters.admitting_rule(self.network, interface, packet, at) is None:
        self.block(interface.component, "ENI_SG_RULES_MISMATCH")


def _no_group(self: walk.Walk, *_: object) -> None:
    """Let everything pass."""


def _any_zone(network: Network, attachment: TransitAttachment, _: str) -> Subnet | None:
    return next((network.subnets[name] for name in attachment.subnets if name in network.subnets), None)


def _no_preservation(network: Network) -> Network:
    return replace(
        network,
        balancers={
            name: replace(
                balancer,
                groups={key: replace(group, preserves_client=False) for key, group in balancer.groups.items()},
            )
            for name, balancer in network.balancers.items()
        },
    )


def _all_preserved(network: Network) -> Network:
    return replace(
        network,
        balancers={
            name: replace(
                balancer,
                groups={key: replace(group, preserves_client=True) for key, group in balancer.groups.items()},
            )
            for name, balancer in network.balancers.items()
        },
    )


def _all_targets(_: object, __: object, group: NodeGroup, ___: str) -> list[NodeTarget]:
    return list(group.targets)


def _unsorted_acls(network: Network) -> Network:
    return replace(
        network,
        nacls={
            name: replace(
                nacl,
                ingress=tuple(sorted(nacl.ingress, key=lambda entry: entry.path)),
                egress=tuple(sorted(nacl.egress, key=lambda entry: entry.path)),
            )
            for name, nacl in network.nacls.items()
        },
    )


def _states_ignored(network: Network) -> Network:
    """Everything works: what is deleted, failed, stopped or pending too."""
    routes = {
        name: replace(table, routes=tuple(replace(row, active=True) for row in table.routes))
        for name, table in network.tables.items()
    }
    transit = {
        name: replace(table, routes=tuple(replace(row, active=True) for row in table.routes))
        for name, table in network.transit_tables.items()
    }
    return replace(
        network,
        tables=routes,
        transit_tables=transit,
        gateways={
            name: item if isinstance(item, InternetGateway) else replace(item, state="")
            for name, item in network.gateways.items()
        },
        attachments={name: replace(item, state="") for name, item in network.attachments.items()},
        interfaces={name: replace(item, state="") for name, item in network.interfaces.items()},
        cache={},
    )


def _rows_as_written(network: Network) -> Network:
    """The first row that holds the destination decides, in the order of the document."""
    return replace(
        network,
        tables={
            name: replace(table, routes=tuple(sorted(table.routes, key=lambda row: row.path)))
            for name, table in network.tables.items()
        },
    )


def _blackholes_passed_over(network: Network) -> Network:
    """A row that leads nowhere is not there: the next one decides."""
    return replace(
        network,
        tables={
            name: replace(table, routes=tuple(row for row in table.routes if row.active and row.target != "blackhole"))
            for name, table in network.tables.items()
        },
        transit_tables={
            name: replace(table, routes=tuple(row for row in table.routes if row.active and row.attachments))
            for name, table in network.transit_tables.items()
        },
    )


def _no_prefix_lists(network: Network) -> Network:
    """Rows for a service's addresses, which gateway endpoints bring, are not understood."""
    return replace(
        network,
        tables={
            name: replace(
                table,
                routes=tuple(
                    row for row in table.routes if not isinstance(network.gateways.get(row.target), ServiceGateway)
                ),
            )
            for name, table in network.tables.items()
        },
    )


def _one_transit_table(network: Network) -> Network:
    """A transit gateway routes by the rows of all its tables, whatever the association."""
    rows: dict[str, list[TransitRoute]] = {}
    for table in network.transit_tables.values():
        rows.setdefault(table.gateway, []).extend(table.routes)
    return replace(
        network,
        transit_tables={
            name: replace(table, routes=ordered(rows[table.gateway])) for name, table in network.transit_tables.items()
        },
        attachments={
            name: replace(
                item,
                table=item.table
                or next((t.id for t in network.transit_tables.values() if t.gateway == item.gateway), ""),
            )
            for name, item in network.attachments.items()
        },
    )


def _no_group_references(network: Network) -> Network:
    return replace(network, members={}, cache={})


def _references_everywhere(
    network: Network, rule: GroupRule, interface: Interface, address: Address, carried: str
) -> bool:
    """A reference holds for whoever is behind the address, however the packet came."""
    holder = network.by_public.get(address)
    member = holder is not None and rule.group in (network.interfaces[holder].groups or ())
    return (
        member
        or bool(network.members.get(rule.group, {}).get(address))
        or _refers(network, rule, interface, address, carried)
    )


_refers = filters.refers


def _transitive(walk_: walk.Walk, peering: Peering, subnet: Subnet, packet: Packet) -> None:
    """A peering hands everything to the other VPC, whose route table sends it on."""
    there = peering.sides[1] if peering.sides[0] == subnet.vpc else peering.sides[0]
    beyond = next((item for item in walk_.network.subnets.values() if item.vpc == there), None)
    if beyond is None or packet.destination in walk_.network.vpcs[there]:
        _through_peering(walk_, peering, subnet, packet)
    else:
        walk_.route(beyond, packet._replace(carried=f"peering:{peering.id}"))


_through_peering = gateways.through_peering


def _unsolicited(walk_: walk.Walk, interface: Interface, nat: str, packet: Packet) -> None:
    """A NAT gateway answers whatever comes to it."""
    if walk_.sessions.get(interface.id) is None or not walk_.returning:
        walk_.deliver(interface, packet)
    else:
        _at_nat(walk_, interface, nat, packet)


_at_nat = gateways.at_nat


def _nat_keeps_source(
    walk_: walk.Walk,
    gateway: NatGateway,
    subnet: Subnet,
    packet: Packet,
    on_internet: Callable[[walk.Walk, Packet], None],
) -> None:
    """A NAT gateway passes packets on as they are."""
    interface = walk_.network.interfaces.get(gateway.interface)
    if interface is None:
        _through_nat(walk_, gateway, subnet, packet, on_internet)
    else:
        walk_.emerge(walk_.network.subnets[interface.subnet], packet)


_through_nat = gateways.through_nat


def _without_code(*codes: str) -> Patch:
    """Take the blockers of some codes for nothing, where the walk goes on behind them."""

    def apply(stack: ExitStack) -> None:
        block = walk.Walk.block

        def spare(self: walk.Walk, component: str, code: str) -> None:
            if code not in codes:
                block(self, component, code)

        stack.enter_context(patch.object(walk.Walk, "block", spare))

    return apply


def _fixed_ports(flow: Flow, source: End) -> tuple[PortRange, PortRange, int]:
    """A client sends from the very port it asks for."""
    sending, receiving, protocol = _header_of(flow, source)
    return (receiving if protocol in (6, 17) else sending), receiving, protocol


_header_of = engine.header_of


RULES: dict[str, Patch] = {
    "the reply's way": _no_returns,
    "the reply comes from the address asked": _without_code("REPLY_FROM_OTHER_ADDRESS"),
    "network ACLs": _replacing(filters, "decide_acl", _no_acl),
    "ACLs only at the subnet's edge": _replacing(walk.Walk, "emerge", _acl_inside),
    "ACL entries by number": _changed_network(_unsorted_acls),
    "replies to ephemeral ports": _replacing(engine, "header_of", _fixed_ports),
    "security groups": _replacing(walk.Walk, "filter_group", _no_group),
    "groups track connections": _replacing(walk.Walk, "filter_group", _no_tracking),
    "references to groups": _changed_network(_no_group_references),
    "references are lost on the way (NAT, gateways)": _replacing(filters, "refers", _references_everywhere),
    "longest prefix first": _changed_network(_rows_as_written),
    "a blackhole wins like any row": _changed_network(_blackholes_passed_over),
    "prefix lists in route tables": _changed_network(_no_prefix_lists),
    "1:1 NAT at the internet gateway": _changed_network(
        lambda network: replace(_interfaces(lambda item: replace(item, publics={}))(network), by_public={})
    ),
    "a public address to leave by the gateway": _without_code("IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS"),
    "released addresses answer nobody": _changed_network(lambda network: replace(network, idle_publics={})),
    "states: deleted, failed, stopped, pending": _changed_network(_states_ignored),
    "NAT gateways translate": _replacing(gateways, "through_nat", _nat_keeps_source),
    "NAT gateways answer nothing themselves": _replacing(
        engine, "WAYS", replace(gateways.WAYS, nat_reply=_unsolicited)
    ),
    "source/destination check": _without_code("ENI_SOURCE_DEST_CHECK_RESTRICTION"),
    "peering is not transitive": _replacing(gateways, "through_peering", _transitive),
    "not every interface is a host": _changed_network(_interfaces(_all_hosts)),
    "one machine, several interfaces": _changed_network(_interfaces(lambda item: replace(item, machine=item.id))),
    "balancers keep the client (instances)": _changed_network(_no_preservation),
    "balancers hide the client (addresses)": _changed_network(_all_preserved),
    "a target that is its own client": _without_code("ELBV2_SOURCE_ADDRESS_PRESERVATION"),
    "zones and health of targets": _replacing(balancers, "usable", _all_targets),
    "zones of attachments": _replacing(transit, "in_zone", _any_zone),
    "association with a transit table": _changed_network(_one_transit_table),
    "services answer on their ports": _replacing(gateways, "_service_answers", lambda *_: True),
}
"""Each rule with what switches it off: patches from outside, the product knows nothing of them."""


@contextmanager
def without(name: str) -> Iterator[None]:
    """Switch a rule off."""
    with ExitStack() as stack:
        RULES[name](stack)
        yield


def answers(lab: Lab) -> dict[str, Verdict]:
    """Return the verdict of each probe of a lab."""
    found: dict[str, Verdict] = {}
    for probe in lab.flows:
        port = probe.get("port")
        flow = Flow(
            str(probe["from"]), str(probe["to"]), str(probe["protocol"]), port if isinstance(port, int) else None
        )
        found[str(probe["id"])] = engine.decide(lab.world, flow).verdict
    return found


def sample(designs: int, first: int = 0) -> list[tuple[World, list[Flow]]]:
    """Return random networks with flows to ask about."""
    found = []
    for seed in range(first, first + designs):
        made = rich(seed)
        data = {"blueprint": "random", "region": REGIONS[0], "components": made.parts}
        asked = [Flow(item.source, item.destination, item.protocol, item.port) for item in flows(made, FLOWS)]
        found.append((compile_world(Blueprint.build(data, registry())), asked))  # type: ignore[arg-type]
    return found


def verdicts(networks: list[tuple[World, list[Flow]]]) -> list[Verdict]:
    """Return the verdict of each flow of a sample."""
    return [engine.decide(world, flow).verdict for world, asked in networks for flow in asked]


def _changes(before: dict[str, Verdict], after: dict[str, Verdict]) -> int:
    return sum(old is not after[name] for name, old in before.items())


def _contradictions(lab: Lab, found: dict[str, Verdict]) -> int:
    """Count the answers that say the opposite of what AWS answered."""
    return sum(
        verdict is not Verdict.UNKNOWN and (verdict is Verdict.REACHABLE) is not lab.answers[name]
        for name, verdict in found.items()
    )


def main() -> int:
    """Print the table."""
    labs = [load_lab(name) for name in lab_names()] if MEASURED.is_dir() else []
    if not labs:
        print("the measured answers are not here (../shared/truth): random flows alone", file=sys.stderr)
    before = {lab.name: answers(lab) for lab in labs}
    measured = sum(verdict is not Verdict.UNKNOWN for found in before.values() for verdict in found.values())
    networks = sample(DESIGNS)
    expected = verdicts(networks)
    print(f"{measured} decided answers of {len(labs)} labs, {len(expected)} random flows over {DESIGNS} networks")
    print(f"{'rule switched off':48} {'measured':>8} {'wrong':>6} {'random':>7}  labs")
    for name in ["none", *RULES]:
        with ExitStack() as stack:
            if name != "none":
                stack.enter_context(without(name))
            found = {lab.name: answers(lab) for lab in labs}
            changed_random = sum(old is not new for old, new in zip(expected, verdicts(networks), strict=True))
        counts = {lab.name: _changes(before[lab.name], found[lab.name]) for lab in labs}
        wrong = sum(_contradictions(lab, found[lab.name]) for lab in labs)
        where = ", ".join(f"{lab.removeprefix('aws_')} {count}" for lab, count in counts.items() if count)
        print(f"{name:48} {sum(counts.values()):8} {wrong:6} {changed_random:7}  {where}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
