"""The default VPC and the other things AWS gives to what names none.

Source: VPC User Guide, 'Default VPCs' ('Default VPC components'): 172.31.0.0/16, a /20 default subnet
in each zone, an internet gateway, a main route table with a route to it, a default security group and
a default network ACL; subnets assign public addresses.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from archtui.model.component import Component, Json
from archtui.services.vpc.properties import SecurityGroupProperties, SubnetProperties, VpcProperties
from archtui.world.expand import Draft, StartsForOwn
from archtui.world.world import zone_name

DEFAULT_BLOCK = "172.31.0.0/16"
DEFAULT_ZONES = ("a", "b", "c")
"""The zones a region is taken to have; most have three (AWS Global Infrastructure)."""
_LETTERS = "abcdefghijklmnop"


def default_vpc(draft: Draft, region: str) -> str | None:
    """Return the id of the region's default VPC, if the design has it."""
    for component in draft.of_kind("vpc"):
        properties = component.properties
        if not isinstance(properties, VpcProperties) or not properties.default:
            continue
        if (properties.region or draft.blueprint.region) == region:
            return component.id
    return None


def bring_default_vpc(draft: Draft, region: str, zones: Iterable[str] = ()) -> None:
    """Add the region's default VPC, and default subnets in further ``zones`` that something stands in."""
    name = default_vpc(draft, region)
    if name is None:
        name = f"{region}:default-vpc"
        draft.add(name, "vpc", {"cidr": DEFAULT_BLOCK, "region": region, "default": True, "dns_hostnames": True})
    for zone in sorted(set(zones)):
        if zone.startswith(region) and zone[len(region) :] in _LETTERS:
            taken = default_subnets(draft, name)
            if not any(zone_of(draft, subnet, region) == zone for subnet in taken):
                add_default_subnet(draft, name, region, zone[len(region) :])


def add_default_subnet(draft: Draft, vpc: str, region: str, letter: str) -> None:
    """Add the default subnet of one zone, at the place in the VPC that the zone's letter gives."""
    draft.add(
        f"{region}{letter}:default-subnet",
        "subnet",
        {
            "vpc": vpc,
            "az": f"{region}{letter}",
            "cidr": f"172.31.{16 * _LETTERS.index(letter)}.0/20",
            "map_public_ip": True,
            "default": True,
        },
    )


def default_subnets(draft: Draft, vpc: str) -> tuple[Component, ...]:
    """Return the default subnets of ``vpc``, by zone."""
    found = [component for component in draft.referrers(vpc, "subnet") if _is_default(component)]
    return tuple(sorted(found, key=_zone))


def _is_default(component: Component) -> bool:
    return isinstance(component.properties, SubnetProperties) and component.properties.default


def _zone(component: Component) -> tuple[str, str]:
    zone = component.properties.az if isinstance(component.properties, SubnetProperties) else ""
    return zone[-1:], component.id


def zone_of(draft: Draft, subnet: Component, region: str = "") -> str:
    """Return the full name of a subnet's zone."""
    properties = subnet.properties
    if not isinstance(properties, SubnetProperties):
        return ""
    return zone_name(properties.az, region or region_of_vpc(draft, properties.vpc))


def region_of_vpc(draft: Draft, name: str) -> str:
    """Return the region of a VPC: its own or the blueprint's."""
    found = draft.get(name)
    region = found.properties.region if found and isinstance(found.properties, VpcProperties) else None
    return region or draft.blueprint.region


def vpc_of(draft: Draft, subnets: Iterable[str]) -> str | None:
    """Return the VPC of the first of ``subnets`` that there is."""
    for name in subnets:
        found = draft.get(name)
        if found and isinstance(found.properties, SubnetProperties):
            return found.properties.vpc
    return None


def default_group(draft: Draft, vpc: str) -> str | None:
    """Return the default security group of ``vpc``."""
    implicit = f"{vpc}:default-sg"
    if draft.get(implicit):
        return implicit
    for component in draft.referrers(vpc, "security_group"):
        if isinstance(component.properties, SecurityGroupProperties) and component.properties.default:
            return component.id
    return None


def default_groups(draft: Draft, subnets: Iterable[str]) -> dict[str, Json]:
    """Return ``{"security_groups": [...]}`` with the default group of the subnets' VPC, where it has one."""
    vpc = vpc_of(draft, subnets)
    group = default_group(draft, vpc) if vpc else None
    return {"security_groups": [group]} if group else {}


def subnets_for(draft: Draft, region: str) -> list[Json]:
    """Return the default subnets of the region's default VPC."""
    vpc = default_vpc(draft, region)
    return [subnet.id for subnet in default_subnets(draft, vpc)] if vpc else []


def zones_of_subnets(draft: Draft, subnets: Iterable[str]) -> list[str]:
    """Return the zones of ``subnets`` in their order, once each."""
    found: dict[str, None] = {}
    for name in subnets:
        component = draft.get(name)
        if component:
            found.setdefault(zone_of(draft, component))
    return [zone for zone in found if zone]


def places(draft: Draft, subnets: Sequence[str], count: int) -> list[str]:
    """Return a subnet for each of ``count`` members: zone after zone, and within a zone subnet after subnet.

    ECS and EC2 Auto Scaling spread over zones by default (Amazon ECS Developer Guide, "Amazon ECS task placement
    strategies"; EC2 Auto Scaling User Guide, "Balanced Availability Zones").
    """
    by_zone: dict[str, list[str]] = {}
    for name in subnets:
        subnet = draft.get(name)
        if subnet:
            by_zone.setdefault(zone_of(draft, subnet), []).append(name)
    zones = list(by_zone.values())
    if not zones:
        return []
    rounds = [(index // len(zones), zones[index % len(zones)]) for index in range(count)]
    return [members[turn % len(members)] for turn, members in rounds]


class NeedsDefaultVpc(StartsForOwn):
    """A kind whose components stand in the default VPC unless they say where."""

    def __init__(self, kind: str, homeless: Callable[[Component], bool], zone: str = "az") -> None:
        self.kind = kind
        self.homeless = homeless
        self.zone = zone

    def start(self, draft: Draft) -> None:
        regions: dict[str, set[str]] = {}
        for component in draft.of_kind(self.kind):
            if self.homeless(component):
                region = getattr(component.properties, "region", None) or draft.blueprint.region
                zone = getattr(component.properties, self.zone, None)
                zones = regions.setdefault(region, set())
                if zone:
                    zones.add(zone_name(zone, region))
        for region, zones in sorted(regions.items()):
            bring_default_vpc(draft, region, zones)
