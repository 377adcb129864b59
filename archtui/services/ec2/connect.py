"""What instances, Auto Scaling groups and launch templates connect to."""

from __future__ import annotations

from collections.abc import Mapping

from archtui.model.component import Component
from archtui.model.connect import Way
from archtui.model.edits import append_to, set_property
from archtui.services.ec2.properties import AutoScalingGroupProperties, Ec2InstanceProperties
from archtui.services.elb.properties import LoadBalancerProperties
from archtui.services.lookups import as_kind, character_of, is_public
from archtui.services.rds.properties import DbInstanceProperties
from archtui.services.using_stores import STORES
from archtui.services.vpc.edits import own_nat
from archtui.services.wiring import RefusedError, Wiring, way


def _application_to_database(wiring: Wiring, source: Component, database: Component) -> str:
    properties = as_kind(wiring.world, database.id, DbInstanceProperties)
    if properties is None:
        raise RefusedError(f"{database.id} is no database.")
    wiring.reach(source.id, database.id, properties.listener_port)
    wiring.link(source.id, database.id, properties.listener_port)
    return f"{source.id} uses {database.id}"


def _application_to_application(wiring: Wiring, source: Component, target: Component) -> str:
    port = wiring.port(target.id, 80)
    wiring.reach(source.id, target.id, port)
    wiring.link(source.id, target.id, port)
    return f"{source.id} talks to {target.id}"


def _application_to_balancer(wiring: Wiring, source: Component, balancer: Component) -> str:
    properties = as_kind(wiring.world, balancer.id, LoadBalancerProperties)
    if properties is None or not properties.listeners:
        raise RefusedError(f"{balancer.id} has no listener.", f"Connect {balancer.id} to its targets first.")
    port = properties.listeners[0].port
    if properties.scheme == "internal":
        wiring.reach(source.id, balancer.id, port)
    else:
        _out(wiring, source)
        wiring.admit(balancer.id, port, "0.0.0.0/0", f"from {source.id} by its public address")
    wiring.link(source.id, balancer.id, port)
    return f"{source.id} talks to {balancer.id}"


def _to_internet(wiring: Wiring, source: Component, internet: Component) -> str:  # noqa: ARG001
    _out(wiring, source)
    return f"{source.id} reaches the internet"


def _out(wiring: Wiring, source: Component) -> None:
    """Give ``source`` a way out: its own public address in a public subnet, else a NAT gateway of its zone."""
    for subnet in wiring.world.placement(source.id).subnets:
        character = character_of(wiring.world, subnet)
        if character == "public":
            _public_address(wiring, source.id, subnet)
        elif character != "private":
            zone = wiring.world.placement(subnet).zones[0]
            edit = own_nat(wiring.world, zone, [subnet])
            if edit is None:
                raise RefusedError(
                    f"{source.id} stands in {subnet}, and {zone} has no public subnet for a NAT gateway.",
                    "Connect a subnet of that zone to an internet gateway first.",
                )
            wiring.do(edit, edit.label)
    for group in wiring.groups(source.id):
        egress = getattr(wiring.world.components[group].properties, "egress", None)
        if wiring.written(group) and egress is not None and not any(rule.destination == "0.0.0.0/0" for rule in egress):
            rule = append_to(wiring.world.blueprint, group, ("egress",), {"port": 443, "to": "0.0.0.0/0"})
            wiring.do(rule, f"{group} lets HTTPS out")


def _public_address(wiring: Wiring, name: str, subnet: str) -> None:
    instance = as_kind(wiring.world, name, Ec2InstanceProperties)
    mapped = bool(getattr(wiring.world.components[subnet].properties, "map_public_ip", False))
    if instance is None or instance.public_ip or (instance.public_ip is None and mapped):
        return
    if any(edge.path == ("attached_to",) for edge in wiring.world.referrers(name)):
        return
    wiring.do(set_property(name, ("public_ip",), True), f"{name} gets a public address")


def from_internet(wiring: Wiring, outside: Component, target: Component) -> str:
    """Let the internet (or a client) in at an instance: public subnet, public address, group rule."""
    subnets = wiring.world.placement(target.id).subnets
    wiring.public_subnets(subnet for subnet in subnets if not is_public(wiring.world, subnet))
    for subnet in subnets:
        _public_address(wiring, target.id, subnet)
    wiring.admit(target.id, wiring.port(target.id, 80), "0.0.0.0/0", f"from {outside.id}")
    return f"{outside.id} reaches {target.id}"


def _template_to_group(wiring: Wiring, template: Component, scaling: Component) -> str:
    properties = as_kind(wiring.world, scaling.id, AutoScalingGroupProperties)
    if properties is None or properties.launch_template != template.id:
        wiring.do(
            set_property(scaling.id, ("launch_template",), template.id),
            f"{scaling.id} starts instances of {template.id}",
        )
    return f"{scaling.id} uses {template.id}"


def _placement_to_machine(wiring: Wiring, placement: Component, machine: Component) -> str:
    wiring.do(set_property(machine.id, ("placement_group",), placement.id), f"{machine.id} starts in {placement.id}")
    return f"{machine.id} starts in {placement.id}"


_APPLICATION = {
    **STORES,
    "db_instance": way(_application_to_database),
    "ec2_instance": way(_application_to_application),
    "auto_scaling_group": way(_application_to_application),
    "ecs_service": way(_application_to_application),
    "application_load_balancer": way(_application_to_balancer),
    "network_load_balancer": way(_application_to_balancer),
    "internet": way(_to_internet),
}
INSTANCE: Mapping[str, Way] = _APPLICATION
SCALING_GROUP: Mapping[str, Way] = _APPLICATION
LAUNCH_TEMPLATE: Mapping[str, Way] = {"auto_scaling_group": way(_template_to_group)}
PLACEMENT_GROUP: Mapping[str, Way] = {
    kind: way(_placement_to_machine) for kind in ("ec2_instance", "launch_template", "auto_scaling_group")
}
