"""What describe output becomes: one account, several, and each kind of resource."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from archtui.formats.aws import import_aws
from archtui.model.component import Json
from archtui.services import registry
from archtui.world.compiler import compile_world
from tests.formats.aws.account import ACCOUNT, GROUP, LB, LISTENER, OTHER, account, import_document, imported, write


def described(tmp_path: Path, name: str, **lists: list[Json]) -> dict[str, Json]:
    """Return the properties of ``name`` after importing the small account with ``lists`` added."""
    _, blueprint = import_document(tmp_path, {**account(), **lists})
    return dict(blueprint.components[name].raw)


def extended(key: str, **changes: Json) -> list[Json]:
    """Return the small account's only ``key`` with some fields changed."""
    first = account()[key][0]
    assert isinstance(first, dict)
    return [{**first, **changes}]


def test_a_small_account_is_all_there(tmp_path: Path) -> None:
    result, blueprint = import_document(tmp_path, account())
    assert sorted(blueprint.components) == sorted(
        ["vpc-1", "subnet-a", "subnet-b", "rtb-1", "igw-1", "acl-1", "sg-1", "eni-1", "i-1"]
    )
    assert result.unsupported == ()
    assert (blueprint.region, blueprint.account) == ("eu-west-1", ACCOUNT)
    assert dict(blueprint.components["i-1"].raw)["label"] == "web server"
    assert dict(blueprint.components["rtb-1"].raw)["routes"] == [{"to": "0.0.0.0/0", "via": "igw-1"}]


def test_an_import_needs_no_default_vpc(tmp_path: Path) -> None:
    _, blueprint = import_document(tmp_path, account())
    assert [c.id for c in compile_world(blueprint).of_kind("vpc")] == ["vpc-1"]


def test_one_file_with_everything_and_many_files_give_the_same(tmp_path: Path) -> None:
    single = tmp_path / "all.txt"
    single.write_text(json.dumps(account()), encoding="utf-8")
    assert imported(single)[0].data["components"] == import_document(tmp_path, account())[0].data["components"]


def test_pages_written_one_after_the_other_are_all_read(tmp_path: Path) -> None:
    pages = "\n".join(json.dumps({key: records, "NextToken": "x"}) for key, records in account().items())
    file = tmp_path / "pages"
    file.write_text(pages, encoding="utf-8")
    assert len(imported(file)[1].components) == 9


def test_utf16_output_of_powershell_is_read(tmp_path: Path) -> None:
    file = tmp_path / "vpcs.json"
    file.write_text(json.dumps(account()), encoding="utf-16")
    assert len(imported(file)[1].components) == 9


def test_what_lies_beside_aws_configs_is_not_read(tmp_path: Path) -> None:
    write(tmp_path / "snapshot" / "aws_configs", account())
    (tmp_path / "snapshot" / "router.cfg").write_text("hostname r1", encoding="utf-8")
    result, _ = imported(tmp_path / "snapshot")
    assert result.unsupported == ()


def test_accounts_and_regions_become_one_blueprint(tmp_path: Path) -> None:
    """A peering is listed by both accounts; the owner's description of a shared thing counts."""
    there = json.loads(json.dumps(account()).replace(ACCOUNT, OTHER).replace("eu-west-1", "us-east-1"))
    for old in ("vpc-1", "subnet-", "rtb-1", "igw-1", "acl-1", "sg-1", "eni-1", "i-1"):
        there = json.loads(json.dumps(there).replace(f'"{old}', f'"{old[:-1]}9{old[-1]}'))
    peering: Json = {
        "VpcPeeringConnectionId": "pcx-1",
        "Status": {"Code": "active"},
        "RequesterVpcInfo": {"VpcId": "vpc-1"},
        "AccepterVpcInfo": {"VpcId": "vpc-91"},
    }
    root = tmp_path / "accounts"
    write(root / ACCOUNT / "eu-west-1", {**account(), "VpcPeeringConnections": [peering]})
    write(root / OTHER / "us-east-1", {**there, "VpcPeeringConnections": [peering]})
    result, blueprint = imported(tmp_path)
    world = compile_world(blueprint)
    assert "account" not in result.data
    places = {(world.placement(name).account, world.placement(name).region) for name in ("vpc-1", "eni-1", "i-1")}
    assert places == {(ACCOUNT, "eu-west-1")}
    assert (world.placement("vpc-91").account, world.placement("vpc-91").region) == (OTHER, "us-east-1")
    assert len(world.of_kind("vpc_peering_connection")) == 1


