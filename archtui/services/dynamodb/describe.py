"""Reading tables from ``aws dynamodb describe-table``."""

from __future__ import annotations

from collections.abc import Iterator

from archtui.formats.describe import (
    Data,
    Described,
    Describes,
    Inventory,
    Record,
    flag,
    given,
    items,
    need,
    number,
    text,
)
from archtui.model.component import Json


class DescribesTable(Describes):
    """``dynamodb describe-table``: one document for each table."""

    keys = ("Table",)

    def claims(self, record: Record) -> bool:
        return record.key in self.keys and "TableName" in record.data

    def describe(self, record: Record, inventory: Inventory) -> Iterator[Described]:
        data = record.data
        provisioned = text(data, "BillingModeSummary.BillingMode", "PROVISIONED") == "PROVISIONED"
        others = [text(item, "RegionName") for item in items(data, "Replicas")]
        replicas: list[Json] = [name for name in others if name and name != record.region]
        properties = given(
            partition_key=_key(data, "HASH"),
            sort_key=_key(data, "RANGE"),
            billing_mode="provisioned" if provisioned else None,
            read_capacity=_units(data, "ReadCapacityUnits") if provisioned else None,
            write_capacity=_units(data, "WriteCapacityUnits") if provisioned else None,
            stream=text(data, "StreamSpecification.StreamViewType")
            if flag(data, "StreamSpecification.StreamEnabled")
            else None,
            replicas=replicas or None,
            multi_region_consistency="strong" if text(data, "MultiRegionConsistency") == "STRONG" else None,
            deletion_protection=flag(data, "DeletionProtectionEnabled") or None,
            region=record.region,
        )
        indexes: list[Json] = [
            *(_index(item, "local", False) for item in items(data, "LocalSecondaryIndexes")),
            *(_index(item, "global", provisioned) for item in items(data, "GlobalSecondaryIndexes")),
        ]
        if indexes:
            properties["indexes"] = indexes
        notes = ("whether point-in-time recovery is on is not in this output; it is taken to be off",)
        yield Described(need(data, "TableName"), properties, local=True, notes=notes)


def _key(data: Data, type_: str) -> str:
    schema = items(data, "KeySchema")
    return next((text(item, "AttributeName") for item in schema if text(item, "KeyType") == type_), "")


def _units(data: Data, name: str) -> int | None:
    return number(data, f"ProvisionedThroughput.{name}") or None


def _index(data: Data, type_: str, provisioned: bool) -> Json:
    return given(
        name=need(data, "IndexName"),
        type=type_,
        partition_key=_key(data, "HASH") if type_ == "global" else "",
        sort_key=_key(data, "RANGE"),
        write_capacity=_units(data, "WriteCapacityUnits") if provisioned else None,
    )


__all__ = ["DescribesTable"]
