"""Reading Gateway Load Balancers, their endpoints, Network Firewalls, flow logs and Block Public Access."""

from __future__ import annotations

import copy
from pathlib import Path

from archtui.model.component import Json
from archtui.network.engine import decide
from archtui.network.flow import Flow
from archtui.world.compiler import compile_world
from archtui.world.steps import Verdict
from tests.formats.aws.account import ACCOUNT, ELB, account, import_document

NF = f"arn:aws:network-firewall:eu-west-1:{ACCOUNT}"


def firewall_lists() -> dict[str, Json]:
    """What describe-firewall, describe-firewall-policy and describe-rule-group say, as lists."""
    return {
        "NetworkFirewalls": [
            {
                "Firewall": {
                    "FirewallName": "guard",
                    "FirewallArn": f"{NF}:firewall/guard",
                    "FirewallPolicyArn": f"{NF}:firewall-policy/policy",
                    "VpcId": "vpc-1",
                    "SubnetMappings": [{"SubnetId": "subnet-b"}],
                    "DeleteProtection": True,
                },
                "FirewallStatus": {
                    "Status": "READY",
                    "SyncStates": {"eu-west-1b": {"Attachment": {"SubnetId": "subnet-b", "EndpointId": "vpce-1"}}},
                },
            }
        ],
        "FirewallPolicies": [
            {
                "FirewallPolicyResponse": {"FirewallPolicyArn": f"{NF}:firewall-policy/policy"},
                "FirewallPolicy": {
                    "StatelessDefaultActions": ["aws:forward_to_sfe"],
                    "StatelessFragmentDefaultActions": ["aws:forward_to_sfe"],
                    "StatelessRuleGroupReferences": [
                        {"ResourceArn": f"{NF}:stateless-rulegroup/noise", "Priority": 1},
                    ],
                    "StatefulRuleGroupReferences": [
                        {"ResourceArn": f"{NF}:stateful-rulegroup/allowed", "Priority": 10},
                        {"ResourceArn": f"{NF}:stateful-rulegroup/names", "Priority": 20},
                    ],
                    "StatefulEngineOptions": {"RuleOrder": "STRICT_ORDER", "StreamExceptionPolicy": "REJECT"},
                    "StatefulDefaultActions": ["aws:drop_strict", "aws:alert_strict"],
                },
            }
        ],
        "RuleGroups": [
            {
                "RuleGroupResponse": {"RuleGroupName": "noise", "Type": "STATELESS", "Capacity": 10},
                "RuleGroup": {
                    "RulesSource": {
                        "StatelessRulesAndCustomActions": {
                            "StatelessRules": [
                                {
                                    "Priority": 5,
                                    "RuleDefinition": {
                                        "Actions": ["aws:drop"],
                                        "MatchAttributes": {
                                            "Sources": [{"AddressDefinition": "0.0.0.0/0"}],
                                            "DestinationPorts": [{"FromPort": 23, "ToPort": 23}],
                                            "Protocols": [6, 17],
                                        },
                                    },
                                }
                            ]
                        }
                    }
                },
            },
            {
                "RuleGroupResponse": {"RuleGroupName": "allowed", "Type": "STATEFUL"},
                "RuleGroup": {
                    "RulesSource": {
                        "StatefulRules": [
                            {
                                "Action": "PASS",
                                "Header": {
                                    "Protocol": "TCP",
                                    "Source": "10.0.0.0/16",
                                    "SourcePort": "ANY",
                                    "Direction": "FORWARD",
                                    "Destination": "ANY",
                                    "DestinationPort": "[443,8000:8010]",
                                },
                                "RuleOptions": [{"Keyword": "sid", "Settings": ["1"]}],
                            },
                            {
                                "Action": "DROP",
                                "Header": {
                                    "Protocol": "TLS",
                                    "Source": "$HOME_NET",
                                    "SourcePort": "ANY",
                                    "Direction": "ANY",
                                    "Destination": "ANY",
                                    "DestinationPort": "ANY",
                                },
                                "RuleOptions": [{"Keyword": "tls.sni"}],
                            },
                        ]
                    }
                },
            },
            {
                "RuleGroupResponse": {"RuleGroupName": "names", "Type": "STATEFUL"},
                "RuleGroup": {
                    "RulesSource": {
                        "RulesSourceList": {
                            "Targets": [".example.com"],
                            "TargetTypes": ["TLS_SNI"],
                            "GeneratedRulesType": "DENYLIST",
                        }
                    }
                },
            },
        ],
        "VpcEndpoints": [
            {
                "VpcEndpointId": "vpce-1",
                "VpcEndpointType": "GatewayLoadBalancer",
                "VpcId": "vpc-1",
                "ServiceName": "com.amazonaws.vpce.eu-west-1.vpce-svc-9",
                "SubnetIds": ["subnet-b"],
                "State": "available",
            }
        ],
    }


def test_a_firewall_is_read_with_its_policy_groups_and_endpoints(tmp_path: Path) -> None:
    result, blueprint = import_document(tmp_path, {**account(), **firewall_lists()})  # type: ignore[dict-item]
    assert not result.unsupported
    firewall = blueprint.components["guard"].raw
    assert firewall["rule_groups"] == ["noise", "allowed", "names"]
    assert (firewall["rule_order"], firewall["stateful_default"], firewall["stream_exception"]) == (
        "strict",
        "drop_strict",
        "reject",
    )
    assert blueprint.components["vpce-1"].raw["service"] == "guard"
    assert blueprint.components["noise"].raw["rules"] == [
        {"action": "drop", "protocol": protocol, "priority": 5, "port": ["23"]} for protocol in ("6", "17")
    ]
    passing, looking = blueprint.components["allowed"].raw["rules"]  # type: ignore[misc]
    assert passing == {"action": "pass", "protocol": "tcp", "from": ["10.0.0.0/16"], "port": ["443", "8000-8010"]}
    assert looking == {
        "action": "drop",
        "protocol": "tcp",
        "both_ways": True,
        "options": "tls; tls.sni; Source $HOME_NET",
    }
    assert blueprint.components["names"].raw["domain_action"] == "deny"