def test_regions_are_told_apart_without_folders(tmp_path: Path) -> None:
    there = json.loads(
        json.dumps(account()).replace("eu-west-1", "us-east-1").replace("-1", "-2").replace("us-east-2", "us-east-1")
    )
    there = json.loads(json.dumps(there).replace("subnet-a", "subnet-c").replace("subnet-b", "subnet-d"))
    folder = write(tmp_path / "flat", account())
    write(folder, there, prefix="other")
    _, blueprint = imported(folder)
    regions = {name: blueprint.components[name].raw["region"] for name in ("vpc-1", "vpc-2")}
    assert regions == {"vpc-1": "eu-west-1", "vpc-2": "us-east-1"}


class TestNetworks:
    def test_secondary_blocks(self, tmp_path: Path) -> None:
        blocks: Json = [
            {"CidrBlock": "10.0.0.0/16", "CidrBlockState": {"State": "associated"}},
            {"CidrBlock": "10.1.0.0/16", "CidrBlockState": {"State": "associated"}},
            {"CidrBlock": "10.2.0.0/16", "CidrBlockState": {"State": "disassociated"}},
        ]
        found = described(tmp_path, "vpc-1", Vpcs=extended("Vpcs", CidrBlockAssociationSet=blocks))
        assert found["secondary_cidrs"] == ["10.1.0.0/16"]

    @pytest.mark.parametrize(
        ("row", "route"),
        [
            ({"NatGatewayId": "nat-1", "State": "blackhole"}, {"via": "nat-1", "state": "blackhole"}),
            ({"InstanceId": "i-1", "NetworkInterfaceId": "eni-1"}, {"via": "eni-1"}),
            ({"TransitGatewayId": "tgw-1"}, {"via": "tgw-1"}),
            ({"GatewayId": "vgw-1", "Origin": "EnableVgwRoutePropagation"}, {"via": "vgw-1", "origin": "propagated"}),
            ({"State": "blackhole"}, {"via": "blackhole", "state": "blackhole"}),
        ],
    )
    def test_routes(self, tmp_path: Path, row: dict[str, Json], route: dict[str, Json]) -> None:
        tables = extended("RouteTables", Routes=[{"DestinationCidrBlock": "0.0.0.0/0", **row}])
        assert described(tmp_path, "rtb-1", RouteTables=tables)["routes"] == [{"to": "0.0.0.0/0", **route}]

    def test_a_routes_target_that_is_not_there_is_unmodelled_and_said(self, tmp_path: Path) -> None:
        tables = extended("RouteTables", Routes=[{"DestinationCidrBlock": "0.0.0.0/0", "TransitGatewayId": "tgw-1"}])
        result, blueprint = import_document(tmp_path, {**account(), "RouteTables": tables})
        assert blueprint.components["tgw-1"].kind.name == "unmodelled_resource"
        assert [(u.type, u.id) for u in result.unsupported] == [("transit gateway", "tgw-1")]

    def test_a_local_route_sent_elsewhere_is_kept(self, tmp_path: Path) -> None:
        tables = extended(
            "RouteTables", Routes=[{"DestinationCidrBlock": "10.0.0.0/16", "NetworkInterfaceId": "eni-1"}]
        )
        assert described(tmp_path, "rtb-1", RouteTables=tables)["routes"] == [{"to": "10.0.0.0/16", "via": "eni-1"}]

    def test_acl_entries_are_sorted_and_the_implicit_deny_is_left_out(self, tmp_path: Path) -> None:
        entries: Json = [
            {
                "RuleNumber": 200,
                "Protocol": "6",
                "RuleAction": "deny",
                "Egress": False,
                "CidrBlock": "10.0.0.0/8",
                "PortRange": {"From": 22, "To": 23},
            },
            {"RuleNumber": 32767, "Protocol": "-1", "RuleAction": "deny", "Egress": False, "CidrBlock": "0.0.0.0/0"},
            {
                "RuleNumber": 10,
                "Protocol": "1",
                "RuleAction": "allow",
                "Egress": False,
                "CidrBlock": "0.0.0.0/0",
                "IcmpTypeCode": {"Type": 8, "Code": -1},
            },
            {"RuleNumber": 32768, "Protocol": "-1", "RuleAction": "deny", "Egress": False, "Ipv6CidrBlock": "::/0"},
        ]
        found = described(tmp_path, "acl-1", NetworkAcls=extended("NetworkAcls", Entries=entries))
        assert found["ingress"] == [
            {"rule": 10, "action": "allow", "protocol": "1", "icmp_type": 8, "from": "0.0.0.0/0"},
            {"rule": 200, "action": "deny", "protocol": "6", "port": "22-23", "from": "10.0.0.0/8"},
        ]

    @pytest.mark.parametrize(
        ("permission", "rule"),
        [
            ({"IpProtocol": "-1", "UserIdGroupPairs": [{"GroupId": "sg-1"}]}, {"protocol": "all", "from": "self"}),
            (
                {"IpProtocol": "tcp", "FromPort": 0, "ToPort": 65535, "Ipv6Ranges": [{"CidrIpv6": "::/0"}]},
                {"protocol": "tcp", "from": "::/0"},
            ),
            (
                {
                    "IpProtocol": "icmp",
                    "FromPort": 8,
                    "ToPort": 0,
                    "IpRanges": [{"CidrIp": "10.0.0.0/8", "Description": "ping"}],
                },
                {"protocol": "icmp", "icmp_type": 8, "icmp_code": 0, "from": "10.0.0.0/8", "description": "ping"},
            ),
            (
                {"IpProtocol": "icmp", "FromPort": -1, "ToPort": -1, "IpRanges": [{"CidrIp": "10.0.0.0/8"}]},
                {"protocol": "icmp", "from": "10.0.0.0/8"},
            ),
            (
                {"IpProtocol": "udp", "FromPort": 53, "ToPort": 54, "PrefixListIds": [{"PrefixListId": "pl-1"}]},
                {"protocol": "udp", "port": "53-54", "from": "pl-1"},
            ),
        ],
    )
    def test_permissions(self, tmp_path: Path, permission: Json, rule: Json) -> None:
        groups = extended("SecurityGroups", IpPermissions=[permission])
        assert described(tmp_path, "sg-1", SecurityGroups=groups)["ingress"] == [rule]

    def test_egress_that_is_empty_stays_empty(self, tmp_path: Path) -> None:
        assert described(tmp_path, "sg-1")["egress"] == []

    def test_a_rule_over_a_deleted_peering_is_stale(self, tmp_path: Path) -> None:
        """VPC User Guide, 'Stale security group rules'."""
        pair = {"GroupId": "sg-9", "PeeringStatus": "deleted"}
        groups = extended("SecurityGroups", IpPermissions=[{"IpProtocol": "-1", "UserIdGroupPairs": [pair]}])
        result, blueprint = import_document(tmp_path, {**account(), "SecurityGroups": groups})
        assert dict(blueprint.components["sg-1"].raw)["ingress"] == []
        assert "stale" in result.unsupported[0].why

    def test_an_interface_with_several_addresses(self, tmp_path: Path) -> None:
        addresses: Json = [
            {"PrivateIpAddress": "10.0.0.11", "Primary": False, "Association": {"PublicIp": "198.51.100.2"}},
            {"PrivateIpAddress": "10.0.0.10", "Primary": True, "Association": {"PublicIp": "198.51.100.1"}},
        ]
        found = described(
            tmp_path,
            "eni-1",
            NetworkInterfaces=extended(
                "NetworkInterfaces", PrivateIpAddresses=addresses, SourceDestCheck=False, Groups=[]
            ),
        )
        assert found["private_ips"] == ["10.0.0.10", "10.0.0.11"]
        assert (found["public_ip"], found["public_ips"]) == ("198.51.100.1", {"10.0.0.11": "198.51.100.2"})
        assert (found["source_dest_check"], found["security_groups"]) == (False, [])

    def test_interfaces_come_from_instances_where_nothing_else_describes_them(self, tmp_path: Path) -> None:
        document = account()
        (interface,) = document.pop("NetworkInterfaces")
        assert isinstance(interface, dict)
        (reservation,) = document["Reservations"]
        assert isinstance(reservation, dict)
        instances = reservation["Instances"]
        assert isinstance(instances, list)
        assert isinstance(instances[0], dict)
        instances[0]["NetworkInterfaces"] = [{k: v for k, v in interface.items() if k != "Attachment"}]
        _, blueprint = import_document(tmp_path, document)
        assert dict(blueprint.components["eni-1"].raw)["attached_to"] == "i-1"

    @pytest.mark.parametrize(
        ("description", "type_", "owner"),
        [
            ("Interface for NAT Gateway nat-1", "nat_gateway", "nat-1"),
            ("Network Interface for Transit Gateway Attachment tgw-attach-1", "transit_gateway", "tgw-attach-1"),
            ("VPC Endpoint Interface vpce-1", "vpc_endpoint", "vpce-1"),
            ("ELB app/front/50dc6c495c0c9188", "interface", "front-50dc6c495c0c9188"),
            ("talks to nat-1", "interface", ""),
        ],
    )
    def test_an_interface_belongs_to_what_its_description_names(self, description: str, type_: str, owner: str) -> None:
        from archtui.services.vpc.describe_filters import owner_of

        assert owner_of({"Description": description, "InterfaceType": type_}) == owner

    def test_an_address_of_a_nat_gateway_is_named_by_it_alone(self, tmp_path: Path) -> None:
        nat = {
            "NatGatewayId": "nat-1",
            "SubnetId": "subnet-a",
            "State": "available",
            "NatGatewayAddresses": [
                {"AllocationId": "eipalloc-1", "PublicIp": "198.51.100.1", "PrivateIp": "10.0.0.5"}
            ],
        }
        address = {"AllocationId": "eipalloc-1", "PublicIp": "198.51.100.1", "NetworkInterfaceId": "eni-1"}
        _, blueprint = import_document(tmp_path, {**account(), "NatGateways": [nat], "Addresses": [address]})
        assert dict(blueprint.components["nat-1"].raw)["elastic_ip"] == "eipalloc-1"
        assert "attached_to" not in blueprint.components["eipalloc-1"].raw


