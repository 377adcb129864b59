"""Reading clusters, their endpoints and proxies from ``aws rds describe-*``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import PurePath

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
    need,
    number,
    text,
    texts,
    value,
)
from archtui.model.component import Json
from archtui.services.described import group_ids, last_part, outside, placed, subnets_of_groups
from archtui.services.rds.describe import is_member

ENGINES = ("aurora-mysql", "aurora-postgresql", "mysql", "postgres")


def members_of(inventory: Inventory) -> Mapping[str, tuple[Data, ...]]:
    """Return the described instances of each cluster."""
    return inventory.part(_members)


def _members(inventory: Inventory) -> Mapping[str, tuple[Data, ...]]:
    found: dict[str, list[Data]] = {}
    for record in inventory.of("DBInstances"):
        cluster = text(record.data, "DBClusterIdentifier")
        if cluster:
            found.setdefault(cluster, []).append(record.data)
    return {name: tuple(members) for name, members in found.items()}


def _primaries(inventory: Inventory) -> Mapping[str, str]:
    """Return the primary cluster of each secondary of a global database."""
    found: dict[str, str] = {}
    for record in inventory.of("GlobalClusters"):
        members = items(record.data, "GlobalClusterMembers")
        writer = next((text(item, "DBClusterArn") for item in members if flag(item, "IsWriter")), "")
        for item in members:
            arn = text(item, "DBClusterArn")
            if writer and arn and arn != writer:
                found[last_part(arn)] = last_part(writer)
    return found


class DescribesDbCluster(Describes):
    """``rds describe-db-clusters``, with ``describe-db-instances``, ``describe-db-subnet-groups`` and
    ``describe-global-clusters`` for what it does not say itself."""

    keys = ("DBClusters", "DBInstances")
    details = ("DBSubnetGroups", "GlobalClusters")

    def claims(self, record: Record) -> bool:
        return record.key == "DBClusters" or (record.key == "DBInstances" and is_member(record))

    def describe(self, record: Record, inventory: Inventory) -> Iterator[Described]:
        data = record.data
        if record.key == "DBInstances":  # it stands in its cluster
            known = {text(other.data, "DBClusterIdentifier") for other in inventory.of("DBClusters")}
            if text(data, "DBClusterIdentifier") not in known:
                raise UnusableError("its cluster is not in the input; add 'aws rds describe-db-clusters'")
            return
        engine = need(data, "Engine")
        if engine not in ENGINES:
            raise UnusableError(f"the engine {engine!r} is not modelled")
        name = need(data, "DBClusterIdentifier")
        groups = group_ids(data, "VpcSecurityGroups", "VpcSecurityGroupId")
        named = items(data, "DBClusterMembers")
        subnets = self._subnets(data, members_of(inventory).get(name, ()), inventory)
        primary = inventory.part(_primaries).get(name, "")
        scaling = value(data, "ServerlessV2ScalingConfiguration")
        properties = given(
            engine=engine,
            port=number(data, "Port"),
            instances=max(1, len(named)) if engine.startswith("aurora") else None,
            serverless=_range(scaling) if isinstance(scaling, dict) else None,
            replica_of=primary,
            backup_retention=number(data, "BackupRetentionPeriod"),
            storage_encrypted=flag(data, "StorageEncrypted") or None,
            deletion_protection=flag(data, "DeletionProtection") or None,
            region=record.region,
        )
        notes = () if subnets else ("its subnets are not in the input; add 'aws rds describe-db-subnet-groups'",)
        yield Described(
            name,
            properties | placed(subnets, groups),
            local=True,
            notes=notes,
            outside=outside(groups, "security group") | outside((primary,), "database cluster"),
        )

    @staticmethod
    def _subnets(data: Data, members: tuple[Data, ...], inventory: Inventory) -> tuple[str, ...]:
        """Return its subnets, that of the writer first."""
        writer = next(
            (
                text(item, "DBInstanceIdentifier")
                for item in items(data, "DBClusterMembers")
                if flag(item, "IsClusterWriter")
            ),
            "",
        )
        for member in members:
            zones = {
                text(item, "SubnetIdentifier"): text(item, "SubnetAvailabilityZone.Name")
                for item in items(member, "DBSubnetGroup.Subnets")
            }
            first = next((text(one, "AvailabilityZone") for one in members if _is(one, writer)), "")
            if zones:
                return tuple(sorted(zones, key=lambda subnet: (zones[subnet] != first, zones[subnet], subnet)))
        group = text(data, "DBSubnetGroup")
        return subnets_of_groups(inventory, "DBSubnetGroups", "DBSubnetGroupName").get(group, ())


def _is(member: Data, name: str) -> bool:
    return text(member, "DBInstanceIdentifier") == name


def _range(scaling: Mapping[str, Json]) -> Json:
    low, high = scaling.get("MinCapacity"), scaling.get("MaxCapacity")
    return {key: figure for key, figure in (("min", low), ("max", high)) if isinstance(figure, int | float)}


class DescribesDbClusterEndpoint(Describes):
    """``rds describe-db-cluster-endpoints``: the reader endpoints and the custom ones."""

    keys = ("DBClusterEndpoints",)

    def describe(self, record: Record, inventory: Inventory) -> Iterator[Described]:
        data = record.data
        cluster, kind = need(data, "DBClusterIdentifier"), text(data, "EndpointType").lower()
        if kind == "writer":
            return
        named = texts(data, "StaticMembers")
        order = [
            text(item, "DBInstanceIdentifier")
            for other in inventory.of("DBClusters")
            if text(other.data, "DBClusterIdentifier") == cluster
            for item in sorted(
                items(other.data, "DBClusterMembers"), key=lambda item: not flag(item, "IsClusterWriter")
            )
        ]
        properties: dict[str, Json] = {"cluster": cluster, "type": kind or "reader"}
        if kind == "custom":
            members: list[Json] = [order.index(name) + 1 for name in named if name in order]
            if not members:
                raise UnusableError("its members are not in the input; add 'aws rds describe-db-clusters'")
            properties["members"] = members
        name = text(data, "DBClusterEndpointIdentifier") or f"{cluster}-{kind}"
        yield Described(name, properties, local=True, outside={cluster: "database cluster"})


class DescribesDbProxy(Describes):
    """``rds describe-db-proxies``, with ``describe-db-proxy-targets`` for what stands behind it: in a file whose name
    holds the proxy's, for the output itself names none."""

    keys = ("DBProxies", "Targets")

    def claims(self, record: Record) -> bool:
        return record.key == "DBProxies" or (record.key == "Targets" and "RdsResourceId" in record.data)

    def describe(self, record: Record, inventory: Inventory) -> Iterator[Described]:
        data = record.data
        if record.key == "Targets":
            return
        name = need(data, "DBProxyName")
        target = _target_of(name, inventory)
        if not target:
            ask = f"add 'aws rds describe-db-proxy-targets --db-proxy-name {name}' as {name}-targets.json"
            raise UnusableError(f"what stands behind it is not in the input; {ask}")
        groups = texts(data, "VpcSecurityGroupIds")
        properties = given(target=target, engine_family=text(data, "EngineFamily"), region=record.region)
        yield Described(
            name,
            properties | placed(texts(data, "VpcSubnetIds"), groups),
            local=True,
            outside=outside(groups, "security group") | {target: "database"},
        )


def _target_of(proxy: str, inventory: Inventory) -> str:
    proxies = {text(record.data, "DBProxyName") for record in inventory.of("DBProxies")}
    targets = [record for record in inventory.of("Targets") if text(record.data, "RdsResourceId")]
    own = [record for record in targets if _in_name(proxy, record.file, proxies)] or (
        targets if len(proxies) == 1 else []
    )
    for record in own:
        cluster = text(record.data, "TrackedClusterId")
        if cluster or text(record.data, "Type") != "TRACKED_CLUSTER":
            return cluster or text(record.data, "RdsResourceId")
    return text(own[0].data, "RdsResourceId") if own else ""


def _in_name(name: str, file: str, others: set[str]) -> bool:
    """Whether a file is named after ``name``, not after a longer one of the others that holds it."""
    stem = PurePath(file).stem
    return name in stem and not any(name in other and other in stem for other in others if other != name)


__all__ = ["DescribesDbCluster", "DescribesDbClusterEndpoint", "DescribesDbProxy", "members_of"]
