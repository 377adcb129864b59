"""NET048, ELB027: inspection that leaves a zone out or reaches no appliance."""

from __future__ import annotations

from collections.abc import Iterator

from archtui.check.finding import Finding
from archtui.check.rule import ComponentRule, Rule, properties
from archtui.model.component import Component
from archtui.model.edits import Edit, set_property
from archtui.network.engine import network_of
from archtui.network.filters import admitting_rule
from archtui.network.flow import EPHEMERAL, UDP, Packet
from archtui.network.inspection import GENEVE
from archtui.services.elb.properties import TargetGroupProperties
from archtui.services.inspection.properties import GatewayLoadBalancerProperties
from archtui.world.world import World

_ZONES = "https://docs.aws.amazon.com/network-firewall/latest/developerguide/vpc-config.html"
_GROUPS = "https://docs.aws.amazon.com/elasticloadbalancing/latest/gateway/target-groups.html"
_NETWORK = "components:\n  v: {kind: vpc, cidr: 10.0.0.0/16}\n"
_FIREWALL = (
    _NETWORK
    + "  fa: {kind: subnet, vpc: v, az: a, cidr: 10.0.0.0/28}\n"
    + "  fb: {kind: subnet, vpc: v, az: b, cidr: 10.0.0.16/28}\n"
    + "  rt: {kind: route_table, vpc: v, routes: [{to: 0.0.0.0/0, via: fw}]}\n"
    + "  wb: {kind: subnet, vpc: v, az: b, cidr: 10.0.2.0/24, route_table: rt}\n"
    + "  web: {kind: ec2, subnet: wb}\n"
    + "  fw: {kind: network_firewall, vpc: v, subnets: [SUBNETS]}\n"
)
_FLEET = (
    _NETWORK
    + "  sa: {kind: subnet, vpc: v, az: a, cidr: 10.0.0.0/24}\n"
    + "  gwlb: {kind: gwlb, subnets: [sa], target_groups: [boxes]}\n"
    + "  boxes: {kind: target_group, vpc: v, protocol: GENEVE, port: 6081, targets: [box]}\n"
    + "  sg: {kind: security_group, vpc: v, ingress: [{protocol: udp, port: PORT, from: 10.0.0.0/24}]}\n"
    + "  box: {kind: ec2, subnet: sa, security_groups: [sg], forwards: route}\n"
)


class ZoneWithoutFirewall(ComponentRule):
    """A firewall without an endpoint in a zone whose subnets it is to protect."""

    id = "NET048"
    title = "Network firewall endpoint missing in an AZ"
    severity = "warning"
    class_ = "resilience"
    kinds = ("network_firewall",)
    why = "What that zone sends out crosses to another zone to be inspected, and stops when that one is lost."
    fix = "Give the firewall a subnet in each zone, and route each zone to its own endpoint."
    sources = (_ZONES,)
    example_bad = _FIREWALL.replace("SUBNETS", "fa")
    example_good = _FIREWALL.replace("SUBNETS", "fa, fb")
    example_finds = ("fw",)

    def examine(self, component: Component, world: World) -> Iterator[Finding]:
        """Compare the zones of the subnets whose routes lead to the firewall with its own."""
        network = network_of(world)
        firewall = network.inspectors.get(component.id)
        if firewall is None or component.id not in network.gateways:
            return
        names = {component.id, *getattr(firewall, "endpoints", {}).values()}
        own = set(getattr(firewall, "endpoints", {}))
        subnets = [
            subnet
            for subnet in network.subnets.values()
            if any(row.target in names for row in network.tables[subnet.table].routes)
        ]
        for zone in sorted({subnet.zone for subnet in subnets} - own):
            served = ", ".join(subnet.id for subnet in subnets if subnet.zone == zone)
            yield self.finding(
                component.id, message=f"{component.id} has no endpoint in {zone}, where {served} routes to it."
            )


class NoGeneve(Rule):
    """A Gateway Load Balancer whose appliances get no GENEVE packets, or that no route leads to."""

    id = "ELB027"
    title = "Gateway balancer target without GENEVE 6081 or appliance route"
    severity = "error"
    class_ = "correctness"
    kinds = ("gateway_load_balancer", "target_group")
    why = "Packets come to the appliances in GENEVE on UDP port 6081; what does not take that inspects nothing."
    fix = "Give the target group protocol GENEVE and port 6081, and let UDP 6081 in at the appliances."
    sources = (_GROUPS,)
    example_bad = _FLEET.replace("PORT", "443")
    example_good = _FLEET.replace("PORT", "6081")
    example_finds = ("box",)

    def check(self, world: World) -> Iterator[Finding]:
        """Look at every group and every appliance."""
        for balancer in world.of_kind("gateway_load_balancer"):
            for name in properties(balancer, GatewayLoadBalancerProperties).target_groups:
                group = world.components.get(name)
                if group is None or not isinstance(group.properties, TargetGroupProperties):
                    continue
                if group.properties.protocol != "GENEVE" or group.properties.port not in (None, GENEVE[0]):
                    shown = f"{group.properties.protocol} {group.properties.port or ''}".strip()
                    message = f"{name} takes {shown}; {balancer.id} reaches appliances by GENEVE on 6081 alone."
                    yield self.finding(name, message=message)
                else:
                    yield from self._closed(balancer.id, name, world)

    def _closed(self, balancer: str, group: str, world: World) -> Iterator[Finding]:
        network = network_of(world)
        nodes = [network.interfaces[name] for name in network.of_component.get(balancer, ())]
        targets = network.balancers[balancer].groups[group].targets if balancer in network.balancers else ()
        for target in targets:
            interface = network.interfaces.get(target.interface)
            node = next((item for item in nodes if item.addresses), None)
            if interface is None or node is None or interface.groups is None:
                continue
            outer = Packet(node.addresses[0], target.address, UDP, EPHEMERAL, GENEVE, (0, 0))
            if all(network.groups[name].known for name in interface.groups) and not admitting_rule(
                network, interface, outer, "ingress"
            ):
                message = f"No security group of {interface.component} lets GENEVE (udp 6081) of {balancer} in."
                yield self.finding(interface.component, message=message, fixable=False)

    def fixes(self, world: World, finding: Finding) -> tuple[Edit, ...]:
        """Set protocol and port of the group."""
        group = world.components.get(finding.subject)
        if group is None or not isinstance(group.properties, TargetGroupProperties):
            return ()
        return (set_property(finding.subject, ("protocol",), "GENEVE"), set_property(finding.subject, ("port",), 6081))