class TestWhatIsGone:
    NAT_STATE = "deleted"

    def nat(self, state: str) -> Json:
        return {"NatGatewayId": "nat-1", "SubnetId": "subnet-a", "State": state, "NatGatewayAddresses": []}

    def test_a_deleted_gateway_that_nothing_names_is_said_and_left_out(self, tmp_path: Path) -> None:
        result, blueprint = import_document(tmp_path, {**account(), "NatGateways": [self.nat("deleted")]})
        assert "nat-1" not in blueprint.components
        assert [(u.type, u.id, u.why) for u in result.unsupported] == [("nat_gateway", "nat-1", "its state is deleted")]

    def test_one_that_a_route_names_is_kept_with_its_state(self, tmp_path: Path) -> None:
        tables = extended("RouteTables", Routes=[{"DestinationCidrBlock": "0.0.0.0/0", "NatGatewayId": "nat-1"}])
        found = described(tmp_path, "nat-1", NatGateways=[self.nat("deleted")], RouteTables=tables)
        assert found["state"] == "deleted"

    def test_a_terminated_instance_does_not_move_to_the_default_vpc(self, tmp_path: Path) -> None:
        gone = {"InstanceId": "i-9", "State": {"Name": "terminated"}}
        result, blueprint = import_document(tmp_path, {**account(), "Reservations": [{"Instances": [gone]}]})
        assert "i-9" not in blueprint.components
        assert ("ec2_instance", "i-9", "its state is terminated") in [(u.type, u.id, u.why) for u in result.unsupported]

    def test_an_instance_whose_subnet_is_missing_is_left_out(self, tmp_path: Path) -> None:
        document = account()
        document["Subnets"] = document["Subnets"][1:]
        result, blueprint = import_document(tmp_path, document)
        assert "i-1" not in blueprint.components
        assert ("ec2_instance", "i-1", "its subnet subnet-a is not in the input") in [
            (u.type, u.id, u.why) for u in result.unsupported
        ]


