"""Endpoints that lead packets to a firewall or a fleet of appliances, and what is decided there."""

from __future__ import annotations

from typing import Final

from archtui.network.balancers import usable
from archtui.network.flow import ANY, EPHEMERAL, TCP, UDP, Packet
from archtui.network.model import Balancer, Host, Interface, NodeGroup, NodeTarget, Subnet, Undecided
from archtui.network.passing import pass_acl, pass_group
from archtui.network.policies import ApplianceFleet, Firewall, InspectionEndpoint, Policy, Stage, stage
from archtui.network.walk import Walk

GENEVE: Final = (6081, 6081)
"""The UDP port of the tunnel to appliances (Gateway Load Balancer guide, 'Target groups')."""
CARRIED: Final = "middlebox"


# -- one policy -------------------------------------------------------------------------------------


def examine(walk: Walk, device: str, component: str, policy: Policy, packet: Packet) -> None:
    """Let ``policy`` decide about a packet at ``device`` (what keeps the state of connections).

    Sources: Network Firewall guide, 'How AWS Network Firewall filters network traffic', 'Stream exception
    policy' (a TCP connection whose start was not seen is dropped unless told otherwise) and 'Considerations
    for asymmetric routing'.
    """
    if policy.missing:
        _leave_open(walk, component, walk.everything, policy.missing, packet)
        return
    asked = walk.everything
    first = stage(policy.stateless, policy.stateless_default, "", packet, walk.takes, asked)
    if first.rule is not None or first.sure["forward"] != asked:
        _settle(walk, component, first, packet, "passes it without keeping state")
    forward = (first.sure["forward"] | first.open) & walk.everything
    if not forward:
        return
    key = (device, packet.source, packet.destination, packet.source_ports, packet.destination_ports)
    if walk.returning:
        back = (device, packet.destination, packet.source, packet.destination_ports, packet.source_ports)
        seen = walk.states.get(back, 0)
        walk.half_seen.pop((component, *back), None)
        if seen & forward and walk.recorder:
            walk.recorder.inspected(component, "knows the connection and lets its reply pass", packet)
        forward &= ~seen
        late = forward & walk.of_protocols(packet, (TCP, ANY))
        if late:
            _midstream(walk, component, policy, late, packet)
        forward &= ~late
        if not forward:
            return
    else:
        walk.half_seen[component, *key] = walk.of_protocols(packet, (TCP, ANY)) & forward
    second = stage(policy.stateful, policy.stateful_default, policy.default_doubt, packet, walk.takes, forward)
    walk.states[key] = walk.states.get(key, 0) | forward
    _settle(walk, component, second, packet, "lets the connection pass")


def _settle(walk: Walk, component: str, found: Stage, packet: Packet, passes: str) -> None:
    if found.open:
        _leave_open(walk, component, found.open, found.doubt, packet)
    dropped = found.sure["drop"]
    if dropped:
        owner = found.rule.component if found.rule else component
        if walk.recorder:
            walk.recorder.firewall_drops(component, owner, found.rule, packet)
        walk.stop(dropped, owner, "FIREWALL_RULES_RESTRICTION")
    elif found.sure["pass"] and walk.recorder:
        walk.recorder.inspected(component, passes, packet, found.rule)


def _leave_open(walk: Walk, component: str, bits: int, missing: str, packet: Packet) -> None:
    walk.leave_open(bits, missing)
    if walk.recorder:
        walk.recorder.unknown(component, "firewall", missing, packet)


def _midstream(walk: Walk, component: str, policy: Policy, late: int, packet: Packet) -> None:
    """A reply of a connection that another firewall, or none, saw open."""
    if policy.midstream == "open":
        missing = f"whether {component} passes the reply of a connection that it did not see open"
        _leave_open(walk, component, late, missing, packet)
        return
    attachment = walk.network.attachments.get(walk.entered)
    owner, code = component, "FIREWALL_ASYMMETRIC_ROUTING"
    if attachment is not None and not attachment.appliance_mode and len(attachment.subnets) > 1:
        owner, code = attachment.id, "TGW_ATTACH_VPC_AZ_RESTRICTION"
    if walk.recorder:
        walk.recorder.asymmetric(component, owner, code, packet)
    walk.stop(late, owner, code)


# -- endpoints --------------------------------------------------------------------------------------


