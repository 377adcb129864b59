"""What ``aws eks describe-*`` becomes."""

from __future__ import annotations

import json
from pathlib import Path

from archtui.model.component import Json
from archtui.world.compiler import compile_world
from tests.formats.aws.account import account, import_document, imported

CLUSTER: dict[str, Json] = {
    "name": "shop",
    "arn": "arn:aws:eks:eu-west-1:111122223333:cluster/shop",
    "version": "1.33",
    "status": "ACTIVE",
    "resourcesVpcConfig": {
        "subnetIds": ["subnet-a", "subnet-b"],
        "securityGroupIds": [],
        "clusterSecurityGroupId": "sg-1",
        "vpcId": "vpc-1",
        "endpointPublicAccess": True,
        "endpointPrivateAccess": True,
        "publicAccessCidrs": ["203.0.113.0/24"],
    },
    "kubernetesNetworkConfig": {"serviceIpv4Cidr": "10.100.0.0/16", "ipFamily": "ipv4"},
}
NODES: dict[str, Json] = {
    "nodegroupName": "workers",
    "clusterName": "shop",
    "status": "ACTIVE",
    "capacityType": "SPOT",
    "scalingConfig": {"minSize": 1, "maxSize": 4, "desiredSize": 2},
    "instanceTypes": ["m5.large"],
    "subnets": ["subnet-a", "subnet-b"],
    "amiType": "AL2023_x86_64_STANDARD",
    "resources": {"autoScalingGroups": [{"name": "eks-workers-1"}]},
}
PROFILE: dict[str, Json] = {
    "fargateProfileName": "serverless",
    "clusterName": "shop",
    "subnets": ["subnet-a"],
    "selectors": [{"namespace": "back", "labels": {"tier": "batch"}}, {"namespace": "front"}],
    "status": "ACTIVE",
}


def test_a_cluster_with_its_nodes_is_all_there(tmp_path: Path) -> None:
    found = {"cluster": [CLUSTER], "nodegroup": [NODES], "fargateProfile": [PROFILE]}
    result, blueprint = import_document(tmp_path, {**account(), **found})
    assert [(item.id, item.why) for item in result.unsupported] == [
        ("serverless", "it takes pods by their labels too, which is not modelled")
    ]
    assert dict(blueprint.components["shop"].raw) == {
        "version": "1.33",
        "security_group": "sg-1",
        "security_groups": [],
        "subnets": ["subnet-a", "subnet-b"],
        "endpoint_public": True,
        "endpoint_private": True,
        "public_access_cidrs": ["203.0.113.0/24"],
        "service_cidr": "10.100.0.0/16",
    }
    assert dict(blueprint.components["workers"].raw) == {
        "cluster": "shop",
        "min": 1,
        "max": 4,
        "desired": 2,
        "instance_type": "m5.large",
        "capacity_type": "SPOT",
        "subnets": ["subnet-a", "subnet-b"],
    }
    assert blueprint.components["serverless"].raw["namespaces"] == ["back", "front"]
    world = compile_world(blueprint)
    assert [c.raw["purchasing"] for c in world.of_kind("ec2_instance") if c.implicit] == ["spot", "spot"]


def test_a_describe_of_one_cluster_is_read_as_the_command_prints_it(tmp_path: Path) -> None:
    for key, records in account().items():
        (tmp_path / f"{key}.json").write_text(json.dumps({key: records}), encoding="utf-8")
    (tmp_path / "cluster.json").write_text(json.dumps({"cluster": CLUSTER}), encoding="utf-8")
    (tmp_path / "nodes.json").write_text(json.dumps({"nodegroup": NODES}), encoding="utf-8")
    _, blueprint = imported(tmp_path)
    assert {"shop", "workers"} <= set(blueprint.components)


def test_a_cluster_that_is_being_deleted_is_left_out(tmp_path: Path) -> None:
    _, blueprint = import_document(tmp_path, {**account(), "cluster": [{**CLUSTER, "status": "DELETING"}]})
    assert "shop" not in blueprint.components


def test_the_auto_scaling_group_behind_a_node_group_is_taken_where_it_is_described(tmp_path: Path) -> None:
    group: dict[str, Json] = {
        "AutoScalingGroupName": "eks-workers-1",
        "MinSize": 1,
        "MaxSize": 4,
        "DesiredCapacity": 1,
        "VPCZoneIdentifier": "subnet-a,subnet-b",
        "Instances": [{"InstanceId": "i-1"}],
    }
    lists: dict[str, list[Json]] = {"cluster": [CLUSTER], "nodegroup": [NODES], "AutoScalingGroups": [group]}
    _, blueprint = import_document(tmp_path, {**account(), **lists})
    assert blueprint.components["workers"].raw["auto_scaling_group"] == "eks-workers-1"
    assert [c.id for c in compile_world(blueprint).of_kind("ec2_instance")] == ["i-1"]