class TestBalancers:
    BALANCER = "front-50dc6c495c0c9188"
    TARGETS = "web-73e2d6bc24d8a067"

    def lists(self) -> dict[str, list[Json]]:
        return {
            "LoadBalancers": [
                {
                    "LoadBalancerArn": LB,
                    "LoadBalancerName": "front",
                    "Type": "application",
                    "Scheme": "internet-facing",
                    "SecurityGroups": ["sg-1"],
                    "AvailabilityZones": [{"SubnetId": "subnet-a"}, {"SubnetId": "subnet-b"}],
                    "State": {"Code": "active"},
                }
            ],
            "Listeners": [
                {
                    "ListenerArn": LISTENER,
                    "LoadBalancerArn": LB,
                    "Port": 443,
                    "Protocol": "HTTPS",
                    "Certificates": [{"CertificateArn": "arn:aws:acm:eu-west-1:111122223333:certificate/c-1"}],
                    "DefaultActions": [{"Type": "forward", "TargetGroupArn": GROUP}],
                }
            ],
            "Rules": [
                {
                    "RuleArn": f"{LISTENER.replace(':listener/', ':listener-rule/')}/9683b2d02a6cabee",
                    "Priority": "10",
                    "Conditions": [
                        {"Field": "path-pattern", "PathPatternConfig": {"Values": ["/old/*"]}},
                        {"Field": "http-header", "HttpHeaderConfig": {"HttpHeaderName": "X-A", "Values": ["1"]}},
                    ],
                    "Actions": [
                        {
                            "Type": "redirect",
                            "RedirectConfig": {
                                "Protocol": "HTTPS",
                                "Port": "#{port}",
                                "Host": "#{host}",
                                "Path": "/new",
                                "StatusCode": "HTTP_302",
                            },
                        }
                    ],
                },
                {
                    "RuleArn": f"{LISTENER.replace(':listener/', ':listener-rule/')}/d",
                    "Priority": "default",
                    "Actions": [],
                },
            ],
            "LoadBalancerAttributes": [
                {"LoadBalancerArn": LB, "Attributes": [{"Key": "idle_timeout.timeout_seconds", "Value": "30"}]}
            ],
            "TargetGroups": [
                {
                    "TargetGroupArn": GROUP,
                    "TargetGroupName": "web",
                    "Protocol": "HTTP",
                    "Port": 80,
                    "VpcId": "vpc-1",
                    "TargetType": "instance",
                    "HealthCheckPath": "/up",
                    "Matcher": {"HttpCode": "200-299"},
                }
            ],
            "LoadBalancerTargetHealth": [
                {
                    "TargetGroupArn": GROUP,
                    "TargetHealthDescriptions": [
                        {"Target": {"Id": "i-1", "Port": 80}, "TargetHealth": {"State": "unhealthy"}}
                    ],
                }
            ],
        }

    def test_listeners_rules_and_attributes(self, tmp_path: Path) -> None:
        found = described(tmp_path, self.BALANCER, **self.lists())
        assert found["idle_timeout"] == 30
        assert found["listeners"] == [
            {
                "port": 443,
                "protocol": "HTTPS",
                "certificate": "certificate-c-1",
                "forward": [{"target_group": self.TARGETS}],
                "rules": [
                    {
                        "priority": 10,
                        "path": ["/old/*"],
                        "header": {"X-A": ["1"]},
                        "redirect": {"protocol": "HTTPS", "path": "/new", "status": 302},
                    }
                ],
            }
        ]

    def test_targets_keep_their_port_and_health(self, tmp_path: Path) -> None:
        found = described(tmp_path, self.TARGETS, **self.lists())
        assert found["targets"] == [{"id": "i-1", "port": 80, "health": "unhealthy"}]
        assert found["health_check"] == {"path": "/up", "matcher": "200-299"}

    def test_a_certificate_that_is_not_described_is_unmodelled(self, tmp_path: Path) -> None:
        _, blueprint = import_document(tmp_path, {**account(), **self.lists()})
        assert blueprint.components["certificate-c-1"].kind.stands_in

    def test_a_type_without_a_kind_is_said(self, tmp_path: Path) -> None:
        lists = self.lists()
        balancer = lists["LoadBalancers"][0]
        assert isinstance(balancer, dict)
        balancer["Type"] = "of a later year"
        result, _ = import_document(tmp_path, {**account(), "LoadBalancers": [balancer]})
        assert [(u.type, u.why) for u in result.unsupported] == [("LoadBalancers", "this type is not modelled")]


