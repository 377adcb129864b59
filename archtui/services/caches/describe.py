"""Reading caches from ``aws elasticache describe-*`` and ``aws memorydb describe-clusters``."""

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
    need,
    number,
    text,
    texts,
)
from archtui.model.component import Json
from archtui.services.described import group_ids, outside, placed, subnets_of_groups


class DescribesCache(Describes):
    """``elasticache describe-replication-groups`` and ``describe-cache-clusters``; the first say nothing of places, so
    these come from their member clusters and ``describe-cache-subnet-groups``."""

    keys = ("ReplicationGroups", "CacheClusters")
    details = ("CacheSubnetGroups",)

    def describe(self, record: Record, inventory: Inventory) -> Iterator[Described]:
        data = record.data
        if record.key == "CacheClusters":
            if text(data, "ReplicationGroupId"):
                return
            engine = need(data, "Engine")
            members: tuple[Data, ...] = (data,)
            own: dict[str, Json] = {"shards": number(data, "NumCacheNodes") if engine == "memcached" else None}
            name = need(data, "CacheClusterId")
        else:
            name = need(data, "ReplicationGroupId")
            members = inventory.part(_members).get(name, ())
            engine = text(data, "Engine") or next((text(item, "Engine") for item in members), "redis")
            own = _groups(data)
        if engine not in ("redis", "valkey", "memcached"):
            raise UnusableError(f"the engine {engine!r} is not modelled")
        properties = given(
            engine=engine,
            port=number(data, "ConfigurationEndpoint.Port") or _port(data),
            transit_encryption=flag(data, "TransitEncryptionEnabled") or None,
            at_rest_encryption=flag(data, "AtRestEncryptionEnabled") or None,
            snapshot_retention=number(data, "SnapshotRetentionLimit") or None,
            region=record.region,
            **own,
        )
        groups = list(
            dict.fromkeys(g for item in members for g in group_ids(item, "SecurityGroups", "SecurityGroupId"))
        )
        known = subnets_of_groups(inventory, "CacheSubnetGroups", "CacheSubnetGroupName")
        subnets = next((known.get(text(item, "CacheSubnetGroupName"), ()) for item in members), ())
        notes = (
            () if subnets else ("its subnets are not in the input; add 'aws elasticache describe-cache-subnet-groups'",)
        )
        where = placed(subnets, groups)
        yield Described(name, properties | where, local=True, notes=notes, outside=outside(groups, "security group"))


def _members(inventory: Inventory) -> Mapping[str, tuple[Data, ...]]:
    found: dict[str, list[Data]] = {}
    for record in inventory.of("CacheClusters"):
        found.setdefault(text(record.data, "ReplicationGroupId"), []).append(record.data)
    return {name: tuple(members) for name, members in found.items()}


def _groups(data: Data) -> dict[str, Json]:
    shards = items(data, "NodeGroups")
    nodes = max((len(items(shard, "NodeGroupMembers")) for shard in shards), default=1)
    return {
        "shards": len(shards) if len(shards) > 1 else None,
        "replicas": nodes - 1 if nodes > 1 else None,
        "automatic_failover": flag(data, "AutomaticFailover") or None,
        "multi_az": flag(data, "MultiAZ") or None,
    }


def _port(data: Data) -> int | None:
    shards = items(data, "NodeGroups")
    return next((number(shard, "PrimaryEndpoint.Port") for shard in shards), None)


class DescribesMemoryDb(Describes):
    """``memorydb describe-clusters --show-shard-details``, with ``describe-subnet-groups``."""

    keys = ("Clusters",)
    details = ("SubnetGroups",)

    def claims(self, record: Record) -> bool:
        return record.key in self.keys and "NumberOfShards" in record.data

    def describe(self, record: Record, inventory: Inventory) -> Iterator[Described]:
        data = record.data
        groups = group_ids(data, "SecurityGroups", "SecurityGroupId")
        nodes = max((number(shard, "NumberOfNodes") or 1 for shard in items(data, "Shards")), default=0)
        subnets: tuple[str, ...] = ()
        for other in inventory.of("SubnetGroups"):
            if text(other.data, "Name") == text(data, "SubnetGroupName"):
                listed = [text(item, "Identifier") for item in items(other.data, "Subnets")]
                subnets = tuple(name for name in listed or texts(other.data, "Subnets") if name)
        properties = given(
            shards=number(data, "NumberOfShards"),
            replicas=nodes - 1 if nodes else None,
            port=number(data, "ClusterEndpoint.Port"),
            region=record.region,
        )
        notes = () if subnets else ("its subnets are not in the input; add 'aws memorydb describe-subnet-groups'",)
        where = placed(subnets, groups)
        outer = outside(groups, "security group")
        yield Described(need(data, "Name"), properties | where, local=True, notes=notes, outside=outer)


__all__ = ["DescribesCache", "DescribesMemoryDb"]
