"""Reading file systems, brokers, warehouses and search domains from ``aws ... describe-*``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from archtui.formats.describe import (
    Data,
    Described,
    Describes,
    Inventory,
    Record,
    UnusableError,
    flag,
    given,
    items,
    label,
    need,
    number,
    text,
    texts,
)
from archtui.model.component import Json
from archtui.services.described import group_ids, outside, placed


def _rows(inventory: Inventory, key: str, owner: str) -> dict[str, list[Data]]:
    found: dict[str, list[Data]] = {}
    for record in inventory.of(key):
        found.setdefault(text(record.data, owner), []).append(record.data)
    return found


def _groups_of_interfaces(inventory: Inventory) -> Mapping[str, tuple[str, ...]]:
    return {
        text(record.data, "NetworkInterfaceId"): tuple(group_ids(record.data, "Groups", "GroupId"))
        for record in inventory.of("NetworkInterfaces")
    }


class DescribesEfs(Describes):
    """``efs describe-file-systems`` with ``describe-mount-targets`` and ``describe-access-points``; the groups of a
    mount target are those of its interface (``ec2 describe-network-interfaces``)."""

    keys = ("FileSystems",)
    details = ("MountTargets", "AccessPoints")

    def claims(self, record: Record) -> bool:
        return record.key in self.keys and "FileSystemType" not in record.data

    def describe(self, record: Record, inventory: Inventory) -> Iterator[Described]:
        data = record.data
        name = need(data, "FileSystemId")
        targets = _rows(inventory, "MountTargets", "FileSystemId").get(name, [])
        known = inventory.part(_groups_of_interfaces)
        groups = list(dict.fromkeys(g for item in targets for g in known.get(text(item, "NetworkInterfaceId"), ())))
        points: list[Json] = [
            given(
                name=text(item, "Name") or need(item, "AccessPointId"),
                path=text(item, "RootDirectory.Path"),
                uid=number(item, "PosixUser.Uid"),
            )
            for item in _rows(inventory, "AccessPoints", "FileSystemId").get(name, [])
        ]
        properties = given(
            one_zone=bool(text(data, "AvailabilityZoneName")) or None,
            performance_mode=text(data, "PerformanceMode"),
            throughput_mode=text(data, "ThroughputMode"),
            encrypted=flag(data, "Encrypted"),
            access_points=points or None,
            region=record.region,
        )
        notes: list[str] = []
        if not targets:
            notes.append("its mount targets are not in the input; add 'aws efs describe-mount-targets'")
        elif not groups:
            notes.append("the groups of its mount targets are not in the input; the VPC's default one is assumed")
        where = placed([text(item, "SubnetId") for item in targets], groups)
        if not groups:
            del where["security_groups"]
        yield Described(
            name,
            properties | where | label(data),
            notes=tuple(notes),
            outside=outside(groups, "security group"),
        )


_FSX: Mapping[str, tuple[str, str]] = {
    "WINDOWS": ("windows", "WindowsConfiguration"),
    "LUSTRE": ("lustre", "LustreConfiguration"),
    "ONTAP": ("ontap", "OntapConfiguration"),
    "OPENZFS": ("openzfs", "OpenZFSConfiguration"),
}


class DescribesFsx(Describes):
    """``fsx describe-file-systems``."""

    keys = ("FileSystems",)

    def claims(self, record: Record) -> bool:
        return record.key in self.keys and "FileSystemType" in record.data

    def describe(self, record: Record, inventory: Inventory) -> Iterator[Described]:
        data = record.data
        type_, configuration = _FSX.get(need(data, "FileSystemType"), ("", ""))
        if not type_:
            raise UnusableError("its type is not modelled")
        deployment = text(data, f"{configuration}.DeploymentType")
        kept = "multi_az" if deployment.startswith("MULTI_AZ") else "single_az"
        known = inventory.part(_groups_of_interfaces)
        groups = list(dict.fromkeys(g for name in texts(data, "NetworkInterfaceIds") for g in known.get(name, ())))
        properties = given(
            type=type_,
            deployment="scratch" if deployment.startswith("SCRATCH") else kept,
            region=record.region,
        )
        where = placed(texts(data, "SubnetIds"), groups)
        if not groups:
            del where["security_groups"]
        yield Described(
            need(data, "FileSystemId"), properties | where | label(data), outside=outside(groups, "security group")
        )


class DescribesMq(Describes):
    """``mq describe-broker``: one document for each broker."""

    keys = ("Broker",)

    def describe(self, record: Record, inventory: Inventory) -> Iterator[Described]:
        data = record.data
        deployment = {"ACTIVE_STANDBY_MULTI_AZ": "active_standby", "CLUSTER_MULTI_AZ": "cluster"}
        groups = texts(data, "SecurityGroups")
        properties = given(
            engine=text(data, "EngineType").lower(),
            deployment=deployment.get(text(data, "DeploymentMode")),
            publicly_accessible=flag(data, "PubliclyAccessible") or None,
            region=record.region,
        )
        where = placed(texts(data, "SubnetIds"), groups)
        yield Described(
            need(data, "BrokerName"), properties | where, local=True, outside=outside(groups, "security group")
        )


class DescribesMsk(Describes):
    """``kafka describe-cluster`` and ``list-clusters``."""

    keys = ("ClusterInfo", "ClusterInfoList")

    def describe(self, record: Record, inventory: Inventory) -> Iterator[Described]:
        data = record.data
        nodes = data if "BrokerNodeGroupInfo" in data else data.get("Provisioned")
        if not isinstance(nodes, Mapping) or "BrokerNodeGroupInfo" not in nodes:
            raise UnusableError("a serverless cluster is not modelled")
        groups = texts(nodes, "BrokerNodeGroupInfo.SecurityGroups")
        properties = given(brokers=number(nodes, "NumberOfBrokerNodes"), region=record.region)
        where = placed(texts(nodes, "BrokerNodeGroupInfo.ClientSubnets"), groups)
        outer = outside(groups, "security group")
        yield Described(need(data, "ClusterName"), properties | where, local=True, outside=outer)


class DescribesRedshift(Describes):
    """``redshift describe-clusters`` with ``describe-cluster-subnet-groups``."""

    keys = ("Clusters",)
    details = ("ClusterSubnetGroups",)

    def claims(self, record: Record) -> bool:
        return record.key in self.keys and "ClusterIdentifier" in record.data

    def describe(self, record: Record, inventory: Inventory) -> Iterator[Described]:
        data = record.data
        groups = group_ids(data, "VpcSecurityGroups", "VpcSecurityGroupId")
        named = text(data, "ClusterSubnetGroupName")
        subnets: list[str] = []
        for group in inventory.of("ClusterSubnetGroups"):
            if text(group.data, "ClusterSubnetGroupName") == named:
                rows = items(group.data, "Subnets")
                zone = text(data, "AvailabilityZone")
                rows.sort(key=lambda row: text(row, "SubnetAvailabilityZone.Name") != zone)
                subnets = [text(row, "SubnetIdentifier") for row in rows]
        properties = given(
            port=number(data, "Endpoint.Port"),
            snapshot_retention=number(data, "AutomatedSnapshotRetentionPeriod"),
            copy_region=text(data, "ClusterSnapshotCopyStatus.DestinationRegion"),
            region=record.region,
        )
        notes = (
            () if subnets else ("its subnets are not in the input; add 'aws redshift describe-cluster-subnet-groups'",)
        )
        where = placed(subnets, groups)
        name, outer = need(data, "ClusterIdentifier"), outside(groups, "security group")
        yield Described(name, properties | where, local=True, notes=notes, outside=outer)


class DescribesOpenSearch(Describes):
    """``opensearch describe-domain`` and ``describe-domains``."""

    keys = ("DomainStatus", "DomainStatusList")

    def describe(self, record: Record, inventory: Inventory) -> Iterator[Described]:
        data = record.data
        subnets, groups = texts(data, "VPCOptions.SubnetIds"), texts(data, "VPCOptions.SecurityGroupIds")
        if not subnets:
            raise UnusableError("a domain outside a VPC is not modelled")
        masters = number(data, "ClusterConfig.DedicatedMasterCount")
        properties = given(
            data_nodes=number(data, "ClusterConfig.InstanceCount"),
            master_nodes=masters if flag(data, "ClusterConfig.DedicatedMasterEnabled") else None,
            region=record.region,
        )
        where = placed(subnets, groups)
        outer = outside(groups, "security group")
        yield Described(need(data, "DomainName"), properties | where, local=True, outside=outer)


__all__ = [
    "DescribesEfs",
    "DescribesFsx",
    "DescribesMq",
    "DescribesMsk",
    "DescribesOpenSearch",
    "DescribesRedshift",
]