class TestTransitGateways:
    def lists(self) -> dict[str, list[Json]]:
        peering = {
            "TransitGatewayAttachmentId": "tgw-attach-p",
            "ResourceType": "peering",
            "State": "available",
        }
        return {
            "TransitGateways": [
                {
                    "TransitGatewayId": "tgw-1",
                    "OwnerId": ACCOUNT,
                    "Options": {"DefaultRouteTableAssociation": "disable"},
                },
                {"TransitGatewayId": "tgw-2", "OwnerId": ACCOUNT},
            ],
            "TransitGatewayAttachments": [
                {
                    "TransitGatewayAttachmentId": "tgw-attach-v",
                    "TransitGatewayId": "tgw-1",
                    "ResourceType": "vpc",
                    "ResourceId": "vpc-1",
                    "State": "available",
                },
                {
                    **peering,
                    "TransitGatewayId": "tgw-1",
                    "ResourceId": "tgw-2",
                    "Association": {"TransitGatewayRouteTableId": "tgw-rtb-1", "State": "associated"},
                },
                {**peering, "TransitGatewayId": "tgw-2", "ResourceId": "tgw-1"},
            ],
            "TransitGatewayVpcAttachments": [
                {
                    "TransitGatewayAttachmentId": "tgw-attach-v",
                    "TransitGatewayId": "tgw-1",
                    "VpcId": "vpc-1",
                    "SubnetIds": ["subnet-a"],
                    "Options": {"ApplianceModeSupport": "enable"},
                    "State": "available",
                }
            ],
            "TransitGatewayRouteTables": [{"TransitGatewayRouteTableId": "tgw-rtb-1", "TransitGatewayId": "tgw-1"}],
            "TransitGatewayPropagations": [
                {
                    "TransitGatewayRouteTableId": "tgw-rtb-1",
                    "TransitGatewayRouteTablePropagations": [
                        {"TransitGatewayAttachmentId": "tgw-attach-v", "State": "enabled"}
                    ],
                }
            ],
            "TransitGatewayStaticRoutes": [
                {
                    "TransitGatewayRouteTableId": "tgw-rtb-1",
                    "Routes": [
                        {"DestinationCidrBlock": "10.9.0.0/16", "State": "blackhole", "Type": "static"},
                        {
                            "DestinationCidrBlock": "10.8.0.0/16",
                            "State": "active",
                            "TransitGatewayAttachments": [{"TransitGatewayAttachmentId": "tgw-attach-p"}],
                        },
                    ],
                }
            ],
        }

    def test_attachments_of_a_vpc_and_of_a_peering(self, tmp_path: Path) -> None:
        _, blueprint = import_document(tmp_path, {**account(), **self.lists()})
        raw = {name: dict(c.raw) for name, c in blueprint.components.items()}
        assert raw["tgw-1"]["default_association"] is False
        assert raw["tgw-attach-v"] == {
            "transit_gateway": "tgw-1",
            "vpc": "vpc-1",
            "route_table": "none",
            "subnets": ["subnet-a"],
            "appliance_mode": True,
        }
        assert raw["tgw-attach-p"] == {
            "transit_gateway": "tgw-1",
            "peer": "tgw-2",
            "route_table": "tgw-rtb-1",
            "peer_route_table": "none",
        }
        assert raw["tgw-rtb-1"]["propagations"] == ["tgw-attach-v"]
        assert raw["tgw-rtb-1"]["routes"] == [
            {"to": "10.9.0.0/16", "via": "blackhole", "state": "blackhole"},
            {"to": "10.8.0.0/16", "via": "tgw-attach-p"},
        ]

    def test_a_peering_is_written_from_the_side_that_asked_for_it(self, tmp_path: Path) -> None:
        asked: Json = {"TransitGatewayAttachmentId": "tgw-attach-p", "RequesterTgwInfo": {"TransitGatewayId": "tgw-2"}}
        lists = {**self.lists(), "TransitGatewayPeeringAttachments": [asked]}
        found = described(tmp_path, "tgw-attach-p", **lists)
        assert found == {
            "transit_gateway": "tgw-2",
            "peer": "tgw-1",
            "route_table": "none",
            "peer_route_table": "tgw-rtb-1",
        }

    def test_the_owners_description_of_a_shared_gateway_counts(self, tmp_path: Path) -> None:
        shared = {"TransitGatewayId": "tgw-1", "OwnerId": OTHER}
        own: Json = {**shared, "Tags": [{"Key": "Name", "Value": "hub"}]}
        write(tmp_path / ACCOUNT / "eu-west-1", {**account(), "TransitGateways": [shared]})
        write(tmp_path / OTHER / "eu-west-1", {"TransitGateways": [own]})
        _, blueprint = imported(tmp_path)
        assert dict(blueprint.components["tgw-1"].raw) == {"label": "hub", "region": "eu-west-1", "account": OTHER}

    def test_another_accounts_vpc_is_what_lies_behind_and_unknown(self, tmp_path: Path) -> None:
        lists = self.lists()
        first = lists["TransitGatewayAttachments"][0]
        assert isinstance(first, dict)
        first["ResourceId"] = "vpc-77"
        result, blueprint = import_document(tmp_path, {**account(), **lists})
        assert dict(blueprint.components["tgw-attach-v"].raw)["resource"] == "vpc-77"
        assert any("vpc-77" in u.why for u in result.unsupported)


