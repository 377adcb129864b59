"""The measured accounts: what of them arrives, counted against the lists themselves."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from tests.labs import MEASURED, VERIFIER, Lab, lab_names, load_folder, load_lab, snapshot_names

pytestmark = pytest.mark.truth
FOLDERS = [MEASURED / name for name in lab_names()] + [VERIFIER / "snapshots" / name for name in snapshot_names()]
every_folder = pytest.mark.parametrize("folder", FOLDERS or [MEASURED], ids=lambda path: path.name)

IDENTITIES = {
    "Vpcs": ("VpcId", "vpc"),
    "Subnets": ("SubnetId", "subnet"),
    "RouteTables": ("RouteTableId", "route_table"),
    "NetworkAcls": ("NetworkAclId", "network_acl"),
    "SecurityGroups": ("GroupId", "security_group"),
    "InternetGateways": ("InternetGatewayId", "internet_gateway"),
    "NatGateways": ("NatGatewayId", "nat_gateway"),
    "NetworkInterfaces": ("NetworkInterfaceId", "network_interface"),
    "Addresses": ("AllocationId", "elastic_ip"),
    "VpcPeeringConnections": ("VpcPeeringConnectionId", "vpc_peering_connection"),
    "TransitGateways": ("TransitGatewayId", "transit_gateway"),
    "TransitGatewayAttachments": ("TransitGatewayAttachmentId", "transit_gateway_attachment"),
    "TransitGatewayRouteTables": ("TransitGatewayRouteTableId", "transit_gateway_route_table"),
    "VpcEndpoints": ("VpcEndpointId", ""),
    "VpnConnections": ("VpnConnectionId", "vpn_connection"),
    "VpnGateways": ("VpnGatewayId", "virtual_private_gateway"),
    "CustomerGateways": ("CustomerGatewayId", "customer_gateway"),
    "PrefixLists": ("PrefixListId", "prefix_list"),
}


def records(folder: Path, key: str) -> list[dict[str, object]]:
    found: list[dict[str, object]] = []
    for file in sorted(folder.rglob("*.json")):
        document = json.loads(file.read_text(encoding="utf-8")) if "aws_configs" in file.parts else {}
        found += document.get(key, []) if isinstance(document, dict) else []
    return found


@every_folder
def test_every_resource_is_a_component_or_said_to_be_none(folder: Path) -> None:
    lab = load_folder(folder)
    said = {u.id for u in lab.imported.unsupported}
    for key, (identity, kind) in IDENTITIES.items():
        for record in records(folder, key):
            name = str(record[identity])
            component = lab.blueprint.components.get(name)
            assert component or name in said, f"{key} {name} is lost"
            assert not (component and kind) or component.kind.name == kind
    for reservation in records(folder, "Reservations"):
        instances = reservation["Instances"]
        assert isinstance(instances, list)
        for instance in instances:
            assert instance["InstanceId"] in {*lab.blueprint.components, *said}


@every_folder
def test_an_import_brings_no_default_vpc_and_every_reference_is_sound(folder: Path) -> None:
    world = load_folder(folder).world
    assert not [c.id for c in world.of_kind("vpc") if c.implicit]
    assert not [e for c in world.components.values() for e in c.edges if e.target not in world.components]


@every_folder
def test_routes_filters_and_addresses_arrive_whole(folder: Path) -> None:
    lab = load_folder(folder)
    raw = {name: dict(component.raw) for name, component in lab.blueprint.components.items()}
    for record in records(folder, "NetworkAcls"):
        entries = record["Entries"]
        assert isinstance(entries, list)
        found = raw[str(record["NetworkAclId"])]
        written = sum(1 for entry in entries if entry["RuleNumber"] < 32767)
        assert len(found["ingress"]) + len(found["egress"]) == written  # type: ignore[arg-type]
    for record in records(folder, "SecurityGroups"):
        permissions = record["IpPermissions"]
        assert isinstance(permissions, list)
        peers = sum(
            len(permission.get(name, []))
            for permission in permissions
            for name in ("IpRanges", "Ipv6Ranges", "PrefixListIds", "UserIdGroupPairs")
        )
        assert len(raw[str(record["GroupId"])]["ingress"]) == peers  # type: ignore[arg-type]
    for record in records(folder, "NetworkInterfaces"):
        found = raw.get(str(record["NetworkInterfaceId"]))
        association = record.get("Association")
        if found and isinstance(association, dict):
            assert found["public_ip"] == association["PublicIp"]


def kinds(lab: Lab) -> Counter[str]:
    return Counter(component.kind.name for component in lab.blueprint.components.values())


def test_the_demo_account() -> None:
    lab = load_lab("aws_demo")
    assert lab.blueprint.region == "us-east-1"
    assert lab.imported.components == 125
    found = kinds(lab)
    assert {kind: found[kind] for kind in ("vpc", "subnet", "ec2_instance", "network_interface", "security_group")} == {
        "vpc": 4,
        "subnet": 13,
        "ec2_instance": 13,
        "network_interface": 22,
        "security_group": 12,
    }
    assert {lab.world.placement(c.id).region for c in lab.world.of_kind("vpc")} == {"us-east-1", "us-west-1"}
    gone = {u.id for u in lab.imported.unsupported if "deleted" in u.why or "terminated" in u.why}
    assert len(gone) == 24


def test_one_transit_gateway_seen_by_two_accounts_is_one() -> None:
    lab = load_lab("aws_multi_account_vpc_peering_tgw")
    (gateway,) = lab.world.of_kind("transit_gateway")
    assert lab.world.placement(gateway.id).account == "028403472736"
    attachments = lab.world.of_kind("transit_gateway_attachment")
    assert {c.raw["route_table"] for c in attachments} == {"tgw-rtb-0b2c8eeefcf19371b"}
    assert {lab.world.placement(str(c.raw["vpc"])).account for c in attachments} == {"028403472736", "951601349076"}


def test_an_appliance_peering_has_both_its_ends() -> None:
    lab = load_lab("aws_tgw_peering")
    ends = [c.raw for c in lab.world.of_kind("transit_gateway_attachment") if "peer" in c.raw]
    assert len(ends) == 2
    assert all({"route_table", "peer_route_table"} <= set(end) for end in ends)
