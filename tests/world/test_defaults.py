"""AWS's defaults, made explicit. The source of each expectation stands with it."""

from __future__ import annotations

import pytest

from archtui.model.blueprint import Blueprint
from archtui.model.component import Json
from archtui.services import registry
from archtui.world.compiler import compile_world
from archtui.world.world import World
from tests.proves import proves

VPC: dict[str, Json] = {"kind": "vpc", "cidr": "10.0.0.0/16"}
SUBNET: dict[str, Json] = {"kind": "subnet", "vpc": "vpc", "az": "a", "cidr": "10.0.0.0/24"}
SUBNETS: dict[str, Json] = {
    "a1": {"kind": "subnet", "vpc": "vpc", "az": "a", "cidr": "10.0.0.0/24"},
    "a2": {"kind": "subnet", "vpc": "vpc", "az": "a", "cidr": "10.0.1.0/24"},
    "b1": {"kind": "subnet", "vpc": "vpc", "az": "b", "cidr": "10.0.2.0/24"},
}


def world_of(region: str = "eu-west-1", links: list[Json] | None = None, **components: Json) -> World:
    named: dict[str, Json] = {name.replace("_", "-"): body for name, body in components.items()}
    data: dict[str, Json] = {"blueprint": "Test", "region": region, "components": named, "links": links or []}
    return compile_world(Blueprint.build(data, registry()))


def raw(world: World, name: str) -> dict[str, Json]:
    return dict(world.components[name].raw)


class TestVpc:
    """VPC User Guide: 'Main route table', 'Default network ACL', 'Default security groups for your VPCs'."""

    def test_brings_table_acl_and_group(self) -> None:
        world = world_of(vpc=VPC)
        assert raw(world, "vpc:main-route-table") == {"vpc": "vpc", "main": True, "routes": []}
        acl = raw(world, "vpc:default-nacl")
        assert acl["ingress"] == [{"rule": 100, "action": "allow", "from": "0.0.0.0/0"}]
        assert acl["egress"] == [{"rule": 100, "action": "allow", "to": "0.0.0.0/0"}]
        group = raw(world, "vpc:default-sg")
        assert group["ingress"] == [{"protocol": "all", "from": "self"}]
        assert group["egress"] == [{"protocol": "all", "to": "0.0.0.0/0"}]

    def test_with_ipv6_the_default_acl_and_egress_admit_it_too(self) -> None:
        world = world_of(vpc={**VPC, "ipv6_cidr": "2001:db8::/56"})
        assert {"rule": 101, "action": "allow", "from": "::/0"} in raw(world, "vpc:default-nacl")["ingress"]
        assert {"protocol": "all", "to": "::/0"} in raw(world, "vpc:default-sg")["egress"]

    @pytest.mark.parametrize(
        ("kind", "mark", "implicit"),
        [
            ("route_table", "main", "vpc:main-route-table"),
            ("network_acl", "default", "vpc:default-nacl"),
            ("security_group", "default", "vpc:default-sg"),
        ],
    )
    def test_what_is_written_down_is_not_brought_again(self, kind: str, mark: str, implicit: str) -> None:
        assert implicit not in world_of(vpc=VPC, own={"kind": kind, "vpc": "vpc", mark: True}).components
        assert implicit in world_of(vpc=VPC, own={"kind": kind, "vpc": "vpc"}).components

    @proves(
        "A subnet uses the main route table and the default network ACL unless it names others.",
        area="Defaults",
        source="VPC User Guide, 'Route table concepts'",
    )
    def test_a_subnet_takes_main_table_and_default_acl(self) -> None:
        subnet = {"kind": "subnet", "vpc": "vpc", "az": "a", "cidr": "10.0.0.0/24"}
        world = world_of(vpc=VPC, sub=subnet)
        assert raw(world, "sub")["route_table"] == "vpc:main-route-table"
        assert raw(world, "sub")["nacl"] == "vpc:default-nacl"
        own = world_of(
            vpc=VPC,
            sub=subnet,
            rt={"kind": "route_table", "vpc": "vpc", "main": True},
            other={"kind": "route_table", "vpc": "vpc"},
        )
        assert raw(own, "sub")["route_table"] == "rt"


