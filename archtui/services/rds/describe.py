"""Reading databases from ``aws rds describe-db-instances``."""

from __future__ import annotations

from collections.abc import Iterator

from archtui.formats.describe import (
    Described,
    Describes,
    Inventory,
    Record,
    UnusableError,
    flag,
    given,
    items,
    listed,
    need,
    number,
    text,
)

ENGINES = ("mysql", "postgres", "mariadb", "oracle", "sqlserver", "db2")
DOWN = frozenset({"stopped", "creating", "failed", "deleting", "rebooting"})
"""The states in which a database does not answer; in all others (``backing-up``, ``modifying``) it does
(RDS User Guide, 'Viewing Amazon RDS DB instance status')."""


CLUSTERS = ("aurora", "mysql", "postgres")
"""The engines whose clusters are modelled; their members stand in the cluster."""


def is_member(record: Record) -> bool:
    """Whether a described instance is a member of a cluster that is modelled."""
    return bool(text(record.data, "DBClusterIdentifier")) and text(record.data, "Engine").startswith(CLUSTERS)


class DescribesDbInstance(Describes):
    """``rds describe-db-instances``; members of an Aurora cluster are another kind."""

    keys = ("DBInstances",)

    def claims(self, record: Record) -> bool:
        return record.key in self.keys and not is_member(record)

    def describe(self, record: Record, inventory: Inventory) -> Iterator[Described]:
        data = record.data
        engine = need(data, "Engine")
        family = next((name for name in ENGINES if engine == name or engine.startswith(f"{name}-")), "")
        if not family:
            raise UnusableError(f"the engine {engine!r} is not modelled")
        status = text(data, "DBInstanceStatus", "available")
        groups = [text(item, "VpcSecurityGroupId") for item in items(data, "VpcSecurityGroups")]
        source = text(data, "ReadReplicaSourceDBInstanceIdentifier").rsplit(":", 1)[-1]
        properties = given(
            engine=family,
            port=number(data, "Endpoint.Port") or number(data, "DbInstancePort"),
            instance_class=text(data, "DBInstanceClass"),
            az=text(data, "AvailabilityZone"),
            standby_az=text(data, "SecondaryAvailabilityZone"),
            multi_az=flag(data, "MultiAZ") or None,
            publicly_accessible=flag(data, "PubliclyAccessible") or None,
            replica_of=source,
            storage_encrypted=flag(data, "StorageEncrypted") or None,
            backup_retention=number(data, "BackupRetentionPeriod"),
            deletion_protection=flag(data, "DeletionProtection") or None,
            state=status if status in DOWN else None,
            region=record.region,
        )
        properties["subnets"] = listed(need(item, "SubnetIdentifier") for item in items(data, "DBSubnetGroup.Subnets"))
        properties["security_groups"] = listed(group for group in groups if group)
        yield Described(
            need(data, "DBInstanceIdentifier"),
            properties,
            local=True,
            outside=dict.fromkeys(groups, "security group") | {source: "database"},
        )
