"""What a Classic Load Balancer is to packets: a node in each of its subnets that opens its own connections."""

from __future__ import annotations

from archtui.model.component import Component
from archtui.network.builder import GroupSpec, InterfaceSpec, NetworkBuilder, TargetSpec
from archtui.network.flow import TCP
from archtui.network.interface import Attached, NetworkPart
from archtui.network.model import Balancer, Balances, NodeListener
from archtui.services.ec2.properties import AutoScalingGroupProperties
from archtui.services.elb_classic import properties as p
from archtui.services.vpc.network_interfaces import described_in
from archtui.world.world import World


def members_of(component: Component, world: World) -> tuple[tuple[str, p.ClassicInstance], ...]:
    """Return the registered instances, those of Auto Scaling groups one by one."""
    properties = component.properties
    assert isinstance(properties, p.ClassicLoadBalancerProperties)
    found: dict[str, p.ClassicInstance] = {}
    for instance in properties.instances:
        target = world.components.get(instance.id)
        scaling = target.properties if target else None
        members = scaling.instances if isinstance(scaling, AutoScalingGroupProperties) else ()
        for name in members or (instance.id,):
            found.setdefault(name, instance)
    return tuple(found.items())


def instance_port(listener: p.ClassicListener) -> int:
    """Return the port of the instances that a listener leads to."""
    return listener.instance_port or listener.port


class ClassicLoadBalancerNetwork(NetworkPart):
    """Nodes that end the client's connection: TCP and SSL are passed on, HTTP and HTTPS are read as requests.

    Source: Classic Load Balancer guide, 'Listeners for your Classic Load Balancer': the instances see the address
    of the balancer's node; instances that are out of service get nothing.
    """

    def contribute(self, component: Component, world: World, builder: NetworkBuilder) -> None:
        properties = component.properties
        assert isinstance(properties, p.ClassicLoadBalancerProperties)
        for index, subnet in enumerate(properties.subnets):
            if described_in(component, world, subnet) is None:
                name = f"{component.id}:{subnet}"
                builder.interface(
                    InterfaceSpec(
                        name,
                        component.id,
                        name,
                        subnet,
                        Balances(component.id),
                        properties.security_groups,
                        public="auto" if properties.scheme == "internet-facing" else None,
                        source_dest_check=False,
                        rank=index,
                    )
                )
        members = members_of(component, world)
        listeners: list[NodeListener] = []
        groups: list[GroupSpec] = []
        for index, listener in enumerate(properties.listeners):
            port = instance_port(listener)
            group = f"{component.id}:{port}"
            ends = listener.protocol in ("HTTP", "HTTPS")
            listeners.append(NodeListener(TCP, listener.port, (group,), ("listeners", index), ends))
            targets = tuple(
                TargetSpec(name, port, "", instance.state == "OutOfService", instance.state == "InService")
                for name, instance in members
            )
            refused = () if members else (f"no instance is registered with {component.id}",)
            groups.append(GroupSpec(group, targets, False, refused=refused))
        zones = tuple(sorted({zone for subnet in properties.subnets for zone in world.placement(subnet).zones}))
        builder.balancer(
            Balancer(
                component.id,
                tuple(listeners),
                {},
                properties.cross_zone,
                zones,
                properties.scheme == "internal",
                classic=True,
            ),
            tuple({group.id: group for group in groups}.values()),
        )

    def attached(self, component: Component, world: World) -> Attached:
        return Attached(Balances(component.id))