def through_firewall(walk: Walk, firewall: Firewall, subnet: Subnet, packet: Packet) -> None:
    """Take the firewall's endpoint in the zone the packet is in; a firewall with one has no choice."""
    name = firewall.endpoints.get(subnet.zone)
    if name is None and len(firewall.endpoints) == 1:
        name = next(iter(firewall.endpoints.values()))
    endpoint = walk.network.gateways.get(name or "")
    if isinstance(endpoint, InspectionEndpoint):
        through_endpoint(walk, endpoint, subnet, packet)
        return
    missing = f"which endpoint of {firewall.id} is meant: it has none in {subnet.zone or 'the zone of the gateway'}"
    walk.unknown(missing)
    if walk.recorder:
        walk.recorder.unknown(firewall.id, "gateway", missing, packet)


def through_endpoint(walk: Walk, endpoint: InspectionEndpoint, subnet: Subnet, packet: Packet) -> None:
    """Enter the endpoint's subnet, be inspected, and go on from there by that subnet's own table.

    Source: AWS PrivateLink guide, 'Access an inspection system using a Gateway Load Balancer endpoint'.
    """
    home = walk.network.subnets.get(endpoint.subnet)
    inspector = walk.network.inspectors.get(endpoint.inspector)
    if home is None or inspector is None or endpoint.missing:
        missing = endpoint.missing or f"what stands behind {endpoint.id}: {endpoint.inspector or 'its service'}"
        walk.unknown(missing)
        if walk.recorder:
            walk.recorder.unknown(endpoint.id, "gateway", missing, packet)
        return
    if home.vpc != subnet.vpc:
        walk.block(endpoint.id, "BAD_STATE_ATTACHMENT")
        if walk.recorder:
            walk.recorder.detached(endpoint.id, subnet.vpc)
        return
    if home.id != subnet.id:
        walk.filter_acl(home, packet, "ingress")
    why = inspector.state or walk.failed(inspector.id) or walk.failed(endpoint.id, home.zone) or walk.failed(home.id)
    if why:
        walk.block(endpoint.id, "BAD_STATE")
        if walk.recorder:
            walk.recorder.bad_state(endpoint.id, "gateway", why)
    if walk.recorder:
        walk.recorder.to_inspector(endpoint.id, inspector.id, packet)
        _recommend(walk, endpoint, packet)
    after = packet._replace(carried=CARRIED)
    if isinstance(inspector, Firewall):
        examine(walk, endpoint.id, inspector.id, inspector.policy, packet)
        walk.emerge(home, after)
    else:
        _to_fleet(walk, inspector, home, after)


def _recommend(walk: Walk, endpoint: InspectionEndpoint, packet: Packet) -> None:
    attachment = walk.network.attachments.get(walk.entered)
    if (
        attachment is not None
        and attachment.vpc == endpoint.vpc
        and not attachment.appliance_mode
        and len(attachment.subnets) > 1
        and walk.recorder
    ):
        walk.recorder.appliance_mode(attachment.id, packet)


# -- Gateway Load Balancer --------------------------------------------------------------------------


def _to_fleet(walk: Walk, fleet: ApplianceFleet, home: Subnet, packet: Packet) -> None:
    """Choose an appliance: of the node in the endpoint's zone, the healthy ones, the same for both directions.

    Sources: Gateway Load Balancer guide, 'Target group health', 'Cross-zone load balancing', 'Flow stickiness'.
    """
    balancer = walk.network.balancers[fleet.id]
    nodes = (walk.network.interfaces[name] for name in walk.network.of_component.get(fleet.id, ()))
    node = next((item for item in nodes if walk.network.subnets[item.subnet].zone == home.zone), None)
    if node is None or not node.addresses:
        walk.block(fleet.id, "VPCE_SERVICE_NOT_INSTALLED_IN_AZ")
        if walk.recorder:
            walk.recorder.fleet_not_in_zone(fleet.id, home, packet)
        return
    ways: list[tuple[NodeGroup, NodeTarget]] = []
    for listener in balancer.listeners:
        for group in (balancer.groups[name] for name in listener.groups):
            if group.missing:
                walk.unknown(group.missing)
                if walk.recorder:
                    walk.recorder.unknown(group.id, "target", group.missing, packet)
                return
            ways.extend((group, target) for target in usable(walk, balancer, group, home.zone))
    if not ways:
        _no_appliance(walk, balancer, home, packet)
        return
    key = _connection(node.id, packet, turned=walk.returning)
    kept = [way for way in ways if way[1].interface == walk.kept.get(key, "-")]
    if walk.recorder:
        walk.recorder.appliances(fleet.id, home.zone, [target.component for _, target in kept or ways], packet)
    walk.spread([(t.component, _ToAppliance(fleet, node, g, t, home, packet, key)) for g, t in kept or ways])


