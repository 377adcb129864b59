"""Accounts that differ from the measured ones in one thing, as describe output, with what AWS documents of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import pytest

from archtui.model.component import Json
from archtui.network.engine import decide
from archtui.network.flow import Flow
from archtui.world.compiler import compile_world
from archtui.world.steps import Verdict
from tests.formats.aws.account import ACCOUNT, Document, account, import_document
from tests.proves import proves

EVERYTHING: dict[str, Json] = {"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}
YES, NO, OPEN = Verdict.REACHABLE, Verdict.BLOCKED, Verdict.UNKNOWN


@dataclass
class Account:
    """The small account with all groups open, to be changed."""

    document: Document = field(default_factory=account)

    def __post_init__(self) -> None:
        self.admit(EVERYTHING)
        self.first("SecurityGroups")["IpPermissionsEgress"] = [EVERYTHING]

    def first(self, key: str) -> dict[str, Json]:
        """Return the first record of a list."""
        found = self.document[key][0]
        assert isinstance(found, dict)
        return found

    def admit(self, *rules: Json) -> None:
        """Let the group admit these alone."""
        self.first("SecurityGroups")["IpPermissions"] = list(rules)

    def interface(self, name: str, address: str, subnet: str = "subnet-a", **more: Json) -> None:
        """Add an interface."""
        self.document["NetworkInterfaces"].append(
            {
                "NetworkInterfaceId": name,
                "SubnetId": subnet,
                "VpcId": "vpc-1",
                "PrivateIpAddress": address,
                "PrivateIpAddresses": [{"PrivateIpAddress": address, "Primary": True}],
                "Groups": [{"GroupId": "sg-1"}],
                "SourceDestCheck": True,
                "Status": "in-use",
                **more,
            }
        )

    def instance(self, name: str, address: str, subnet: str = "subnet-a", state: str = "running") -> None:
        """Add an instance with one interface."""
        self.interface(f"eni-{name}", address, subnet, Attachment={"InstanceId": name, "DeviceIndex": 0})
        instances = self.first("Reservations")["Instances"]
        assert isinstance(instances, list)
        instances.append(
            {
                "InstanceId": name,
                "SubnetId": subnet,
                "VpcId": "vpc-1",
                "PrivateIpAddress": address,
                "State": {"Name": state},
                "NetworkInterfaces": [{"NetworkInterfaceId": f"eni-{name}"}],
            }
        )

    def ask(self, tmp_path: Path, destination: str, protocol: str = "tcp", port: int | None = 443) -> Verdict:
        """Import and ask from the first instance."""
        _, blueprint = import_document(tmp_path, self.document)
        flow = Flow("10.0.0.10", destination, protocol, port if protocol != "icmp" else None)
        return decide(compile_world(blueprint), flow).verdict


@pytest.mark.parametrize(
    ("state", "verdict"), [("running", YES), ("pending", NO), ("stopped", NO), ("shutting-down", NO)]
)
def test_only_a_running_instance_answers(tmp_path: Path, state: str, verdict: Verdict) -> None:
    made = Account()
    made.instance("i-2", "10.0.0.20", state=state)
    assert made.ask(tmp_path, "10.0.0.20") is verdict


@proves(
    "Interfaces of Lambda functions, NAT gateways and of nobody answer nothing; those of services that the design "
    "does not hold are not decided.",
    area="Interfaces",
    source="Lambda Developer Guide, 'Giving Lambda functions access to resources in a VPC'; measured: NAT gateways",
)
@pytest.mark.parametrize(
    ("more", "verdict"),
    [
        ({"InterfaceType": "lambda", "Description": "AWS Lambda VPC ENI-x"}, NO),
        ({"InterfaceType": "nat_gateway", "Description": "Interface for NAT Gateway nat-9", "Groups": []}, NO),
        ({"Status": "available"}, NO),
        ({"Description": "ES logs", "RequesterId": "amazon-elasticsearch"}, OPEN),
        ({"Description": "RDSNetworkInterface", "RequesterId": "amazon-rds"}, OPEN),
        ({"InterfaceType": "efs", "Description": "EFS mount target for fs-1"}, OPEN),
        ({"Description": "ELB app/x/123", "RequesterId": "amazon-elb"}, OPEN),
    ],
)
def test_what_stands_behind_an_interface_decides(tmp_path: Path, more: dict[str, Json], verdict: Verdict) -> None:
    made = Account()
    made.interface("eni-x", "10.0.0.30", **more)
    assert made.ask(tmp_path, "10.0.0.30") is verdict


@proves(
    "A subnet of a secondary block is reached by its local route; a block that is no longer associated is not.",
    area="VPC",
    source="VPC User Guide, 'IPv4 VPC CIDR blocks'",
)
def test_secondary_blocks(tmp_path: Path) -> None:
    made = Account()
    made.first("Vpcs")["CidrBlockAssociationSet"] = [
        {"CidrBlock": cidr, "CidrBlockState": {"State": state}}
        for cidr, state in (
            ("10.0.0.0/16", "associated"),
            ("100.64.0.0/16", "associated"),
            ("10.9.0.0/16", "disassociated"),
        )
    ]
    made.document["Subnets"].append(
        {
            "SubnetId": "subnet-c",
            "VpcId": "vpc-1",
            "CidrBlock": "100.64.1.0/24",
            "AvailabilityZone": "eu-west-1a",
            "OwnerId": ACCOUNT,
        }
    )
    made.instance("i-c", "100.64.1.5", "subnet-c")
    assert made.ask(tmp_path / "in", "100.64.1.5") is YES
    assert made.ask(tmp_path / "out", "10.9.0.1") is NO


@pytest.mark.parametrize(("kind", "verdict"), [(8, YES), (-1, YES), (0, NO), (3, NO)])
def test_a_group_admits_pings_by_the_type_of_the_request(tmp_path: Path, kind: int, verdict: Verdict) -> None:
    made = Account()
    made.admit({"IpProtocol": "icmp", "FromPort": kind, "ToPort": -1, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]})
    made.instance("i-2", "10.0.1.20", "subnet-b")
    assert made.ask(tmp_path, "10.0.1.20", "icmp") is verdict


@pytest.mark.parametrize(("port", "verdict"), [(443, OPEN), (80, NO)])
def test_a_prefix_list_that_is_not_in_the_input_leaves_its_ports_open(
    tmp_path: Path, port: int, verdict: Verdict
) -> None:
    made = Account()
    made.admit({"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "PrefixListIds": [{"PrefixListId": "pl-gone"}]})
    made.instance("i-2", "10.0.0.20")
    assert made.ask(tmp_path, "10.0.0.20", port=port) is verdict


@proves(
    "An internet gateway that is detached carries nothing, though routes still name it.",
    area="Internet gateway",
    source="VPC User Guide, 'Internet gateways'",
)
@pytest.mark.parametrize(("attached", "verdict"), [(True, YES), (False, NO)])
def test_a_detached_internet_gateway(tmp_path: Path, attached: bool, verdict: Verdict) -> None:
    made = Account()
    made.first("NetworkInterfaces")["Association"] = {"PublicIp": "54.1.1.2", "IpOwnerId": "amazon"}
    made.first("NetworkInterfaces")["PrivateIpAddresses"] = [
        {"PrivateIpAddress": "10.0.0.10", "Primary": True, "Association": {"PublicIp": "54.1.1.2"}}
    ]
    if not attached:
        made.first("InternetGateways")["Attachments"] = []
    assert made.ask(tmp_path, "8.8.8.8") is verdict
