"""What AWS brings with networks: main table, default ACL, default group, what subnets take when they name none."""

from __future__ import annotations

from archtui.model.component import Component, Json
from archtui.services.geography.expand import bring_zone
from archtui.services.vpc.defaults import (
    DEFAULT_ZONES,
    NeedsDefaultVpc,
    add_default_subnet,
    default_group,
    default_groups,
    default_vpc,
    region_of_vpc,
)
from archtui.services.vpc.properties import (
    InternetGatewayProperties,
    NetworkAclProperties,
    NetworkInterfaceProperties,
    RouteTableProperties,
    SecurityGroupProperties,
    SubnetProperties,
    VpcProperties,
)
from archtui.world.expand import Draft, Expands
from archtui.world.world import zone_name

EVERYTHING_OUT: Json = {"protocol": "all", "to": "0.0.0.0/0"}
EVERYTHING_OUT_6: Json = {"protocol": "all", "to": "::/0"}


class ExpandsVpc(Expands):
    """A VPC comes with a main route table, a default ACL and a default group; a default VPC also with
    subnets and a way to the internet (VPC User Guide, 'Main route table', 'Default network ACL',
    'Default security groups for your VPCs', 'Default VPC components')."""

    order = 10

    def expand(self, component: Component, draft: Draft) -> None:
        properties = component.properties
        if not isinstance(properties, VpcProperties):
            return
        name = component.id
        region = properties.region or draft.blueprint.region
        draft.fill(name, {"region": region})
        tables = [c.properties for c in draft.referrers(name, "route_table")]
        if not any(isinstance(table, RouteTableProperties) and table.main for table in tables):
            routes: list[Json] = []
            if properties.default:
                routes.append({"to": "0.0.0.0/0", "via": self._gateway(name, draft)})
            draft.add(f"{name}:main-route-table", "route_table", {"vpc": name, "main": True, "routes": routes})
        if properties.default and all(subnet.implicit for subnet in draft.referrers(name, "subnet")):
            for letter in DEFAULT_ZONES:
                add_default_subnet(draft, name, region, letter)
        acls = [c.properties for c in draft.referrers(name, "network_acl")]
        if not any(isinstance(acl, NetworkAclProperties) and acl.default for acl in acls):
            self._default_acl(name, draft, ipv6=bool(properties.ipv6_cidr or properties.secondary_ipv6_cidrs))
        if default_group(draft, name) is None:
            draft.add(
                f"{name}:default-sg",
                "security_group",
                {
                    "vpc": name,
                    "default": True,
                    "description": "default VPC security group",
                    "ingress": [{"protocol": "all", "from": "self"}],
                },
            )

    def _gateway(self, name: str, draft: Draft) -> str:
        for component in draft.referrers(name, "internet_gateway"):
            if isinstance(component.properties, InternetGatewayProperties):
                return component.id
        draft.add(f"{name}:internet-gateway", "internet_gateway", {"vpc": name})
        return f"{name}:internet-gateway"

    def _default_acl(self, name: str, draft: Draft, *, ipv6: bool) -> None:
        blocks = [(100, "0.0.0.0/0"), *([(101, "::/0")] if ipv6 else [])]
        draft.add(
            f"{name}:default-nacl",
            "network_acl",
            {
                "vpc": name,
                "default": True,
                "ingress": [{"rule": rule, "action": "allow", "from": block} for rule, block in blocks],
                "egress": [{"rule": rule, "action": "allow", "to": block} for rule, block in blocks],
            },
        )


class ExpandsSubnet(Expands):
    """A subnet that names no table and no ACL is served by its VPC's main table and default ACL."""

    order = 15

    def expand(self, component: Component, draft: Draft) -> None:
        properties = component.properties
        if not isinstance(properties, SubnetProperties):
            return
        region = region_of_vpc(draft, properties.vpc)
        zone = zone_name(properties.az, region)
        bring_zone(draft, zone, region)
        filled: dict[str, Json] = {}
        if properties.route_table is None:
            filled["route_table"] = self._main_table(properties.vpc, draft)
        if properties.nacl is None:
            filled["nacl"] = self._default_acl(properties.vpc, draft)
        draft.fill(component.id, {key: value for key, value in filled.items() if value})

    def _main_table(self, vpc: str, draft: Draft) -> str | None:
        if draft.get(f"{vpc}:main-route-table"):
            return f"{vpc}:main-route-table"
        for component in draft.referrers(vpc, "route_table"):
            if isinstance(component.properties, RouteTableProperties) and component.properties.main:
                return component.id
        return None

    def _default_acl(self, vpc: str, draft: Draft) -> str | None:
        if draft.get(f"{vpc}:default-nacl"):
            return f"{vpc}:default-nacl"
        for component in draft.referrers(vpc, "network_acl"):
            if isinstance(component.properties, NetworkAclProperties) and component.properties.default:
                return component.id
        return None


class ExpandsSecurityGroup(Expands):
    """A group without VPC is the default VPC's; one without egress rules lets everything out, over IPv6
    too where its VPC has it (VPC User Guide, 'Security group rules')."""

    order = 20

    def expand(self, component: Component, draft: Draft) -> None:
        properties = component.properties
        if not isinstance(properties, SecurityGroupProperties):
            return
        vpc = properties.vpc or default_vpc(draft, draft.blueprint.region)
        filled: dict[str, Json] = {"vpc": vpc} if vpc else {}
        if properties.egress is None:
            network = draft.get(vpc) if vpc else None
            home = network.properties if network else None
            ipv6 = isinstance(home, VpcProperties) and bool(home.ipv6_cidr or home.secondary_ipv6_cidrs)
            filled["egress"] = [EVERYTHING_OUT, EVERYTHING_OUT_6] if ipv6 else [EVERYTHING_OUT]
        draft.fill(component.id, filled)


SECURITY_GROUP_STARTS = NeedsDefaultVpc(
    "security_group", lambda c: isinstance(c.properties, SecurityGroupProperties) and c.properties.vpc is None
)


class ExpandsNetworkInterface(Expands):
    """An interface that says nothing of groups has its VPC's default one."""

    order = 25

    def expand(self, component: Component, draft: Draft) -> None:
        properties = component.properties
        if isinstance(properties, NetworkInterfaceProperties) and "security_groups" not in component.raw:
            draft.fill(component.id, default_groups(draft, (properties.subnet,)))
