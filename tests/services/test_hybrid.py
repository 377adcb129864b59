"""Hybrid networks beside packets: what connecting makes, what ``describe-*`` says, how long a failover takes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from archtui.facts import Span
from archtui.failure.analysis import analyse
from archtui.formats.aws import import_aws
from archtui.formats.gallery import load_gallery
from archtui.model.blueprint import Blueprint
from archtui.model.connect import Proposal, Refusal, connect
from archtui.network.engine import decide
from archtui.network.flow import Flow
from archtui.services import registry
from archtui.world.compiler import compile_world
from archtui.world.steps import Verdict
from archtui.world.world import World
from tests.network.designs import Parts, world

_LOOSE: Parts = {
    "v": {"kind": "vpc", "cidr": "10.0.0.0/16"},
    "sa": {"kind": "subnet", "vpc": "v", "az": "a", "cidr": "10.0.0.0/24"},
    "sg": {"kind": "security_group", "vpc": "v", "ingress": [{"port": 22, "from": "192.168.0.0/16"}]},
    "web": {"kind": "ec2", "subnet": "sa", "security_groups": ["sg"]},
    "vgw": {"kind": "virtual_private_gateway"},
    "tgw": {"kind": "transit_gateway"},
    "hq": {"kind": "on_prem_site", "networks": ["192.168.0.0/16"]},
    "cgw": {"kind": "customer_gateway"},
    "dx": {"kind": "direct_connect_connection"},
    "hub": {"kind": "direct_connect_gateway"},
}


def _after(*pairs: tuple[str, str]) -> World:
    compiled = world(_LOOSE)
    for source, target in pairs:
        answer = connect(compiled, source, target)
        assert isinstance(answer, Proposal), answer
        blueprint, _ = compiled.blueprint.edited(answer.edit.operations)
        compiled = compile_world(blueprint)
    return compiled


@pytest.mark.parametrize(
    "pairs",
    [
        [("vgw", "v"), ("hq", "vgw")],
        [("cgw", "hq"), ("vgw", "v"), ("cgw", "vgw")],
        [("vgw", "cgw"), ("cgw", "hq"), ("vgw", "v")],
        [("vgw", "v"), ("hq", "dx"), ("dx", "vgw")],
        [("vgw", "v"), ("hq", "dx"), ("hub", "vgw"), ("dx", "hub")],
    ],
)
def test_what_is_connected_is_reached(pairs: list[tuple[str, str]]) -> None:
    compiled = _after(*pairs)
    assert decide(compiled, Flow("hq", "web", "tcp", 22)).verdict is Verdict.REACHABLE
    for source, target in pairs:
        again = connect(compiled, source, target)
        assert isinstance(again, Proposal)
        assert not again.edit.operations, "nothing is added twice"


def test_a_site_is_joined_with_a_transit_gateway_by_an_attachment_of_its_own() -> None:
    compiled = _after(("hq", "tgw"))
    assert "hq-gateway-vpn:attachment" in compiled.components


@pytest.mark.parametrize(
    ("source", "target", "said"),
    [
        ("hq", "v", "not with a VPC itself"),
        ("dx", "tgw", "through a Direct Connect gateway"),
        ("cgw", "v", "virtual private gateway"),
        ("vgw", "internet", "not to the internet"),
    ],
)
def test_an_impossible_pair_is_refused_with_the_usual_way_round(source: str, target: str, said: str) -> None:
    answer = connect(world(_LOOSE), source, target)
    assert isinstance(answer, Refusal)
    assert said in f"{answer.reason} {answer.usual_way_round}"


_DESCRIBED: dict[str, object] = {
    "Vpcs": [{"VpcId": "vpc-1", "CidrBlock": "10.0.0.0/16"}],
    "VpnGateways": [
        {"VpnGatewayId": "vgw-1", "State": "available", "VpcAttachments": [{"VpcId": "vpc-1", "State": "attached"}]}
    ],
    "CustomerGateways": [{"CustomerGatewayId": "cgw-1", "BgpAsn": "65000", "IpAddress": "203.0.113.9"}],
    "VpnConnections": [
        {
            "VpnConnectionId": "vpn-1",
            "VpnGatewayId": "vgw-1",
            "CustomerGatewayId": "cgw-1",
            "State": "available",
            "Options": {"StaticRoutesOnly": True},
            "Routes": [{"DestinationCidrBlock": "192.168.0.0/16", "State": "available"}],
            "VgwTelemetry": [
                {"OutsideIpAddress": "198.51.100.1", "Status": "UP"},
                {"OutsideIpAddress": "198.51.100.2", "Status": "DOWN"},
            ],
        }
    ],
    "TransitGateways": [{"TransitGatewayId": "tgw-1", "State": "available", "OwnerId": "111111111111"}],
    "TransitGatewayAttachments": [
        {
            "TransitGatewayAttachmentId": "tgw-attach-1",
            "TransitGatewayId": "tgw-1",
            "ResourceType": "direct-connect-gateway",
            "ResourceId": "dxgw-1",
            "State": "available",
        }
    ],
    "connections": [
        {
            "connectionId": "dxcon-1",
            "connectionName": "line",
            "connectionState": "available",
            "bandwidth": "10Gbps",
            "location": "EqDC2",
        }
    ],
    "locations": [{"locationCode": "EqDC2", "locationName": "Equinix"}, {"locationCode": "Other"}],
    "virtualInterfaces": [
        {
            "virtualInterfaceId": "dxvif-1",
            "virtualInterfaceType": "transit",
            "virtualInterfaceState": "available",
            "connectionId": "dxcon-1",
            "location": "EqDC2",
            "vlan": 101,
            "asn": 65000,
            "directConnectGatewayId": "dxgw-1",
            "bgpPeers": [{"bgpStatus": "up"}],
        },
        {
            "virtualInterfaceId": "dxvif-2",
            "virtualInterfaceType": "private",
            "virtualInterfaceState": "down",
            "connectionId": "dxcon-1",
            "vlan": 102,
            "virtualGatewayId": "vgw-1",
        },
        {
            "virtualInterfaceId": "dxvif-3",
            "virtualInterfaceType": "public",
            "virtualInterfaceState": "available",
            "connectionId": "dxcon-1",
            "vlan": 103,
            "routeFilterPrefixes": [{"cidr": "198.51.100.0/24"}],
        },
    ],
    "directConnectGateways": [
        {"directConnectGatewayId": "dxgw-1", "amazonSideAsn": 64513, "directConnectGatewayState": "available"}
    ],
    "directConnectGatewayAssociations": [
        {
            "directConnectGatewayId": "dxgw-1",
            "associationState": "associated",
            "associatedGateway": {"id": "tgw-1", "type": "transitGateway"},
            "allowedPrefixesToDirectConnectGateway": [{"cidr": "10.0.0.0/8"}],
        }
    ],
}


def test_vpn_and_direct_connect_are_read_from_describe_output(tmp_path: Path) -> None:
    folder = tmp_path / "us-east-1"
    folder.mkdir()
    for key, rows in _DESCRIBED.items():
        (folder / f"{key}.json").write_text(json.dumps({key: rows}), encoding="utf-8")
    imported = import_aws(tmp_path, registry())
    blueprint = Blueprint.build(imported.data, registry())
    raw = {name: {"kind": c.kind.name, **c.raw} for name, c in blueprint.components.items()}
    assert raw["vpn-1"]["static_routes"] == ["192.168.0.0/16"]
    assert raw["vpn-1"]["tunnels"] == ["up", "down"]
    assert raw["tgw-attach-1"]["direct_connect_gateway"] == "dxgw-1"
    assert raw["dxcon-1"]["bandwidth"] == "10Gbps"
    assert raw["dxcon-1"]["location"] == "EqDC2"
    assert "Other" not in raw
    assert [raw[f"dxvif-{number}"]["kind"] for number in (1, 2, 3)] == [
        "transit_virtual_interface",
        "private_virtual_interface",
        "public_virtual_interface",
    ]
    assert raw["dxvif-2"]["state"] == "down"
    assert raw["dxvif-3"]["learnt_routes"] == ["198.51.100.0/24"]
    assert raw["dxgw-1"]["associations"] == [{"gateway": "tgw-1", "allowed_prefixes": ["10.0.0.0/8"]}]
    compiled = compile_world(blueprint)
    found = decide(compiled, Flow("10.0.0.10", "192.168.0.1", "tcp", 22))
    assert found.verdict is Verdict.UNKNOWN


@pytest.mark.parametrize(
    ("down", "seconds"),
    [(("line",), 0.9), (("meeting-point",), 0.9), (("vpn",), 0.0), (("line", "vpn:tunnel-1", "vpn-2"), 40.0)],
)
def test_the_gallery_s_headquarters_fails_over_in_the_time_of_its_mechanisms(
    down: tuple[str, ...], seconds: float
) -> None:
    """Failover table: direct_connect.bfd, vpn.site_to_site."""
    report = analyse(compile_world(load_gallery("hybrid", registry()).blueprint), down)
    journey = next(found for found in report.journeys if found.name == "The ERP asks the ledger")
    assert journey.after.status == "up"
    assert journey.downtime == Span(seconds, seconds)


def test_without_any_link_left_the_site_stays_cut_off() -> None:
    compiled = compile_world(load_gallery("hybrid", registry()).blueprint)
    report = analyse(compiled, ("line", "router", "router-2"))
    assert {journey.after.status for journey in report.journeys if journey.name == "The ERP asks the ledger"} == {
        "down"
    }