def test_an_imported_firewall_decides(tmp_path: Path) -> None:
    document = copy.deepcopy(account())
    table = document["RouteTables"][0]
    assert isinstance(table, dict)
    rows = table["Routes"]
    assert isinstance(rows, list)
    rows.append({"DestinationCidrBlock": "198.51.100.0/24", "VpcEndpointId": "vpce-1", "State": "active"})
    rows.append({"DestinationCidrBlock": "203.0.113.0/24", "GatewayId": "vpce-1", "State": "active"})
    _, blueprint = import_document(tmp_path, {**document, **firewall_lists()})  # type: ignore[dict-item]
    routes = blueprint.components["rtb-1"].raw["routes"]
    assert [row["via"] for row in routes if isinstance(row, dict)] == ["igw-1", "vpce-1", "vpce-1"]  # type: ignore[union-attr]
    world = compile_world(blueprint)
    server = next(name for name in world.components if name.startswith("i-"))
    telnet = decide(world, Flow(server, "203.0.113.9", "tcp", 23))
    assert telnet.verdict is Verdict.BLOCKED
    assert ("noise", "FIREWALL_RULES_RESTRICTION") in {(item.component, item.code) for item in telnet.blockers}


def test_a_gateway_load_balancer_is_found_behind_its_endpoint_service(tmp_path: Path) -> None:
    balancer = f"{ELB}:loadbalancer/gwy/boxes/0123456789abcdef"
    group = f"{ELB}:targetgroup/appliances/fedcba9876543210"
    extra: dict[str, Json] = {
        "LoadBalancers": [
            {
                "LoadBalancerArn": balancer,
                "LoadBalancerName": "boxes",
                "Type": "gateway",
                "State": {"Code": "active"},
                "VpcId": "vpc-1",
                "AvailabilityZones": [{"ZoneName": "eu-west-1b", "SubnetId": "subnet-b"}],
            }
        ],
        "LoadBalancerAttributes": [
            {
                "LoadBalancerArn": balancer,
                "Attributes": [{"Key": "load_balancing.cross_zone.enabled", "Value": "true"}],
            }
        ],
        "Listeners": [
            {
                "ListenerArn": "l",
                "LoadBalancerArn": balancer,
                "DefaultActions": [{"Type": "forward", "TargetGroupArn": group}],
            }
        ],
        "TargetGroups": [
            {
                "TargetGroupArn": group,
                "TargetGroupName": "appliances",
                "Protocol": "GENEVE",
                "Port": 6081,
                "VpcId": "vpc-1",
                "TargetType": "instance",
            }
        ],
        "ServiceConfigurations": [
            {"ServiceName": "com.amazonaws.vpce.eu-west-1.vpce-svc-9", "GatewayLoadBalancerArns": [balancer]}
        ],
        "VpcEndpoints": firewall_lists()["VpcEndpoints"],
    }
    _, blueprint = import_document(tmp_path, {**account(), **extra})  # type: ignore[dict-item]
    endpoint = blueprint.components["vpce-1"].raw
    fleet = blueprint.components[str(endpoint["service"])]
    assert fleet.kind.name == "gateway_load_balancer"
    assert fleet.raw["cross_zone"] is True
    assert [blueprint.components[str(name)].kind.name for name in fleet.raw["target_groups"]] == ["target_group"]  # type: ignore[union-attr]


def test_flow_logs_and_public_access_are_read(tmp_path: Path) -> None:
    extra: dict[str, Json] = {
        "FlowLogs": [
            {
                "FlowLogId": "fl-1",
                "ResourceId": "vpc-1",
                "TrafficType": "REJECT",
                "LogDestination": "arn:aws:s3:::logs",
                "MaxAggregationInterval": 60,
            },
            {"FlowLogId": "fl-2", "ResourceId": "tgw-1", "TrafficType": "ALL"},
        ],
        "VpcBlockPublicAccessOptions": {
            "AwsAccountId": ACCOUNT,
            "AwsRegion": "eu-west-1",
            "InternetGatewayBlockMode": "block-bidirectional",
        },
        "VpcBlockPublicAccessExclusions": [
            {
                "ExclusionId": "vpcbpa-exclude-1",
                "InternetGatewayExclusionMode": "allow-egress",
                "ResourceArn": f"arn:aws:ec2:eu-west-1:{ACCOUNT}:subnet/subnet-a",
                "State": "create-complete",
            },
            {
                "ExclusionId": "vpcbpa-exclude-2",
                "InternetGatewayExclusionMode": "allow-bidirectional",
                "ResourceArn": f"arn:aws:ec2:eu-west-1:{ACCOUNT}:vpc/vpc-1",
                "State": "delete-complete",
            },
        ],
    }
    result, blueprint = import_document(tmp_path, {**account(), **extra})  # type: ignore[dict-item]
    log = blueprint.components["fl-1"].raw
    assert (log["resource"], log["traffic"], log["interval"]) == ("vpc-1", "REJECT", 60)
    assert [item.why for item in result.unsupported] == ["flow logs of tgw-1 are not modelled"]
    setting = blueprint.components["block-public-access-eu-west-1"].raw
    assert setting["exclusions"] == [{"resource": "subnet-a", "allow": "allow-egress"}]
