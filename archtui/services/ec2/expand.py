"""Where instances stand when they do not say, what their template gives them, and what a group starts."""

from __future__ import annotations

from collections import Counter

from archtui.model.component import Component, Json
from archtui.services.ec2.placement import SPREAD_LIMIT
from archtui.services.ec2.properties import (
    AutoScalingGroupProperties,
    Ec2InstanceProperties,
    LaunchTemplateProperties,
    MachineProperties,
    PlacementGroupProperties,
)
from archtui.services.vpc.defaults import (
    NeedsDefaultVpc,
    default_groups,
    default_subnets,
    default_vpc,
    places,
    subnets_for,
    zone_of,
)
from archtui.services.vpc.properties import SubnetProperties
from archtui.world.expand import Draft, Expands
from archtui.world.world import zone_name

_FROM_TEMPLATE = frozenset(MachineProperties.model_fields) - {"label"}


def _homeless(component: Component) -> bool:
    properties = component.properties
    return (
        isinstance(properties, Ec2InstanceProperties)
        and properties.subnet is None
        and not properties.network_interfaces
        and properties.state != "terminated"
    )


INSTANCE_STARTS = NeedsDefaultVpc("ec2_instance", _homeless)
GROUP_STARTS = NeedsDefaultVpc(
    "auto_scaling_group", lambda c: isinstance(c.properties, AutoScalingGroupProperties) and not c.properties.subnets
)


class ExpandsInstance(Expands):
    """An instance takes from its template what it does not say, a default subnet, the VPC's default
    group, and a public address if its subnet gives one (EC2 User Guide, 'Launch an instance', and VPC
    User Guide, 'Modify the IP addressing attributes of your subnet').

    AWS does not promise which zone it chooses for an instance that names none; the first is taken here.
    """

    order = 30

    def expand(self, component: Component, draft: Draft) -> None:
        properties = component.properties
        if not isinstance(properties, Ec2InstanceProperties):
            return
        filled = self._from_template(properties, draft)
        subnet = properties.subnet
        if _homeless(component):
            subnet = self._default_subnet(properties, draft)
            if subnet:
                filled["subnet"] = subnet
        if subnet and not properties.network_interfaces:
            if "security_groups" not in component.raw and "security_groups" not in filled:
                filled |= default_groups(draft, (subnet,))
            place = draft.get(subnet)
            if place and isinstance(place.properties, SubnetProperties):
                filled["public_ip"] = place.properties.map_public_ip
        draft.fill(component.id, filled)

    def _from_template(self, properties: Ec2InstanceProperties, draft: Draft) -> dict[str, Json]:
        template = draft.get(properties.launch_template) if properties.launch_template else None
        if template is None or not isinstance(template.properties, LaunchTemplateProperties):
            return {}
        return {key: value for key, value in template.raw.items() if key in _FROM_TEMPLATE}

    def _default_subnet(self, properties: Ec2InstanceProperties, draft: Draft) -> str | None:
        region = draft.blueprint.region
        vpc = default_vpc(draft, region)
        subnets = default_subnets(draft, vpc) if vpc else ()
        wanted = zone_name(properties.az, region) if properties.az else None
        fitting = [subnet for subnet in subnets if wanted in (None, zone_of(draft, subnet, region))]
        return fitting[0].id if fitting else None


class ExpandsAutoScalingGroup(Expands):
    """A group keeps its desired number of instances, spread evenly over the zones of its subnets (EC2
    Auto Scaling User Guide, 'Auto Scaling benefits for application architecture', 'Balanced Availability
    Zones'). They are components of their own, ``GROUP:1``, ``GROUP:2``, ...; a link of the group is a
    link of each."""

    order = 40

    def expand(self, component: Component, draft: Draft) -> None:
        properties = component.properties
        if not isinstance(properties, AutoScalingGroupProperties):
            return
        name = component.id
        subnets: list[Json] = list(properties.subnets) or subnets_for(draft, draft.blueprint.region)
        desired = properties.min if properties.desired is None else properties.desired
        filled: dict[str, Json] = {"subnets": subnets, "desired": desired}
        members = list(properties.instances)
        if "instances" not in component.raw:
            standing = places(draft, [str(subnet) for subnet in subnets], desired)
            standing = started(standing, placement_of(properties, draft), draft)
            members = [f"{name}:{number}" for number in range(1, len(standing) + 1)]
            for number, (member, subnet) in enumerate(zip(members, standing, strict=True)):
                body = {**self._instance(component, properties, subnet), **_bought(properties, number, len(members))}
                draft.add(member, "ec2_instance", body)
            filled["instances"] = list[Json](members)
        draft.share_links(name, members)
        draft.fill(name, filled)

    def _instance(self, component: Component, group: AutoScalingGroupProperties, subnet: str) -> dict[str, Json]:
        found: dict[str, Json] = {"subnet": subnet, "auto_scaling_group": component.id}
        if group.launch_template:
            found["launch_template"] = group.launch_template
        if group.placement_group:
            found["placement_group"] = group.placement_group
        return found


def _bought(group: AutoScalingGroupProperties, number: int, count: int) -> dict[str, Json]:
    """Return how the instance ``number`` of ``count`` is paid in a group that mixes: the base and its share of the
    rest are on-demand, rounded up (EC2 Auto Scaling User Guide, 'Auto Scaling groups with multiple instance types
    and purchase options')."""
    mixed = group.mixed_instances
    if mixed is None:
        return {}
    above = max(0, count - mixed.on_demand_base)
    on_demand = min(count, mixed.on_demand_base) + -(-above * mixed.on_demand_percentage // 100)
    found: dict[str, Json] = {"purchasing": "on-demand" if number < on_demand else "spot"}
    return {**found, "instance_type": mixed.instance_types[0]} if mixed.instance_types else found


def placement_of(group: AutoScalingGroupProperties, draft: Draft) -> PlacementGroupProperties | None:
    """Return the placement group in which a group starts its instances."""
    template = draft.get(group.launch_template) if group.launch_template else None
    machine = template.properties if template else None
    name = group.placement_group or (machine.placement_group if isinstance(machine, MachineProperties) else None)
    found = draft.get(name) if name else None
    return found.properties if found and isinstance(found.properties, PlacementGroupProperties) else None


def started(standing: list[str], placement: PlacementGroupProperties | None, draft: Draft) -> list[str]:
    """Return the subnets in which the instances of a group start: its placement group refuses some of them.

    Sources: EC2 User Guide, 'Placement strategies': a cluster group takes instances of one zone, a spread group seven
    running ones for each zone. EC2 Auto Scaling User Guide, 'Auto Scaling benefits for application architecture': what
    cannot start in one zone is tried in another.
    """
    if placement is None or not standing:
        return standing
    zones = {name: zone_of(draft, subnet) for name in standing if (subnet := draft.get(name))}
    if placement.strategy == "cluster":
        home = list(dict.fromkeys(name for name in standing if zones[name] == zones[standing[0]]))
        return [home[index % len(home)] for index in range(len(standing))]
    if placement.strategy == "partition" or placement.spread_level == "host":
        return standing
    taken: Counter[str] = Counter()
    found: list[str] = []
    for name in standing:
        if taken[zones[name]] < SPREAD_LIMIT:
            taken[zones[name]] += 1
            found.append(name)
    return found
