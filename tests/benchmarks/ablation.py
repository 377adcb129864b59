"""Is every rule of the packet engine needed? Switch one off at a time and count the answers that change.

Run ``python -m tests.benchmarks.ablation`` from the repository's root; it needs ``../shared/truth``. A rule
whose absence changes no measured answer is one that the unit tests alone hold up.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from unittest.mock import patch

from archtui.network import balancers, engine, filters, gateways, transit, walk
from archtui.network.builder import compile_network
from archtui.network.filters import AclDecision
from archtui.network.flow import Flow, Packet
from archtui.network.model import (
    Balances,
    Host,
    Interface,
    Network,
    NodeGroup,
    NodeTarget,
    Silent,
    Subnet,
    TransitAttachment,
    Translates,
)
from archtui.world.steps import Verdict
from archtui.world.world import World
from tests.labs import MEASURED, Lab, lab_names, load_lab

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


RULES: dict[str, Patch] = {
    "the reply's way": _no_returns,
    "network ACLs": _replacing(filters, "decide_acl", _no_acl),
    "ACLs only at the subnet's edge": _replacing(walk.Walk, "emerge", _acl_inside),
    "ACL entries by number": _changed_network(_unsorted_acls),
    "security groups": _replacing(walk.Walk, "filter_group", _no_group),
    "groups track connections": _replacing(walk.Walk, "filter_group", _no_tracking),
    "1:1 NAT at the internet gateway": _changed_network(
        lambda network: replace(_interfaces(lambda item: replace(item, publics={}))(network), by_public={})
    ),
    "released addresses answer nobody": _changed_network(lambda network: replace(network, idle_publics={})),
    "not every interface is a host": _changed_network(_interfaces(_all_hosts)),
    "one machine, several interfaces": _changed_network(_interfaces(lambda item: replace(item, machine=item.id))),
    "balancers keep the client (instances)": _changed_network(_no_preservation),
    "balancers hide the client (addresses)": _changed_network(_all_preserved),
    "zones and health of targets": _replacing(balancers, "usable", _all_targets),
    "zones of attachments": _replacing(transit, "in_zone", _any_zone),
    "services answer on their ports": _replacing(gateways, "_service_answers", lambda *_: True),
}


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


def _changes(before: dict[str, Verdict], after: dict[str, Verdict]) -> int:
    return sum(old is not after[name] for name, old in before.items())


def main() -> int:
    """Print the table."""
    if not MEASURED.is_dir():
        print("needs ../shared/truth, the measured answers", file=sys.stderr)
        return 2
    labs = [load_lab(name) for name in lab_names()]
    before = {lab.name: answers(lab) for lab in labs}
    total = sum(len(found) for found in before.values())
    print(f"{'rule switched off':40} {'changed':>8} {'share':>7}  labs")
    for name in RULES:
        with without(name):
            counts = {lab.name: _changes(before[lab.name], answers(lab)) for lab in labs}
        changed = sum(counts.values())
        where = ", ".join(f"{lab} {count}" for lab, count in counts.items() if count)
        print(f"{name:40} {changed:8} {changed / total:7.1%}  {where}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
