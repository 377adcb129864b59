"""Resolver endpoints and rules: questions that leave a VPC for a site's name servers, and those that come in."""

from __future__ import annotations

from typing import Any

import pytest

from archtui.formats.aws.importer import import_aws
from archtui.services import registry
from archtui.trace.result import Trace
from archtui.world.steps import Verdict
from archtui.world.world import World
from tests.proves import proves
from tests.trace.shop import ask, codes, design

AREA = "DNS"
GUIDE = "Route 53 Developer Guide"
DNS_IN = [{"protocol": "udp", "port": 53, "from": "192.168.0.0/16"}]


def hybrid(**changes: dict[str, Any] | None) -> World:
    """A VPC and a site joined by a VPN, with an endpoint in each direction and a rule for the site's names."""
    components: dict[str, Any] = {
        "v": {"kind": "vpc", "cidr": "10.0.0.0/16", "dns_hostnames": True},
        "rt": {"kind": "route_table", "vpc": "v", "main": True, "propagating": ["vgw"]},
        "sa": {"kind": "subnet", "vpc": "v", "az": "a", "cidr": "10.0.0.0/24"},
        "sb": {"kind": "subnet", "vpc": "v", "az": "b", "cidr": "10.0.1.0/24"},
        "sg": {"kind": "security_group", "vpc": "v", "ingress": [{"protocol": "all", "from": "10.0.0.0/16"}]},
        "sg-dns": {"kind": "security_group", "vpc": "v", "ingress": DNS_IN},
        "web": {"kind": "ec2", "subnet": "sa", "security_groups": ["sg"]},
        "vgw": {"kind": "virtual_private_gateway", "vpc": "v"},
        "hq": {"kind": "on_prem_site", "networks": ["192.168.0.0/16"], "names": {"crm.corp.example": "192.168.7.7"}}
        | {"forwarders": [{"domain": "aws.example", "to": ["in"]}]},
        "desk": {"kind": "on_prem_host", "site": "hq", "address": "192.168.1.20"},
        "cgw": {"kind": "customer_gateway", "site": "hq"},
        "vpn": {"kind": "vpn_connection", "gateway": "vgw", "customer_gateway": "cgw"},
        "zone": {"kind": "hosted_zone", "name": "aws.example", "private": True, "vpcs": ["v"]},
        "api": {"kind": "record", "zone": "zone", "name": "api", "values": ["10.0.1.77"]},
        "out": {"kind": "resolver_endpoint", "vpc": "v", "direction": "outbound", "subnets": ["sa", "sb"]}
        | {"security_groups": ["sg"]},
        "in": {"kind": "resolver_endpoint", "vpc": "v", "direction": "inbound", "subnets": ["sa", "sb"]}
        | {"security_groups": ["sg-dns"], "private_ips": ["10.0.0.53", "10.0.1.53"]},
        "rule": {"kind": "resolver_rule", "domain": "corp.example", "endpoint": "out", "vpcs": ["v"]}
        | {"targets": [{"address": "192.168.0.53"}]},
    }
    for name, properties in changes.items():
        name = name.replace("_", "-")
        components[name] = None if properties is None else {**components.get(name, {}), **properties}
    return design({name: body for name, body in components.items() if body is not None})


def addresses(found: Trace) -> list[str]:
    return [way.label.rpartition("(")[2].rstrip(")") for made in found.root.calls for way in made.ways]


def lookup(world: World, source: str, name: str, down: tuple[str, ...] = ()) -> Trace:
    return ask(world, source, name, protocol="dns", down=down)


@proves(
    "A forwarding rule sends questions for its domain through the outbound endpoint to the site's name servers.",
    area=AREA,
    source=f"{GUIDE}, 'How VPC Resolver endpoint forwards DNS queries from your VPCs to your network'",
)
def test_a_rule_forwards_to_the_site() -> None:
    found = lookup(hybrid(), "web", "crm.corp.example")
    assert (found.verdict, addresses(found)) == (Verdict.REACHABLE, ["192.168.7.7"])
    assert {"rule", "out", "hq"} <= {hop.component for hop in found.forward}


@pytest.mark.parametrize(
    ("changes", "name", "code"),
    [
        ({}, "erp.corp.example", "DNS_FORWARD_UNANSWERED"),
        ({"out": {"state": "action_needed"}}, "crm.corp.example", "DNS_RESOLVER_ENDPOINT_UNUSABLE"),
        ({"rule": {"endpoint": "in"}}, "crm.corp.example", "DNS_RESOLVER_ENDPOINT_UNUSABLE"),
        ({"sg": {"egress": []}}, "crm.corp.example", "SG_HAS_NO_RULES"),
        ({"rt": {"propagating": []}}, "crm.corp.example", "NO_ROUTE_TO_DESTINATION"),
    ],
)
def test_what_keeps_a_question_from_the_site(changes: dict[str, Any], name: str, code: str) -> None:
    found = lookup(hybrid(**changes), "web", name)
    assert found.verdict is Verdict.BLOCKED
    assert code in {blocker for _, blocker in codes(found)}


def test_a_rule_holds_in_its_vpcs_alone_and_its_servers_may_be_unknown() -> None:
    assert lookup(hybrid(rule={"vpcs": []}), "web", "crm.corp.example").verdict is Verdict.UNKNOWN
    found = lookup(hybrid(hq={"names": {}}), "web", "crm.corp.example")
    assert found.missing == ("what the name servers of hq answer for crm.corp.example",)
    found = lookup(hybrid(rule={"targets": [{"address": "10.0.0.99"}]}), "web", "crm.corp.example")
    assert found.verdict is not Verdict.REACHABLE


