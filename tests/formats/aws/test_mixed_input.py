"""Input as it comes: several regions mixed up, things deleted, of other accounts, of kinds nobody knows.

Whatever is not used is named; what depends on it is not decided; the rest is imported.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from archtui.model.component import Json
from archtui.network.engine import decide
from archtui.network.flow import Flow
from archtui.world.compiler import compile_world
from archtui.world.steps import Verdict
from tests.formats.aws.account import ACCOUNT, OTHER, Document, account, import_document, imported, write
from tests.proves import proves


def _open_account() -> Document:
    document = account()
    group = document["SecurityGroups"][0]
    assert isinstance(group, dict)
    group["IpPermissionsEgress"] = [{"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}]
    return document


def _with_route(**route: Json) -> Document:
    document = _open_account()
    table = document["RouteTables"][0]
    assert isinstance(table, dict)
    assert isinstance(table["Routes"], list)
    table["Routes"].append({"DestinationCidrBlock": "10.7.0.0/16", "State": "active", **route})
    return document


def _ask(tmp_path: Path, document: Document, destination: str = "10.7.0.1") -> tuple[Verdict, tuple[str, ...]]:
    _, blueprint = import_document(tmp_path, document)
    found = decide(compile_world(blueprint), Flow("i-1", destination, "tcp", 443))
    return found.verdict, found.missing


def test_one_id_described_differently_in_two_regions_is_said(tmp_path: Path) -> None:
    folder = write(tmp_path / "input", account())
    (folder / "us-east-1").mkdir()
    other = {"Vpcs": [{"VpcId": "vpc-1", "CidrBlock": "10.55.0.0/16", "OwnerId": ACCOUNT}]}
    (folder / "us-east-1" / "Vpcs.json").write_text(json.dumps(other), encoding="utf-8")
    result, _ = imported(folder)
    assert [u.id for u in result.unsupported if "eu-west-1 and us-east-1" in u.why] == ["vpc-1"]
    kept = result.data["components"]
    assert isinstance(kept, dict)
    assert isinstance(kept["vpc-1"], dict)
    assert kept["vpc-1"]["cidr"] == "10.0.0.0/16"


def test_one_peering_seen_from_its_two_regions_is_no_contradiction(tmp_path: Path) -> None:
    peering: dict[str, Json] = {
        "VpcPeeringConnectionId": "pcx-1",
        "Status": {"Code": "active"},
        "RequesterVpcInfo": {"VpcId": "vpc-1", "OwnerId": ACCOUNT, "Region": "eu-west-1"},
        "AccepterVpcInfo": {"VpcId": "vpc-2", "OwnerId": ACCOUNT, "Region": "us-east-1"},
    }
    folder = tmp_path / "input"
    for region, name in (("eu-west-1", "there"), ("us-east-1", "back")):
        tagged = {**peering, "Tags": [{"Key": "Name", "Value": name}]}
        write(folder / region, {"VpcPeeringConnections": [tagged]})
    write(folder / "eu-west-1", account(), prefix="a")
    result, _ = imported(folder)
    assert not [u for u in result.unsupported if u.id == "pcx-1"]


@pytest.mark.parametrize(
    ("route", "named"),
    [
        ({"CoreNetworkArn": "arn:aws:networkmanager::1:core-network/c"}, "core network"),
        ({"CarrierGatewayId": "cagw-1"}, "carrier gateway"),
        ({"LocalGatewayId": "lgw-1"}, "local gateway"),
        ({"NetworkInterfaceId": "eni-of-others", "InstanceOwnerId": OTHER}, "network interface"),
        ({"TransitGatewayId": "tgw-of-others"}, "transit gateway"),
        ({"NatGatewayId": "nat-of-others"}, "NAT gateway"),
    ],
)
def test_a_route_to_what_the_input_does_not_hold_decides_nothing(
    tmp_path: Path, route: dict[str, Json], named: str
) -> None:
    document = _with_route(**route)
    result, _ = import_document(tmp_path / "report", document)
    assert any(u.type.lower() == named.lower() and "not in the input" in u.why for u in result.unsupported)
    verdict, missing = _ask(tmp_path / "ask", document)
    assert verdict is Verdict.UNKNOWN
    assert missing


@proves(
    "A peering with a VPC of another account that the design does not hold leaves what lies behind it undecided.",
    area="Peering",
    source="VPC Peering Guide, 'VPC peering connections': the accepter's routes and groups decide too",
)
def test_a_peer_of_another_account_is_unknown(tmp_path: Path) -> None:
    document = _with_route(VpcPeeringConnectionId="pcx-1")
    document["VpcPeeringConnections"] = [
        {
            "VpcPeeringConnectionId": "pcx-1",
            "Status": {"Code": "active"},
            "RequesterVpcInfo": {"VpcId": "vpc-1", "OwnerId": ACCOUNT, "Region": "eu-west-1"},
            "AccepterVpcInfo": {"VpcId": "vpc-of-others", "OwnerId": OTHER, "Region": "eu-west-1"},
        }
    ]
    verdict, missing = _ask(tmp_path, document)
    assert verdict is Verdict.UNKNOWN
    assert "pcx-1" in missing[0]


@pytest.mark.parametrize("state", ["deleted", "deleting", "failed", "rejected", "expired"])
def test_a_dead_peering_carries_nothing(tmp_path: Path, state: str) -> None:
    document = _with_route(VpcPeeringConnectionId="pcx-1")
    document["VpcPeeringConnections"] = [
        {
            "VpcPeeringConnectionId": "pcx-1",
            "Status": {"Code": state},
            "RequesterVpcInfo": {"VpcId": "vpc-1", "OwnerId": ACCOUNT, "Region": "eu-west-1"},
            "AccepterVpcInfo": {"VpcId": "vpc-2", "OwnerId": ACCOUNT, "Region": "eu-west-1"},
        }
    ]
    document["Vpcs"].append({"VpcId": "vpc-2", "CidrBlock": "10.7.0.0/16", "OwnerId": ACCOUNT})
    assert _ask(tmp_path, document)[0] is Verdict.BLOCKED


ODD: dict[str, list[Json]] = {
    "DomainStatusList": [
        {
            "DomainId": f"{ACCOUNT}/logs",
            "DomainName": "logs",
            "ARN": f"arn:aws:es:eu-west-1:{ACCOUNT}:domain/logs",
            "VPCOptions": {"VPCId": "vpc-1", "SubnetIds": ["subnet-a"], "SecurityGroupIds": ["sg-1"]},
            "Endpoints": {"vpc": "vpc-logs.eu-west-1.es.amazonaws.com"},
        }
    ],
    "LoadBalancers": [{"LoadBalancerName": "new", "Type": "quantum", "VpcId": "vpc-1", "State": {"Code": "active"}}],
    "DBInstances": [{"DBInstanceIdentifier": "odd", "Engine": "custom-sqlserver-ee", "DBInstanceStatus": "available"}],
    "Clusters": [{"ClusterIdentifier": "warehouse"}],
    "QuantumThings": [{"QuantumThingId": "q-1"}],
}


@pytest.mark.parametrize("key", ODD)
def test_a_kind_that_nobody_knows_is_named_and_the_rest_imported(tmp_path: Path, key: str) -> None:
    result, blueprint = import_document(tmp_path, {**account(), key: ODD[key]})
    reported = [u for u in result.unsupported if "not modelled" in u.why]
    assert len(reported) == 1 or len(blueprint.components) > 9
    assert len(blueprint.components) >= 9


def test_many_odd_files_at_once_are_each_named(tmp_path: Path) -> None:
    folder = write(tmp_path / "input", account())
    bad = {
        "bytes.bin": bytes(range(256)) * 20,
        "empty.json": b"",
        "list.json": b'[{"VpcId": "vpc-9"}]',
        "null.json": b"null",
        "text.txt": b"hello",
        "true.json": b"true",
        "word.json": b'"hello"',
    }
    for name, content in bad.items():
        (folder / name).write_bytes(content)
    result, blueprint = imported(folder)
    assert len(blueprint.components) == 9
    named = sorted(Path(u.id.partition(":")[0]).name for u in result.unsupported if u.type == "file")
    assert named == sorted(bad)
