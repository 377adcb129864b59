"""What load balancers are to packets: one node in each of their subnets."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from archtui.model.component import Component
from archtui.network.addresses import parse_address
from archtui.network.builder import GroupSpec, InterfaceSpec, NetworkBuilder, TargetSpec
from archtui.network.flow import TCP, UDP
from archtui.network.interface import Attached, NetworkPart
from archtui.network.model import Answer, Balancer, Balances, Listens, NodeListener
from archtui.services.elb import properties as p
from archtui.services.elb.registration import group_refusal, target_refusal
from archtui.services.vpc.network_interfaces import described_in
from archtui.world.world import World, zone_name

_PROTOCOLS = {"TCP": (TCP,), "TLS": (TCP,), "UDP": (UDP,), "TCP_UDP": (TCP, UDP), "HTTP": (TCP,), "HTTPS": (TCP,)}
_DEFAULT_PORTS = {"HTTP": 80, "HTTPS": 443}


def _state(properties: p.LoadBalancerProperties) -> str:
    return "" if properties.state in ("active", "active_impaired") else f"it is {properties.state}"


def _nodes(
    component: Component, world: World, builder: NetworkBuilder, answer: Answer, groups: tuple[str, ...] | None
) -> None:
    properties = component.properties
    assert isinstance(properties, p.LoadBalancerProperties)
    own = properties if isinstance(properties, p.NetworkLoadBalancerProperties) else None
    for index, subnet in enumerate(properties.subnets):
        if described_in(component, world, subnet) is not None:
            continue
        name = f"{component.id}:{subnet}"
        elastic = own.elastic_ips[index] if own and index < len(own.elastic_ips) else None
        public: Literal["auto"] | None = "auto" if properties.scheme == "internet-facing" and not elastic else None
        written = (own.private_ips[index],) if own and index < len(own.private_ips) else ()
        builder.interface(
            InterfaceSpec(
                name,
                component.id,
                name,
                subnet,
                answer,
                groups,
                tuple(parse_address(address) for address in written),
                public,
                source_dest_check=False,
                state=_state(properties),
                ipv6=int(properties.ip_address_type == "dualstack"),
                public_ipv6=properties.scheme == "internet-facing",
                rank=index,
            )
        )
        if elastic:
            address = getattr(world.components[elastic].properties, "address", None)
            builder.associate(name, None, parse_address(address) if address else None, elastic)


class ApplicationLoadBalancerNetwork(NetworkPart):
    """Nodes that end connections: what happens to a request then is another connection."""

    def contribute(self, component: Component, world: World, builder: NetworkBuilder) -> None:
        properties = component.properties
        assert isinstance(properties, p.LoadBalancerProperties)
        _nodes(component, world, builder, self._answer(component), properties.security_groups)

    def attached(self, component: Component, world: World) -> Attached:
        properties = component.properties
        assert isinstance(properties, p.LoadBalancerProperties)
        return Attached(self._answer(component), state=_state(properties))

    @staticmethod
    def _answer(component: Component) -> Listens:
        properties = component.properties
        assert isinstance(properties, p.LoadBalancerProperties)
        ports = sorted({listener.port for listener in properties.listeners})
        what = f"{component.id} listens on {', '.join(map(str, ports)) or 'no port'}"
        return Listens(
            frozenset((TCP, port) for port in ports),
            "ELBV2_LISTENERS_MISMATCH",
            what,
            ping=f"whether {component.id} answers pings: AWS does not say it of an Application Load Balancer",
        )


class NetworkLoadBalancerNetwork(NetworkPart):
    """Nodes that pass connections on, packet by packet."""

    def contribute(self, component: Component, world: World, builder: NetworkBuilder) -> None:
        properties = component.properties
        assert isinstance(properties, p.NetworkLoadBalancerProperties)
        _nodes(component, world, builder, Balances(component.id), properties.security_groups or None)
        listeners: list[NodeListener] = []
        for index, listener in enumerate(properties.listeners):
            groups = tuple(share.target_group for share in listener.forward if share.weight)
            for protocol in _PROTOCOLS[listener.protocol or "TCP"]:
                listeners.append(NodeListener(protocol, listener.port, groups, ("listeners", index)))
        names = dict.fromkeys(name for listener in listeners for name in listener.groups)
        zones = tuple(sorted({zone for subnet in properties.subnets for zone in world.placement(subnet).zones}))
        builder.balancer(
            Balancer(
                component.id,
                tuple(listeners),
                {},
                bool(properties.cross_zone),
                zones,
                properties.scheme == "internal",
                _state(properties),
                guards_links=properties.filter_private_link,
            ),
            tuple(_group(world.components[name], component, world) for name in names if name in world.components),
        )

    def attached(self, component: Component, world: World) -> Attached:
        properties = component.properties
        assert isinstance(properties, p.LoadBalancerProperties)
        return Attached(Balances(component.id), state=_state(properties), filtered=bool(properties.security_groups))


def _group(component: Component, balancer: Component, world: World) -> GroupSpec:
    properties = component.properties
    if not isinstance(properties, p.TargetGroupProperties):
        return GroupSpec(component.id, (), False, missing=f"the targets of {component.id}: it is not modelled")
    refusal = group_refusal(component, balancer, world)
    refused = tuple(filter(None, (target_refusal(component, target.id, world) for target in properties.targets)))
    return GroupSpec(
        component.id,
        () if refusal else tuple(_targets(component, properties, world)),
        preserves_client(properties),
        vpc=world.placement(component.id).vpc or "",
        cross_zone=properties.cross_zone,
        assumed=properties.preserve_client_ip is None,
        unread=properties.attributes_missing,
        refused=(refusal,) if refusal else refused,
    )


def preserves_client(properties: p.TargetGroupProperties) -> bool:
    """Whether targets see the client's address (NLB guide, 'Client IP preservation': always for UDP and TCP_UDP and
    for an ALB as target; else as set, by default on for instances and off for TCP and TLS to addresses)."""
    if properties.protocol in ("UDP", "TCP_UDP") or properties.target_type == "alb":
        return True
    if properties.preserve_client_ip is not None:
        return properties.preserve_client_ip
    return properties.target_type == "instance"


def _targets(component: Component, properties: p.TargetGroupProperties, world: World) -> Iterator[TargetSpec]:
    port = properties.port or _DEFAULT_PORTS.get(properties.protocol, 80)
    for target in properties.targets:
        if target_refusal(component, target.id, world):
            continue
        region = world.placement(component.id).region
        zone = target.az if target.az in (None, "all") else zone_name(target.az, region)
        unusable = target.health in ("unhealthy", "draining", "unused")
        yield TargetSpec(target.id, target.port or port, zone or "", unusable, target.health == "healthy")
    for edge in world.referrers(component.id):
        if edge.path[0] == "target_groups" and not target_refusal(component, edge.source, world):
            yield TargetSpec(edge.source, port, "", False, False)