class TestOthers:
    def test_vpn(self, tmp_path: Path) -> None:
        found = described(
            tmp_path,
            "vpn-1",
            VpnGateways=[{"VpnGatewayId": "vgw-1", "VpcAttachments": [{"VpcId": "vpc-1", "State": "attached"}]}],
            CustomerGateways=[{"CustomerGatewayId": "cgw-1", "IpAddress": "198.51.100.9", "BgpAsn": "65001"}],
            VpnConnections=[
                {
                    "VpnConnectionId": "vpn-1",
                    "VpnGatewayId": "vgw-1",
                    "CustomerGatewayId": "cgw-1",
                    "Options": {"StaticRoutesOnly": True},
                    "Routes": [{"DestinationCidrBlock": "192.168.0.0/16", "State": "available"}],
                    "VgwTelemetry": [{"Status": "UP"}, {"Status": "DOWN"}],
                }
            ],
        )
        assert found == {
            "gateway": "vgw-1",
            "customer_gateway": "cgw-1",
            "static_routes_only": True,
            "static_routes": ["192.168.0.0/16"],
            "tunnels": ["up", "down"],
        }

    def test_endpoints(self, tmp_path: Path) -> None:
        everything = '{"Statement": [{"Action": "*", "Effect": "Allow", "Principal": "*", "Resource": "*"}]}'
        endpoints: list[Json] = [
            {
                "VpcEndpointId": "vpce-g",
                "VpcEndpointType": "Gateway",
                "VpcId": "vpc-1",
                "ServiceName": "com.amazonaws.eu-west-1.s3",
                "RouteTableIds": ["rtb-1"],
                "PolicyDocument": everything,
                "State": "available",
            },
            {
                "VpcEndpointId": "vpce-i",
                "VpcEndpointType": "Interface",
                "VpcId": "vpc-1",
                "ServiceName": "com.amazonaws.eu-west-1.ec2",
                "SubnetIds": ["subnet-a"],
                "NetworkInterfaceIds": ["eni-1"],
                "Groups": [{"GroupId": "sg-1"}],
                "PrivateDnsEnabled": True,
            },
        ]
        lists: dict[str, list[Json]] = {
            "VpcEndpoints": endpoints,
            "PrefixLists": [
                {"PrefixListId": "pl-1", "PrefixListName": "com.amazonaws.eu-west-1.s3", "Cidrs": ["3.5.0.0/20"]}
            ],
        }
        _, blueprint = import_document(tmp_path, {**account(), **lists})
        gateway = dict(blueprint.components["vpce-g"].raw)
        assert (gateway["prefix_list"], gateway["route_tables"], gateway.get("policy")) == ("pl-1", ["rtb-1"], None)
        assert dict(blueprint.components["vpce-i"].raw)["private_ips"] == ["10.0.0.10"]

    def test_databases_of_one_name_in_two_regions(self, tmp_path: Path) -> None:
        def database(region: str) -> Json:
            return {
                "DBInstanceIdentifier": "shop",
                "Engine": "postgres",
                "DBInstanceArn": f"arn:aws:rds:{region}:{ACCOUNT}:db:shop",
                "AvailabilityZone": f"{region}a",
                "DBSubnetGroup": {"Subnets": [{"SubnetIdentifier": "subnet-a"}]},
                "VpcSecurityGroups": [{"VpcSecurityGroupId": "sg-1"}],
            }

        lists: dict[str, list[Json]] = {"DBInstances": [database("eu-west-1"), database("us-east-1")]}
        result, blueprint = import_document(tmp_path, {**account(), **lists})
        assert [c.id for c in blueprint.components.values() if c.kind.name == "db_instance"] == [
            "shop",
            f"shop.us-east-1.{ACCOUNT}",
        ]
        assert any("of this name" in u.why for u in result.unsupported)

    @pytest.mark.parametrize("interfaces", [1, 2])
    def test_the_only_interface_that_fits_a_database_is_its(self, tmp_path: Path, interfaces: int) -> None:
        database: Json = {
            "DBInstanceIdentifier": "shop",
            "Engine": "postgres",
            "AvailabilityZone": "eu-west-1b",
            "DBSubnetGroup": {"Subnets": [{"SubnetIdentifier": "subnet-a"}, {"SubnetIdentifier": "subnet-b"}]},
            "VpcSecurityGroups": [{"VpcSecurityGroupId": "sg-1"}],
        }
        found: list[Json] = [
            {
                "NetworkInterfaceId": f"eni-db{number}",
                "Description": "RDSNetworkInterface",
                "SubnetId": "subnet-b",
                "AvailabilityZone": "eu-west-1b",
                "PrivateIpAddress": f"10.0.1.{20 + number}",
                "Groups": [{"GroupId": "sg-1"}],
                "RequesterManaged": True,
            }
            for number in range(interfaces)
        ]
        lists: dict[str, list[Json]] = {
            "DBInstances": [database],
            "NetworkInterfaces": [*account()["NetworkInterfaces"], *found],
        }
        raw = described(tmp_path, "eni-db0", **lists)
        assert raw.get("attached_to") == ("shop" if interfaces == 1 else None)

    def test_names(self, tmp_path: Path) -> None:
        balancer = TestBalancers().lists()
        first = balancer["LoadBalancers"][0]
        assert isinstance(first, dict)
        first["DNSName"] = "front-1.eu-west-1.elb.amazonaws.com"
        records: list[Json] = [
            {"Name": "example.com.", "Type": "SOA", "TTL": 900, "ResourceRecords": [{"Value": "ns-1 2"}]},
            {
                "Name": "www.example.com.",
                "Type": "A",
                "AliasTarget": {
                    "DNSName": "dualstack.front-1.eu-west-1.elb.amazonaws.com.",
                    "EvaluateTargetHealth": True,
                },
                "Failover": "PRIMARY",
                "SetIdentifier": "one",
                "HealthCheckId": "hc-1",
            },
        ]
        lists: dict[str, list[Json]] = {
            **balancer,
            "HostedZones": [{"Id": "/hostedzone/Z1", "Name": "example.com.", "Config": {"PrivateZone": False}}],
            "ResourceRecordSets": records,
            "HealthChecks": [{"Id": "hc-1", "HealthCheckConfig": {"Type": "HTTPS", "FullyQualifiedDomainName": "a.b"}}],
        }
        found = described(tmp_path, "Z1-www.example.com-A-one", **lists)
        assert found == {
            "zone": "Z1",
            "name": "www.example.com",
            "type": "A",
            "alias": TestBalancers.BALANCER,
            "policy": "failover",
            "set_id": "one",
            "failover": "primary",
            "health_check": "hc-1",
            "evaluate_target_health": True,
        }

    def test_an_auto_scaling_group_keeps_its_instances(self, tmp_path: Path) -> None:
        lists: dict[str, list[Json]] = {
            "AutoScalingGroups": [
                {
                    "AutoScalingGroupName": "web",
                    "MinSize": 1,
                    "MaxSize": 3,
                    "DesiredCapacity": 1,
                    "VPCZoneIdentifier": "subnet-a,subnet-b",
                    "Instances": [{"InstanceId": "i-1"}],
                    "LaunchTemplate": {"LaunchTemplateId": "lt-1"},
                }
            ],
            "LaunchTemplateVersions": [
                {
                    "LaunchTemplateId": "lt-1",
                    "VersionNumber": 1,
                    "DefaultVersion": True,
                    "LaunchTemplateData": {"InstanceType": "t3.micro"},
                },
                {"LaunchTemplateId": "lt-1", "VersionNumber": 2, "LaunchTemplateData": {"InstanceType": "t3.large"}},
            ],
        }
        _, blueprint = import_document(tmp_path, {**account(), **lists})
        world = compile_world(blueprint)
        assert [c.id for c in world.of_kind("ec2_instance")] == ["i-1"]
        assert dict(blueprint.components["lt-1"].raw)["instance_type"] == "t3.micro"

    def test_zones_in_use_come_with_their_physical_id(self, tmp_path: Path) -> None:
        zones: list[Json] = [
            {"ZoneName": f"eu-west-1{letter}", "ZoneId": f"euw1-az{number}", "RegionName": "eu-west-1"}
            for number, letter in enumerate("abc", 1)
        ]
        _, blueprint = import_document(tmp_path, {**account(), "AvailabilityZones": zones})
        found = {c.id: c.raw["az_id"] for c in blueprint.components.values() if c.kind.name == "availability_zone"}
        assert found == {"eu-west-1a": "euw1-az1", "eu-west-1b": "euw1-az2"}