@proves(
    "The most specific domain among rules and private zones decides, of equals the rule; a system rule takes back.",
    area=AREA,
    source=f"{GUIDE}, 'How VPC Resolver determines which domain name in a query matches any rules'",
)
@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"rule": {"domain": "example"}}, ["10.0.1.77"]),
        ({"rule": {"domain": "aws.example"}}, []),
        ({"rule": {"domain": "api.aws.example"}}, []),
        ({"rule": {"domain": "."}}, ["10.0.1.77"]),
        (
            {"rule": {"domain": "aws.example"}}
            | {"back": {"kind": "resolver_rule", "domain": "api.aws.example", "type": "system", "vpcs": ["v"]}},
            ["10.0.1.77"],
        ),
    ],
)
def test_rules_against_private_zones(changes: dict[str, Any], expected: list[str]) -> None:
    found = lookup(hybrid(**changes), "web", "api.aws.example")
    assert addresses(found) == (expected or ["no answer"])


@proves(
    "A site that forwards a domain to an inbound endpoint gets the answers of the VPC's private zones.",
    area=AREA,
    source=f"{GUIDE}, 'How DNS resolvers on your network forward DNS queries to Route 53 VPC Resolver endpoints'",
)
def test_an_inbound_endpoint() -> None:
    found = lookup(hybrid(), "desk", "api.aws.example")
    assert (found.verdict, addresses(found)) == (Verdict.REACHABLE, ["10.0.1.77"])
    closed = lookup(hybrid(sg_dns={"ingress": []}), "desk", "api.aws.example")
    assert {code for _, code in codes(closed)} == {"SG_HAS_NO_RULES"}
    assert lookup(hybrid(hq={"forwarders": []}), "desk", "api.aws.example").verdict is Verdict.UNKNOWN
    assert addresses(lookup(hybrid(), "desk", "crm.corp.example")) == ["192.168.7.7"]


@proves(
    "An endpoint goes on answering when the zone of one of its interfaces is lost.",
    area=AREA,
    source=f"{GUIDE}, 'High availability for Resolver endpoints'",
)
def test_an_endpoint_survives_the_loss_of_a_zone() -> None:
    assert addresses(lookup(hybrid(), "desk", "api.aws.example", ("az:eu-west-1a",))) == ["10.0.1.77"]
    alone = hybrid(**{"in": {"subnets": ["sa"], "private_ips": []}})
    assert lookup(alone, "desk", "api.aws.example", ("az:eu-west-1a",)).verdict is Verdict.BLOCKED


def test_forwarding_in_a_circle_ends() -> None:
    back = {"domain": "aws.example", "targets": [{"address": "10.0.0.53"}]}
    world = hybrid(rule=back, sg_dns={"ingress": [{"protocol": "udp", "port": 53, "from": "any"}]})
    assert {code for _, code in codes(lookup(world, "web", "api.aws.example"))} == {"DNS_CNAME_LOOP"}


def test_endpoints_and_rules_are_imported(tmp_path: Any) -> None:
    import json

    (tmp_path / "all.json").write_text(
        json.dumps(
            {
                "Vpcs": [{"VpcId": "vpc-1", "CidrBlock": "10.0.0.0/16"}],
                "Subnets": [
                    {"SubnetId": "subnet-1", "VpcId": "vpc-1", "CidrBlock": "10.0.0.0/24"}
                    | {"AvailabilityZone": "eu-west-1a"}
                ],
                "SecurityGroups": [{"GroupId": "sg-1", "VpcId": "vpc-1", "GroupName": "dns"}],
                "NetworkInterfaces": [
                    {"NetworkInterfaceId": "eni-1", "SubnetId": "subnet-1", "VpcId": "vpc-1"}
                    | {"PrivateIpAddress": "10.0.0.53", "Description": "Route 53 Resolver: rslvr-out-1a:rni-2b"}
                ],
                "ResolverEndpoints": [
                    {"Id": "rslvr-out-1a", "Direction": "OUTBOUND", "HostVPCId": "vpc-1", "Status": "OPERATIONAL"}
                    | {"SecurityGroupIds": ["sg-1"]}
                ],
                "ResolverRules": [
                    {"Id": "rslvr-rr-1", "DomainName": "corp.example.", "RuleType": "FORWARD"}
                    | {"ResolverEndpointId": "rslvr-out-1a", "TargetIps": [{"Ip": "192.168.0.53", "Port": 53}]},
                    {"Id": "rslvr-autodefined-rr-internet-resolver", "DomainName": ".", "RuleType": "RECURSIVE"},
                ],
                "ResolverRuleAssociations": [{"ResolverRuleId": "rslvr-rr-1", "VPCId": "vpc-1"}],
            }
        )
    )
    found: Any = import_aws(tmp_path, registry()).data["components"]
    assert found["rslvr-out-1a"]["subnets"] == ["subnet-1"]
    assert found["rslvr-out-1a"]["private_ips"] == ["10.0.0.53"]
    assert (found["rslvr-rr-1"]["domain"], found["rslvr-rr-1"]["vpcs"]) == ("corp.example", ["vpc-1"])
    assert "rslvr-autodefined-rr-internet-resolver" not in found
