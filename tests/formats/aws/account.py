"""A small account as ``aws ... describe-*`` returns it, and the means to write and import it."""

from __future__ import annotations

import json
from pathlib import Path

from archtui.formats.aws import ImportResult, import_aws
from archtui.model.blueprint import Blueprint
from archtui.model.component import Json
from archtui.services import registry

Document = dict[str, list[Json]]
ACCOUNT, OTHER = "111122223333", "444455556666"
ELB = f"arn:aws:elasticloadbalancing:eu-west-1:{ACCOUNT}"
LB = f"{ELB}:loadbalancer/app/front/50dc6c495c0c9188"
LISTENER = f"{ELB}:listener/app/front/50dc6c495c0c9188/f2f7dc8efc522ab2"
GROUP = f"{ELB}:targetgroup/web/73e2d6bc24d8a067"


def account() -> Document:
    """A VPC with one public subnet, an instance behind a balancer, and a database."""
    return {
        "Vpcs": [{"VpcId": "vpc-1", "CidrBlock": "10.0.0.0/16", "OwnerId": ACCOUNT, "IsDefault": False}],
        "Subnets": [
            {
                "SubnetId": f"subnet-{zone}",
                "VpcId": "vpc-1",
                "CidrBlock": f"10.0.{number}.0/24",
                "AvailabilityZone": f"eu-west-1{zone}",
                "OwnerId": ACCOUNT,
            }
            for number, zone in enumerate("ab")
        ],
        "RouteTables": [
            {
                "RouteTableId": "rtb-1",
                "VpcId": "vpc-1",
                "Associations": [{"Main": True}, {"Main": False, "SubnetId": "subnet-a"}],
                "Routes": [
                    {"DestinationCidrBlock": "10.0.0.0/16", "GatewayId": "local", "State": "active"},
                    {"DestinationCidrBlock": "0.0.0.0/0", "GatewayId": "igw-1", "State": "active"},
                ],
            }
        ],
        "InternetGateways": [{"InternetGatewayId": "igw-1", "Attachments": [{"VpcId": "vpc-1", "State": "available"}]}],
        "NetworkAcls": [
            {
                "NetworkAclId": "acl-1",
                "VpcId": "vpc-1",
                "IsDefault": True,
                "Associations": [{"SubnetId": "subnet-a"}, {"SubnetId": "subnet-b"}],
                "Entries": [
                    {
                        "RuleNumber": 32767,
                        "Protocol": "-1",
                        "RuleAction": "deny",
                        "Egress": True,
                        "CidrBlock": "0.0.0.0/0",
                    },
                    {
                        "RuleNumber": 100,
                        "Protocol": "-1",
                        "RuleAction": "allow",
                        "Egress": True,
                        "CidrBlock": "0.0.0.0/0",
                    },
                    {
                        "RuleNumber": 100,
                        "Protocol": "-1",
                        "RuleAction": "allow",
                        "Egress": False,
                        "CidrBlock": "0.0.0.0/0",
                    },
                ],
            }
        ],
        "SecurityGroups": [
            {
                "GroupId": "sg-1",
                "GroupName": "web",
                "VpcId": "vpc-1",
                "Description": "web servers",
                "IpPermissions": [
                    {"IpProtocol": "tcp", "FromPort": 80, "ToPort": 80, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}
                ],
                "IpPermissionsEgress": [],
            }
        ],
        "NetworkInterfaces": [
            {
                "NetworkInterfaceId": "eni-1",
                "SubnetId": "subnet-a",
                "VpcId": "vpc-1",
                "PrivateIpAddress": "10.0.0.10",
                "PrivateIpAddresses": [{"PrivateIpAddress": "10.0.0.10", "Primary": True}],
                "Groups": [{"GroupId": "sg-1"}],
                "Attachment": {"InstanceId": "i-1", "DeviceIndex": 0},
                "SourceDestCheck": True,
            }
        ],
        "Reservations": [
            {
                "OwnerId": ACCOUNT,
                "Instances": [
                    {
                        "InstanceId": "i-1",
                        "InstanceType": "t3.micro",
                        "SubnetId": "subnet-a",
                        "VpcId": "vpc-1",
                        "PrivateIpAddress": "10.0.0.10",
                        "State": {"Name": "running"},
                        "Placement": {"AvailabilityZone": "eu-west-1a"},
                        "SecurityGroups": [{"GroupId": "sg-1"}],
                        "NetworkInterfaces": [{"NetworkInterfaceId": "eni-1", "Attachment": {"DeviceIndex": 0}}],
                        "Tags": [{"Key": "Name", "Value": "web server"}],
                    }
                ],
            }
        ],
    }


def write(folder: Path, document: Document, prefix: str = "") -> Path:
    """Write each list into a file of its own; the names say nothing on purpose."""
    folder.mkdir(parents=True, exist_ok=True)
    for number, (key, records) in enumerate(document.items()):
        (folder / f"{prefix}{number}.json").write_text(json.dumps({key: records}), encoding="utf-8")
    return folder


def imported(folder: Path) -> tuple[ImportResult, Blueprint]:
    """Import ``folder``; the result must always be a valid blueprint."""
    result = import_aws(folder, registry())
    blueprint = Blueprint.build(result.data, registry())
    assert result.components == len(blueprint.components)
    return result, blueprint


def import_document(tmp_path: Path, document: Document) -> tuple[ImportResult, Blueprint]:
    """Write and import ``document``."""
    return imported(write(tmp_path / "input", document))