class TestSecurityGroup:
    """VPC User Guide, 'Security group rules': a new group lets everything out and nothing in."""

    @proves(
        "A security group lets everything out by default.",
        area="Defaults",
        source="VPC User Guide, 'Default security groups'",
    )
    def test_egress_left_out_is_everything_and_an_empty_list_nothing(self) -> None:
        world = world_of(
            vpc=VPC,
            open={"kind": "security_group", "vpc": "vpc"},
            shut={"kind": "security_group", "vpc": "vpc", "egress": []},
        )
        assert raw(world, "open")["egress"] == [{"protocol": "all", "to": "0.0.0.0/0"}]
        assert raw(world, "shut")["egress"] == []

    def test_without_a_vpc_it_is_the_default_vpcs(self) -> None:
        assert raw(world_of(sg={"kind": "security_group"}), "sg")["vpc"] == "eu-west-1:default-vpc"


class TestDefaultVpc:
    """VPC User Guide, 'Default VPC components': 172.31.0.0/16, /20 subnets, gateway, route to it."""

    def test_it_comes_with_what_needs_it_and_only_then(self) -> None:
        assert not world_of(vpc=VPC).of_kind("internet_gateway")
        world = world_of(web={"kind": "ec2"})
        assert raw(world, "eu-west-1:default-vpc")["cidr"] == "172.31.0.0/16"
        subnets = {c.id: (c.raw["cidr"], c.raw["map_public_ip"]) for c in world.of_kind("subnet")}
        assert subnets == {
            "eu-west-1a:default-subnet": ("172.31.0.0/20", True),
            "eu-west-1b:default-subnet": ("172.31.16.0/20", True),
            "eu-west-1c:default-subnet": ("172.31.32.0/20", True),
        }
        routes = raw(world, "eu-west-1:default-vpc:main-route-table")["routes"]
        assert routes == [{"to": "0.0.0.0/0", "via": "eu-west-1:default-vpc:internet-gateway"}]

    @pytest.mark.parametrize(
        ("body", "filled"),
        [
            ({"kind": "ec2"}, {"subnet": "eu-west-1a:default-subnet", "public_ip": True}),
            ({"kind": "ec2", "az": "b"}, {"subnet": "eu-west-1b:default-subnet"}),
            ({"kind": "ec2", "az": "eu-west-1d"}, {"subnet": "eu-west-1d:default-subnet"}),
            ({"kind": "alb"}, {"subnets": [f"eu-west-1{z}:default-subnet" for z in "abc"]}),
            ({"kind": "nlb"}, {"subnets": [f"eu-west-1{z}:default-subnet" for z in "abc"], "security_groups": []}),
            ({"kind": "rds"}, {"subnets": [f"eu-west-1{z}:default-subnet" for z in "abc"], "az": "eu-west-1a"}),
            ({"kind": "asg", "desired": 0}, {"subnets": [f"eu-west-1{z}:default-subnet" for z in "abc"]}),
        ],
        ids=lambda value: str(value.get("kind", "")) if isinstance(value, dict) else "",
    )
    def test_what_names_no_subnet_stands_in_it(self, body: Json, filled: dict[str, Json]) -> None:
        found = raw(world_of(it=body), "it")
        assert {key: found[key] for key in filled} == filled

    @pytest.mark.parametrize("kind", ["ec2", "alb", "rds"])
    def test_what_names_no_group_has_its_default_one(self, kind: str) -> None:
        assert raw(world_of(it={"kind": kind}), "it")["security_groups"] == ["eu-west-1:default-vpc:default-sg"]

    def test_an_empty_list_of_groups_stays_empty(self) -> None:
        assert raw(world_of(it={"kind": "ec2", "security_groups": []}), "it")["security_groups"] == []

    def test_one_that_is_written_down_is_used(self) -> None:
        world = world_of(
            mine={"kind": "vpc", "cidr": "172.31.0.0/16", "default": True},
            only={"kind": "subnet", "vpc": "mine", "az": "b", "cidr": "172.31.16.0/20", "default": True},
            web={"kind": "ec2"},
        )
        assert [c.id for c in world.of_kind("vpc")] == ["mine"]
        assert raw(world, "web")["subnet"] == "only"

    def test_a_default_vpc_written_down_alone_is_completed(self) -> None:
        world = world_of(mine={"kind": "vpc", "cidr": "172.31.0.0/16", "default": True})
        assert {c.raw["vpc"] for c in (*world.of_kind("subnet"), *world.of_kind("internet_gateway"))} == {"mine"}

    def test_another_regions_database_brings_that_regions(self) -> None:
        world = world_of(db={"kind": "rds", "region": "us-east-1"})
        assert raw(world, "db")["subnets"] == [f"us-east-1{z}:default-subnet" for z in "abc"]
        assert world.placement("db").region == "us-east-1"


