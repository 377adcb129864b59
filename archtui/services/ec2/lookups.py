"""What the rules of several families ask about instances and Auto Scaling groups."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from archtui.model.component import Component
from archtui.services.ec2.properties import (
    AutoScalingGroupProperties,
    Ec2InstanceProperties,
    LaunchTemplateProperties,
    MachineProperties,
    Service,
)
from archtui.services.lookups import Peer, as_kind, each, is_written
from archtui.services.members import MemberProperties
from archtui.services.rds.properties import DbInstanceProperties
from archtui.services.vpc.properties import ElasticIpProperties, NetworkInterfaceProperties, SubnetProperties
from archtui.world.world import World


@dataclass(frozen=True, slots=True)
class Ends:
    """What a connection to a component meets: its security groups and subnets (empty: not known)."""

    groups: tuple[str, ...]
    subnets: tuple[str, ...]

    @property
    def peer(self) -> Peer:
        """The same as the other end of a connection."""
        return Peer(self.groups, self.subnets)


def ends_of(world: World, name: str) -> Ends:
    """Return the security groups and subnets of ``name``, an instance's interfaces and a group's template included."""
    known = world.part(_known_ends)
    if name not in known:
        known[name] = _find_ends(world, name)
    return known[name]


def _known_ends(world: World) -> dict[str, Ends]:  # noqa: ARG001
    return {}


def _find_ends(world: World, name: str) -> Ends:
    properties = world.components[name].properties if name in world.components else None
    if isinstance(properties, AutoScalingGroupProperties):
        template = as_kind(world, properties.launch_template, LaunchTemplateProperties)
        return Ends(template.security_groups if template else (), properties.subnets)
    if isinstance(properties, Ec2InstanceProperties):
        interfaces = [as_kind(world, item, NetworkInterfaceProperties) for item in properties.network_interfaces]
        if interfaces and interfaces[0]:
            return Ends(interfaces[0].security_groups, (interfaces[0].subnet,))
        groups = properties.security_groups
        template = as_kind(world, properties.launch_template, LaunchTemplateProperties)
        if template and template.security_groups and not is_written(world, name, "security_groups"):
            groups = template.security_groups
        return Ends(groups, (properties.subnet,) if properties.subnet else ())
    groups = getattr(properties, "security_groups", ())
    subnets = getattr(properties, "subnets", ())
    subnet = getattr(properties, "subnet", None)
    return Ends(tuple(groups), tuple(subnets) or ((subnet,) if subnet else ()))


def machine_of(world: World, name: str) -> MachineProperties | None:
    """Return what describes the machine(s) of ``name``: the instance itself, or an Auto Scaling group's template."""
    group = as_kind(world, name, AutoScalingGroupProperties)
    if group:
        return as_kind(world, group.launch_template, LaunchTemplateProperties)
    return as_kind(world, name, Ec2InstanceProperties)


def listens_of(world: World, name: str) -> tuple[Service, ...] | None:
    """Return the programs stated for ``name``; None where nothing is stated."""
    members = getattr(world.components[name].properties, "members", ()) if name in world.components else ()
    if members:
        return getattr(world.components[members[0]].properties, "listens", None)
    machine = machine_of(world, name)
    if isinstance(machine, Ec2InstanceProperties) and machine.listens is None:
        machine = as_kind(world, machine.launch_template, LaunchTemplateProperties)
    return machine.listens if machine else None


def service_on(services: Iterable[Service], port: int) -> Service | None:
    """Return the program that listens on ``port``."""
    return next((service for service in services if service.port == port), None)


def status_of(service: Service, path: str) -> int:
    """Return the HTTP status ``service`` answers ``path`` with: what is stated, 404 for a path it does not list.

    An exact path wins, then the longest ``/shop/*``; a program that states no paths answers 200.
    """
    if service.paths is None:
        return 200
    bare = path.partition("?")[0]
    if bare in service.paths:
        return service.paths[bare]
    wide = [known for known in service.paths if known.endswith("*") and bare.startswith(known[:-1])]
    return service.paths[max(wide, key=len)] if wide else 404


def public_address_of(world: World, name: str) -> str | None:
    """Return how instance ``name`` gets a public address: ``elastic``, ``fixed``, ``auto``; None: it has none."""
    instance = as_kind(world, name, Ec2InstanceProperties)
    if instance is None:
        return None
    if not world.part(_with_elastic_ip).isdisjoint((name, *instance.network_interfaces)):
        return "elastic"
    for item in instance.network_interfaces:
        interface = as_kind(world, item, NetworkInterfaceProperties)
        if interface and interface.public_ip:
            return "auto" if interface.public_ip == "auto" else "fixed"
    if isinstance(instance.public_ip, str):
        return "fixed"
    if instance.public_ip is not None:
        return "auto" if instance.public_ip else None
    subnet = as_kind(world, instance.subnet, SubnetProperties)
    return "auto" if subnet and subnet.map_public_ip and not instance.network_interfaces else None


def _with_elastic_ip(world: World) -> frozenset[str]:
    return frozenset(address.attached_to for _, address in each(world, ElasticIpProperties) if address.attached_to)


def runs_database(component: Component) -> bool:
    """Say whether ``component`` is a database or a machine that runs one."""
    properties = component.properties
    return isinstance(properties, DbInstanceProperties) or (
        isinstance(properties, MachineProperties) and properties.runs == "database"
    )


def written_as(world: World, names: Iterable[str]) -> tuple[str, ...]:
    """Return what the author calls ``names``: an Auto Scaling group for the instances it runs."""
    owners = world.part(owners_of_instances)
    return tuple(dict.fromkeys(owners.get(name, name) for name in names))


def owners_of_instances(world: World) -> dict[str, str]:
    """Return the Auto Scaling group of each instance that one runs, and the service of each task and pod."""
    found = {
        member: component.id
        for component, group in each(world, AutoScalingGroupProperties)
        for member in group.instances
    }
    return found | {
        component.id: member.service for component, member in each(world, MemberProperties) if member.service
    }
