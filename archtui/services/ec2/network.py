"""What instances and Auto Scaling groups are to packets."""

from __future__ import annotations

from typing import Literal

from archtui.model.component import Component
from archtui.network.addresses import Address, parse_address
from archtui.network.builder import InterfaceSpec, NetworkBuilder
from archtui.network.interface import Attached, NetworkPart
from archtui.network.model import Host
from archtui.network.policies import ROUTER, Policy
from archtui.services.ec2 import properties as p
from archtui.services.firewall_rules import flow_rules
from archtui.services.vpc.network_interfaces import described_interfaces, ipv6_of
from archtui.services.vpc.properties import SubnetProperties
from archtui.world.world import World


def _state(properties: p.Ec2InstanceProperties) -> str:
    return "" if properties.state == "running" else f"it is {properties.state}"


def _maps_public(subnet: str, world: World) -> bool:
    found = world.components.get(subnet)
    return found is not None and isinstance(found.properties, SubnetProperties) and found.properties.map_public_ip


class InstanceNetwork(NetworkPart):
    """An instance is a host behind one interface, or behind those the design describes.

    The interface of one that an Auto Scaling group starts is the group's, with the instance as its machine.
    """

    def contribute(self, component: Component, world: World, builder: NetworkBuilder) -> None:
        properties = component.properties
        assert isinstance(properties, p.Ec2InstanceProperties)
        if properties.subnet is None or next(described_interfaces(component, world), None) is not None:
            return
        public: Address | Literal["auto"] | None = None
        if properties.public_ip is True or (properties.public_ip is None and _maps_public(properties.subnet, world)):
            public = "auto"
        elif isinstance(properties.public_ip, str):
            public = parse_address(properties.public_ip)
        starter = _starter(component, world)
        builder.interface(
            InterfaceSpec(
                component.id if starter else f"{component.id}:eni",
                starter[0] if starter else component.id,
                component.id,
                properties.subnet,
                _host(component.id, properties),
                properties.security_groups,
                tuple(
                    parse_address(written) for written in (properties.private_ip, *properties.ipv6_addresses) if written
                ),
                public,
                source_dest_check=properties.source_dest_check,
                state=_state(properties),
                ipv6=0 if properties.ipv6_addresses else ipv6_of(properties.subnet, world, properties.ipv6_count),
                rank=starter[1] if starter else 0,
            )
        )

    def attached(self, component: Component, world: World) -> Attached:
        properties = component.properties
        assert isinstance(properties, p.Ec2InstanceProperties)
        return Attached(_host(component.id, properties), component.id, _state(properties))


def _host(name: str, properties: p.MachineProperties) -> Host:
    forwards = properties.forwards or ("nat" if properties.runs == "nat" else "")
    policy = ROUTER
    if forwards == "route" and properties.firewall is not None:
        rules = tuple(flow_rules(properties.firewall, name, "firewall"))
        policy = Policy(stateful=rules, stateful_default="drop", midstream="open")
    return Host(forwards, properties.listens is not None, policy)


class AutoScalingGroupNetwork(NetworkPart):
    """A group is its instances. Those that it starts stand in its own name, one interface each; those that are written
    down one by one are ends of their own, and what the group sends or gets is theirs."""

    def contribute(self, component: Component, world: World, builder: NetworkBuilder) -> None:
        properties = component.properties
        assert isinstance(properties, p.AutoScalingGroupProperties)
        written = tuple(name for name in properties.instances if name in world.blueprint.components)
        if written:
            builder.fleet(component.id, written)


def _starter(component: Component, world: World) -> tuple[str, int] | None:
    """Return the group that starts an instance, and the instance's place in it; None: it is written down."""
    properties = component.properties
    name = properties.auto_scaling_group if isinstance(properties, p.Ec2InstanceProperties) else None
    group = world.components.get(name) if name else None
    if group is None or component.id in world.blueprint.components:
        return None
    members = group.properties.instances if isinstance(group.properties, p.AutoScalingGroupProperties) else ()
    return (group.id, members.index(component.id)) if component.id in members else None
