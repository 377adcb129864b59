"""What Gateway Load Balancers, their endpoints and Network Firewalls are to packets."""

from __future__ import annotations

from collections.abc import Iterator

from archtui.model.component import Component
from archtui.network.builder import GroupSpec, InterfaceSpec, NetworkBuilder, TargetSpec
from archtui.network.flow import TCP, UDP
from archtui.network.interface import Attached, NetworkPart
from archtui.network.model import Balancer, NodeListener, Silent
from archtui.network.policies import ApplianceFleet, Firewall, FlowRule, InspectionEndpoint, Policy
from archtui.services.elb.properties import TargetGroupProperties
from archtui.services.firewall_rules import flow_rules
from archtui.services.inspection import properties as p
from archtui.services.vpc.network_interfaces import described_in
from archtui.world.world import World, zone_name

GENEVE = 6081


class GatewayLoadBalancerNetwork(NetworkPart):
    """Nodes in its subnets that wrap packets into GENEVE for appliances."""

    def contribute(self, component: Component, world: World, builder: NetworkBuilder) -> None:
        properties = component.properties
        assert isinstance(properties, p.GatewayLoadBalancerProperties)
        state = "" if properties.state in ("active", "active_impaired") else f"it is {properties.state}"
        attached = self.attached(component, world)
        for index, subnet in enumerate(properties.subnets):
            if described_in(component, world, subnet) is None:
                name = f"{component.id}:{subnet}"
                builder.interface(
                    InterfaceSpec(
                        name,
                        component.id,
                        name,
                        subnet,
                        attached.answer,
                        None,
                        source_dest_check=False,
                        rank=index,
                    )
                )
        groups = [world.components[name] for name in properties.target_groups if name in world.components]
        zones = tuple(sorted({zone for subnet in properties.subnets for zone in world.placement(subnet).zones}))
        listener = NodeListener(UDP, GENEVE, tuple(group.id for group in groups), ("target_groups",))
        builder.balancer(
            Balancer(component.id, (listener,), {}, properties.cross_zone, zones, True, state),
            tuple(_group(group, world) for group in groups),
        )
        misfits = {
            group.id: "GWLB_PROTOCOL_RESTRICTION"
            for group in groups
            if isinstance(group.properties, TargetGroupProperties) and group.properties.protocol != "GENEVE"
        }
        builder.inspector(ApplianceFleet(component.id, misfits, state))

    def attached(self, component: Component, world: World) -> Attached:
        why = f"{component.id} takes packets from its endpoints alone"
        return Attached(Silent("PROTOCOL_RESTRICTION", why), filtered=False)


def _group(component: Component, world: World) -> GroupSpec:
    properties = component.properties
    if not isinstance(properties, TargetGroupProperties):
        return GroupSpec(component.id, (), True, missing=f"the targets of {component.id}: it is not modelled")
    return GroupSpec(
        component.id,
        tuple(_targets(component, properties, world)),
        preserves_client=True,
        vpc=world.placement(component.id).vpc or "",
    )


def _targets(component: Component, properties: TargetGroupProperties, world: World) -> Iterator[TargetSpec]:
    port = properties.port or GENEVE
    region = world.placement(component.id).region
    for target in properties.targets:
        zone = target.az if target.az in (None, "all") else zone_name(target.az, region)
        unusable = target.health in ("unhealthy", "draining", "unused")
        yield TargetSpec(target.id, target.port or port, zone or "", unusable, target.health == "healthy")
    for edge in world.referrers(component.id):
        if edge.path[0] == "target_groups" and edge.source in world.components and _runs_machines(edge.source, world):
            yield TargetSpec(edge.source, port, "", False, False)


def _runs_machines(name: str, world: World) -> bool:
    return not isinstance(world.components[name].properties, p.GatewayLoadBalancerProperties)


class GwlbEndpointNetwork(NetworkPart):
    """An endpoint is a route target that leads to what inspects."""

    def contribute(self, component: Component, world: World, builder: NetworkBuilder) -> None:
        properties = component.properties
        assert isinstance(properties, p.GwlbEndpointProperties)
        state = "" if properties.state == "available" else f"it is {properties.state}"
        known = world.components.get(properties.service or "")
        missing = ""
        if known is None or known.kind.stands_in:
            missing = f"what {component.id} leads to: {properties.service_name or properties.service or 'its service'}"
        builder.gateway(
            InspectionEndpoint(
                component.id, properties.vpc, properties.subnet, properties.service or "", missing, state
            )
        )


class NetworkFirewallNetwork(NetworkPart):
    """A firewall is its policy, and an endpoint in each of its subnets."""

    def contribute(self, component: Component, world: World, builder: NetworkBuilder) -> None:
        properties = component.properties
        assert isinstance(properties, p.NetworkFirewallProperties)
        described = {
            item.properties.subnet: item.id
            for item in world.of_kind("gwlb_endpoint")
            if isinstance(item.properties, p.GwlbEndpointProperties) and item.properties.service == component.id
        }
        endpoints: dict[str, str] = {}
        for subnet in dict.fromkeys((*properties.subnets, *described)):
            name = described.get(subnet, f"{component.id}:{subnet}")
            for zone in world.placement(subnet).zones:
                endpoints[zone] = name
            if subnet not in described:
                builder.gateway(InspectionEndpoint(name, properties.vpc, subnet, component.id))
        state = "" if properties.state == "ready" else f"it is {properties.state}"
        builder.inspector(Firewall(component.id, _policy(component.id, properties, world), endpoints, state))


def _policy(name: str, properties: p.NetworkFirewallProperties, world: World) -> Policy:
    stateless: list[FlowRule] = []
    stateful: list[FlowRule] = []
    missing: list[str] = []
    for reference in properties.rule_groups:
        group = world.components.get(reference)
        found = group.properties if group else None
        if not isinstance(found, p.FirewallRuleGroupProperties):
            missing.append(reference)
            continue
        rules = [*flow_rules(found.rules, reference, "rules"), *_unread(reference, found)]
        (stateless if found.type == "stateless" else stateful).extend(rules)
    strict = properties.rule_order == "strict"
    if not strict:
        stateful.sort(key=lambda rule: rule.action != "pass")
    drops = strict and properties.stateful_default == "drop_strict"
    doubt = ""
    if strict and properties.stateful_default == "drop_established":
        doubt = f"what {name} drops once a connection stands: its default lets the handshake pass"
    return Policy(
        tuple(stateless),
        properties.stateless_default,
        tuple(stateful),
        "drop" if drops else "pass",
        doubt,
        "open" if properties.stream_exception == "continue" else "drop",
        f"the rules of {', '.join(missing)}" if missing else "",
    )


def _unread(name: str, group: p.FirewallRuleGroupProperties) -> Iterator[FlowRule]:
    """Yield the rules that look at more than a packet's header."""
    if group.domains:
        listed = ", ".join(group.domains[:3]) + (", ..." if len(group.domains) > 3 else "")
        word = "allows" if group.domain_action == "allow" else "denies"
        doubt = f"the host name that is asked for: {name} {word} {listed}"
        if group.domain_action == "allow":
            yield FlowRule("pass", name, ("domains",), f"{word} {listed}", (TCP,), doubt=doubt)
        yield FlowRule("drop", name, ("domains",), f"{word} {listed}", (TCP,), doubt=doubt)
    if group.suricata:
        doubt = f"what the Suricata rules of {name} decide: they are not modelled"
        yield FlowRule("pass", name, ("suricata",), "Suricata rules", doubt=doubt)
        yield FlowRule("drop", name, ("suricata",), "Suricata rules", doubt=doubt)