class TestInstances:
    @proves(
        "An instance gets a public address as its subnet's setting says.",
        area="Defaults",
        source="VPC User Guide, 'Modify the IP addressing attributes of your subnet'",
    )
    @pytest.mark.parametrize("maps", [True, False])
    def test_a_public_address_follows_the_subnet(self, maps: bool) -> None:
        """VPC User Guide, 'Modify the IP addressing attributes of your subnet'."""
        world = world_of(vpc=VPC, sub={**SUBNET, "map_public_ip": maps}, web={"kind": "ec2", "subnet": "sub"})
        assert raw(world, "web")["public_ip"] is maps
        own = world_of(
            vpc=VPC,
            sub={**SUBNET, "map_public_ip": maps},
            web={"kind": "ec2", "subnet": "sub", "public_ip": not maps},
        )
        assert raw(own, "web")["public_ip"] is not maps

    def test_a_template_gives_what_the_instance_does_not_say(self) -> None:
        world = world_of(
            lt={"kind": "launch_template", "instance_type": "m5.large", "image": "ami-1", "label": "L"},
            web={"kind": "ec2", "launch_template": "lt", "image": "ami-2"},
        )
        found = raw(world, "web")
        assert (found["instance_type"], found["image"], found.get("label")) == ("m5.large", "ami-2", None)


class TestAutoScaling:
    def world(self, **group: Json) -> World:
        asg: dict[str, Json] = {"kind": "asg", "subnets": ["a1", "a2", "b1"], "max": 9, **group}
        return world_of(
            vpc=VPC,
            **SUBNETS,
            asg=asg,
            lt={"kind": "launch_template", "instance_type": "m5.large"},
            tg={"kind": "target_group", "targets": [{"id": "asg", "port": 81}]},
            db={"kind": "rds"},
            links=[{"from": "asg", "to": "db", "port": 3306}],
        )

    @proves(
        "An Auto Scaling group spreads its instances evenly over its zones.",
        area="Defaults",
        source="EC2 Auto Scaling User Guide, 'Balanced Availability Zones'",
    )
    def test_it_keeps_the_desired_number_spread_over_zones(self) -> None:
        """EC2 Auto Scaling User Guide, 'Balanced Availability Zones'."""
        world = self.world(desired=4, launch_template="lt")
        places = {c.id: c.raw["subnet"] for c in world.of_kind("ec2_instance")}
        assert places == {"asg:1": "a1", "asg:2": "b1", "asg:3": "a2", "asg:4": "b1"}
        assert {c.raw["instance_type"] for c in world.of_kind("ec2_instance")} == {"m5.large"}
        assert raw(world, "asg")["instances"] == ["asg:1", "asg:2", "asg:3", "asg:4"]

    @proves(
        "A desired capacity left out is the minimum.",
        area="Defaults",
        source="EC2 Auto Scaling API, CreateAutoScalingGroup",
    )
    def test_desired_left_out_is_the_minimum(self) -> None:
        """EC2 Auto Scaling API, CreateAutoScalingGroup, DesiredCapacity."""
        assert len(self.world(min=2).of_kind("ec2_instance")) == 2

    def test_a_target_group_that_names_it_means_its_instances(self) -> None:
        assert raw(self.world(desired=2), "tg")["targets"] == [{"id": "asg:1", "port": 81}, {"id": "asg:2", "port": 81}]

    def test_a_group_that_names_a_target_group_registers_its_instances(self) -> None:
        world = world_of(asg={"kind": "asg", "desired": 2, "target_groups": ["tg"]}, tg={"kind": "target_group"})
        assert raw(world, "tg")["targets"] == [{"id": "asg:1"}, {"id": "asg:2"}]

    def test_named_both_ways_they_are_registered_once(self) -> None:
        group: Json = {"kind": "asg", "desired": 1, "target_groups": ["tg"]}
        world = world_of(asg=group, tg={"kind": "target_group", "targets": ["asg"]})
        assert raw(world, "tg")["targets"] == [{"id": "asg:1"}]

    def test_its_links_are_its_instances_links(self) -> None:
        links = {(link.source, link.target, link.port) for link in self.world(desired=2).links}
        assert links == {("asg", "db", 3306), ("asg:1", "db", 3306), ("asg:2", "db", 3306)}

    def test_instances_that_are_written_down_are_not_added_again(self) -> None:
        world = world_of(one={"kind": "ec2"}, asg={"kind": "asg", "desired": 2, "instances": ["one"]})
        assert [c.id for c in world.of_kind("ec2_instance")] == ["one"]