def _connection(node: str, packet: Packet, *, turned: bool) -> tuple[object, ...]:
    there = (packet.source, packet.source_ports)
    here = (packet.destination, packet.destination_ports)
    return (node, here, there) if turned else (node, there, here)


def _no_appliance(walk: Walk, balancer: Balancer, home: Subnet, packet: Packet) -> None:
    groups = list(balancer.groups.values())
    empty = not any(group.targets for group in groups)
    code = "ELBV2_LISTENER_HAS_NO_TG" if empty else "ELB_NOT_CROSSZONE"
    owner = groups[0].id if groups and empty else balancer.id
    walk.block(owner, code)
    if walk.recorder:
        asked = groups[0] if groups else NodeGroup(balancer.id, (), preserves_client=True)
        walk.recorder.no_target(balancer.id, owner, code, home.zone, asked, packet)


class _ToAppliance:
    """Send a packet to one appliance of a fleet and, if it comes back, on from the endpoint's subnet."""

    def __init__(
        self,
        fleet: ApplianceFleet,
        node: Interface,
        group: NodeGroup,
        target: NodeTarget,
        home: Subnet,
        packet: Packet,
        key: tuple[object, ...],
    ) -> None:
        self.fleet, self.node, self.group, self.target = fleet, node, group, target
        self.home, self.packet, self.key = home, packet, key

    def __call__(self, walk: Walk) -> None:
        target, packet = self.target, self.packet
        walk.kept[self.key] = target.interface
        interface = walk.network.interfaces.get(target.interface)
        if interface is None:
            self._open(walk, target.component, f"what {target.component} is: no interface has its address")
        else:
            self._tunnel(walk, interface)
            self._decide(walk, interface, packet)
        walk.emerge(self.home, packet)

    def _tunnel(self, walk: Walk, interface: Interface) -> None:
        """The GENEVE packets between node and appliance pass the ACLs and the appliance's groups."""
        node, target = self.node, self.target
        code = self.fleet.misfits.get(self.group.id)
        if code is None and target.port != GENEVE[0]:
            code = "GWLB_DESTINATION_PORT_RESTRICTION"
        if code is not None:
            walk.block(self.group.id, code)
            if walk.recorder:
                walk.recorder.no_geneve(self.fleet.id, self.group.id, code, self.packet)
            return
        outer = Packet(node.addresses[0], target.address, UDP, EPHEMERAL, GENEVE, (0, 0))
        inner = Packet(target.address, node.addresses[0], UDP, EPHEMERAL, GENEVE, (0, 0))
        here, there = walk.network.subnets[node.subnet], walk.network.subnets[interface.subnet]
        if walk.recorder:
            walk.recorder.tunnelled(self.fleet.id, target.component, outer)
        walk.works(interface)
        if here.id != there.id:
            pass_acl(walk, here, outer, "egress")
            pass_acl(walk, there, outer, "ingress")
        pass_group(walk, interface, outer, "ingress")
        if here.id != there.id:
            pass_acl(walk, there, inner, "egress")
            pass_acl(walk, here, inner, "ingress")

    def _decide(self, walk: Walk, interface: Interface, packet: Packet) -> None:
        answer = interface.answer
        if isinstance(answer, Host) and answer.forwards == "route":
            examine(walk, f"{self.fleet.id}:{interface.machine}", interface.component, answer.policy, packet)
            return
        missing = answer.missing if isinstance(answer, Undecided) else ""
        self._open(walk, interface.component, missing or f"what {interface.component} does with packets it inspects")

    def _open(self, walk: Walk, component: str, missing: str) -> None:
        walk.unknown(missing)
        if walk.recorder:
            walk.recorder.unknown(component, "firewall", missing, self.packet, "PATH_THROUGH_GWLB_NOT_CHECKED")