def test_what_no_kind_reads_is_said_with_type_id_and_why(tmp_path: Path) -> None:
    result, _ = import_document(tmp_path, {**account(), "Workspaces": [{"WorkspaceId": "ws-1", "OwnerId": ACCOUNT}]})
    assert [(u.type, u.id, u.why) for u in result.unsupported] == [("Workspaces", "ws-1", "this type is not modelled")]


def test_lists_that_are_missing_are_said(tmp_path: Path) -> None:
    document = account()
    del document["NetworkAcls"]
    result, _ = import_document(tmp_path, document)
    assert [(u.type, u.why) for u in result.unsupported] == [
        ("NetworkAcls", "none in the input; AWS's defaults are assumed")
    ]


def test_the_order_of_files_and_records_does_not_matter(tmp_path: Path) -> None:
    backwards = {key: list(reversed(records)) for key, records in reversed(account().items())}
    one = import_aws(write(tmp_path / "a", account()), registry())
    other = import_aws(write(tmp_path / "b", backwards), registry())
    assert list(one.data["components"]) == list(other.data["components"])  # type: ignore[arg-type]
    assert one.data == other.data


@pytest.mark.parametrize(
    ("key", "record", "name"),
    [
        ("GatewayRouteTables", {"VpcId": "vpc-1", "Name": "old"}, "old"),
        ("Pipelines", {"PipelineName": "build", "PipelineArn": "arn:aws:codepipeline:x"}, "build"),
        ("DBShardGroups", {"DBShardGroupIdentifier": "limitless", "KmsKeyId": "k"}, "limitless"),
    ],
)
def test_what_is_not_modelled_is_called_by_its_own_name(tmp_path: Path, key: str, record: Json, name: str) -> None:
    result, _ = import_document(tmp_path, {**account(), key: [record]})
    assert [(u.type, u.id) for u in result.unsupported] == [(key, name)]