class TestBalancers:
    @pytest.mark.parametrize(
        ("kind", "listener", "protocol"),
        [
            ("alb", {"port": 80}, "HTTP"),
            ("alb", {"port": 443}, "HTTPS"),
            ("alb", {"port": 8443, "certificate": "cert"}, "HTTPS"),
            ("nlb", {"port": 443}, "TCP"),
            ("nlb", {"port": 443, "certificate": "cert"}, "TLS"),
            ("alb", {"port": 443, "protocol": "HTTP"}, "HTTP"),
        ],
    )
    def test_a_listener_says_its_protocol(self, kind: str, listener: dict[str, Json], protocol: str) -> None:
        world = world_of(
            cert={"kind": "certificate", "domain": "example.com"}, lb={"kind": kind, "listeners": [listener]}
        )
        assert raw(world, "lb")["listeners"] == [{**listener, "protocol": protocol}]

    @proves(
        "Cross-zone balancing is on for Application Load Balancers, off by default for Network Load Balancers.",
        area="Defaults",
        source="Elastic Load Balancing User Guide, 'Cross-zone load balancing'",
    )
    @pytest.mark.parametrize(("kind", "cross"), [("alb", True), ("nlb", False)])
    def test_cross_zone(self, kind: str, cross: bool) -> None:
        """Elastic Load Balancing User Guide, 'Cross-zone load balancing': ALB always on, NLB off by default."""
        assert raw(world_of(lb={"kind": kind}), "lb")["cross_zone"] is cross

    @proves(
        "A target group's health check has the protocol and port of the group unless said otherwise.",
        area="Defaults",
        source="ELBv2 API, CreateTargetGroup",
    )
    @pytest.mark.parametrize(
        ("protocol", "port", "check"),
        [("HTTP", 80, "HTTP"), ("HTTPS", 443, "HTTP"), ("TCP", None, "TCP"), ("TLS", None, "TCP")],
    )
    def test_a_target_group_gets_port_check_and_vpc(self, protocol: str, port: int | None, check: str) -> None:
        """ELBv2 API, CreateTargetGroup: HealthCheckProtocol."""
        world = world_of(web={"kind": "ec2"}, tg={"kind": "target_group", "protocol": protocol, "targets": ["web"]})
        found = raw(world, "tg")
        assert found.get("port") == port
        assert found["health_check"] == {"protocol": check}
        assert found["vpc"] == "eu-west-1:default-vpc"

    def test_a_group_of_addresses_is_in_its_balancers_vpc(self) -> None:
        world = world_of(
            lb={"kind": "alb", "listeners": [{"port": 80, "forward": "tg"}]},
            tg={"kind": "target_group", "target_type": "ip", "targets": ["172.31.0.9"]},
        )
        assert raw(world, "tg")["vpc"] == "eu-west-1:default-vpc"


