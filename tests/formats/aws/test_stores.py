"""Import of stores and queues: clusters, caches, tables, buckets, queues, topics, streams, brokers, files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from archtui.model.component import Json
from tests.formats.aws.account import ACCOUNT, account, imported

HERE = "eu-west-1"
GROUPS: list[Json] = [{"VpcSecurityGroupId": "sg-1", "SecurityGroupId": "sg-1", "Status": "active"}]
SUBNETS: list[Json] = [
    {"SubnetIdentifier": f"subnet-{zone}", "SubnetAvailabilityZone": {"Name": f"{HERE}{zone}"}} for zone in "ab"
]


def arn(service: str, name: str, region: str = HERE) -> str:
    return f"arn:aws:{service}:{region}:{ACCOUNT}:{name}"


def read(folder: Path, **files: Json) -> tuple[dict[str, Any], list[str]]:
    """Return the components that the small account with ``files`` becomes, and what could not be used."""
    place = folder / "accounts" / ACCOUNT / HERE
    place.mkdir(parents=True)
    (place / "account.json").write_text(json.dumps(account()))
    for name, document in files.items():
        (place / f"{name}.json").write_text(json.dumps(document))
    result, _ = imported(folder)
    components = result.data["components"]
    assert isinstance(components, dict)
    return components, [f"{item.type} {item.id}: {item.why}" for item in result.unsupported]


CLUSTER: Json = {
    "DBClusters": [
        {
            "DBClusterIdentifier": "orders",
            "Engine": "aurora-mysql",
            "Port": 3306,
            "DBSubnetGroup": "data",
            "VpcSecurityGroups": GROUPS,
            "DBClusterMembers": [
                {"DBInstanceIdentifier": "orders-1", "IsClusterWriter": False},
                {"DBInstanceIdentifier": "orders-2", "IsClusterWriter": True},
            ],
            "BackupRetentionPeriod": 7,
            "StorageEncrypted": True,
            "ServerlessV2ScalingConfiguration": {"MinCapacity": 0.5, "MaxCapacity": 8.0},
        }
    ]
}
MEMBERS: Json = {
    "DBInstances": [
        {
            "DBInstanceIdentifier": f"orders-{number}",
            "DBClusterIdentifier": "orders",
            "Engine": "aurora-mysql",
            "AvailabilityZone": f"{HERE}{zone}",
            "DBSubnetGroup": {"Subnets": SUBNETS},
        }
        for number, zone in ((1, "a"), (2, "b"))
    ]
}


def test_a_cluster_with_its_endpoints_and_a_proxy(tmp_path: Path) -> None:
    proxy: Json = {
        "DBProxies": [
            {
                "DBProxyName": "pool",
                "EngineFamily": "MYSQL",
                "VpcSubnetIds": ["subnet-a", "subnet-b"],
                "VpcSecurityGroupIds": ["sg-1"],
            }
        ]
    }
    targets: Json = {
        "Targets": [
            {"RdsResourceId": "orders", "Type": "TRACKED_CLUSTER"},
            {"RdsResourceId": "orders-2", "Type": "RDS_INSTANCE", "TrackedClusterId": "orders"},
        ]
    }
    endpoints: Json = {
        "DBClusterEndpoints": [
            {"DBClusterIdentifier": "orders", "EndpointType": "WRITER"},
            {"DBClusterIdentifier": "orders", "EndpointType": "READER"},
            {
                "DBClusterEndpointIdentifier": "reports",
                "DBClusterIdentifier": "orders",
                "EndpointType": "CUSTOM",
                "StaticMembers": ["orders-1"],
            },
        ]
    }
    found, unused = read(tmp_path, cluster=CLUSTER, members=MEMBERS, pool=proxy, targets=targets, ends=endpoints)
    assert found["orders"] == {
        "kind": "db_cluster",
        "engine": "aurora-mysql",
        "port": 3306,
        "instances": 2,
        "serverless": {"min": 0.5, "max": 8.0},
        "backup_retention": 7,
        "storage_encrypted": True,
        "region": HERE,
        "subnets": ["subnet-b", "subnet-a"],
        "security_groups": ["sg-1"],
    }
    assert found["orders-reader"] == {"kind": "db_cluster_endpoint", "cluster": "orders", "type": "reader"}
    assert found["reports"]["members"] == [2]
    assert found["pool"]["target"] == "orders"
    assert not {"orders-1", "orders-2"} & set(found)
    assert not [line for line in unused if "orders" in line or "pool" in line]


def test_members_without_their_cluster_are_said(tmp_path: Path) -> None:
    found, unused = read(tmp_path, members=MEMBERS)
    assert "orders" not in found
    assert [line for line in unused if "orders-1: its cluster is not in the input" in line]


def test_the_secondary_of_a_global_database_follows_its_primary(tmp_path: Path) -> None:
    document = json.loads(json.dumps(CLUSTER))
    document["DBClusters"].append({**document["DBClusters"][0], "DBClusterIdentifier": "copy"})
    members = [
        {"DBClusterArn": arn("rds", "cluster:orders"), "IsWriter": True},
        {"DBClusterArn": arn("rds", "cluster:copy"), "IsWriter": False},
    ]
    world: Json = {"GlobalClusters": [{"GlobalClusterIdentifier": "world", "GlobalClusterMembers": members}]}  # type: ignore[dict-item]
    found, _ = read(tmp_path, clusters=document, world=world)
    assert found["copy"]["replica_of"] == "orders"
    assert "replica_of" not in found["orders"]


def test_a_replication_group_stands_where_its_members_do(tmp_path: Path) -> None:
    group: Json = {
        "ReplicationGroups": [
            {
                "ReplicationGroupId": "sessions",
                "AutomaticFailover": "enabled",
                "MultiAZ": "enabled",
                "NodeGroups": [{"NodeGroupMembers": [{}, {}], "PrimaryEndpoint": {"Port": 6380}}],
                "TransitEncryptionEnabled": True,
                "SnapshotRetentionLimit": 3,
            }
        ]
    }
    member = {
        "CacheClusterId": "sessions-001",
        "ReplicationGroupId": "sessions",
        "Engine": "valkey",
        "CacheSubnetGroupName": "data",
        "SecurityGroups": GROUPS,
    }
    lone = {"CacheClusterId": "pages", "Engine": "memcached", "NumCacheNodes": 2, "CacheSubnetGroupName": "data"}
    members: Json = {"CacheClusters": [member, lone]}
    places: Json = {"CacheSubnetGroups": [{"CacheSubnetGroupName": "data", "Subnets": SUBNETS}]}
    found, _ = read(tmp_path, group=group, members=members, places=places)
    assert found["sessions"] == {
        "kind": "elasticache_cluster",
        "engine": "valkey",
        "port": 6380,
        "transit_encryption": True,
        "snapshot_retention": 3,
        "region": HERE,
        "replicas": 1,
        "automatic_failover": True,
        "multi_az": True,
        "subnets": ["subnet-a", "subnet-b"],
        "security_groups": ["sg-1"],
    }
    assert (found["pages"]["engine"], found["pages"]["shards"]) == ("memcached", 2)
    assert "sessions-001" not in found


def test_a_table(tmp_path: Path) -> None:
    table: Json = {
        "Table": {
            "TableName": "orders",
            "TableArn": arn("dynamodb", "table/orders"),
            "KeySchema": [
                {"AttributeName": "customer", "KeyType": "HASH"},
                {"AttributeName": "day", "KeyType": "RANGE"},
            ],
            "ProvisionedThroughput": {"ReadCapacityUnits": 7, "WriteCapacityUnits": 9},
            "StreamSpecification": {"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"},
            "GlobalSecondaryIndexes": [
                {
                    "IndexName": "by-day",
                    "KeySchema": [{"AttributeName": "day", "KeyType": "HASH"}],
                    "ProvisionedThroughput": {"WriteCapacityUnits": 3},
                }
            ],
            "Replicas": [{"RegionName": "us-east-1"}],
        }
    }
    assert read(tmp_path, table=table)[0]["orders"] == {
        "kind": "dynamodb_table",
        "partition_key": "customer",
        "sort_key": "day",
        "billing_mode": "provisioned",
        "read_capacity": 7,
        "write_capacity": 9,
        "stream": "NEW_IMAGE",
        "replicas": ["us-east-1"],
        "region": HERE,
        "indexes": [{"name": "by-day", "type": "global", "partition_key": "day", "write_capacity": 3}],
    }


def queue(name: str, **more: Json) -> Json:
    return {
        "Attributes": {"QueueArn": arn("sqs", name), "VisibilityTimeout": "60", "MaximumMessageSize": "262144", **more}
    }


def test_a_queue_and_its_dead_letter_queue(tmp_path: Path) -> None:
    redrive = json.dumps({"deadLetterTargetArn": arn("sqs", "dead.fifo"), "maxReceiveCount": 4})
    jobs = queue("jobs.fifo", FifoQueue="true", RedrivePolicy=redrive, DelaySeconds="5")
    found, _ = read(tmp_path, jobs=jobs, dead=queue("dead.fifo", FifoQueue="true", MessageRetentionPeriod="1209600"))
    assert found["jobs.fifo"] == {
        "kind": "sqs_queue",
        "fifo": True,
        "name": "jobs.fifo",
        "visibility_timeout": 60,
        "delay": 5,
        "max_message_size": 256,
        "account": ACCOUNT,
        "region": HERE,
        "dead_letter": {"queue": "dead.fifo", "max_receive_count": 4},
    }
    assert found["dead.fifo"]["retention"] == 1209600


def test_a_topic_with_its_subscriptions(tmp_path: Path) -> None:
    news = arn("sns", "news")
    rows: Json = {
        "Subscriptions": [
            {"TopicArn": news, "Protocol": "sqs", "Endpoint": arn("sqs", "jobs"), "SubscriptionArn": f"{news}:1"},
            {"TopicArn": news, "Protocol": "email", "Endpoint": "me@example.com", "SubscriptionArn": f"{news}:2"},
        ]
    }
    detail: Json = {
        "Attributes": {
            "SubscriptionArn": f"{news}:1",
            "TopicArn": news,
            "Protocol": "sqs",
            "RawMessageDelivery": "true",
            "FilterPolicy": '{"state": ["paid"]}',
            "FilterPolicyScope": "MessageBody",
        }
    }
    topic: Json = {"Attributes": {"TopicArn": news, "Owner": ACCOUNT}}
    found, unused = read(
        tmp_path, topics={"Topics": [{"TopicArn": news}]}, topic=topic, rows=rows, detail=detail, jobs=queue("jobs")
    )
    assert found["news"]["subscriptions"] == [
        {"to": "jobs", "protocol": "sqs", "raw": True, "filter_scope": "MessageBody", "filter": {"state": ["paid"]}},
        {"to": "me@example.com", "protocol": "email"},
    ]
    assert not [line for line in unused if "news" in line]


def test_what_is_said_of_a_bucket_is_told_by_the_files_name(tmp_path: Path) -> None:
    block = dict.fromkeys(("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy"), True)
    found, _ = read(
        tmp_path,
        buckets={"Buckets": [{"Name": "files"}, {"Name": "files-copy"}, {"Name": "plain"}]},
        **{
            "files-versioning": {"Status": "Enabled"},
            "files-copy-versioning": {"Status": "Enabled"},
            "files-block": {"PublicAccessBlockConfiguration": {**block, "RestrictPublicBuckets": False}},
            "files-policy": {"Policy": '{"Statement": []}'},
            "files-copy-location": {"LocationConstraint": "eu-central-1"},
            "files-replication": {
                "ReplicationConfiguration": {
                    "Rules": [
                        {
                            "Status": "Enabled",
                            "Filter": {"Prefix": "a/"},
                            "Destination": {
                                "Bucket": "arn:aws:s3:::files-copy",
                                "ReplicationTime": {"Status": "Enabled"},
                            },
                        }
                    ]
                }
            },
            "files-notification": {
                "QueueConfigurations": [
                    {
                        "QueueArn": arn("sqs", "jobs"),
                        "Events": ["s3:ObjectCreated:*"],
                        "Filter": {"Key": {"FilterRules": [{"Name": "Suffix", "Value": ".jpg"}]}},
                    }
                ]
            },
            "queue": queue("jobs"),
        },
    )
    assert found["files"] == {
        "kind": "s3_bucket",
        "versioning": True,
        "policy": '{"Statement": []}',
        "region": HERE,
        "block_public_access": False,
        "replication": [{"to": "files-copy", "prefix": "a/", "time_control": True}],
        "notifications": [{"to": "jobs", "events": ["s3:ObjectCreated:*"], "suffix": ".jpg"}],
    }
    assert (found["files-copy"]["region"], found["files-copy"]["versioning"]) == ("eu-central-1", True)
    assert found["plain"] == {"kind": "s3_bucket", "region": HERE}


def test_files_and_their_mount_targets(tmp_path: Path) -> None:
    systems: Json = {"FileSystems": [{"FileSystemId": "fs-1", "Encrypted": True, "PerformanceMode": "generalPurpose"}]}
    targets: Json = {"MountTargets": [{"FileSystemId": "fs-1", "SubnetId": f"subnet-{zone}"} for zone in "ab"]}
    points: Json = {
        "AccessPoints": [
            {
                "FileSystemId": "fs-1",
                "AccessPointId": "fsap-1",
                "RootDirectory": {"Path": "/data"},
                "PosixUser": {"Uid": 7},
            }
        ]
    }
    windows: Json = {
        "FileSystems": [
            {
                "FileSystemId": "fs-2",
                "FileSystemType": "WINDOWS",
                "SubnetIds": ["subnet-a", "subnet-b"],
                "WindowsConfiguration": {"DeploymentType": "MULTI_AZ_1"},
            }
        ]
    }
    found, _ = read(tmp_path, efs=systems, targets=targets, points=points, fsx=windows)
    assert found["fs-1"]["subnets"] == ["subnet-a", "subnet-b"]
    assert found["fs-1"]["access_points"] == [{"name": "fsap-1", "path": "/data", "uid": 7}]
    assert (found["fs-2"]["type"], found["fs-2"]["deployment"]) == ("windows", "multi_az")


@pytest.mark.parametrize(
    ("document", "name", "expected"),
    [
        (
            {
                "StreamDescriptionSummary": {
                    "StreamName": "clicks",
                    "StreamModeDetails": {"StreamMode": "PROVISIONED"},
                    "OpenShardCount": 4,
                    "RetentionPeriodHours": 48,
                }
            },
            "clicks",
            {"kind": "kinesis_stream", "mode": "provisioned", "shards": 4, "retention": 172800},
        ),
        (
            {
                "BrokerId": "b-1",
                "BrokerName": "bus",
                "EngineType": "RABBITMQ",
                "DeploymentMode": "CLUSTER_MULTI_AZ",
                "SubnetIds": ["subnet-a", "subnet-b"],
                "SecurityGroups": ["sg-1"],
            },
            "bus",
            {"kind": "mq_broker", "engine": "rabbitmq", "deployment": "cluster", "security_groups": ["sg-1"]},
        ),
        (
            {
                "ClusterInfo": {
                    "ClusterName": "log",
                    "NumberOfBrokerNodes": 4,
                    "BrokerNodeGroupInfo": {"ClientSubnets": ["subnet-a", "subnet-b"], "SecurityGroups": ["sg-1"]},
                }
            },
            "log",
            {"kind": "msk_cluster", "brokers": 4, "subnets": ["subnet-a", "subnet-b"]},
        ),
        (
            {
                "DomainStatus": {
                    "DomainName": "find",
                    "ClusterConfig": {"InstanceCount": 3, "DedicatedMasterEnabled": True, "DedicatedMasterCount": 3},
                    "VPCOptions": {"SubnetIds": ["subnet-a"], "SecurityGroupIds": ["sg-1"]},
                }
            },
            "find",
            {"kind": "opensearch_domain", "data_nodes": 3, "master_nodes": 3, "subnets": ["subnet-a"]},
        ),
    ],
    ids=["kinesis", "mq", "msk", "opensearch"],
)
def test_one_document_for_each(document: Json, name: str, expected: dict[str, Json], tmp_path: Path) -> None:
    found, _ = read(tmp_path, one=document)
    assert {key: found[name][key] for key in expected} == expected


def test_a_warehouse_and_the_stream_into_it(tmp_path: Path) -> None:
    clusters: Json = {
        "Clusters": [
            {
                "ClusterIdentifier": "dw",
                "ClusterSubnetGroupName": "data",
                "AvailabilityZone": f"{HERE}b",
                "VpcSecurityGroups": GROUPS,
                "AutomatedSnapshotRetentionPeriod": 0,
            }
        ]
    }
    places: Json = {"ClusterSubnetGroups": [{"ClusterSubnetGroupName": "data", "Subnets": SUBNETS}]}
    stream: Json = {
        "DeliveryStreamDescription": {
            "DeliveryStreamName": "to-dw",
            "Destinations": [
                {
                    "RedshiftDestinationDescription": {
                        "ClusterJDBCURL": "jdbc:redshift://dw.abc.eu-west-1.redshift.amazonaws.com:5439/main",
                        "S3DestinationDescription": {"BucketARN": "arn:aws:s3:::lake"},
                    }
                }
            ],
        }
    }
    found, _ = read(tmp_path, dw=clusters, places=places, fire=stream, lake={"Buckets": [{"Name": "lake"}]})
    assert (found["dw"]["subnets"], found["dw"]["snapshot_retention"]) == (["subnet-b", "subnet-a"], 0)
    assert (found["to-dw"]["destination"], found["to-dw"]["staging"]) == ("dw", "lake")