class TestNamesAndData:
    @pytest.mark.parametrize(
        ("name", "full"),
        [
            ("@", "example.com"),
            ("www", "www.example.com"),
            ("a.b", "a.b.example.com"),
            ("www.example.com", "www.example.com"),
            ("example.com", "example.com"),
            ("notexample.com", "notexample.com.example.com"),
        ],
    )
    def test_a_records_name_is_full(self, name: str, full: str) -> None:
        world = world_of(
            zone={"kind": "hosted_zone", "name": "example.com"},
            it={"kind": "record", "zone": "zone", "name": name, "values": ["192.0.2.1"]},
        )
        assert raw(world, "it")["name"] == full

    @proves(
        "A record's TTL is 300 seconds by default, 60 for an alias to a balancer.",
        area="Defaults",
        source="Route 53 Developer Guide, 'Values specific for simple records'",
    )
    def test_ttl(self) -> None:
        """Route 53 Developer Guide: 300 s in the console; 60 s for an alias to a balancer."""
        zone: Json = {"kind": "hosted_zone", "name": "example.com"}
        world = world_of(
            zone=zone,
            lb={"kind": "alb"},
            plain={"kind": "record", "zone": "zone", "name": "a", "values": ["192.0.2.1"]},
            alias={"kind": "record", "zone": "zone", "name": "b", "alias": "lb"},
            own={"kind": "record", "zone": "zone", "name": "c", "values": ["192.0.2.1"], "ttl": 5},
            chained={"kind": "record", "zone": "zone", "name": "d", "alias": "own"},
        )
        assert [raw(world, name)["ttl"] for name in ("plain", "alias", "own", "chained")] == [300, 60, 5, 5]

    @pytest.mark.parametrize(("engine", "port"), [("postgres", 5432), ("mysql", 3306), ("sqlserver", 1433)])
    def test_a_database_says_its_port_and_zones(self, engine: str, port: int) -> None:
        """RDS User Guide, 'Settings for DB instances'."""
        found = raw(world_of(db={"kind": "rds", "engine": engine, "multi_az": True, "az": "b"}), "db")
        assert (found["port"], found["standby_az"]) == (port, "eu-west-1a")
        assert "standby_az" not in raw(world_of(db={"kind": "rds"}), "db")


class TestTransitGateway:
    """Transit Gateway guide: a gateway comes with a default association and propagation table."""

    def test_the_default_table_serves_attachments_that_name_none(self) -> None:
        world = world_of(
            vpc=VPC,
            tgw={"kind": "transit_gateway"},
            att={"kind": "transit_gateway_attachment", "transit_gateway": "tgw", "vpc": "vpc"},
        )
        assert raw(world, "att")["route_table"] == "tgw:default-route-table"

    def test_without_default_association_an_attachment_has_none(self) -> None:
        world = world_of(
            vpc=VPC,
            tgw={"kind": "transit_gateway", "default_association": False, "default_propagation": False},
            att={"kind": "transit_gateway_attachment", "transit_gateway": "tgw", "vpc": "vpc"},
        )
        assert raw(world, "att")["route_table"] == "none"
        assert not world.of_kind("transit_gateway_route_table")


class TestPlacement:
    def test_zones_and_regions_are_components(self) -> None:
        subnet = {"kind": "subnet", "vpc": "vpc", "az": "b", "cidr": "10.0.0.0/24"}
        world = world_of(vpc={**VPC, "region": "us-east-1", "account": "111122223333"}, sub=subnet)
        assert raw(world, "az:us-east-1b") == {"name": "us-east-1b", "inside": "region:us-east-1"}
        assert "region:eu-west-1" in world.components
        place = world.placement("sub")
        assert (place.account, place.region, place.zones) == ("111122223333", "us-east-1", ("us-east-1b",))
        assert world.placement("az:us-east-1b").zones == ("us-east-1b",)
        assert world.placement("region:us-east-1").region == "us-east-1"

    def test_a_zone_that_is_written_down_is_not_brought_again(self) -> None:
        world = world_of(
            here={"kind": "region", "name": "eu-west-1"},
            zone={"kind": "availability_zone", "name": "eu-west-1a", "inside": "here", "az_id": "euw1-az3"},
            vpc=VPC,
            sub={"kind": "subnet", "vpc": "vpc", "az": "a", "cidr": "10.0.0.0/24"},
        )
        assert [c.id for c in world.of_kind("availability_zone")] == ["zone"]
        assert [c.id for c in world.of_kind("region")] == ["here"]

    def test_a_pair_of_databases_is_in_both_zones_and_a_single_one_in_its_own(self) -> None:
        world = world_of(pair={"kind": "rds", "multi_az": True}, single={"kind": "rds", "az": "b"})
        assert world.placement("pair").zones == ("eu-west-1a", "eu-west-1b")
        assert world.placement("single").zones == ("eu-west-1b",)

    def test_what_is_global_is_in_no_region(self) -> None:
        world = world_of(
            zone={"kind": "hosted_zone", "name": "example.com"}, me={"kind": "client", "region": "us-east-1"}
        )
        assert {world.placement(name).region for name in ("internet", "zone", "me")} == {""}
